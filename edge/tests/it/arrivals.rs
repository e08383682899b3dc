//! How soon clicks are in other regions.

use crate::support::{Tab, link_to, ready_engine, start_redis, until};
use protocol::{RegionCode, World};
use std::time::Duration;

fn ms(world: &World, code: &str) -> Option<u64> {
    world.region(&RegionCode::parse(code).unwrap())?.reached_ms
}

#[tokio::test]
async fn each_other_region_confirms_a_click_and_pages_hear_how_soon() {
    let redis = start_redis().await;
    let far = link_to(&redis);
    let chicago = ready_engine("ord", &redis.url()).await;
    let mut ann = Tab::open(&chicago, "ann");
    ann.click_up(1);
    ann.settled().await;
    assert_eq!(ms(&chicago.mirror().world(), "ord"), None);

    // Two of a region confirm as one.
    let others = [
        ready_engine("fra", &redis.url()).await,
        ready_engine("fra", &redis.url()).await,
        ready_engine("syd", &far.url()).await,
    ];
    far.delay(Duration::from_millis(40));
    until(&chicago, "all instances", |world| {
        world
            .regions
            .iter()
            .map(|region| region.instances)
            .sum::<u32>()
            == 4
    })
    .await;
    ann.click_up(1);
    ann.settled().await;

    ann.listen_until("both", |tab| {
        ms(tab.view(), "fra").is_some() && ms(tab.view(), "syd").is_some()
    })
    .await;
    let world = chicago.mirror().world();
    assert_eq!(ann.view().regions, world.regions);
    let revs = world.regions.iter().filter_map(|region| region.reached_rev);
    assert!(revs.into_iter().all(|rev| rev <= world.rev));
    // The link takes that long for what comes from Redis.
    assert!(ms(&world, "syd").unwrap() >= 40, "{world:?}");
    assert!(ms(&world, "fra").unwrap() > 0);
    assert_eq!(ms(&world, "ord"), None);
    for other in &others {
        let world = other.mirror().world();
        let of_others = world.regions.iter().filter_map(|region| region.reached_ms);
        assert_eq!(
            of_others.count(),
            0,
            "only the clicks of one's own: {world:?}"
        );
    }
}
