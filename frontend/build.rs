//! Tells the linker what splitting by pages needs.

fn main() {
    // The relocations say what each function needs. Merged strings of all pages would stay in the common file, for nothing
    // says which page needs which (leptos-rs/cargo-leptos#679).
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        println!("cargo:rustc-link-arg-cdylib=--emit-relocs");
        println!("cargo:rustc-link-arg-cdylib=--no-merge-data-segments");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
