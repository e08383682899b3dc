//! Whose letters the visitor accepts.

use super::OpenMailbox;
use leptos::prelude::*;
use protocol::{MailAddress, MailBlocks};

/// How the server names all unverified senders.
const UNVERIFIED: &str = "unverified";

/// Whose letters are refused, and accepting them again.
#[component]
pub(crate) fn WhoMayWrite(
    /// The mailbox.
    mailbox: OpenMailbox,
    /// Whom the visitor blocks.
    blocks: MailBlocks,
) -> impl IntoView {
    let from = mailbox.address();
    let clusters = clusters(mailbox, &blocks).into_iter().map(|cluster| {
        let is_blocked = blocks.clusters.contains(&cluster);
        let words = format!("Cluster {cluster}");
        (words, format!("@{cluster}"), is_blocked)
    });
    let senders = blocks.senders.iter().map(|sender| {
        let sender = sender.to_string();
        (sender.clone(), sender, true)
    });
    let unverified = (
        "Unverified senders".to_owned(),
        UNVERIFIED.to_owned(),
        blocks.unverified,
    );
    let items = std::iter::once(unverified).chain(clusters).chain(senders);
    let items: Vec<_> = items
        .map(|(words, whom, is_blocked)| {
            let (from, shown) = (from.clone(), whom.clone());
            view! {
                <li class="who-may-write__item" data-testid="block" data-whom=shown data-blocked=is_blocked.then_some("")>
                    <span class="who-may-write__whom">
                        {words.clone()}
                        <span class="who-may-write__state">{if is_blocked { "refused" } else { "accepted" }}</span>
                    </span>
                    <BlockForm from whom name=words is_blocked with=None />
                </li>
            }
        })
        .collect();
    view! {
        <details class="who-may-write" data-testid="who-may-write">
            <summary class="who-may-write__summary">"Who can write to you"</summary>
            <p>
                "Unverified senders haven't claimed their address: anyone can write in its name. Whoever you block is told \
                 that you don't accept their letters. To block one sender, open the conversation."
            </p>
            <ul class="who-may-write__list">{items}</ul>
        </details>
    }
}

/// Whether the letters of an open conversation's correspondent are refused, and the button that changes it.
#[component]
pub(crate) fn BlockSender(
    /// The mailbox.
    mailbox: OpenMailbox,
    /// The correspondent.
    with: MailAddress,
    /// Whether they are blocked.
    is_blocked: bool,
) -> impl IntoView {
    let (from, name) = (mailbox.address(), with.to_string());
    view! {
        <div class="conversation-card__block" data-testid="block-sender">
            {is_blocked.then_some("You don't accept letters from this sender.")}
            <BlockForm from whom=name.clone() name is_blocked with=Some(with) />
        </div>
    }
}

/// A form of the server that blocks somebody or accepts them again.
#[component]
fn BlockForm(
    /// The visitor's address.
    from: MailAddress,
    /// Whom, as the server names them.
    whom: String,
    /// Whom, in words.
    name: String,
    /// Whether they are blocked.
    is_blocked: bool,
    /// The conversation that the form is in.
    with: Option<MailAddress>,
) -> impl IntoView {
    let is_sender = with.is_some();
    let words = match (is_blocked, is_sender) {
        (true, true) => "Unblock",
        (true, false) => "Accept",
        (false, true) => "Block this sender",
        (false, false) => "Refuse",
    };
    view! {
        <form method="post" action="/mail/blocks">
            <input type="hidden" name="from" value=from.to_string() />
            <input type="hidden" name="whom" value=whom />
            <input type="hidden" name="accept" value=is_blocked.to_string() />
            {with.map(|with| view! { <input type="hidden" name="with" value=with.to_string() /> })}
            <button class="link-button" aria-label=(!is_sender).then(|| format!("{words}: {name}")) data-testid="set-block">{words}</button>
        </form>
    }
}

/// The clusters that the visitor can write to, and those that they block.
fn clusters(mailbox: OpenMailbox, blocks: &MailBlocks) -> Vec<String> {
    let mut clusters = Vec::new();
    // A few names need no sorting code of hundreds of lines in a browser's download.
    let mut add = |name: &String| {
        if let Err(at) = clusters.binary_search(name) {
            clusters.insert(at, name.clone());
        }
    };
    blocks.clusters.iter().for_each(&mut add);
    mailbox.places.with_value(|places| {
        let others = places.iter().filter(|place| place.is_elsewhere);
        others.for_each(|place| add(&place.name));
    });
    clusters
}
