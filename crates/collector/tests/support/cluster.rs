//! A PostgreSQL of the tests' own: made in a temporary folder, gone with it, reached by a socket in it.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const REMEDY: &str = "the tests need PostgreSQL 15 or later: `apt-get install postgresql`, or put initdb on the PATH";

/// No server needs so long.
const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    /// Whom the server runs as: it refuses to be root.
    user: Option<(u32, u32)>,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("pathlight-pg").tempdir().unwrap();
        let user = is_root().then(|| user_of("postgres").or_else(|| user_of("nobody")).expect(REMEDY));
        if let Some((uid, gid)) = user {
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let cluster = Self { folder, programs: programs(), user };
        let data = cluster.data();
        cluster.run("initdb", &["--no-sync", "--auth=trust", "--username=pathlight", "--encoding=UTF8", "-D", &data]);
        cluster.start_server();
        cluster
    }

    /// The address of a new database.
    pub(crate) fn database(&self, name: &str) -> String {
        self.run("createdb", &["-h", &self.folder.path().display().to_string(), "-U", "pathlight", name]);
        let socket = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://pathlight@{socket}/{name}")
    }

    #[allow(dead_code, reason = "not every suite that shares this file crashes its server")]
    pub(crate) fn crash_and_restart(&self) {
        self.crash();
        // What is left of the old server keeps a new one from starting.
        self.start_server();
    }

    /// SIGKILL to all of its processes: no commit is finished, no client is told.
    #[allow(dead_code, reason = "as above")]
    pub(crate) fn crash(&self) {
        // A child that is born meanwhile sees that its parent is gone, and ends.
        self.signal("-KILL");
    }

    /// To all of its processes.
    #[allow(dead_code, reason = "as above")]
    pub(crate) fn signal(&self, signal: &str) {
        let file = fs::read_to_string(format!("{}/postmaster.pid", self.data())).unwrap();
        let postmaster = file.lines().next().unwrap().to_owned();
        let children = fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children")).unwrap_or_default();
        let processes = std::iter::once(postmaster.as_str()).chain(children.split_whitespace());
        // Some may have ended by themselves.
        let _ = Command::new("kill").arg(signal).args(processes).stderr(Stdio::null()).status();
    }

    pub(crate) fn start_server(&self) {
        let options = format!("-c listen_addresses= -c unix_socket_directories={}", self.folder.path().display());
        let log = self.folder.path().join("log").display().to_string();
        let data = self.data();
        let started = Instant::now();
        // The log has the reason.
        while !succeeds(
            self.command("pg_ctl", &["start", "-w", "-D", &data, "-l", &log, "-o", &options]).stderr(Stdio::null()),
        ) {
            let log = || fs::read_to_string(&log).unwrap_or_default();
            assert!(started.elapsed() < DEADLINE, "PostgreSQL does not start: {}", log());
        }
    }

    fn stop(&self) {
        self.run("pg_ctl", &["stop", "-w", "-m", "immediate", "-D", &self.data()]);
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        assert!(succeeds(&mut self.command(program, arguments)), "{program} {arguments:?} failed");
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(self.folder.path()).stdout(Stdio::null());
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }
}

/// Whether it succeeded.
fn succeeds(command: &mut Command) -> bool {
    command.status().unwrap_or_else(|error| panic!("{command:?}: {error}; {REMEDY}")).success()
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The folder of the newest PostgreSQL.
fn programs() -> PathBuf {
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut found: Vec<_> = debian.filter(|folder| folder.join("initdb").exists()).collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = || std::env::split_paths(&path).find(|folder| folder.join("initdb").exists());
    found.pop().or_else(on_path).expect(REMEDY)
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// User and group id.
fn user_of(name: &str) -> Option<(u32, u32)> {
    let users = fs::read_to_string(Path::new("/etc/passwd")).ok()?;
    let user = users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields[0] == name)?;
    Some((user.get(2)?.parse().ok()?, user.get(3)?.parse().ok()?))
}
