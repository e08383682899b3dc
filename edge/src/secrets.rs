//! Secrets that all instances share.
//!
//! Redis keeps them, and so does every instance: if Redis has lost one, whoever remembers it writes it back. An instance
//! that comes while it is lost makes another one, and learns the lost one from the others: of two, the older one counts, by
//! Redis's clock. Before it uses one that it has made, it waits until others have had the time to tell, if there are any.

use crate::Engine;
use crate::redis::{Link, LinkError, News, Script, as_ms, script};
use rand::RngExt;
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

/// Characters of a shared secret: 256 bits as hexadecimal digits.
const SECRET_CHARS: usize = 64;
/// For how long others may tell of an older secret: one call to Redis, on a busy machine too.
const OPEN: Duration = Duration::from_secs(1);

static SECRET: LazyLock<Script> = LazyLock::new(|| script!("redis/time.lua", "secret.lua"));
static SEALED: LazyLock<Script> = LazyLock::new(|| script!("redis/time.lua", "sealed.lua"));

/// What Redis keeps of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    /// The secret, or what is kept of it.
    pub value: T,
    /// When it was made, in milliseconds by Redis's clock.
    pub made_ms: u64,
    /// Whether another instance may still tell of an older one: use nothing, and ask again soon.
    pub is_open: bool,
}

impl Engine {
    /// A secret that all instances share, made by the first that asks. Tell the one that you know, and when it was made, and
    /// use the one that comes back.
    ///
    /// # Errors
    /// [`LinkError`] while Redis is out of reach.
    pub async fn shared_secret(
        &self,
        known: Option<(&str, u64)>,
    ) -> Result<Kept<String>, LinkError> {
        let fresh = || -> String {
            let digit = |_| char::from(b"0123456789abcdef"[rand::rng().random_range(0..16)]);
            (0..SECRET_CHARS).map(digit).collect()
        };
        let keys = self.store.keys();
        let [key, made] = keys.secret();
        let mut call = SECRET.key(key);
        call.confirm().key(made).key(keys.secret_changes());
        match known {
            Some((secret, made_ms)) => call.arg(secret).arg(made_ms),
            None => call.arg(fresh()).arg(""),
        };
        let (value, made_ms, is_open) = self.store.link().call(call.arg(as_ms(OPEN))).await?;
        Ok(Kept {
            value,
            made_ms,
            is_open,
        })
    }

    /// What all instances keep of the secret that persons follow from, sealed with each secret that one of them was told: by
    /// names of those. Keeps these too; tell when the one that they seal was made, if it is not fresh.
    ///
    /// # Errors
    /// [`LinkError`] while Redis is out of reach.
    pub async fn sealed_secrets(
        &self,
        made_ms: Option<u64>,
        more: &[(String, String)],
    ) -> Result<Kept<HashMap<String, String>>, LinkError> {
        let keys = self.store.keys();
        let mut call = SEALED.key(keys.sealed_secrets());
        call.confirm().key(keys.secret_changes());
        match made_ms {
            Some(made_ms) => call.arg(made_ms),
            None => call.arg(""),
        };
        call.arg(as_ms(OPEN));
        for (name, sealed) in more {
            call.arg(name).arg(sealed);
        }
        let (value, made_ms, is_open) = self.store.link().call(&call).await?;
        Ok(Kept {
            value,
            made_ms,
            is_open,
        })
    }

    /// Follows what Redis keeps of secrets, from now on. There can be only one follower.
    #[must_use]
    pub fn secret_news(&self) -> SecretNews {
        let news = SecretNews {
            link: self.store.link().clone(),
            channel: self.store.keys().secret_changes(),
            news: News::default(),
        };
        news.link.follow(&news.channel, &news.news);
        news
    }
}

/// Tells when to ask for secrets again.
pub struct SecretNews {
    link: Link,
    channel: String,
    news: News,
}

impl SecretNews {
    /// Waits until Redis is in reach first or again, has lost data, or keeps another secret.
    pub async fn come(&self) {
        self.news.come().await;
        self.news.take();
    }
}

impl Drop for SecretNews {
    fn drop(&mut self) {
        self.link.unfollow(&self.channel);
    }
}
