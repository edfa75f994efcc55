//! Istanbul's `coverage-summary.json`.

use std::io::{self, Write};

use indexmap::IndexMap;
use serde::Serialize;

use super::FormatOptions;
use crate::coverage::Coverage;
use crate::summary::{Summary, Tally};

#[derive(Serialize)]
struct Totals {
    lines: Total,
    statements: Total,
    functions: Total,
    branches: Total,
}

#[derive(Serialize)]
struct Total {
    total: u64,
    covered: u64,
    /// What was removed from the bundle.
    skipped: u64,
    pct: f64,
}

pub(super) fn write(coverage: &Coverage, _: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut totals = IndexMap::from([("total", Totals::from(&coverage.summary()))]);
    totals.extend(coverage.sorted_files().into_iter().map(|file| (file.name.as_str(), Totals::from(&file.summary()))));
    serde_json::to_writer_pretty(&mut *out, &totals)?;
    out.write_all(b"\n")
}

impl From<&Summary> for Totals {
    fn from(summary: &Summary) -> Self {
        let total = |tally: &Tally| Total {
            total: tally.total,
            covered: tally.covered,
            skipped: tally.removed,
            pct: tally.percent(),
        };
        Self {
            lines: total(&summary.lines),
            statements: total(&summary.lines),
            functions: total(&summary.functions),
            branches: total(&summary.branches),
        }
    }
}
