//! What Prometheus may ask for.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::store::Losses;

/// In seconds.
const LATENCIES: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0];

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Status {
    status: u32,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Result {
    result: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Cause {
    cause: &'static str,
}

/// Clones share their numbers.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Status, Counter>,
    refused: Family<Cause, Counter>,
    reports: Family<Result, Counter>,
    unknown_ids: Counter,
    latency: Histogram,
    commits: Family<Result, Counter>,
    commit: Histogram,
    waiting: Gauge,
    received: Gauge,
    missing: Gauge,
    lost: Gauge<f64, AtomicU64>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let latency = || Histogram::new(LATENCIES);
        let mut registry = Registry::with_prefix("pathlight");
        let metrics = Self {
            registry: Arc::default(),
            requests: Family::default(),
            refused: Family::default(),
            reports: Family::default(),
            unknown_ids: Counter::default(),
            latency: latency(),
            commits: Family::default(),
            commit: latency(),
            waiting: Gauge::default(),
            received: Gauge::default(),
            missing: Gauge::default(),
            lost: Gauge::default(),
        };
        let Self {
            requests,
            refused,
            reports,
            unknown_ids,
            latency,
            commits,
            commit,
            waiting,
            received,
            missing,
            lost,
            ..
        } = metrics.clone();
        registry.register("requests", "Requests by the status of the answer", requests);
        registry.register("refused_requests", "Requests with reports of which nothing was read or stored", refused);
        registry.register("reports", "Reports by what became of them", reports);
        registry.register("unknown_ids", "Ids in reports that the mapping of their build does not have", unknown_ids);
        registry.register("request_seconds", "From a request for reports to its answer", latency);
        registry.register("commits", "Commits of the writer by their result", commits);
        registry.register("commit_seconds", "Length of a commit", commit);
        registry.register("waiting_requests", "Requests that wait for a commit", waiting);
        registry.register("stored_reports", "Reports in the store, of sessions that are kept", received);
        registry.register("missing_reports", "Reports that never came, as gaps in the seqs of sessions say", missing);
        registry.register("estimated_loss_ratio", "Missing reports of all that were sent, 0 to 1", lost);
        Self { registry: Arc::new(registry), ..metrics }
    }

    pub(crate) fn answered(&self, status: u16) {
        self.requests.get_or_create(&Status { status: status.into() }).inc();
    }

    pub(crate) fn refused(&self, cause: &'static str) {
        self.refused.get_or_create(&Cause { cause }).inc();
    }

    pub(crate) fn report(&self, result: &'static str) {
        self.reports.get_or_create(&Result { result }).inc();
    }

    pub(crate) fn unknown_ids(&self, number: u64) {
        self.unknown_ids.inc_by(number);
    }

    pub(crate) fn took(&self, duration: Duration) {
        self.latency.observe(duration.as_secs_f64());
    }

    pub(crate) fn committed(&self, duration: Duration, is_ok: bool) {
        self.commits.get_or_create(&Result { result: if is_ok { "ok" } else { "failed" } }).inc();
        self.commit.observe(duration.as_secs_f64());
    }

    pub(crate) fn losses(&self, losses: Losses) {
        self.received.set(losses.received.cast_signed());
        self.missing.set(losses.missing.cast_signed());
        let sent = losses.received.saturating_add(losses.missing);
        self.lost.set(if sent == 0 { 0.0 } else { losses.missing as f64 / sent as f64 });
    }

    /// The same for people, read from the same text: the page and Prometheus cannot disagree.
    pub(crate) fn numbers(&self, waiting: usize) -> Numbers {
        Numbers::read(&self.text(waiting))
    }

    /// In the text format of OpenMetrics.
    pub(crate) fn text(&self, waiting: usize) -> String {
        self.waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// What a collector has counted since it started.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Numbers {
    /// Reports by what became of them.
    pub reports: Vec<(String, u64)>,
    /// Requests by the status of the answer.
    pub requests: Vec<(String, u64)>,
    /// Requests with reports of which nothing was read or stored, by the cause.
    pub refused: Vec<(String, u64)>,
    /// Commits by their result.
    pub commits: Vec<(String, u64)>,
    /// Ids in reports that the mapping of their build does not have.
    pub unknown_ids: u64,
    /// Requests that wait for a commit.
    pub waiting: u64,
    /// From a request for reports to its answer.
    pub request: Latency,
    /// Of a commit.
    pub commit: Latency,
}

/// How long something took.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Latency {
    /// How often it was measured.
    pub count: u64,
    /// Of all times, in seconds.
    pub sum: f64,
    /// By rising bound in seconds: how many took no longer. The last bound is infinite.
    pub buckets: Vec<(f64, u64)>,
}

impl Numbers {
    fn read(text: &str) -> Self {
        let mut numbers = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, value)) = line.rsplit_once(' ') else { continue };
            let (name, label) = match name.split_once('{') {
                // Each metric has one label at most, and its values are our own words.
                Some((name, labels)) => (name, labels.split('"').nth(1).unwrap_or_default()),
                None => (name, ""),
            };
            let number = value.parse().unwrap_or(0);
            match name.strip_prefix("pathlight_").unwrap_or(name) {
                "reports_total" => numbers.reports.push((label.to_owned(), number)),
                "requests_total" => numbers.requests.push((label.to_owned(), number)),
                "refused_requests_total" => numbers.refused.push((label.to_owned(), number)),
                "commits_total" => numbers.commits.push((label.to_owned(), number)),
                "unknown_ids_total" => numbers.unknown_ids = number,
                "waiting_requests" => numbers.waiting = number,
                name => {
                    if let Some(part) = name.strip_prefix("request_seconds_") {
                        numbers.request.read(part, label, value);
                    } else if let Some(part) = name.strip_prefix("commit_seconds_") {
                        numbers.commit.read(part, label, value);
                    }
                }
            }
        }
        numbers
    }
}

impl Latency {
    fn read(&mut self, part: &str, bound: &str, value: &str) {
        match part {
            "count" => self.count = value.parse().unwrap_or(0),
            "sum" => self.sum = value.parse().unwrap_or(0.0),
            "bucket" => {
                let bound = bound.parse().unwrap_or(f64::INFINITY);
                // The last bound is written as the largest number.
                let bound = if bound == f64::MAX { f64::INFINITY } else { bound };
                self.buckets.push((bound, value.parse().unwrap_or(0)));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_prometheus() {
        let metrics = Metrics::new();
        metrics.report("added");
        metrics.report("added");
        metrics.report("apart");
        metrics.answered(200);
        metrics.refused("rate");
        metrics.unknown_ids(7);
        metrics.took(Duration::from_millis(3));
        metrics.took(Duration::from_secs(60));
        metrics.committed(Duration::from_millis(1), false);
        let mut numbers = metrics.numbers(5);
        numbers.reports.sort();
        assert_eq!(numbers.reports, [("added".to_owned(), 2), ("apart".to_owned(), 1)]);
        assert_eq!(numbers.requests, [("200".to_owned(), 1)]);
        assert_eq!(numbers.refused, [("rate".to_owned(), 1)]);
        assert_eq!(numbers.commits, [("failed".to_owned(), 1)]);
        assert_eq!((numbers.unknown_ids, numbers.waiting), (7, 5));
        assert_eq!((numbers.request.count, numbers.commit.count), (2, 1));
        assert!((numbers.request.sum - 60.003).abs() < 1e-9);
        let buckets = &numbers.request.buckets;
        assert_eq!((buckets.len(), buckets[2], buckets[10]), (11, (0.005, 1), (f64::INFINITY, 2)));
    }
}
