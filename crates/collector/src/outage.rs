//! A store that fails is said once, and that it works again; while it fails, what it costs is said once a minute.
//!
//! Every request fails with it: a line for each would fill a disk, and hide what else there is to say.

use std::fmt::Display;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::{error, info};

/// Between two lines while the store fails.
const PAUSE: Duration = Duration::from_secs(60);

/// Of one store, for all connections to it.
#[derive(Default)]
pub(crate) struct Outages {
    connections: AtomicU32,
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current(Option<Outage>);

struct Outage {
    /// Whose failure began it.
    connection: u32,
    /// A connection could not be opened, or nothing was answered.
    is_unreachable: bool,
    since: Instant,
    said: Instant,
    refused: u64,
}

/// What there is to say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Line {
    Fails,
    StillFails { seconds: u64, refused: u64 },
    WorksAgain { seconds: u64, refused: u64 },
}

impl Outages {
    /// The number of a connection.
    pub(crate) fn number(&self) -> u32 {
        self.connections.fetch_add(1, Ordering::Relaxed)
    }

    /// The store failed for this connection. `is_unreachable`: it could not be opened, or nothing was answered.
    pub(crate) fn failed(&self, connection: u32, is_unreachable: bool, cause: &dyn Display) {
        let line = self.with(|current| current.failed(connection, is_unreachable, Instant::now()));
        // As a string: line ends and other marks in the database's words are escaped.
        match line {
            Some(Line::Fails) => {
                error!(error = cause.to_string(), "the store fails; this is said once a minute until it works again");
            }
            Some(Line::StillFails { seconds, refused }) => {
                error!(error = cause.to_string(), seconds, refused, "the store still fails");
            }
            _ => {}
        }
    }

    /// The store did what this connection asked for. `is_new`: the connection was opened for it.
    pub(crate) fn worked(&self, connection: u32, is_new: bool) {
        let line = self.with(|current| current.worked(connection, is_new, Instant::now()));
        if let Some(Line::WorksAgain { seconds, refused }) = line {
            info!(seconds, refused, "the store works again");
        }
    }

    /// So many requests were refused because it fails.
    pub(crate) fn refused(&self, requests: u64) {
        self.with(|current| {
            if let Some(outage) = &mut current.0 {
                outage.refused += requests;
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Current) -> T) -> T {
        work(&mut self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Current {
    fn failed(&mut self, connection: u32, is_unreachable: bool, now: Instant) -> Option<Line> {
        let Some(outage) = &mut self.0 else {
            self.0 = Some(Outage { connection, is_unreachable, since: now, said: now, refused: 0 });
            return Some(Line::Fails);
        };
        outage.is_unreachable |= is_unreachable;
        if now.duration_since(outage.said) < PAUSE {
            return None;
        }
        outage.said = now;
        Some(Line::StillFails { seconds: now.duration_since(outage.since).as_secs(), refused: outage.refused })
    }

    /// Another connection's work may need less than what fails, as reading does on a disk that is full. So it ends
    /// what it did not begin only if it shows that the store can be reached again.
    fn worked(&mut self, connection: u32, is_new: bool, now: Instant) -> Option<Line> {
        let ended = self.0.take_if(|outage| outage.connection == connection || outage.is_unreachable && is_new)?;
        Some(Line::WorksAgain { seconds: now.duration_since(ended.since).as_secs(), refused: ended.refused })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn an_outage_is_said_once_a_minute() {
        let mut current = Current::default();
        let start = Instant::now();
        let mut lines = Vec::new();
        for second in 0..150 {
            lines.extend(current.failed(second % 3, true, start + second * SECOND));
            current.0.as_mut().into_iter().for_each(|outage| outage.refused += 1);
        }
        assert_eq!(
            lines,
            [
                Line::Fails,
                Line::StillFails { seconds: 60, refused: 60 },
                Line::StillFails { seconds: 120, refused: 120 },
            ]
        );
        let ended = current.worked(1, true, start + 150 * SECOND);
        assert_eq!(ended, Some(Line::WorksAgain { seconds: 150, refused: 150 }));
        assert_eq!(current.worked(1, false, start + 151 * SECOND), None);
        assert_eq!(current.failed(1, true, start + 152 * SECOND), Some(Line::Fails));
    }

    #[test]
    fn what_works_beside_an_outage_does_not_end_it() {
        let (mut current, now) = (Current::default(), Instant::now());
        // A disk is full: reading works, over connections that are new too.
        assert!(current.failed(1, false, now).is_some());
        assert_eq!((current.worked(2, false, now), current.worked(2, true, now)), (None, None));
        assert!(current.worked(1, false, now).is_some());
        // The server is gone: connections that are still open say nothing of it, one that can be opened does.
        assert!(current.failed(1, false, now).is_some());
        assert_eq!(current.failed(2, true, now), None);
        assert_eq!(current.worked(3, false, now), None);
        assert!(current.worked(3, true, now).is_some());
    }
}
