//! Reads what a server sends.

use super::RawJson;
use crate::json::Reader;
use crate::{Problem, RegionCode};

/// The fields of all frames.
///
/// The reader that serde derives for a tagged enum first keeps a whole frame in a buffer of its own kind; the code of
/// that is a sixth of what a browser would download. All frames together have few fields, so they are read flat and
/// sorted out afterwards.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) r#type: Option<String>,
    pub(super) version: u32,
    pub(super) region: Option<RegionCode>,
    pub(super) instance: Option<String>,
    pub(super) beat_ms: u64,
    pub(super) history: Vec<i64>,
    pub(super) seq: u64,
    pub(super) epoch: u64,
    pub(super) rev: u64,
    pub(super) problem: Option<Problem>,
    pub(super) topic: Option<String>,
    pub(super) key: String,
    pub(super) state: Option<RawJson>,
    pub(super) own: Option<RawJson>,
}

impl Fields {
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut fields = Self::default();
        let mut reader = Reader::new(text);
        reader.object(|name, value| {
            match name {
                "type" => fields.r#type = value.value()?,
                "version" => fields.version = value.value()?,
                "region" => fields.region = value.value()?,
                "instance" => fields.instance = value.value()?,
                "beat_ms" => fields.beat_ms = value.value()?,
                "history" => fields.history = value.value()?,
                "seq" => fields.seq = value.value()?,
                "epoch" => fields.epoch = value.value()?,
                "rev" => fields.rev = value.value()?,
                "problem" => fields.problem = value.value()?,
                "topic" => fields.topic = value.value()?,
                "key" => fields.key = value.value()?,
                "state" => fields.state = Some(RawJson::new(value.raw()?)),
                "own" => fields.own = Some(RawJson::new(value.raw()?)),
                // A field of a newer server.
                _ => drop(value.raw()?),
            }
            Some(())
        })?;
        reader.end()?;
        Some(fields)
    }
}
