//! Two engines share a list over a Redis: `cargo run -p murmuration-edge --example shared_document`.

use murmuration_edge::protocol::live::NoKey;
use murmuration_edge::protocol::{Document, Problem};
use murmuration_edge::region::{DEFAULT_REGIONS, Regions};
use murmuration_edge::{
    ChangeSource, Config, Documents, Endpoint, Engine, Metrics, PersonId, Sources,
};
use serde::{Deserialize, Serialize};

/// What everybody sees; what it keeps of each person is how many lines are theirs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct List(Vec<String>);

impl Document for List {
    const NAME: &'static str = "list";
    type Key = NoKey;
    type Own = usize;
    type Change = String;

    fn first(_: &NoKey) -> Option<Self> {
        Some(Self::default())
    }

    fn apply(&mut self, own: &mut usize, line: String) -> Result<(), Problem> {
        if *own == 2 {
            return Err(Problem::new(409, "enough", "Two lines a person"));
        }
        *own += 1;
        self.0.push(line);
        Ok(())
    }
}

fn start(region: &str, redis: Endpoint) -> Result<Engine, Box<dyn std::error::Error>> {
    let config = Config::new(Regions::parse(DEFAULT_REGIONS)?, region, redis)?;
    let sources = Sources::default().with_document::<List>();
    Ok(Engine::start_with(
        config,
        Metrics::new(&mut Default::default()),
        sources,
    )?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The engines run a Redis of their own here, if `redis-server` is installed; REDIS_URL names another.
    let folder = std::env::temp_dir().join("shared_document");
    let redis = std::env::var("REDIS_URL").map_or(Endpoint::Embedded(folder), Endpoint::Url);
    let engines = [start("fra", redis.clone())?, start("syd", redis)?];
    for (engine, line) in engines.iter().cycle().zip(["milk", "bread", "tea"]) {
        let lists: Documents<List> = engine.documents().ok_or("not registered")?;
        let added = lists
            .change(&NoKey, PersonId([7; 16]), ChangeSource::Once, line.into())
            .await;
        match added {
            Ok(seen) => println!("{}: {:?}", engine.place().city, seen.value.0),
            Err(error) => println!("{}: {error}", engine.place().city),
        }
    }
    for engine in engines {
        engine.shutdown().await;
    }
    Ok(())
}
