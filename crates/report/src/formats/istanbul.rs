//! Istanbul's `coverage-final.json`, which its libraries, nyc, Vitest, Codecov and others read.
//!
//! Lines with code take the place of statements. A loop is a branch of one arm, which Istanbul itself does not have.

use std::io::{self, Write};

use indexmap::IndexMap;
use pathlight_mapping::{Position, Site};
use serde::Serialize;

use super::{FormatOptions, live_decisions, live_functions};
use crate::coverage::{Coverage, FileCoverage, Point};
use crate::lines::{source_lines, units};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    path: &'a str,
    statement_map: IndexMap<usize, Range>,
    fn_map: IndexMap<usize, Function<'a>>,
    branch_map: IndexMap<usize, Branch>,
    s: IndexMap<usize, u64>,
    f: IndexMap<usize, u64>,
    b: IndexMap<usize, Vec<u64>>,
}

#[derive(Serialize, Clone, Copy)]
struct Range {
    start: Place,
    end: Place,
}

/// As [`Position`]: lines from 1, columns from 0 in UTF-16 code units.
#[derive(Serialize, Clone, Copy)]
struct Place {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    /// What is marked if it never ran: its first line.
    decl: Range,
    loc: Range,
    line: u32,
}

#[derive(Serialize)]
struct Branch {
    loc: Range,
    #[serde(rename = "type")]
    kind: &'static str,
    locations: Vec<Range>,
    line: u32,
}

pub(super) fn write(coverage: &Coverage, _: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    let files: IndexMap<&str, File<'_>> =
        coverage.sorted_files().into_iter().map(|file| (file.name.as_str(), describe(file))).collect();
    serde_json::to_writer(&mut *out, &files)?;
    out.write_all(b"\n")
}

fn describe(file: &FileCoverage) -> File<'_> {
    let functions = live_functions(file);
    let decisions = live_decisions(file);
    let ends: Vec<u32> = file.source.text().map_or(Vec::new(), |text| source_lines(text).map(units).collect());
    let statements = file.lines.iter().map(|line| {
        let place = |column| Place { line: line.line, column };
        Range { start: place(line.start), end: place(line.end) }
    });
    File {
        path: &file.name,
        statement_map: statements.enumerate().collect(),
        fn_map: functions.iter().map(|point| function(point, &ends)).enumerate().collect(),
        branch_map: decisions.iter().map(|arms| branch(arms)).enumerate().collect(),
        s: file.lines.iter().map(|line| line.hits).enumerate().collect(),
        f: functions.iter().map(|point| point.hits).enumerate().collect(),
        b: decisions.iter().map(|arms| arms.iter().map(|arm| arm.hits).collect()).enumerate().collect(),
    }
}

/// `ends`: length of every line; empty without the source.
fn function<'a>(point: &'a Point, ends: &[u32]) -> Function<'a> {
    let loc = range(point);
    let line_end = ends.get((loc.start.line as usize).wrapping_sub(1)).copied().unwrap_or(loc.start.column);
    let end = if loc.end.line == loc.start.line { loc.end } else { Place { column: line_end, ..loc.start } };
    Function { name: &point.function, decl: Range { start: loc.start, end }, loc, line: loc.start.line }
}

fn branch(arms: &[&Point]) -> Branch {
    let locations: Vec<Range> = arms.iter().map(|arm| range(arm)).collect();
    let end = arms.iter().filter_map(|arm| Some(arm.span?.end)).max().unwrap_or(arms[0].at);
    let loc = Range { start: place(arms[0].at), end: place(end) };
    Branch { loc, kind: kind(arms), locations, line: loc.start.line }
}

/// Readers take the first arm of an `if` for `then`, so one that lost it is no `if` any more. One in front of an
/// `else if` has no other arm.
fn kind(arms: &[&Point]) -> &'static str {
    match (arms[0].span.map(|span| span.site), arms.len()) {
        (Some(Site::IfThen), _) | (None, 2) => "if",
        (Some(Site::SwitchCase | Site::SwitchDefault | Site::SwitchNoMatch), _) => "switch",
        (Some(Site::Ternary), _) => "cond-expr",
        (Some(Site::Logical | Site::LogicalAssign), _) => "binary-expr",
        (Some(Site::Loop), _) => "loop",
        _ => "branch",
    }
}

fn range(point: &Point) -> Range {
    let (start, end) = point.span.map_or((point.at, point.at), |span| (span.start, span.end));
    Range { start: place(start), end: place(end) }
}

fn place(at: Position) -> Place {
    Place { line: at.line, column: at.column }
}
