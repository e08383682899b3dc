//! The forms of the pages of mail: each answers with a page, done or explained, JavaScript or not.

use super::answer::cut;
use super::forms::read;
use super::mail::{MailVisit, address_of};
use super::visitor::Sender;
use crate::problem::HttpError;
use crate::state::AppState;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use edge::{NewLetter, PersonId};
use protocol::{MailAddress, MailAttempt, MailForm, MessageText, MessageTextError, Problem};
use serde::Deserialize;

/// The fields of all these forms; each has some of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    name: String,
    to: String,
    from: String,
    message: String,
}

type FormOf = Result<Form<Fields>, FormRejection>;

/// Answers `POST /mail/name`: claims an address of the serving region.
pub(crate) async fn take_name(
    State(state): State<AppState>,
    sender: Sender,
    form: FormOf,
) -> Result<Response, HttpError> {
    let fields = read(form)?;
    let next = MailAddress::parse(&fields.to).ok();
    match try_to_claim(&state, &sender, &fields.name).await {
        Ok(_own) => Ok(to_mail(next.as_ref())),
        Err(problem) => {
            let attempt = attempt(MailForm::Name, &fields.name, String::new(), problem);
            let visit = MailVisit::after(sender.person, next, attempt);
            visit.respond(&state, &sender.headers).await
        }
    }
}

/// Answers `POST /mail/send`: writes to the address that was typed.
pub(crate) async fn write(
    State(state): State<AppState>,
    sender: Sender,
    form: FormOf,
) -> Result<Response, HttpError> {
    let fields = read(form)?;
    let sent = match MailAddress::parse(&fields.to) {
        Ok(to) => try_to_send(&state, &sender, to, &fields).await,
        Err(error) => Err(bad_address(&error)),
    };
    match sent {
        Ok(to) => Ok(to_mail(Some(&to))),
        Err(problem) => {
            let attempt = attempt(MailForm::Write, &fields.to, fields.message, problem);
            let visit = MailVisit::after(sender.person, None, attempt);
            visit.respond(&state, &sender.headers).await
        }
    }
}

/// Answers `POST /mail/{address}`: writes in a conversation.
pub(crate) async fn reply(
    State(state): State<AppState>,
    sender: Sender,
    Path(address): Path<String>,
    form: FormOf,
) -> Result<Response, HttpError> {
    let with = address_of(&state, &address)?;
    let fields = read(form)?;
    match try_to_send(&state, &sender, with.clone(), &fields).await {
        Ok(to) => Ok(to_mail(Some(&to))),
        Err(problem) => {
            let attempt = attempt(MailForm::Reply, &with.to_string(), fields.message, problem);
            let visit = MailVisit::after(sender.person, Some(with), attempt);
            visit.respond(&state, &sender.headers).await
        }
    }
}

/// Answers `GET` on a form's address, where somebody loads again what it answered: with the page of the form.
pub(crate) async fn to_mailbox() -> Redirect {
    Redirect::to("/mail")
}

async fn try_to_claim(
    state: &AppState,
    sender: &Sender,
    name: &str,
) -> Result<MailAddress, Problem> {
    let place = state.engine.place().code.clone();
    let address = MailAddress::new(place, name.trim()).map_err(|_| bad_name())?;
    let person = sender.person.ok_or_else(no_cookie)?;
    let caller = state.addresses.of(sender.address);
    caller.may_claim().map_err(|error| error.problem())?;
    let claimed = state.engine.mail().claim_for(person, address).await;
    claimed.map_err(problem)
}

/// Sends a letter from the address that the sender took up. Returns whom it is for, by region.
async fn try_to_send(
    state: &AppState,
    sender: &Sender,
    to: MailAddress,
    fields: &Fields,
) -> Result<MailAddress, Problem> {
    let text = text(&fields.message)?;
    let person = sender.person.ok_or_else(no_cookie)?;
    // As the page said: its visitor may have taken another name in another tab. The engine asks whose it is.
    let from = match MailAddress::parse(&fields.from) {
        Ok(from) => from,
        Err(_) => own(state, person).await?,
    };
    let caller = state.addresses.of(sender.address);
    caller.may_send().map_err(|error| error.problem())?;
    let sending = NewLetter {
        to,
        from,
        text,
        proof: person.into(),
        idempotency_key: None,
    };
    let sent = state.engine.mail().send(sending).await;
    Ok(sent.map_err(problem)?.to)
}

async fn own(state: &AppState, person: PersonId) -> Result<MailAddress, Problem> {
    let own = state.engine.mail().address_of(person).await;
    own.map_err(problem)?.ok_or_else(|| {
        Problem::new(409, "no-name", "You have no address yet")
            .with_detail("Take a name first: the answer comes to it.")
    })
}

/// What was written. A form's lines end with two characters, whatever was typed.
fn text(message: &str) -> Result<MessageText, Problem> {
    let message = message.replace("\r\n", "\n");
    MessageText::parse(&message).map_err(|error| match error {
        MessageTextError::Empty => Problem::new(422, "empty-message", "The letter is empty")
            .with_detail("Write something, then send it."),
        error => HttpError::from(error).problem().with_detail(
            "A letter has at most 4,096 bytes: part it in two, or take something out.",
        ),
    })
}

fn attempt(form: MailForm, typed: &str, draft: String, problem: Problem) -> MailAttempt {
    MailAttempt {
        form,
        typed: cut(typed),
        draft: draft.replace("\r\n", "\n"),
        problem,
    }
}

fn to_mail(with: Option<&MailAddress>) -> Response {
    let path = with.map_or_else(|| "/mail".to_owned(), |with| format!("/mail/{with}"));
    Redirect::to(&path).into_response()
}

fn bad_address(error: &protocol::AddressError) -> Problem {
    let mut detail = error.to_string();
    // Its first letter is an article's.
    detail.replace_range(..1, "A");
    detail.push('.');
    Problem::new(422, "bad-address", "That is no address").with_detail(detail)
}

fn bad_name() -> Problem {
    Problem::new(422, "bad-name", "That name cannot be used")
        .with_detail("A name has 1 to 32 letters a to z, digits or underscores.")
}

fn no_cookie() -> Problem {
    Problem::new(403, "no-cookie", "Your browser did not say who it is").with_detail(
        "Mail knows you by a cookie. Allow cookies for this site, then send the form again.",
    )
}

/// What a person is told of an error.
fn problem(error: edge::MailError) -> Problem {
    let problem = HttpError::from(error).problem();
    match problem.kind.as_str() {
        "redis-away" => problem.with_detail(
            "The servers have lost touch with what they share. It may have been done or not: look first, then \
             send it again in a minute.",
        ),
        // A person reads no code marks.
        _ => match &problem.detail {
            Some(detail) => {
                let detail = detail.replace('`', "");
                problem.with_detail(detail)
            }
            None => problem,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_form_end_as_they_were_typed() {
        assert_eq!(text("one\r\n\r\ntwo\n").unwrap().as_str(), "one\n\ntwo\n");
        assert_eq!(text(" \r\n ").unwrap_err().kind, "empty-message");
        // As many as a letter may have, but for what the form adds.
        assert!(text(&"\r\n".repeat(2048).replace("\r\n\r\n", "x\r\n")).is_ok());
        assert_eq!(
            text(&"x".repeat(4097)).unwrap_err().kind,
            "message-too-long"
        );
    }

    #[test]
    fn every_problem_says_what_to_do() {
        for problem in [
            bad_name(),
            bad_address(&protocol::AddressError),
            no_cookie(),
            problem(edge::MailError::Taken),
            problem(edge::MailError::Reserved),
            text("").unwrap_err(),
        ] {
            assert!(
                problem.detail.is_some_and(|detail| detail.ends_with('.')),
                "{}",
                problem.kind
            );
        }
    }
}
