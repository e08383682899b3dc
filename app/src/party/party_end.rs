//! What stands in for a party that cannot be shown.

use super::spoken_code::code_in_groups;
use crate::address;
use leptos::prelude::*;
use live::Absence;
use protocol::PartyCode;

/// The party has ended, or never existed.
#[component]
pub(crate) fn PartyEnd(
    /// The code.
    code: PartyCode,
    /// Whether it existed when the page was loaded.
    was_there: bool,
) -> impl IntoView {
    let (title, before, after) = match was_there {
        true => (
            "This party has ended",
            "The code ",
            " no longer works. A party ends when everyone has left, or after a day without visitors.",
        ),
        false => (
            "Party not found",
            "No party has the code ",
            ". A party ends when everyone has left, or after a day without visitors. Check the code again.",
        ),
    };
    let code = code_in_groups(code);
    view! {
        <Absence title id="end-title" testid="party-end">
            <p class="absence__words">
                {before} <strong class="absence__code">{code}</strong> {after}
            </p>
            <a class="button" href="/party" data-testid="to-parties">"Start or find a party"</a>
        </Absence>
    }
}

/// The party cannot be loaded.
#[component]
pub(crate) fn PartyUnknown(
    /// The code.
    code: PartyCode,
    /// What the visitor is called; may be empty.
    name: String,
) -> impl IntoView {
    // Not the page's own address: after a form was posted, that is the form's, which cannot be opened.
    let address = address::party("", code, &name);
    view! {
        <Absence title="This party is unavailable" id="unknown-title" testid="party-unknown">
            <p class="absence__words">
                "The servers can't load party "
                <strong class="absence__code">{code_in_groups(code)}</strong>
                " right now. It is not lost. This page shows it as soon as it is available; without JavaScript, reload it in a minute."
            </p>
            <a class="button" data-kind="quiet" href=address data-testid="retry">"Try again"</a>
        </Absence>
    }
}
