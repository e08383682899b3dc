//! Each check passes what is right, and finds what is not.

use super::*;

fn told(status: u16, participant: u32) -> Told {
    Told {
        status,
        body: json!({ "party_code": "457495738", "participant_id": participant }),
        tried: [0].into(),
        is_retried: false,
    }
}

/// Two people, who said something.
fn group() -> Group {
    let mut group = Group::new(1);
    let text = "said so".to_owned();
    for (deed, told) in [
        (Deed::Create, told(201, 0)),
        (Deed::Join { device: 4 }, told(201, 1)),
        (Deed::Say { device: 4, text }, told(201, 1)),
    ] {
        assert_eq!(group.hear(&deed, &told), None);
    }
    group
}

fn shown(members: &[(u32, bool)], said: &[&str]) -> Shown {
    Shown {
        members: members.to_vec(),
        said: said.iter().map(|text| (*text).to_owned()).collect(),
    }
}

#[test]
fn a_party_as_it_was_told_passes() {
    let shown = shown(&[(0, true), (1, false)], &["said so"]);
    assert_eq!(group().check(Some(&shown)), []);
}

#[test]
fn a_party_that_lost_anything_is_found() {
    let leads = [(0, true), (1, false)];
    for (shown, promise) in [
        (None, Promise::PartyKept),
        (Some(shown(&leads[..1], &["said so"])), Promise::PartyKept),
        (
            Some(shown(&[(0, true), (1, true)], &["said so"])),
            Promise::PartyKept,
        ),
        (Some(shown(&leads, &[])), Promise::ChatOnce),
        (
            Some(shown(&leads, &["said so", "said so"])),
            Promise::ChatOnce,
        ),
    ] {
        let violations = group().check(shown.as_ref());
        assert_eq!(violations.len(), 1, "{shown:?}");
        assert_eq!(violations[0].promise, promise, "{shown:?}");
    }
}

#[test]
fn an_answer_that_forgot_what_was_acknowledged_is_found() {
    let leave = Deed::Leave {
        participant: 1,
        device: 4,
    };
    let unknown = told(404, 0);
    let retried = Told {
        is_retried: true,
        ..told(404, 0)
    };

    assert!(group().hear(&leave, &unknown).is_some());
    assert!(group().hear(&Deed::Join { device: 3 }, &unknown).is_some());
    let mut left = group();
    assert_eq!(left.hear(&leave, &retried), None);
    assert_eq!(left.members, [(0, 0)].into());
}
