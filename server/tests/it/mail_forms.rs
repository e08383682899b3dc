//! The forms of mail: they do what they say without JavaScript, and say what they could not do.

use crate::support::{Server, assert_problem, form, letters, letters_of, start_redis, visitor};
use reqwest::Response;

/// What a form sends, percent-encoded.
fn fields(fields: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields).finish()
}

async fn take_name(server: &Server, cookie: &str, name: &str) -> Response {
    form(server, "/mail/name", &fields(&[("name", name)]), cookie).await
}

async fn write(server: &Server, cookie: &str, to: &str, message: &str) -> Response {
    let fields = fields(&[("to", to), ("message", message)]);
    form(server, "/mail/send", &fields, cookie).await
}

fn assert_leads_to(answer: &Response, path: &str) {
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["location"]),
        (303, &path.parse().unwrap())
    );
}

/// The page that an answer is, with this status and these parts.
async fn assert_page(answer: Response, status: u16, parts: &[&str]) -> String {
    let path = answer.url().path().to_owned();
    assert_eq!(answer.status(), status, "{path}");
    assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
    let page = answer.text().await.unwrap();
    for part in parts {
        assert!(page.contains(part), "{path}: no {part} in {page}");
    }
    page
}

async fn show(server: &Server, path: &str, cookie: &str) -> Response {
    let call = server.get(path).header("cookie", cookie);
    call.send().await.unwrap()
}

#[tokio::test]
async fn a_name_is_taken_and_a_letter_goes_and_is_answered() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let (wren, finch) = (visitor(&ord, " Wren ").await, visitor(&fra, "finch").await);

    assert_leads_to(
        &write(&ord, &wren, "FRA-Finch", "One\r\ntwo").await,
        "/mail/fra-finch",
    );
    let answered = form(
        &fra,
        "/mail/ord-wren",
        &fields(&[("message", "<b>three</b>")]),
        &finch,
    )
    .await;
    assert_leads_to(&answered, "/mail/ord-wren");

    assert_eq!(
        letters(&fra, &finch, "ord-wren").await,
        ["One\ntwo", "<b>three</b>"]
    );
    assert_eq!(
        letters(&fra, &wren, "fra-finch").await,
        ["One\ntwo", "<b>three</b>"],
        "in any region"
    );
}

#[tokio::test]
async fn who_comes_to_write_to_somebody_gets_there_with_a_name() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = server.cookie().await;

    let page = show(&server, "/mail/fra-finch", &cookie).await;
    assert_page(
        page,
        200,
        &["To write to fra-finch", r#"name="to" value="fra-finch""#],
    )
    .await;
    let taken = form(&server, "/mail/name", "name=wren&to=fra-finch", &cookie).await;

    assert_leads_to(&taken, "/mail/fra-finch");
}

#[tokio::test]
async fn a_name_that_cannot_be_had_is_told_at_its_field() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    visitor(&server, "wren").await;
    let cookie = server.cookie().await;

    for (name, status, says) in [
        ("wren", 409, "This address is taken"),
        ("postmaster", 403, "Only servers use this address"),
        ("Echo", 403, "Only servers use this address"),
        ("w\"><i>", 422, "That name isn't valid"),
        ("", 422, "That name isn't valid"),
    ] {
        let page = assert_page(
            take_name(&server, &cookie, name).await,
            status,
            &[says, "aria-invalid", "form-problem", "Choose a name"],
        )
        .await;
        assert!(!page.contains("<i>"), "{page}");
    }
}

#[tokio::test]
async fn another_name_is_another_mailbox_and_the_first_comes_back() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = visitor(&server, "wren").await;
    write(&server, &cookie, "ord-wren", "a note to myself").await;

    assert_leads_to(&take_name(&server, &cookie, "robin").await, "/mail");
    let mailbox = async || show(&server, "/mail", &cookie).await;
    let page = assert_page(mailbox().await, 200, &["ord-robin"]).await;
    assert!(!page.contains("a note to myself"));

    assert_leads_to(&take_name(&server, &cookie, "wren").await, "/mail");
    assert_page(mailbox().await, 200, &["ord-wren", "a note to myself"]).await;
}

#[tokio::test]
async fn a_page_that_was_open_before_goes_on_with_its_own_mailbox() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = visitor(&server, "wren").await;
    take_name(&server, &cookie, "robin").await;
    let send = async |from: &str| {
        let fields = fields(&[("from", from), ("message", from)]);
        form(&server, "/mail/fra-finch", &fields, &cookie).await
    };

    assert_leads_to(&send("ord-wren").await, "/mail/fra-finch");
    visitor(&server, "jay").await;
    assert_page(
        send("ord-jay").await,
        401,
        &["This address isn't yours", "ord-jay"],
    )
    .await;

    assert!(letters(&server, &cookie, "fra-finch").await.is_empty());
    assert_eq!(
        letters_of(&server, &cookie, "/mail/fra-finch/letters?of=ord-wren").await,
        ["ord-wren"]
    );
}

#[tokio::test]
async fn a_letter_that_cannot_go_is_kept_in_its_form() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = visitor(&server, "wren").await;
    let long = "x".repeat(4097);

    for (to, message, status, says) in [
        ("4-user", "kept draft", 404, "Unknown region"),
        ("nobody", "kept draft", 422, "That address isn't valid"),
        (
            "fra-postmaster",
            "kept draft",
            403,
            "Only servers use this address",
        ),
        ("fra-finch", " \r\n ", 422, "The message is empty"),
        ("fra-finch", &long, 413, "The message is too long"),
    ] {
        let answer = write(&server, &cookie, to, message).await;
        let page = assert_page(
            answer,
            status,
            &[says, "form-problem", &format!("value=\"{to}\"")],
        )
        .await;
        assert!(page.contains(message.trim()), "{to}");
    }
    let answer = form(
        &server,
        "/mail/fra-finch",
        &fields(&[("message", &long)]),
        &cookie,
    )
    .await;
    assert_page(
        answer,
        413,
        &["The message is too long", &long, "fra-finch"],
    )
    .await;
    assert!(letters(&server, &cookie, "fra-finch").await.is_empty());
}

#[tokio::test]
async fn the_longest_letter_goes_whatever_a_form_makes_of_it() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = visitor(&server, "wren").await;
    let lines = "\r\n".repeat(4095) + "x";

    assert_leads_to(
        &write(&server, &cookie, "ord-wren", &lines).await,
        "/mail/ord-wren",
    );
}

#[tokio::test]
async fn forms_of_other_sites_and_of_programs_have_no_rights() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = visitor(&server, "wren").await;

    for path in [
        "/mail/name",
        "/mail/send",
        "/mail/fra-finch",
        "/mail/fra-finch/seen",
    ] {
        let fields = "name=robin&to=fra-finch&message=x";
        let call = server.post(path).body(fields).header("cookie", &cookie);
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        let foreign = call
            .try_clone()
            .unwrap()
            .header("origin", "https://evil.example");
        assert_problem(foreign.send().await.unwrap(), 403, "other-origin").await;
        let status = call.send().await.unwrap().status().as_u16();
        assert!(matches!(status, 401 | 403), "{path}: {status}");
    }

    assert!(letters(&server, &cookie, "fra-finch").await.is_empty());
    let page = show(&server, "/mail", &cookie).await;
    assert_page(page, 200, &["ord-wren"]).await;
}

#[tokio::test]
async fn who_sends_no_cookie_is_told_to_allow_it() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for path in ["/mail/name", "/mail/send", "/mail/fra-finch"] {
        let answer = form(&server, path, "name=robin&to=fra-finch&message=x", "").await;
        assert_page(answer, 403, &["Allow cookies for this site"]).await;
    }
}

#[tokio::test]
async fn a_form_sent_while_redis_is_away_keeps_what_was_typed() {
    let mut redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = visitor(&server, "wren").await;
    redis.kill().unwrap();
    server.until("no Redis", |world| world.age_ms > 0).await;

    for path in ["/mail/send", "/mail/fra-finch"] {
        let answer = form(&server, path, "to=fra-finch&message=kept+draft", &cookie).await;
        assert_page(
            answer,
            503,
            &["Send your letter again", "kept draft", "fra-finch"],
        )
        .await;
    }
    let answer = form(&server, "/mail/name", "name=robin&to=fra-finch", &cookie).await;
    let field = [
        r#"data-testid="mail-name""#,
        r#"value="robin""#,
        "fra-finch",
    ];
    assert_page(answer, 503, &field).await;
    let page = show(&server, "/mail", &cookie).await;
    let words = ["Your mail is unavailable", "without JavaScript, reload it"];
    assert_page(page, 503, &words).await;
}

#[tokio::test]
async fn the_address_of_a_form_leads_to_its_page() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (path, page) in [
        ("/mail/name", "/mail"),
        ("/mail/send", "/mail"),
        ("/mail/1-user", "/mail/ord-user"),
    ] {
        assert_leads_to(&server.get(path).send().await.unwrap(), page);
    }
    for (path, status) in [("/mail/4-user", 404), ("/mail/nobody", 400)] {
        assert_eq!(server.get(path).send().await.unwrap().status(), status);
    }
}
