//! LCOV's tracefile, as `geninfo(1)` describes it.
//!
//! Blocks and branches are numbered in source order, never by what ran, so that files of several runs can be merged.

use std::io::{self, Write};

use super::names::{Names, one_line};
use super::{FormatOptions, live_decisions, live_functions, was_evaluated};
use crate::coverage::{Coverage, FileCoverage};

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
    for line in &file.lines {
        writeln!(out, "DA:{},{}", line.line, line.hits)?;
    }
    writeln!(out, "LF:{}\nLH:{}\nend_of_record", summary.lines.total, summary.lines.covered)
}
