//! Parties over REST: what every call answers.

use crate::support::{Server, Setup, assert_problem, device, json, start_redis};
use serde_json::{Value, json};

#[tokio::test]
async fn a_party_is_created_led_and_told_of_in_every_region() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );

    let call = fra.post("/parties").json(&json!({
        "device_id": device("wren"), "participant_name": "  Wren ", "lat": 52.520008, "lng": 13.404954
    }));
    let answer = call.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let created = json(answer).await;
    let code = created["party_code"].as_str().unwrap();
    assert!(code.len() == 9 && code.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(location, format!("/parties/{code}"));
    assert_eq!(
        created,
        json!({ "party_code": code, "participant_id": 0, "region": "fra" })
    );

    let party = json(ord.get(&location).send().await.unwrap()).await;
    for (field, value) in [
        ("party_code", json!(code)),
        ("region", json!("fra")),
        ("lat", json!(52.52)),
        ("lng", json!(13.4)),
        ("listed", json!(true)),
        ("limit", json!(64)),
    ] {
        assert_eq!(party[field], value, "{party}");
    }
    let wren = &party["participants"][0];
    assert_eq!(
        (&wren["participant_id"], &wren["participant_name"]),
        (&json!(0), &json!("Wren"))
    );
    assert_eq!(
        (&wren["is_leader"], &wren["online"]),
        (&json!(true), &json!(false))
    );
    assert!(wren["joined_at"].as_str().unwrap().ends_with('Z'));
    assert!(wren["region"].is_null() && wren["message_ms"].is_null());
    assert_eq!(wren.as_object().unwrap().len(), 7, "{wren}");
}

#[tokio::test]
async fn without_a_place_a_party_is_where_the_server_is() {
    let redis = start_redis().await;
    let server = Server::start("syd", &redis).await;

    let code = server.create("ann", json!({})).await;

    let party = json(
        server
            .get(&format!("/parties/{code}"))
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(
        (&party["lat"], &party["lng"]),
        (&json!(-33.95), &json!(151.18))
    );
}

#[tokio::test]
async fn joining_counts_ids_up_and_joining_again_changes_nothing() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let code = ord.create("ann", json!({})).await;

    for (server, name, status, id) in [
        (&fra, "bob", 201, 1),
        (&ord, "cid", 201, 2),
        (&ord, "bob", 200, 1),
        (&fra, "ann", 200, 0),
    ] {
        let answer = server.join(&code, name).await;
        assert_eq!(answer.status(), status, "{name}");
        let joined = json(answer).await;
        assert_eq!(joined, json!({ "party_code": code, "participant_id": id }));
    }
    assert_eq!(ord.leave(&code, "cid").await.status(), 204);
    let dan = json(fra.join(&code, "dan").await).await;

    assert_eq!(dan["participant_id"], 3, "2 is never used again");
    assert_eq!(ord.members(&code).await, ["ann*", "bob", "dan"]);
    let nameless = json!({ "device_id": device("eve") });
    let path = format!("/parties/{code}/participants");
    ord.post(&path).json(&nameless).send().await.unwrap();
    assert_eq!(fra.members(&code).await[3], "Guest 5");
}

#[tokio::test]
async fn who_leaves_is_out_and_the_last_one_ends_the_party() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    server.join(&code, "bob").await;

    let left = server.leave(&code, "ann").await;
    assert_eq!(left.status(), 204);
    assert_eq!(left.text().await.unwrap(), "");
    assert_eq!(server.members(&code).await, ["bob*"]);
    assert_problem(server.leave(&code, "ann").await, 404, "not-in-party").await;
    assert_eq!(server.leave(&code, "bob").await.status(), 204);

    let path = format!("/parties/{code}");
    for answer in [
        server.get(&path).send().await.unwrap(),
        server
            .get(&format!("{path}/participants"))
            .send()
            .await
            .unwrap(),
        server.join(&code, "cid").await,
        server.leave(&code, "bob").await,
        server.rename(&code, "bob", "Bob").await,
    ] {
        assert_problem(answer, 404, "unknown-party").await;
    }
}

#[tokio::test]
async fn participants_are_called_what_they_like() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    server.join(&code, "bob").await;

    let renamed = server.rename(&code, "bob", " Böb 🐦 ").await;
    assert_eq!(renamed.status(), 200);
    assert_eq!(
        json(renamed).await,
        json!({ "party_code": code, "participant_id": 1 })
    );
    assert_eq!(server.members(&code).await, ["ann*", "Böb 🐦"]);

    let nobody = server.rename(&code, "cid", "Cid").await;
    assert_problem(nobody, 404, "not-in-party").await;
    for name in ["", "h\u{202e}olle", "a\nb", &"x".repeat(33)] {
        let problem = server.rename(&code, "bob", name).await;
        let problem = assert_problem(problem, 422, "bad-body").await;
        assert!(
            problem["detail"]
                .as_str()
                .unwrap()
                .contains("`participant_name`")
        );
    }
}

#[tokio::test]
async fn a_full_party_says_so_and_what_to_do() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_PARTICIPANTS", "2");
    let server = setup.start().await;
    let code = server.create("ann", json!({})).await;
    server.join(&code, "bob").await;

    let problem = assert_problem(server.join(&code, "cid").await, 409, "party-full").await;

    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("2 participants") && detail.contains("Wait"),
        "{detail}"
    );
    assert_eq!(server.join(&code, "bob").await.status(), 200, "is in");
}

#[tokio::test]
async fn a_device_is_in_one_party_at_a_time() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let first = server.create("ann", json!({})).await;
    server.join(&first, "bob").await;

    let second = server.create("ann", json!({})).await;
    assert_eq!(server.members(&first).await, ["bob*"]);
    server.join(&second, "bob").await;

    let gone = server
        .get(&format!("/parties/{first}"))
        .send()
        .await
        .unwrap();
    assert_problem(gone, 404, "unknown-party").await;
    assert_eq!(server.members(&second).await, ["ann*", "bob"]);
}

#[tokio::test]
async fn parties_are_found_by_those_nearby() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    let at = |lat: f64, lng: f64| json!({ "lat": lat, "lng": lng });
    let near = server.create("near", at(52.52, 13.40)).await;
    let nearer = server.create("nearer", at(52.51, 13.39)).await;
    let potsdam = server.create("potsdam", at(52.39, 13.06)).await;
    server.create("hamburg", at(53.55, 9.99)).await;
    let hidden = json!({ "lat": 52.5, "lng": 13.4, "listed": false });
    server.create("hidden", hidden).await;
    server.join(&near, "bob").await;
    let nearby = async |query: &str| -> Vec<Value> {
        let answer = server.get(&format!("/parties?lat=52.5&lng=13.38{query}"));
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{query}");
        json(answer).await.as_array().unwrap().clone()
    };
    let codes = |found: &[Value]| -> Vec<String> {
        let codes = found.iter().map(|party| party["party_code"].as_str());
        codes.map(|code| code.unwrap().to_owned()).collect()
    };

    let found = nearby("").await;
    assert_eq!(
        codes(&found),
        [&nearer[..], &near, &potsdam],
        "closest first, 50 km"
    );
    assert_eq!(
        (&found[1]["participant_count"], &found[1]["leader_name"]),
        (&json!(2), &json!("near"))
    );
    assert_eq!(found[1]["region"], "fra");
    let km = found[0]["distance_km"].as_f64().unwrap();
    assert!((1.0..2.0).contains(&km), "{km}");
    assert_eq!(nearby("&limit=1").await.len(), 1);
    assert_eq!(nearby("&radius_km=5").await.len(), 2);
    assert_eq!(nearby("&radius_km=20037&limit=100").await.len(), 4);
}

#[tokio::test]
async fn ids_of_all_visible_characters_work_in_paths() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let body = json!({ "device_id": "a/b?c#d%e&f+g\"<>" });
    let answer = server.post("/parties").json(&body).send().await.unwrap();
    let code = json(answer).await["party_code"]
        .as_str()
        .unwrap()
        .to_owned();

    let path = format!("/parties/{code}/participants/a%2Fb%3Fc%23d%25e%26f%2Bg%22%3C%3E");

    assert_eq!(server.delete(&path).send().await.unwrap().status(), 204);
}
