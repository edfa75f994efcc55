//! A collector under load: what the bench and the proof of the collector share.

pub(crate) mod client;
#[path = "../../../collector/tests/support/cluster.rs"]
#[allow(clippy::unwrap_used, reason = "shared with the tests: a server that cannot be set up ends the run")]
pub(crate) mod cluster;
pub(crate) mod load;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Failure, workspace};

use self::client::Client;

/// The build that all reports are of.
pub(crate) const BUILD: &str = "load";

/// Where stores are made. Not where temporary files are: those may lie in memory, where nothing costs what it costs
/// on a disk.
pub(crate) fn folder() -> Result<PathBuf, Failure> {
    let folder = workspace().join("target/collector");
    fs::create_dir_all(&folder)?;
    Ok(folder.canonicalize()?)
}

/// A folder with a mapping, a token, and a store that knows both.
pub(crate) struct Site {
    pathlight: PathBuf,
    folder: TempDir,
    store: String,
    token: String,
}

impl Site {
    /// With a store of its own in the folder, if `store` does not say where another is.
    pub(crate) fn new(pathlight: &Path, store: Option<String>) -> Result<Self, Failure> {
        let folder = tempfile::tempdir_in(folder()?)?;
        let store = store.unwrap_or_else(|| format!("sqlite:{}", folder.path().join("pathlight.db").display()));
        let mut site = Self { pathlight: pathlight.to_owned(), folder, store, token: String::new() };
        let made = site.command(&[]).args(["collect", "--new-token", "load"]).output()?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into_owned().into());
        }
        site.token = String::from_utf8(made.stdout)?.trim().to_owned();
        load::write_mapping(&site.folder.path().join("mapping"))?;
        Ok(site)
    }

    /// Gives the collector the mapping.
    pub(crate) fn push(&self, collector: &Collector) -> Result<(), Failure> {
        let server = format!("http://{}", collector.address);
        let mut command = self.command(&[]);
        command.args(["push", "--quiet", "--mapping", "mapping", "--build-id", BUILD, "--server", &server]);
        let status = command.status()?;
        if status.success() { Ok(()) } else { Err(format!("pathlight push: {status}").into()) }
    }

    /// The sums and what stands behind them.
    pub(crate) fn counts(&self, collector: &Collector) -> Result<Value, Failure> {
        let path = format!("/v1/builds/{BUILD}/counts");
        let (status, body) = Client::connect(&collector.address)?.get(&path, &self.token)?;
        if status == 200 { Ok(serde_json::from_str(&body)?) } else { Err(format!("{path}: {status} {body}").into()) }
    }

    /// `before`: a command that runs the program.
    fn command(&self, before: &[String]) -> Command {
        let mut command = match before {
            [] => Command::new(&self.pathlight),
            [program, arguments @ ..] => {
                let mut command = Command::new(program);
                command.args(arguments).arg(&self.pathlight);
                command
            }
        };
        command.current_dir(self.folder.path());
        // All clients are one to the collector.
        command.env("PATHLIGHT_STORE", &self.store).env("PATHLIGHT_RATE", "4000000");
        command.env("PATHLIGHT_TOKEN", &self.token);
        command
    }
}

/// A running collector; killed at the end.
pub(crate) struct Collector {
    process: Child,
    /// Host and port.
    pub(crate) address: String,
}

impl Collector {
    /// `address`: host and port, 0 for a free one. `before`: a command that runs it.
    pub(crate) fn start(site: &Site, address: &str, before: &[String]) -> Result<Self, Failure> {
        let mut command = site.command(before);
        command.args(["collect", "--listen", address, "--log", "json"]).stderr(Stdio::piped());
        let mut process = command.spawn()?;
        let mut lines = BufReader::new(process.stderr.take().ok_or("no standard error")?).lines();
        let first = lines.next().ok_or("the collector says nothing")??;
        let said: Value = serde_json::from_str(&first).map_err(|_| first)?;
        let address = said["address"].as_str().ok_or("the collector does not say where it listens")?.to_owned();
        // Nobody reads on, but it must be able to write.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(Self { process, address })
    }

    /// As SIGKILL does: without a chance to do anything.
    pub(crate) fn kill(&mut self) -> Result<(), Failure> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// See [`crate::memory`]; 0 when it is gone.
    pub(crate) fn memory(&self, line: &str) -> f64 {
        crate::memory(&self.process, line).unwrap_or_default()
    }

    /// That it has used, of all cores; as fine as the system counts, in hundredths of a second.
    pub(crate) fn processor_time(&self) -> Duration {
        processor_time(&self.process.id().to_string())
    }
}

/// That this process has used, likewise.
pub(crate) fn own_processor_time() -> Duration {
    processor_time("self")
}

fn processor_time(process: &str) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // Behind the program's name, which may hold anything, `utime` and `stime` are the 12th and 13th field.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

impl Drop for Collector {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.kill();
    }
}
