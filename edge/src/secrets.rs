//! Secrets that all instances share.

use crate::Engine;
use crate::redis::{LinkError, Script, script};
use rand::RngExt;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Characters of a shared secret: 256 bits as hexadecimal digits.
const SECRET_CHARS: usize = 64;

static SECRET: LazyLock<Script> = LazyLock::new(|| script!("secret.lua"));
static SEALED: LazyLock<Script> = LazyLock::new(|| script!("sealed.lua"));

impl Engine {
    /// A secret that all instances share, made by the first that asks.
    ///
    /// # Errors
    /// [`LinkError`] while Redis is out of reach.
    pub async fn shared_secret(&self) -> Result<String, LinkError> {
        let fresh: String = (0..SECRET_CHARS)
            .map(|_| char::from(b"0123456789abcdef"[rand::rng().random_range(0..16)]))
            .collect();
        let mut call = SECRET.key(self.store.keys().secret());
        self.store.link().call(call.confirm().arg(fresh)).await
    }

    /// What all instances keep of the secret that persons follow from, sealed with each secret that one of them was told: by
    /// names of those. Keeps these too.
    ///
    /// # Errors
    /// [`LinkError`] while Redis is out of reach.
    pub async fn sealed_secrets(
        &self,
        more: &[(String, String)],
    ) -> Result<HashMap<String, String>, LinkError> {
        let mut call = SEALED.key(self.store.keys().sealed_secrets());
        call.confirm();
        for (name, sealed) in more {
            call.arg(name).arg(sealed);
        }
        self.store.link().call(&call).await
    }
}
