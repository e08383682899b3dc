//! What a first visit to each page downloads.

use crate::cli::Settings;
use crate::cluster::{Cluster, Plan};
use crate::http::get;
use crate::table::{Table, count, figure};
use hyper::header::CONTENT_ENCODING;
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// The header with which a browser asks for compression.
const ANY_ENCODING: &[(&str, &str)] = &[("Accept-Encoding", "gzip, deflate, br, zstd")];

/// A row for each file, as the server sends it to a browser.
pub async fn table(settings: &Settings, page: &str) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
    let address = cluster.servers[0].address;
    let mut table = Table::new(
        format!("wasm: what a first visit to {page} downloads"),
        "file | encoding | bytes sent | KiB | bytes unpacked",
    );
    let (mut wasm, mut style_and_script, mut all) = (0, 0, 0);
    for path in files(address, page).await? {
        let sent = get(address, &path, ANY_ENCODING).await?;
        let plain = get(address, &path, &[]).await?;
        let bytes = sent.body().len();
        let encoding = sent.headers().get(CONTENT_ENCODING);
        let encoding = encoding.map_or(Ok("none"), |value| value.to_str())?;
        all += bytes;
        match path.rsplit('.').next() {
            Some("wasm") => wasm += bytes,
            Some("js" | "css") => style_and_script += bytes,
            _ => {}
        }
        let (encoding, unpacked) = (encoding.to_owned(), count(plain.body().len()));
        table.row([path, encoding, count(bytes), kib(bytes), unpacked]);
    }
    for (name, bytes) in [
        ("WebAssembly", wasm),
        ("CSS + JS", style_and_script),
        ("all", all),
    ] {
        let name = format!("**{name}**");
        table.row([name, String::new(), count(bytes), kib(bytes)]);
    }
    table.note("Goal for the world page: WebAssembly 150 KB or less, CSS + JS 25 KB or less. Counted are the page, the files it names, and what their scripts import, compressed as for a browser.");
    Ok(table)
}

/// The page, the files that it names, and what scripts among them import.
async fn files(address: SocketAddr, page: &str) -> anyhow::Result<BTreeSet<String>> {
    let html = get(address, page, &[]).await?;
    let html = String::from_utf8_lossy(html.body()).into_owned();
    let mut files = BTreeSet::from([page.to_owned()]);
    let mut new = named(&html, &["href=\"/", "src=\"/"], "/");
    while let Some(path) = new.pop() {
        if !files.insert(path.clone()) || !path.ends_with(".js") {
            continue;
        }
        let script = get(address, &path, &[]).await?;
        let script = String::from_utf8_lossy(script.body()).into_owned();
        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
        let imports = ["from './", "from \"./", "from'./", "from\"./"];
        new.extend(named(&script, &imports, &format!("{folder}/")));
    }
    Ok(files)
}

/// The files that a text names after one of these prefixes, relative to a folder.
fn named(text: &str, prefixes: &[&str], folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for prefix in prefixes {
        for rest in text.split(prefix).skip(1) {
            let name = rest.split(['"', '\'', '?', '#']).next().unwrap_or_default();
            let file = name.rsplit('/').next().unwrap_or_default();
            if file.contains('.') {
                found.push(format!("{folder}{name}"));
            }
        }
    }
    found
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
