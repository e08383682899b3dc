//! The features of this crate: how each is built, and the sources that it has.

use crate::Parties;
use crate::document::Parts;
use crate::draw::{Draw, DrawSource};
use crate::hub::Sources;
use crate::mail::{Mail, MailboxSource};
use crate::party::{ChatSource, PartySource};
use crate::peer::Peers;
use crate::region::Regions;
use crate::world::{InstanceInfo, Mirror, WorldSource};

/// The parties.
pub(crate) fn parties(parts: &Parts, own: &InstanceInfo) -> Parties {
    Parties::new(
        parts.link.clone(),
        parts.keys.clone(),
        own.place.code.clone(),
        parts.limits.party_participants,
        parts.metrics.clone(),
    )
}

/// The mail.
pub(crate) fn mail(parts: &Parts, regions: &Regions, peers: Peers) -> Mail {
    Mail::new(
        (parts.link.clone(), parts.keys.clone()),
        (regions.clone(), peers),
        parts.instance.clone(),
        parts.limits.mail,
        parts.metrics.clone(),
    )
}

/// The table of sources with one line for every topic of this crate.
pub(crate) fn with_features(
    more: Sources,
    mirror: &Mirror,
    parties: &Parties,
    mail: &Mail,
    draw: &Draw,
) -> Sources {
    more.with(WorldSource(mirror.clone()))
        .with(PartySource(parties.clone()))
        .with(ChatSource(parties.clone()))
        .with(MailboxSource(mail.clone()))
        .with(DrawSource(draw.clone()))
}
