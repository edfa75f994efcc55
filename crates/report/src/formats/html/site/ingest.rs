//! How reports come in.

use askama::Template;

use super::html;
use super::seen::{Moment, bytes, share};
use crate::evidence::Time;
use crate::formats::html::show::{grouped, visible};

/// What is known of the way from running code to the store.
#[derive(Clone, Debug)]
pub struct IngestInput {
    /// Reports in the store, of the days that are kept.
    pub received: u64,
    /// Reports that never came, as gaps in the numbers of their sessions say.
    pub missing: u64,
    /// When the last one came.
    pub last_report: Option<Time>,
    /// Bytes of reports of builds that nobody has pushed, and how many there may be.
    pub apart: (u64, u64),
    /// `SQLite 3.50`.
    pub database: String,
    /// What it takes on the disk, in bytes.
    pub bytes: u64,
    /// In seconds: what is older is dropped.
    pub keep: u64,
    /// When this collector started; what follows is its own and from then on.
    pub started: Time,
    /// Requests that wait for a commit.
    pub waiting: u64,
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
    /// From a request with reports to its answer.
    pub request_latency: Latency,
    /// Of a commit.
    pub commit_latency: Latency,
    /// What the time is.
    pub now: Time,
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

#[derive(Template)]
#[template(path = "site/ingest.html")]
struct IngestPage {
    received: u64,
    missing: u64,
    lost: String,
    last: Option<Moment>,
    apart: (u64, u64),
    apart_share: String,
    database: String,
    bytes: u64,
    keep: String,
    started: Moment,
    waiting: u64,
    unknown_ids: u64,
    reports: Vec<(String, &'static str, u64)>,
    requests: Vec<(String, &'static str, u64)>,
    refused: Vec<(String, &'static str, u64)>,
    commits: Vec<(String, &'static str, u64)>,
    latencies: Vec<(&'static str, Times)>,
}

struct Times {
    count: u64,
    mean: String,
    /// Label and bound of each.
    quantiles: Vec<(&'static str, String)>,
    /// Bound, how many, and the share of the most frequent one in percent.
    bars: Vec<(String, u64, u64)>,
}

/// The page.
pub fn ingest(input: &IngestInput) -> String {
    let sent = input.received.saturating_add(input.missing);
    let rows = |all: &[(String, u64)], about: fn(&str) -> &'static str| {
        let mut rows: Vec<_> =
            all.iter().map(|(name, number)| (visible(name).into_owned(), about(name), *number)).collect();
        rows.sort();
        rows
    };
    html(&IngestPage {
        received: input.received,
        missing: input.missing,
        lost: share(&input.missing, &sent),
        last: input.last_report.map(|last| Moment::of(last, input.now)),
        apart: input.apart,
        apart_share: share(&input.apart.0, &input.apart.1),
        database: visible(&input.database).into_owned(),
        bytes: input.bytes,
        keep: match input.keep % 86_400 {
            0 => format!("{} days", input.keep / 86_400),
            _ => format!("{} hours", input.keep / 3600),
        },
        started: Moment::of(input.started, input.now),
        waiting: input.waiting,
        unknown_ids: input.unknown_ids,
        reports: rows(&input.reports, about_result),
        requests: rows(&input.requests, about_status),
        refused: rows(&input.refused, about_cause),
        commits: rows(&input.commits, |_| ""),
        latencies: vec![
            ("From a request with reports to its answer", times(&input.request_latency)),
            ("A commit to the store", times(&input.commit_latency)),
        ],
    })
}

fn about_result(name: &str) -> &'static str {
    match name {
        "added" => "counted",
        "duplicate" => "sent again, counted before",
        "apart" => "kept until somebody pushes its build",
        "no_room" => "sent back: no room for builds that nobody has pushed",
        "unreadable" => "refused: no report",
        "no_identity" => "refused: no build, session or number",
        "bad_name" => "refused: a build or session that cannot be a name",
        "too_large" => "refused: a number above 2⁵³",
        "id_twice" => "refused: an id twice",
        "too_many_gaps" => "refused: its session has too many gaps",
        _ => "",
    }
}

fn about_status(name: &str) -> &'static str {
    match name {
        "200" => "fine",
        "204" => "fine",
        "304" => "the browser has it",
        "303" => "sent on",
        "400" => "nothing in it could be read",
        "401" => "no token, or a wrong one",
        "403" => "from another site",
        "404" => "no such page or build",
        "405" => "another method",
        "408" => "the body came too slowly",
        "409" => "the build is there with another mapping",
        "413" => "too large",
        "415" => "packed in a way that is not known",
        "429" => "too many from one address",
        "431" => "too many headers",
        "503" => "to be sent again: too much at once, or the store did not answer",
        _ => "",
    }
}

fn about_cause(name: &str) -> &'static str {
    match name {
        "rate" => "too many from one address",
        "busy" => "too much was under way",
        "store" => "the store failed or did not answer",
        "too_large" => "more bytes than a body may have",
        "encoding" => "packed in a way that is not known",
        "bad_gzip" => "its gzip is none",
        "cut_short" => "the sender went away",
        "slow" => "the body came too slowly",
        _ => "",
    }
}

fn times(latency: &Latency) -> Times {
    let quantile = |share: f64| {
        let wanted = (latency.count as f64 * share).ceil() as u64;
        let bucket = latency.buckets.iter().position(|(_, number)| *number >= wanted.max(1));
        match bucket.and_then(|at| Some((latency.buckets.get(at)?.0, at))) {
            None => "–".to_owned(),
            Some((bound, _)) if bound.is_finite() => format!("≤ {}", seconds(bound)),
            Some((_, at)) => format!("> {}", seconds(at.checked_sub(1).map_or(0.0, |at| latency.buckets[at].0))),
        }
    };
    let mut before = 0;
    let mut own: Vec<(f64, u64)> = Vec::new();
    for &(bound, number) in &latency.buckets {
        own.push((bound, number.saturating_sub(before)));
        before = number;
    }
    let most = own.iter().map(|(_, number)| *number).max().unwrap_or(0).max(1);
    let largest = own.iter().rev().find(|(bound, _)| bound.is_finite()).map_or(0.0, |(bound, _)| *bound);
    let bar = |&(bound, number): &(f64, u64)| {
        let label =
            if bound.is_finite() { format!("≤ {}", seconds(bound)) } else { format!("> {}", seconds(largest)) };
        // Every one that is there is seen.
        (label, number, (number.saturating_mul(100) / most).max(u64::from(number > 0)))
    };
    Times {
        count: latency.count,
        mean: if latency.count == 0 { "–".to_owned() } else { seconds(latency.sum / latency.count as f64) },
        quantiles: vec![("median", quantile(0.5)), ("95 of 100", quantile(0.95)), ("99 of 100", quantile(0.99))],
        bars: own.iter().map(bar).collect(),
    }
}

fn seconds(seconds: f64) -> String {
    match seconds {
        1.0.. => format!("{} s", (seconds * 10.0).round() / 10.0),
        0.01.. => format!("{} ms", (seconds * 1000.0).round()),
        _ => format!("{} ms", (seconds * 100_000.0).round() / 100.0),
    }
}
