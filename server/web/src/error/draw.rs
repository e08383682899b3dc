//! Why the draw fails, and what the client is told.

use super::HttpError;
use edge::{DrawError, GiveError};

impl From<DrawError> for HttpError {
    fn from(error: DrawError) -> Self {
        match error {
            DrawError::NotReady => Self::not_ready(),
            DrawError::UnknownPlayer(players) => {
                let error = Self::new(404, "unknown-player", "There is no such player");
                error.with_detail(match players {
                    1 => "There is one player: its id is 1.".to_owned(),
                    players => format!("Player ids are whole numbers from 1 to {players}."),
                })
            }
            error => Self::logged(&error),
        }
    }
}

impl From<GiveError> for HttpError {
    fn from(error: GiveError) -> Self {
        match error {
            GiveError::Draw(error) => error.into(),
            GiveError::Link(error) => Self::redis_away(&error),
            error => Self::logged(&error),
        }
    }
}
