//! The features of this crate, each of which is a Cargo feature: how each is built, started and left, and the sources that
//! it has.

#![cfg_attr(
    not(all(feature = "parties", feature = "mail", feature = "draw")),
    allow(unused_variables, reason = "some are of one feature alone")
)]

use crate::document::Parts;
use crate::hub::Sources;
use crate::redis::LinkError;
use crate::region::Place;
use crate::{Config, Engine};

/// The features that are compiled. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Features {
    #[cfg(feature = "parties")]
    parties: crate::Parties,
    #[cfg(feature = "mail")]
    mail: crate::Mail,
    #[cfg(feature = "draw")]
    draw: crate::Draw,
}

impl Features {
    pub(crate) fn new(parts: &Parts, config: &Config) -> Self {
        Self {
            #[cfg(feature = "parties")]
            parties: crate::Parties::new(
                parts.link.clone(),
                parts.keys.clone(),
                config.place.code.clone(),
                parts.limits.parties,
                parts.metrics.parties.clone(),
            ),
            #[cfg(feature = "mail")]
            mail: crate::Mail::new(
                (parts.link.clone(), parts.keys.clone()),
                (config.regions.clone(), config.peers.clone()),
                parts.instance.clone(),
                parts.limits.mail,
                parts.metrics.mail.clone(),
            ),
            #[cfg(feature = "draw")]
            draw: crate::Draw::new(parts.link.clone(), &parts.keys, parts.metrics.draw.clone()),
        }
    }

    /// Adds a line for every topic of theirs to the table of sources.
    pub(crate) fn sources(&self, sources: Sources) -> Sources {
        #[cfg(feature = "parties")]
        let sources = sources
            .with(crate::party::PartySource(self.parties.clone()))
            .with(crate::party::ChatSource(self.parties.clone()))
            .with_personal(crate::party::UnreadMessagesSource(self.parties.clone()));
        #[cfg(feature = "mail")]
        let sources = sources
            .with(crate::mail::MailboxSource(self.mail.clone()))
            .with_personal(crate::mail::UnreadLettersSource(self.mail.clone()));
        #[cfg(feature = "draw")]
        let sources = sources.with(crate::draw::DrawSource(self.draw.clone()));
        sources
    }

    /// Starts their tasks.
    pub(crate) fn start(&self, parts: &Parts, place: &Place) {
        #[cfg(feature = "parties")]
        self.parties.start(&parts.tasks);
        #[cfg(feature = "mail")]
        self.mail.start(&parts.tasks, &parts.instance, place);
        #[cfg(feature = "draw")]
        self.draw
            .start(&parts.tasks, &parts.instance, &parts.limits);
    }

    /// Gives up what this instance has to itself, after its tasks have ended.
    pub(crate) async fn leave(&self, instance: &str) -> Result<(), LinkError> {
        #[cfg(feature = "draw")]
        self.draw.leave(instance).await?;
        Ok(())
    }
}

impl Features {
    /// Whether they know all that pages show of them.
    pub(crate) fn are_ready(&self) -> bool {
        cfg_select! {
            feature = "draw" => { self.draw.is_ready() }
            _ => { true }
        }
    }
}

/// What heartbeats do for the parties; nothing where there are none.
impl Features {
    /// How long an idle party lasts, in milliseconds.
    pub(crate) fn idle_ms(&self) -> u64 {
        cfg_select! {
            feature = "parties" => { self.parties.idle_ms() }
            _ => { 0 }
        }
    }

    /// Takes the number of codes of no party that the next heartbeat is to add.
    pub(crate) fn take_misses(&self) -> u32 {
        cfg_select! {
            feature = "parties" => { self.parties.misses().take() }
            _ => { 0 }
        }
    }

    /// Puts back what may not have reached Redis.
    pub(crate) fn put_back_misses(&self, count: u32) {
        #[cfg(feature = "parties")]
        self.parties.misses().put_back(count);
    }

    /// Sets the cluster's number.
    pub(crate) fn learn_misses(&self, in_cluster: u32) {
        #[cfg(feature = "parties")]
        self.parties.misses().learn(in_cluster);
    }

    /// Ends some of the idle parties; true if there may be more.
    pub(crate) async fn end_idle(&self) -> Result<bool, LinkError> {
        cfg_select! {
            feature = "parties" => { self.parties.end_idle().await }
            _ => { Ok(false) }
        }
    }
}

impl Engine {
    /// All parties of the cluster.
    #[cfg(feature = "parties")]
    #[must_use]
    pub fn parties(&self) -> &crate::Parties {
        &self.features.parties
    }

    /// All mail of the cluster.
    #[cfg(feature = "mail")]
    #[must_use]
    pub fn mail(&self) -> &crate::Mail {
        &self.features.mail
    }

    /// The draw.
    #[cfg(feature = "draw")]
    #[must_use]
    pub fn draw(&self) -> &crate::Draw {
        &self.features.draw
    }
}
