//! What Murmuration's site consists of.

use crate::about::Source;
use crate::cards::{self, Cards};
use crate::party::NearbyCache;
use crate::poll::{Polls, votes};
use crate::world::{PageCache, WorldDrawn};
use crate::{about, draw, federation, mail, party, world, you};
use leptos::prelude::IntoAny;
use serde_json::{Value, json};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use web::{AppState, Config, Site};

/// What begins the keys in Redis, and names the site's files.
pub(crate) const NAME: &str = "murmuration";
/// What the API's document says of the API as a whole.
const ABOUT: &str = "Every call can be made at any instance of any region. \
    Errors are problem details (RFC 9457); their `type` is stable. \
    Clients that prefer `text/html` receive them as pages. \
    Bodies have at most 4096 bytes, those with a `message`, a `change` or a new poll at most 32768; unknown fields are ignored. \
    A `device_id` is a secret: whoever knows it may act for the device.";

/// All features. What they are told in environment variables besides the settings of every instance, they add to `config`.
///
/// # Errors
/// If a variable is invalid, or the system's root certificates cannot be read.
pub(crate) fn site(config: &mut Config) -> anyhow::Result<Site> {
    let site = Site::new("Murmuration", |options| app::shell(options).into_any())
        .version(env!("CARGO_PKG_VERSION"))
        .licence("MIT OR Apache-2.0")
        .about(ABOUT)
        .navigation(app::navigation())
        .around(app::around_html())
        .routes(callers())
        .keep(Cards::new()?)
        .keep(PageCache::default())
        .keep(WorldDrawn::default())
        .packed_routes(world::pages())
        .keep(NearbyCache::default())
        .routes(party::routes())
        .routes(mail::routes())
        .routes(draw::routes())
        .open_routes(draw::calls())
        .documents::<Polls>()
        .routes(cards::of_documents("Poll", votes))
        .routes(you::routes())
        .keep(Source::from_env()?)
        .routes(about::pages())
        .refine_api(pair_coordinates);
    federation::add_to(site, config)
}

/// How callers authenticate.
fn callers() -> OpenApiRouter<AppState> {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "The token that claiming an address returned. Pages of this site use their cookie instead.",
        ));
    let cluster = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("PASETO v4.public")
        .description(Some(
            "A token that another cluster signed for this one call. See the documentation of federation.",
        ));
    let components = ComponentsBuilder::new()
        .security_scheme("mail_token", SecurityScheme::Http(token.build()))
        .security_scheme("federation_token", SecurityScheme::Http(cluster.build()));
    let api = OpenApiBuilder::new().components(Some(components.build()));
    OpenApiRouter::with_openapi(api.build())
}

/// What utoipa cannot express about a new party: `lat` and `lng` are required together.
///
/// It is a condition, which client generators may ignore, and not a choice, which they would turn into two types.
fn pair_coordinates(document: &mut Value) {
    let number =
        |field: &str| json!({ "required": [field], "properties": { field: { "type": "number" } } });
    let rules = [
        ("if", number("lat")),
        ("then", number("lng")),
        (
            "else",
            json!({ "properties": { "lng": { "type": "null" } } }),
        ),
    ];
    let rules = rules.map(|(keyword, rule)| (keyword.to_owned(), rule));
    if let Some(Value::Object(party)) = document.pointer_mut("/components/schemas/NewParty") {
        party.extend(rules);
    }
}
