#![doc = include_str!("../README.md")]

mod code;
mod compress;
mod files;
mod names;
mod programs;
mod short;
mod streams;
mod style;

use anyhow::Context;
use clap::Parser;
use std::fs;
use std::path::PathBuf;

/// What Leptos calls the site's files.
const NAME: &str = "murmuration";

/// Makes a site of what the compiler left.
#[derive(Debug, Parser)]
struct Cli {
    /// The browser's code, as the compiler left it.
    #[arg(long)]
    wasm: PathBuf,
    /// Where the list of hashes goes: the folder of the server, which reads it.
    #[arg(long)]
    server: PathBuf,
    /// The folder of the site; what was in it is dropped.
    #[arg(long, default_value = "target/site")]
    site: PathBuf,
    /// Spends a minute or two on smaller code, and compresses by Brotli too.
    #[arg(long)]
    small: bool,
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let pkg = cli.site.join("pkg");
    if cli.site.exists() {
        fs::remove_dir_all(&cli.site).with_context(|| format!("emptying {:?}", cli.site))?;
    }
    files::copy("public".as_ref(), &cli.site)?;
    fs::create_dir_all(&pkg)?;

    code::write(&cli.wasm, &pkg).context("splitting the code by page")?;
    if cli.small {
        code::shrink(&pkg)?;
    }
    style::write("style/main.scss", &pkg)?;
    let list = names::hash(&pkg).context("naming the files by what they hold")?;
    fs::create_dir_all(&cli.server)?;
    fs::write(cli.server.join("hash.txt"), list)?;
    compress::all(&cli.site, cli.small).context("compressing the files")
}
