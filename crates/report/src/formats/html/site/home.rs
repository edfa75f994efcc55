//! The first page: builds, and what waits for its build.

use askama::Template;

use super::html;
use super::list::{Asked, Paging, address};
use super::seen::{Moment, number_of, share};
use crate::evidence::Time;
use crate::formats::html::show::{grouped, visible};

/// What the first page shows.
#[derive(Clone, Debug)]
pub struct HomeInput {
    /// The newest first; those of one page, and the one that follows it.
    pub builds: Vec<BuildRow>,
    /// Number of all builds.
    pub total: u64,
    /// Builds of a page.
    pub page_length: usize,
    /// Builds that nobody has pushed, the last to send first.
    pub waiting: Vec<WaitingRow>,
    /// The address of the collector, as its users see it.
    pub server: String,
    /// What the time is.
    pub now: Time,
}

/// A build that was pushed.
#[derive(Clone, Debug)]
pub struct BuildRow {
    /// The build id.
    pub id: String,
    /// When it was pushed.
    pub pushed: Time,
    /// Number of probes.
    pub probes: u64,
    /// Probes that were ever hit.
    pub hit: u64,
    /// Sessions that sent a report.
    pub sessions: u64,
    /// Reports that came.
    pub received: u64,
    /// Reports that did not.
    pub missing: u64,
    /// When the last one came.
    pub last_report: Option<Time>,
}

/// A build that sends reports and that nobody has pushed.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    /// The build id, as the reports have it.
    pub id: String,
    /// Reports that are kept.
    pub reports: u64,
    /// When the first of them came.
    pub first: Time,
    /// When the last of them came.
    pub last: Time,
}

#[derive(Template)]
#[template(path = "site/home.html")]
struct Home {
    rows: Vec<Row>,
    paging: Paging,
    waiting: Vec<Waiting>,
    server: String,
}

struct Row {
    id: String,
    address: String,
    /// Of the page that compares it with the build before.
    changes: Option<String>,
    pushed: Moment,
    probes: u64,
    hit: u64,
    sessions: u64,
    received: u64,
    lost: String,
    last: Option<Moment>,
}

struct Waiting {
    id: String,
    reports: u64,
    first: Moment,
    last: Moment,
}

/// The first page.
pub fn home(input: &HomeInput, asked: &Asked) -> String {
    let total = usize::try_from(input.total).unwrap_or(usize::MAX);
    let paging = Paging::with(input.page_length, total, asked.page(), |page| address("./", [("page", page)]));
    let before = input.builds.iter().skip(1).map(Some).chain([None]);
    let rows = input.builds.iter().zip(before).take(input.page_length).map(|(build, before)| row(build, before, input));
    let waiting = |row: &WaitingRow| Waiting {
        id: visible(&row.id).into_owned(),
        reports: row.reports,
        first: Moment::of(row.first, input.now),
        last: Moment::of(row.last, input.now),
    };
    html(&Home {
        rows: rows.collect(),
        paging,
        waiting: input.waiting.iter().map(waiting).collect(),
        server: visible(&input.server).into_owned(),
    })
}

fn row(build: &BuildRow, before: Option<&BuildRow>, input: &HomeInput) -> Row {
    Row {
        id: visible(&build.id).into_owned(),
        address: address("build", [("id", build.id.as_str())]),
        changes: before.map(|before| address("changes", [("before", before.id.as_str()), ("after", &build.id)])),
        pushed: Moment::of(build.pushed, input.now),
        probes: build.probes,
        hit: build.hit.min(build.probes),
        sessions: build.sessions,
        received: build.received,
        lost: share(&build.missing, &build.received.saturating_add(build.missing)),
        last: build.last_report.map(|last| Moment::of(last, input.now)),
    }
}
