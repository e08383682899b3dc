//! The command line: runs an instance, or an operator's command.

use crate::federation::{Counts, Federation, SigningKey};
use crate::mail::{LETTERS_AT_ONCE, as_lines};
use crate::site::{NAME, site};
use anyhow::Context;
use clap::{Parser, Subcommand};
use edge::{Mail, MailLink};
use protocol::MailAddress;
use std::io::{BufWriter, Write};
use std::time::Duration;
use web::Config;

/// How long Redis may take to answer a command. An embedded one has to load its files first.
const REDIS_PATIENCE: Duration = Duration::from_secs(30);

/// One Murmuration instance. Settings are environment variables; docs/configuration.md lists them.
#[derive(Parser)]
#[command(name = "server", version)]
struct CommandLine {
    /// What to do; without one, an instance runs until it is stopped.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Keys that clusters know each other by.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Writes everything in a mailbox to standard output, one JSON object a line.
    ///
    /// Reads from Redis with the settings of the servers; none of them has to run.
    ExportMail {
        /// Whose mailbox, such as ord-wren.
        #[arg(long)]
        address: MailAddressText,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Makes a new key, and prints it with what to do with it.
    New,
}

/// An address as somebody typed it.
#[derive(Clone)]
struct MailAddressText(MailAddress);

impl std::str::FromStr for MailAddressText {
    type Err = protocol::AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        MailAddress::parse(text).map(Self)
    }
}

/// Runs the command.
pub(crate) async fn run() -> anyhow::Result<()> {
    match CommandLine::parse().command {
        None => {
            web::telemetry::start(env!("CARGO_CRATE_NAME"));
            let mut config = Config::from_env(NAME)?;
            let site = site(&mut config)?;
            web::run(config, site).await
        }
        Some(Command::Keys {
            command: KeysCommand::New,
        }) => new_key(),
        Some(Command::ExportMail { address }) => export_mail(address.0).await,
    }
}

fn new_key() -> anyhow::Result<()> {
    let (key, secret) = SigningKey::generate().context("the system has no randomness")?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "# Secret: set it for every instance of this cluster, and share it with nobody.\n\
         FEDERATION_KEY={secret}\n\
         # Public: operators of other clusters add it to their peers.toml.\n\
         public_key = \"{}\"",
        key.public()
    )
    .context("standard output")
}

async fn export_mail(address: MailAddress) -> anyhow::Result<()> {
    let mut config = Config::from_env(NAME)?;
    // An address of another cluster is told from one that is nowhere.
    Federation::from_env(&mut config, Counts::default())?;
    let link = MailLink::open(config.engine()).map_err(|error| config.redis_error(&error))?;
    let outcome = match link.ready(REDIS_PATIENCE).await {
        true => write_letters(link.mail(), address).await,
        false => Err(anyhow::anyhow!(
            "Redis cannot be reached; set REDIS_URL or DATA_DIR as it is set for the servers"
        )),
    };
    link.close().await;
    outcome
}

async fn write_letters(mail: &Mail, address: MailAddress) -> anyhow::Result<()> {
    let mut out = BufWriter::new(std::io::stdout());
    let (mut after, mut count) = (None, 0);
    loop {
        let letters = mail.letters(address.clone(), None, after, LETTERS_AT_ONCE);
        let letters = letters
            .await
            .with_context(|| format!("{address} cannot be exported"))?;
        let Some(last) = letters.last() else { break };
        after = Some(last.message.cursor);
        count += letters.len();
        out.write_all(&as_lines(&letters)?)
            .context("standard output")?;
    }
    out.flush().context("standard output")?;
    // On standard error, beside the letters: an empty mailbox is reported as such.
    eprintln!("{address}: {count} letters");
    Ok(())
}
