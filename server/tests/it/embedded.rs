//! Servers that keep their own Redis.

use crate::support::{LAG, Server, Setup, Tab, eventually, eventually_within};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// What platforms give a process to end.
const IN_TIME: Duration = Duration::from_secs(10);
/// After which an instance counts as gone (`BEAT_LIMIT_MS`).
const BEAT_LIMIT: Duration = Duration::from_secs(5);

#[tokio::test]
async fn when_the_owner_of_redis_is_killed_another_takes_over_with_nothing_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = Setup::embedded("ord", folder.path()).start().await;
    let mut heir = Setup::embedded("fra", folder.path()).start().await;
    let first = redis_processes(folder.path());
    assert_eq!(first.len(), 1);
    assert_eq!(parent(first[0]), owner.pid());
    let (mut ann, mut bob) = (
        Tab::open(&owner, "ann").await,
        Tab::open(&heir, "bob").await,
    );
    for seq in 1..=20 {
        ann.click(seq).await;
        bob.click(seq).await;
    }
    bob.settled(20).await;
    ann.settled(10).await;

    owner.kill();
    for seq in 21..=40 {
        bob.click(seq).await;
    }
    let acknowledged = last_ack(&mut ann, 10).await;
    let mut ann = Tab::open(&heir, "ann").await;
    for seq in acknowledged + 1..=21 {
        ann.click(seq).await;
    }
    bob.settled(40).await;
    ann.settled(21).await;
    heir.until("all clicks, one instance", |world| {
        (world.clicks, world.instances()) == (61, 1)
    })
    .await;
    assert_eq!(redis_processes(folder.path()).len(), 1);
    assert_eq!(parent(redis_processes(folder.path())[0]), heir.pid());

    heir.terminate();
    assert!(heir.ended_within(IN_TIME + LAG).await.success());
    eventually("no process", async || {
        redis_processes(folder.path()).is_empty()
    })
    .await;
}

#[tokio::test]
async fn while_the_owner_of_a_killed_redis_stands_still_another_takes_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = Setup::embedded("ord", folder.path()).start().await;
    let heir = Setup::embedded("fra", folder.path()).start().await;
    let first = redis_processes(folder.path())[0];
    assert_eq!(heir.click("before").send().await.unwrap().status(), 200);

    signal(owner.pid(), "-STOP");
    signal(first, "-KILL");
    let limit = BEAT_LIMIT + LAG;
    eventually_within(limit, "another Redis", async || {
        heir.click("after").send().await.unwrap().status() == 200
    })
    .await;
    let second = redis_processes(folder.path());
    assert_eq!(second.len(), 1);
    assert_eq!(parent(second[0]), heir.pid());
    signal(owner.pid(), "-CONT");

    // It joins the other's.
    owner
        .until("all clicks, both instances", |world| {
            (world.clicks, world.instances()) == (2, 2)
        })
        .await;
    owner.terminate();
    assert!(owner.ended_within(IN_TIME + LAG).await.success());
    assert_eq!(heir.click("later").send().await.unwrap().status(), 200);
    assert_eq!(redis_processes(folder.path()), second);
}

#[tokio::test]
async fn an_owner_that_wakes_to_end_leaves_the_others_redis_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = Setup::embedded("ord", folder.path()).start().await;
    let heir = Setup::embedded("fra", folder.path()).start().await;
    signal(owner.pid(), "-STOP");
    signal(redis_processes(folder.path())[0], "-KILL");
    eventually("another Redis", async || {
        heir.click("after").send().await.unwrap().status() == 200
    })
    .await;
    let second = redis_processes(folder.path());

    owner.terminate();
    signal(owner.pid(), "-CONT");

    assert!(owner.ended_within(IN_TIME + LAG).await.success());
    assert_eq!(heir.click("later").send().await.unwrap().status(), 200);
    assert_eq!(redis_processes(folder.path()), second);
}

fn signal(process: u32, signal: &str) {
    let status = Command::new("kill")
        .args([signal, &process.to_string()])
        .status();
    assert!(status.unwrap().success());
}

#[tokio::test]
async fn servers_that_end_together_leave_nothing_running_and_find_everything_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut servers = Vec::new();
    for region in ["ord", "fra", "syd"] {
        servers.push(Setup::embedded(region, folder.path()).start().await);
    }
    for (server, key) in servers.iter().zip(["a", "b", "c"]) {
        assert_eq!(server.click(key).send().await.unwrap().status(), 200);
    }
    let cookie = servers[0].cookie().await;

    servers.iter().for_each(Server::terminate);
    for server in &mut servers {
        assert!(server.ended_within(IN_TIME + LAG).await.success());
    }
    eventually("no process", async || {
        redis_processes(folder.path()).is_empty()
    })
    .await;

    let mut again = Setup::embedded("ams", folder.path()).start().await;
    assert_eq!(again.report().await.clicks, 3);
    let page = again
        .get("/")
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap();
    assert!(
        !page.headers().contains_key("set-cookie"),
        "the visitor is known again"
    );
    again.terminate();
    assert!(again.ended_within(IN_TIME + LAG).await.success());
    eventually("no process", async || {
        redis_processes(folder.path()).is_empty()
    })
    .await;
}

/// Reads until the socket ends. Returns the newest acknowledged click.
async fn last_ack(tab: &mut Tab, mut newest: u64) -> u64 {
    while let Ok(frame) = tab.try_hear().await {
        if frame["type"] == "ack" {
            newest = frame["seq"].as_u64().unwrap();
        }
    }
    newest
}

/// The processes that work in that folder: its Redis alone, since servers work elsewhere.
fn redis_processes(folder: &Path) -> Vec<u32> {
    let folder = folder.canonicalize().unwrap();
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter(|process| {
            std::fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd == folder)
        })
        .filter_map(|process| process.file_name().to_str()?.parse().ok())
        .collect()
}

fn parent(process: u32) -> u32 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"));
    line.unwrap().trim().parse().unwrap()
}
