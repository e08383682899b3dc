//! Forgetting a device over REST.

use super::forget_everywhere;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::DeviceId;
use serde::Deserialize;
use utoipa::IntoParams;
use web::AppState;
use web::HttpError;
use web::extract::Path;
use web::visitor::Sender;

/// A path that names a device.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct DevicePath {
    /// The device.
    #[param(example = "c2d81f6e93b70a54")]
    device_id: DeviceId,
}

/// Forgets a device.
///
/// It leaves its party, and its id counts no longer in any region: every call with it is refused (403). For an id that
/// somebody else has learned. Cannot be undone.
#[utoipa::path(
    delete, path = "/api/devices/{device_id}", operation_id = "forget_device", tag = "parties",
    params(DevicePath),
    responses((status = 204, description = "The device is forgotten.")),
)]
pub(super) async fn forget(
    State(state): State<AppState>,
    Sender(sender): Sender,
    Path(path): Path<DevicePath>,
) -> Result<StatusCode, HttpError> {
    if let Some(person) = state.keys()?.person(&path.device_id) {
        forget_everywhere(&state, &sender.address, person).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
