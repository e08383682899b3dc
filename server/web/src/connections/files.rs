//! How many sockets the system gives this process.

use crate::config::ConfigError;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tracing::warn;

/// The most places that nobody asked for: memory for more is to be planned.
const PLACES_MAX: usize = 200_000;
/// What is asked for where the system sets no bound.
const FILES_MAX: u64 = 1 << 20;

/// Raises the number of files that this process may have open as far as it may; that number.
pub(crate) fn raise_limit() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(FILES_MAX);
    let mut files = limit.current.unwrap_or(FILES_MAX);
    if files < most {
        let raised = Rlimit {
            current: Some(most),
            ..limit
        };
        match setrlimit(Resource::Nofile, raised) {
            Ok(()) => files = most,
            // macOS has another bound, which it does not tell here.
            Err(error) => warn!(%error, files, "The number of open files cannot be raised"),
        }
    }
    usize::try_from(files).unwrap_or(usize::MAX)
}

/// How many connections there may be: as many as asked for, else as many as fit.
///
/// A quarter of the files is reserved: for Redis, the site's files that are being sent, and connections that are on their
/// way out.
///
/// # Errors
/// [`ConfigError`] if more are asked for than fit.
pub(crate) fn places(files: usize, asked: Option<u32>) -> Result<usize, ConfigError> {
    let fit = files - files / 4;
    let Some(asked) = asked else {
        return Ok(fit.min(PLACES_MAX));
    };
    match usize::try_from(asked) {
        Ok(places) if places <= fit => Ok(places),
        _ => Err(ConfigError::new(
            "OPEN_CONNECTIONS",
            asked.to_string(),
            format!(
                "use at most {fit}, three quarters of the {files} files that this process may open, or raise that limit"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_the_files_is_kept_for_others() {
        assert_eq!(places(1024, None).unwrap(), 768);
        assert_eq!(places(1024, Some(768)).unwrap(), 768);
        assert_eq!(places(usize::MAX, None).unwrap(), PLACES_MAX);
        let error = places(1024, Some(769)).unwrap_err().to_string();
        assert!(error.contains("OPEN_CONNECTIONS=\"769\""), "{error}");
        assert!(error.contains("at most 768"), "{error}");
    }
}
