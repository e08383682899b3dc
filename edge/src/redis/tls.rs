//! TLS to Redis.

use super::ConfigError;
use redis::{ClientTlsConfig, ConnectionAddr, ConnectionInfo, TlsCertificates};
use rustls::pki_types::pem::{Error, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};

/// Files for TLS, in PEM. Without any, the machine's certificate authorities are trusted, or those of `SSL_CERT_FILE`.
#[derive(Clone, Debug, Default)]
pub struct TlsFiles {
    /// The certificate authorities to trust instead.
    pub authorities: Option<PathBuf>,
    /// The certificate that this instance shows, with those of its issuers, and its private key.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

impl TlsFiles {
    /// Reads and checks them; none if there are none.
    pub(super) fn read(&self) -> Result<Option<TlsCertificates>, ConfigError> {
        let Self {
            authorities,
            certificate,
        } = self;
        if authorities.is_none() && certificate.is_none() {
            return Ok(None);
        }
        let client_tls = match certificate {
            Some((certificate, key)) => Some(ClientTlsConfig {
                client_cert: read_certificates(certificate)?,
                client_key: read(key, "no private key", |pem| {
                    PrivateKeyDer::from_pem_slice(pem).map(|_| true)
                })?,
            }),
            None => None,
        };
        Ok(Some(TlsCertificates {
            client_tls,
            root_cert: authorities.as_deref().map(read_certificates).transpose()?,
        }))
    }
}

fn read_certificates(path: &Path) -> Result<Vec<u8>, ConfigError> {
    read(path, "no certificate", |pem| {
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        Ok(!all?.is_empty())
    })
}

/// Reads a file in which there is what is looked for.
fn read(
    path: &Path,
    missing: &str,
    has: impl Fn(&[u8]) -> Result<bool, Error>,
) -> Result<Vec<u8>, ConfigError> {
    let invalid = |reason: String| ConfigError::Tls(path.into(), reason);
    let pem = std::fs::read(path).map_err(|error| invalid(error.to_string()))?;
    match has(&pem) {
        Ok(true) => Ok(pem),
        Ok(false) | Err(Error::NoItemsFound) => Err(invalid(format!("{missing} in PEM is in it"))),
        Err(error) => Err(invalid(error.to_string())),
    }
}

/// Whether it is reached with TLS.
pub(super) fn is_tls(info: &ConnectionInfo) -> bool {
    matches!(info.addr(), ConnectionAddr::TcpTls { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Certificates;

    #[test]
    fn files_are_checked() {
        let certificates = Certificates::make().unwrap();
        let read = |authorities: PathBuf, key: PathBuf| {
            let files = TlsFiles {
                authorities: Some(authorities),
                certificate: Some((certificates.client(), key)),
            };
            files.read().map(|_| ()).map_err(|error| error.to_string())
        };
        let (authority, key) = (certificates.authority(), certificates.client_key());

        let cases = [
            (key.clone(), key.clone(), "no certificate"),
            (authority.clone(), certificates.client(), "no private key"),
            ("/nowhere".into(), key.clone(), "/nowhere"),
        ];
        for (authorities, key, says) in cases {
            assert!(read(authorities, key).unwrap_err().contains(says), "{says}");
        }
        assert_eq!(read(authority, key), Ok(()));
    }
}
