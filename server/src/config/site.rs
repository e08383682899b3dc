//! Where the site's files are.

use super::{ConfigError, Variables};
use leptos::config::{Env, LeptosOptions};
use std::net::SocketAddr;
use std::sync::Arc;

/// What cargo-leptos tells a server, with the defaults of a release build.
pub(super) fn site(from: &Variables, address: SocketAddr) -> Result<LeptosOptions, ConfigError> {
    let hash_file = from
        .text("LEPTOS_HASH_FILE_NAME")
        .unwrap_or_else(|| "hash.txt".into());
    let listed =
        std::env::current_exe().is_ok_and(|server| server.with_file_name(&hash_file).is_file());
    let hashed = from.parsed("LEPTOS_HASH_FILES", listed)?;
    if hashed && !listed {
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
    Ok(LeptosOptions::builder()
        .output_name(
            from.text("LEPTOS_OUTPUT_NAME")
                .unwrap_or_else(|| "murmuration".into()),
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
        .hash_files(hashed)
        .build())
}
