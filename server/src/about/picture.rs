//! Redis, every region around it, and the visitor: as HTML, which is its own text alternative.

use live::format::{age, grouped};
use protocol::live::VERSION;
use protocol::{PageState, Region};
use web::page::escape;

/// The picture as the server knows it: what live.js changes later is there from the start.
pub(super) fn picture(state: &PageState) -> String {
    let world = &state.world;
    let regions = world.regions.iter().map(|region| {
        let you = if region.code == state.region {
            you(state)
        } else {
            String::new()
        };
        item(region, &you)
    });
    // A region that is not listed, as its own instances are not registered yet: the visitor is there all the same.
    let alone = match world.region(&state.region) {
        Some(_) => String::new(),
        None => you(state),
    };
    format!(
        include_str!("picture.html"),
        detail = detail(world.age_ms),
        version = VERSION,
        epoch = world.epoch,
        rev = world.rev,
        age = world.age_ms,
        regions = regions.collect::<String>(),
        alone = alone,
        blank = item_of(["", "", "", "", ""], true, ""),
    )
}

/// How old the numbers are.
fn detail(age_ms: u64) -> String {
    match age_ms {
        0 => "The numbers are from when this page was loaded.".into(),
        age_ms => format!(
            "Numbers are {} old: the servers can’t reach Redis.",
            age(age_ms)
        ),
    }
}

fn item(region: &Region, you: &str) -> String {
    let numbers = [
        grouped(region.people),
        grouped(region.instances),
        grouped(region.clicks),
    ];
    let [people, instances, clicks] = &numbers;
    let (code, city) = (escape(region.code.as_str()), escape(&region.city));
    item_of(
        [&code, &city, people, instances, clicks],
        region.instances > 0,
        you,
    )
}

/// A region of that code and city, with its people, instances and clicks.
fn item_of([code, city, people, instances, clicks]: [&str; 5], is_live: bool, you: &str) -> String {
    format!(
        include_str!("region.html"),
        code = code,
        city = city,
        people = people,
        instances = instances,
        clicks = clicks,
        gone = if is_live { " hidden" } else { "" },
        you = you,
    )
}

/// The visitor, at the instance that serves the page.
fn you(state: &PageState) -> String {
    format!(
        "<p class=\"star__you\" id=\"you\"><strong>You</strong> are served by instance <code translate=\"no\" \
         data-testid=\"about-instance\">{}</code>. <span data-testid=\"about-latency\"></span></p>\n",
        escape(&state.instance)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{RegionCode, World};

    fn region(code: &str, city: &str, instances: u32) -> Region {
        Region {
            code: RegionCode::parse(code).unwrap(),
            city: city.into(),
            lat: 0.0,
            lng: 0.0,
            clicks: -1_234,
            people: 5,
            connections: 5,
            instances,
            reached_ms: None,
            reached_rev: None,
        }
    }

    fn state(regions: Vec<Region>) -> PageState {
        PageState {
            world: World {
                epoch: 2,
                rev: 7,
                regions,
                ..World::default()
            },
            history: vec![],
            region: RegionCode::parse("fra").unwrap(),
            instance: "fra-<1>".into(),
        }
    }

    #[test]
    fn every_region_is_there_and_the_visitor_at_their_own() {
        let html = picture(&state(vec![
            region("fra", "Frank & furt", 2),
            region("ord", "<Chicago>", 0),
        ]));

        let (fra, ord) = html.split_once("data-region=\"ord\"").unwrap();
        for part in [
            "data-region=\"fra\"",
            "Frank &amp; furt",
            "−1,234",
            "fra-&lt;1&gt;",
        ] {
            assert!(fra.contains(part), "{part}: {html}");
        }
        assert!(ord.contains("&lt;Chicago&gt;") && !ord.contains("star__you"));
        assert!(fra.contains("data-of=\"gone\" hidden>"));
        assert!(
            ord.split("</li>")
                .next()
                .unwrap()
                .contains("data-of=\"gone\">")
        );
        assert_eq!(html.matches("id=\"you\"").count(), 1);
        assert!(html.contains("data-epoch=\"2\" data-rev=\"7\""));
    }

    #[test]
    fn the_visitor_is_somewhere_also_before_their_region_is_listed() {
        assert_eq!(picture(&state(vec![])).matches("id=\"you\"").count(), 1);
    }

    #[test]
    fn it_says_how_old_the_numbers_are() {
        assert!(detail(0).contains("when this page was loaded"));
        assert!(detail(14_000).contains("14 s old"));
    }
}
