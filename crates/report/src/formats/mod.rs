//! The output formats: one file each, and one row in the table.

mod cobertura;
mod codecov;
mod github;
mod html;
mod istanbul;
mod json;
mod json_summary;
mod lcov;
mod markdown;
mod names;
mod sarif;
mod sonar;
mod text;
mod tsv;
mod v8;

pub use self::html::site;

use std::collections::BTreeMap;
use std::io::{self, Write};

use pathlight_mapping::Site;

use crate::coverage::{Coverage, FileCoverage, Point, State};
use crate::diff::Changes;
use crate::evidence::plural;
use crate::ranking::{Finding, never_run};
use crate::summary::Tally;

/// One way to write coverage.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// As `--format` spells it.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Its file below `--out`.
    pub file: &'static str,
    /// Whether files whose text is not at hand are left out.
    pub needs_sources: bool,
    /// Whether its readers find files by their names, so that it can say one version of each only: it wants
    /// [`Coverage::current`].
    pub is_by_path: bool,
    /// Writes it whole.
    pub write: fn(&Coverage, &FormatOptions, &mut dyn Write) -> io::Result<()>,
    /// Writes the files beside it, if it is not alone.
    pub pages: Option<WritePages>,
}

/// Hands on each file: its path below `--out`, with `/`, and its content.
pub type WritePages = fn(&Coverage, &FormatOptions, &mut dyn FnMut(&str, &[u8]) -> io::Result<()>) -> io::Result<()>;

/// What people may choose; each format looks at what it knows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FormatOptions {
    /// `text`: with colour.
    pub colour: bool,
    /// `text`: leave files out of which everything ran.
    pub skip_full: bool,
    /// `tsv`: the number of all reports in every row, as Closure's reporter has it.
    pub closure_exact: bool,
    /// `text`: so many of what never ran.
    pub never_run: usize,
    /// `text`, `markdown`: so many of what ran most.
    pub hot: usize,
    /// `text`, `markdown`, `github`: the lines that a change touches, to be told apart from the rest.
    pub changes: Option<Changes>,
    /// `v8`: the URL of the folder that names are relative to, `/` at its end.
    pub root_url: String,
}

/// Every format.
pub const FORMATS: [Format; 14] = [
    row("text", "A table for the terminal", "coverage.txt", text::write),
    row("json", "As Closure Compiler's wiki shows it", "coverage.json", json::write),
    row("tsv", "As Closure Compiler's reporter writes it", "coverage.tsv", tsv::write),
    Format { pages: Some(html::pages), ..row("html", "Pages for a browser", "index.html", html::write) },
    by_path(row("lcov", "LCOV tracefile, for genhtml and most services", "lcov.info", lcov::write)),
    by_path(row("istanbul", "Istanbul's coverage-final.json", "coverage-final.json", istanbul::write)),
    by_path(row("json-summary", "Istanbul's coverage-summary.json", "coverage-summary.json", json_summary::write)),
    by_path(row(
        "cobertura",
        "Cobertura XML, for GitLab, Azure and Jenkins",
        "cobertura-coverage.xml",
        cobertura::write,
    )),
    Format {
        needs_sources: true,
        ..by_path(row("v8", "V8's script coverage, as NODE_V8_COVERAGE", "v8.json", v8::write))
    },
    by_path(row("sarif", "SARIF: never-run code as findings", "coverage.sarif", sarif::write)),
    row("markdown", "For pull requests and job summaries", "coverage.md", markdown::write),
    by_path(row("codecov", "Codecov's own JSON", "codecov.json", codecov::write)),
    by_path(row("sonar", "SonarQube's generic coverage", "sonar-coverage.xml", sonar::write)),
    by_path(row("github", "GitHub workflow annotations", "annotations.txt", github::write)),
];

const fn row(
    name: &'static str,
    about: &'static str,
    file: &'static str,
    write: fn(&Coverage, &FormatOptions, &mut dyn Write) -> io::Result<()>,
) -> Format {
    Format { name, about, file, needs_sources: false, is_by_path: false, write, pages: None }
}

const fn by_path(format: Format) -> Format {
    Format { is_by_path: true, ..format }
}

/// Entries of functions that were shipped, in source order.
fn live_functions(file: &FileCoverage) -> Vec<&Point> {
    file.functions().into_iter().filter(|point| point.state() != State::Removed).collect()
}

/// Arms of each decision that were shipped, in source order.
fn live_decisions(file: &FileCoverage) -> Vec<Vec<&Point>> {
    let live = |index: &usize| Some(&file.points[*index]).filter(|point| point.state() != State::Removed);
    let arms = |decision: crate::coverage::Decision| decision.arms.iter().filter_map(live).collect::<Vec<_>>();
    file.decisions().into_iter().map(arms).filter(|arms| !arms.is_empty()).collect()
}

/// Whether it is known that control came to a decision. Where an arm may be passed by, the function around tells.
fn was_evaluated(file: &FileCoverage, arms: &[&Point]) -> bool {
    let is_any_taken = arms.iter().any(|arm| arm.hits > 0);
    let has_all_ways = |span: &crate::coverage::Span| {
        !matches!(span.site, Site::Loop | Site::Logical | Site::LogicalAssign) && arms.len() > 1
    };
    match &arms[0].span {
        Some(span) if !has_all_ways(span) => is_any_taken || span.owner.is_none_or(|owner| file.points[owner].hits > 0),
        _ => is_any_taken,
    }
}

/// What never ran, ranked; of changed lines only, if there is a change to look at.
fn findings<'a>(coverage: &'a Coverage, options: &FormatOptions) -> Vec<Finding<'a>> {
    let mut findings = never_run(coverage);
    if let Some(changes) = &options.changes {
        findings.retain(|finding| changes.touches(&finding.file.name, finding.point.at.line));
    }
    findings
}

/// A line and the branches of the decisions that begin on it.
struct BranchLine {
    /// Of the line; of the branch that was hit most where the line is outside of all spans.
    hits: u64,
    branches: Tally,
}

/// Every line that has hits or branches, by its number from 1.
fn branch_lines(file: &FileCoverage) -> BTreeMap<u32, BranchLine> {
    let known = |line: &crate::lines::LineHits| (line.line, BranchLine { hits: line.hits, branches: Tally::default() });
    let mut lines: BTreeMap<u32, BranchLine> = file.lines.iter().map(known).collect();
    let counted: Vec<u32> = lines.keys().copied().collect();
    for arm in live_decisions(file).concat() {
        let line = lines.entry(arm.at.line).or_insert(BranchLine { hits: 0, branches: Tally::default() });
        line.branches.add(arm.state());
        if counted.binary_search(&arm.at.line).is_err() {
            line.hits = line.hits.max(arm.hits);
        }
    }
    lines
}
