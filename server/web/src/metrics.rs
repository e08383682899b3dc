//! `GET /metrics`, for Prometheus.

use crate::error::HttpError;
use crate::state::AppState;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

/// The media type of the text format (OpenMetrics 1.0).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Shows the instance's metrics, for Prometheus.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "server",
    responses((
        status = 200, description = "The metrics in the OpenMetrics text format.", body = String,
        content_type = "application/openmetrics-text",
        example = "# TYPE murmuration_connections gauge\nmurmuration_connections 14\n# EOF\n",
    )),
)]
pub(crate) async fn show(State(state): State<AppState>) -> Result<impl IntoResponse, HttpError> {
    let text = state
        .scrape
        .text(&state.engine)
        .map_err(|error| HttpError::logged(&error))?;
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], text))
}
