//! What people do all the time: they click, come to parties and leave them, and write letters.

use super::{
    Crowd, DEADLINE, MailBook, Tab, address, attempt, claim, keyed, names, person, plan, proved,
};
use edge::{Credentials, Engine, Mail, Parties, PartyError};
use protocol::{MailAddress, ParticipantName, Party, PartyCode};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Tabs on each instance.
const TABS: usize = 4;
/// The time between two changes of a party, and between two letters.
const PAUSE: Duration = Duration::from_millis(5);
/// Clicks, and a tenth as many changes and letters, that show that all goes on.
const SOME: u64 = 100;

/// Many who act until they are told to stop, at all instances in turn. Whatever fails they do again, as browsers do.
pub struct Load {
    engines: Vec<Engine>,
    crowd: Crowd,
    guests: JoinHandle<Guests>,
    writer: JoinHandle<Writer>,
    /// Changes of the party, and letters, that were answered.
    done: [watch::Receiver<u64>; 2],
    stop: CancellationToken,
}

/// Who is in a party.
struct Guests {
    parties: Vec<Parties>,
    code: PartyCode,
    /// What they are called, in the order in which they came.
    names: Vec<String>,
}

/// Who writes letters: to somebody who has claimed their address, and to somebody who has not.
struct Writer {
    mails: Vec<Mail>,
    proof: Credentials,
    /// The own address and the others, with what proves that they are claimed.
    addresses: [(MailAddress, Option<Credentials>); 3],
    book: MailBook,
}

impl Load {
    /// Begins; each time with another number, and other people and addresses.
    pub async fn begin(engines: &[Engine], number: usize) -> Self {
        let [(changed, changes), (wrote, letters)] = [0, 0].map(watch::channel);
        let stop = CancellationToken::new();
        let guests = Guests::invite(engines, number).await;
        let writer = Writer::claim(engines, number).await;
        let each: Vec<&Engine> = engines.iter().collect();
        Self {
            engines: engines.to_vec(),
            crowd: Crowd::gather(&each, TABS),
            guests: tokio::spawn(guests.come_and_go(number, changed, stop.clone())),
            writer: tokio::spawn(writer.write(wrote, stop.clone())),
            done: [changes, letters],
            stop,
        }
    }

    /// The address of a mailbox that letters of that number come to.
    pub fn recipient(number: usize) -> String {
        format!("fra-finch{number}")
    }

    /// Waits until they have clicked on, answered or not.
    pub async fn click_on(&self) {
        self.crowd.click_on(SOME).await;
    }

    /// Waits until everything goes on and is answered.
    pub async fn go_on(&self) {
        self.crowd.click_on(SOME).await;
        for done in &self.done {
            let mut done = done.clone();
            let goal = *done.borrow() + SOME / 10;
            let wait = done.wait_for(|done| *done >= goal);
            let went_on = tokio::time::timeout(DEADLINE, wait).await;
            // The sender is gone where a change or a letter has failed for good.
            went_on.expect("all goes on").expect("no failure");
        }
    }

    /// Lets all stop, waits until everything is answered, and checks that each change of the party and each letter is there
    /// once. The sum of the clicks.
    pub async fn settle(self) -> i64 {
        self.stop.cancel();
        let tabs = self.crowd.settle().await;
        self.guests.await.unwrap().check().await;
        self.writer.await.unwrap().check(&self.engines).await;
        tabs.iter().map(Tab::sum).sum()
    }
}

impl Guests {
    async fn invite(engines: &[Engine], number: usize) -> Self {
        let parties: Vec<Parties> = engines
            .iter()
            .map(|engine| engine.parties().clone())
            .collect();
        let host = person(&format!("host{number}"));
        let created = parties[0].create(host, plan("Host")).await.unwrap();
        Self {
            parties,
            code: created.party_code,
            names: vec!["Host".into()],
        }
    }

    async fn come_and_go(
        mut self,
        number: usize,
        done: watch::Sender<u64>,
        stop: CancellationToken,
    ) -> Self {
        let name = |guest: usize| format!("guest{number}x{guest}");
        let mut guest = 0;
        while stop
            .run_until_cancelled(tokio::time::sleep(PAUSE))
            .await
            .is_some()
        {
            self.come(name(guest)).await;
            // Half of them leave again, not all at once.
            if guest % 2 == 1 {
                self.leave(name(guest / 2)).await;
            }
            guest += 1;
            done.send_modify(|done| *done += 1);
        }
        self
    }

    async fn come(&mut self, name: String) {
        self.change(&name, true).await;
        self.names.push(name);
    }

    async fn leave(&mut self, name: String) {
        self.change(&name, false).await;
        self.names.retain(|other| *other != name);
    }

    /// Somebody comes or leaves: at one instance after the other, until there is an answer.
    async fn change(&self, name: &str, comes: bool) {
        let who = ParticipantName::parse(name).unwrap();
        for parties in self.parties.iter().cycle() {
            let outcome = if comes {
                let joined = parties.join(self.code, person(name), Some(who.clone()));
                joined.await.map(drop)
            } else {
                parties.leave(self.code, person(name)).await
            };
            match outcome {
                // Not in: they have left in an earlier call, whose answer was lost.
                Ok(()) | Err(PartyError::NotIn) => return,
                Err(PartyError::Link(_)) => tokio::time::sleep(PAUSE).await,
                Err(error) => panic!("{name}: {error}"),
            }
        }
    }

    async fn check(&self) {
        for parties in &self.parties {
            let party: Party = parties.show(self.code).await.unwrap();
            let found = names(&party);
            let found: Vec<_> = found
                .iter()
                .map(|name| name.trim_end_matches('*'))
                .collect();
            assert_eq!(found, self.names);
        }
    }
}

impl Writer {
    async fn claim(engines: &[Engine], number: usize) -> Self {
        let own = format!("ord-wren{number}");
        let claimed = Load::recipient(number);
        let proof = claim(&engines[0], &own).await;
        let addresses = [
            (address(&own), Some(proof.clone())),
            (address(&claimed), Some(claim(&engines[0], &claimed).await)),
            (address(&format!("syd-robin{number}")), None),
        ];
        Self {
            mails: engines.iter().map(|engine| engine.mail().clone()).collect(),
            proof,
            addresses,
            book: MailBook::default(),
        }
    }

    async fn write(mut self, done: watch::Sender<u64>, stop: CancellationToken) -> Self {
        let [(own, _), others @ ..] = &self.addresses;
        let tries = (DEADLINE.as_millis() / 10) as usize;
        for (number, (to, _)) in others.iter().cycle().enumerate() {
            if stop
                .run_until_cancelled(tokio::time::sleep(PAUSE))
                .await
                .is_none()
            {
                break;
            }
            let text = format!("{number:06}");
            let letter = proved(&own.to_string(), &to.to_string(), &text, &self.proof);
            let letter = keyed(&letter, &text);
            let outcome = attempt(&self.mails, &letter, number, tries).await;
            self.book.note(&letter, outcome);
            done.send_modify(|done| *done += 1);
        }
        self
    }

    async fn check(&self, engines: &[Engine]) {
        for (address, proof) in &self.addresses {
            self.book
                .check_mailbox(engines, address, proof.as_ref())
                .await;
        }
    }
}
