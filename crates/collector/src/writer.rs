//! One thread writes: what many requests bring is committed together, and answered when it is durable.
//!
//! While one commit is under way the next requests gather, so that a commit takes the more of them the slower the
//! disk is.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::timeout;

use crate::clock::now;
use crate::connection::Connection;
use crate::metrics::Metrics;
use crate::outage::Outages;
use crate::store::{Arrival, Outcome};

/// Requests that may wait; beyond, clients are told to come back.
const QUEUE: usize = 4096;
/// A commit takes no further request once it holds so many reports.
const REPORTS_A_COMMIT: usize = 2000;
/// A commit begins no sooner after the one before: much of its work is the same for one report and for a hundred, and
/// what many small ones take of a core is missing where requests are read.
const PACE: Duration = Duration::from_millis(10);
/// For a commit: a database that hangs must not hold clients for as long as it does.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why reports are not in, as far as is known: what took too long may be in later, and a resend changes nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unavailable {
    /// Too many requests wait.
    Busy,
    /// The store failed or did not answer in time, or the collector ends.
    Store,
}

impl Unavailable {
    /// For the metrics: one of few words.
    pub(crate) fn cause(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Store => "store",
        }
    }
}

struct Job {
    arrivals: Vec<Arrival>,
    answer: oneshot::Sender<Vec<Outcome>>,
    room: OwnedSemaphorePermit,
}

/// Where requests leave their reports. The thread ends when all of these are gone and all reports are in.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    outages: Arc<Outages>,
    /// The writer's connection there.
    connection: u32,
    /// When the commit began that is under way.
    since: Arc<Mutex<Option<Instant>>>,
}

impl Writer {
    pub(crate) fn start(connection: Connection, metrics: Metrics) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (jobs, receiver) = mpsc::channel(QUEUE);
        let (outages, number) = connection.outages();
        let writer = Self { jobs, outages, connection: number, since: Arc::default() };
        let since = Arc::clone(&writer.since);
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || run(connection, receiver, &metrics, &since))?;
        Ok((writer, thread))
    }

    /// What became of the reports, in their order, once they are durable. `room`: what they take of it, also when
    /// nobody waits for them any more.
    pub(crate) async fn add(
        &self,
        arrivals: Vec<Arrival>,
        room: OwnedSemaphorePermit,
    ) -> Result<Vec<Outcome>, Unavailable> {
        if arrivals.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, outcomes) = oneshot::channel();
        self.jobs.try_send(Job { arrivals, answer, room }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Unavailable::Busy,
            mpsc::error::TrySendError::Closed(_) => Unavailable::Store,
        })?;
        match timeout(PATIENCE, outcomes).await {
            Ok(Ok(outcomes)) => Ok(outcomes),
            Ok(Err(_)) => Err(Unavailable::Store),
            Err(_) => {
                // Many short commits are no store that hangs; metrics show how many wait.
                let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner);
                if since.is_some_and(|since| since.elapsed() >= PATIENCE / 2) {
                    let cause = format!("no answer in {} s", PATIENCE.as_secs());
                    self.outages.failed(self.connection, true, &cause);
                }
                self.outages.refused(1);
                Err(Unavailable::Store)
            }
        }
    }

    /// Requests that wait for a commit.
    pub(crate) fn waiting(&self) -> usize {
        QUEUE - self.jobs.capacity()
    }
}

fn run(mut connection: Connection, mut jobs: mpsc::Receiver<Job>, metrics: &Metrics, since: &Mutex<Option<Instant>>) {
    let (outages, _) = connection.outages();
    let mut earliest = Instant::now();
    while let Some(first) = jobs.blocking_recv() {
        thread::sleep(earliest.saturating_duration_since(Instant::now()));
        earliest = Instant::now() + PACE;
        let mut arrivals = first.arrivals;
        let mut answers = vec![(arrivals.len(), first.answer, first.room)];
        while arrivals.len() < REPORTS_A_COMMIT
            && let Ok(job) = jobs.try_recv()
        {
            answers.push((job.arrivals.len(), job.answer, job.room));
            arrivals.extend(job.arrivals);
        }
        let started = Instant::now();
        let begin = |at| *since.lock().unwrap_or_else(PoisonError::into_inner) = at;
        begin(Some(started));
        let result = connection.with(|store| store.add(&arrivals, now()));
        begin(None);
        metrics.committed(started.elapsed(), result.is_ok());
        match result {
            Ok(outcomes) => {
                let mut outcomes = outcomes.into_iter();
                for (length, answer, _room) in answers {
                    // A client that has gone sends its reports again.
                    let _ = answer.send(outcomes.by_ref().take(length).collect());
                }
            }
            // The requests see their answers dropped.
            Err(_) => {
                // Those who gave up before are counted.
                let waiting = answers.iter().filter(|(_, answer, _)| !answer.is_closed());
                outages.refused(waiting.count() as u64);
            }
        }
    }
}
