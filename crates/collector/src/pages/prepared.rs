//! What was worked out of a build, kept for as long as looking again would cost too much.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::{BuildPages, ChangesPages};

/// What took less is worked out every time, so that pages of small builds are never old …
const QUICK: Duration = Duration::from_millis(100);
/// … and what took longer is kept for so many times as long.
const AGE: u32 = 20;
/// Of how many builds and pairs.
const MOST: usize = 8;

/// A build, or the earlier and the later one of two.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Subject {
    Build(String),
    Changes(String, String),
}

#[derive(Clone)]
pub(super) enum Prepared {
    Build(Arc<dyn BuildPages>),
    Changes(Arc<dyn ChangesPages>),
}

struct Entry {
    subject: Subject,
    prepared: Prepared,
    /// When it is to be worked out again.
    until: Instant,
}

/// What is kept.
pub(crate) struct Kept {
    entries: Mutex<Vec<Entry>>,
    /// One at a time: each may take much memory, and who asks for the same gets the same.
    pub(super) room: Semaphore,
}

impl Kept {
    pub(crate) fn new() -> Self {
        Self { entries: Mutex::default(), room: Semaphore::new(1) }
    }

    pub(super) fn get(&self, subject: &Subject) -> Option<Prepared> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| entry.until > Instant::now());
        entries.iter().find(|entry| entry.subject == *subject).map(|entry| entry.prepared.clone())
    }

    /// `took`: working it out.
    pub(super) fn keep(&self, subject: Subject, prepared: Prepared, took: Duration) {
        if took < QUICK {
            return;
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST {
            entries.remove(0);
        }
        entries.push(Entry { subject, prepared, until: Instant::now() + took * AGE });
    }
}
