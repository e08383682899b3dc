//! Two engines share a list over a Redis: `cargo run -p murmuration-edge --example shared_document`.
use murmuration_edge::protocol::{Document, Problem, live::NoKey};
use murmuration_edge::region::{DEFAULT_REGIONS, Regions};
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
    // The engines run a Redis of their own here, if `redis-server` is installed; REDIS_URL names another.
    let folder = std::env::temp_dir().join(format!("list-{}", std::process::id()));
    let redis = std::env::var("REDIS_URL").map_or(Endpoint::Embedded(folder), Endpoint::Url);
    let start = |region| -> Result<Engine, Box<dyn std::error::Error>> {
        let config = Config::new(Regions::parse(DEFAULT_REGIONS)?, region, redis.clone())?;
        let sources = Sources::default().with_document::<List>();
        Ok(Engine::start_with(
            config,
            Metrics::new(&mut Default::default()),
            sources,
        )?)
    };
    let engines = [(start("fra")?, "milk"), (start("syd")?, "tea")];
    for (engine, line) in &engines {
        let lists = engine.documents::<List>().ok_or("not registered")?;
        let add = lists.change(
            &NoKey,
            PersonId([7; 16]),
            ChangeSource::Once,
            (*line).into(),
        );
        println!("{}: {:?}", engine.place().city, add.await?.value.0);
    }
    Ok(())
}
