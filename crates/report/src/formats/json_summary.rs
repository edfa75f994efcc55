//! Istanbul's `coverage-summary.json`.

use std::io::{self, Write};

use indexmap::IndexMap;
use serde::Serialize;

use super::FormatOptions;
use crate::coverage::Coverage;
use crate::summary::{Summary, Tally};
use crate::weight::{BundleShare, bundle_bytes_never_run};

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
    let all = share.map(|share| bundle(share.never_run, share.modules));
    let mut totals = IndexMap::from([("total", Totals { bundle: all, ..Totals::from(&coverage.summary()) })]);
    totals.extend(coverage.sorted_files().into_iter().map(|file| {
        let shipped = file.bundle.as_ref().zip(bundle_bytes_never_run(file));
        let bundle = shipped.map(|(module, never_run)| bundle(never_run, module.total()));
        (file.name.as_str(), Totals { bundle, ..Totals::from(&file.summary()) })
    }));
    serde_json::to_writer_pretty(&mut *out, &totals)?;
    out.write_all(b"\n")
}

fn bundle(never_run: u64, total: u64) -> Total {
    Total::from(&Tally { covered: total.saturating_sub(never_run), total, removed: 0 })
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
