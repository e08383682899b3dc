//! The server of one region.

#[cfg(feature = "ssr")]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // rustfmt would sort these by the name of this project.
    #[rustfmt::skip]
    use {{crate_name}}::{server::Moods, shell};
    use murmuration_web::{Config, Site, run, telemetry};

    telemetry::start(env!("CARGO_CRATE_NAME"));
    let site = Site::new("{{project-name}}", shell).document::<Moods>();
    run(Config::from_env("{{project-name}}")?, site).await
}

#[cfg(not(feature = "ssr"))]
fn main() {}
