//! Where the built files are.

use leptos::prelude::LeptosOptions;
#[cfg(feature = "ssr")]
use std::collections::HashMap;
#[cfg(feature = "ssr")]
use std::sync::OnceLock;

/// The stylesheet's address, with its hash where the build gave it one.
pub fn stylesheet(options: &LeptosOptions) -> String {
    let LeptosOptions {
        output_name,
        site_pkg_dir,
        ..
    } = options;
    match hash_of("css", options) {
        Some(hash) => format!("/{site_pkg_dir}/{output_name}.{hash}.css"),
        None => format!("/{site_pkg_dir}/{output_name}.css"),
    }
}

/// The folder of this build's code, to stand before the addresses of all its files; empty where the build is
/// not split.
///
/// The files of code fit each other only. The loader's hash covers all of them, so a folder named by it is the build's own,
/// and may be kept for good.
#[must_use]
pub fn code_root(options: &LeptosOptions) -> String {
    match hash_of("split", options) {
        Some(hash) => format!("/b/{hash}"),
        None => String::new(),
    }
}

/// What a page's own code is loaded by, as pairs of `rel` and address: the loader, and the page's files.
///
/// Empty where the build is not split.
#[cfg(feature = "ssr")]
pub(crate) fn chunks(options: &LeptosOptions, page: &str) -> Vec<(&'static str, String)> {
    static FILES: OnceLock<HashMap<String, Vec<String>>> = OnceLock::new();
    let pkg = &options.site_pkg_dir;
    let files = FILES.get_or_init(|| {
        let name = split_name("manifest", "_manifest", "", options);
        let path = format!("{}/{pkg}/{name}.json", options.site_root);
        let read = std::fs::read_to_string(path).ok();
        read.and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    });
    // A key is the function's name and a hash of where it stands.
    let mine = files.iter().find(|(key, _)| {
        key.rsplit_once('_')
            .is_some_and(|(function, _)| function == page)
    });
    let Some((_, mine)) = mine else {
        return vec![];
    };
    let root = code_root(options);
    let loader = split_name("split", "", ".______________________", options);
    let wasm = mine
        .iter()
        .map(|file| ("preload", format!("{root}/{pkg}/{file}.wasm")));
    std::iter::once(("modulepreload", format!("{root}/{pkg}/{loader}.js")))
        .chain(wasm)
        .collect()
}

/// The name of one of the files that split the code, with its hash where there is one.
#[cfg(feature = "ssr")]
fn split_name(kind: &str, ending: &str, plain: &str, options: &LeptosOptions) -> String {
    match hash_of(kind, options) {
        Some(hash) => format!("__wasm_split{ending}.{hash}"),
        None => format!("__wasm_split{ending}{plain}"),
    }
}

/// A browser never renders the document's head.
#[cfg(not(feature = "ssr"))]
pub(crate) fn chunks(_options: &LeptosOptions, _page: &str) -> Vec<(&'static str, String)> {
    vec![]
}

/// The hash of a kind of file where the build gave it one, from the list that the build leaves beside the server.
#[cfg(feature = "ssr")]
fn hash_of(kind: &str, options: &LeptosOptions) -> Option<String> {
    if !options.hash_files {
        return None;
    }
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
    let mut lines = list.lines().filter_map(|line| line.split_once(':'));
    let (_, hash) = lines.find(|(name, _)| name.trim() == kind)?;
    Some(hash.trim().to_owned())
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
