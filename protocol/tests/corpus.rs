//! What the fuzzer has found worth keeping goes through the decoder in every test run.

use murmuration_protocol::live::ClientFrame;
use std::path::Path;

#[test]
fn the_corpus_harms_nothing_and_what_is_read_can_be_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/client_frame");
    let mut files = 0;
    let mut frames = 0;

    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        files += 1;
        let Ok(text) = std::str::from_utf8(&bytes) else {
            continue;
        };
        if let Ok(frame) = ClientFrame::decode(text) {
            let json = serde_json::to_string(&frame).unwrap();
            assert_eq!(ClientFrame::decode(&json).unwrap(), frame, "{text:?}");
            frames += 1;
        }
    }

    assert!(frames > 3 && files > frames, "{frames} of {files}");
}
