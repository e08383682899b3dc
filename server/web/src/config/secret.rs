//! The secrets that everything secret follows from.

use super::variables::{ConfigError, Variables};

/// Fewest bytes of a secret: as many as the keys that are derived from it have.
const SECRET_MIN_BYTES: usize = 32;

/// A secret text that no log shows.
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The present secret, then the one before it.
pub(super) fn secrets(from: &Variables) -> Result<Vec<Secret>, ConfigError> {
    let secret = |name: &'static str| match from.text(name) {
        // The value is a secret, if a weak one.
        Some(key) if key.len() < SECRET_MIN_BYTES => Err(ConfigError::new(
            name,
            "…",
            format!("use at least {SECRET_MIN_BYTES} characters"),
        )),
        key => Ok(key.map(Secret)),
    };
    let (present, old) = (secret("SECRET_KEY")?, secret("SECRET_KEY_OLD")?);
    if present.is_none() && old.is_some() {
        let reason = "set SECRET_KEY to the secret that takes its place";
        return Err(ConfigError::new("SECRET_KEY_OLD", "…", reason));
    }
    Ok(present.into_iter().chain(old).collect())
}
