//! What must be seen by nobody: the key of the cookies, session ids and person ids.

use crate::support::{Server, Setup, Tab, session_id, start_redis};
use edge::testing::RedisServer;

const KEY: &str = "a-key-that-is-configured-and-long-enough-for-it";

#[tokio::test]
async fn no_secret_is_in_a_page_a_frame_a_figure_or_the_log() {
    let redis = start_redis().await;
    let ord = Setup::new("ord", &redis)
        .with("SECRET_KEY", KEY)
        .with("RUST_LOG", "trace")
        .start()
        .await;
    let fra = Server::start("fra", &redis).await;

    let mut seen = String::new();
    let mut secrets = vec![KEY.to_owned(), shared_key(&redis, &fra).await];
    for server in [&ord, &fra] {
        let cookie = server.cookie().await;
        seen.push_str(&visit(server, &cookie).await);
        // A signature and the id.
        let value = cookie.strip_prefix("person=").unwrap();
        let id = &value[value.len() - 32..];
        assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{cookie}");
        secrets.extend([id.to_owned(), value[..value.len() - 32].to_owned()]);
    }
    for name in ["visitor", "broken"] {
        secrets.push(session_id(name));
    }
    seen.push_str(&fra.log());
    seen.push_str(&ord.log());

    assert!(seen.len() > 10_000);
    assert!(seen.contains("murmuration_connections"));
    assert!(seen.contains("\"type\":\"ack\""));
    for secret in secrets {
        assert!(secret.len() >= 16);
        let at = seen.find(&secret);
        assert_eq!(
            at,
            None,
            "{secret} is in {:?}",
            at.map(|at| around(&seen, at))
        );
    }
}

/// Does all that a visitor can do. Returns all that came back, but for the cookie itself.
async fn visit(server: &Server, cookie: &str) -> String {
    let mut seen = String::new();
    let mut watcher = Tab::open(server, "another-visitor").await;
    let mut tab = Tab::open_as(server, "visitor", cookie).await;
    tab.click(1).await;
    watcher.click(1).await;
    let mut broken = Tab::open_as(server, "broken", cookie).await;
    broken.click(u64::MAX).await;
    seen.push_str(&broken.closing().await.1);
    let click = server.click("the-key").header("origin", server.origin());
    seen.push_str(
        &click
            .header("cookie", cookie)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
    );
    for tab in [&mut tab, &mut watcher] {
        loop {
            let frame = tab.hear().await;
            seen.push_str(&frame.to_string());
            if frame["type"] == "ack" {
                break;
            }
        }
    }
    for path in ["/", "/api/world", "/metrics", "/readyz", "/nowhere"] {
        let call = server.get(path).header("cookie", cookie);
        seen.push_str(&call.send().await.unwrap().text().await.unwrap());
    }
    seen
}

/// The key that the instances without a configured one share.
async fn shared_key(redis: &RedisServer, user: &Server) -> String {
    user.cookie().await;
    let mut connection = redis.connection().await.unwrap();
    let mut keys = redis::cmd("KEYS");
    let keys: Vec<String> = keys
        .arg("*{secret}:1:key")
        .query_async(&mut connection)
        .await
        .unwrap();
    assert_eq!(keys.len(), 1);
    let mut get = redis::cmd("GET");
    get.arg(&keys[0])
        .query_async(&mut connection)
        .await
        .unwrap()
}

fn around(text: &str, at: usize) -> &str {
    let start = text.floor_char_boundary(at.saturating_sub(120));
    &text[start..text.ceil_char_boundary((at + 120).min(text.len()))]
}
