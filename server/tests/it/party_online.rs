//! A participant is online while a page of theirs is open, any page anywhere.

use crate::support::{Server, Tab, eventually, json, start_redis};

/// Starts a party by the page's form; its code.
async fn start_party(server: &Server, cookie: &str) -> String {
    let form = server
        .post("/party")
        .header("origin", server.origin())
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("name=Ann&listed=on");
    let answer = form.send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let page = answer.headers()["location"].to_str().unwrap();
    page.strip_prefix("/party/").unwrap().to_owned()
}

/// Waits until the party's first participant is online there, or not.
async fn until_online(server: &Server, code: &str, online: bool) {
    eventually("the mark", async || {
        let answer = server.get(&format!("/parties/{code}/participants"));
        let participants = json(answer.send().await.unwrap()).await;
        participants[0]["online"] == online
    })
    .await;
}

#[tokio::test]
async fn a_page_that_shows_no_party_makes_its_person_online_too() {
    let redis = start_redis().await;
    let ord = Server::start("ord", &redis).await;
    let fra = Server::start("fra", &redis).await;
    ord.knows_its_key().await;
    fra.knows_its_key().await;
    let cookie = ord.cookie().await;
    let code = start_party(&ord, &cookie).await;
    until_online(&ord, &code, false).await;

    let tab = Tab::open_as(&fra, "world", &cookie).await.stay();
    until_online(&ord, &code, true).await;

    drop(tab);
    until_online(&ord, &code, false).await;
}

#[tokio::test]
async fn a_program_is_nobody_whom_a_party_knows() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    server.knows_its_key().await;
    let cookie = server.cookie().await;
    let code = start_party(&server, &cookie).await;

    // It sends no Origin: the cookie gives it no rights.
    let mut program = Tab::knock(&server, &[("cookie", &cookie)]).await.unwrap();
    program.greet("program").await;
    program.watch("party", Some(&code)).await;

    let party = program.hear_a("party").await;
    assert_eq!(party["participants"][0]["online"], false, "{party}");
}
