//! Scripts, put together from files.

/// Builds a [`redis::Script`] from Lua files, joined in this order; their paths are relative to the calling file.
macro_rules! script {
    ($($file:literal),+ $(,)?) => {
        ::redis::Script::new(concat!($(include_str!($file), "\n"),+))
    };
}

pub(crate) use script;
