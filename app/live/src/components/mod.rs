//! Components of live pages. They come without styles.

mod absence;
pub use absence::Absence;

mod change_form;
pub use change_form::{ChangeButton, ChangeForm};

mod connection_pill;
pub use connection_pill::ConnectionPill;

mod document_view;
pub use document_view::DocumentView;

mod news;
pub use news::News;

mod notices;
pub use notices::Notices;

mod problem_note;
pub use problem_note::ProblemNote;
