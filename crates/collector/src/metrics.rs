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

/// Clones share their numbers.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Status, Counter>,
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
        let Self { requests, reports, unknown_ids, latency, commits, commit, waiting, received, missing, lost, .. } =
            metrics.clone();
        registry.register("requests", "Requests by the status of the answer", requests);
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

    /// In the text format of OpenMetrics.
    pub(crate) fn text(&self, waiting: usize) -> String {
        self.waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
