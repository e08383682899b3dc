//! No bytes that a browser sends may harm the decoder: `cargo +nightly fuzz run client_frame`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::live::ClientFrame;

fuzz_target!(|bytes: &[u8]| {
    // A socket's text messages are UTF-8 before anyone decodes them.
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(frame) = ClientFrame::decode(text) {
        let json = serde_json::to_string(&frame).expect("a frame can be written");
        let again = ClientFrame::decode(&json).expect("what is written can be read");
        assert_eq!(again, frame);
    }
});
