//! Short names for what a WebAssembly file imports from its script.
//!
//! Half of each name that wasm-bindgen gives is a hash, which does not compress: all of them weigh kilobytes on every
//! first visit. Nobody else knows these names: the pages' files reach the script by way of the shared file's exports.

use std::collections::HashMap;

/// The old names and the new ones.
pub(crate) type Names = HashMap<String, String>;

/// Gives each its short name.
pub(crate) fn shorten<'a>(imports: impl Iterator<Item = &'a mut String>) -> Names {
    let mut names = Names::new();
    for import in imports {
        let next = names.len();
        let short = names
            .entry(import.clone())
            // No name that a script could already have: wasm-bindgen's own have no `$`.
            .or_insert_with(|| format!("${next:x}"));
        import.clone_from(short);
    }
    names
}

/// The script by the new names.
pub(crate) fn rename(script: &str, names: &Names) -> String {
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    let mut renamed = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(in_word) {
        let (before, from) = rest.split_at(start);
        let (word, after) =
            from.split_at(from.find(|letter| !in_word(letter)).unwrap_or(from.len()));
        renamed.push_str(before);
        renamed.push_str(names.get(word).map_or(word, String::as_str));
        rest = after;
    }
    renamed.push_str(rest);
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "const imports = {\n    __wbg_now_1f: () => Date.now(),\n    __wbg_now_1fa: __wbg_get_2(\"x\"),\n};\n\
        wasm.__wbg_now_free();";

    #[test]
    fn the_script_and_the_file_call_an_import_by_the_same_short_name() {
        let mut imports = ["__wbg_now_1f", "__wbg_get_2", "__wbg_now_1fa"].map(String::from);

        let names = shorten(imports.iter_mut());
        let script = rename(SCRIPT, &names);

        assert_eq!(imports, ["$0", "$1", "$2"]);
        assert_eq!(
            script,
            "const imports = {\n    $0: () => Date.now(),\n    $2: $1(\"x\"),\n};\nwasm.__wbg_now_free();"
        );
    }

    #[test]
    fn one_name_that_is_imported_twice_stays_one() {
        let mut imports = ["__wbg_a_1", "__wbg_b_2", "__wbg_a_1", "__wbg_c_3"].map(String::from);

        shorten(imports.iter_mut());

        assert_eq!(imports, ["$0", "$1", "$0", "$2"]);
    }
}
