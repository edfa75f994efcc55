//! Everything that the index shows, as plain tables.

use askama::Template;

use super::index::{MOST_HOT, MOST_NEVER_RUN, Totals, subject};
use super::show::{function_name, page_name, percent, visible};
use crate::coverage::{Coverage, FileCoverage};
use crate::ranking::{Finding, hottest, never_run};
use crate::summary::{Summary, Tally};

#[derive(Template)]
#[template(path = "all.html")]
pub(super) struct All {
    totals: Totals,
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

struct FileRow {
    name: String,
    page: String,
    summary: Summary,
}

impl All {
    pub(super) fn of(coverage: &Coverage) -> Self {
        let findings = never_run(coverage);
        Self {
            totals: Totals::of(coverage),
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

fn file_row(file: &FileCoverage) -> FileRow {
    FileRow { name: visible(&file.name).into_owned(), page: page_name(&file.name), summary: file.summary() }
}
