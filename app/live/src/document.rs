//! Documents as signals that the page may change.

use super::changes::Changes;
use super::shown::Shown;
use super::signals::Live;
use super::watch::Watch;
use crate::browser::now_ms;
use leptos::prelude::*;
use protocol::live::{ClientFrame, RawJson};
use protocol::{CHANGE_MAX_BYTES, Document, DocumentTopic, Problem, Seen};

/// A document that the page watches, and may change.
pub struct OpenDocument<D: Document> {
    /// What the page shows of it.
    pub shown: RwSignal<Shown<D>>,
    live: Live,
    pub(crate) key: StoredValue<D::Key>,
    pub(crate) changes: StoredValue<Changes<D>>,
}

impl<D: Document> Clone for OpenDocument<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Document> Copy for OpenDocument<D> {}

/// A document as the page shows it. The page watches it until it is left; each key once, since its changes are numbered.
///
/// It starts with what the server rendered and follows the socket, across reconnects and moves to other regions.
pub fn use_document<D: Document>(
    live: Live,
    key: D::Key,
    initial: Option<Seen<D, D::Own>>,
) -> OpenDocument<D> {
    let changes = Changes::new(initial);
    let frame = ClientFrame::watch::<DocumentTopic<D>>(&key);
    let document = OpenDocument {
        shown: RwSignal::new(Shown::of(&changes, None)),
        live,
        key: StoredValue::new(key),
        changes: StoredValue::new(changes),
    };
    live.state
        .update_untracked(|state| state.watch(Watch::new(frame, document)));
    document
}

impl<D: Document> OpenDocument<D> {
    /// Something of what is shown; nothing of it while there is none.
    pub fn read<T: Default>(self, read: impl FnOnce(&Seen<D, D::Own>) -> T) -> T {
        let of = |shown: &Shown<D>| shown.seen.as_ref().map(read);
        self.shown.with(of).unwrap_or_default()
    }

    /// Whether the rules would allow that change now.
    pub fn allows(self, change: &D::Change) -> bool {
        let seen = self.shown.with(|shown| shown.seen.clone());
        seen.is_some_and(
            |Seen {
                 mut value, mut own, ..
             }| { value.apply(&mut own, change.clone()).is_ok() },
        )
    }

    /// Where its page is.
    pub fn path(self) -> String {
        self.key.with_value(D::path)
    }

    /// Where a form posts a change.
    pub fn action(self) -> String {
        match self.key.with_value(ToString::to_string).as_str() {
            "" => format!("/{}/changes", D::NAME),
            key => format!("/{}/{key}/changes", D::NAME),
        }
    }

    /// Whether changes wait for longer than an ordinary round trip: until the connection is back.
    pub fn is_stuck(self) -> Memo<bool> {
        let connection = self.live.connection();
        Memo::new(move |_| {
            self.shown.with(|shown| shown.waiting > 0) && !connection.get().is_live()
        })
    }

    /// Changes it: shown at once, and kept until the server has answered. False if nobody does and the form is to be sent
    /// instead.
    pub fn change(self, change: D::Change) -> bool {
        let Some(send) = self.live.sender() else {
            return false;
        };
        self.live
            .state
            .update_untracked(|state| state.note_waiting(now_ms()));
        let is_short =
            RawJson::of(&change).is_some_and(|json| json.as_str().len() <= CHANGE_MAX_BYTES);
        let refusal = match is_short {
            true => self.update(|changes| changes.change(change).err()),
            false => Some(Some(too_long())),
        };
        send.run(());
        self.tell(refusal.flatten());
        true
    }

    /// Changes the rules' state, if the page is still there, and shows what comes of it.
    pub(crate) fn update<T>(self, by: impl FnOnce(&mut Changes<D>) -> T) -> Option<T> {
        let (outcome, shown) = self.changes.try_update_value(|changes| {
            let outcome = by(changes);
            (outcome, Shown::of(changes, None))
        })?;
        self.shown.try_update(|known| {
            let refusal = known.refusal.take();
            *known = Shown { refusal, ..shown };
        });
        Some(outcome)
    }

    /// Tells why the last change was refused, if it was.
    pub(crate) fn tell(self, refusal: Option<Problem>) {
        self.shown
            .try_update(|known| known.refusal.clone_from(&refusal));
        self.live.tell(refusal);
    }

    pub(crate) fn is_of(self, topic: &str, key: &str) -> bool {
        let is_key = |own: &D::Key| own.to_string() == key;
        topic == D::NAME && self.key.try_with_value(is_key) == Some(true)
    }
}

fn too_long() -> Problem {
    Problem::new(413, "long-change", "That change was not saved")
        .with_detail("It is too long. Shorten it, then try again.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provide_live;
    use crate::state::Reaction;
    use crate::tests::samples::{List, Own, page, world};
    use protocol::live::{NoKey, ServerFrame, StateFrame, VERSION};
    use protocol::{RegionCode, Revised};

    fn with_list(check: impl FnOnce(Live, OpenDocument<List>)) {
        Owner::new().with(|| {
            let live = provide_live(page(world(1, 1, &[])));
            let (value, own) = (List(vec![9]), Own::default());
            let initial = Seen { rev: 1, value, own };
            check(live, use_document(live, NoKey, Some(initial)));
        });
    }

    fn welcome() -> ServerFrame {
        ServerFrame::Welcome {
            version: VERSION,
            region: RegionCode::parse("fra").unwrap(),
            instance: "fra-1".into(),
            beat_ms: 4_000,
            history: Vec::new(),
        }
    }

    fn own(topic: &str, seq: u64, ids: &[u32]) -> ServerFrame {
        ServerFrame::Own {
            topic: topic.into(),
            key: String::new(),
            rev: 2,
            seq,
            own: RawJson::of(&ids).unwrap(),
        }
    }

    fn shown(document: OpenDocument<List>) -> (Vec<u32>, Vec<u32>, usize) {
        let Shown { seen, waiting, .. } = document.shown.get_untracked();
        let Seen { value, own, .. } = seen.unwrap();
        (value.0, own.0, waiting)
    }

    #[test]
    fn changes_follow_what_is_watched_until_they_are_answered() {
        with_list(|live, list| {
            list.update(|changes| changes.change(5)).unwrap().unwrap();
            assert_eq!(shown(list), (vec![9, 5], vec![5], 1));

            let change = ClientFrame::change::<List>(&NoKey, 1, &5).unwrap();
            let frames = vec![ClientFrame::watch::<DocumentTopic<List>>(&NoKey), change];
            for _ in 0..2 {
                let reaction = live.receive(welcome(), None, 1);
                assert_eq!(reaction, Reaction::Send(frames.clone()));
            }
            assert!(live.state.with_untracked(|state| state.waits()));

            live.receive(own("list", 1, &[5]), None, 2);
            assert_eq!(shown(list), (vec![9, 5], vec![5], 0));
            assert!(!live.state.with_untracked(|state| state.waits()));
            assert_eq!(
                live.receive(welcome(), None, 3),
                Reaction::Send(frames[..1].to_vec())
            );
        });
    }

    #[test]
    fn only_its_own_frames_change_a_document() {
        with_list(|live, list| {
            let value = List(vec![9, 7]);
            let document = Some(Revised { rev: 2, value });
            let frame = StateFrame::of::<DocumentTopic<List>>(&NoKey, &document).unwrap();
            let other = StateFrame {
                key: "other".into(),
                ..frame.clone()
            };

            live.receive(ServerFrame::State(other), None, 1);
            live.receive(own("lists", 0, &[7]), None, 1);
            assert_eq!(shown(list), (vec![9], vec![], 0));

            live.receive(ServerFrame::State(frame), None, 2);
            live.receive(own("list", 0, &[7]), None, 2);
            assert_eq!(shown(list), (vec![9, 7], vec![7], 0));
        });
    }

    #[test]
    fn the_first_server_may_only_be_behind_what_was_rendered() {
        let document = |rev, ids: &[u32]| {
            let value = List(ids.to_vec());
            let state = Some(Revised { rev, value });
            ServerFrame::State(StateFrame::of::<DocumentTopic<List>>(&NoKey, &state).unwrap())
        };
        with_list(|live, list| {
            live.receive(welcome(), None, 1);
            live.receive(document(0, &[]), None, 1);
            assert_eq!(shown(list).0, [9], "an older one");
            live.receive(document(2, &[9, 7]), None, 1);
            live.receive(document(1, &[8]), None, 1);
            assert_eq!(shown(list).0, [8], "Redis came back older");
        });
        with_list(|live, list| {
            live.receive(welcome(), None, 1);
            live.receive(welcome(), None, 2);
            live.receive(document(0, &[]), None, 2);
            assert_eq!(shown(list).0, [0; 0], "another server");
        });
    }

    #[test]
    fn before_hydration_the_form_is_sent() {
        with_list(|_, list| {
            assert!(!list.change(5));
            assert_eq!(list.action(), "/list/changes");
        });
    }
}
