//! The real server, started as a process over a Redis of each test's own, spoken to from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod abandoned;
mod about;
mod address;
mod cards;
mod clicks;
mod configuration;
mod connections;
mod cookie_domain;
mod dispatch;
mod draw;
mod draw_live;
mod draw_making;
mod draw_outage;
mod draw_page;
mod draw_player;
mod draw_player_forms;
mod draw_rounds;
mod draw_secrets;
mod embedded;
mod emptied;
mod exchange;
mod federation;
mod federation_batches;
mod federation_commands;
mod federation_kills;
mod federation_peers;
mod federation_tokens;
mod files;
mod forgotten;
mod forwarded;
mod guide;
mod hostile;
mod key_rotation;
mod limits;
mod live;
mod mail_blocks;
mod mail_echo;
mod mail_export;
mod mail_forms;
mod mail_given_back;
mod mail_hostile;
mod mail_limits;
mod mail_page;
mod mail_refused;
mod mail_rights;
mod mail_secrets;
mod malformed;
mod memory;
mod message;
mod metrics;
mod openapi;
mod origin;
mod outage;
mod page;
mod party;
mod party_chat;
mod party_forms;
mod party_guesses;
mod party_limits;
mod party_online;
mod party_refused;
mod party_room;
mod party_secrets;
mod poll;
mod poll_forms;
mod poll_live;
mod problems;
mod reconnect;
mod redis_access;
mod redis_permissions;
mod secrets;
mod shutdown;
mod silence;
mod support;
mod world;
