//! Who a cookie makes known.

use super::{CookieScope, Keys, keep, read, remove};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use edge::PersonId;

fn keys(secret: &str) -> Keys {
    Keys::of(&[&secret.repeat(32)], secret.repeat(32), None)
}

fn of_domain() -> CookieScope {
    CookieScope {
        secure: true,
        domain: Some("murmuration.example".into()),
    }
}

/// A request with these cookies.
fn request(cookies: &[&str]) -> HeaderMap {
    let text = HeaderValue::try_from(cookies.join("; ")).unwrap();
    HeaderMap::from_iter([(COOKIE, text)])
}

/// The `Set-Cookie` headers that a request with these cookies gets.
fn answer(cookies: &[&str], scope: &CookieScope) -> Vec<String> {
    let set = keep(&request(cookies), &keys("a"), scope);
    let values = set.get_all(SET_COOKIE).iter();
    values
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

/// The cookie of a new visitor.
fn new(scope: &CookieScope) -> String {
    sent(&answer(&[], scope)[0]).to_owned()
}

/// The part of a `Set-Cookie` that a browser sends back.
fn sent(set: &str) -> &str {
    set.split(';').next().unwrap()
}

fn person(cookies: &[&str]) -> Option<PersonId> {
    read(&request(cookies), &keys("a"))
}

#[test]
fn a_cookie_that_we_set_names_its_person() {
    let set = answer(&[], &of_domain());

    assert!(person(&[sent(&set[0])]).is_some());
    for attribute in [
        "HttpOnly",
        "Secure",
        "SameSite=Lax",
        "Path=/",
        "Max-Age=",
        "Domain=murmuration.example",
    ] {
        assert!(set[0].contains(attribute), "{set:?}");
    }
    assert!(answer(&[sent(&set[0])], &of_domain()).is_empty());
    let of_host = new(&CookieScope::default());
    assert!(answer(&[&of_host], &CookieScope::default()).is_empty());
}

#[test]
fn a_person_is_not_the_devices_id() {
    let cookie = new(&CookieScope::default());

    let id = format!(
        "{:032x}",
        u128::from_be_bytes(person(&[&cookie]).unwrap().0)
    );
    assert!(!cookie.contains(&id));
}

#[test]
fn forged_and_foreign_cookies_are_nobody() {
    let own = new(&CookieScope::default());

    assert_eq!(read(&request(&[&own]), &keys("b")), None);
    let forged = [
        "person=00000000000000000000000000000001",
        "person=",
        "person",
    ];
    for forged in forged {
        assert_eq!(person(&[forged]), None);
        assert_eq!(person(&[forged, &own]), person(&[&own]));
        assert_eq!(person(&[&own, forged]), person(&[&own]));
        assert_eq!(answer(&[forged], &of_domain()).len(), 1);
    }
    let marked = own.replacen("person=", "person=moved-", 1);
    assert_eq!(person(&[&marked]), None);
    assert_eq!(read(&HeaderMap::new(), &keys("a")), None);
}

#[test]
fn who_a_host_knew_stays_the_same_once_there_is_a_domain() {
    let (old, domain) = (new(&CookieScope::default()), new(&of_domain()));

    for cookies in [&[&*old][..], &[&old, &domain], &[&domain, &old]] {
        assert_eq!(person(cookies), person(&[&old]));
        let set = answer(cookies, &of_domain());
        let [removed, moved] = &set[..] else {
            panic!("{set:?}");
        };
        assert!(removed.starts_with("person=;") && removed.contains("Max-Age=0"));
        assert!(!removed.contains("Domain") && moved.contains("Domain"));
        assert_eq!(person(&[sent(moved)]), person(&[&old]));
        assert!(answer(&[sent(moved)], &of_domain()).is_empty());
    }
}

#[test]
fn the_first_host_that_moved_its_cookie_counts_on_all() {
    let (old, other) = (new(&CookieScope::default()), new(&CookieScope::default()));
    let set = answer(&[&old], &of_domain());
    let moved = sent(&set[1]);

    for cookies in [[moved, &other], [&other, moved]] {
        assert_eq!(person(&cookies), person(&[&old]));
        let set = answer(&cookies, &of_domain());
        assert!(set[0].contains("Max-Age=0"), "{set:?}");
        assert_eq!(sent(&set[1]), moved);
    }
    // Without the domain again, those who were moved are known.
    assert!(answer(&[moved], &CookieScope::default()).is_empty());
}

#[test]
fn a_cookie_of_the_key_before_is_renewed_by_the_present_one_and_stays_the_same_persons() {
    let of = |secrets: &str| {
        let secrets: Vec<_> = secrets
            .chars()
            .map(|one| one.to_string().repeat(32))
            .collect();
        let secrets: Vec<_> = secrets.iter().map(String::as_str).collect();
        Keys::of(&secrets, "a".repeat(32), None)
    };
    for scope in [CookieScope::default(), of_domain()] {
        let old = new(&scope);
        let set = keep(&request(&[&old]), &of("ba"), &scope);
        let renewed = sent(set[SET_COOKIE].to_str().unwrap()).to_owned();

        for secrets in ["a", "ba", "b"] {
            let keys = of(secrets);
            assert_eq!(
                read(&request(&[&renewed]), &keys),
                person(&[&old]),
                "{secrets}"
            );
            assert!(
                keep(&request(&[&renewed]), &keys, &scope).is_empty(),
                "{secrets}"
            );
        }
        assert_eq!(read(&request(&[&old]), &of("b")), None);
    }
}

#[test]
fn a_cookie_is_removed_wherever_it_was_set() {
    let removed = remove(&of_domain());

    let removed: Vec<_> = removed.get_all(SET_COOKIE).iter().collect();
    assert_eq!(removed.len(), 2);
    assert!(
        removed
            .iter()
            .all(|set| set.to_str().unwrap().contains("Max-Age=0"))
    );
    assert!(
        removed[1]
            .to_str()
            .unwrap()
            .contains("Domain=murmuration.example")
    );
}
