//! Leaves out the streams that Rust could hand to JavaScript, which no page does.
//!
//! Leptos brings the crate wasm-streams along. Its classes are exported, so the WebAssembly keeps all code behind them.

/// Whether WebAssembly makes no object of a class: then nobody can call what classes export.
pub(crate) fn are_unused(script: &str) -> bool {
    !script.contains("static __wrap(")
}

/// Whether those classes alone call this function of the WebAssembly.
pub(crate) fn is_method(export: &str) -> bool {
    let name = export.strip_prefix("__wbg_").unwrap_or(export);
    name.starts_with("intounderlying")
}

/// The script without those classes.
///
/// wasm-bindgen's statements start where lines do; its classes end with a line that is a brace.
pub(crate) fn cut(script: &str) -> String {
    let mut kept = String::with_capacity(script.len());
    let mut class = false;
    let mut statement = false;
    for line in script.lines() {
        class |= line.starts_with("export class IntoUnderlying");
        statement |= line.starts_with("const IntoUnderlying")
            || line.starts_with("if (Symbol.dispose) IntoUnderlying");
        if !class && !statement {
            kept.push_str(line);
            kept.push('\n');
        }
        class &= line != "}";
        statement &= !line.ends_with(';');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "\
export class IntoUnderlyingSink {
    free() {
        wasm.__wbg_intounderlyingsink_free(this.__wbg_ptr, 0);
    }
}
if (Symbol.dispose) IntoUnderlyingSink.prototype[Symbol.dispose] = IntoUnderlyingSink.prototype.free;

export function hydrate() {
    wasm.hydrate();
}
const IntoUnderlyingSinkFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_intounderlyingsink_free(ptr, 1));
let wasm;
";

    #[test]
    fn streams_that_nobody_makes_are_left_out_and_nothing_else() {
        assert!(are_unused(SCRIPT));
        assert!(!are_unused(
            "class IntoUnderlyingSink {\n    static __wrap(ptr) {"
        ));
        assert!(
            is_method("intounderlyingsink_write") && is_method("__wbg_intounderlyingsink_free")
        );
        assert!(!is_method("hydrate") && !is_method("__wbindgen_malloc"));
        assert_eq!(
            cut(SCRIPT),
            "\nexport function hydrate() {\n    wasm.hydrate();\n}\nlet wasm;\n"
        );
    }
}
