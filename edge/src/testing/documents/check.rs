//! What holds at the end of a story.

use super::instance::Instance;
use super::logged::Logged;
use super::tab::Tab;
use super::{DEADLINE, PERSONS, Story, person, session_id};
use crate::hub::Outgoing;
use crate::{PersonId, Session};
use protocol::live::ServerFrame;
use protocol::{Document, DocumentTopic};
use std::collections::{BTreeMap, HashMap, HashSet};
use tokio::time::timeout;

impl<D: Document> Story<D> {
    /// Checks all of it, where `called` are the changes by calls that were applied, and `uncalled` those that were not.
    pub(super) async fn check(&self, called: &HashSet<u64>, uncalled: &HashSet<u64>) {
        let persons: Vec<_> = (0..PERSONS).map(person).collect();
        let Some(documents) = self.instances[0].documents::<D>() else {
            return;
        };
        let read = documents.shared.read(&self.start.key, &persons).await;
        let stored = read.unwrap_or_else(|error| panic!("{error}"));
        let (seed, value) = (self.seed, stored.value.clone());
        let value = value.unwrap_or_else(|| panic!("seed {seed}: the document is gone"));

        let log: BTreeMap<_, _> = persons
            .iter()
            .flat_map(|person| {
                stored.owns[person]
                    .log
                    .iter()
                    .map(|(at, id)| (*at, (*person, *id)))
            })
            .collect();
        let entries: usize = stored.owns.values().map(|own| own.log.len()).sum();
        assert_eq!(log.len(), entries, "seed {seed}: two changes in one place");
        let ids: HashSet<_> = log.values().map(|(_, id)| *id).collect();
        assert_eq!(ids.len(), entries, "seed {seed}: a change counted twice");
        let confirmed = self.tabs.iter().flat_map(|tab| &tab.applied).chain(called);
        let confirmed: HashSet<_> = confirmed.copied().collect();
        assert_eq!(ids, confirmed, "seed {seed}: not what was confirmed");
        let refused = self
            .tabs
            .iter()
            .flat_map(|tab| &tab.refused)
            .chain(uncalled);
        assert!(
            !refused.copied().any(|id| ids.contains(&id)),
            "seed {seed}: a refused change counted"
        );

        self.replay(log.into_values(), &value.inner, |person| {
            &stored.owns[person].inner
        });
        assert!(
            stored.value_bytes <= D::MAX_BYTES,
            "seed {seed}: larger than it may be"
        );
        for instance in &self.instances {
            self.converges(instance, (stored.rev, &value)).await;
        }
    }

    /// Applies the changes of a log to the document as it began, and compares.
    fn replay<'a>(
        &self,
        log: impl Iterator<Item = (PersonId, u64)>,
        value: &D,
        own_of: impl Fn(&PersonId) -> &'a D::Own,
    ) {
        let seed = self.seed;
        let (mut again, mut owns) = (
            self.start.value.clone(),
            HashMap::from([(person(0), self.start.own.clone())]),
        );
        for (person, id) in log {
            let outcome = again.apply(owns.entry(person).or_default(), self.made[&id].clone());
            assert!(
                outcome.is_ok(),
                "seed {seed}: the rules refuse what they allowed: {outcome:?}"
            );
        }
        assert_eq!(
            again, *value,
            "seed {seed}: the rules come to another document"
        );
        for person in (0..PERSONS).map(person) {
            let own = owns.remove(&person).unwrap_or_default();
            assert_eq!(
                own,
                *own_of(&person),
                "seed {seed}: the rules come to another part"
            );
        }
    }

    /// Waits until whoever watches at that instance is shown the document.
    async fn converges(&self, instance: &Instance, (rev, value): (u64, &Logged<D>)) {
        let mut value = value.clone();
        value.redact();
        let (watcher, key) = (session_id("watcher"), self.start.key.to_string());
        let mut session = Tab::<D>::watch(instance, &watcher, &key).await;
        let shown = timeout(DEADLINE, until_shown(&mut session, rev, &value)).await;
        assert!(
            shown.is_ok(),
            "seed {}: an instance shows another document",
            self.seed
        );
    }
}

async fn until_shown<D: Document>(session: &mut Session, rev: u64, value: &Logged<D>) {
    loop {
        let Outgoing::Frame(json) = session.next().await else {
            continue;
        };
        let frame = std::str::from_utf8(&json)
            .ok()
            .and_then(ServerFrame::decode);
        if let Some(ServerFrame::State(frame)) = frame
            && let Some((_, Some(shown))) = frame.read::<DocumentTopic<Logged<D>>>()
            && shown.rev == rev
            && shown.value == *value
        {
            return;
        }
    }
}
