//! What this reader reads is what serde_json reads.

use super::*;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    First,
    SecondOne,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Thing {
    text: String,
    kind: Kind,
    pair: (u8, i64),
    maybe: Option<f64>,
    #[serde(default)]
    flags: Vec<bool>,
}

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
struct Number(u16);

/// All kinds of variants, and of keys.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Unit,
    One(u8),
    Two(u8, Option<String>),
    Fields { at: (i8, i8), inner: Vec<Shape> },
    Numbered(BTreeMap<Number, i64>),
    Signed(BTreeMap<i32, ()>),
}

#[test]
fn variants_and_keys_are_read_as_serde_json_writes_them() {
    let shapes = vec![
        Shape::Unit,
        Shape::One(7),
        Shape::Two(1, Some("x".into())),
        Shape::Fields {
            at: (-1, 2),
            inner: vec![Shape::Unit, Shape::One(0)],
        },
        Shape::Numbered([(Number(3), -4), (Number(65_535), 0)].into()),
        Shape::Signed([(-5, ())].into()),
    ];

    let text = serde_json::to_string_pretty(&shapes).unwrap();

    assert_eq!(read(&text), Some(shapes));
    for text in [
        r#"{"One":7,"Two":1}"#,
        r#"{"One":7"#,
        r#"{"One"}"#,
        r#"{}"#,
        r#"{"Three":3}"#,
        r#"{"Numbered":{"x":1}}"#,
        r#"{"Numbered":{"70000":1}}"#,
    ] {
        assert_eq!(read::<Shape>(text), None, "{text}");
    }
}

/// Any JSON, with numbers of up to 15 digits, which are read exactly.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1_000_000_000_000_i64..1_000_000_000_000, 0..6)
            .prop_map(|(number, places)| json!(number as f64 / 10_f64.powi(places))),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..4)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

#[test]
fn a_type_is_read_from_its_json() {
    let text = r#" { "text" : "a\u00e9\ud83d\udc26\n/" , "later": [{}, null], "kind":"second_one",
        "pair": [255, -3], "maybe": -12.5e-1 } "#;

    let thing = Thing {
        text: "aé🐦\n/".into(),
        kind: Kind::SecondOne,
        pair: (255, -3),
        maybe: Some(-1.25),
        flags: vec![],
    };
    assert_eq!(read(text), Some(thing));
}

#[test]
fn what_is_not_json_is_none() {
    for text in [
        "",
        " ",
        "{",
        "[1,]",
        "[,1]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "1e999",
        "nul",
        "truee",
        "1 2",
        "\"",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"\n\"",
        "[1}",
        "\u{a0}1",
    ] {
        assert!(read::<Value>(text).is_none(), "{text}");
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_json_of_another_type_is_none() {
    assert_eq!(read::<u8>("256"), None);
    assert_eq!(read::<u8>("1.0"), None);
    assert_eq!(read::<(u8, u8)>("[1]"), None);
    assert_eq!(read::<(u8, u8)>("[1,2,3]"), None);
    assert_eq!(read::<Kind>("\"third\""), None);
    assert_eq!(read::<String>("null"), None);
    assert_eq!(read::<Thing>("{}"), None);
}

#[test]
fn nesting_has_an_end() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);

    assert!(read::<IgnoredAny>(&nested(64)).is_some());
    assert!(read::<IgnoredAny>(&nested(65)).is_none());
    assert!(read::<IgnoredAny>(&nested(100_000)).is_none());
}

#[test]
fn a_value_of_an_object_can_stay_text() {
    let mut reader = Reader::new(r#"{"a": [1, "]"] ,"b":2}"#);
    let mut read = Vec::new();

    let outcome = reader.object(|name, reader| {
        read.push((name.to_owned(), reader.raw()?.to_owned()));
        Some(())
    });

    assert_eq!(outcome.and_then(|()| reader.end()), Some(()));
    let expected = [("a", r#"[1, "]"]"#), ("b", "2")].map(|(a, b)| (a.into(), b.into()));
    assert_eq!(read, expected);
}

proptest! {
    #[test]
    fn quoted_texts_are_read_back(text in any::<String>()) {
        prop_assert_eq!(read(&quoted(&text)), Some(text.clone()));
        prop_assert_eq!(serde_json::from_str::<String>(&quoted(&text)).unwrap(), text);
    }

    #[test]
    fn values_are_read_as_serde_json_reads_them(value in values(), is_pretty in any::<bool>()) {
        let write = if is_pretty { serde_json::to_string_pretty } else { serde_json::to_string };
        let text = write(&value).unwrap();

        prop_assert_eq!(read::<Value>(&text), Some(value));
    }

    #[test]
    fn floats_are_read_to_nearly_their_last_bit(float in any::<f64>().prop_filter("of any use", |f| f.is_finite() && f.abs() > 1e-280)) {
        let read = read::<f64>(&serde_json::to_string(&float).unwrap()).unwrap();

        prop_assert!((read - float).abs() <= float.abs() * 1e-14, "{read} of {float}");
    }

    #[test]
    fn texts_are_json_to_both_or_to_none(text in "[\\[\\]{}\",:0-9.eE+\\- tfn\\\\u]{0,12}") {
        let known = serde_json::from_str::<Value>(&text).ok();

        prop_assert_eq!(read::<Value>(&text), known);
    }
}
