//! A collector of a test's own, and a client.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use ureq::Agent;

/// Nothing here takes so long; a test that waits in vain fails.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
/// The build that [`Site::instrument`] makes.
pub(crate) const BUILD: &str = "build-1";

/// A folder with a program, its mapping and a store.
pub(crate) struct Site {
    folder: TempDir,
    store: String,
    pub(crate) token: String,
}

impl Site {
    /// With an empty store and a token for it.
    pub(crate) fn new() -> Self {
        Self::with_store("sqlite:pathlight.db")
    }

    pub(crate) fn with_store(store: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut site = Self { folder, store: store.to_owned(), token: String::new() };
        let made = site.pathlight(&["collect", "--new-token", "test"]);
        assert!(made.status.success(), "{made:?}");
        site.token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        site
    }

    /// Also with a build that a collector has been given.
    pub(crate) fn with_build(source: &str) -> (Self, Collector) {
        Self::new().into_running(source)
    }

    /// Instruments `source`, starts a collector and gives it the build.
    pub(crate) fn into_running(self, source: &str) -> (Self, Collector) {
        self.instrument(source);
        let collector = Collector::start(&self, &[]);
        let pushed = self.push(&collector);
        assert!(pushed.status.success(), "{pushed:?}");
        (self, collector)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes `output.js` and the mapping of [`BUILD`].
    pub(crate) fn instrument(&self, source: &str) {
        self.instrument_as(BUILD, source);
    }

    pub(crate) fn instrument_as(&self, build: &str, source: &str) {
        std::fs::write(self.path().join("program.js"), source).unwrap();
        let flags = ["--out-file", "output.js", "--build-id", build, "--quiet"];
        let made = self.pathlight(&[&["instrument", "program.js"][..], &flags].concat());
        assert!(made.status.success(), "{made:?}");
    }

    pub(crate) fn push(&self, collector: &Collector) -> Output {
        self.pathlight(&["push", "--server", &collector.url("")])
    }

    pub(crate) fn pathlight(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pathlight"));
        command.args(arguments).current_dir(self.path()).env("PATHLIGHT_TOKEN", &self.token);
        // All clients of a test are one to the collector.
        command.env("PATHLIGHT_STORE", &self.store).env("PATHLIGHT_RATE", "100000");
        command
    }
}

/// A running collector; killed at the end.
pub(crate) struct Collector {
    process: Child,
    address: String,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: Value,
}

impl Collector {
    pub(crate) fn start(site: &Site, flags: &[&str]) -> Self {
        Self::start_at(site, "127.0.0.1:0", flags)
    }

    pub(crate) fn start_at(site: &Site, address: &str, flags: &[&str]) -> Self {
        let arguments = [&["collect", "--listen", address, "--log", "json", "--verbose"], flags].concat();
        Self::run(site.command(&arguments))
    }

    /// Without a flag: what there is to say, the environment says.
    pub(crate) fn start_with_environment(site: &Site, variables: &[(&str, &str)]) -> Self {
        let mut command = site.command(&["collect"]);
        command.envs(variables.iter().copied());
        Self::run(command)
    }

    /// With files of at most so many bytes, until [`Self::lift_file_limit`]: a disk that is full.
    pub(crate) fn start_with_file_limit(site: &Site, bytes: u64) -> Self {
        let arguments = ["collect", "--listen", "127.0.0.1:0", "--log", "json"];
        let plain = site.command(&arguments);
        let mut limited = Command::new("sh");
        // Without the signal, writing fails as on a full disk; `ulimit` counts in blocks of 512 bytes.
        let script = format!("trap '' XFSZ; ulimit -S -f {}; exec \"$0\" \"$@\"", bytes / 512);
        limited.args(["-c", &script]).arg(plain.get_program()).args(plain.get_args()).current_dir(site.path());
        limited.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Self::run(limited)
    }

    /// The most memory that it ever held, in bytes.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
    }

    pub(crate) fn lift_file_limit(&self) {
        let process = self.process.id().to_string();
        let status = Command::new("prlimit").args(["--fsize=unlimited", "--pid", &process]).status();
        assert!(status.expect("the tests need prlimit of util-linux").success());
    }

    fn run(mut command: Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let first = lines.next().expect("it says something").unwrap();
        let said: Value = serde_json::from_str(&first).unwrap_or_else(|_| panic!("{first}"));
        let address = said["address"].as_str().expect("where it listens").to_owned();
        let log = Arc::new(Mutex::new(String::new()));
        let written = Arc::clone(&log);
        let reader = thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                written.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        Self { process, address, log, reader: Some(reader) }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// As SIGKILL does: without a chance to do anything.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for its end; the exit code and what it logged.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let status = self.process.wait().unwrap();
        self.reader.take().unwrap().join().unwrap();
        (status.code(), std::mem::take(&mut *self.log.lock().unwrap()))
    }

    pub(crate) fn post(&self, body: impl AsRef<[u8]>) -> Answer {
        self.post_with("/v1/reports", &[("content-type", "text/plain;charset=UTF-8")], body)
    }

    pub(crate) fn post_with(&self, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Answer {
        let request =
            headers.iter().fold(agent().post(self.url(path)), |request, (name, value)| request.header(*name, *value));
        answer(request.send(body.as_ref()).unwrap())
    }

    pub(crate) fn get(&self, path: &str, token: &str) -> Answer {
        self.get_with(path, &[("authorization", &format!("Bearer {token}"))])
    }

    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request =
            headers.iter().fold(agent().get(self.url(path)), |request, (name, value)| request.header(*name, *value));
        answer(request.call().unwrap())
    }

    pub(crate) fn put(&self, path: &str, token: &str, body: String) -> Answer {
        let request = agent().put(self.url(path)).header("authorization", format!("Bearer {token}"));
        answer(request.send(body).unwrap())
    }

    /// The sums of [`BUILD`].
    pub(crate) fn counts(&self, site: &Site) -> Value {
        let answer = self.get(&format!("/v1/builds/{BUILD}/counts"), &site.token);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["counts"].clone()
    }

    /// A connection on which `head` was sent.
    pub(crate) fn connect(&self, head: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).timeout_global(Some(DEADLINE)).build().into()
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    let text = response.body_mut().read_to_string().unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status: response.status().as_u16(), headers: response.headers().clone(), body }
}

/// Everything that comes until the other side closes.
pub(crate) fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is an end too.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A report of [`BUILD`], as the runtimes write it.
pub(crate) fn report(session: &str, seq: u64, counts: &str) -> String {
    format!(r#"{{"schema":1,"build":"{BUILD}","session":"{session}","seq":{seq},"from":1,"to":2,"counts":{counts}}}"#)
}
