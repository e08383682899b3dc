//! Limits and intervals.

use super::{ConfigError, Variables};
use edge::{Confirm, ConfirmWhen, Limits};
use protocol::live::UNACKNOWLEDGED_MAX;
use std::ops::RangeInclusive;
use std::time::Duration;

/// The rate limits of sessions and network addresses.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Clicks per second of a session, over time.
    pub session_clicks: u32,
    /// Clicks of a session at once: as many as a page keeps while it is offline.
    pub session_clicks_at_once: u32,
    /// Clicks per second of an address, over time; four times as many at once.
    pub address_clicks: u32,
    /// Changes of documents per second of a session, over time; four times as many at once.
    pub session_changes: u32,
    /// Changes of documents per second of an address, over time; four times as many at once.
    pub address_changes: u32,
    /// Open sockets of an address.
    pub address_connections: u32,
    /// Parties created or joined per minute by an address.
    pub party_changes_per_minute: u32,
    /// Unknown party codes per minute from an address.
    pub party_misses_per_minute: u32,
    /// Unknown party codes per minute from a network of addresses.
    pub network_party_misses_per_minute: u32,
    /// Unknown party codes per minute in the whole cluster, above which each counts as several.
    pub cluster_party_misses_per_minute: u32,
    /// Searches for nearby parties per minute by an address.
    pub party_searches_per_minute: u32,
    /// Letters and chat messages per minute from an address.
    pub messages_per_minute: u32,
    /// Mail addresses claimed per minute by a network address.
    pub claims_per_minute: u32,
}

/// Reads the rate limits.
pub(super) fn rates(from: &Variables) -> Result<Rates, ConfigError> {
    Ok(Rates {
        session_clicks: from.number("SESSION_CLICKS_PER_SECOND", 100, 1..=1_000_000)?,
        session_clicks_at_once: from.number(
            "SESSION_CLICKS_AT_ONCE",
            u32::try_from(UNACKNOWLEDGED_MAX).unwrap_or(u32::MAX),
            1..=10_000_000,
        )?,
        address_clicks: from.number("ADDRESS_CLICKS_PER_SECOND", 2_000, 1..=10_000_000)?,
        session_changes: from.number("SESSION_CHANGES_PER_SECOND", 20, 1..=1_000_000)?,
        address_changes: from.number("ADDRESS_CHANGES_PER_SECOND", 400, 1..=10_000_000)?,
        address_connections: from.number("ADDRESS_CONNECTIONS", 500, 1..=1_000_000)?,
        party_changes_per_minute: from.number("PARTY_CHANGES_PER_MINUTE", 60, 1..=10_000_000)?,
        party_misses_per_minute: from.number("PARTY_MISSES_PER_MINUTE", 60, 1..=10_000_000)?,
        network_party_misses_per_minute: from.number(
            "NETWORK_PARTY_MISSES_PER_MINUTE",
            300,
            1..=10_000_000,
        )?,
        cluster_party_misses_per_minute: from.number(
            "CLUSTER_PARTY_MISSES_PER_MINUTE",
            2_000,
            1..=10_000_000,
        )?,
        party_searches_per_minute: from.number("PARTY_SEARCHES_PER_MINUTE", 120, 1..=10_000_000)?,
        messages_per_minute: from.number("MESSAGES_PER_MINUTE", 600, 1..=10_000_000)?,
        claims_per_minute: from.number("CLAIMS_PER_MINUTE", 30, 1..=10_000_000)?,
    })
}

/// Reads how many connections may be open, where that is set.
pub(super) fn connections(from: &Variables) -> Result<Option<u32>, ConfigError> {
    number_if_set(from, "OPEN_CONNECTIONS", 16..=10_000_000)
}

fn number_if_set(
    from: &Variables,
    name: &'static str,
    range: RangeInclusive<u32>,
) -> Result<Option<u32>, ConfigError> {
    let is_set = from.text(name).is_some();
    let number = from.number(name, *range.start(), range)?;
    Ok(is_set.then_some(number))
}

/// Reads whether acknowledgements wait for replicas.
fn confirm(from: &Variables, redis_timeout: Duration) -> Result<Confirm, ConfigError> {
    let when = match from.text("REDIS_CONFIRM").as_deref() {
        None | Some("replicated") => ConfirmWhen::Replicated,
        Some("always") => ConfirmWhen::Always,
        Some("never") => ConfirmWhen::Never,
        Some(other) => {
            let reason = "use replicated, always or never";
            return Err(ConfigError::new("REDIS_CONFIRM", other, reason));
        }
    };
    let default_ms = u32::try_from(redis_timeout.as_millis() / 2).unwrap_or(u32::MAX);
    Ok(Confirm {
        when,
        replicas: from.number("REDIS_CONFIRM_REPLICAS", 1, 1..=16)?,
        within: from.milliseconds("REDIS_CONFIRM_MS", default_ms, 1..=60_000)?,
    })
}

/// Reads the engine's intervals and limits, and checks them against each other.
pub(super) fn limits(from: &Variables) -> Result<Limits, ConfigError> {
    let mut limits = features(from)?;
    limits.redis_timeout = from.milliseconds("REDIS_TIMEOUT_MS", 2_000, 50..=60_000)?;
    limits.confirm = confirm(from, limits.redis_timeout)?;
    limits.beat_every = from.milliseconds("BEAT_MS", 1_000, 100..=60_000)?;
    limits.beat_limit = from.milliseconds("BEAT_LIMIT_MS", 5_000, 500..=600_000)?;
    limits.frames_per_second = number_if_set(from, "FRAMES_PER_SECOND", 1..=1_000)?;
    limits.session_watches = from.number("SESSION_WATCHES", 16, 4..=1_000)?;
    limits.clicks_waiting = from.number("CLICKS_WAITING", 100_000, 1..=10_000_000)? as usize;
    limits.click_keys_for = from.seconds("CLICK_KEY_SECONDS", 600, 1..=86_400)?;
    limits.document_ttl = from.seconds("DOCUMENT_TTL_SECONDS", 30 * 24 * 3600, 1..=31_536_000)?;
    limits.documents_per_person = from.number("DOCUMENTS_PER_PERSON", 20, 1..=1_000)?;
    let network_mib = from.number("NETWORK_MIB_PER_DAY", 256, 1..=1_048_576)?;
    limits.network_bytes_per_day = u64::from(network_mib) << 20;
    if limits.beat_limit < limits.beat_every * 2 {
        let value = limits.beat_limit.as_millis().to_string();
        return Err(ConfigError::new(
            "BEAT_LIMIT_MS",
            value,
            "use at least twice BEAT_MS, or one late heartbeat looks like a crash",
        ));
    }
    // Heartbeats wait for the presence call before them, which waits for Redis.
    if limits.redis_timeout + limits.beat_every >= limits.beat_limit {
        let value = limits.redis_timeout.as_millis().to_string();
        return Err(ConfigError::new(
            "REDIS_TIMEOUT_MS",
            value,
            "its sum with BEAT_MS must be less than BEAT_LIMIT_MS, or one slow call looks like a crash",
        ));
    }
    let Confirm { when, within, .. } = limits.confirm;
    if when != ConfirmWhen::Never && within >= limits.redis_timeout {
        return Err(ConfigError::new(
            "REDIS_CONFIRM_MS",
            within.as_millis().to_string(),
            "use less than REDIS_TIMEOUT_MS, or a late replica looks like a broken connection",
        ));
    }
    Ok(limits)
}

/// Reads the limits of the engine's features; the others as they usually are.
#[cfg_attr(
    not(any(feature = "parties", feature = "mail", feature = "draw")),
    allow(unused_variables, unused_mut, reason = "these are all of a feature")
)]
fn features(from: &Variables) -> Result<Limits, ConfigError> {
    let mut limits = Limits::default();
    #[cfg(feature = "parties")]
    {
        limits.parties.participants = from.number("PARTY_PARTICIPANTS", 64, 2..=1_000)?;
        limits.parties.ttl = from.seconds("PARTY_TTL_SECONDS", 24 * 3600, 1..=31_536_000)?;
    }
    #[cfg(feature = "mail")]
    {
        limits.mail = mail(from)?;
    }
    #[cfg(feature = "draw")]
    {
        limits.draw = draw(from)?;
    }
    Ok(limits)
}

/// Reads the limits of mail.
#[cfg(feature = "mail")]
fn mail(from: &Variables) -> Result<edge::MailLimits, ConfigError> {
    let days = from.number("MAIL_KEPT_DAYS", 30, 1..=3_650)?;
    Ok(edge::MailLimits {
        kept_max: from.number("MAIL_KEPT", 10_000, 10..=1_000_000)?,
        kept_for: Duration::from_secs(u64::from(days) * 24 * 3600),
        sends_per_minute: from.number("MAIL_FROM_PER_MINUTE", 600, 1..=10_000_000)?,
        receives_per_minute: from.number("MAIL_TO_PER_MINUTE", 1_200, 1..=10_000_000)?,
        unverified_per_minute: from.number("MAIL_UNVERIFIED_PER_MINUTE", 30, 1..=10_000_000)?,
        unverified_per_network: from.number("MAIL_UNVERIFIED_PER_NETWORK", 60, 1..=10_000_000)?,
        unverified_kept_max: from.number("MAIL_UNVERIFIED_KEPT", 500, 10..=1_000_000)?,
        outbox_max: from.number("MAIL_OUTBOX", 100_000, 10..=10_000_000)?,
        // Other clusters remember stored messages for 48 hours: later retries would be stored twice.
        outbox_for: from.seconds("MAIL_OUTBOX_SECONDS", 24 * 3600, 1..=40 * 3600)?,
    })
}

/// Reads the draw's settings.
#[cfg(feature = "draw")]
fn draw(from: &Variables) -> Result<edge::DrawLimits, ConfigError> {
    let usual = edge::DrawLimits::default();
    let in_seconds = |usual: Duration| u32::try_from(usual.as_secs()).unwrap_or(u32::MAX);
    let points_max = from.number("DRAW_POINTS", usual.points_max.into(), 1..=u8::MAX.into())?;
    Ok(edge::DrawLimits {
        players: from.number("DRAW_PLAYERS", usual.players, 1..=100_000_000)?,
        points_max: u8::try_from(points_max).unwrap_or(u8::MAX),
        every: from.seconds("DRAW_EVERY_SECONDS", in_seconds(usual.every), 1..=86_400)?,
        rest: from.seconds("DRAW_REST_SECONDS", in_seconds(usual.rest), 1..=86_400)?,
    })
}

#[cfg(feature = "draw")]
#[cfg(test)]
mod tests {
    use super::*;

    /// Players, most points, and the seconds that a round lasts and rests at least, with these variables.
    fn draw_with(pairs: &[(&str, &str)]) -> (u32, u8, u64, u64) {
        let find = |name: &str| {
            let known = pairs.iter().find(|(known, _)| *known == name);
            known.map(|(_, value)| (*value).to_owned())
        };
        let draw = limits(&Variables(&find)).unwrap().draw;
        (
            draw.players,
            draw.points_max,
            draw.every.as_secs(),
            draw.rest.as_secs(),
        )
    }

    #[test]
    fn a_million_players_get_up_to_a_hundred_points_every_minute_unless_another_draw_is_set() {
        assert_eq!(draw_with(&[]), (1_000_000, 100, 60, 10));
        for (name, with_seven) in [
            ("DRAW_PLAYERS", (7, 100, 60, 10)),
            ("DRAW_POINTS", (1_000_000, 7, 60, 10)),
            ("DRAW_EVERY_SECONDS", (1_000_000, 100, 7, 10)),
            ("DRAW_REST_SECONDS", (1_000_000, 100, 60, 7)),
        ] {
            assert_eq!(draw_with(&[(name, "7")]), with_seven, "{name}");
        }
    }
}
