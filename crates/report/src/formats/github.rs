//! GitHub workflow commands: annotations at the code that never ran.

use std::io::{self, Write};

use super::{FormatOptions, findings};
use crate::coverage::Coverage;
use crate::ranking::Verdict;

/// GitHub shows so many of a step.
const MOST: usize = 10;

pub(super) fn write(coverage: &Coverage, options: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    for finding in findings(coverage, options).iter().take(MOST) {
        let point = finding.point;
        let start = point.span.filter(|_| finding.verdict != Verdict::File).map_or(point.at, |span| span.start);
        let end = point.span.filter(|_| finding.verdict != Verdict::File).map_or(point.at, |span| span.end);
        writeln!(
            out,
            "::warning file={},line={},endLine={},title={}::{}",
            property(&finding.file.name),
            start.line,
            end.line,
            property("never run"),
            data(&format!("{}: {}", finding.subject(), finding.verdict.about()))
        )?;
    }
    Ok(())
}

/// As GitHub's toolkit escapes what stands behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// As GitHub's toolkit escapes what stands behind `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
