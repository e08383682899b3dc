//! Parties as sessions show them.

use super::Parties;
use crate::hub::{Source, Watches, encode};
use crate::redis::LinkError;
use bytes::Bytes;
use protocol::PartyCode;
use protocol::live::ServerFrame;

/// What frames tell of parties.
pub(crate) struct PartySource(pub(crate) Parties);

impl Source for PartySource {
    type Key = PartyCode;

    const NAME: &'static str = "Parties";
    /// A script holds up all of Redis, this many take about a millisecond.
    const READ_MAX: usize = 20;

    fn watches(&self) -> &Watches<PartyCode> {
        self.0.watches()
    }

    async fn read(&self, codes: &[PartyCode]) -> Result<Vec<Option<Bytes>>, LinkError> {
        let found = self.0.look(codes).await?;
        let frame = |(code, party): (&PartyCode, _)| {
            let party_code = *code;
            encode(&ServerFrame::Party { party_code, party })
        };
        Ok(codes.iter().zip(found).map(frame).collect())
    }

    fn count_frame(&self) {
        self.0.count_frame();
    }
}
