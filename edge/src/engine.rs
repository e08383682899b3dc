//! Starts, offers and ends everything.

use crate::counter::{ClickSource, Counter, Receipt};
use crate::dispatch::Atlas;
use crate::document::{Documents, Parts};
use crate::features::Features;
use crate::forgotten::{Forgotten, ForgottenTask};
use crate::hub::{Hub, HubTask, Services, Session, Sources};
use crate::network_budget::NetworkBudgets;
use crate::presence::{Presence, PresenceTask};
use crate::redis::{ConfigError, Keys, LinkTask};
use crate::region::Place;
use crate::tasks::Tasks;
use crate::world::{InstanceInfo, Mirror, MirrorTask, WorldSource, WorldStore};
use crate::{ClickError, Config, Metrics, PersonId};
use protocol::{Coordinates, Document, Manager, ManagerFound, RegionCode, SessionId, Step};
use rand::RngExt;
use std::sync::Arc;
use std::time::Duration;
use tracing::warn;

/// How long leaving the registry may take at shutdown.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(2);

/// One instance's engine. A cheap clone; the last one to go does not stop it: call
/// [`shutdown`](Self::shutdown).
#[derive(Clone)]
pub struct Engine {
    atlas: Arc<Atlas>,
    pub(crate) store: WorldStore,
    services: Arc<Services>,
    forgotten: Forgotten,
    /// The age at which a heartbeat is too old.
    beat_limit: Duration,
    pub(crate) features: Features,
    networks: NetworkBudgets,
    metrics: Metrics,
    tasks: Tasks,
}

impl Engine {
    /// Starts an engine; it comes up as soon as Redis is in reach, see [`Mirror::is_full`].
    ///
    /// # Errors
    /// [`ConfigError`] where a setting cannot be used.
    pub fn start(config: Config, metrics: Metrics) -> Result<Self, ConfigError> {
        Self::start_with(config, metrics, Sources::default())
    }

    /// Starts an engine whose sessions can also watch topics of these sources.
    ///
    /// # Errors
    /// [`ConfigError`] where a setting cannot be used.
    pub fn start_with(
        config: Config,
        metrics: Metrics,
        mut more: Sources,
    ) -> Result<Self, ConfigError> {
        let limits = config.limits;
        let code = &config.place.code;
        let instance = format!("{code}-{:08x}", rand::rng().random::<u32>());
        let keys = Keys::new(&config.prefix, config.redis.database());
        let (link, link_task, events) = LinkTask::new(
            (&config.redis, &config.redis_tls),
            (&keys.world_events(), keys.scratch()),
            (limits.redis_timeout, limits.confirm),
            metrics.clone(),
        )?;
        let mirror = Mirror::new(link.clone(), instance.clone(), limits.beat_limit);
        let presence = Presence::default();
        let tasks = Tasks::default();
        let parts = Parts {
            link: link.clone(),
            keys: keys.clone(),
            instance: instance.clone(),
            tasks: tasks.clone(),
            limits,
            metrics: metrics.clone(),
        };
        let documents = more.build(&parts);
        let features = Features::new(&parts, &config);
        let sources = features.sources(more.with(WorldSource(mirror.clone())));
        let own = InstanceInfo {
            instance,
            place: config.place,
            url: config.url,
        };
        let engine = Self {
            atlas: Arc::new(Atlas::new(&config.regions)),
            forgotten: Forgotten::new(link.clone(), keys.clone(), presence.clone()),
            services: Arc::new(Services {
                hub: Hub::new(sources, link.clone(), metrics.clone()),
                watches_max: limits.session_watches as usize,
                counter: Counter::new(limits.clicks_waiting),
                presence,
                documents,
            }),
            beat_limit: limits.beat_limit,
            features,
            networks: NetworkBudgets::new(link.clone(), keys.clone(), limits.network_bytes_per_day),
            store: WorldStore::new(link, keys, mirror, own),
            metrics,
            tasks,
        };
        let mirror = MirrorTask::new(engine.store.clone(), events, engine.metrics.clone());
        engine.tasks.followers.spawn(|stop| mirror.run(stop));
        engine.tasks.followers.spawn(|stop| link_task.run(stop));
        engine.start_tasks(&parts);
        Ok(engine)
    }

    fn start_tasks(&self, parts: &Parts) {
        let (Self { tasks, store, .. }, limits) = (self, &parts.limits);
        let features = &self.features;
        PresenceTask::start(tasks, &self.services.presence, store, features, limits);
        let keys_for = limits.click_keys_for;
        self.services
            .counter
            .start(tasks, store, keys_for, &self.metrics);
        features.start(parts, store.place());
        let forgotten = ForgottenTask::new(self.forgotten.clone());
        let hub = HubTask::new(self.services.hub.clone(), limits.frames_per_second);
        tasks.followers.spawn(|stop| forgotten.run(stop));
        tasks.followers.spawn(|stop| hub.run(stop));
    }

    /// This instance's name, new at each start.
    #[must_use]
    pub fn instance(&self) -> &str {
        self.store.instance()
    }

    /// The region this instance belongs to.
    #[must_use]
    pub fn place(&self) -> &Place {
        self.store.place()
    }

    /// Whether this instance knows all that pages show: the world, and a round of the draw.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.mirror().is_full() && self.features.are_ready()
    }

    /// This instance's copy of the world.
    #[must_use]
    pub fn mirror(&self) -> &Mirror {
        self.store.mirror()
    }

    /// Open sessions of this instance.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.services.presence.connections()
    }

    /// Whether Redis is in reach and takes writes, as far as this instance's heartbeats tell.
    #[must_use]
    pub fn takes_writes(&self) -> bool {
        let link = self.store.link();
        link.is_up() && link.writes().succeeded_within(self.beat_limit)
    }

    /// Says whether visitors may be sent to this instance. One that is not listed counts nowhere as an instance; its people
    /// and their clicks go on counting.
    pub fn set_listed(&self, is_listed: bool) {
        self.services.presence.set_listed(is_listed);
    }

    /// Opens a session of that person. It is present until it is dropped.
    #[must_use]
    pub fn session(&self, id: &SessionId, person: PersonId) -> Session {
        let session = Session::new(self.services.clone(), id.clone(), person);
        // Forgotten after somebody asked, and before they were present.
        if self.forgotten.contains(person) {
            self.services.presence.end(person);
        }
        session
    }

    /// Tells all sessions to end, also those that are opened later: this instance is about to [shut down](Self::shutdown).
    pub fn end_sessions(&self) {
        self.services.presence.end_all();
    }

    /// Counts one click of a source that has no other, and waits until it is counted and in the mirror. Called again for the
    /// same source, it counts nothing and returns the present numbers.
    ///
    /// Bound the wait: while Redis is away, the click waits with all others.
    ///
    /// # Errors
    /// [`ClickError`]; the click will not be counted then.
    pub async fn click_once(&self, source: ClickSource, step: Step) -> Result<Receipt, ClickError> {
        let account = self.services.counter.account(source.with_only(step));
        if let Err(error) = self.services.counter.add(&account, 1, step) {
            self.metrics.clicks_refused.inc();
            return Err(error);
        }
        let receipt = account.counted(1).await;
        if let Some(error) = receipt.refused {
            self.metrics.clicks_refused.inc();
            return Err(error);
        }
        self.mirror().reached(receipt.epoch, receipt.rev).await;
        Ok(receipt)
    }

    /// The nearest live region by great-circle distance, and of two of its instances picked at random the
    /// less loaded one. Nothing where no region lives.
    #[must_use]
    pub fn find_manager(&self, from: Coordinates) -> Option<ManagerFound> {
        self.mirror()
            .with_instances(|_, instances| self.atlas.find(from, instances))
    }

    /// The live regions, ordered by code, each with an instance to go to: picked as
    /// [`find_manager`](Self::find_manager) picks it.
    #[must_use]
    pub fn managers(&self) -> Vec<Manager> {
        self.mirror()
            .with_instances(|world, instances| self.atlas.managers(world, instances))
    }

    /// Where visitors reach each live instance, with its region: several instances of one region may share an
    /// address or have one each.
    #[must_use]
    pub fn addresses(&self) -> Vec<(RegionCode, String)> {
        self.mirror()
            .with_instances(|_, instances| instances.addresses())
    }

    /// Who was forgotten.
    #[must_use]
    pub fn forgotten(&self) -> &Forgotten {
        &self.forgotten
    }

    /// All documents of a kind; `None` where the engine was started without it.
    #[must_use]
    pub fn documents<D: Document>(&self) -> Option<Documents<D>> {
        self.services.documents.of()
    }

    /// What the visitors of each network may leave behind.
    #[must_use]
    pub fn networks(&self) -> &NetworkBudgets {
        &self.networks
    }

    /// Counts what waits, leaves the registry, and ends every task. At most about ten seconds.
    pub async fn shutdown(&self) {
        self.tasks.feeders.end().await;
        let leave = async {
            let (world, features) = tokio::join!(
                PresenceTask::leave(&self.store),
                self.features.leave(self.instance())
            );
            world.and(features)
        };
        match tokio::time::timeout(LEAVE_TIMEOUT, leave).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(%error, "Could not leave the registry; the others will notice"),
            Err(_) => warn!("Could not leave the registry in time; the others will notice"),
        }
        self.tasks.followers.end().await;
    }
}
