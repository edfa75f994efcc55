//! LCOV's tracefile, as `geninfo(1)` describes it.
//!
//! Blocks and branches are numbered in source order, never by what ran, so that files of several runs can be merged.
//! Readers leave out a file without lines. One in which no line is counted, since all its functions begin and end on
//! lines of top-level code, has the lines on which these and its branches begin instead.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::names::{Names, one_line};
use super::{FormatOptions, live_decisions, live_functions, was_evaluated};
use crate::coverage::{Coverage, FileCoverage, State};

pub(super) fn write(coverage: &Coverage, _: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    coverage.sorted_files().into_iter().try_for_each(|file| write_file(file, out))
}

fn write_file(file: &FileCoverage, out: &mut dyn Write) -> io::Result<()> {
    let summary = file.summary();
    writeln!(out, "TN:\nSF:{}", one_line(&file.name))?;
    let functions = live_functions(file);
    let names = Names::of(&functions);
    for point in &functions {
        writeln!(out, "FN:{},{}", point.at.line, names.of_point(point))?;
    }
    for point in &functions {
        writeln!(out, "FNDA:{},{}", point.hits, names.of_point(point))?;
    }
    writeln!(out, "FNF:{}\nFNH:{}", summary.functions.total, summary.functions.covered)?;
    for (block, decision) in live_decisions(file).iter().enumerate() {
        let is_reached = was_evaluated(file, decision);
        for (branch, point) in decision.iter().enumerate() {
            // `-`: the condition was never even looked at.
            let taken = if is_reached { point.hits.to_string() } else { "-".to_owned() };
            writeln!(out, "BRDA:{},{block},{branch},{taken}", point.at.line)?;
        }
    }
    writeln!(out, "BRF:{}\nBRH:{}", summary.branches.total, summary.branches.covered)?;
    let lines = lines(file);
    for (line, hits) in &lines {
        writeln!(out, "DA:{line},{hits}")?;
    }
    let covered = lines.values().filter(|hits| **hits > 0).count();
    writeln!(out, "LF:{}\nLH:{covered}\nend_of_record", lines.len())
}

/// Hits by line.
fn lines(file: &FileCoverage) -> BTreeMap<u32, u64> {
    if !file.lines.is_empty() {
        return file.lines.iter().map(|line| (line.line, line.hits)).collect();
    }
    let mut lines = BTreeMap::new();
    for point in file.points.iter().filter(|point| point.state() != State::Removed) {
        let hits = lines.entry(point.at.line).or_default();
        *hits = point.hits.max(*hits);
    }
    lines
}
