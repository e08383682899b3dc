//! Mail, and what Redis holds of it.

use super::{PREFIX, Truth, config, metrics, patient};
use edge::peer::Peers;
use edge::region::{DEFAULT_REGIONS, Regions};
use edge::{Config, Credentials, Endpoint, Engine, Limits, MailError, MailLimits, NewLetter};
use protocol::{Cursor, Letter, MailAddress, Message, MessageText};
use std::time::Duration;

/// Another cluster, which has the place `moon`.
const PEERS: &str = r#"
[[peer]]
name = "starlings"
url = "https://starlings.example"
public_key = "k4.public.x"
places = ["moon"]
"#;

/// An address.
pub fn address(text: &str) -> MailAddress {
    MailAddress::parse(text).unwrap()
}

/// A message without proof or key.
pub fn sending(from: &str, to: &str, text: &str) -> NewLetter {
    NewLetter {
        to: address(to),
        from: address(from),
        text: MessageText::parse(text).unwrap(),
        proof: Credentials::default(),
        network: None,
        idempotency_key: None,
    }
}

/// A message with that proof.
pub fn proved(from: &str, to: &str, text: &str, proof: &Credentials) -> NewLetter {
    NewLetter {
        proof: proof.clone(),
        ..sending(from, to, text)
    }
}

/// The same with an idempotency key.
pub fn keyed(sending: &NewLetter, key: &str) -> NewLetter {
    NewLetter {
        idempotency_key: Some(key.into()),
        ..sending.clone()
    }
}

/// Starts an engine that knows another cluster, with those limits of mail.
pub fn start_mail(region: &str, url: &str, mail: MailLimits) -> Engine {
    let limits = Limits { mail, ..patient() };
    Engine::start(
        mail_config(region, Endpoint::Url(url.into()), limits),
        metrics(),
    )
    .unwrap()
}

/// What an engine is told that knows another cluster.
pub fn mail_config(region: &str, redis: Endpoint, limits: Limits) -> Config {
    let regions = Regions::parse(DEFAULT_REGIONS).unwrap();
    Config {
        peers: Peers::parse(PEERS, &regions).unwrap(),
        ..config(region, redis, limits)
    }
}

/// Claims an address; what proves it.
pub async fn claim(engine: &Engine, text: &str) -> Credentials {
    let (_, token) = engine.mail().claim(address(text)).await.unwrap();
    Credentials::from(&token)
}

/// All that came, read in pages of that size.
pub async fn inbox(engine: &Engine, owner: &str, proof: &Credentials, page: usize) -> Vec<Message> {
    let (mut all, mut after) = (Vec::new(), None::<Cursor>);
    loop {
        let asked = engine.mail().inbox(address(owner), proof, after, page);
        let inbox = asked.await.unwrap();
        assert!(inbox.messages.len() <= page);
        all.extend(inbox.messages);
        if !inbox.more {
            return all;
        }
        after = inbox.next;
    }
}

/// What messages say.
pub fn texts<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Vec<&'a str> {
    let messages = messages.into_iter();
    messages.map(|message| message.message.as_str()).collect()
}

/// What letters say, own ones after a `>`.
pub fn lines(letters: &[Letter]) -> Vec<String> {
    let line = |letter: &Letter| {
        let own = if letter.is_own { ">" } else { "" };
        format!("{own}{}", letter.message.message.as_str())
    };
    letters.iter().map(line).collect()
}

/// A refusal, in short.
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T, MailError>) -> MailError {
    outcome.expect_err("a refusal")
}

/// Limits of mail that nobody reaches.
pub fn roomy() -> MailLimits {
    MailLimits {
        receives_per_minute: 1_000_000,
        unverified_per_minute: 1_000_000,
        unverified_per_network: 1_000_000,
        unverified_kept_max: 10_000,
        ..MailLimits::default()
    }
}

/// Limits of mail under which so many letters are kept, of unverified senders or others.
pub fn keeping(kept_max: u32, kept_for: Duration) -> MailLimits {
    MailLimits {
        unverified_kept_max: kept_max,
        kept_max,
        kept_for,
        ..roomy()
    }
}

impl Truth {
    /// The name of one of a mailbox's keys.
    pub fn mail_key(address: &str, name: &str) -> String {
        format!("{PREFIX}{{mail:{address}}}:1:{name}")
    }

    /// How many entries a mailbox's stream has.
    pub async fn letters(&mut self, address: &str) -> u64 {
        self.run(&["XLEN", &Self::mail_key(address, "box")]).await
    }
}
