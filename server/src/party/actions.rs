//! What people do in parties, whether a REST call or a form asks for it.

use super::PartyRefusal;
use super::code_limit::naming;
use super::problem::too_many_changes;
use crate::error::HttpError;
use crate::messages;
use crate::rate::memory;
use crate::visitor::Actor;
use edge::{JoinOutcome, PartyPlan};
use protocol::{ChatMessage, MessageText, ParticipantName, PartyCode, PartyCreated};

impl Actor<'_> {
    /// Creates a party.
    pub(crate) async fn create(&self, plan: PartyPlan) -> Result<PartyCreated, HttpError> {
        self.change(memory::PARTY)?;
        Ok(self
            .state
            .engine
            .parties()
            .create(self.person, plan)
            .await?)
    }

    /// Joins a party.
    pub(crate) async fn join(
        &self,
        code: PartyCode,
        name: Option<ParticipantName>,
    ) -> Result<JoinOutcome, PartyRefusal> {
        let call = async {
            self.change(memory::PARTICIPANT)?;
            let parties = self.state.engine.parties();
            parties
                .join(code, self.person, name)
                .await
                .map_err(PartyRefusal::from)
        };
        self.naming(code, call).await
    }

    /// Takes another name in a party.
    pub(crate) async fn rename(
        &self,
        code: PartyCode,
        name: ParticipantName,
    ) -> Result<(), PartyRefusal> {
        let call = async {
            self.change(memory::PARTICIPANT)?;
            let parties = self.state.engine.parties();
            parties
                .rename(code, self.person, name)
                .await
                .map_err(PartyRefusal::from)
        };
        self.naming(code, call).await
    }

    /// Leaves a party.
    pub(crate) async fn leave(&self, code: PartyCode) -> Result<(), PartyRefusal> {
        let call = self.state.engine.parties().leave(code, self.person);
        self.naming(code, call).await
    }

    /// Sends a chat message; once, however often it is retried with the same key.
    pub(crate) async fn send_message(
        &self,
        code: PartyCode,
        text: MessageText,
        key: Option<&str>,
    ) -> Result<ChatMessage, PartyRefusal> {
        let call = async {
            let budget = self.address.messages.take_one();
            budget.map_err(messages::too_many)?;
            let cost = memory::chat_message(text.as_str());
            memory::leave(self.state, self.address, cost)?;
            let parties = self.state.engine.parties();
            let sent = parties.send_message(code, self.person, text, key).await;
            sent.map_err(PartyRefusal::from)
        };
        self.naming(code, call).await
    }

    /// Counts a change, and what it leaves behind, against the limits of the address and its network.
    fn change(&self, bytes: u64) -> Result<(), HttpError> {
        let budget = self.address.party_changes.take_one();
        budget.map_err(too_many_changes)?;
        memory::leave(self.state, self.address, bytes)
    }

    async fn naming<T, E: Into<PartyRefusal>>(
        &self,
        code: PartyCode,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, PartyRefusal> {
        naming(self.state, (self.address, Some(self.person)), code, call).await
    }
}
