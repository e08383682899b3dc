//! The draw as sessions show it.

use super::Draw;
use crate::hub::{Subscription, encode};
use bytes::Bytes;
use protocol::live::ServerFrame;

/// One session's view of the draw.
pub(crate) struct DrawWatcher {
    draw: Draw,
    frames: Subscription,
    /// Whether it has been told anything.
    is_told: bool,
}

impl DrawWatcher {
    pub(super) fn new(draw: Draw, frames: Subscription) -> Self {
        Self {
            draw,
            frames,
            is_told: false,
        }
    }

    /// Waits for a newer frame. The first is the draw as it is now: how long it is to the next round is of the moment,
    /// and the frame that others got last may be a minute old.
    ///
    /// Safe to cancel: nothing is taken before it is returned.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        if !self.is_told {
            // First, so that nothing is skipped that is newer than the frame that is made here.
            self.frames.skip();
            if let Some(frame) = frame(&self.draw) {
                self.is_told = true;
                return Some(frame);
            }
        }
        let frame = self.frames.next().await;
        self.is_told = true;
        frame
    }
}

/// The draw as it is now; nothing before the first round.
pub(super) fn frame(draw: &Draw) -> Option<Bytes> {
    let draw = draw.news().ok()?;
    encode(&ServerFrame::Draw { draw })
}
