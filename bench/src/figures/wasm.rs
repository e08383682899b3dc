//! What a first visit downloads.

use crate::cluster::{Cluster, Place, Plan};
use crate::http::{self, Answer};
use crate::settings::Settings;
use crate::table::{Table, count, figure};
use anyhow::ensure;
use std::collections::BTreeSet;

/// A browser's request header.
const ANY_ENCODING: &[(&str, &str)] = &[("Accept-Encoding", "gzip, deflate, br, zstd")];

/// The pages that are looked at.
const PAGES: [&str; 4] = ["/", "/party", "/mail", "/draw"];

/// A table for each page.
///
/// # Errors
/// Where the server does not start or a file is missing.
pub async fn tables(settings: &Settings) -> anyhow::Result<Vec<Table>> {
    let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
    let place = cluster.instances[0].place;
    let mut tables = Vec::new();
    for page in PAGES {
        tables.push(table(place, page).await?);
    }
    Ok(tables)
}

/// A row for each file, as the server sends it to a browser.
async fn table(place: Place, page: &str) -> anyhow::Result<Table> {
    let mut table = Table::new(
        format!("wasm: what a first visit to {page} downloads"),
        &["file", "encoding", "bytes sent", "KiB", "bytes unpacked"],
    );
    let (mut wasm, mut style_and_script, mut all) = (0, 0, 0);
    for path in files(place, page).await? {
        let sent = fetch(place, &path, ANY_ENCODING).await?;
        let plain = fetch(place, &path, &[]).await?;
        let (bytes, encoding) = (
            sent.body.len(),
            sent.header("content-encoding").unwrap_or("none"),
        );
        all += bytes;
        match path.rsplit('.').next() {
            Some("wasm") => wasm += bytes,
            Some("js" | "css") => style_and_script += bytes,
            _ => {}
        }
        let unpacked = count(plain.body.len());
        table.row([
            path.clone(),
            encoding.to_owned(),
            count(bytes),
            kib(bytes),
            unpacked,
        ]);
    }
    for (name, bytes) in [
        ("WebAssembly", wasm),
        ("CSS + JS", style_and_script),
        ("all", all),
    ] {
        table.row([
            format!("**{name}**"),
            String::new(),
            count(bytes),
            kib(bytes),
        ]);
    }
    table.note("Aim for the world page: WebAssembly 150 KB or less, CSS + JS 25 KB or less. The page, the files it names, and what their scripts import, as answered to a browser's Accept-Encoding.");
    Ok(table)
}

/// The page, the files it names, and what scripts among them import.
async fn files(place: Place, page: &str) -> anyhow::Result<BTreeSet<String>> {
    let html = fetch(place, page, &[]).await?;
    let html = String::from_utf8_lossy(&html.body).into_owned();
    let mut files = BTreeSet::from([page.to_owned()]);
    let mut scripts: Vec<String> = Vec::new();
    for path in named(&html, &["href=\"/", "src=\"/"], "/") {
        scripts.extend(path.ends_with(".js").then(|| path.clone()));
        files.insert(path);
    }
    while let Some(script) = scripts.pop() {
        let text = fetch(place, &script, &[]).await?;
        let text = String::from_utf8_lossy(&text.body).into_owned();
        let folder = script
            .rsplit_once('/')
            .map_or("/".to_owned(), |(folder, _)| format!("{folder}/"));
        for path in named(
            &text,
            &["from './", "from \"./", "from'./", "from\"./"],
            &folder,
        ) {
            if files.insert(path.clone()) {
                scripts.push(path);
            }
        }
    }
    Ok(files)
}

/// The files that a text names after one of these marks, below a folder.
fn named(text: &str, marks: &[&str], folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for mark in marks {
        for rest in text.split(mark).skip(1) {
            let name = rest.split(['"', '\'', '?', '#']).next().unwrap_or_default();
            let file = name.rsplit('/').next().unwrap_or_default();
            if file.contains('.') {
                found.push(format!("{folder}{name}"));
            }
        }
    }
    found
}

async fn fetch(place: Place, path: &str, headers: &[(&str, &str)]) -> anyhow::Result<Answer> {
    let answer = http::get(place, path, headers).await?;
    ensure!(answer.status == 200, "GET {path} answers {}", answer.status);
    Ok(answer)
}

fn kib(bytes: usize) -> String {
    figure(bytes as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_and_pages_are_not() {
        let html =
            r#"<link href="/pkg/a.css"><a href="/about"><script src="/pkg/a.js?x"></script>"#;

        assert_eq!(
            named(html, &["href=\"/", "src=\"/"], "/"),
            ["/pkg/a.css", "/pkg/a.js"]
        );
        assert_eq!(
            named("import{x}from './snippets/i.js';", &["from './"], "/pkg/"),
            ["/pkg/snippets/i.js"]
        );
    }
}
