//! What a node of a cluster knows of all.

use super::{NODES, PRIMARIES, RedisServer, SLOTS};
use std::fmt::Write;
use std::io;

/// What a node says of all nodes, itself included.
#[derive(Debug)]
pub(super) struct View {
    lines: Vec<Line>,
    /// Whether it serves its slots.
    is_ok: bool,
    /// Whether a replica of its own is up to date.
    has_replica: bool,
    /// All of it as it was told.
    pub(super) text: String,
}

/// What is said of one node.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) is_primary: bool,
    /// The id of its primary, if it is a replica.
    primary: Option<String>,
    pub(super) epoch: u64,
    is_self: bool,
    is_connected: bool,
    is_dead: bool,
    ranges: Vec<(u16, u16)>,
    is_moving: bool,
}

impl View {
    /// Asks a node.
    pub(super) async fn of(node: &RedisServer) -> io::Result<Self> {
        let mut connection = node.connection().await?;
        let mut asked = redis::pipe();
        asked.cmd("CLUSTER").arg("NODES");
        asked.cmd("CLUSTER").arg("INFO");
        asked.cmd("INFO").arg("replication");
        let (nodes, info, replication): (String, String, String) = asked
            .query_async(&mut connection)
            .await
            .map_err(io::Error::other)?;
        let lines = nodes.lines().map(Line::parse).collect::<Option<_>>();
        Ok(Self {
            lines: lines.ok_or_else(|| io::Error::other(nodes.clone()))?,
            is_ok: info.contains("cluster_state:ok"),
            has_replica: replication.contains("state=online"),
            text: format!("{nodes}{info}{replication}"),
        })
    }

    /// What it says of itself.
    pub(super) fn own(&self) -> io::Result<&Line> {
        let own = self.lines.iter().find(|line| line.is_self);
        own.ok_or_else(|| io::Error::other("a node that does not know itself"))
    }

    fn find(&self, number: usize) -> Option<&Line> {
        self.lines.iter().find(|line| line.number == number)
    }

    /// Whether that node has slots which a replica of it is yet to take.
    pub(super) fn awaits_heir(&self, number: usize) -> bool {
        let is_heir = |line: &Line| line.follows(number) && !line.is_dead;
        self.find(number).is_some_and(|line| line.slots() > 0) && self.lines.iter().any(is_heir)
    }

    /// Whether all is well as far as it knows.
    pub(super) fn is_healthy(&self) -> bool {
        let reached = |line: &Line| !line.is_dead && (line.is_self || line.is_connected);
        let served: usize = self.lines.iter().map(Line::slots).sum();
        self.is_ok
            && self.lines.len() == NODES
            && self
                .lines
                .iter()
                .all(|line| reached(line) && !line.is_moving)
            && served == usize::from(SLOTS)
            && self
                .own()
                .is_ok_and(|own| !own.is_primary || self.has_replica)
    }

    /// Whether it sees everybody in the same place as another does.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        (0..NODES).all(|number| {
            let place = |view: &Self| {
                let line = view.find(number)?;
                Some((line.is_primary, line.primary.clone(), line.ranges.clone()))
            };
            place(self) == place(other)
        })
    }
}

impl Line {
    /// Reads a line of `CLUSTER NODES`.
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let [id, _, flags, primary, _, _, epoch, link, slots @ ..] = &words[..] else {
            return None;
        };
        let mut flags = flags.split(',');
        let is_self = flags.clone().any(|flag| flag == "myself");
        let is_dead = flags.clone().any(|flag| flag.starts_with("fail"));
        let ranges = slots.iter().filter(|slot| !slot.starts_with('['));
        let range = |range: &&str| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            Some((first.parse().ok()?, last.parse().ok()?))
        };
        Some(Self {
            number: usize::from_str_radix(id, 16).ok()?.checked_sub(1)?,
            is_primary: flags.any(|flag| flag == "master"),
            primary: (*primary != "-").then(|| (*primary).to_owned()),
            epoch: epoch.parse().ok()?,
            is_self,
            is_connected: *link == "connected",
            is_dead,
            ranges: ranges.map(range).collect::<Option<_>>()?,
            is_moving: slots.iter().any(|slot| slot.starts_with('[')),
        })
    }

    pub(super) fn serves(&self, slot: u16) -> bool {
        let mut ranges = self.ranges.iter();
        ranges.any(|(first, last)| (*first..=*last).contains(&slot))
    }

    /// Whether it is a replica of that one.
    pub(super) fn follows(&self, number: usize) -> bool {
        self.primary.as_ref() == Some(&id_of(number))
    }

    /// How many slots it serves.
    pub(super) fn slots(&self) -> usize {
        let length = |(first, last): &(u16, u16)| usize::from(last - first) + 1;
        self.ranges.iter().map(length).sum()
    }
}

/// The id of a node, its number for short.
pub(super) fn id_of(number: usize) -> String {
    format!("{:040x}", number + 1)
}

/// The file in which a node keeps what it knows of all, as it is at the beginning.
pub(super) fn nodes_conf(own: usize, ports: &[u16], buses: &[u16]) -> String {
    let mut text = String::new();
    for (number, (port, bus)) in ports.iter().zip(buses).enumerate() {
        let primary = number % PRIMARIES;
        let is_self = if number == own { "myself," } else { "" };
        let (role, slots) = if number < PRIMARIES {
            let first = |number: usize| usize::from(SLOTS) * number / PRIMARIES;
            let range = format!(" {}-{}", first(primary), first(primary + 1) - 1);
            ("master -".to_owned(), range)
        } else {
            (format!("slave {}", id_of(primary)), String::new())
        };
        let (id, epoch) = (id_of(number), primary + 1);
        // Writing to a string cannot fail.
        let _written = writeln!(
            text,
            "{id} 127.0.0.1:{port}@{bus} {is_self}{role} 0 0 {epoch} connected{slots}"
        );
    }
    text + &format!("vars currentEpoch {PRIMARIES} lastVoteEpoch 0\n")
}
