//! The forms of the mail pages: each answers with a redirect, or with the page and what went wrong.

use super::page::{MailPage, address_of};
use super::problem::{bad_address, bad_name, no_address, too_many_claims};
use crate::messages;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use edge::NewLetter;
use protocol::{MailAddress, MailAttempt, MailForm};
use serde::Deserialize;
use web::AppState;
use web::HttpError;
use web::extract::{Form, IdempotencyKey, Path};
use web::page::cut;
use web::rate::memory;
use web::visitor::Sender;

/// The fields of all these forms; each has some of them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    name: String,
    to: String,
    from: String,
    message: String,
}

/// Answers `POST /mail/name`: claims an address in the serving region.
pub(super) async fn claim(
    State(state): State<AppState>,
    sender: Sender,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let claimed = async {
        let place = state.engine.place().code.clone();
        let address = MailAddress::new(place, fields.name.trim()).map_err(|_| bad_name())?;
        let person = sender.0.known()?;
        let claims = sender.0.address.claims.take_one();
        claims.map_err(too_many_claims)?;
        memory::leave(&state, &sender.0.address, memory::CLAIM)?;
        Ok(state.engine.mail().claim_for(person, address).await?)
    };
    let next = MailAddress::parse(&fields.to).ok();
    match claimed.await {
        Ok(_) => Ok(to_mail(next.as_ref())),
        Err(error) => {
            let attempt = attempt(MailForm::Name, &fields.name, "", error);
            MailPage::after(next, attempt)
                .respond(&state, &sender.0)
                .await
        }
    }
}

/// Answers `POST /mail/give-back`: gives the address that the page shows back.
pub(super) async fn give_back(
    State(state): State<AppState>,
    Sender(visitor): Sender,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let address = MailAddress::parse(&fields.from).map_err(|error| bad_address(&error))?;
    let proof = visitor.known()?.into();
    state.engine.mail().give_back(address, &proof).await?;
    Ok(to_mail(None))
}

/// Answers `POST /mail/send`: sends a letter to a typed address.
pub(super) async fn send(
    State(state): State<AppState>,
    sender: Sender,
    key: IdempotencyKey,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let sent = async {
        let to = MailAddress::parse_typed(&fields.to).map_err(|error| bad_address(&error))?;
        send_letter(&state, &sender, to, (&fields, key)).await
    };
    match sent.await {
        Ok(to) => Ok(to_mail(Some(&to))),
        Err(error) => {
            let attempt = attempt(MailForm::Write, &fields.to, &fields.message, error);
            MailPage::after(None, attempt)
                .respond(&state, &sender.0)
                .await
        }
    }
}

/// Answers `POST /mail/{address}`: sends a letter in a conversation.
pub(super) async fn reply(
    State(state): State<AppState>,
    sender: Sender,
    Path(address): Path<String>,
    key: IdempotencyKey,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let with = address_of(&state, &address)?;
    match send_letter(&state, &sender, with.clone(), (&fields, key)).await {
        Ok(to) => Ok(to_mail(Some(&to))),
        Err(error) => {
            let attempt = attempt(MailForm::Reply, &address, &fields.message, error);
            MailPage::after(Some(with), attempt)
                .respond(&state, &sender.0)
                .await
        }
    }
}

/// Answers `GET` for a form's path, where a visitor reloads its answer: with the form's page.
pub(super) async fn to_mailbox() -> Redirect {
    Redirect::to("/mail")
}

/// Sends a letter from the visitor's address. Returns its recipient, by region.
async fn send_letter(
    state: &AppState,
    sender: &Sender,
    to: MailAddress,
    (fields, IdempotencyKey(idempotency_key)): (&Fields, IdempotencyKey),
) -> Result<MailAddress, HttpError> {
    let text = messages::from_form(&fields.message)?;
    let person = sender.0.known()?;
    let mail = state.engine.mail();
    // As the page says: its visitor may have claimed another name in another tab. The engine checks the owner.
    let from = match MailAddress::parse(&fields.from) {
        Ok(from) => from,
        Err(_) => mail.address_of(person).await?.ok_or_else(no_address)?,
    };
    let budget = sender.0.address.messages.take_one();
    budget.map_err(messages::too_many)?;
    let cost = memory::letter(text.as_str());
    memory::leave(state, &sender.0.address, cost)?;
    let sending = NewLetter {
        to,
        from,
        text,
        proof: person.into(),
        network: Some(sender.0.address.network_id(&*state.keys()?)),
        idempotency_key,
    };
    Ok(mail.send(sending).await?.to)
}

fn attempt(form: MailForm, typed: &str, draft: &str, error: HttpError) -> MailAttempt {
    MailAttempt {
        form,
        typed: cut(typed),
        draft: messages::lines(draft),
        problem: error.into_shown(),
    }
}

/// Redirects to a conversation, or to the mailbox.
pub(super) fn to_mail(with: Option<&MailAddress>) -> Response {
    let path = with.map_or_else(|| "/mail".to_owned(), |with| format!("/mail/{with}"));
    Redirect::to(&path).into_response()
}
