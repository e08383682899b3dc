//! What people and parties can do, and what can happen to them.

use proptest::prelude::*;

/// People in each case: few, so that they meet.
pub(super) const PEOPLE: usize = 7;
/// Instances; the last one is killed now and then, the link of the first one breaks.
pub(super) const INSTANCES: usize = 3;

/// What can happen. Numbers choose a person, an instance, or one of the newest parties.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happening {
    Create {
        who: usize,
        at: usize,
        listed: bool,
    },
    Join {
        who: usize,
        at: usize,
        party: usize,
    },
    Leave {
        who: usize,
        at: usize,
        party: usize,
    },
    Rename {
        who: usize,
        at: usize,
        party: usize,
    },
    Send {
        who: usize,
        at: usize,
        party: usize,
    },
    /// A tab that shows the person's parties opens, or closes where one is open.
    Attend {
        who: usize,
        at: usize,
    },
    /// An instance is killed, and another starts.
    Kill,
    LoseReply,
    Cut,
}

/// Anything, the common more often.
pub(super) fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    let (who, at, party) = (0..PEOPLE, 0..INSTANCES, 0..3usize);
    let choice = (who.clone(), at.clone(), party);
    prop_oneof![
        3 => (who.clone(), at.clone(), any::<bool>())
            .prop_map(|(who, at, listed)| Create { who, at, listed }),
        8 => choice.clone().prop_map(|(who, at, party)| Join { who, at, party }),
        5 => choice.clone().prop_map(|(who, at, party)| Leave { who, at, party }),
        2 => choice.clone().prop_map(|(who, at, party)| Rename { who, at, party }),
        4 => choice.prop_map(|(who, at, party)| Send { who, at, party }),
        4 => (who, at).prop_map(|(who, at)| Attend { who, at }),
        1 => Just(Kill),
        1 => Just(LoseReply),
        1 => Just(Cut),
    ]
}
