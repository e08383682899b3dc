//! From the compiler's one WebAssembly file to a file per page, and the JavaScript that loads them.

use crate::names::PLACEHOLDER;
use crate::programs::run;
use crate::{NAME, files, short, streams};
use anyhow::anyhow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

/// The list of each page's files, which the server reads.
pub(crate) const MANIFEST: &str = "__wasm_split_manifest";

/// Writes the loader, each page's file, their manifest, and the code that all pages share.
pub(crate) fn write(wasm: &Path, pkg: &Path) -> anyhow::Result<()> {
    let input = fs::read(wasm)?;
    let shared = wasm.with_extension("shared.wasm");
    let main_module = format!("./{NAME}.{PLACEHOLDER}.js");
    // The name that Leptos's macros expect.
    let loader = format!("./__wasm_split.{PLACEHOLDER}.js");
    let mut options = Options::new(&input);
    options.output_dir = pkg;
    options.main_out_path = &shared;
    options.main_module = &main_module;
    options.link_name = &loader;
    let split = transform(options).map_err(|error| anyhow!("{error:#}"))?;
    // In order: the same code gets the same hash.
    let pages: BTreeMap<_, _> = split.prefetch_map.into_iter().collect();
    let manifest = serde_json::to_vec(&pages)?;
    fs::write(pkg.join(format!("{MANIFEST}.{PLACEHOLDER}.json")), manifest)?;

    bind(&shared, pkg)?;
    for script in files::with_extension(pkg, "js")? {
        run("esbuild", |esbuild| {
            esbuild
                .args(["--minify", "--format=esm", "--allow-overwrite"])
                .arg(format!("--outfile={}", script.display()))
                .arg(&script)
        })?;
    }
    Ok(())
}

/// Writes the code that all pages share, and the script that binds it to the browser.
fn bind(shared: &Path, pkg: &Path) -> anyhow::Result<()> {
    // The pages' files call into the shared code by the linker's names.
    let mut output = Bindgen::new()
        .web(true)?
        .input_path(shared)
        .out_name(NAME)
        .keep_lld_exports(true)
        .demangle(false)
        .typescript(false)
        .omit_default_module_path(true)
        .generate_output()?;
    let of_script = format!("./{NAME}_bg.js");
    let imports = output.wasm_mut().imports.iter_mut();
    let imports = imports.filter(|import| import.module == of_script);
    let names = short::shorten(imports.map(|import| &mut import.name));
    let unused = streams::are_unused(output.js());
    if unused {
        let exports = &mut output.wasm_mut().exports;
        let methods = exports
            .iter()
            .filter(|export| streams::is_method(&export.name));
        let methods: Vec<_> = methods.map(|method| method.id()).collect();
        methods
            .into_iter()
            .for_each(|method| exports.delete(method));
    }
    output.emit(pkg)?;

    fs::rename(
        pkg.join(format!("{NAME}_bg.wasm")),
        pkg.join(format!("{NAME}.{PLACEHOLDER}.wasm")),
    )?;
    let script = pkg.join(format!("{NAME}.js"));
    let mut text = short::rename(&fs::read_to_string(&script)?, &names);
    if unused {
        text = streams::cut(&text);
    }
    fs::write(pkg.join(format!("{NAME}.{PLACEHOLDER}.js")), text)?;
    fs::remove_file(script)?;
    Ok(())
}

/// Makes the WebAssembly files smaller, several at once.
pub(crate) fn shrink(pkg: &Path) -> anyhow::Result<()> {
    files::each(files::with_extension(pkg, "wasm")?, |file| {
        run("wasm-opt", |wasm_opt| {
            wasm_opt
                .args(["-Oz", "--enable-bulk-memory"])
                .arg("--enable-nontrapping-float-to-int")
                .args(["--strip-producers", "--strip-target-features"])
                .arg(file)
                .arg("-o")
                .arg(file)
        })
        .map(drop)
    })
}
