//! What the server tells of a document.

use crate::OpenDocument;
use crate::changes::Changes;
use crate::watch::{Arrival, Watcher};
use leptos::prelude::{GetValue, UpdateValue, WithValue};
use protocol::live::{ClientFrame, ServerFrame};
use protocol::{Document, Revised};

impl<D: Document> Watcher for OpenDocument<D> {
    fn hear(&self, frame: &ServerFrame, (connection, _): Arrival) {
        match frame {
            ServerFrame::State(frame) if self.is_of(&frame.topic, &frame.key) => {
                let Some(document) = frame.state.read::<Option<Revised<D>>>() else {
                    return;
                };
                self.update(|changes| {
                    // By the first server after the rendering; later ones may know that Redis came back older.
                    let is_behind = connection <= 1 && changes.is_behind(document.as_ref());
                    if !is_behind {
                        changes.hear(document);
                    }
                });
            }
            ServerFrame::Own {
                topic,
                key,
                rev,
                seq,
                own,
            } if self.is_of(topic, key) => {
                if let Some(own) = own.read() {
                    self.update(|changes| changes.hear_own(*rev, *seq, own));
                }
            }
            ServerFrame::RefusedChange {
                topic,
                key,
                seq,
                problem,
            } if self.is_of(topic, key) => {
                let was_shown = self.update(|changes| changes.refuse(*seq));
                if was_shown == Some(true) {
                    self.tell(Some(problem.clone()));
                }
            }
            _ => {}
        }
    }

    fn due(&self, again: bool) -> Vec<ClientFrame> {
        let due = self.changes.try_update_value(|changes| changes.send(again));
        let key = self.key.try_get_value();
        let (Some(due), Some(key)) = (due, key) else {
            return Vec::new();
        };
        let frame = |(seq, change)| ClientFrame::change::<D>(&key, seq, &change);
        due.into_iter().filter_map(frame).collect()
    }

    fn waits(&self) -> bool {
        self.changes.try_with_value(Changes::waiting) > Some(0)
    }
}
