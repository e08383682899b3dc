//! Where a Redis listens.

use std::io;
use std::path::PathBuf;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

/// Where a Redis listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Upstream {
    /// `HOST:PORT`.
    Tcp(String),
    /// A Unix socket.
    Unix(PathBuf),
}

/// A stream of either kind.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Duplex for S {}

impl Upstream {
    /// Reads `redis://HOST:PORT`, `redis+unix:///PATH` or `unix:///PATH`; what follows the place is
    /// the client's business and ignored.
    pub(super) fn parse(url: &str) -> io::Result<Self> {
        let place = url.split('?').next().unwrap_or(url);
        let unix = place
            .strip_prefix("redis+unix://")
            .or_else(|| place.strip_prefix("unix://"));
        if let Some(path) = unix.filter(|path| path.starts_with('/')) {
            return Ok(Self::Unix(path.into()));
        }
        let authority = place
            .strip_prefix("redis://")
            .and_then(|rest| rest.split('/').next());
        let host = authority.map(|text| text.rsplit('@').next().unwrap_or(text));
        match host.filter(|host| host.contains(':')) {
            Some(host) => Ok(Self::Tcp(host.to_owned())),
            None => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{url:?} is neither redis://HOST:PORT nor redis+unix:///PATH"),
            )),
        }
    }

    /// Dials it.
    pub(super) async fn connect(&self) -> io::Result<Box<dyn Duplex>> {
        match self {
            Self::Tcp(host) => {
                let stream = TcpStream::connect(host).await?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            Self::Unix(path) => Ok(Box::new(UnixStream::connect(path).await?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_url_parse() {
        let tcp = |host: &str| Upstream::Tcp(host.into());
        let unix = Upstream::Unix("/tmp/a.sock".into());

        assert_eq!(
            Upstream::parse("redis://127.0.0.1:6379").unwrap(),
            tcp("127.0.0.1:6379")
        );
        assert_eq!(
            Upstream::parse("redis://u:p@h:1/2?protocol=resp3").unwrap(),
            tcp("h:1")
        );
        assert_eq!(
            Upstream::parse("redis+unix:///tmp/a.sock?db=1").unwrap(),
            unix
        );
        assert_eq!(Upstream::parse("unix:///tmp/a.sock").unwrap(), unix);
    }

    #[test]
    fn anything_else_is_refused() {
        for url in [
            "",
            "redis://",
            "redis://nowhere",
            "http://a:1",
            "unix://relative",
        ] {
            assert!(Upstream::parse(url).is_err(), "{url}");
        }
    }
}
