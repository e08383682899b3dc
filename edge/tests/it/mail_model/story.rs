//! What people can write, and what can happen to it.

use proptest::prelude::*;

/// Who writes; the last one has claimed no address. Few, so that they meet.
pub(super) const PEOPLE: usize = 5;
/// Instances; the last one is killed now and then, the link of the first one breaks.
pub(super) const INSTANCES: usize = 3;

/// What can happen. Numbers choose a person, an instance, a page size.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happening {
    /// Somebody writes to somebody, or to another cluster where that is nobody.
    Send {
        who: usize,
        to: Option<usize>,
        at: usize,
        patience: Patience,
    },
    /// An instance is killed, and another starts.
    KillInstance,
    /// Redis is killed, and starts again on what it wrote.
    KillRedis,
    LoseReply,
    Cut,
}

/// What a writer does about answers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Patience {
    /// Sends until there is an answer.
    Until,
    /// The same, then once more with the same key.
    Twice,
    /// Sends once, with a key or without one.
    Once { is_keyed: bool },
}

/// Anything, the common more often.
pub(super) fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    let patience = prop_oneof![
        6 => Just(Patience::Until),
        3 => Just(Patience::Twice),
        1 => any::<bool>().prop_map(|is_keyed| Patience::Once { is_keyed }),
    ];
    let to = prop_oneof![6 => (0..PEOPLE).prop_map(Some), 1 => Just(None)];
    prop_oneof![
        40 => (0..PEOPLE, to, 0..INSTANCES, patience)
            .prop_map(|(who, to, at, patience)| Send { who, to, at, patience }),
        2 => Just(LoseReply),
        1 => Just(Cut),
        1 => Just(KillInstance),
        1 => Just(KillRedis),
    ]
}
