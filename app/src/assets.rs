//! Where the built files are.

use leptos::prelude::LeptosOptions;

/// The stylesheet's address, with its hash where the build gave it one.
pub fn stylesheet(options: &LeptosOptions) -> String {
    let LeptosOptions {
        output_name,
        site_pkg_dir,
        ..
    } = options;
    match options
        .hash_files
        .then(|| hash_of("css", options))
        .flatten()
    {
        Some(hash) => format!("/{site_pkg_dir}/{output_name}.{hash}.css"),
        None => format!("/{site_pkg_dir}/{output_name}.css"),
    }
}

/// The hash of a kind of file, from the list that cargo-leptos leaves beside the server.
#[cfg(feature = "ssr")]
fn hash_of(kind: &str, options: &LeptosOptions) -> Option<String> {
    let list = std::env::current_exe()
        .ok()?
        .with_file_name(options.hash_file.as_ref());
    find(kind, &std::fs::read_to_string(list).ok()?)
}

/// A browser never renders the document's head.
#[cfg(not(feature = "ssr"))]
fn hash_of(_kind: &str, _options: &LeptosOptions) -> Option<String> {
    None
}

/// Finds a kind's hash in lines such as `css: 3kFz`.
#[cfg(any(feature = "ssr", test))]
fn find(kind: &str, list: &str) -> Option<String> {
    let lines = list.lines().filter_map(|line| line.split_once(':'));
    lines
        .filter(|(name, _)| name.trim() == kind)
        .map(|(_, hash)| hash.trim().to_owned())
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_found_by_the_kind_of_file() {
        let list = "js: aaa\nwasm: bbb\ncss: ccc\n";

        assert_eq!(find("css", list).as_deref(), Some("ccc"));
        assert_eq!(find("map", list), None);
    }

    #[test]
    fn without_hashes_the_plain_name_is_served() {
        let options = LeptosOptions::builder()
            .output_name("murmuration")
            .site_pkg_dir("pkg")
            .build();

        assert_eq!(stylesheet(&options), "/pkg/murmuration.css");
    }
}
