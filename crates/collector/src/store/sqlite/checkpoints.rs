//! Writes the log back beside the one who writes: a commit that did so itself would keep all that wait for it.
//!
//! The log begins anew, instead of growing, when a transaction begins and everything in it is written back. So a
//! checkpoint begins right behind a commit, before the next one; one that is overtaken leaves the rest to the next.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use tracing::{info, warn};

use super::super::tables::Result;
use super::connect;

/// Between two checkpoints: a page that many commits change is written back but once for all of them.
const PAUSE: Duration = Duration::from_secs(1);
/// When no commit comes in this time, none will overtake a checkpoint.
const QUIET: Duration = Duration::from_millis(100);
/// Pages, of 4 KiB, of a log that is long: it is written back without a pause until it begins anew.
const LONG: i64 = 8_192;

/// Of one connection that writes. The thread ends with it.
pub(super) struct Checkpoints {
    path: PathBuf,
    thread: Option<Thread>,
}

struct Thread {
    commits: SyncSender<()>,
    handle: JoinHandle<()>,
}

impl Checkpoints {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), thread: None }
    }

    /// There is something to write back. Whoever only reads needs no thread, so that the first commit starts it.
    pub(super) fn committed(&mut self) {
        if self.thread.is_none() {
            let (commits, receiver) = mpsc::sync_channel(1);
            let path = self.path.clone();
            match thread::Builder::new().name("checkpoints".to_owned()).spawn(move || run(&path, &receiver)) {
                Ok(handle) => self.thread = Some(Thread { commits, handle }),
                Err(error) => warn!(%error, "no thread to write back the log of the store; commits do so"),
            }
        }
        if let Some(thread) = &self.thread {
            // One that waits already stands for this one too.
            let _ = thread.commits.try_send(());
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some(Thread { commits, handle }) = self.thread.take() {
            drop(commits);
            // Its panic has said its own word.
            let _ = handle.join();
        }
    }
}

fn run(path: &Path, commits: &Receiver<()>) {
    let mut connection = None;
    let (mut pause, mut has_failed) = (PAUSE, false);
    while commits.recv().is_ok() {
        let due = Instant::now() + pause;
        loop {
            match commits.recv_timeout(due.saturating_duration_since(Instant::now()).max(QUIET)) {
                Ok(()) if Instant::now() < due => {}
                Ok(()) | Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        match checkpoint(&mut connection, path) {
            Ok(length) => {
                if has_failed {
                    info!("the log of the store is written back again");
                }
                (pause, has_failed) = (if length > LONG { Duration::ZERO } else { PAUSE }, false);
            }
            Err(error) => {
                // What was committed is safe in the log; commits say when that has no room left.
                if !has_failed {
                    warn!(%error, "the log of the store could not be written back; it is tried again and again");
                }
                (pause, has_failed, connection) = (PAUSE, true, None);
            }
        }
    }
}

/// Writes back what no reader needs in the log, without keeping anybody waiting; the length of the log in pages.
fn checkpoint(connection: &mut Option<Connection>, path: &Path) -> Result<i64> {
    let connection = match connection {
        Some(connection) => connection,
        // A file that was taken away meanwhile is not made anew.
        None => connection.insert(connect(path, OpenFlags::default() - OpenFlags::SQLITE_OPEN_CREATE)?),
    };
    Ok(connection.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?.query_row([], |row| row.get(1))?)
}

#[cfg(test)]
// A test that cannot set itself up has failed.
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Far more than any of it takes.
    const DEADLINE: Duration = Duration::from_secs(300);

    /// A database whose log only these checkpoints write back.
    fn database(path: &Path) -> Connection {
        let connection = connect(path, OpenFlags::default()).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        connection.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        connection.execute_batch("CREATE TABLE t (x)").unwrap();
        connection
    }

    #[test]
    fn a_log_is_written_back_while_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (path, log) = (folder.path().join("a.db"), folder.path().join("a.db-wal"));
        let connection = database(&path);
        let mut checkpoints = Checkpoints::new(&path);
        let started = Instant::now();
        while std::fs::metadata(&path).unwrap().len() < 1 << 20 {
            assert!(started.elapsed() < DEADLINE, "nothing is written back");
            connection.execute_batch("INSERT INTO t VALUES (zeroblob(10000))").unwrap();
            checkpoints.committed();
            thread::sleep(Duration::from_millis(5));
        }
        assert!(log.exists());
        drop(checkpoints);
        drop(connection);
        assert!(!log.exists(), "the last connection removes it");
    }

    #[test]
    fn a_log_that_is_long_begins_anew_while_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let connection = database(&path);
        let mut checkpoints = Checkpoints::new(&path);
        let mut written = 0;
        let started = Instant::now();
        let log = || std::fs::metadata(folder.path().join("a.db-wal")).unwrap().len();
        // Much more than is kept.
        while written < 8 * 4096 * LONG.unsigned_abs() {
            connection.execute_batch("DELETE FROM t; INSERT INTO t VALUES (zeroblob(1000000))").unwrap();
            checkpoints.committed();
            written += 1_000_000;
            assert!(started.elapsed() < DEADLINE);
            thread::sleep(Duration::from_millis(10));
        }
        assert!(log() < written * 3 / 4, "{} bytes of log for {written} that were written", log());
    }

    #[test]
    fn a_store_ends_whatever_its_checkpoints_do() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().join("a.db"), folder.path().to_owned(), folder.path().join("no/such/a.db")] {
            let mut checkpoints = Checkpoints::new(&path);
            checkpoints.committed();
            let started = Instant::now();
            drop(checkpoints);
            assert!(started.elapsed() < DEADLINE, "{}", path.display());
        }
    }
}
