//! Topics: the kinds of live state that a page can watch.

use crate::json;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde::ser::{Error, Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt::{self, Debug, Display};

/// A kind of live state that sessions can watch: its name on the wire, what identifies one of the kind, and the state
/// that `state` frames carry.
///
/// A topic is the same type at both ends: a server's engine has a source for it, a page watches it.
pub trait Topic: Send + Sync + 'static {
    /// The `topic` of its frames.
    const NAME: &'static str;
    /// Identifies one of the kind; [`NoKey`] where there is only one.
    type Key: TryFrom<String> + Display + Clone + PartialEq + Debug + Send + Sync + 'static;
    /// The whole state: a receiver that missed frames needs only the next one.
    type State: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static;

    /// Whether `new` may replace `old`, both told by one server, for states that carry a revision.
    ///
    /// A server that a page moves to may lag behind the page, or Redis may have come back older: after a reconnect the
    /// first state is always taken.
    #[must_use]
    fn supersedes(_new: &Self::State, _old: &Self::State) -> bool {
        true
    }
}

/// The key of a topic that has only one state. On the wire it is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoKey;

/// A topic without keys was given one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this topic has no keys")]
pub struct NoKeyError;

impl TryFrom<String> for NoKey {
    type Error = NoKeyError;

    fn try_from(text: String) -> Result<Self, NoKeyError> {
        text.is_empty().then_some(Self).ok_or(NoKeyError)
    }
}

impl From<NoKey> for String {
    fn from(_: NoKey) -> Self {
        Self::new()
    }
}

impl Display for NoKey {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// The state of one topic and key: the content of a `state` frame.
///
/// The state stays JSON until somebody reads it as their topic's type, so that a page contains only the code of the
/// topics it watches.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct StateFrame {
    /// [`Topic::NAME`].
    pub topic: String,
    /// The key as text; empty where the topic has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The state.
    pub state: RawJson,
}

impl StateFrame {
    /// A frame of that topic.
    ///
    /// # Errors
    /// None that the project's own states cause.
    pub fn of<T: Topic>(key: &T::Key, state: &T::State) -> Result<Self, serde_json::Error> {
        Ok(Self {
            topic: T::NAME.into(),
            key: key.to_string(),
            state: RawJson(serde_json::to_string(state)?),
        })
    }

    /// Reads the frame as one of that topic; `None` where it is of another topic or makes no sense.
    #[must_use]
    pub fn read<T: Topic>(&self) -> Option<(T::Key, T::State)> {
        if self.topic != T::NAME {
            return None;
        }
        let key = T::Key::try_from(self.key.clone()).ok()?;
        Some((key, self.state.read()?))
    }
}

/// JSON that is read later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawJson(String);

impl RawJson {
    pub(super) fn new(json: &str) -> Self {
        Self(json.into())
    }

    /// A value as JSON; `None` where it cannot be written, such as a map whose keys are no texts.
    pub fn of<T: Serialize>(value: &T) -> Option<Self> {
        serde_json::to_string(value).ok().map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads it as a type; `None` where it is not one.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        json::read(&self.0)
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json: &RawValue = serde_json::from_str(&self.0).map_err(S::Error::custom)?;
        json.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    /// Reads any JSON. Inside a tagged enum serde keeps no text, so it is written anew.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(Self(value.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DrawTopic, PartyCode, PartyTopic};

    #[test]
    fn a_state_frame_is_read_as_its_own_topic_only() {
        let code = PartyCode::parse("457495738").unwrap();

        let frame = StateFrame::of::<PartyTopic>(&code, &None).unwrap();

        assert_eq!(frame.read::<PartyTopic>(), Some((code, None)));
        assert_eq!(frame.read::<DrawTopic>(), None);
        let json = serde_json::to_string(&frame).unwrap();
        assert_eq!(json, r#"{"topic":"party","key":"457495738","state":null}"#);
    }

    #[test]
    fn a_key_that_does_not_belong_makes_no_frame() {
        let frame = |topic: &str, key: &str| StateFrame {
            topic: topic.into(),
            key: key.into(),
            state: RawJson::new("null"),
        };

        let keyless = frame("party", "");
        let keyed = frame("draw", "x");

        assert!(keyless.read::<PartyTopic>().is_none());
        assert!(keyed.read::<DrawTopic>().is_none());
    }
}
