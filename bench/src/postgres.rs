//! A throw-away PostgreSQL, for what is compared with a database.

use crate::machine;
use crate::settings::Settings;
use anyhow::{Context, bail, ensure};
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command as StdCommand, Output};
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::{Instant, sleep};

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often to look.
const POLL: Duration = Duration::from_millis(50);
/// Where Debian has the programs, one folder a version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Who it runs as where the bench is root, which PostgreSQL refuses: the first that there is.
const USERS: [&str; 2] = ["postgres", "nobody"];
/// The database's own name for whoever asks.
const ROLE: &str = "postgres";

/// A PostgreSQL with default settings on a Unix socket, in a folder of its own.
///
/// It is ended, and its files are removed, with this value.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    psql: PathBuf,
    child: Child,
}

impl Postgres {
    /// Makes a cluster and starts it on the servers' core.
    ///
    /// # Errors
    /// Where PostgreSQL is not installed, or it does not answer in 30 s; with the end of its log.
    pub async fn start(settings: &Settings) -> anyhow::Result<Self> {
        let psql = program("psql")?;
        let folder = tempfile::Builder::new().prefix("postgres-").tempdir()?;
        let user = user(fs::metadata("/proc/self")?.uid())?;
        if let Some(user) = &user {
            chown(folder.path(), Some(user.id), Some(user.group))?;
        }
        let data = folder.path().join("data");
        let mut initdb = command(settings, user.as_ref(), "initdb", folder.path())?;
        initdb.arg("--pgdata").arg(&data);
        initdb.args(["--username", ROLE, "--auth", "trust"]);
        initdb.args(["--encoding", "UTF8", "--no-locale"]);
        said(initdb.output().await?).context("initdb")?;
        let mut postgres = command(settings, user.as_ref(), "postgres", folder.path())?;
        postgres.arg("-D").arg(&data).arg("-k").arg(folder.path());
        postgres.args(["-c", "listen_addresses="]);
        let log = File::create(folder.path().join("log"))?;
        postgres.stdout(log.try_clone()?).stderr(log);
        let child = postgres.as_std_mut().spawn().context("starting postgres")?;
        let mut started = Self {
            folder,
            psql,
            child,
        };
        started.wait_until_ready().await?;
        Ok(started)
    }

    /// What a statement returns, without head and frame.
    ///
    /// # Errors
    /// Where PostgreSQL refuses it.
    pub async fn ask(&self, statement: &str) -> anyhow::Result<String> {
        self.psql(&[statement]).await
    }

    /// How many milliseconds a statement takes, by psql's own clock.
    ///
    /// # Errors
    /// Where PostgreSQL refuses it.
    pub async fn time_ms(&self, statement: &str) -> anyhow::Result<f64> {
        let text = self.psql(&["\\timing on", statement]).await?;
        milliseconds(&text).with_context(|| format!("psql tells no time: {text}"))
    }

    async fn psql(&self, statements: &[&str]) -> anyhow::Result<String> {
        let mut psql = Command::new(&self.psql);
        psql.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"])
            .args(["-U", ROLE, "-d", "postgres", "-h"])
            .arg(self.folder.path());
        for statement in statements {
            psql.args(["-c", statement]);
        }
        psql.env("LC_ALL", "C").kill_on_drop(true);
        said(psql.output().await?).context("psql")
    }

    async fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.ask("SELECT 1").await.is_err() {
            if self.child.try_wait()?.is_some() || Instant::now() > deadline {
                let words = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                bail!("postgres does not get ready: {words}");
            }
            sleep(POLL).await;
        }
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It ends its own processes, and at once; killed, it would leave shared memory behind.
        let mut kill = StdCommand::new("kill");
        let asked = kill.args(["-QUIT", &self.child.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            // There is nobody left to tell, and it may have ended by itself.
            let _ended = self.child.kill();
        }
        let _ended = self.child.wait();
    }
}

/// Somebody who is not root.
#[derive(Debug, PartialEq, Eq)]
struct User {
    name: &'static str,
    id: u32,
    group: u32,
}

/// Who PostgreSQL is to run as, if not as ourselves.
fn user(own_id: u32) -> anyhow::Result<Option<User>> {
    if own_id != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
    let found = USERS.into_iter().find_map(|name| find_user(&users, name));
    Ok(Some(found.context(
        "PostgreSQL does not run as root, and there is no user `nobody`",
    )?))
}

/// A user by name, among lines such as `name:x:id:group:…`.
fn find_user(users: &str, name: &'static str) -> Option<User> {
    let line = users
        .lines()
        .find(|line| line.split(':').next() == Some(name))?;
    let mut ids = line.split(':').skip(2).map(str::parse);
    let (Some(Ok(id)), Some(Ok(group))) = (ids.next(), ids.next()) else {
        return None;
    };
    Some(User { name, id, group })
}

/// One of PostgreSQL's programs, as that user, on the servers' core.
fn command(
    settings: &Settings,
    user: Option<&User>,
    name: &str,
    folder: &Path,
) -> anyhow::Result<Command> {
    let program = program(name)?;
    let mut command = match user {
        None => machine::on_server_core(settings, program.as_os_str()),
        Some(user) => {
            let mut command = machine::on_server_core(settings, "setpriv".as_ref());
            command
                .args(["--reuid", user.name, "--regid", &user.group.to_string()])
                .args(["--clear-groups", "--"])
                .arg(program);
            command
        }
    };
    // Our own folder may be closed to that user.
    command.current_dir(folder).env("LC_ALL", "C");
    Ok(command)
}

/// Where one of PostgreSQL's programs is: the newest of Debian's, or on the path.
fn program(name: &str) -> anyhow::Result<PathBuf> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let versions = versions.map(|version| version.path()).collect();
    let debian = newest_first(versions)
        .into_iter()
        .map(|version| version.join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
        .with_context(|| format!("{name} is not there: apt-get install postgresql"))
}

/// Folders that are named after versions.
fn newest_first(mut versions: Vec<PathBuf>) -> Vec<PathBuf> {
    let number = |version: &PathBuf| -> u32 {
        let name = version.file_name().and_then(|name| name.to_str());
        name.and_then(|name| name.parse().ok()).unwrap_or(0)
    };
    versions.sort_by_key(|version| std::cmp::Reverse(number(version)));
    versions
}

/// What a program said, if it did what it should.
fn said(output: Output) -> anyhow::Result<String> {
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {complaint}", output.status);
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The time that psql tells, such as `Time: 2346.117 ms (00:02.346)`.
fn milliseconds(text: &str) -> Option<f64> {
    let line = text
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("Time: "))?;
    line.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn psql_tells_the_time_of_the_last_statement() {
        let text = "Time: 0.112 ms\nTime: 2346.117 ms (00:02.346)";

        assert_eq!(milliseconds(text), Some(2346.117));
        assert_eq!(milliseconds("ERROR"), None);
    }

    #[test]
    fn the_newest_version_comes_first_by_number() {
        let versions = ["/a/9", "/a/15", "/a/notes"].map(PathBuf::from).to_vec();

        assert_eq!(newest_first(versions)[0], PathBuf::from("/a/15"));
    }

    #[test]
    fn a_user_is_found_by_the_whole_name() {
        let users = "root:x:0:0:root:/root:/bin/bash\npostgres2:x:7:8::/:/bin/sh\npostgres:x:101:104::/:/bin/sh";
        let postgres = User {
            name: "postgres",
            id: 101,
            group: 104,
        };

        assert_eq!(find_user(users, "postgres"), Some(postgres));
        assert_eq!(find_user(users, "nobody"), None);
    }
}
