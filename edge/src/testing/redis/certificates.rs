//! Certificates for TLS.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// A certificate authority, what it has signed, and another authority that has nothing to do with it, as PEM files in a
/// temporary folder. Cheap to clone; the last one to go removes the files.
#[derive(Clone, Debug)]
pub struct Certificates {
    folder: Arc<TempDir>,
}

impl Certificates {
    /// Makes new ones.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn make() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("tls-").tempdir()?;
        let certificates = Self {
            folder: Arc::new(folder),
        };
        let (authority, other) = (
            new_authority("Murmuration's tests")?,
            new_authority("Strangers")?,
        );
        certificates.write("ca.pem", &authority.pem())?;
        certificates.write("other-ca.pem", &other.pem())?;
        certificates.sign("server", &authority, &["127.0.0.1", "localhost"])?;
        certificates.sign("client", &authority, &["client"])?;
        let own = new_authority_of("A server", &["127.0.0.1", "localhost"])?;
        certificates.write("self-signed.pem", &own.pem())?;
        certificates.write("self-signed.key", &own.key().serialize_pem())?;
        Ok(certificates)
    }

    /// The authority's certificate.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// The certificate of an authority that has signed none of the others.
    #[must_use]
    pub fn other_authority(&self) -> PathBuf {
        self.path("other-ca.pem")
    }

    /// The certificate of a server on 127.0.0.1 or localhost.
    #[must_use]
    pub fn server(&self) -> PathBuf {
        self.path("server.pem")
    }

    /// The private key of that server.
    #[must_use]
    pub fn server_key(&self) -> PathBuf {
        self.path("server.key")
    }

    /// The certificate of such a server that nobody but itself has signed, as `openssl req -x509` makes it.
    #[must_use]
    pub fn self_signed(&self) -> PathBuf {
        self.path("self-signed.pem")
    }

    /// The private key of that server.
    #[must_use]
    pub fn self_signed_key(&self) -> PathBuf {
        self.path("self-signed.key")
    }

    /// A certificate that a client can show.
    #[must_use]
    pub fn client(&self) -> PathBuf {
        self.path("client.pem")
    }

    /// The private key of that client.
    #[must_use]
    pub fn client_key(&self) -> PathBuf {
        self.path("client.key")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        std::fs::write(self.path(name), text)
    }

    /// Makes a key, and a certificate that is signed by that authority.
    fn sign(
        &self,
        name: &str,
        authority: &CertifiedIssuer<'_, KeyPair>,
        names: &[&str],
    ) -> io::Result<()> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = params(name, names)?
            .signed_by(&key, authority)
            .map_err(io::Error::other)?;
        self.write(&format!("{name}.pem"), &certificate.pem())?;
        self.write(&format!("{name}.key"), &key.serialize_pem())
    }
}

fn new_authority(name: &str) -> io::Result<CertifiedIssuer<'static, KeyPair>> {
    new_authority_of(name, &[])
}

/// An authority that also answers to these names.
fn new_authority_of(name: &str, names: &[&str]) -> io::Result<CertifiedIssuer<'static, KeyPair>> {
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let mut params = params(name, names)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, key).map_err(io::Error::other)
}

fn params(name: &str, names: &[&str]) -> io::Result<CertificateParams> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}
