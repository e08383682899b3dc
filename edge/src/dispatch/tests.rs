//! The nearest region, against distances from another formula than the one that is used.

use super::{Atlas, InstanceNews, Instances};
use crate::region::{DEFAULT_REGIONS, Place, Regions};
use protocol::{Coordinates, ManagerFound, RegionCode};

/// City, latitude, longitude, and the nearest region of the shipped list.
const CITIES: [(&str, f64, f64, &str); 24] = [
    ("Chicago", 41.88, -87.63, "ord"),
    ("San Francisco", 37.77, -122.42, "us-west-1"),
    ("Los Angeles", 34.05, -118.24, "lax"),
    ("Mexico City", 19.43, -99.13, "qro"),
    ("Lima", -12.05, -77.04, "bog"),
    ("Buenos Aires", -34.60, -58.38, "eze"),
    ("Rio de Janeiro", -22.91, -43.17, "gig"),
    ("Ushuaia", -54.80, -68.30, "eze"),
    ("Reykjavík", 64.15, -21.94, "eu-west-1"),
    ("Lisbon", 38.72, -9.14, "mad"),
    ("Berlin", 52.52, 13.40, "eu-central-1"),
    ("Rome", 41.90, 12.50, "fra"),
    ("Lagos", 6.52, 3.38, "mad"),
    ("Cape Town", -33.92, 18.42, "jnb"),
    ("Nairobi", -1.29, 36.82, "jnb"),
    ("Dubai", 25.20, 55.27, "bom"),
    ("Jakarta", -6.21, 106.85, "ap-southeast-1"),
    ("Seoul", 37.57, 126.98, "ap-northeast-2"),
    ("Tokyo", 35.68, 139.69, "ap-northeast-1"),
    ("Perth", -31.95, 115.86, "syd"),
    ("Auckland", -36.85, 174.76, "ap-southeast-2"),
    (
        "Suva, west of the date line",
        -18.12,
        178.45,
        "ap-southeast-2",
    ),
    (
        "Apia, east of the date line",
        -13.83,
        -171.75,
        "ap-southeast-2",
    ),
    ("Honolulu", 21.31, -157.86, "us-west-1"),
];

fn shipped() -> Regions {
    Regions::parse(DEFAULT_REGIONS).unwrap()
}

fn at(lat: f64, lng: f64) -> Coordinates {
    Coordinates::new(lat, lng).unwrap()
}

fn alive<'a>(codes: impl IntoIterator<Item = &'a str>) -> Instances {
    let mut instances = Instances::default();
    for code in codes {
        instances.put(InstanceNews {
            id: format!("{code}-1"),
            region: Some(RegionCode::parse(code).unwrap()),
            url: format!("https://{code}.example:8443"),
            connections: 0,
        });
    }
    instances
}

fn found(regions: &Regions, lat: f64, lng: f64, instances: &Instances) -> Option<ManagerFound> {
    Atlas::new(regions).find(at(lat, lng), instances)
}

/// The great-circle distance in kilometres, by the special case for a sphere of T. Vincenty's inverse
/// formula ("Direct and Inverse Solutions of Geodesics on the Ellipsoid", Survey Review 23, 1975), with
/// the radius that the IUGG names as the mean one.
fn vincenty_km(lat: f64, lng: f64, place: &Place) -> f64 {
    let [lat, other] = [lat, place.lat].map(f64::to_radians);
    let across = (place.lng - lng).to_radians();
    let east = other.cos() * across.sin();
    let north = lat.cos() * other.sin() - lat.sin() * other.cos() * across.cos();
    let along = lat.sin() * other.sin() + lat.cos() * other.cos() * across.cos();
    6_371.008_8 * east.hypot(north).atan2(along)
}

#[test]
fn every_city_is_sent_to_its_nearest_region() {
    let regions = shipped();
    let everywhere = alive(regions.places().iter().map(|place| place.code.as_str()));

    for (city, lat, lng, expected) in CITIES {
        let nearest_km = regions
            .places()
            .iter()
            .map(|place| vincenty_km(lat, lng, place))
            .fold(f64::INFINITY, f64::min);
        let found = found(&regions, lat, lng, &everywhere).unwrap();
        let place = regions.find(found.region.as_str()).unwrap();

        let published_km = vincenty_km(lat, lng, place);
        assert!(
            (published_km - nearest_km).abs() < 0.001,
            "{city}: {found:?}"
        );
        assert!(
            (found.distance_km - published_km).abs() < 0.001,
            "{city}: {found:?}"
        );
        assert_eq!(found.region.as_str(), expected, "{city}");
    }
}

#[test]
fn every_place_on_a_grid_of_the_earth_is_sent_to_its_nearest_region() {
    let regions = shipped();
    let everywhere = alive(regions.places().iter().map(|place| place.code.as_str()));

    for lat in (-90..=90).step_by(6).map(f64::from) {
        for lng in (-180..=180).step_by(6).map(f64::from) {
            let nearest_km = regions
                .places()
                .iter()
                .map(|place| vincenty_km(lat, lng, place))
                .fold(f64::INFINITY, f64::min);
            let found = found(&regions, lat, lng, &everywhere).unwrap();
            assert!(
                (found.distance_km - nearest_km).abs() < 0.01,
                "{lat} {lng}: {found:?}, {nearest_km} km"
            );
        }
    }
}

#[test]
fn both_names_of_the_date_line_and_all_of_a_pole_are_one_place() {
    let regions = shipped();
    let some = alive(["ord", "fra", "syd", "nrt"]);
    let code = |lat: f64, lng: f64| found(&regions, lat, lng, &some).unwrap().region;

    for lat in [-80.0, -17.0, 0.0, 52.0, 80.0] {
        assert_eq!(code(lat, 180.0), code(lat, -180.0), "{lat}");
    }
    for lng in [-180.0, -90.0, 0.0, 77.0, 180.0] {
        assert_eq!(code(90.0, lng).as_str(), "fra", "{lng}");
        assert_eq!(code(-90.0, lng).as_str(), "syd", "{lng}");
    }
}

#[test]
fn of_regions_equally_near_the_first_by_code_is_taken() {
    let regions = Regions::parse(
        &[("zzz", 10.0), ("mmm", -10.0), ("aaa", 10.0)]
            .map(|(code, lng)| {
                format!("[[region]]\ncode=\"{code}\"\ncity=\"X\"\nlat=0.0\nlng={lng:.1}\nurl=\"https://x.example\"\n")
            })
            .concat(),
    )
    .unwrap();

    let all = found(&regions, 0.0, 0.0, &alive(["zzz", "mmm", "aaa"]));
    let two = found(&regions, 0.0, 0.0, &alive(["zzz", "mmm"]));

    assert_eq!(all.unwrap().region.as_str(), "aaa");
    assert_eq!(two.unwrap().region.as_str(), "mmm");
}

#[test]
fn only_living_regions_of_the_list_are_found() {
    let regions = shipped();
    let code = |instances| found(&regions, 50.1, 8.6, &instances).map(|found| found.region);

    assert_eq!(code(alive([])), None);
    assert_eq!(code(alive(["atlantis"])), None);
    assert_eq!(code(alive(["syd", "ord"])).unwrap().as_str(), "ord");
    assert_eq!(code(alive(["syd", "ord", "fra"])).unwrap().as_str(), "fra");
}

#[test]
fn what_is_found_says_where_it_is() {
    let found = found(&shipped(), 50.1, 8.6, &alive(["fra"])).unwrap();

    assert_eq!(found.hostname, "fra.example");
    assert_eq!(found.url, "https://fra.example:8443");
    assert_eq!(found.city, "Frankfurt");
    assert!(found.distance_km < 20.0, "{found:?}");
}
