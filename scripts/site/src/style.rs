//! The stylesheet.

use crate::NAME;
use crate::names::PLACEHOLDER;
use crate::programs::run;
use std::path::Path;

/// Browsers of the last year or so: what they need is added, what they do not is left out.
const BROWSERS: &str = "--target=chrome140,firefox140,safari18";

/// Compiles and minifies it.
pub(crate) fn write(source: &str, pkg: &Path) -> anyhow::Result<()> {
    let css = pkg.join(format!("{NAME}.{PLACEHOLDER}.css"));
    run("sass", |sass| {
        sass.args(["--no-source-map", source]).arg(&css)
    })?;
    // Addresses in it are those of the site: there is nothing to bundle.
    run("esbuild", |esbuild| {
        esbuild
            .args(["--minify", BROWSERS, "--allow-overwrite"])
            .arg(format!("--outfile={}", css.display()))
            .arg(&css)
    })?;
    Ok(())
}
