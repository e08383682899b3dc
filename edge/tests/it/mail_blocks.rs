//! Owners decide who writes to them.

use crate::support::{
    address, claim, inbox, proved, ready, refusal, roomy, sending, start_mail, start_redis, texts,
};
use edge::{MailBlock, MailError};
use protocol::{Federated, MailBlocks, MessageId, MessageText};

fn from_moon(number: u128, verified: bool) -> Federated {
    Federated {
        id: MessageId::of(number),
        to: address("fra-finch"),
        from: address("moon-ann"),
        message: MessageText::parse("from afar").unwrap(),
        sent_ms: 5,
        verified,
    }
}

#[tokio::test]
async fn whoever_is_blocked_is_refused_until_they_are_accepted_again() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "fra-finch").await;
    let wren = claim(&one, "ord-wren").await;
    let verified = async || {
        let letter = proved("1-wren", "fra-finch", "hi", &wren);
        mail.send(letter).await
    };
    let unverified = async || mail.send(sending("syd-x", "fra-finch", "hi")).await;
    let whom = [
        MailBlock::Sender(address("1-wren")),
        MailBlock::Unverified,
        MailBlock::Cluster("starlings".into()),
    ];

    for whom in &whom {
        let blocking = mail.block(address("2-finch"), &finch, whom.clone());
        blocking.await.unwrap();
    }

    let expected = MailBlocks {
        senders: vec![address("ord-wren")],
        clusters: vec!["starlings".into()],
        unverified: true,
    };
    let blocks = async || mail.blocks(address("2-finch"), &finch).await.unwrap();
    assert_eq!(blocks().await, expected);
    assert!(matches!(refusal(verified().await), MailError::Blocked));
    assert!(matches!(
        refusal(unverified().await),
        MailError::UnverifiedBlocked
    ));
    let afar = mail.receive(from_moon(1, true)).await;
    assert!(matches!(refusal(afar), MailError::Blocked));
    assert_eq!(inbox(&one, "2-finch", &finch, 9).await, []);
    let copies = mail.letters(address("1-wren"), Some(&wren), None, 9).await;
    assert_eq!(copies.unwrap(), [], "no copy of what was refused");
    for whom in whom {
        mail.unblock(address("2-finch"), &finch, whom)
            .await
            .unwrap();
    }
    assert_eq!(blocks().await, MailBlocks::default());
    verified().await.unwrap();
    unverified().await.unwrap();
    mail.receive(from_moon(1, false)).await.unwrap();
    let came = inbox(&one, "2-finch", &finch, 9).await;
    assert_eq!(texts(&came), ["hi", "hi", "from afar"]);
    one.shutdown().await;
}

#[tokio::test]
async fn only_the_owner_blocks_and_not_too_many() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "fra-finch").await;
    let wren = claim(&one, "ord-wren").await;
    let block = async |proof, whom| mail.block(address("2-finch"), proof, whom).await;
    let sender = |text: &str| MailBlock::Sender(address(text));

    let not_theirs = block(&wren, MailBlock::Unverified).await;
    let not_read = mail.blocks(address("2-finch"), &wren).await;
    let servers = block(&finch, sender("ord-postmaster")).await;
    let nobody = block(&finch, MailBlock::Cluster("nobody".into())).await;
    for number in 0..500 {
        let one = sender(&format!("ord-p{number}"));
        block(&finch, one).await.unwrap();
    }
    let more = block(&finch, sender("ord-more")).await;

    assert!(matches!(refusal(not_theirs), MailError::NotOwner));
    assert!(matches!(refusal(not_read), MailError::NotOwner));
    assert!(matches!(refusal(servers), MailError::Reserved));
    assert!(matches!(refusal(nobody), MailError::UnknownCluster));
    assert!(matches!(refusal(more), MailError::TooManyBlocks));
    block(&finch, sender("ord-p7")).await.unwrap();
    one.shutdown().await;
}
