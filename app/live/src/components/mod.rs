//! Components of pages that have documents.

mod absence;
pub use absence::Absence;

mod change_form;
pub use change_form::{ChangeButton, ChangeForm};

mod document_view;
pub use document_view::DocumentView;

mod news;
pub use news::News;

mod problem_note;
pub use problem_note::ProblemNote;
