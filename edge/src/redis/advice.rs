//! What to do about a connection that fails, said once.

use super::inspection::forbids;
use super::locator::ConnectError;
use super::{Backoff, LinkError, RedisConcern};
use redis::{ErrorKind, RedisError};
use std::time::Duration;
use tracing::warn;

/// What parts of an error's text mean: rustls, its alerts, and the system's errors come without kinds of redis-rs.
const TEXTS: [(&str, RedisConcern); 12] = [
    ("UnknownIssuer", RedisConcern::UnknownAuthority),
    ("CaUsedAsEndEntity", RedisConcern::SelfSigned),
    ("not valid for name", RedisConcern::WrongName),
    ("NotValidForName", RedisConcern::WrongName),
    ("certificate expired", RedisConcern::Expired),
    ("certificate not valid yet", RedisConcern::Expired),
    ("CertificateRequired", RedisConcern::ClientCertificate),
    ("UnknownCA", RedisConcern::ClientCertificate),
    ("lookup address", RedisConcern::UnknownHost),
    ("not point to a sentinel", RedisConcern::IsNoSentinel),
    ("cluster support disabled", RedisConcern::IsNoCluster),
    ("InvalidContentType", RedisConcern::NoTls),
];

/// What is behind a failure to connect, if that is known; `tls`: whether it was tried with TLS.
pub(super) fn advice(error: &ConnectError, tls: bool) -> Option<RedisConcern> {
    match error {
        ConnectError::Concern(concern) => Some(concern.clone()),
        ConnectError::Link(LinkError::Timeout) => tls.then_some(RedisConcern::NoTls),
        ConnectError::Link(LinkError::Redis(error)) | ConnectError::Redis(error) => of(error, tls),
        _ => None,
    }
}

fn of(error: &RedisError, tls: bool) -> Option<RedisConcern> {
    let text = error.to_string();
    match (error.kind(), error.code()) {
        (ErrorKind::MasterNameNotFoundBySentinel, _) => return Some(RedisConcern::NoPrimary),
        (ErrorKind::RESP3NotSupported, _) => return Some(RedisConcern::TooOld("before 6".into())),
        (_, Some("WRONGPASS")) => return Some(RedisConcern::WrongPassword),
        (_, Some("NOAUTH")) => return Some(RedisConcern::NoPassword),
        (ErrorKind::AuthenticationFailed, _) => return Some(RedisConcern::WrongPassword),
        _ => {}
    }
    if let Some(what) = forbids(error) {
        return Some(RedisConcern::Forbids(what));
    }
    if let Some((_, concern)) = TEXTS.iter().find(|(part, _)| text.contains(part)) {
        return Some(concern.clone());
    }
    if error.is_connection_refusal() {
        return Some(RedisConcern::Refused);
    }
    if tls {
        return error.is_timeout().then_some(RedisConcern::NoTls);
    }
    error
        .is_connection_dropped()
        .then_some(RedisConcern::OnlyTls)
}

/// Says what fails, once until it is something else, and how long to wait before the next attempt: a little, or longer and
/// longer where only somebody's hand can help.
#[derive(Default)]
pub(super) struct Complaints {
    backoff: Backoff,
    said: Option<String>,
}

impl Complaints {
    /// An attempt failed. The pause before the next.
    pub(super) fn failed(
        &mut self,
        error: &ConnectError,
        concern: Option<&RedisConcern>,
    ) -> Duration {
        // Some errors tell the time.
        let text = concern.map_or_else(|| error.to_string(), ToString::to_string);
        if self.said.as_ref() != Some(&text) {
            match concern {
                Some(_) => warn!(%error, "Failed to connect to Redis; retrying. {text}"),
                None => warn!(%error, "Failed to connect to Redis; retrying"),
            }
            self.said = Some(text);
        }
        match concern {
            Some(concern) if concern.lasts() => self.backoff.idle_delay(),
            _ => self.backoff.delay(),
        }
    }

    /// An attempt succeeded: the next failure is news.
    pub(super) fn succeeded(&mut self) {
        self.said = None;
    }

    /// A connection has lasted, or has broken at once.
    pub(super) fn lost(&mut self, is_after_long: bool) -> Duration {
        if is_after_long {
            self.backoff.reset();
        }
        self.backoff.delay()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn what_the_clock_decides_is_told_by_its_text() {
        let text = "invalid peer certificate: certificate expired: verification time 2 (UNIX), but certificate is \
                    not valid after 1";
        let error = ConnectError::Redis(io::Error::other(text).into());

        assert_eq!(advice(&error, true), Some(RedisConcern::Expired));
    }

    #[test]
    fn who_waits_for_a_hand_waits_longer() {
        let error = ConnectError::Link(LinkError::Timeout);
        let longest = |concern: &RedisConcern| {
            let mut complaints = Complaints::default();
            let pauses = (0..20).map(|_| complaints.failed(&error, Some(concern)));
            pauses.max().unwrap()
        };

        assert!(longest(&RedisConcern::WrongPassword) > Duration::from_secs(10));
        assert!(longest(&RedisConcern::Refused) <= Duration::from_secs(1));
    }
}
