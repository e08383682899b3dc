//! Where visitors are sent.

use crate::RegionCode;
use serde::{Deserialize, Serialize};

/// The answer to `GET /managers/find`: an instance of the nearest live region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ManagerFound {
    /// The host of its address.
    #[cfg_attr(feature = "openapi", schema(examples("fra.murmuration.example")))]
    pub hostname: String,
    /// Where it is reached.
    #[cfg_attr(
        feature = "openapi",
        schema(examples("https://fra.murmuration.example"))
    )]
    pub url: String,
    /// Its region.
    pub region: RegionCode,
    /// The city its servers stand in.
    #[cfg_attr(feature = "openapi", schema(examples("Frankfurt")))]
    pub city: String,
    /// How far away it is, in kilometres.
    pub distance_km: f64,
}

/// A live region, with an instance of it to go to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Manager {
    /// The region.
    pub region: RegionCode,
    /// The city its servers stand in.
    #[cfg_attr(feature = "openapi", schema(examples("Frankfurt")))]
    pub city: String,
    /// Latitude in degrees, north positive.
    pub lat: f64,
    /// Longitude in degrees, east positive.
    pub lng: f64,
    /// Where an instance of it is reached.
    #[cfg_attr(
        feature = "openapi",
        schema(examples("https://fra.murmuration.example"))
    )]
    pub url: String,
    /// Its live instances.
    pub instances: u32,
    /// Open sessions there.
    pub connections: u32,
}
