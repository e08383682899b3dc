//! Clicks in the REST API.

use crate::RegionCode;
use serde::{Deserialize, Serialize};

/// What one click adds to the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub enum Step {
    /// One more.
    Up = 1,
    /// One less.
    Down = -1,
}

/// The error for an invalid step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`by` must be 1 or -1")]
pub struct StepError;

impl TryFrom<i64> for Step {
    type Error = StepError;

    fn try_from(by: i64) -> Result<Self, StepError> {
        match by {
            1 => Ok(Self::Up),
            -1 => Ok(Self::Down),
            _ => Err(StepError),
        }
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Step {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .description(Some("One more or one less."))
            .enum_values(Some([1, -1]))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Step {}

impl From<Step> for i64 {
    fn from(step: Step) -> Self {
        step as Self
    }
}

/// The body of `POST /api/clicks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Click {
    /// 1 or −1.
    pub by: Step,
}

/// The answer to `POST /api/clicks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClickReceipt {
    /// The revision that counted the click.
    pub rev: u64,
    /// The region's clicks at that revision.
    pub clicks: i64,
    /// The region that counted it: that of the serving instance.
    pub region: RegionCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_one_up_or_one_down() {
        assert_eq!(
            serde_json::from_str::<Click>(r#"{"by":1}"#).unwrap().by,
            Step::Up
        );
        assert_eq!(
            serde_json::to_string(&Click { by: Step::Down }).unwrap(),
            r#"{"by":-1}"#
        );
        for by in [
            "0",
            "2",
            "-9",
            "1.5",
            "\"1\"",
            "null",
            "9223372036854775808",
        ] {
            assert!(
                serde_json::from_str::<Click>(&format!("{{\"by\":{by}}}")).is_err(),
                "{by}"
            );
        }
    }
}
