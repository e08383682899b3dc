//! Takes the files of the API's viewer out of the archive that their crate ships, packed for the web.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::error::Error;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// What the viewer needs of Swagger UI; its licence goes with it.
const FILES: [&str; 3] = [
    "dist/swagger-ui-bundle.js",
    "dist/swagger-ui.css",
    "LICENSE",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    let mut archive =
        ZipArchive::new(Cursor::new(utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED))?;
    let first = archive.name_for_index(0).ok_or("the archive is empty")??;
    let root = first.split('/').next().unwrap_or_default().to_owned();
    for file in FILES {
        let name = Path::new(file).file_name().ok_or("a file has no name")?;
        let mut content = Vec::new();
        archive
            .by_name(&format!("{root}/{file}"))?
            .read_to_end(&mut content)?;
        let packed = std::fs::File::create(folder.join(name).with_added_extension("gz"))?;
        let mut packer = GzEncoder::new(packed, Compression::best());
        packer.write_all(&content)?;
        packer.finish()?;
    }
    Ok(())
}
