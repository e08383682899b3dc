//! Starts, offers and ends everything.

use crate::counter::{Counter, CounterTask, Receipt, Source};
use crate::dispatch::Dispatcher;
use crate::draw::{AskTask, Draw, FollowTask, MakerTask, PublishTask};
use crate::hub::{Services, Session, Topic, WatchTask, WorldTask};
use crate::mail::{Mail, MailSource};
use crate::party::{AttendanceTask, ChatSource, PartySource};
use crate::presence::{Beats, PersonId, Presence, PresenceTask};
use crate::redis::{ConfigError, Keys, LinkError, LinkTask};
use crate::region::Place;
use crate::world::{Mirror, MirrorTask, Own, Store};
use crate::{ClickError, Config, Limits, Metrics, Parties};
use protocol::{Coordinates, Manager, ManagerFound, RegionCode, SessionId, Step};
use rand::RngExt;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::warn;

/// How long leaving the registry may take at shutdown.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(2);
/// Characters of a shared secret: 256 bits as hexadecimal digits.
const SECRET_CHARS: usize = 64;

/// One instance's engine. A cheap clone; the last one to go does not stop it: call
/// [`shutdown`](Self::shutdown).
#[derive(Clone)]
pub struct Engine {
    instance: String,
    place: Place,
    mirror: Mirror,
    dispatcher: Dispatcher,
    store: Store,
    counter: Counter,
    presence: Presence,
    world: Topic,
    parties: Parties,
    mail: Mail,
    draw: Draw,
    metrics: Metrics,
    /// Ends the tasks that feed Redis, then those that follow it.
    stops: [CancellationToken; 2],
    tasks: [TaskTracker; 2],
}

impl Engine {
    /// Starts an engine; it comes up as soon as Redis is in reach, see [`Mirror::is_full`].
    ///
    /// # Errors
    /// [`ConfigError`] where a setting cannot be used.
    pub fn start(config: Config, metrics: Metrics) -> Result<Self, ConfigError> {
        let Config {
            place,
            regions,
            peers,
            url,
            redis,
            prefix,
            limits,
        } = config;
        let instance = format!("{}-{:08x}", place.code, rand::rng().random::<u32>());
        let keys = Keys::new(&prefix);
        let (link, link_task, signals) = LinkTask::new(
            redis,
            keys.world_events(),
            limits.redis_timeout,
            metrics.clone(),
        )?;
        let mirror = Mirror::new(link.clone());
        let own = Own {
            instance: instance.clone(),
            place: place.clone(),
            url,
        };
        let engine = Self {
            dispatcher: Dispatcher::new(&regions, mirror.clone()),
            parties: Parties::new(
                link.clone(),
                &keys,
                own.clone(),
                limits.party_participants,
                metrics.clone(),
            ),
            mail: Mail::new(
                (link.clone(), keys.clone()),
                (regions, peers),
                instance.clone(),
                limits.mail,
                metrics.clone(),
            ),
            draw: Draw::new(link.clone(), &keys, metrics.clone()),
            store: Store::new(link, keys, mirror.clone(), own),
            instance,
            place,
            mirror,
            counter: Counter::new(limits.clicks_waiting),
            presence: Presence::default(),
            world: Topic::new(),
            metrics,
            stops: Default::default(),
            tasks: Default::default(),
        };
        engine.spawn(
            limits,
            link_task,
            MirrorTask::new(engine.store.clone(), signals, engine.metrics.clone()),
        );
        Ok(engine)
    }

    fn spawn(&self, limits: Limits, link: LinkTask, mirror: MirrorTask) {
        let [feeders, followers] = &self.tasks;
        let [stop_feeding, stop_following] = &self.stops;
        let beats = Beats {
            every: limits.beat_every,
            limit: limits.beat_limit,
        };
        let presence = PresenceTask::new(self.presence.clone(), self.store.clone(), beats);
        let counter = CounterTask::new(
            self.counter.clone(),
            self.store.clone(),
            self.metrics.clone(),
        );
        let pace = Duration::from_secs(1) / limits.frames_per_second.max(1);
        let attendance = AttendanceTask::new(self.parties.clone(), beats, limits.party_ttl);
        let shown_parties = WatchTask::new(PartySource(self.parties.clone()), pace);
        let shown_chats = WatchTask::new(ChatSource(self.parties.clone()), pace);
        let shown_mail = WatchTask::new(MailSource(self.mail.clone()), pace);
        let maker = MakerTask::new(self.draw.clone(), self.instance.clone(), beats, limits.draw);
        let followed = FollowTask::new(self.draw.clone(), limits.beat_every);
        let asked = AskTask {
            draw: self.draw.clone(),
        };
        let shown_draw = PublishTask {
            draw: self.draw.clone(),
            pace,
        };
        let world = WorldTask {
            topic: self.world.clone(),
            mirror: self.mirror.clone(),
            pace,
            metrics: self.metrics.clone(),
        };
        feeders.spawn(presence.run(stop_feeding.clone()));
        feeders.spawn(counter.run(stop_feeding.clone()));
        feeders.spawn(attendance.run(stop_feeding.clone()));
        feeders.spawn(maker.run(stop_feeding.clone()));
        feeders.spawn(asked.run(stop_feeding.clone()));
        followers.spawn(world.run(stop_following.clone()));
        followers.spawn(shown_parties.run(stop_following.clone()));
        followers.spawn(shown_chats.run(stop_following.clone()));
        followers.spawn(shown_mail.run(stop_following.clone()));
        followers.spawn(followed.run(stop_following.clone()));
        followers.spawn(shown_draw.run(stop_following.clone()));
        followers.spawn(mirror.run(stop_following.clone()));
        followers.spawn(link.run(stop_following.clone()));
    }

    /// This instance's name, new at each start.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// The region this instance belongs to.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// This instance's copy of the world.
    #[must_use]
    pub fn mirror(&self) -> &Mirror {
        &self.mirror
    }

    /// Open sessions of this instance.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.presence.connections()
    }

    /// Opens a session of that person. It is present until it is dropped.
    #[must_use]
    pub fn session(&self, id: &SessionId, person: PersonId) -> Session {
        let present = self.presence.join(person);
        let services = Services {
            world: &self.world,
            counter: &self.counter,
            parties: &self.parties,
            mail: &self.mail,
            draw: &self.draw,
            metrics: &self.metrics,
        };
        Session::new(services, Source::session(id), present)
    }

    /// Counts one click of a source that has no other, and waits until it is counted and in the mirror. Called again for the
    /// same source, it counts nothing and returns the present numbers.
    ///
    /// Bound the wait: while Redis is away, the click waits with all others.
    ///
    /// # Errors
    /// [`ClickError`]; the click will not be counted then.
    pub async fn click_once(&self, source: Source, step: Step) -> Result<Receipt, ClickError> {
        let account = self.counter.account(source);
        if let Err(error) = self.counter.add(&account, 1, step) {
            self.metrics.clicks_refused.inc();
            return Err(error);
        }
        let receipt = account.counted(1).await;
        self.mirror.reached(receipt.epoch, receipt.rev).await;
        Ok(receipt)
    }

    /// The nearest live region by great-circle distance, and of two of its instances picked at random the
    /// less loaded one. Nothing where no region lives.
    #[must_use]
    pub fn find_manager(&self, from: Coordinates) -> Option<ManagerFound> {
        self.dispatcher.find(from)
    }

    /// The live regions, ordered by code, each with an instance to go to: picked as
    /// [`find_manager`](Self::find_manager) picks it.
    #[must_use]
    pub fn managers(&self) -> Vec<Manager> {
        self.dispatcher.managers()
    }

    /// Where visitors reach each live instance, with its region: several instances of one region may share an
    /// address or have one each.
    #[must_use]
    pub fn addresses(&self) -> Vec<(RegionCode, String)> {
        self.dispatcher.addresses()
    }

    /// All parties of the cluster.
    #[must_use]
    pub fn parties(&self) -> &Parties {
        &self.parties
    }

    /// All mail of the cluster.
    #[must_use]
    pub fn mail(&self) -> &Mail {
        &self.mail
    }

    /// The draw.
    #[must_use]
    pub fn draw(&self) -> &Draw {
        &self.draw
    }

    /// A secret that all instances share, made by the first that asks.
    ///
    /// # Errors
    /// [`LinkError`] while Redis is out of reach.
    pub async fn shared_secret(&self) -> Result<String, LinkError> {
        let fresh: String = (0..SECRET_CHARS)
            .map(|_| char::from(b"0123456789abcdef"[rand::rng().random_range(0..16)]))
            .collect();
        let script = redis::Script::new(include_str!("secret.lua"));
        self.store
            .link()
            .call(script.key(self.store.keys().secret()).arg(fresh))
            .await
    }

    /// Counts what waits, leaves the registry, and ends every task. At most about ten seconds.
    pub async fn shutdown(&self) {
        let [feeders, followers] = &self.tasks;
        let [stop_feeding, stop_following] = &self.stops;
        stop_feeding.cancel();
        feeders.close();
        feeders.wait().await;
        let leave = async {
            let (world, parties, draw) = tokio::join!(
                PresenceTask::leave(&self.store),
                AttendanceTask::leave(&self.parties),
                MakerTask::leave(&self.draw, &self.instance)
            );
            world.and(parties).and(draw)
        };
        match tokio::time::timeout(LEAVE_TIMEOUT, leave).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(%error, "Could not leave the registry; the others will notice"),
            Err(_) => warn!("Could not leave the registry in time; the others will notice"),
        }
        stop_following.cancel();
        followers.close();
        followers.wait().await;
    }
}
