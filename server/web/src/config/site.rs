//! Where the site's files are.

use super::{ConfigError, Variables};
use leptos::config::{Env, LeptosOptions};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

/// What cargo-leptos tells a server, with the defaults of a release build of a site of that name.
pub(super) fn site(
    name: &str,
    from: &Variables,
    address: SocketAddr,
) -> Result<LeptosOptions, ConfigError> {
    let hash_file = from
        .text("LEPTOS_HASH_FILE_NAME")
        .unwrap_or_else(|| "hash.txt".into());
    let listed =
        std::env::current_exe().is_ok_and(|server| server.with_file_name(&hash_file).is_file());
    let hash_files = from.parsed("LEPTOS_HASH_FILES", listed)?;
    if hash_files && !listed {
        let reason = format!("there is no {hash_file} beside the server");
        return Err(ConfigError::new("LEPTOS_HASH_FILES", "true", reason));
    }
    // `cargo leptos watch` says it is there, and nothing of the environment.
    let watched = from.text("LEPTOS_WATCH").is_some();
    let env = match from.text("LEPTOS_ENV").as_deref() {
        Some("DEV") => Env::DEV,
        None if watched => Env::DEV,
        _ => Env::PROD,
    };
    let mut options = LeptosOptions::builder()
        .output_name(
            from.text("LEPTOS_OUTPUT_NAME")
                .unwrap_or_else(|| name.into()),
        )
        .site_root(
            from.text("LEPTOS_SITE_ROOT")
                .unwrap_or_else(|| "target/site".into()),
        )
        .site_pkg_dir(
            from.text("LEPTOS_SITE_PKG_DIR")
                .unwrap_or_else(|| "pkg".into()),
        )
        .env(env)
        .site_addr(address)
        .reload_port(from.number("LEPTOS_RELOAD_PORT", 3001, 1..=65_535)?)
        .hash_file(Arc::<str>::from(hash_file))
        .hash_files(hash_files)
        .build();
    if from.text("LEPTOS_HASH_FILES").is_none() {
        options.hash_files = is_hashed(&options);
    }
    Ok(options)
}

/// Whether the site's files have hashed names.
///
/// A list of hashes alone proves nothing: it outlives the build that wrote it, and `cargo leptos watch` writes none.
fn is_hashed(options: &LeptosOptions) -> bool {
    let stylesheet = live::stylesheet(options);
    options.hash_files
        && Path::new(options.site_root.as_ref())
            .join(stylesheet.trim_start_matches('/'))
            .is_file()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn names_are_hashed_where_the_listed_files_exist() {
        let site = tempfile::tempdir().unwrap();
        let list = site.path().join("hash.txt");
        let options = LeptosOptions::builder()
            .output_name("murmuration")
            .site_root(site.path().to_str().unwrap())
            .site_pkg_dir("pkg")
            .hash_file(Arc::<str>::from(list.to_str().unwrap()))
            .hash_files(true)
            .build();
        fs::write(&list, "css: abc\n").unwrap();
        assert!(!is_hashed(&options), "an earlier build left the list");

        fs::create_dir(site.path().join("pkg")).unwrap();
        fs::write(site.path().join("pkg/murmuration.abc.css"), "").unwrap();
        assert!(is_hashed(&options));
    }
}
