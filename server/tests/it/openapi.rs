//! The API's document, and the page that shows it.

use crate::support::{Server, client, json, start_redis};
use serde_json::Value;
use std::collections::BTreeSet;

/// Every call of the REST API. One that is missing here, or only here, was forgotten somewhere.
const CALLS: [&str; 41] = [
    "DELETE /api/addresses/{address}",
    "DELETE /api/addresses/{address}/blocks/{whom}",
    "DELETE /api/devices/{device_id}",
    "DELETE /api/draw/player",
    "DELETE /parties/{party_code}/participants/{device_id}",
    "GET /api/addresses/{address}/blocks",
    "GET /api/draw",
    "GET /api/draw/player",
    "GET /api/federation",
    "GET /api/max-two",
    "GET /api/messages",
    "GET /api/messages/export",
    "GET /api/players/{id}",
    "GET /api/openapi.json",
    "GET /api/polls/{key}",
    "GET /api/world",
    "GET /healthz",
    "GET /managers",
    "GET /managers/find",
    "GET /metrics",
    "GET /parties",
    "GET /parties/{party_code}",
    "GET /parties/{party_code}/messages",
    "GET /parties/{party_code}/participants",
    "GET /ping",
    "GET /readyz",
    "GET /writez",
    "OPTIONS /ping",
    "PATCH /parties/{party_code}/participants/{device_id}",
    "POST /api/addresses",
    "POST /api/addresses/{address}/token",
    "POST /api/clicks",
    "POST /api/draw/player",
    "POST /api/federation/messages",
    "POST /api/messages",
    "POST /api/polls",
    "POST /api/polls/{key}/changes",
    "POST /parties",
    "POST /parties/{party_code}/messages",
    "POST /parties/{party_code}/participants",
    "PUT /api/addresses/{address}/blocks/{whom}",
];

/// Every call of the document: its method, path and description.
fn calls(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let calls = paths.flat_map(|(path, item)| {
        let item = item.as_object().unwrap().iter();
        item.map(|(method, call)| (method.to_uppercase(), path.clone(), call))
    });
    calls.collect()
}

#[tokio::test]
async fn the_document_has_every_call_and_every_call_exists() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let document = json(server.get("/api/openapi.json").send().await.unwrap()).await;

    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    let listed: BTreeSet<_> = calls(&document)
        .into_iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert_eq!(listed, CALLS.map(str::to_owned).into());

    for (method, path, call) in calls(&document) {
        let path = path
            .replace("{party_code}", "457495738")
            .replace("{id}", "72")
            .replace("{key}", "k7m2q9xwtb")
            .replace("{address}", "ord-wren")
            .replace("{device_id}", "c2d81f6e93b70a54");
        let method: reqwest::Method = method.parse().unwrap();
        let answer = client().request(method.clone(), server.url(&path));
        let answer = answer.send().await.unwrap();
        let status = answer.status().as_u16();
        assert_ne!(status, 405, "{method} {path}");
        let class = format!("{}XX", status / 100);
        let listed = [status.to_string(), class]
            .iter()
            .any(|status| call["responses"].get(status).is_some());
        assert!(listed, "{method} {path} answered {status}");
    }
}

#[tokio::test]
async fn every_call_is_described_with_examples_and_its_errors() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let document = json(server.get("/api/openapi.json").send().await.unwrap()).await;
    let mut ids = BTreeSet::new();

    for (method, path, call) in calls(&document) {
        let name = format!("{method} {path}");
        for field in ["operationId", "summary"] {
            assert!(
                !call[field].as_str().unwrap_or("").is_empty(),
                "{name}: {field}"
            );
        }
        assert!(
            ids.insert(call["operationId"].to_string()),
            "{name}: an id twice"
        );
        for parameter in call["parameters"].as_array().into_iter().flatten() {
            let described = parameter["description"].is_string() && !parameter["example"].is_null();
            assert!(described, "{name}: {parameter}");
        }
        for status in ["4XX", "5XX"] {
            assert!(call["responses"].get(status).is_some(), "{name}: {status}");
        }
        if let Some(body) = call.get("requestBody") {
            assert_examples(&name, &body["content"]);
        }
        for (status, response) in call["responses"].as_object().unwrap() {
            let reference = response.get("$ref").and_then(Value::as_str);
            let shared = reference.map(|reference| &reference[1..]);
            let response = shared.map_or(response, |at| document.pointer(at).unwrap());
            assert!(
                !response["description"].as_str().unwrap().is_empty(),
                "{name} {status}"
            );
            if status != "204" {
                assert_examples(&format!("{name} {status}"), &response["content"]);
            }
            if status.as_str() >= "400" {
                assert_problems(&format!("{name} {status}"), status, &response["content"]);
            }
        }
    }
}

fn assert_examples(name: &str, content: &Value) {
    let kinds = content
        .as_object()
        .unwrap_or_else(|| panic!("{name}: no content"));
    for (kind, content) in kinds {
        let examples = content.get("example").or_else(|| content.get("examples"));
        assert!(
            examples.is_some_and(|some| !some.is_null()),
            "{name} {kind}"
        );
        assert!(content.get("schema").is_some(), "{name} {kind}");
    }
}

/// The errors of a call are problems of that class of statuses, as they are answered.
fn assert_problems(name: &str, status: &str, content: &Value) {
    let content = &content["application/problem+json"];
    assert_eq!(
        content["schema"]["$ref"], "#/components/schemas/Problem",
        "{name}"
    );
    for (kind, example) in content["examples"].as_object().unwrap() {
        let problem = &example["value"];
        assert_eq!(problem["type"], kind.as_str(), "{name}");
        let class = format!("{}XX", problem["status"].as_u64().unwrap() / 100);
        assert_eq!(class, status, "{name}");
        assert!(problem["title"].is_string(), "{name}");
    }
}

#[tokio::test]
async fn every_reference_in_the_document_leads_somewhere() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let document = json(server.get("/api/openapi.json").send().await.unwrap()).await;

    let mut open = vec![&document];
    let mut found = 0;
    while let Some(value) = open.pop() {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
            found += 1;
        }
        match value {
            Value::Object(fields) => open.extend(fields.values()),
            Value::Array(values) => open.extend(values),
            _ => {}
        }
    }
    assert!(found > 10);
}

#[tokio::test]
async fn the_viewer_loads_our_own_files_alone() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let page = server.get("/api/docs").send().await.unwrap();
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    assert!(!policy.contains("http"), "{policy}");
    let page = page.text().await.unwrap();

    let mut sizes = Vec::new();
    let files = page
        .split(['"', '\''])
        .filter(|part| part.starts_with("/api/docs/"));
    for file in files {
        let answer = server.get(file).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{file}");
        sizes.push(answer.bytes().await.unwrap().len());
    }
    assert_eq!(sizes.len(), 5, "{page}");
    assert!(sizes.iter().all(|size| *size > 100) && sizes.iter().max() > Some(&1_000_000));
    let plain = server
        .get("/api/docs/swagger-ui.css")
        .header("accept-encoding", "identity");
    let plain = plain.send().await.unwrap();
    assert_eq!(plain.headers().get("content-encoding"), None);
    assert_eq!(plain.headers()["content-type"], "text/css");
    let nothing = server.get("/api/docs/nothing.js").send().await.unwrap();
    assert_eq!(nothing.status(), 404);
}
