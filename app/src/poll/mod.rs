//! `/poll` and `/poll/{code}`: asking a question, and answering one.

pub(crate) mod page;
pub(crate) use page::PollPage;
mod ask;
use ask::Ask;
mod one_poll;
use one_poll::OnePoll;
