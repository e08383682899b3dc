//! Bars.

use leptos::prelude::*;
use live::bound::{flag, text};
use live::format::percent;

/// A bar on its track, in thousandths of it.
#[derive(Debug)]
pub(crate) struct Bar {
    /// Where it starts.
    pub start: u16,
    /// How long it is.
    pub length: u16,
    /// Whether it starts in the middle, up to the right and down to the left.
    pub is_mixed: bool,
}

impl Bar {
    /// A share of the whole track.
    pub(crate) fn share(length: u16) -> Self {
        Self {
            start: 0,
            length,
            is_mixed: false,
        }
    }
}

/// A share as a bar and in words; a bar alone where shares would not add up.
pub(crate) fn share_bar(bar: impl Fn() -> Bar + Copy + Send + 'static) -> impl IntoView {
    view! {
        <div class="share-bar" data-mixed=flag(move || bar().is_mixed)>
            <svg class="share-bar__track" aria-hidden="true">
                <rect
                    class="share-bar__fill"
                    x=text(move || percent(bar().start))
                    width=text(move || percent(bar().length))
                    height="100%"
                />
            </svg>
            <span class="share-bar__text" hidden=flag(move || bar().is_mixed)>{text(move || percent(bar().length))}</span>
        </div>
    }
}
