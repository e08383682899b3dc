//! Whoever changes parties or guesses codes too fast is told to wait.

use crate::support::{Server, Setup, Tab, assert_problem, device, form, start_redis};
use serde_json::json;

/// A code that is no party's here: of a billion, few are given out.
const GUESS: &str = "123456789";

#[tokio::test]
async fn an_address_creates_and_joins_parties_so_often_and_no_more() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_CHANGES_PER_MINUTE", "3");
    let server = setup.start().await;
    let code = server.create("ann", json!({})).await;
    assert_eq!(server.join(&code, "bob").await.status(), 201);
    assert_eq!(server.join(&code, "cid").await.status(), 201);

    let joining = server.join(&code, "dan").await;
    // One of three a minute comes back every twenty seconds.
    let seconds: u32 = joining.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=20).contains(&seconds), "{seconds}");
    let problem = assert_problem(joining, 429, "too-many-party-changes").await;
    let wait = match seconds {
        1 => "Wait a second,".to_owned(),
        seconds => format!("Wait {seconds} seconds,"),
    };
    assert!(
        problem["detail"].as_str().unwrap().contains(&wait),
        "{problem}"
    );
    let renaming = server.rename(&code, "ann", "Ann").await;
    assert_problem(renaming, 429, "too-many-party-changes").await;
    let body = json!({ "device_id": device("dan") });
    let creating = server.post("/parties").json(&body).send().await.unwrap();
    assert_problem(creating, 429, "too-many-party-changes").await;

    assert_eq!(server.members(&code).await.len(), 3, "looking is free");
    assert_eq!(
        server.leave(&code, "cid").await.status(),
        204,
        "so is leaving"
    );
}

#[tokio::test]
async fn an_address_that_guesses_codes_may_name_none_for_a_while() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_MISSES_PER_MINUTE", "3");
    let server = setup.start().await;
    let code = server.create("ann", json!({})).await;
    let path = format!("/parties/{code}");
    for _ in 0..10 {
        let found = server.get(&path).send().await.unwrap();
        assert_eq!(found.status(), 200, "codes that are known cost nothing");
    }

    let guess = format!("/parties/{GUESS}");
    for answer in [
        server.get(&guess).send().await.unwrap(),
        server.join(GUESS, "bob").await,
        server.leave(GUESS, "bob").await,
    ] {
        assert_problem(answer, 404, "unknown-party").await;
    }

    for answer in [
        server.get(&path).send().await.unwrap(),
        server
            .get(&format!("{path}/participants"))
            .send()
            .await
            .unwrap(),
        server.join(&code, "bob").await,
        server.leave(&code, "bob").await,
    ] {
        assert_problem(answer, 429, "too-many-guesses").await;
    }
    assert_eq!(server.rename(&code, "ann", "Ann").await.status(), 200);
    let leaving = server.leave(&code, "ann").await;
    assert_eq!(leaving.status(), 204, "their own party's code is no guess");
    let nearby = server.get("/parties?lat=0&lng=0").send().await.unwrap();
    assert_eq!(nearby.status(), 200, "this names no code");
}

#[tokio::test]
async fn guesses_sent_at_once_are_paid_for_later() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_MISSES_PER_MINUTE", "3");
    let server = setup.start().await;
    let guess = async |server: &Server| {
        let answer = server.get(&format!("/parties/{GUESS}"));
        answer.send().await.unwrap().status().as_u16()
    };

    let at_once = futures::future::join_all((0..60).map(|_| guess(&server))).await;

    assert!(at_once.iter().all(|status| matches!(status, 404 | 429)));
    assert!(at_once.iter().filter(|status| **status == 404).count() >= 3);
    assert_eq!(guess(&server).await, 429);
}

#[tokio::test]
async fn a_socket_that_guesses_codes_is_closed_like_any_caller() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_MISSES_PER_MINUTE", "2");
    let server = setup.start().await;
    let code = server.create("ann", json!({})).await;
    let mut tab = Tab::open(&server, "guesser").await;
    for _ in 0..10 {
        tab.watch("party", Some(&code)).await;
        assert_eq!(tab.hear_a("party").await["party_code"], code.as_str());
    }

    for guess in [GUESS, "987654321"] {
        tab.watch("party", Some(guess)).await;
        assert_eq!(tab.hear_a("party").await, json!(null));
    }
    tab.watch("party", Some(&code)).await;

    let closed = loop {
        if let Err(closed) = tab.try_hear().await {
            break closed;
        }
    };
    assert_eq!(closed.0, 1013, "{closed:?}");
}

#[tokio::test]
async fn an_address_looks_for_parties_so_often_and_no_more() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_SEARCHES_PER_MINUTE", "2");
    let server = setup.start().await;
    let search = async || server.get("/parties?lat=0&lng=0").send().await.unwrap();
    assert_eq!(search().await.status(), 200);
    assert_eq!(search().await.status(), 200);

    let refused = search().await;

    assert!(refused.headers().contains_key("retry-after"));
    assert_problem(refused, 429, "too-many-searches").await;
    let hall = server.get("/party").send().await.unwrap();
    assert_eq!(hall.status(), 200, "its list costs nobody anything");
}

#[tokio::test]
async fn members_go_on_where_others_of_their_address_guessed() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_MISSES_PER_MINUTE", "1");
    let server = setup.start().await;
    let (member, other) = (server.cookie().await, server.cookie().await);
    let created = form(&server, "/party", "name=Wren", &member).await;
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    let see = async |cookie: &str| {
        let page = server.get(&path).header("cookie", cookie);
        page.send().await.unwrap().status().as_u16()
    };

    // Told on a page of its own, a wrong code is one miss: the answer is that there is no such party.
    let missed = form(&server, &format!("/party/{GUESS}/join"), "", &other).await;
    assert_eq!(missed.status(), 404);

    assert_eq!((see(&member).await, see(&other).await), (200, 429));
    let renamed = form(&server, &format!("{path}/rename"), "name=Finch", &member).await;
    assert_eq!(renamed.status(), 303);
    let joined = form(&server, &format!("{path}/join"), "", &other).await;
    assert_eq!(joined.status(), 429);
    assert!(joined.headers().contains_key("retry-after"));
    let code = path.strip_prefix("/party/").unwrap();
    let mut tab = Tab::open_as(&server, "member", &member).await;
    tab.watch("party", Some(code)).await;
    assert_eq!(tab.hear_a("party").await["party_code"], code);
}

#[tokio::test]
async fn a_wrong_code_on_its_page_is_one_miss() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_MISSES_PER_MINUTE", "2");
    let server = setup.start().await;
    let cookie = server.cookie().await;
    let join = format!("/party/{GUESS}/join");

    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(form(&server, &join, "", &cookie).await.status().as_u16());
    }

    assert_eq!(statuses, [404, 404, 429]);
}

#[tokio::test]
async fn forms_change_parties_so_often_and_no_more() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_CHANGES_PER_MINUTE", "2");
    let server = setup.start().await;
    let (ann, bob) = (server.cookie().await, server.cookie().await);
    let created = form(&server, "/party", "name=Ann", &ann).await;
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(
        form(&server, &format!("{path}/join"), "", &bob)
            .await
            .status(),
        303
    );

    for (path, fields) in [
        ("/party".to_owned(), "name=Ann"),
        (format!("{path}/join"), "name=Bob"),
        (format!("{path}/rename"), "name=Bob"),
    ] {
        let answer = form(&server, &path, fields, &bob).await;
        assert_eq!(answer.status(), 429, "{path}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("Wait "), "{path}: {page}");
    }
    let left = form(&server, &format!("{path}/leave"), "", &bob).await;
    assert_eq!(left.status(), 303, "leaving is free");
}

#[tokio::test]
async fn a_socket_that_asks_for_party_after_party_is_told_to_come_back_later() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut tab = Tab::open(&server, "restless").await;

    let code = server.create("ann", json!({})).await;
    for _ in 0..100 {
        tab.watch("party", Some(&code)).await;
    }

    let (code, reason, _) = tab.closing().await;
    assert_eq!(code, 1013, "{reason}");
}

#[tokio::test]
async fn a_search_is_one_for_all_who_are_within_a_rounded_place() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    server.create("ann", json!({ "lat": 0, "lng": 0 })).await;

    for query in ["lat=0&lng=0", "lat=0.004&lng=-0.004"] {
        let found = server.get(&format!("/parties?{query}")).send().await;
        let found = crate::support::json(found.unwrap()).await;
        assert_eq!(found[0]["distance_km"], 0.0, "{query}: {found}");
    }
}
