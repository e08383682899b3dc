//! `/party/{code}`: one party, live.

use super::chat::{ChatCard, follow, open_chat};
use super::spoken_code::code_in_groups;
use super::{GuestCard, ParticipantList, PartyEnd, PartyHead, PartyUnknown, YourCard};
use crate::card::{card, world_card};
use crate::components::{Frame, Section, ServedByLine, ShareCard};
use crate::conversation::OpenConversation;
use crate::dispatch::{Dispatch, TypedFields};
use leptos::either::EitherOf3;
use leptos::prelude::*;
use live::browser::load_when;
use live::format::announced;
use live::{Head, Live, NOT_INDEXED, ProblemNote, provide_live, use_topic};
use protocol::{ChatTopic, Party, PartyCode, PartyState, PartyTopic};

/// The chat, if it is shown, and the person's token: what is written goes along when the page moves.
type Carrier = StoredValue<Option<(OpenConversation, String)>>;

/// A party's page.
#[component]
pub(crate) fn PartyPage(state: PartyState) -> impl IntoView {
    let live = provide_live(state.page.clone());
    let code = state.party_code;
    let known = use_topic::<PartyTopic>(live, code, state.is_known.then(|| state.party.clone()));
    // Nothing while Redis is out of reach and nothing was heard; then the party, if it is there.
    let known = Memo::new(move |_| known.with(|known| known.state.clone()));
    let typed = TypedFields::new(state.name.clone(), String::new(), true);
    let dispatch = Dispatch::new(
        state.here.clone(),
        state.managers.clone(),
        state.siblings.clone(),
    );
    let carrier = Carrier::new(None);
    run(live, dispatch, (code, known), typed, carrier);
    view! {
        <Frame live section=Section::Party skip=("#party", "Skip to party")>
            <main class="page" id="party">
                {match known.get_untracked() {
                    Some(Some(_)) => EitherOf3::A(view! { <PartyView live known typed carrier state /> }),
                    Some(None) => EitherOf3::B(view! { <PartyEnd code was_there=false /> }),
                    None => EitherOf3::C(view! {
                        {state.problem.map(|problem| view! { <ProblemNote problem /> })}
                        <PartyUnknown code name=state.name />
                    }),
                }}
            </main>
        </Frame>
    }
}

/// A party that existed when the page was loaded.
#[component]
fn PartyView(
    live: Live,
    /// The party, once it is known.
    known: Memo<Option<Option<Party>>>,
    typed: TypedFields,
    carrier: Carrier,
    state: PartyState,
) -> impl IntoView {
    let PartyState {
        party_code: code,
        you,
        token,
        link,
        problem,
        attempt,
        ..
    } = state;
    let party = Memo::new(move |_| known.get().flatten());
    let has_ended = Memo::new(move |_| known.with(|known| *known == Some(None)));
    let is_in = Memo::new(move |_| party.with(|party| you.is_some_and(|you| has(party, you))));
    let full = Memo::new(move |_| party.with(full));
    let news = news(party, you);
    let chat = open_chat(code, you, state.chat, state.is_past);
    let topic = use_topic::<ChatTopic>(live, code, None);
    carrier.set_value(token.clone().map(|token| (chat, token)));
    Effect::new(move |_| follow(chat, topic, code, you, token.as_deref()));
    let guest = move || (!is_in.get()).then(|| view! { <GuestCard code typed full /> });
    let you_card = move || is_in.get().then(|| view! { <YourCard code typed /> });
    view! {
        <div class="party" hidden=move || has_ended.get()>
            <PartyHead code party />
            <ServedByLine live />
            {problem.map(|problem| view! { <ProblemNote problem /> })}
            <div class="party__cards">
                {guest}
                <ChatCard code conversation=chat is_in attempt />
                <ParticipantList live party you />
                {you_card}
                <ShareCard title="Invite others" label="Link to this party" link />
            </div>
        </div>
        <div hidden=move || !has_ended.get()>
            <PartyEnd code was_there=true />
        </div>
        <p class="visually-hidden" role="status" data-testid="party-news" translate="no">{move || news.get()}</p>
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
fn news(party: Memo<Option<Party>>, you: Option<u32>) -> Memo<String> {
    let leader = Memo::new(move |_| {
        party.with(|party| {
            let leader = party.as_ref()?.leader()?;
            Some((leader.participant_id, leader.participant_name.clone()))
        })
    });
    let told = Memo::new(move |before: Option<&(Option<u32>, String)>| {
        let (id, name) = leader.get().unzip();
        let news = match (before, name) {
            // What the page was loaded with is not news, nor is another name of the same host.
            (None, _) => String::new(),
            (Some((known, news)), _) if *known == id => news.clone(),
            (Some((_, news)), Some(_)) if id == you => {
                announced("You are the host now.".into(), news)
            }
            (Some((_, news)), Some(name)) => announced(format!("{name} is the host now."), news),
            (Some(_), None) => "The party has ended.".into(),
        };
        (id, news)
    });
    Memo::new(move |_| told.with(|(_, news)| news.clone()))
}

/// Moves the page when its server is gone, and reloads it once a party that could not be loaded is known.
fn run(
    live: Live,
    dispatch: Dispatch,
    (code, known): (PartyCode, Memo<Option<Option<Party>>>),
    typed: TypedFields,
    carrier: Carrier,
) {
    use crate::dispatch::watch_server;
    Effect::new(move |_| {
        typed.read_fields();
        watch_server(dispatch, live, move |url| {
            let carried =
                carrier.with_value(|chat| chat.as_ref().map(|(chat, token)| chat.carried(token)));
            typed
                .name
                .with_untracked(|name| crate::address::party(url, code, name))
                + &carried.unwrap_or_default()
        });
    });
    if known.with_untracked(Option::is_none) {
        reload_once_known(live, code, known, typed);
    }
}

/// Loads the page again once its server knows the party and reaches Redis, without which it could not render it.
fn reload_once_known(
    live: Live,
    code: PartyCode,
    known: Memo<Option<Option<Party>>>,
    typed: TypedFields,
) {
    let connection = live.connection();
    let is_back = Memo::new(move |_| known.with(Option::is_some) && connection.get().is_live());
    load_when(is_back, move || {
        // Not loaded again: where a form was sent, that would send it again.
        let address = typed
            .name
            .with_untracked(|name| crate::address::party("", code, name));
        crate::dispatch::go(&address);
    });
}

pub(crate) fn head(state: &PartyState) -> Head {
    let code = code_in_groups(state.party_code);
    Head {
        title: format!("Party {code} · Murmuration"),
        description: format!("You are invited to party {code}: open it and join, from any region."),
        robots: NOT_INDEXED,
        path: format!("/party/{}", state.party_code),
        card: match &state.party {
            Some(_) => card(
                format!("/cards/party/{}.png", state.party_code),
                format!("Party {code}"),
            ),
            None => world_card(),
        },
    }
}
