//! The draw as sessions watch it.

use super::Draw;
use crate::hub::{Source, Update, Viewer, WatchError};
use crate::redis::LinkError;
use protocol::live::NoKey;
use protocol::{DrawNews, DrawTopic};
use tokio::sync::watch;

/// This instance's copy of the draw as a source of frames.
pub(crate) struct DrawSource(pub(crate) Draw);

impl Source for DrawSource {
    type Topic = DrawTopic;

    const LOAD_MAX: usize = 1;

    async fn admit(&self, _: &Viewer, key: NoKey) -> Result<NoKey, WatchError> {
        Ok(key)
    }

    fn channel(&self, _: &NoKey) -> Option<String> {
        None
    }

    fn changes(&self) -> Option<watch::Receiver<u64>> {
        Some(self.0.changes())
    }

    /// The time until the next round is relative to this moment: the newest frame may be a minute old.
    fn now(&self, _: &NoKey) -> Option<DrawNews> {
        self.0.news().ok()
    }

    async fn load(&self, _: &[NoKey]) -> Result<Vec<Option<Update<DrawNews>>>, LinkError> {
        Ok(vec![self.0.news().ok().map(Update::from)])
    }
}
