//! The Redis that the instances of one machine keep themselves.

use crate::support::{
    Crowd, Instance, PREFIX, Tab, all_ready, config, eventually, impatient, metrics, ready, until,
};
use edge::{ConfigError, Endpoint, Engine, Limits};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_share_one_and_end_it() {
    let folder = TempDir::new().unwrap();
    let one = start_in(folder.path(), "fra");
    let two = start_in(folder.path(), "ord");
    let (mut ann, mut bob) = (Tab::open(&one, "ann"), Tab::open(&two, "bob"));

    ann.click_up(2);
    bob.click_up(3);
    ann.settled().await;
    bob.settled().await;
    for engine in [&one, &two] {
        until(engine, "both", |world| {
            world.people() == 2 && world.clicks() == 5
        })
        .await;
    }
    let process = redis_process(folder.path()).await;
    assert_eq!(servers_in(folder.path()), [process]);
    one.shutdown().await;
    two.shutdown().await;

    eventually("no process", async || servers_in(folder.path()).is_empty()).await;
    let again = start_in(folder.path(), "syd");
    until(&again, "the kept clicks", |world| world.clicks() == 5).await;
    again.shutdown().await;
    eventually("no process", async || servers_in(folder.path()).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_one_is_started_again_with_nothing_lost() {
    let folder = TempDir::new().unwrap();
    let one = start_in(folder.path(), "fra");
    let two = start_in(folder.path(), "ord");
    all_ready(&[&one, &two]).await;
    let crowd = Crowd::gather(&[&one, &two], 4);

    for _ in 0..2 {
        crowd.click_on(100).await;
        let process = redis_process(folder.path()).await;
        kill(process);
        crowd.click_on(50).await;
        eventually("another process", async || {
            servers_in(folder.path())
                .iter()
                .any(|server| *server != process)
        })
        .await;
        crowd.click_on(50).await;
    }
    let tabs = crowd.settle().await;

    let sum: i64 = tabs.iter().map(Tab::sum).sum();
    for engine in [&one, &two] {
        until(engine, "all clicks", |world| {
            world.clicks() == sum && world.people() == 8
        })
        .await;
    }
    assert_eq!(servers_in(folder.path()).len(), 1);
    one.shutdown().await;
    two.shutdown().await;
    eventually("no process", async || servers_in(folder.path()).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_its_owner_goes_another_takes_over_with_nothing_lost() {
    let folder = TempDir::new().unwrap();
    let owner = start_in(folder.path(), "fra");
    ready(&owner).await;
    let heir = start_in(folder.path(), "ord");
    ready(&heir).await;
    let first = redis_process(folder.path()).await;
    let crowd = Crowd::gather(&[&heir], 4);
    crowd.click_on(100).await;

    owner.shutdown().await;
    crowd.click_on(50).await;
    let tabs = crowd.settle().await;

    let sum: i64 = tabs.iter().map(Tab::sum).sum();
    until(&heir, "all clicks", |world| world.clicks() == sum).await;
    assert_ne!(redis_process(folder.path()).await, first);
    heir.shutdown().await;
    eventually("no process", async || servers_in(folder.path()).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_its_owner_and_redis_are_killed_another_takes_over() {
    let folder = TempDir::new().unwrap();
    let redis = Endpoint::Embedded(folder.path().into());
    let owner = Instance::start("fra", redis, impatient());
    ready(&owner).await;
    let heir = start_in(folder.path(), "ord");
    ready(&heir).await;
    let mut ann = Tab::open(&heir, "ann");
    ann.click_up(5);
    ann.settled().await;

    // As the kernel does with a killed owner's child.
    let process = redis_process(folder.path()).await;
    owner.kill();
    kill(process);
    ann.click_up(5);
    ann.settled().await;

    until(&heir, "all clicks, and ann", |world| {
        (world.clicks(), world.people()) == (10, 1)
    })
    .await;
    heir.shutdown().await;
    eventually("no process", async || servers_in(folder.path()).is_empty()).await;
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_with_what_fits() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let refused = |redis| match Engine::start(config("fra", redis, Limits::default()), metrics()) {
        Err(error) => error,
        other => panic!("{:?}", other.map(|engine| engine.instance().to_owned())),
    };

    let url = refused(Endpoint::Url("http://localhost:1".into()));
    assert!(matches!(url, ConfigError::Url(_)));
    assert!(url.to_string().contains("redis://HOST:PORT"), "{url}");
    let long = refused(Endpoint::Embedded(folder.path().join("x".repeat(100))));
    assert!(matches!(long, ConfigError::PathTooLong(_)));
    assert!(long.to_string().contains("at most 90"), "{long}");
    let blocked = refused(Endpoint::Embedded(file.join("data")));
    assert!(matches!(blocked, ConfigError::Folder(..)));
    assert!(blocked.to_string().contains("/file/data: "), "{blocked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_of_any_name_will_do() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("50% off? #1 ö");

    let one = start_in(&folder, "fra");
    ready(&one).await;

    assert!(folder.join("redis.sock").exists());
    one.shutdown().await;
}

fn start_in(folder: &Path, region: &str) -> Engine {
    let redis = Endpoint::Embedded(folder.into());
    let config = config(region, redis, impatient());
    assert_eq!(config.prefix, PREFIX);
    Engine::start(config, metrics()).unwrap()
}

/// The process of the server that answers there, as soon as one does.
async fn redis_process(folder: &Path) -> u32 {
    let info = Mutex::new(String::new());
    eventually("a server that answers", async || {
        let answer = ask_about_server(folder).await;
        answer.is_ok_and(|text| {
            *info.lock().unwrap() = text;
            true
        })
    })
    .await;
    let info = info.into_inner().unwrap();
    let line = info
        .lines()
        .find_map(|line| line.strip_prefix("process_id:"));
    line.unwrap().parse().unwrap()
}

async fn ask_about_server(folder: &Path) -> redis::RedisResult<String> {
    let url = format!("unix://{}/redis.sock", folder.display());
    let client = redis::Client::open(url)?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    let mut info = redis::cmd("INFO");
    info.arg("server").query_async(&mut connection).await
}

/// The servers that run in that folder.
fn servers_in(folder: &Path) -> Vec<u32> {
    let folder = folder.canonicalize().unwrap();
    let processes = std::fs::read_dir("/proc").unwrap();
    let ours = |process: &PathBuf| {
        let is_redis = std::fs::read_to_string(process.join("comm"))
            .is_ok_and(|name| name.starts_with("redis-server"));
        is_redis && std::fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == folder)
    };
    processes
        .flatten()
        .map(|entry| entry.path())
        .filter(ours)
        .filter_map(|process| process.file_name()?.to_str()?.parse().ok())
        .collect()
}

fn kill(process: u32) {
    let status = std::process::Command::new("kill")
        .args(["-9", &process.to_string()])
        .status();
    assert!(status.unwrap().success());
}
