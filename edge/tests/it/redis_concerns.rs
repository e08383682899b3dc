//! What is wrong with a Redis is said in a sentence.

use crate::support::{config, eventually, metrics, patient, ready};
use edge::testing::{Certificates, RedisCluster, RedisOptions, RedisSentinels, RedisServer};
use edge::{Endpoint, Engine, Limits, RedisConcern, TlsFiles};
use std::time::Duration;

/// The first concern of an engine that is told that.
async fn concern(url: &str, tls: TlsFiles) -> RedisConcern {
    let engine = start(url, tls);
    eventually(&format!("a concern about {url}"), async || {
        !engine.redis_concerns().is_empty()
    })
    .await;
    let concern = engine.redis_concerns().remove(0);
    engine.shutdown().await;
    concern
}

fn start(url: &str, tls: TlsFiles) -> Engine {
    let limits = Limits {
        redis_timeout: Duration::from_secs(2),
        ..patient()
    };
    let mut config = config("ord", Endpoint::Url(url.into()), limits);
    config.redis_tls = tls;
    Engine::start(config, metrics()).unwrap()
}

fn trusting(certificates: &Certificates) -> TlsFiles {
    TlsFiles {
        authorities: Some(certificates.authority()),
        certificate: None,
    }
}

async fn redis(options: RedisOptions) -> RedisServer {
    RedisServer::start_with(options).await.unwrap()
}

#[tokio::test]
async fn tls_that_fails_is_told_from_no_tls() {
    let certificates = Certificates::make().unwrap();
    let plain = RedisServer::start_tcp().await.unwrap();
    let tls = redis(RedisOptions::default().tls(&certificates)).await;
    let strict = RedisOptions::default().tls(&certificates);
    let strict = redis(strict.client_certificates()).await;
    let showing = async |certificate: std::path::PathBuf, key: std::path::PathBuf| {
        let options = RedisOptions::default().tls(&certificates);
        let options = options.setting("tls-cert-file", &certificate.display().to_string());
        redis(options.setting("tls-key-file", &key.display().to_string())).await
    };
    let other = showing(certificates.client(), certificates.client_key()).await;
    let own = showing(certificates.self_signed(), certificates.self_signed_key()).await;
    let trust = || trusting(&certificates);
    let strangers = TlsFiles {
        authorities: Some(certificates.other_authority()),
        ..trust()
    };
    let self_signed = TlsFiles {
        authorities: Some(certificates.self_signed()),
        ..trust()
    };
    let to = |server: &RedisServer, with: &str| {
        server
            .url()
            .replace("rediss:", with)
            .replace("redis:", with)
    };

    assert_eq!(
        concern(&to(&plain, "rediss:"), trust()).await,
        RedisConcern::NoTls
    );
    assert_eq!(
        concern(&to(&tls, "redis:"), trust()).await,
        RedisConcern::OnlyTls
    );
    assert_eq!(
        concern(&tls.url(), strangers).await,
        RedisConcern::UnknownAuthority
    );
    assert_eq!(
        concern(&own.url(), self_signed).await,
        RedisConcern::SelfSigned
    );
    assert_eq!(
        concern(&other.url(), trust()).await,
        RedisConcern::WrongName
    );
    assert_eq!(
        concern(&strict.url(), trust()).await,
        RedisConcern::ClientCertificate
    );
}

#[tokio::test]
async fn tls_that_fits_is_no_concern() {
    let certificates = Certificates::make().unwrap();
    let tls = RedisOptions::default().tls(&certificates);
    let strict = redis(tls.clone().client_certificates()).await;
    let tls = redis(tls).await;
    let trust = || trusting(&certificates);

    let shown = TlsFiles {
        certificate: Some((certificates.client(), certificates.client_key())),
        ..trust()
    };
    for (server, files) in [(&tls, trust()), (&strict, shown)] {
        let engine = start(&server.url(), files);
        ready(&engine).await;
        assert_eq!(engine.redis_concerns(), []);
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn credentials_that_fail_are_told_from_missing_ones() {
    let redis = redis(RedisOptions::default().tcp().password("right")).await;
    let concern = async |url: &str| concern(url, TlsFiles::default()).await;

    let address = redis.address().unwrap();
    assert_eq!(
        concern(&format!("redis://{address}")).await,
        RedisConcern::NoPassword
    );
    assert_eq!(
        concern(&redis.url_of("", "wrong")).await,
        RedisConcern::WrongPassword
    );
    assert_eq!(
        concern(&redis.url_of("nobody", "right")).await,
        RedisConcern::WrongPassword
    );
}

#[tokio::test]
async fn what_leads_nowhere_is_told() {
    let mut redis = RedisServer::start_tcp().await.unwrap();
    redis.kill().unwrap();

    assert_eq!(
        concern(&redis.url(), TlsFiles::default()).await,
        RedisConcern::Refused
    );
    let unknown = "redis://nowhere.invalid";
    assert_eq!(
        concern(unknown, TlsFiles::default()).await,
        RedisConcern::UnknownHost
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_of_another_shape_is_told() {
    let single = RedisServer::start_tcp().await.unwrap();
    let cluster = RedisCluster::start().await.unwrap();
    let sentinels = RedisSentinels::start().await.unwrap();
    let concern = async |url: &str| concern(url, TlsFiles::default()).await;
    let single = single.address().unwrap();
    let watched = sentinels.url();
    let (sentinel, _) = watched.split_once('?').unwrap();

    let node = cluster.nodes()[0].address().unwrap();
    assert_eq!(
        concern(&format!("redis://{node}")).await,
        RedisConcern::IsClusterNode
    );
    let wrong = format!("redis-cluster://{single}");
    assert_eq!(concern(&wrong).await, RedisConcern::IsNoCluster);
    let wrong = sentinel.replace("redis-sentinel", "redis");
    assert_eq!(concern(&wrong).await, RedisConcern::IsSentinel);
    let wrong = format!("redis-sentinel://{single}?sentinelServiceName=main");
    assert_eq!(concern(&wrong).await, RedisConcern::IsNoSentinel);
    let wrong = format!("{sentinel}?sentinelServiceName=unknown");
    assert_eq!(concern(&wrong).await, RedisConcern::NoPrimary);
}

#[tokio::test]
async fn a_redis_that_may_forget_is_told_and_used() {
    let redis = redis(RedisOptions::default().max_memory("100mb", "volatile-lru")).await;
    let engine = start(&redis.url(), TlsFiles::default());
    ready(&engine).await;

    let evicts = RedisConcern::Evicts("volatile-lru".into());
    assert_eq!(engine.redis_concerns(), [evicts]);
    engine.shutdown().await;
}

#[tokio::test]
async fn permissions_that_are_missing_are_told_by_name() {
    let rules = [
        "one on >secret ~test:* &test:* +@all -zadd -xgroup -wait -mget",
        "two on >secret ~test:* &test:* +@all -ssubscribe",
        "three on >secret ~other:* &test:* +@all",
        "four on >secret ~test:* resetchannels &other:* +@all",
        "five on >secret ~test:* &test:* +@all -eval -evalsha -info -role",
    ];
    let options = rules
        .iter()
        .fold(RedisOptions::default().tcp(), |options, rules| {
            options.user(rules)
        });
    let redis = redis(options).await;
    let named = async |user: &str| match concern(&redis.url_of(user, "secret"), TlsFiles::default())
        .await
    {
        RedisConcern::Forbids(what) => what,
        other => panic!("{other}"),
    };

    assert_eq!(named("one").await, "MGET, WAIT, XGROUP CREATE, ZADD");
    assert_eq!(named("two").await, "SSUBSCRIBE");
    assert_eq!(named("three").await, "keys that begin with REDIS_PREFIX");
    assert_eq!(named("four").await, "channels that begin with REDIS_PREFIX");
    assert_eq!(named("five").await, "EVAL, EVALSHA, INFO, ROLE");
}
