//! The newcomer's guide shows code that runs.

use std::fs;
use std::path::Path;

#[test]
fn every_block_of_the_guide_is_part_of_the_file_that_it_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let guide = fs::read_to_string(root.join("docs/add-a-feature.md")).unwrap();

    let mut checked = 0;
    for block in guide.split("\n```rust\n").skip(1) {
        let (code, _) = block.split_once("\n```\n").unwrap();
        let before = guide.split(code).next().unwrap();
        let name = before.trim_end().lines().rev().nth(1).unwrap_or_default();
        let name = name
            .strip_prefix("<!-- ")
            .and_then(|name| name.strip_suffix(" -->"));
        let name = name.unwrap_or_else(|| panic!("no file is named above:\n{code}"));
        let file = fs::read_to_string(root.join(name)).unwrap();
        assert!(file.contains(code), "{name} has other code than:\n{code}");
        checked += 1;
    }
    assert!(checked >= 12, "{checked} blocks");
}
