//! What the answer of an exchange still lacks.

use protocol::live::{ClientFrame, Topic, WorldTopic};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What a frame answers.
#[derive(Deserialize)]
struct Answer<'a> {
    r#type: &'a str,
    #[serde(default)]
    seq: u64,
    #[serde(default)]
    topic: &'a str,
    #[serde(default)]
    key: &'a str,
    /// Whether there is one.
    #[serde(default)]
    state: Option<IgnoredAny>,
}

/// A topic and a key.
type Subject = (String, String);

/// What an answer still lacks.
pub(super) struct Missing {
    /// What was not told yet.
    states: HashSet<Subject>,
    /// The documents of which was not told yet what they hold of the person.
    owns: HashSet<Subject>,
    /// The newest click, until it is acknowledged.
    click: u64,
    /// The changes that are not answered.
    changes: HashMap<Subject, BTreeSet<u64>>,
}

impl Default for Missing {
    /// The world, which nobody has to ask for.
    fn default() -> Self {
        let world = (WorldTopic::NAME.to_owned(), String::new());
        Self {
            states: HashSet::from([world]),
            owns: HashSet::new(),
            click: 0,
            changes: HashMap::new(),
        }
    }
}

impl Missing {
    /// Waits for what answers a page's frame; who watches a document is also told what it holds of them.
    pub(super) fn expect(&mut self, frame: &ClientFrame, is_document: impl Fn(&str) -> bool) {
        match frame {
            ClientFrame::Click { seq, .. } => self.click = *seq,
            ClientFrame::Watch { topic, key } => {
                let subject = (topic.clone(), key.clone());
                if is_document(topic) {
                    self.owns.insert(subject.clone());
                }
                self.states.insert(subject);
            }
            ClientFrame::Change {
                topic, key, seq, ..
            } => {
                let subject = (topic.clone(), key.clone());
                self.changes.entry(subject).or_default().insert(*seq);
            }
            ClientFrame::Hello { .. } | ClientFrame::Unwatch { .. } => {}
        }
    }

    /// Takes notice of a frame that goes out.
    pub(super) fn note(&mut self, json: &[u8]) {
        let Ok(answer) = serde_json::from_slice::<Answer<'_>>(json) else {
            return;
        };
        let subject = (answer.topic.to_owned(), answer.key.to_owned());
        match answer.r#type {
            "ack" if answer.seq >= self.click => self.click = 0,
            "refused" => self.click = 0,
            "own" => {
                self.owns.remove(&subject);
                // Every change up to that one is decided.
                self.answered(&subject, |seq| seq <= answer.seq);
            }
            "refused_change" => self.answered(&subject, |seq| seq == answer.seq),
            "state" | "unwatched" => {
                self.states.remove(&subject);
                // What is not there, or not watched, holds nothing.
                if answer.state.is_none() {
                    self.owns.remove(&subject);
                }
            }
            _ => {}
        }
    }

    fn answered(&mut self, subject: &Subject, is_answered: impl Fn(u64) -> bool) {
        if let Some(changes) = self.changes.get_mut(subject) {
            changes.retain(|seq| !is_answered(*seq));
            if changes.is_empty() {
                self.changes.remove(subject);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        let is_told = self.states.is_empty() && self.owns.is_empty();
        is_told && self.click == 0 && self.changes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(frames: &[&str]) -> Missing {
        let mut missing = Missing::default();
        missing.note(br#"{"type":"state","topic":"world","state":{}}"#);
        for frame in frames {
            missing.expect(&ClientFrame::decode(frame).unwrap(), |topic| {
                topic == "poll"
            });
        }
        missing
    }

    /// Whether an answer lacks nothing with these frames, and lacks something without the last.
    fn completes(mut missing: Missing, frames: &[&str]) -> bool {
        let (last, others) = frames.split_last().unwrap();
        for frame in others {
            missing.note(frame.as_bytes());
        }
        let lacks = !missing.is_empty();
        missing.note(last.as_bytes());
        lacks && missing.is_empty()
    }

    #[test]
    fn a_document_that_is_watched_is_told_with_what_it_holds_of_the_person() {
        let watch = r#"{"type":"watch","topic":"poll","key":"k"}"#;
        let own = r#"{"type":"own","topic":"poll","key":"k","rev":1,"own":{}}"#;
        let state = r#"{"type":"state","topic":"poll","key":"k","state":{"rev":1}}"#;
        let none = r#"{"type":"state","topic":"poll","key":"k","state":null}"#;

        assert!(completes(missing(&[watch]), &[own, state]));
        assert!(completes(missing(&[watch]), &[state, own]));
        assert!(completes(missing(&[watch]), &[none]));
    }

    #[test]
    fn every_change_is_answered() {
        let change = |seq: u32| {
            format!(r#"{{"type":"change","topic":"poll","key":"k","seq":{seq},"change":0}}"#)
        };
        let own = |seq: u32| {
            format!(r#"{{"type":"own","topic":"poll","key":"k","rev":1,"seq":{seq},"own":0}}"#)
        };
        let refused = r#"{"type":"refused_change","topic":"poll","key":"k","seq":2,"problem":{}}"#;
        let changes = [1, 2, 3].map(change);
        let all = || missing(&changes.each_ref().map(String::as_str));

        assert!(completes(all(), &[&own(1), &own(3)]));
        assert!(completes(all(), &[refused, &own(1), &own(3)]));
        let of_others = own(9).replace("\"k\"", "\"l\"");
        assert!(completes(all(), &[&of_others, &own(2), &own(3)]));
    }
}
