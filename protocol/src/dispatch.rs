//! Dispatch: instances to send visitors to.

use crate::RegionCode;
use serde::{Deserialize, Serialize};

/// The answer to `GET /managers/find`: an instance of the nearest live region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ManagerFound {
    /// The host of its URL.
    #[cfg_attr(feature = "openapi", schema(examples("fra.murmuration.example")))]
    pub hostname: String,
    /// Its URL.
    #[cfg_attr(
        feature = "openapi",
        schema(examples("https://fra.murmuration.example"))
    )]
    pub url: String,
    /// Its region.
    pub region: RegionCode,
    /// The city of its servers.
    #[cfg_attr(feature = "openapi", schema(examples("Frankfurt")))]
    pub city: String,
    /// Its distance in kilometres.
    pub distance_km: f64,
}

/// A live region, and one of its instances to connect to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Manager {
    /// The region.
    pub region: RegionCode,
    /// The city of its servers.
    #[cfg_attr(feature = "openapi", schema(examples("Frankfurt")))]
    pub city: String,
    /// Latitude in degrees, north positive.
    pub lat: f64,
    /// Longitude in degrees, east positive.
    pub lng: f64,
    /// The URL of one of its instances.
    #[cfg_attr(
        feature = "openapi",
        schema(examples("https://fra.murmuration.example"))
    )]
    pub url: String,
    /// The number of its live instances.
    pub instances: u32,
    /// The number of its open sessions.
    pub connections: u32,
}
