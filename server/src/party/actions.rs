//! What the forms of the pages of parties ask for, and what a person is told where it cannot be done.

use crate::page::visitor::Sender;
use crate::party::code_limit::naming;
use crate::party::forms::Fields;
use crate::problem::{HttpError, MailRefusal};
use crate::state::AppState;
use edge::{PartyError, PartyPlan};
use protocol::{
    ChatMessage, Coordinates, MESSAGE_MAX_BYTES, MessageText, MessageTextError, ParticipantName,
    PartyCode, Problem,
};

pub(crate) async fn try_to_create(
    state: &AppState,
    sender: &Sender,
    fields: &Fields,
) -> Result<PartyCode, Problem> {
    let name = name(&fields.name)?;
    let at = place(state, fields)?;
    let person = sender.person.ok_or_else(no_cookie)?;
    let address = state.addresses.of(sender.address);
    address.may_change_party().map_err(problem)?;
    let plan = PartyPlan {
        name,
        at,
        listed: fields.listed.is_some(),
    };
    let created = state.engine.parties().create(person, plan).await;
    Ok(created.map_err(problem)?.party_code)
}

pub(crate) async fn try_to_join(
    state: &AppState,
    sender: &Sender,
    (code, typed): (PartyCode, &str),
) -> Result<PartyCode, Problem> {
    let name = name(typed)?;
    let person = sender.person.ok_or_else(no_cookie)?;
    let address = state.addresses.of(sender.address);
    let call = async {
        address.may_change_party()?;
        let joined = state.engine.parties().join(code, person, name).await;
        joined.map_err(HttpError::from)
    };
    let joined = naming(state, (&address, sender.person), code, call).await;
    Ok(joined.map_err(problem)?.joined.party_code)
}

pub(crate) async fn try_to_rename(
    state: &AppState,
    sender: &Sender,
    (code, typed): (PartyCode, &str),
) -> Result<(), Problem> {
    let name = name(typed)?.ok_or_else(bad_name)?;
    let person = sender.person.ok_or_else(no_cookie)?;
    let address = state.addresses.of(sender.address);
    let call = async {
        address.may_change_party()?;
        let renamed = state.engine.parties().rename(code, person, name).await;
        renamed.map_err(HttpError::from)
    };
    let renamed = naming(state, (&address, sender.person), code, call).await;
    renamed.map_err(problem)
}

pub(crate) async fn try_to_leave(
    state: &AppState,
    sender: &Sender,
    code: PartyCode,
) -> Result<(), Problem> {
    let person = sender.person.ok_or_else(no_cookie)?;
    let address = state.addresses.of(sender.address);
    let call = state.engine.parties().leave(code, person);
    match naming(state, (&address, sender.person), code, call).await {
        // Who left in another tab, or sent the form twice, is where they want to be.
        Ok(()) | Err(HttpError::NotInParty | HttpError::UnknownParty) => Ok(()),
        Err(error) => Err(problem(error)),
    }
}

/// Says something in the party's room.
pub(crate) async fn try_to_say(
    state: &AppState,
    sender: &Sender,
    (code, typed): (PartyCode, &str),
) -> Result<ChatMessage, Problem> {
    let text = text(typed)?;
    let person = sender.person.ok_or_else(no_cookie)?;
    let address = state.addresses.of(sender.address);
    let call = async {
        address.may_send()?;
        let said = state
            .engine
            .parties()
            .send_message(code, person, text, None)
            .await;
        said.map_err(|error| match error {
            PartyError::Link(_) => MailRefusal::SaidOrNot.into(),
            error => HttpError::from(error),
        })
    };
    let said = naming(state, (&address, sender.person), code, call).await;
    said.map_err(|error| match error {
        HttpError::Mail(MailRefusal::SaidOrNot) => said_or_not(),
        error => problem(error),
    })
}

/// What was typed. A form's lines end with two characters, whatever was typed.
fn text(typed: &str) -> Result<MessageText, Problem> {
    MessageText::parse(&typed.replace("\r\n", "\n")).map_err(|error| match error {
        MessageTextError::Empty => Problem::new(422, "empty-message", "There is nothing to say")
            .with_detail("Write something, then say it."),
        MessageTextError::TooLong => HttpError::from(error).problem().with_detail(format!(
            "It has {MESSAGE_MAX_BYTES} bytes at most. Say it in two parts."
        )),
    })
}

/// A name; nothing where none was given.
fn name(typed: &str) -> Result<Option<ParticipantName>, Problem> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    ParticipantName::parse(typed)
        .map(Some)
        .map_err(|_| bad_name())
}

/// Where a party is to be: where the visitor says they are, else where the serving region is.
fn place(state: &AppState, fields: &Fields) -> Result<Coordinates, Problem> {
    let (lat, lng) = (fields.lat.trim(), fields.lng.trim());
    let own = state.engine.place();
    let place = match (lat.is_empty() && lng.is_empty(), lat.parse(), lng.parse()) {
        (true, ..) => Coordinates::new(own.lat, own.lng).ok(),
        (false, Ok(lat), Ok(lng)) => Coordinates::new(lat, lng).ok(),
        _ => None,
    };
    place.ok_or_else(|| {
        Problem::new(422, "bad-place", "That is no place on Earth")
            .with_detail("Reload the page, and tell where you are once more, or not at all.")
    })
}

fn bad_name() -> Problem {
    Problem::new(422, "bad-name", "That name cannot be used").with_detail(
        "A name has 1 to 32 characters on one line, and none that are hidden or turn text around.",
    )
}

pub(crate) fn bad_code() -> Problem {
    Problem::new(422, "bad-party-code", "That is no party code").with_detail(
        "A code has nine digits, such as 457 495 738. Compare it with what you were told.",
    )
}

fn no_cookie() -> Problem {
    Problem::new(403, "no-cookie", "Your browser did not say who it is").with_detail(
        "Parties know you by a cookie. Allow cookies for this site, then send the form again.",
    )
}

fn said_or_not() -> Problem {
    let problem = HttpError::from(MailRefusal::SaidOrNot).problem();
    problem.with_detail(
        "The servers have lost touch with what they share. It may have been said or not: look first, then say it \
         again in a minute.",
    )
}

/// What a person is told of an error.
fn problem(error: impl Into<HttpError>) -> Problem {
    let problem = error.into().problem();
    let detail = match problem.kind.as_str() {
        "unknown-party" => {
            "It has ended, or the code is not quite right. Compare the code, or start a party of your own."
        }
        "not-in-party" => "You left it, perhaps in another tab. You can join again.",
        "redis-away" => {
            "The servers have lost touch with what they share. Nothing is lost: send the form again in a minute."
        }
        _ => return problem,
    };
    problem.with_detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_missing_but_not_hidden() {
        assert_eq!(name("  "), Ok(None));
        assert_eq!(name(" Wren ").unwrap().unwrap().as_str(), "Wren");
        assert_eq!(name("\u{202e}nerW").unwrap_err().kind, "bad-name");
    }

    #[test]
    fn lines_of_a_form_end_as_they_were_typed() {
        assert_eq!(text("one\r\n\r\ntwo").unwrap().as_str(), "one\n\ntwo");
        assert!(text(&"\r\nx".repeat(2048)).is_ok());
        assert_eq!(
            text(&"x".repeat(4097)).unwrap_err().kind,
            "message-too-long"
        );
        assert_eq!(text(" \r\n ").unwrap_err().kind, "empty-message");
    }

    #[test]
    fn every_problem_says_what_to_do() {
        for problem in [
            bad_name(),
            bad_code(),
            no_cookie(),
            said_or_not(),
            text("").unwrap_err(),
            problem(edge::PartyError::Unknown),
            problem(edge::PartyError::NotIn),
            problem(edge::PartyError::Full { limit: 2 }),
            problem(HttpError::Away),
        ] {
            assert!(problem.detail.is_some(), "{problem:?}");
        }
    }
}
