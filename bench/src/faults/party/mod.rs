//! Groups of people who start a party, join it, talk and leave.

use crate::faults::load::{Request, Shared, Told};
use crate::faults::promise::{Promise, Violation, exactly_once};
use anyhow::Context;
use hyper::Method;
use protocol::{Chat, Participant};
use rand::seq::IteratorRandom;
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::sleep;

/// People of a group.
const PEOPLE: usize = 6;
/// The pause between two things that a group does, in milliseconds.
const PAUSE_MS: Range<u64> = 20..150;
/// When everybody leaves: the API shows at most two hundred messages at once.
const SAID_MAX: usize = 150;

/// What a group was told of its party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Makes its people's device ids unlike those of others.
    number: usize,
    /// The code of its party, while there is one.
    code: Option<String>,
    /// Who is in it: the devices' numbers, by the participants' ids.
    members: BTreeMap<u32, usize>,
    /// What was said.
    said: Vec<String>,
    /// The parties that ended.
    ended: Vec<String>,
}

/// What the servers show of a party; nothing if there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The ids of the participants, and whether they lead.
    members: Vec<(u32, bool)>,
    said: Vec<String>,
}

/// Does one thing after the other until it is dropped, or nobody answers.
pub async fn meet(
    shared: Rc<Shared>,
    group: Rc<RefCell<Group>>,
    home: usize,
) -> anyhow::Result<()> {
    loop {
        sleep(Duration::from_millis(rand::random_range(PAUSE_MS))).await;
        let _busy = shared.rest.read().await;
        let deed = Deed::choose(&group.borrow());
        let request = deed.request(&group.borrow());
        let told = shared.ask(home, &request).await?;
        let done = match deed {
            Deed::Say { .. } => &shared.done.chat_messages,
            _ => &shared.done.party_changes,
        };
        done.update(|done| done + 1);
        let violation = group.borrow_mut().hear(&deed, &told);
        shared.report(violation);
    }
}

/// What a group does.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deed {
    Create,
    Join { device: usize },
    Leave { participant: u32, device: usize },
    Say { device: usize, text: String },
}

impl Deed {
    fn choose(group: &Group) -> Self {
        let mut rng = rand::rng();
        let member = group.members.iter().choose(&mut rng);
        let (Some(_), Some((&participant, &device))) = (&group.code, member) else {
            return Self::Create;
        };
        let is_out = |device: &usize| !group.members.values().any(|member| member == device);
        let outsider = (0..PEOPLE).filter(is_out).choose(&mut rng);
        let is_over = group.said.len() >= SAID_MAX;
        match (rand::random_range(0..10), outsider) {
            (0..3, Some(device)) if !is_over => Self::Join { device },
            (3..5, _) => Self::Leave {
                participant,
                device,
            },
            _ if is_over => Self::Leave {
                participant,
                device,
            },
            _ => Self::Say {
                device,
                text: format!("said {:032x}", rand::random::<u128>()),
            },
        }
    }

    fn request(&self, group: &Group) -> Request {
        let code = group.code.as_deref().unwrap_or_default();
        let id = |device: &usize| format!("bench-fault-{}-{device}", group.number);
        let people = format!("/parties/{code}/participants");
        match self {
            Self::Create => Request::post("/parties", json!({ "device_id": id(&0) })),
            Self::Join { device } => Request::post(people, json!({ "device_id": id(device) })),
            Self::Leave { device, .. } => Request {
                method: Method::DELETE,
                ..Request::get(format!("{people}/{}", id(device)))
            },
            Self::Say { device, text } => {
                let body = json!({ "device_id": id(device), "message": text });
                Request::post(format!("/parties/{code}/messages"), body)
                    .with("Idempotency-Key", text.replace(' ', "-"))
            }
        }
    }
}

impl Group {
    pub fn new(number: usize) -> Self {
        Self {
            number,
            ..Self::default()
        }
    }

    /// Takes an answer. One that cannot be, if everything acknowledged was kept, breaks a promise.
    fn hear(&mut self, deed: &Deed, told: &Told) -> Option<Violation> {
        let participant = told.body["participant_id"].as_u64();
        let participant = participant.and_then(|id| u32::try_from(id).ok());
        match (deed, told.status, participant) {
            (Deed::Create, 201, Some(participant)) => {
                self.code = told.body["party_code"].as_str().map(str::to_owned);
                self.members = [(participant, 0)].into();
                self.said.clear();
                None
            }
            (Deed::Join { device }, 200 | 201, Some(participant)) => {
                self.members.insert(participant, *device);
                None
            }
            (Deed::Say { text, .. }, 201, _) => {
                self.said.push(text.clone());
                None
            }
            (Deed::Leave { participant, .. }, 204, _) => {
                self.leave(*participant);
                None
            }
            // An earlier try, whose answer was lost, may have done it.
            (Deed::Leave { participant, .. }, 404, _) if told.is_retried => {
                self.leave(*participant);
                None
            }
            (deed, status, _) => {
                let how = format!("{deed:?} was answered with {status}: {}", told.body);
                self.start_over();
                Some(Promise::PartyKept.broken(how))
            }
        }
    }

    fn leave(&mut self, participant: u32) {
        self.members.remove(&participant);
        if self.members.is_empty() {
            self.said.clear();
            self.ended.extend(self.code.take());
        }
    }

    /// Its party has just who joined and did not leave, one of whom leads, and what was said, each once.
    fn check(&self, shown: Option<&Shown>) -> Vec<Violation> {
        let code = self.code.as_deref().unwrap_or_default();
        let Some(shown) = shown else {
            return vec![Promise::PartyKept.broken(format!("party {code} is lost"))];
        };
        let mut violations = exactly_once(Promise::ChatOnce, &self.said, &shown.said);
        let members: Vec<_> = self.members.keys().copied().collect();
        let ids: Vec<_> = shown.members.iter().map(|(id, _)| *id).collect();
        if ids != members {
            let how = format!("party {code} has {ids:?} where {members:?} joined");
            violations.push(Promise::PartyKept.broken(how));
        }
        let leaders = shown.members.iter().filter(|(_, leads)| *leads).count();
        if leaders != 1 {
            let how = format!("party {code} has {leaders} leaders");
            violations.push(Promise::PartyKept.broken(how));
        }
        violations
    }

    /// Forgets its party, so that what was lost once is not reported again.
    fn start_over(&mut self) {
        self.code = None;
        self.members.clear();
        self.said.clear();
    }
}

/// Asks what the servers show of a group's party, and whether any that ended is still there.
pub async fn look(shared: &Shared, group: &RefCell<Group>) -> anyhow::Result<Vec<Violation>> {
    let mut violations = Vec::new();
    let ended = std::mem::take(&mut group.borrow_mut().ended);
    for code in ended {
        if show(shared, &code).await?.is_some() {
            let how = format!("party {code} is there after everybody left");
            violations.push(Promise::PartyKept.broken(how));
        }
    }
    let code = group.borrow().code.clone();
    if let Some(code) = code {
        let shown = show(shared, &code).await?;
        let mut group = group.borrow_mut();
        let found = group.check(shown.as_ref());
        if !found.is_empty() {
            group.start_over();
        }
        violations.extend(found);
    }
    Ok(violations)
}

/// The party of this code.
async fn show(shared: &Shared, code: &str) -> anyhow::Result<Option<Shown>> {
    let path = format!("/parties/{code}/participants");
    let people = shared.ask(0, &Request::get(path)).await?;
    let path = format!("/parties/{code}/messages?limit=200");
    let chat = shared.ask(1, &Request::get(path)).await?;
    if people.status == 404 {
        return Ok(None);
    }
    let people: Vec<Participant> = serde_json::from_value(people.body).context("no list")?;
    let chat: Chat = serde_json::from_value(chat.body).context("no chat")?;
    let messages = chat.messages.into_iter();
    Ok(Some(Shown {
        members: people
            .into_iter()
            .map(|one| (one.participant_id, one.is_leader))
            .collect(),
        said: messages.map(|one| one.message.into()).collect(),
    }))
}

#[cfg(test)]
mod tests;
