//! Names that say what a file holds, so that browsers may keep it for good.
//!
//! The files of code name each other, in circles, and fit each other only: they share one hash. The stylesheet has one
//! of its own.

use crate::code::MANIFEST;
use crate::files;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Stands for the hash, in names and in what names them, until it is known. Leptos's macros write it.
pub(crate) const PLACEHOLDER: &str = "______________________";

/// As many bytes as have a text as long as the placeholder: nothing moves in a WebAssembly file.
const HASH_BYTES: usize = 16;

/// Gives all files their names; returns the list of hashes that Leptos reads.
pub(crate) fn hash(pkg: &Path) -> anyhow::Result<String> {
    mark_pages(pkg)?;
    let (styles, code): (Vec<_>, Vec<_>) = files::all(pkg)?
        .into_iter()
        .partition(|file| file.extension().is_some_and(|its| its == "css"));
    let css = fill(&styles)?;
    let code = fill(&code)?;
    Ok(format!(
        "js: {code}\nwasm: {code}\ncss: {css}\nmanifest: {code}\nsplit: {code}\n"
    ))
}

/// Puts the placeholder into the names of the pages' files: where they are loaded, and in the manifest.
fn mark_pages(pkg: &Path) -> anyhow::Result<()> {
    let mut pages = files::with_extension(pkg, "wasm")?;
    pages.retain(|file| !file.to_string_lossy().contains(PLACEHOLDER));
    let scripts = files::with_extension(pkg, "js")?;
    let manifest = pkg.join(format!("{MANIFEST}.{PLACEHOLDER}.json"));
    for page in pages {
        let Some(stem) = page.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        let marked = format!("{stem}.{PLACEHOLDER}");
        for script in &scripts {
            replace(script, &format!("/{stem}.wasm"), &format!("/{marked}.wasm"))?;
        }
        replace(&manifest, &format!("\"{stem}\""), &format!("\"{marked}\""))?;
        fs::rename(&page, page.with_file_name(format!("{marked}.wasm")))?;
    }
    Ok(())
}

fn replace(file: &Path, old: &str, new: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(file)?;
    fs::write(file, text.replace(old, new))?;
    Ok(())
}

/// Writes the hash of these files instead of the placeholder, into what they hold and into their names.
fn fill(files: &[PathBuf]) -> anyhow::Result<String> {
    let mut digest = Sha256::new();
    for file in files {
        digest.update(fs::read(file)?);
    }
    let hash = BASE64_URL_SAFE_NO_PAD.encode(&digest.finalize()[..HASH_BYTES]);
    let dotted = |text: &str| format!(".{text}").into_bytes();
    let (old, new) = (dotted(PLACEHOLDER), dotted(&hash));
    for file in files {
        let mut bytes = fs::read(file)?;
        let mut at = 0;
        while let Some(found) = bytes[at..].windows(old.len()).position(|part| part == old) {
            at += found;
            bytes[at..at + old.len()].copy_from_slice(&new);
        }
        fs::write(file, bytes)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        fs::rename(file, file.with_file_name(name.replace(PLACEHOLDER, &hash)))?;
    }
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const LOADER: &str = r#"import {a} from "./murmuration.______________________.js";
        load("./chunk_1.wasm", "./chunk_10.wasm");"#;

    /// A build whose first page holds this; returns its list of hashes, and its files.
    fn build(page: &str) -> anyhow::Result<(String, BTreeSet<String>)> {
        let folder = tempfile::tempdir()?;
        let pkg = folder.path();
        for (name, text) in [
            (
                "murmuration.______________________.js",
                "import './__wasm_split.______________________.js'",
            ),
            ("__wasm_split.______________________.js", LOADER),
            (
                "__wasm_split_manifest.______________________.json",
                r#"{"a":["chunk_1","chunk_10"]}"#,
            ),
            ("murmuration.______________________.css", "a{}"),
            ("chunk_1.wasm", page),
            ("chunk_10.wasm", "./__wasm_split.______________________.js"),
        ] {
            fs::write(pkg.join(name), text)?;
        }
        let list = hash(pkg)?;
        let mut found = BTreeSet::new();
        for file in files::all(pkg)? {
            let text = fs::read_to_string(&file)?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            found.insert(format!("{name}: {text}"));
        }
        Ok((list, found))
    }

    #[test]
    fn what_names_a_file_names_it_by_its_hash() -> anyhow::Result<()> {
        let (list, files) = build("one")?;

        let hash = &list["js: ".len()..][..PLACEHOLDER.len()];
        for expected in [
            format!("murmuration.{hash}.js: import './__wasm_split.{hash}.js'"),
            format!(
                r#"__wasm_split_manifest.{hash}.json: {{"a":["chunk_1.{hash}","chunk_10.{hash}"]}}"#
            ),
            format!("chunk_10.{hash}.wasm: ./__wasm_split.{hash}.js"),
        ] {
            assert!(files.contains(&expected), "{expected} in {files:#?}");
        }
        let loader = files.iter().find(|file| file.starts_with("__wasm_split."));
        assert!(loader.is_some_and(|file| {
            file.contains(&format!("./murmuration.{hash}.js"))
                && file.contains(&format!(
                    r#""./chunk_1.{hash}.wasm", "./chunk_10.{hash}.wasm""#
                ))
        }));
        assert!(!format!("{files:?}").contains(PLACEHOLDER));
        Ok(())
    }

    #[test]
    fn another_page_gives_all_code_new_names_and_leaves_the_stylesheet_its_own()
    -> anyhow::Result<()> {
        let (one, _) = build("one")?;
        let (two, _) = build("two")?;

        for (line, other) in one.lines().zip(two.lines()) {
            assert_eq!(line == other, line.starts_with("css: "), "{line}, {other}");
        }
        Ok(())
    }
}
