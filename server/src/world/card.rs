//! The world's card: its number, and its regions as lights on the map.

use crate::cards::{Cards, Drawing, INK, INK_SOFT, Words};
use app::CARD_WIDTH;
use app::map::{self, Point, place, radius};
use axum::extract::State;
use axum::response::Response;
use live::format::{counted, grouped};
use protocol::World;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use web::page::page_state;
use web::visitor::Visitor;
use web::{AppState, HttpError};

/// For how long a world is drawn: it changes with every click.
const DRAWN_FOR: Duration = Duration::from_secs(10);
/// The map's size on the card, over its own.
const SCALE: f64 = 0.8;
/// Where its upper edge is.
const TOP: f64 = 284.0;
/// How much larger lights are than the map has them: a card is often shown small.
const LIGHTS: f64 = 1.3;
/// Where the number and its words stand.
const LINES: [f64; 2] = [222.0, 274.0];
/// The number's size, by the letters that it takes at most.
const SIZES: [(usize, f64); 3] = [(10, 136.0), (16, 110.0), (usize::MAX, 72.0)];

/// The world as it was drawn last, and when.
#[derive(Default)]
pub(crate) struct WorldDrawn(Mutex<Option<(Instant, Arc<str>)>>);

/// Answers `GET /cards/world.png`.
pub(super) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
) -> Result<Response, HttpError> {
    let cards = state.kept::<Cards>()?;
    let svg = {
        // A poisoned lock guards a whole drawing or none.
        let drawn = &state.kept::<WorldDrawn>()?.0;
        let mut drawn = drawn.lock().unwrap_or_else(PoisonError::into_inner);
        match &*drawn {
            Some((at, svg)) if at.elapsed() < DRAWN_FOR => svg.clone(),
            _ => {
                let svg = draw(cards.drawing(), &page_state(&state.engine)?.world);
                *drawn = Some((Instant::now(), svg.clone()));
                svg
            }
        }
    };
    cards.answer(&visitor, svg).await
}

fn draw(mut drawing: Drawing, world: &World) -> Arc<str> {
    let middle = f64::from(CARD_WIDTH) / 2.0;
    let left = middle - map::WIDTH * SCALE / 2.0;
    drawing.land((left, TOP), SCALE, 1.0);
    for region in &world.regions {
        let Point { x, y } = place(region.lat, region.lng);
        let at = (left + x * SCALE, TOP + y * SCALE);
        drawing.light(at, radius(region.people) * LIGHTS, region.instances > 0);
    }
    let total = world.clicks();
    let number = grouped(total);
    let size = SIZES
        .into_iter()
        .find(|(most, _)| number.chars().count() <= *most);
    let centred = |words| Words {
        is_centred: true,
        ..words
    };
    let size = size.map_or(SIZES[2].1, |(_, size)| size);
    let width = f64::from(CARD_WIDTH);
    drawing.text(
        &number,
        (middle, LINES[0]),
        centred(Words::new(size, INK)),
        (width, 1),
    );
    let told = format!(
        "{} so far · {} in {}",
        if matches!(total, 1 | -1) {
            "click"
        } else {
            "clicks"
        },
        counted(world.people(), "person", "people"),
        counted(world.regions.len(), "region", "regions")
    );
    drawing.text(
        &told,
        (middle, LINES[1]),
        centred(Words::new(30.0, INK_SOFT)),
        (width, 1),
    );
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::drawn;
    use protocol::{Region, RegionCode};

    fn world(clicks: i64) -> World {
        let places = [
            ("ord", 41.98, -87.9, 5, 1),
            ("fra", 50.03, 8.57, 40, 2),
            ("syd", -33.95, 151.18, 1, 1),
            ("gru", -23.43, -46.47, 12, 1),
            ("nrt", 35.76, 140.39, 9, 1),
            ("jnb", -26.14, 28.25, 0, 0),
        ];
        let regions = places.map(|(code, lat, lng, people, instances)| Region {
            code: RegionCode::parse(code).unwrap(),
            city: "<city>".into(),
            lat,
            lng,
            clicks: if code == "ord" { clicks } else { 0 },
            people,
            instances,
            reached_ms: None,
            reached_rev: None,
            connections: people,
        });
        World {
            regions: regions.into(),
            ..World::default()
        }
    }

    #[test]
    fn the_card_has_the_number_and_a_light_for_each_region() {
        let (svg, _) = drawn("world", |drawing| draw(drawing, &world(-1_284_507)));

        assert!(svg.contains(">−1,284,507</text>"));
        assert!(svg.contains(">clicks so far · 67 people in 6 regions</text>"));
        assert_eq!(svg.matches("url(#glow)").count(), 5, "one sleeps");
    }

    #[test]
    fn every_number_fits() {
        for clicks in [0, i64::MIN, i64::MAX] {
            let (svg, _) = drawn("longest", |drawing| draw(drawing, &world(clicks)));

            assert!(svg.contains(&format!(">{}</text>", grouped(clicks))));
        }
    }
}
