//! `/party/{code}`: one party, live.

use super::Standing;
use super::chat::{ChatCard, follow, open_chat};
use super::{GuestCard, ParticipantList, PartyEnd, PartyHead, PartyUnknown, ShareCard, YourCard};
use crate::components::{Frame, ProblemNote, Section, ServedByLine};
use crate::conversation::OpenConversation;
use crate::dispatch::{Dispatch, TypedFields};
use crate::format::code_in_groups;
use crate::head::{Head, NOT_INDEXED};
use crate::live::{Live, provide_live, use_topic};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use protocol::{ChatAttempt, ChatTopic, Party, PartyCode, PartyState, PartyTopic, Problem};

/// A party's page.
#[component]
pub(crate) fn PartyPage(
    /// What the server knew when it rendered the page.
    state: PartyState,
) -> impl IntoView {
    let PartyState {
        page,
        here,
        managers,
        siblings,
        party_code,
        party,
        is_known,
        you,
        name,
        link,
        problem,
        chat,
        is_past,
        attempt,
    } = state;
    let live = provide_live(page);
    let known = use_topic::<PartyTopic>(live, party_code, is_known.then_some(party));
    let standing = Memo::new(move |_| known.with(Standing::of));
    let typed = TypedFields::new(name.clone(), String::new(), true);
    run(
        live,
        Dispatch::new(here, managers, siblings),
        (party_code, standing),
        typed,
    );
    let context = PartyContext {
        live,
        standing,
        code: party_code,
        you,
        typed,
    };
    let chat = open_chat(party_code, you, chat, is_past);
    view! {
        <Frame live section=Section::Party skip=("#party", "Skip to party")>
            <main class="page" id="party">
                {match standing.get_untracked() {
                    Standing::There(_) => EitherOf3::A(view! { <PartyView context link problem chat attempt /> }),
                    Standing::Gone => EitherOf3::B(view! { <PartyEnd code=party_code was_there=false /> }),
                    Standing::Unknown => EitherOf3::C(view! {
                        {problem.map(|problem| view! { <ProblemNote problem /> })}
                        <PartyUnknown code=party_code name />
                    }),
                }}
            </main>
        </Frame>
    }
}

/// What the page shows.
#[derive(Clone, Copy)]
struct PartyContext {
    live: Live,
    standing: Memo<Standing>,
    code: PartyCode,
    you: Option<u32>,
    typed: TypedFields,
}

/// A party that existed when the page was loaded.
#[component]
fn PartyView(
    /// What the page shows.
    context: PartyContext,
    /// The address to share.
    link: String,
    /// What went wrong with the form that was sent.
    problem: Option<Problem>,
    /// Its chat.
    chat: OpenConversation,
    /// A chat message that could not be sent.
    attempt: Option<ChatAttempt>,
) -> impl IntoView {
    let PartyContext {
        live,
        standing,
        code,
        you,
        typed,
    } = context;
    let party = Memo::new(move |_| standing.with(there));
    let has_ended = Memo::new(move |_| standing.with(|standing| *standing == Standing::Gone));
    let is_in = Memo::new(move |_| party.with(|party| you.is_some_and(|you| has(party, you))));
    let full = Memo::new(move |_| party.with(full));
    let news = news(party);
    let is_running = is_running();
    let topic = use_topic::<ChatTopic>(live, code, None);
    Effect::new(move |_| follow(chat, topic, code, you));
    let guest = move || match is_in.get() {
        true => Either::Left(view! { <YourCard code typed /> }),
        false => Either::Right(view! { <GuestCard code typed full /> }),
    };
    view! {
        <div class="party" hidden=move || has_ended.get()>
            <PartyHead code party />
            <ServedByLine served_by=live.served_by() />
            {problem.map(|problem| view! { <ProblemNote problem /> })}
            <div class="party__cards">
                <ParticipantList party you />
                {guest}
                <ChatCard code conversation=chat is_in attempt />
                <ShareCard link is_running />
            </div>
        </div>
        <div hidden=move || !has_ended.get()>
            <PartyEnd code was_there=true />
        </div>
        <p class="visually-hidden" role="status" data-testid="party-news">{move || news.get()}</p>
    }
}

fn there(standing: &Standing) -> Option<Party> {
    match standing {
        Standing::There(party) => Some(party.clone()),
        Standing::Unknown | Standing::Gone => None,
    }
}

fn has(party: &Option<Party>, you: u32) -> bool {
    party.as_ref().is_some_and(|party| {
        party
            .participants
            .iter()
            .any(|participant| participant.participant_id == you)
    })
}

/// The party's limit, where it is reached.
fn full(party: &Option<Party>) -> Option<u32> {
    let party = party.as_ref()?;
    (party.participants.len() >= party.limit as usize).then_some(party.limit)
}

/// What a screen reader announces: another host, and the end.
fn news(party: Memo<Option<Party>>) -> Memo<String> {
    let leader = Memo::new(move |_| {
        party.with(|party| {
            let leader = party.as_ref()?.leader()?;
            Some((leader.participant_id, leader.participant_name.clone()))
        })
    });
    Memo::new(move |before: Option<&String>| {
        let leader = leader.get();
        match (before, leader) {
            // What the page was loaded with is not news.
            (None, _) => String::new(),
            (Some(_), Some((_, name))) => format!("{name} is the host now."),
            (Some(_), None) => "The party has ended.".into(),
        }
    })
}

/// Set once the browser runs the page.
fn is_running() -> ReadSignal<bool> {
    let (is_running, set_running) = signal(false);
    Effect::new(move |_| set_running.set(true));
    is_running
}

/// Moves the page when its server is gone, and reloads it once a party that could not be loaded is known.
fn run(
    live: Live,
    dispatch: Dispatch,
    (code, standing): (PartyCode, Memo<Standing>),
    typed: TypedFields,
) {
    use crate::dispatch::watch_server;
    Effect::new(move |_| {
        typed.read_fields();
        watch_server(dispatch, live, move |url| {
            typed
                .name
                .with_untracked(|name| crate::address::party(url, code, name))
        });
    });
    let was_unknown = standing.with_untracked(|standing| *standing == Standing::Unknown);
    Effect::new(move |_| {
        let is_known = standing.with(|standing| *standing != Standing::Unknown);
        if was_unknown && is_known {
            // Not loaded again: where a form was sent, that would send it again.
            let address = typed
                .name
                .with_untracked(|name| crate::address::party("", code, name));
            crate::dispatch::go(&address);
        }
    });
}

/// What the page says of itself.
pub(crate) fn head(state: &PartyState) -> Head {
    let code = code_in_groups(state.party_code);
    Head {
        title: format!("Party {code} · Murmuration"),
        description: format!("You are invited to party {code}: open it and join, from any region."),
        robots: NOT_INDEXED,
    }
}
