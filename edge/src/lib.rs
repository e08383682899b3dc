#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

/// What crosses a wire: documents, topics, addresses and their kin.
pub use protocol;

pub mod region;

#[cfg(feature = "mail")]
pub mod peer;

mod redis;
pub use redis::{ConfigError, Confirm, ConfirmWhen, Endpoint, LinkError, RedisConcern, TlsFiles};

mod world;
pub use world::Mirror;

mod presence;

mod pace;

mod sync;

#[cfg(any(feature = "parties", feature = "mail", feature = "draw"))]
mod timestamp;

mod identity;
pub use identity::{IdentityKey, NetworkId, PersonId};

mod forgotten;
pub use forgotten::Forgotten;

mod dispatch;

#[cfg(feature = "parties")]
mod party;
#[cfg(feature = "parties")]
pub use party::{JoinOutcome, Parties, PartyError, PartyLimits, PartyMetrics, PartyPlan};

#[cfg(feature = "mail")]
mod mail;
#[cfg(feature = "mail")]
pub use mail::{
    Conversations, Credentials, Mail, MailBlock, MailError, MailLimits, MailLink, MailMetrics,
    MailToken, NewLetter, Outbox, OutboxBatch, OutboxEntry, OutboxError, OutboxOutcome, TokenHash,
};

mod network_budget;
pub use network_budget::NetworkBudgets;

#[cfg(feature = "draw")]
mod draw;
#[cfg(feature = "draw")]
pub use draw::{Draw, DrawAnswer, DrawError, DrawLimits, DrawMetrics, GiveError};

mod counter;
pub use counter::{ClickError, ClickSource, Receipt};

mod document;
pub use document::{ChangeError, ChangeSource, Documents};

mod hub;
pub use hub::{
    Loaded, Message, MissLimit, Outgoing, Session, Sink, Source, Sources, Update, Viewer,
    WatchError,
};

mod metrics;
pub use metrics::Metrics;

mod config;
pub use config::{Config, Limits};

mod tasks;

mod features;

mod engine;
pub use engine::Engine;

mod secrets;
pub use secrets::{Kept, SecretNews};

#[cfg(feature = "testing")]
pub mod testing;
