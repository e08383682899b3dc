//! The engine against a real Redis.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper that fails is a failed test"
)]

// As the rest of this repository calls it.
extern crate murmuration_edge as edge;

mod support;

mod arrivals;
mod confirm;
mod counter;
mod counter_memory;
mod dispatch;
mod documents;
mod documents_calls;
mod documents_outage;
mod draw;
mod draw_asked;
mod draw_frames;
mod draw_late;
mod draw_leave;
mod draw_lost;
mod draw_maker;
mod draw_model;
mod draw_narrow;
mod draw_numbers;
mod draw_outage;
mod draw_phases;
mod draw_rounds;
mod embedded;
mod forgotten;
mod frames;
mod instances;
mod late;
mod lines;
mod mail;
mod mail_abuse;
mod mail_blocks;
mod mail_bounds;
mod mail_clusters;
mod mail_conversations;
mod mail_echo;
mod mail_given_back;
mod mail_lasting;
mod mail_live;
mod mail_model;
mod mail_reading;
mod model;
mod network_budget;
mod outbox;
mod outbox_abuse;
mod outbox_kills;
mod outbox_notices;
mod outbox_order;
mod partition;
mod party;
mod party_chat;
mod party_expiry;
mod party_frames;
mod party_model;
mod party_nearby;
mod party_online;
mod presence;
mod redis;
mod redis_concerns;
mod refused;
mod topologies;
mod topology_kills;
mod unread;
mod watching;
mod world;
