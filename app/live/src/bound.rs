//! What in a view follows signals, as values of two types.
//!
//! Leptos makes code of its own for every closure in a view. Boxed ones of a kind share it, which halves what each adds to
//! a browser's download.

/// A text that follows what it reads, as a child or an attribute.
pub type Text = Box<dyn FnMut() -> String + Send>;

/// An attribute that is there only at times, or has one of a few values.
pub type Mark = Box<dyn FnMut() -> Option<&'static str> + Send>;

/// A text that follows what it reads.
pub fn text(read: impl FnMut() -> String + Send + 'static) -> Text {
    Box::new(read)
}

/// An attribute that follows what it reads; `None` while it is not there.
pub fn mark(read: impl FnMut() -> Option<&'static str> + Send + 'static) -> Mark {
    Box::new(read)
}

/// An attribute without a value that is there while something holds.
pub fn flag(mut holds: impl FnMut() -> bool + Send + 'static) -> Mark {
    mark(move || holds().then_some(""))
}
