//! `GET /api/world`, `/healthz` and `/readyz`, and the way to another region's page.

use crate::support::{Server, Tab, json, start_redis};

#[tokio::test]
async fn the_world_has_its_sums_beside_its_parts() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let _ann = Tab::open(&ord, "ann").await.stay();
    let _bob = Tab::open(&fra, "bob").await.stay();
    let _bobs_other = Tab::open(&fra, "bob").await.stay();
    for key in ["a", "b"] {
        fra.click(key).send().await.unwrap();
    }

    let report = ord
        .until("both", |world| world.clicks == 2 && world.connections == 3)
        .await;

    let codes: Vec<_> = report
        .regions
        .iter()
        .map(|region| region.code.as_str())
        .collect();
    assert_eq!(codes, ["fra", "ord"]);
    let [fra_now, ord_now] = &report.regions[..] else {
        unreachable!()
    };
    assert_eq!(
        (fra_now.clicks, fra_now.connections, fra_now.instances),
        (2, 2, 1)
    );
    assert_eq!(
        (ord_now.clicks, ord_now.connections, ord_now.instances),
        (0, 1, 1)
    );
    assert_eq!(report.people, fra_now.people + ord_now.people);
    assert_eq!(report.age_ms, 0);
    assert!(report.rev > 0);
    fra.until("how soon clicks are in Chicago", |world| {
        world.region("ord").and_then(|ord| ord.reached_ms).is_some()
    })
    .await;
    let frankfurt = report.region("fra").unwrap();
    assert_eq!(frankfurt.reached_ms, None, "nobody clicked there");
}

#[tokio::test]
async fn the_world_has_the_documented_fields_and_no_others() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;

    let answer = server.get("/api/world").send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    let world = json(answer).await;

    let names = |value: &serde_json::Value| {
        let mut names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(
        names(&world),
        "age_ms clicks connections people regions rev"
    );
    let region = &world["regions"][0];
    assert_eq!(
        names(region),
        "city clicks code connections instances lat lng people"
    );
    assert_eq!(region["city"], "Frankfurt");
    assert!((region["lat"].as_f64().unwrap() - 50.03).abs() < 0.01);
    assert!((region["lng"].as_f64().unwrap() - 8.57).abs() < 0.01);
}

#[tokio::test]
async fn two_instances_of_one_region_add_up() {
    let redis = start_redis().await;
    let (one, two) = (
        Server::start("syd", &redis).await,
        Server::start("syd", &redis).await,
    );
    let _ann = Tab::open(&one, "ann").await.stay();
    let _bob = Tab::open(&two, "bob").await.stay();

    one.click("a").send().await.unwrap();
    two.click("b").send().await.unwrap();

    for server in [&one, &two] {
        let report = server
            .until("both", |world| world.clicks == 2 && world.people == 2)
            .await;
        assert_eq!(report.regions.len(), 1);
        assert_eq!(report.regions[0].instances, 2);
    }
}

#[tokio::test]
async fn without_redis_a_server_lives_but_is_not_ready() {
    let mut redis = start_redis().await;
    let setup = crate::support::Setup::new("ord", &redis);
    redis.kill().unwrap();
    let server = setup.start_unready().await;

    assert_eq!(server.get("/healthz").send().await.unwrap().status(), 200);
    for path in ["/readyz", "/api/world", "/"] {
        let answer = server.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 503, "{path}");
        assert_eq!(answer.headers()["retry-after"], "2", "{path}");
        assert_eq!(json(answer).await["type"], "not-ready", "{path}");
    }
    redis.restart().await.unwrap();

    crate::support::eventually("readiness", async || {
        server.get("/readyz").send().await.unwrap().status() == 200
    })
    .await;
    assert_eq!(server.get("/").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_page_of_another_region_is_found_while_it_lives() {
    let redis = start_redis().await;
    let chicago = Server::start("ord", &redis).await;
    let _frankfurt = Server::start("fra", &redis).await;
    chicago.until("both", |world| world.instances() == 2).await;

    let answer = chicago.get("/elsewhere/fra").send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let header = |answer: &reqwest::Response, name| {
        answer.headers()[name].to_str().map(str::to_owned).unwrap()
    };
    let target = header(&answer, "location");
    assert!(target.ends_with("/?pane#pane"), "{target}");
    let page = chicago.get("/").send().await.unwrap();
    let policy = header(&page, "content-security-policy");
    let origin = target.trim_end_matches("/?pane#pane");
    for directive in ["frame-src", "frame-ancestors"] {
        let rule = policy.split("; ").find(|rule| rule.starts_with(directive));
        assert!(rule.unwrap().contains(origin), "{policy}");
    }

    for region in ["syd", "nowhere", "..%2F..", "%00"] {
        let path = format!("/elsewhere/{region}");
        let page = chicago.get(&path).header("accept", "text/html");
        let answer = page.send().await.unwrap();
        assert_eq!(answer.status(), 404, "{region}");
        // The pane shows why.
        let policy = header(&answer, "content-security-policy");
        assert!(policy.ends_with("frame-ancestors 'self'"), "{policy}");
    }
}

#[tokio::test]
async fn a_form_in_a_pane_leads_back_to_it() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (page, target) in [
        ("/?pane", "/?pane#pane"),
        ("/", "/"),
        ("/party?pane", "/party?pane"),
    ] {
        let form = server.submit("by", "1");
        let form = form.header("referer", server.url(page));
        let answer = form.send().await.unwrap();
        assert_eq!(answer.headers()["location"], target);
    }
}
