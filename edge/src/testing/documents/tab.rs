//! A page, as far as it changes a document.

use super::instance::Instance;
use super::logged::{Logged, LoggedChange};
use crate::{Outgoing, PersonId, Session};
use protocol::live::{RawJson, ServerFrame};
use protocol::{Document, SessionId};
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;
use tokio::time::timeout;

/// A page that sends changes, and sends them again until they are answered.
pub(super) struct Tab<D: Document> {
    id: SessionId,
    pub(super) person: PersonId,
    key: String,
    /// The number of the instance that serves it, and its session there.
    session: Option<(usize, Session)>,
    newest: u64,
    /// What is not answered, by number.
    waiting: BTreeMap<u64, LoggedChange<D>>,
    /// The ids of changes that were confirmed, and of those that were refused.
    pub(super) applied: HashSet<u64>,
    pub(super) refused: HashSet<u64>,
}

impl<D: Document> Tab<D> {
    pub(super) fn new(id: SessionId, person: PersonId, key: &D::Key) -> Self {
        Self {
            id,
            person,
            key: key.to_string(),
            session: None,
            newest: 0,
            waiting: BTreeMap::new(),
            applied: HashSet::new(),
            refused: HashSet::new(),
        }
    }

    pub(super) fn is_answered(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Loses its connection if that instance has it.
    pub(super) fn lose(&mut self, number: usize) {
        self.session.take_if(|(at, _)| *at == number);
    }

    /// Goes to an instance, and sends again what is not answered.
    pub(super) fn connect(&mut self, number: usize, instance: &Instance) {
        let _context = instance.runtime.enter();
        let session = instance.engine.session(&self.id, self.person);
        self.session = Some((number, session));
        let again: Vec<_> = self.waiting.clone().into_iter().collect();
        for (seq, change) in again {
            self.send(instance, seq, &change);
        }
    }

    /// Makes a change, and sends it if it is connected.
    pub(super) fn change(&mut self, instances: &[Instance], change: LoggedChange<D>) {
        self.newest += 1;
        self.waiting.insert(self.newest, change.clone());
        if let Some((number, _)) = &self.session {
            self.send(&instances[*number], self.newest, &change);
        }
    }

    fn send(&mut self, instance: &Instance, seq: u64, change: &LoggedChange<D>) {
        let Some((_, session)) = &mut self.session else {
            return;
        };
        let _context = instance.runtime.enter();
        let json = RawJson::of(change);
        let sent = json.map(|json| session.change(D::NAME, &self.key, seq, &json));
        // What is not taken now is sent again after the next reconnect.
        if !matches!(sent, Some(Ok(()))) {
            self.session = None;
        }
    }

    /// Reads what it was sent by now.
    pub(super) async fn listen(&mut self) {
        while let Some((_, session)) = &mut self.session
            && let Ok(outgoing) = timeout(Duration::ZERO, session.next()).await
        {
            let Outgoing::Frame(json) = outgoing else {
                continue;
            };
            let frame = std::str::from_utf8(&json)
                .ok()
                .and_then(ServerFrame::decode);
            self.hear(frame);
        }
    }

    fn hear(&mut self, frame: Option<ServerFrame>) {
        match frame {
            Some(ServerFrame::RefusedChange { seq, .. }) => {
                let refused = self.waiting.remove(&seq);
                self.refused.extend(refused.map(|change| change.id));
            }
            Some(ServerFrame::Own { seq, .. }) => {
                let later = self.waiting.split_off(&(seq + 1));
                let decided = std::mem::replace(&mut self.waiting, later);
                self.applied
                    .extend(decided.into_values().map(|change| change.id));
            }
            _ => {}
        }
    }

    /// The state that the instance shows whoever watches.
    pub(super) async fn watch(instance: &Instance, id: &SessionId, key: &str) -> Session {
        let mut session = instance.engine.session(id, PersonId([9; 16]));
        // Its source admits everybody.
        let _watching = session.watch(<Logged<D> as Document>::NAME, key).await;
        session
    }
}
