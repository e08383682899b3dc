//! A cluster whose hosts begin to share the visitors' cookie: who was known stays the same person, and keeps their mail.

use crate::support::{Server, Setup, Tab, form, letters, start_redis, visitor};
use reqwest::header::SET_COOKIE;

#[tokio::test]
async fn who_a_host_knew_keeps_their_mailbox_on_all_hosts_of_the_domain() {
    let redis = start_redis().await;
    let before = Server::start("ord", &redis).await;
    let wren = visitor(&before, "wren").await;
    let domain = |region| Setup::new(region, &redis).with("COOKIE_DOMAIN", "127.0.0.1");
    let (ord, fra) = (domain("ord").start().await, domain("fra").start().await);
    // Another host of the domain knows nothing of the old cookie.
    let other = fra.cookie().await;

    let mut written = 0;
    for cookies in [format!("{wren}; {other}"), format!("{other}; {wren}")] {
        let letter = "to=ord-wren&message=a+note";
        assert_eq!(
            form(&ord, "/mail/send", letter, &cookies).await.status(),
            303
        );
        written += 1;
        assert_eq!(letters(&ord, &cookies, "ord-wren").await.len(), written);
        let mut tab = Tab::open_as(&ord, "wren", &cookies).await;
        tab.watch("mailbox", Some("ord-wren")).await;
        assert_eq!(tab.hear_a("mailbox").await["address"], "ord-wren");

        let page = ord
            .get("/mail")
            .header("cookie", &cookies)
            .send()
            .await
            .unwrap();
        let set: Vec<_> = page.headers().get_all(SET_COOKIE).iter().collect();
        let [removed, moved] = set[..] else {
            panic!("{set:?}");
        };
        assert!(removed.to_str().unwrap().starts_with("person=; "));
        let moved = moved.to_str().unwrap().split(';').next().unwrap();
        for server in [&ord, &fra] {
            assert_eq!(letters(server, moved, "ord-wren").await.len(), written);
        }
    }
}
