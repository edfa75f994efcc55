//! Hit counts of lines.
//!
//! A line has the count of the innermost span that its first token lies in. Lines outside of all spans, at top
//! level, have none: nothing counts them. A count says that the line was reached at least so far; what stands behind
//! a `?`, a `&&` or a call that throws in it may not have run. Behind `if (a) return;` lines have the count of the
//! `else` that nobody wrote, behind a loop that may be left by `return` that of the code around less those, and so on:
//! the mapping's continuations say it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use pathlight_mapping::{Position, ProbeKind, Site};

use crate::continuation::Counted;
use crate::coverage::{FileCoverage, Point, Span, State};

/// How often one line ran.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineHits {
    /// From 1.
    pub line: u32,
    /// Where its code begins, from 0 in UTF-16 code units.
    pub start: u32,
    /// Where its code ends, exclusive; equal to `start` if the source is not at hand.
    pub end: u32,
    /// Times its first token was reached.
    pub hits: u64,
}

/// With the source, every line that holds code. Without, only lines on which a function or statement begins that has
/// points. Code that was removed has no lines.
pub(crate) fn line_hits(file: &FileCoverage) -> Vec<LineHits> {
    let regions = regions(file);
    if regions.is_empty() && !file.points.is_empty() {
        return lines_of_closure(&file.points);
    }
    let starts = match file.source.text() {
        Some(text) => code_starts(text),
        None => statement_starts(&file.points).into_iter().map(|at| (at, at.column)).collect(),
    };
    let mut open: Vec<Region> = Vec::new();
    let mut next = regions.into_iter().peekable();
    let mut lines = Vec::new();
    for (at, end) in starts {
        while let Some(region) = next.next_if(|region| region.start <= at) {
            open.push(region);
        }
        open.retain(|region| region.end > at);
        if let Some(hits) = open.last().and_then(|region| region.hits) {
            lines.push(LineHits { line: at.line, start: at.column, end, hits });
        }
    }
    lines
}

/// Code that ran as a whole or not at all.
struct Region {
    start: Position,
    end: Position,
    /// `None` if it was removed.
    hits: Option<u64>,
}

/// Every span, every continuation, and every `if` from its keyword on. Those that hold others come first.
fn regions(file: &FileCoverage) -> Vec<Region> {
    let of_point = |point: &Point| {
        let hits = (point.state() != State::Removed).then_some(point.hits);
        point.span.map(|span| Region { start: span.start, end: span.end, hits })
    };
    let counted = |code: Counted| Region { start: code.start, end: code.end, hits: Some(code.hits) };
    // Nothing that is counted holds a continuation of the same extent.
    let mut regions: Vec<Region> = file.counted_code().into_iter().map(counted).collect();
    // Of two equal spans, as those of an arm and of the arrow in it, the inner one has the lower id.
    regions.extend(file.points.iter().rev().filter_map(of_point));
    regions.sort_by_key(|region| (region.start, Reverse(region.end)));
    regions
}

/// The five numbers of Closure say no more than this: a function's line, and an `if`, which both of its branches
/// have as their position.
fn lines_of_closure(points: &[Point]) -> Vec<LineHits> {
    let thens: HashMap<Position, u64> =
        points.iter().filter(|point| point.kind == ProbeKind::Branch).map(|point| (point.at, point.hits)).collect();
    let mut lines = BTreeMap::new();
    for point in points {
        let evaluated = match point.kind {
            ProbeKind::Function => Some(point.hits),
            ProbeKind::Branch => None,
            ProbeKind::BranchDefault => thens.get(&point.at).map(|then| then.saturating_add(point.hits)),
        };
        if let Some(hits) = evaluated.filter(|_| point.state() != State::Removed) {
            let Position { line, column } = point.at;
            let known = lines.entry(line).or_insert(LineHits { line, start: column, end: column, hits });
            known.hits = hits.max(known.hits);
        }
    }
    lines.into_values().collect()
}

/// The first function or statement with a point on each line.
fn statement_starts(points: &[Point]) -> Vec<Position> {
    let is_statement =
        |span: &Span| !matches!(span.site, Site::Ternary | Site::Logical | Site::LogicalAssign | Site::Arrow);
    let mut starts: Vec<Position> =
        points.iter().filter(|point| point.span.as_ref().is_some_and(is_statement)).map(|point| point.at).collect();
    starts.sort_unstable();
    starts.dedup_by_key(|at| at.line);
    starts
}

/// Where the first token stands and the last one ends, of each line that holds code: not blank, no comment, not only
/// closing brackets.
fn code_starts(text: &str) -> Vec<(Position, u32)> {
    let mut starts = Vec::new();
    let mut is_in_comment = false;
    for (index, line) in source_lines(text).enumerate() {
        let mut column = 0;
        let mut rest = line;
        loop {
            if is_in_comment {
                let Some(end) = rest.find("*/") else { break };
                column += units(&rest[..end + 2]);
                rest = &rest[end + 2..];
                is_in_comment = false;
            }
            let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || "})];,".contains(c));
            column += units(&rest[..rest.len() - trimmed.len()]);
            rest = trimmed;
            if rest.starts_with("/*") {
                is_in_comment = true;
                column += 2;
                rest = &rest[2..];
                continue;
            }
            if !rest.is_empty() && !rest.starts_with("//") {
                starts.push((Position { line: index as u32 + 1, column }, column + units(rest.trim_end())));
                is_in_comment = ends_in_comment(rest);
            }
            break;
        }
    }
    starts
}

/// Whether a block comment behind the code of a line goes on in the next one. Text in quotes may look like one; it
/// rarely does, and then lines are missing, not wrong.
fn ends_in_comment(code: &str) -> bool {
    let after = code.rfind("*/").map_or(code, |end| &code[end + 2..]);
    let is_quoted = |at: usize| after[..at].matches(['\'', '"', '`']).count() % 2 == 1;
    after.find("/*").is_some_and(|at| !is_quoted(at) && !after[..at].contains("//"))
}

/// UTF-16 code units of a text.
pub(crate) fn units(text: &str) -> u32 {
    text.chars().map(|c| c.len_utf16() as u32).sum()
}

/// The lines of a source text, as ECMAScript ends them.
pub fn source_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r', '\u{2028}', '\u{2029}']) else {
            rest = None;
            return Some(text);
        };
        let length = match &text[end..] {
            line_end if line_end.starts_with("\r\n") => 2,
            line_end => line_end.chars().next().map_or(1, char::len_utf8),
        };
        rest = Some(&text[end + length..]);
        Some(&text[..end])
    })
}
