//! Two engines share a list over a Redis: `cargo run -p murmuration-edge --example shared_document`.
use murmuration_edge::protocol::{Document, Problem, live::NoKey};
use murmuration_edge::{ChangeSource, Config, Endpoint, Engine, Metrics, PersonId, Sources};

#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
struct List(Vec<String>);

impl Document for List {
    const NAME: &'static str = "list";
    type Key = NoKey; // There is only one.
    type Own = (); // Nothing is kept of each person.
    type Change = String;

    fn first(_: &NoKey) -> Option<Self> {
        Some(Self::default())
    }

    fn apply(&mut self, (): &mut (), line: String) -> Result<(), Problem> {
        self.0.push(line);
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without REDIS_URL they run a Redis of their own, if `redis-server` is installed.
    let folder = std::env::temp_dir().join(format!("list-{}", std::process::id()));
    let redis = std::env::var("REDIS_URL").map_or(Endpoint::Embedded(folder), Endpoint::Url);
    let lists = || Sources::default().with_document::<List>();
    let start = |config| Engine::start_with(config, Metrics::default(), lists());
    let frankfurt = start(Config::new("fra", redis.clone())?)?;
    let sydney = start(Config::new("syd", redis)?)?;
    for (engine, line) in [(&frankfurt, "milk"), (&sydney, "tea")] {
        let lists = engine.documents::<List>().ok_or("not registered")?;
        let add = lists.change(&NoKey, PersonId([7; 16]), ChangeSource::Once, line.into());
        println!("{}: {:?}", engine.place().city, add.await?.value.0);
    }
    Ok(())
}
