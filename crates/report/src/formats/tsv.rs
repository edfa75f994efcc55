//! The table of Closure Compiler's reporter since v20210202: one row for each point, those with most hits first.
//!
//! Its last column is meant to be the number of reports that hold the point; there it is the number of all reports,
//! in every row. `--closure-exact` writes that.

use std::borrow::Cow;
use std::io::{self, Write};

use pathlight_mapping::ProbeKind;

use super::FormatOptions;
use crate::coverage::{Coverage, FileCoverage, Point};

const HEADER: &str = "File\tFunction name\tLine\tType\tTotal executed\tReports occurred";

pub(super) fn write(coverage: &Coverage, options: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{HEADER}")?;
    let mut files: Vec<&FileCoverage> = coverage.files.iter().collect();
    // Java compares UTF-16.
    files.sort_by(|a, b| a.name.encode_utf16().cmp(b.name.encode_utf16()));
    for file in files {
        let mut points: Vec<&Point> = file.points.iter().collect();
        points.sort_by_key(|point| (std::cmp::Reverse(point.hits), point.at.line, rank(point.kind), point.id));
        for point in points {
            let (name, function) = (&file.name, &point.function);
            let reports = if options.closure_exact { coverage.reports } else { point.reports };
            let (line, kind, hits) = (point.at.line, point.kind.name(), point.hits);
            writeln!(out, "{}\t{}\t{line}\t{kind}\t{hits}\t{reports}", cell(name), cell(function))?;
        }
    }
    Ok(())
}

fn rank(kind: ProbeKind) -> u8 {
    match kind {
        ProbeKind::Function => 0,
        ProbeKind::Branch => 1,
        ProbeKind::BranchDefault => 2,
    }
}

/// A name may hold anything, but a row has six cells.
fn cell(text: &str) -> Cow<'_, str> {
    if text.contains(['\t', '\n', '\r', '\\']) {
        text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r").into()
    } else {
        text.into()
    }
}
