//! Whom a visitor can write to who knows nobody: the servers.

use super::place_of;
use leptos::prelude::*;
use protocol::{MailAddress, MailPlace, MailState};

/// The regions whose echoes to suggest: the one that serves the page, and another live one.
pub(super) fn echoes(state: &MailState) -> Vec<MailPlace> {
    let here = &state.page.region;
    let regions = state.page.world.regions.iter();
    let others = regions.filter(|region| region.instances > 0 && region.code != *here);
    let others = others.filter_map(|region| place_of(&region.code, &state.places));
    let here = place_of(here, &state.places);
    here.into_iter().chain(others.take(1)).cloned().collect()
}

/// Suggests writing to the echoes of these regions.
#[component]
pub(super) fn TryEcho(
    /// The one that serves the page, and others.
    echoes: Vec<MailPlace>,
) -> impl IntoView {
    let mut names = echoes.into_iter();
    let first = names.next().map(|place| {
        view! {
            "Try it: write to " <EchoLink place=place.clone() />
            {format!(", and the server in {} answers within a second.", place.name)}
        }
    });
    let others =
        names.map(|place| view! { " Or ask " {place.name.clone()} ": " <EchoLink place /> "." });
    view! {
        <span data-testid="try-echo">{first} {others.collect_view()}</span>
    }
}

/// Leads to the conversation with a region's echo.
#[component]
fn EchoLink(place: MailPlace) -> impl IntoView {
    let address = MailAddress::echo(place.code).to_string();
    let href = format!("/mail/{address}");
    view! { <a href=href data-testid="echo-link">{address}</a> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::samples::state;
    use protocol::{Region, RegionCode};

    fn place(code: &str) -> MailPlace {
        MailPlace {
            code: RegionCode::parse(code).unwrap(),
            of: None,
            name: code.to_uppercase(),
            is_elsewhere: false,
        }
    }

    #[test]
    fn this_region_comes_first_and_then_another_that_lives() {
        let mut state = state(None, &[]);
        state.places = ["fra", "ord", "syd"].map(place).into();
        let region = |code, instances| Region {
            instances,
            code: RegionCode::parse(code).unwrap(),
            city: String::new(),
            lat: 0.0,
            lng: 0.0,
            clicks: 1,
            people: 0,
            connections: 0,
            reached_ms: None,
            reached_rev: None,
        };
        state.page.world.regions = vec![region("fra", 1), region("ord", 0), region("syd", 2)];

        let codes: Vec<_> = echoes(&state).into_iter().map(|place| place.name).collect();

        assert_eq!(codes, ["FRA", "SYD"]);
    }
}
