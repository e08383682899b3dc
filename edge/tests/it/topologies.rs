//! The same on every shape of Redis.
//!
//! Each scenario is a test of its own on a single Redis. A cluster and a primary that Sentinels watch take a while to
//! start: there, all scenarios are one test after which nobody is left, and begin with nothing in Redis.

use crate::support::{AnyRedis, start_redis};
use edge::testing::{RedisCluster, RedisSentinels};
use tokio::runtime::Runtime;

macro_rules! scenarios {
    ($($module:ident::$name:ident,)+) => {
        mod single {
            use super::*;

            $(
                #[test]
                fn $name() {
                    let redis = runtime().block_on(start_redis());
                    runtime().block_on(crate::$module::$name(&redis));
                }
            )+
        }

        fn play_all(redis: &impl AnyRedis) {
            $(play(redis, stringify!($name), crate::$module::$name(redis));)+
        }
    };
}

scenarios! {
    world::a_fresh_instance_starts_with_the_full_world,
    world::a_change_whose_event_was_lost_is_found_without_another,
    counter::two_instances_of_one_region_add_up,
    counter::an_idempotency_key_counts_once_on_all_instances,
    presence::one_person_counts_once_across_tabs_and_instances,
    party::a_party_is_shown_as_it_was_created_and_joined,
    party::the_longest_standing_leads_when_the_leader_leaves_and_the_last_one_ends_it,
    party_online::a_participant_is_online_while_they_have_a_tab_anywhere,
    party_chat::messages_keep_the_name_that_their_sender_had_then,
    mail::a_message_sent_anywhere_is_in_its_recipients_mailbox_everywhere,
    mail_live::a_letter_shows_at_once_wherever_its_recipients_page_is_open,
    draw::a_round_runs_on_when_all_instances_have_ended,
    documents::a_vote_in_one_region_reaches_all_and_what_is_the_persons_reaches_their_tabs_alone,
    documents_calls::a_document_is_created_once_a_key_and_so_many_a_person,
    unread::unread_messages_are_counted_on_every_page_of_a_participant,
    unread::unread_letters_are_counted_on_every_page_of_their_owner,
    watching::a_session_watches_several_keys_of_several_topics,
    outbox::what_was_sent_first_is_taken_first_and_gone_once_it_is_stored,
    outbox::one_instance_sends_and_the_next_does_once_it_gives_the_lease_back,
}

#[test]
fn all_scenarios_on_a_cluster() {
    let cluster = runtime().block_on(RedisCluster::start()).unwrap();
    play_all(&cluster);
}

#[test]
fn all_scenarios_with_sentinels() {
    let sentinels = runtime().block_on(RedisSentinels::start()).unwrap();
    play_all(&sentinels);
}

/// Plays one; whoever it leaves behind ends with its runtime.
fn play(redis: &impl AnyRedis, name: &str, scenario: impl Future<Output = ()>) {
    // Shown if it fails.
    eprintln!("{name}");
    runtime().block_on(redis.empty());
    runtime().block_on(scenario);
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
}
