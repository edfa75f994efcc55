//! What the pages of one build show, worked out once from all that is known of it.

use std::cmp::Reverse;

use super::seen::Size;
use crate::build::Build;
use crate::coverage::{FileCoverage, FilePoints, points_by_file};
use crate::evidence::{Evidence, FileSeen, Time};
use crate::formats::html::index::subject;
use crate::ranking::{Verdict, findings_in};
use crate::source::SourceFolder;
use crate::summary::Summary;
use crate::weight::{bytes_never_run, code_never_run};

/// All that is known of one build.
#[derive(Clone, Debug)]
pub struct BuildInput {
    /// The build id.
    pub id: String,
    /// When it was pushed.
    pub pushed: Time,
    /// Its mapping, its manifest, the hits of its reports, and what stands behind them.
    pub build: Build,
    /// Reports that did not, as gaps in the numbers of their sessions say.
    pub missing: u64,
    /// When the last one came.
    pub last_report: Option<Time>,
    /// When all of this was looked up.
    pub at: Time,
}

/// What the pages of one build show. Holds no sources.
#[derive(Clone, Debug)]
pub struct BuildFacts {
    pub(super) id: String,
    pub(super) pushed: Time,
    pub(super) sessions: u64,
    pub(super) days: u64,
    pub(super) received: u64,
    pub(super) missing: u64,
    pub(super) last_report: Option<Time>,
    pub(super) at: Time,
    /// By name.
    pub(super) files: Vec<FileFacts>,
    /// What never ran in files that ran, the most telling first.
    pub(super) findings: Vec<Finding>,
}

/// One file.
#[derive(Clone, Debug)]
pub(super) struct FileFacts {
    /// As in the mapping.
    pub(super) name: String,
    pub(super) summary: Summary,
    /// Of its code that never ran.
    pub(super) size: Size,
    /// Whether anything in it ran, on the days that are kept.
    pub(super) has_run: bool,
    pub(super) seen: FileSeen,
    /// When anything in it was hit last.
    pub(super) last: Option<Time>,
    pub(super) has_source: bool,
}

/// Code that never ran, in a file that did.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// Index of the file.
    pub(super) file: usize,
    pub(super) line: u32,
    /// `function f`, `else in f`.
    pub(super) what: String,
    pub(super) verdict: Verdict,
    pub(super) size: Size,
    /// Times that control came to it and passed by.
    pub(super) passed: u64,
    /// When it ran, if it did before the days that are kept.
    pub(super) last: Option<Time>,
}

impl BuildInput {
    pub(super) fn whole(&self) -> Evidence {
        self.build.evidence.as_ref().map(|known| known.whole.clone()).unwrap_or_default()
    }
}

impl FileFacts {
    /// No session ran anything in it, on the days that are kept: nothing is known of it.
    pub(super) fn is_unobserved(&self) -> bool {
        !self.has_run && self.summary.functions.total + self.summary.branches.total > 0
    }

    /// Something in it could run and did not.
    pub(super) fn has_never_run(&self) -> bool {
        !(self.summary.functions.is_full() && self.summary.branches.is_full())
    }
}

impl BuildFacts {
    /// Boils down what is known.
    pub fn of(input: BuildInput) -> Self {
        let all = files_of(&input.build);
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by(|a, b| all[*a].name.cmp(&all[*b].name));
        let fact = |&index: &usize| FileFacts {
            name: all[index].name.clone(),
            summary: all[index].summary(),
            size: never_run_size(&all[index]),
            has_run: all[index].points.iter().any(|point| point.hits > 0),
            seen: all[index].seen.unwrap_or_default(),
            last: last_seen(&all[index]),
            has_source: all[index].source.text().is_some(),
        };
        let files = order.iter().map(fact).collect();
        let findings = findings(&order.iter().map(|index| &all[*index]).collect::<Vec<_>>());
        let whole = input.whole();
        let BuildInput { id, pushed, build, missing, last_report, at } = input;
        let (sessions, days) = (whole.sessions, whole.seen.map_or(0, |seen| seen.days));
        Self { id, pushed, sessions, days, received: build.counts.reports(), missing, last_report, at, files, findings }
    }

    /// Over all files.
    pub(super) fn summary(&self) -> Summary {
        self.files.iter().map(|file| file.summary).sum()
    }
}

/// The files of one build, in the order of its mapping's FileNames, with the sources that its manifest holds.
pub(super) fn files_of(build: &Build) -> Vec<FileCoverage> {
    let files = build.mapping.files().iter().zip(points_by_file(build)).enumerate();
    files.map(|(index, (name, known))| file_of(build, index, name, known)).collect()
}

/// One of them.
pub(super) fn file_of(build: &Build, index: usize, name: &str, known: FilePoints) -> FileCoverage {
    let source = SourceFolder::default().load(name, build.listed(index));
    let seen = build.evidence.as_ref().map(|known| known.file(index));
    let FilePoints { points, continuations } = known;
    let mut file = FileCoverage {
        name: name.to_owned(),
        is_current: true,
        points,
        continuations,
        lines: Vec::new(),
        source,
        bundle: None,
        seen,
    };
    file.update_lines();
    file
}

/// When anything in it was hit last, however long ago.
pub(super) fn last_seen(file: &FileCoverage) -> Option<Time> {
    file.points.iter().filter_map(|point| Some(point.seen?.last)).max()
}

/// Of the code that never ran.
pub(super) fn never_run_size(file: &FileCoverage) -> Size {
    let (mut lines, mut last_line) = (0, 0);
    for (start, end) in code_never_run(file) {
        // Two pieces on one line are one line.
        let first_line = start.line.max(last_line + 1);
        lines += u64::from((end.line + 1).saturating_sub(first_line));
        last_line = end.line;
    }
    Size { bytes: file.source.text().map(|_| bytes_never_run(file)), lines }
}

/// Of all files but those in which nothing ran: nobody may have loaded these.
fn findings(files: &[&FileCoverage]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let has_source = file.source.text().is_some();
        for found in findings_in(file).into_iter().filter(|found| found.verdict != Verdict::File) {
            let span = found.point.span.filter(|span| span.start < span.end);
            let lines = span.map_or(0, |span| u64::from(span.end.line.saturating_sub(span.start.line)) + 1);
            findings.push(Finding {
                file: index,
                line: found.point.at.line,
                what: subject(found.verdict, found.point),
                verdict: found.verdict,
                size: Size { bytes: has_source.then_some(found.bytes), lines },
                passed: found.passed,
                last: found.point.seen.map(|seen| seen.last),
            });
        }
    }
    // Functions by their size; branches by how sure it is that they do not run.
    findings.sort_by_key(|finding| {
        let is_function = finding.verdict == Verdict::Function;
        (!is_function, Reverse(finding.passed), Reverse(finding.size.weight()), finding.file, finding.line)
    });
    findings
}
