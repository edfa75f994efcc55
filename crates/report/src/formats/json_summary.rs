//! Istanbul's `coverage-summary.json`.

use std::io::{self, Write};

use indexmap::IndexMap;
use serde::Serialize;

use super::FormatOptions;
use crate::coverage::Coverage;
use crate::summary::{Summary, Tally};
use crate::weight::{BundleShare, Weight, bundle_weight};

#[derive(Serialize)]
struct Totals {
    lines: Total,
    statements: Total,
    functions: Total,
    branches: Total,
    /// What the bundles have of it, in bytes: all, and what is not known to have never run.
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<Total>,
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
    let share = BundleShare::of(coverage);
    let all = share.map(|share| Weight { never_run: share.never_run, all: share.modules });
    let totals_of = |summary: &Summary, bundle: Option<Weight>| Totals {
        bundle: bundle.as_ref().map(Total::from),
        ..Totals::from(summary)
    };
    let mut totals = IndexMap::from([("total", totals_of(&coverage.summary(), all))]);
    let files = coverage.sorted_files().into_iter();
    totals.extend(files.map(|file| (file.name.as_str(), totals_of(&file.summary(), bundle_weight(file)))));
    serde_json::to_writer_pretty(&mut *out, &totals)?;
    out.write_all(b"\n")
}

impl From<&Weight> for Total {
    fn from(&Weight { never_run, all }: &Weight) -> Self {
        Self::from(&Tally { covered: all.saturating_sub(never_run), total: all, removed: 0 })
    }
}

impl From<&Tally> for Total {
    fn from(tally: &Tally) -> Self {
        Self { total: tally.total, covered: tally.covered, skipped: tally.removed, pct: tally.percent() }
    }
}

impl From<&Summary> for Totals {
    fn from(summary: &Summary) -> Self {
        Self {
            lines: (&summary.lines).into(),
            statements: (&summary.lines).into(),
            functions: (&summary.functions).into(),
            branches: (&summary.branches).into(),
            bundle: None,
        }
    }
}
