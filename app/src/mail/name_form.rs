//! Choosing a name for an address.

use super::TryEcho;
use leptos::prelude::*;
use live::ProblemNote;
use protocol::{MAIL_NAME_MAX_CHARS, MailAddress, MailAttempt, MailForm, MailPlace};

/// Chooses the first name.
#[component]
pub(crate) fn NameCard(
    /// The region that serves the page: the address's home.
    here: MailPlace,
    /// Whom the visitor came to write to.
    with: Option<MailAddress>,
    /// The form that was sent and could not be used.
    attempt: Option<MailAttempt>,
    /// What a mailbox keeps.
    kept: String,
    /// The regions whose echoes to suggest.
    echoes: Vec<MailPlace>,
) -> impl IntoView {
    let why = with
        .as_ref()
        .map(|with| format!("To write to {with}, choose a name to be answered at. "));
    let city = here.name.clone();
    let try_echo = with.is_none().then_some(echoes);
    view! {
        <section class="name-card" aria-labelledby="name-title" data-testid="name-card">
            <h1 class="name-card__title" id="name-title">"Choose a name, get mail"</h1>
            <p class="name-card__words">
                {why}
                "Your address is your region, "
                <strong>{city}</strong>
                ", plus a name. Mail reaches you in any region, in this browser."
            </p>
            <NameForm here with attempt button="Claim this name" />
            {try_echo.map(|echoes| view! { <p class="name-card__kept"><TryEcho echoes /></p> })}
            <p class="name-card__kept">{kept}</p>
        </section>
    }
}

/// Chooses another name, later.
#[component]
pub(crate) fn AnotherName(
    /// The region that serves the page.
    here: MailPlace,
    /// The form that was sent and could not be used.
    attempt: Option<MailAttempt>,
) -> impl IntoView {
    let words = format!(
        "A new address in {} with its own mailbox, which this browser then shows. Claim the current name again to \
         get its mail back.",
        here.name
    );
    let is_open = attempt.is_some();
    view! {
        <details class="another-name" open=is_open data-testid="another-name">
            <summary class="another-name__summary">"Choose another name"</summary>
            <p class="another-name__words">{words}</p>
            <NameForm here with=None attempt button="Claim that name" />
        </details>
    }
}

/// The form itself.
#[component]
fn NameForm(
    /// The region that serves the page.
    here: MailPlace,
    /// Where to go then.
    with: Option<MailAddress>,
    /// The form that was sent and could not be used.
    attempt: Option<MailAttempt>,
    /// What the button says.
    button: &'static str,
) -> impl IntoView {
    let typed = attempt
        .as_ref()
        .filter(|attempt| attempt.form == MailForm::Name)
        .map(|attempt| attempt.typed.clone())
        .unwrap_or_default();
    // Of what only came at a bad time, nothing is wrong.
    let is_wrong = attempt
        .as_ref()
        .is_some_and(|attempt| attempt.problem.status < 500);
    let name = RwSignal::new(typed.clone());
    let code = here.code.clone();
    let note = move || name.with(|name| say_name(code.as_str(), name));
    view! {
        <form class="name-form" method="post" action="/mail/name" data-testid="name-form">
            {attempt.map(|attempt| view! { <ProblemNote problem=attempt.problem /> })}
            {with.map(|with| view! { <input type="hidden" name="to" value=with.to_string() /> })}
            <div class="field">
                <label class="field__label" for="mail-name">"Name"</label>
                <div class="name-field">
                    <span class="name-field__place" id="mail-name-place">{format!("{}-", here.code)}</span>
                    <input
                        class="field__input"
                        id="mail-name"
                        name="name"
                        value=typed
                        required
                        maxlength=MAIL_NAME_MAX_CHARS.to_string()
                        pattern=r"\s*[A-Za-z0-9_]+\s*"
                        title="Letters, digits and underscores"
                        autocomplete="nickname"
                        autocapitalize="none"
                        spellcheck="false"
                        placeholder="e.g. wren"
                        aria-invalid=is_wrong.then_some("true")
                        aria-describedby=if is_wrong { "form-problem mail-name-note" } else { "mail-name-place mail-name-note" }
                        data-testid="mail-name"
                        on:input=move |input| name.set(event_target_value(&input))
                    />
                </div>
                <p class="field__note" id="mail-name-note" data-testid="mail-name-note">{note}</p>
            </div>
            <button class="button" data-testid="take-name">{button}</button>
        </form>
    }
}

/// The address that the name makes, or what a name may consist of.
fn say_name(place: &str, name: &str) -> String {
    match MailAddress::parse(&format!("{place}-{}", name.trim())) {
        Ok(address) if address.is_reserved() => {
            "This name is reserved for servers. Choose another one.".into()
        }
        // A hyphen would make another place.
        Ok(address) if address.place().as_str() == place => {
            format!("Your address will be {address}.")
        }
        _ if name.trim().is_empty() => {
            format!("1 to {MAIL_NAME_MAX_CHARS} letters, digits or underscores.")
        }
        _ => {
            format!("A name has 1 to {MAIL_NAME_MAX_CHARS} letters a to z, digits or underscores.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shows_its_address() {
        assert_eq!(
            say_name("ord", " Wren_2"),
            "Your address will be ord-wren_2."
        );
        assert!(say_name("ord", "").starts_with("1 to 32"));
        for name in ["a-b", "ä", "a b", &"x".repeat(33)] {
            assert!(say_name("ord", name).starts_with("A name has"), "{name}");
        }
        for name in ["Postmaster", "Echo"] {
            assert!(say_name("ord", name).contains("another"), "{name}");
        }
    }
}
