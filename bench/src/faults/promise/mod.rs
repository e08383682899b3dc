//! What holds whatever fails, as far as it can be seen from outside, and how to tell that it did not.
//!
//! Pure: each check compares what was answered with what is shown.

use crate::cluster::World;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// How long a killed instance may stay on a page.
pub const GONE_WITHIN: Duration = Duration::from_secs(6);
/// How long a page may take while Redis is away.
pub const PAGE_WITHIN: Duration = Duration::from_secs(2);
/// After this long without Redis, an instance has to say how old its numbers are: it waits two seconds for an answer,
/// and a second until it asks again.
pub const AGE_SAID_AFTER: Duration = Duration::from_secs(5);

/// An invariant of DESIGN.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// An acknowledged click counts exactly once.
    ClickOnce,
    /// Instances of one region add up.
    RegionsAddUp,
    /// Numbers on a page never go back to an older revision.
    NeverBack,
    /// A killed instance disappears from every page within six seconds.
    GoneInTime,
    /// The mirrors of all instances agree.
    MirrorsAgree,
    /// An acknowledged change to a party is there, and one participant leads.
    PartyKept,
    /// An acknowledged chat message is there once.
    ChatOnce,
    /// An acknowledged letter is there once.
    LetterOnce,
    /// Pages render while Redis is away, say how old they are, and keep their sockets.
    PagesGoOn,
}

/// A promise that was broken, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub promise: Promise,
    pub how: String,
}

impl Promise {
    /// It was broken so.
    pub fn broken(self, how: impl Into<String>) -> Violation {
        let how = how.into();
        Violation { promise: self, how }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.promise, self.how)
    }
}

/// Everything that was acknowledged is there once, and there is nothing else.
pub fn exactly_once(promise: Promise, sent: &[String], there: &[String]) -> Vec<Violation> {
    let mut balance: BTreeMap<&str, i64> = BTreeMap::new();
    for text in sent {
        *balance.entry(text).or_default() -= 1;
    }
    for text in there {
        *balance.entry(text).or_default() += 1;
    }
    let lost = balance.values().filter(|&&times| times < 0).count();
    let surplus = balance.values().filter(|&&times| times > 0).count();
    let wrong = balance.iter().find(|&(_, &times)| times != 0);
    wrong.map_or_else(Vec::new, |(text, _)| {
        let how = format!("{lost} lost, {surplus} too many of {}: {text}", sent.len());
        vec![promise.broken(how)]
    })
}

/// The newest epoch and revision that one connection has shown.
#[derive(Debug, Default)]
pub struct Sight {
    newest: (u64, u64),
}

impl Sight {
    /// Sees the next state.
    pub fn see(&mut self, epoch: u64, rev: u64) -> Option<Violation> {
        let (before, now) = (self.newest, (epoch, rev));
        self.newest = before.max(now);
        (now < before)
            .then(|| Promise::NeverBack.broken(format!("{now:?} was shown after {before:?}")))
    }
}

/// All instances show the same world, whose connections are those that are open.
pub fn mirrors_agree(worlds: &[World], open: usize, instances: usize) -> Vec<Violation> {
    let mut violations = Vec::new();
    let differs = |world: &&World| world.regions != worlds[0].regions || world.rev != worlds[0].rev;
    if let Some(other) = worlds.iter().find(differs) {
        let how = format!("{:?} and {other:?}", worlds[0]);
        violations.push(Promise::MirrorsAgree.broken(how));
    }
    for world in worlds {
        let live: u32 = world.regions.iter().map(|region| region.instances).sum();
        if world.connections != open {
            let how = format!("{} connections for {open} sockets", world.connections);
            violations.push(Promise::RegionsAddUp.broken(how));
        }
        if usize::try_from(live) != Ok(instances) {
            let how = format!("{live} instances where {instances} run");
            violations.push(Promise::MirrorsAgree.broken(how));
        }
    }
    violations
}

/// A killed instance was shown for so long.
pub fn gone_in_time(shown_for: Duration) -> Option<Violation> {
    (shown_for > GONE_WITHIN).then(|| {
        let how = format!(
            "a killed instance was shown for {:.1} s",
            shown_for.as_secs_f64()
        );
        Promise::GoneInTime.broken(how)
    })
}

/// What an instance showed while Redis was away.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// How long Redis had been away when it was asked.
    pub away: Duration,
    /// How long the page took; none if it did not come.
    pub page: Option<Duration>,
    /// How old the numbers were said to be.
    pub age: Duration,
}

/// The page came, and said how old it was.
pub fn pages_go_on(shown: Shown) -> Option<Violation> {
    let how = match shown.page {
        None => "no page without Redis".to_owned(),
        Some(took) if took > PAGE_WITHIN => {
            format!("a page without Redis took {:.1} s", took.as_secs_f64())
        }
        Some(_) if shown.away > AGE_SAID_AFTER && shown.age.is_zero() => {
            let away = shown.away.as_secs_f64();
            format!("Redis was away for {away:.1} s, and the page did not say so")
        }
        Some(_) => return None,
    };
    Some(Promise::PagesGoOn.broken(how))
}

/// So many sockets were closed although only Redis was away.
pub fn sockets_stay(closed: u64) -> Option<Violation> {
    let how = || format!("{closed} sockets were closed although only Redis was away");
    (closed > 0).then(|| Promise::PagesGoOn.broken(how()))
}

#[cfg(test)]
mod tests;
