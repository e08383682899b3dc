//! Where the source is.

use axum::http::Uri;
use web::{ConfigError, Variables};

/// Where the source is, as far as the operator says.
#[derive(Debug, PartialEq)]
pub(crate) struct Source(pub(super) Option<String>);

impl Source {
    /// Reads the process's variables.
    ///
    /// # Errors
    /// [`ConfigError`] where it is no URL that visitors can open.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        Self::read(&Variables::of_process())
    }

    fn read(from: &Variables) -> Result<Self, ConfigError> {
        const NAME: &str = "SOURCE_URL";
        let Some(url) = from.text(NAME) else {
            return Ok(Self(None));
        };
        let fits = url.parse::<Uri>().is_ok_and(|uri| {
            // Every visitor sees it: a password has no place in it.
            let is_open = |host: &str| !host.contains('@');
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.authority().is_some_and(|host| is_open(host.as_str()))
        });
        match fits {
            true => Ok(Self(Some(url))),
            false => Err(ConfigError::new(NAME, url, "use https://HOST/PATH")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_is_where_visitors_can_go() {
        let read = |url: &str| {
            let find = |name: &str| (name == "SOURCE_URL").then(|| url.to_owned());
            Source::read(&Variables::of(&find))
        };

        for url in ["https://code.example", "http://code.example/birds?at=1"] {
            assert_eq!(read(url).unwrap(), Source(Some(url.into())));
        }
        assert_eq!(read("").unwrap(), Source(None));
        for url in [
            "code.example",
            "javascript:alert(1)",
            "/source",
            "ssh://code.example/birds",
            "https://me:secret@code.example",
        ] {
            let error = read(url).unwrap_err().to_string();
            assert!(
                error.contains("SOURCE_URL") && error.contains("https://HOST/PATH"),
                "{error}"
            );
        }
    }
}
