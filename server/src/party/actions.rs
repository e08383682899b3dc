//! What people do in parties, whether a REST call or a form asks for it.

use super::PartyRefusal;
use super::code_limit::naming;
use super::problem::too_many_changes;
use crate::messages;
use edge::{JoinOutcome, PartyPlan};
use protocol::{ChatMessage, MessageText, ParticipantName, PartyCode, PartyCreated};
use web::HttpError;
use web::rate::memory;
use web::visitor::Actor;

/// Creates a party.
pub(super) async fn create(actor: &Actor<'_>, plan: PartyPlan) -> Result<PartyCreated, HttpError> {
    change(actor, memory::PARTY)?;
    Ok(actor
        .state
        .engine
        .parties()
        .create(actor.person, plan)
        .await?)
}

/// Joins a party.
pub(super) async fn join(
    actor: &Actor<'_>,
    code: PartyCode,
    name: Option<ParticipantName>,
) -> Result<JoinOutcome, PartyRefusal> {
    let call = async {
        change(actor, memory::PARTICIPANT)?;
        let parties = actor.state.engine.parties();
        parties
            .join(code, actor.person, name)
            .await
            .map_err(PartyRefusal::from)
    };
    named(actor, code, call).await
}

/// Takes another name in a party.
pub(super) async fn rename(
    actor: &Actor<'_>,
    code: PartyCode,
    name: ParticipantName,
) -> Result<(), PartyRefusal> {
    let call = async {
        change(actor, memory::PARTICIPANT)?;
        let parties = actor.state.engine.parties();
        parties
            .rename(code, actor.person, name)
            .await
            .map_err(PartyRefusal::from)
    };
    named(actor, code, call).await
}

/// Leaves a party.
pub(super) async fn leave(actor: &Actor<'_>, code: PartyCode) -> Result<(), PartyRefusal> {
    let call = actor.state.engine.parties().leave(code, actor.person);
    named(actor, code, call).await
}

/// Sends a chat message; once, however often it is retried with the same key.
pub(super) async fn send_message(
    actor: &Actor<'_>,
    code: PartyCode,
    text: MessageText,
    key: Option<&str>,
) -> Result<ChatMessage, PartyRefusal> {
    let call = async {
        let budget = actor.address.messages.take_one();
        budget.map_err(messages::too_many)?;
        let cost = memory::chat_message(text.as_str());
        memory::leave(actor.state, actor.address, cost)?;
        let parties = actor.state.engine.parties();
        let sent = parties.send_message(code, actor.person, text, key).await;
        sent.map_err(PartyRefusal::from)
    };
    named(actor, code, call).await
}

/// Counts a change, and what it leaves behind, against the limits of the address and its network.
fn change(actor: &Actor<'_>, bytes: u64) -> Result<(), HttpError> {
    let budget = actor.address.party_changes.take_one();
    budget.map_err(too_many_changes)?;
    memory::leave(actor.state, actor.address, bytes)
}

async fn named<T, E: Into<PartyRefusal>>(
    actor: &Actor<'_>,
    code: PartyCode,
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, PartyRefusal> {
    naming(actor.state, (actor.address, Some(actor.person)), code, call).await
}
