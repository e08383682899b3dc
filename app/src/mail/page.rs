//! `/mail` and `/mail/{address}`: a person's mailbox, live.

use super::{
    AnotherName, ConversationCard, ConversationList, GiveBack, MailAway, NameCard, OpenMailbox,
    WhoMayWrite, WriteForm, echoes, place_of,
};
use crate::card::world_card;
use crate::components::{Frame, Section};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use live::format::grouped;
use live::{Head, NOT_INDEXED, provide_live, use_topic};
use protocol::{
    MailAddress, MailAttempt, MailBlocks, MailForm, MailPlace, MailState, MailboxTopic, RegionCode,
};

/// The mailbox's page, with a conversation open or none.
#[component]
pub(crate) fn MailPage(state: MailState) -> impl IntoView {
    let mailbox = OpenMailbox::new(&state);
    let here = here(&state.page.region, &state.places);
    let kept = kept(state.kept_max, state.kept_days);
    let echoes = echoes(&state);
    // A first name is no mail yet that could be out of reach.
    let is_name = |attempt: &MailAttempt| attempt.form == MailForm::Name;
    let takes_name = state.is_known || state.attempt.as_ref().is_some_and(is_name);
    let live = provide_live(state.page);
    let section = if state.with.is_some() {
        Section::Conversation
    } else {
        Section::Mail
    };
    view! {
            <Frame live section skip=("#mail", "Skip to mail")>
                <main class="page" id="mail">
                    {match mailbox {
                        Some(mailbox) => {
                            let topic = use_topic::<MailboxTopic>(live, mailbox.address(), None);
                            Effect::new(move |_| mailbox.follow(topic));
                            EitherOf3::A(view! { <MailboxView mailbox here with=state.with to=state.to attempt=state.attempt kept blocks=state.blocks /> })
                        }
                        None if takes_name => {
     EitherOf3::B(view! { <NameCard here with=state.with attempt=state.attempt kept echoes /> })
    }
                        None => EitherOf3::C(view! { <MailAway live with=state.with attempt=state.attempt /> }),
                    }}
                </main>
            </Frame>
        }
}

/// The mailbox on one side, on the other what is open in it.
#[component]
fn MailboxView(
    /// The mailbox.
    mailbox: OpenMailbox,
    /// The region that serves the page.
    here: MailPlace,
    /// Whom the open conversation is with.
    with: Option<MailAddress>,
    /// The initial recipient; may be empty.
    to: String,
    /// A form that failed.
    attempt: Option<MailAttempt>,
    /// What a mailbox keeps.
    kept: String,
    /// Whom the visitor blocks.
    blocks: MailBlocks,
) -> impl IntoView {
    let address = mailbox.address();
    let home = mailbox
        .places
        .with_value(|places| self::here(address.place(), places))
        .name;
    let is_open = with.is_some();
    let (of_name, of_letter) = match attempt {
        Some(attempt) if attempt.form == MailForm::Name => (Some(attempt), None),
        attempt => (None, attempt),
    };
    let has_failed = of_letter.is_some().then_some("");
    let open = with.clone();
    let beside = match mailbox.conversation.zip(with) {
        Some((conversation, with)) => {
            let is_blocked = blocks.senders.contains(&with);
            Either::Left(
                view! { <ConversationCard mailbox conversation with attempt=of_letter is_blocked /> },
            )
        }
        None => Either::Right(view! { <WriteForm mailbox to attempt=of_letter /> }),
    };
    let title = match is_open {
        true => Either::Left(view! { <p class="mailbox__title">"Mail"</p> }),
        false => Either::Right(view! { <h1 class="mailbox__title">"Mail"</h1> }),
    };
    view! {
        <div class="mail" data-open=if is_open { "conversation" } else { "mailbox" } data-failed=has_failed>
            <div class="mailbox" data-testid="mailbox">
                {title}
                <OwnAddress address place=home />
                <p class="mailbox__write">
                    {match is_open {
                        true => Either::Left(view! { <a class="button" data-kind="quiet" href="/mail#write">"New letter"</a> }),
                        false => Either::Right(view! { <a class="button" href="#write">"Write a letter"</a> }),
                    }}
                </p>
                <ConversationList mailbox open />
                <div class="mailbox__foot">
                    <p data-testid="kept">{kept}</p>
                    <WhoMayWrite mailbox blocks />
                    <AnotherName here attempt=of_name />
                    <GiveBack address=mailbox.address() />
                </div>
            </div>
            <div class="mail__beside">{beside}</div>
        </div>
    }
}

/// The place with that code; an unlisted one is shown by its code.
fn here(code: &RegionCode, places: &[MailPlace]) -> MailPlace {
    place_of(code, places)
        .cloned()
        .unwrap_or_else(|| MailPlace {
            code: code.clone(),
            of: None,
            name: code.to_string(),
            is_elsewhere: false,
        })
}

/// What a mailbox keeps, in words.
fn kept(most: u32, days: u32) -> String {
    format!(
        "A mailbox keeps {} letters for up to {}. When it is full, whoever wrote the most loses their oldest first.",
        grouped(most),
        live::format::counted(days, "day", "days")
    )
}

pub(crate) fn head(state: &MailState) -> Head {
    Head {
        title: match &state.with {
            Some(with) => format!("{with} · Mail · Murmuration"),
            None => "Mail · Murmuration".into(),
        },
        description: "Write to people in any region and in other clusters: choose a name, and mail reaches you \
                      wherever you are."
            .into(),
        robots: NOT_INDEXED,
        // Whoever a conversation is with, and whose it is, is nobody else's business.
        path: "/mail".into(),
        card: world_card(),
    }
}

/// The address, to be copied, which share.js does.
#[component]
fn OwnAddress(address: MailAddress, place: String) -> impl IntoView {
    let address = address.to_string();
    let data_address = address.clone();
    view! {
        <div class="own-address" data-testid="own-address" data-address=data_address>
            <label class="own-address__label" for="own-address">{format!("Your address in {place}")}</label>
            <div class="own-address__row">
                <input
                    class="own-address__text"
                    id="own-address"
                    readonly
                    value=address
                    data-testid="own-address-text"
                />
                <button
                    class="button"
                    type="button"
                    data-kind="quiet"
                    aria-label="Copy your address"
                    data-copy="own-address"
                    data-testid="copy-address"
                >
                    "Copy"
                </button>
            </div>
            <p class="own-address__note" id="own-address-note" role="status" data-testid="copy-note" translate="no"></p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_a_mailbox_keeps() {
        assert_eq!(
            kept(10_000, 30),
            "A mailbox keeps 10,000 letters for up to 30 days. When it is full, whoever wrote the most loses their \
             oldest first."
        );
        assert!(kept(1, 1).contains("1 day."));
    }

    #[test]
    fn an_unlisted_place_is_shown_by_its_code() {
        let code = RegionCode::parse("ord").unwrap();

        assert_eq!(here(&code, &[]).name, "ord");
    }
}
