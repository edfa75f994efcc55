//! Everything that the index shows, as plain tables.

use askama::Template;

use super::index::{MOST_HOT, MOST_NEVER_RUN, Totals, subject};
use super::show::{breaks, function_name, grouped, page_name, percent, visible};
use crate::coverage::{Coverage, FileCoverage};
use crate::diff::Changes;
use crate::ranking::{Finding, hottest, never_run};
use crate::summary::{Summary, Tally};

#[derive(Template)]
#[template(path = "all.html")]
pub(super) struct All {
    totals: Totals,
    /// Changed lines that never ran.
    changed: Vec<ChangedRow>,
    findings: usize,
    never: Vec<NeverRow>,
    hot: Vec<HotRow>,
    files: Vec<FileRow>,
}

struct Place {
    name: String,
    page: String,
    line: u32,
}

struct NeverRow {
    place: Place,
    what: String,
    why: &'static str,
    bytes: u64,
    passed: u64,
}

struct HotRow {
    place: Place,
    what: String,
    hits: u64,
}

/// Lines that follow one another and never ran, in a file that a change touches.
struct ChangedRow {
    place: Place,
    last: u32,
}

struct FileRow {
    name: String,
    page: String,
    summary: Summary,
}

impl All {
    pub(super) fn of(coverage: &Coverage, changes: Option<&Changes>) -> Self {
        let findings = never_run(coverage);
        Self {
            totals: Totals::of(coverage, changes),
            changed: changes.map_or_else(Vec::new, |changes| {
                coverage.sorted_files().into_iter().flat_map(|file| changed_rows(file, changes)).collect()
            }),
            findings: findings.len(),
            never: findings.iter().take(MOST_NEVER_RUN).map(never_row).collect(),
            hot: hottest(coverage, MOST_HOT)
                .into_iter()
                .map(|(file, point)| HotRow {
                    place: place(file, point.at.line),
                    what: function_name(&point.function).into_owned(),
                    hits: point.hits,
                })
                .collect(),
            files: coverage.sorted_files().into_iter().map(file_row).collect(),
        }
    }
}

impl FileRow {
    fn tallies(&self) -> [&Tally; 3] {
        [&self.summary.functions, &self.summary.branches, &self.summary.lines]
    }
}

fn place(file: &FileCoverage, line: u32) -> Place {
    Place { name: visible(&file.name).into_owned(), page: page_name(&file.name), line }
}

fn never_row(finding: &Finding<'_>) -> NeverRow {
    NeverRow {
        place: place(finding.file, finding.point.at.line),
        what: subject(finding.verdict, finding.point),
        why: finding.verdict.about(),
        bytes: finding.bytes,
        passed: finding.passed,
    }
}

fn changed_rows(file: &FileCoverage, changes: &Changes) -> Vec<ChangedRow> {
    let mut rows: Vec<ChangedRow> = Vec::new();
    for line in changes.never_run(file) {
        match rows.last_mut().filter(|row| row.last + 1 == line) {
            Some(row) => row.last = line,
            None => rows.push(ChangedRow { place: place(file, line), last: line }),
        }
    }
    rows
}

fn file_row(file: &FileCoverage) -> FileRow {
    FileRow { name: visible(&file.name).into_owned(), page: page_name(&file.name), summary: file.summary() }
}
