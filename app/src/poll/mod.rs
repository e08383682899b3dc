//! `/poll` and `/poll/{code}`: asking a question, and answering one.

pub(crate) mod page;
pub(crate) use page::PollPage;
pub(crate) mod polls_page;
pub(crate) use polls_page::PollsPage;
