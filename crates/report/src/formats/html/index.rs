//! The index: its data is JSON, which the page's script draws.

use askama::Template;
use serde::Serialize;

use super::show::{construct, function_name, grouped, page_name, percent, visible};
use crate::coverage::{Coverage, FileCoverage, State};
use crate::diff::Changes;
use crate::ranking::{Finding, Verdict, hottest, never_run};
use crate::source::Source;
use crate::summary::{Summary, Tally};
use crate::weight::{BundleShare, bundle_weight, bytes_never_run};

/// Nobody reads further; `sarif` has all.
pub(super) const MOST_NEVER_RUN: usize = 1000;
pub(super) const MOST_HOT: usize = 200;

#[derive(Template)]
#[template(path = "index.html")]
pub(super) struct Index {
    totals: Totals,
    data: Data,
}

/// What is above the lists.
pub(super) struct Totals {
    pub(super) reports: u64,
    pub(super) files: usize,
    /// Files in which nothing ran.
    pub(super) dead: usize,
    summary: Summary,
    pub(super) bytes_never_run: u64,
    pub(super) bundle: Option<BundleShare>,
    /// What a change touches, if there is one to look at.
    pub(super) changed: Option<ChangedLines>,
    /// Files without a text that is known to be what was built.
    pub(super) unshown: usize,
}

/// Keys are short since there are ten thousand files; `index.js` reads them.
#[derive(Serialize)]
pub(super) struct Data {
    files: Vec<FileRow>,
    never: Vec<NeverRow>,
    /// Findings, with those that were left out.
    findings: usize,
    hot: Vec<HotRow>,
    /// Of each file: bytes of bundle that never ran, and all.
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<Vec<[u64; 2]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<ChangeData>,
}

/// What a change touches.
#[derive(Serialize)]
struct ChangeData {
    /// Of each file: changed lines that ran, and all.
    lines: Vec<[u64; 2]>,
    /// Indexes into `never`, rising.
    never: Vec<usize>,
}

/// Name, page, functions, branches (covered, total, removed each), bytes that never ran or -1, hits.
#[derive(Serialize)]
struct FileRow(String, String, [u64; 3], [u64; 3], i64, u64);

/// Index of the file, line, what, why, bytes, passed.
#[derive(Serialize)]
struct NeverRow(usize, u32, String, &'static str, u64, u64);

/// Index of the file, line, what, hits.
#[derive(Serialize)]
struct HotRow(usize, u32, String, u64);

/// Lines that a change touches and whose count is known.
pub(super) struct ChangedLines {
    pub(super) lines: Tally,
    pub(super) never_ran: u64,
}

impl ChangedLines {
    /// Of a summary of changed lines.
    pub(super) fn of(summary: &Summary) -> Self {
        Self { lines: summary.lines, never_ran: summary.lines.total - summary.lines.covered }
    }
}

impl Index {
    pub(super) fn of(coverage: &Coverage, changes: Option<&Changes>) -> Self {
        Self { totals: Totals::of(coverage, changes), data: Data::of(coverage, changes) }
    }
}

impl Totals {
    pub(super) fn of(coverage: &Coverage, changes: Option<&Changes>) -> Self {
        let is_dead = |file: &&FileCoverage| {
            let mut shipped = file.points.iter().filter(|point| point.state() != State::Removed).peekable();
            shipped.peek().is_some() && shipped.all(|point| point.hits == 0)
        };
        Self {
            reports: coverage.reports,
            files: coverage.files.len(),
            dead: coverage.files.iter().filter(is_dead).count(),
            summary: coverage.summary(),
            bytes_never_run: coverage.files.iter().map(bytes_never_run).sum(),
            bundle: BundleShare::of(coverage),
            changed: changes.map(|changes| ChangedLines::of(&changes.summary(coverage))),
            unshown: coverage.files.iter().filter(|file| file.source.text().is_none()).count(),
        }
    }

    pub(super) fn tallies(&self) -> [(&'static str, &Tally); 3] {
        [("functions", &self.summary.functions), ("branches", &self.summary.branches), ("lines", &self.summary.lines)]
    }
}

impl Data {
    fn of(coverage: &Coverage, changes: Option<&Changes>) -> Self {
        let files = coverage.sorted_files();
        let place = |file: &FileCoverage| {
            files.binary_search_by(|other| other.name.as_str().cmp(&file.name)).unwrap_or_default()
        };
        let findings = never_run(coverage);
        let touched = |finding: &Finding<'_>| {
            changes.is_some_and(|changes| changes.touches(&finding.file.name, finding.point.at.line))
        };
        // What a change touches is there however far down it stands.
        let ranked = findings.iter().enumerate().filter(|(rank, finding)| *rank < MOST_NEVER_RUN || touched(finding));
        let shown: Vec<&Finding<'_>> = ranked.map(|(_, finding)| finding).collect();
        let never = shown.iter().map(|finding| {
            let what = subject(finding.verdict, finding.point);
            let line = finding.point.at.line;
            NeverRow(place(finding.file), line, what, finding.verdict.about(), finding.bytes, finding.passed)
        });
        let changes = changes.map(|changes| ChangeData {
            lines: files
                .iter()
                .map(|file| changes.summary_of(file).lines)
                .map(|lines| [lines.covered, lines.total])
                .collect(),
            never: (0..shown.len()).filter(|index| touched(shown[*index])).collect(),
        });
        let weight = |file: &&FileCoverage| bundle_weight(file).map(|bundle| [bundle.never_run, bundle.all]);
        let hot = hottest(coverage, MOST_HOT).into_iter().map(|(file, point)| {
            HotRow(place(file), point.at.line, format!("{} {}", construct(point), preposition(point)), point.hits)
        });
        Self {
            never: never.collect(),
            findings: findings.len(),
            hot: hot.collect(),
            bundle: files.iter().map(weight).collect(),
            changes,
            files: files.iter().map(file_row).collect(),
        }
    }
}

fn file_row(file: &&FileCoverage) -> FileRow {
    let summary = file.summary();
    let tally = |tally: Tally| [tally.covered, tally.total, tally.removed];
    let bytes = match file.source {
        Source::Text(_) => i64::try_from(bytes_never_run(file)).unwrap_or(i64::MAX),
        Source::Changed | Source::Missing => -1,
    };
    let hits = file.points.iter().fold(0_u64, |sum, point| sum.saturating_add(point.hits));
    let name = visible(&file.name).into_owned();
    FileRow(name, page_name(&file.name), tally(summary.functions), tally(summary.branches), bytes, hits)
}

/// `function f`, `else in f`, `the whole file`.
pub(super) fn subject(verdict: Verdict, point: &crate::coverage::Point) -> String {
    match verdict {
        Verdict::File => "the whole file".to_owned(),
        _ => format!("{} {}", construct(point), preposition(point)),
    }
}

fn preposition(point: &crate::coverage::Point) -> String {
    let function = function_name(&point.function);
    if point.is_function() { function.into_owned() } else { format!("in {function}") }
}
