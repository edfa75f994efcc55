//! How many bytes never ran: of source, and of what was shipped, module by module.

use std::cmp::Reverse;

use pathlight_mapping::Position;
use serde::Serialize;

use crate::coverage::{Coverage, FileCoverage, Span, State};
use crate::offsets::Offsets;

/// Bytes of a file's source that never ran: of the outermost spans that were shipped and never hit. Of a removed span
/// nothing was shipped.
pub fn bytes_never_run(file: &FileCoverage) -> u64 {
    let offsets = Offsets::of(file.source.text().unwrap_or_default());
    spans_never_run(file).iter().map(|span| span_bytes(&offsets, span)).sum()
}

/// How many bytes something has, and how many of them never ran.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Weight {
    /// Of the outermost spans that were shipped and never hit.
    pub never_run: u64,
    /// All.
    pub all: u64,
}

/// Of a file's source, in UTF-8 bytes; 0 if it is not at hand.
pub fn source_weight(file: &FileCoverage) -> Weight {
    Weight { never_run: bytes_never_run(file), all: file.source.text().map_or(0, |text| text.len() as u64) }
}

/// Of what the bundles have of a file, in UTF-8 bytes without probes; `None` if no bundle has a source map.
pub fn bundle_weight(file: &FileCoverage) -> Option<Weight> {
    let bundle = file.bundle.as_ref()?;
    let never_run = spans_never_run(file).iter().map(|span| bundle.between(span.start, span.end)).sum();
    Some(Weight { never_run, all: bundle.total() })
}

/// The outermost spans that were shipped and never hit, in source order.
pub(crate) fn spans_never_run(file: &FileCoverage) -> Vec<Span> {
    let spans = file.points.iter().filter(|point| point.state() == State::NeverRun).filter_map(|point| point.span);
    let mut spans: Vec<Span> = spans.filter(|span| span.start < span.end).collect();
    spans.sort_by_key(|span| (span.start, Reverse(span.end)));
    let mut last = Position::default();
    spans.retain(|span| {
        span.start >= last && {
            last = span.end;
            true
        }
    });
    spans
}

/// A file and its bytes that never ran.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Heavy<'a> {
    /// Which file.
    pub file: &'a FileCoverage,
    /// Of its source.
    pub source: Weight,
    /// Of what the bundles have of it; `None` if no bundle has a source map.
    pub bundle: Option<Weight>,
}

/// The files of which some bytes never ran, those with most of them first: of bundle, where that is known.
pub fn heaviest(coverage: &Coverage) -> Vec<Heavy<'_>> {
    let heavy = |file| Heavy { file, source: source_weight(file), bundle: bundle_weight(file) };
    let mut files: Vec<Heavy<'_>> = coverage.files.iter().map(heavy).collect();
    let never_run = |heavy: &Heavy<'_>| (heavy.bundle.map(|bundle| bundle.never_run), heavy.source.never_run);
    files.retain(|heavy| heavy.source.never_run > 0 || heavy.bundle.is_some_and(|bundle| bundle.never_run > 0));
    files.sort_by_key(|heavy| (Reverse(never_run(heavy)), &heavy.file.name));
    files
}

/// What the bundles consist of, in UTF-8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleShare {
    /// All bytes of the bundles that have a source map.
    pub bytes: u64,
    /// Those of files of the mapping.
    pub modules: u64,
    /// Of these, what never ran.
    pub never_run: u64,
    /// Those of probes, which are code of no module.
    pub probes: u64,
}

impl BundleShare {
    /// `None` if no bundle has a source map.
    pub fn of(coverage: &Coverage) -> Option<Self> {
        let totals = coverage.bundle?;
        let modules: Vec<Weight> = coverage.files.iter().filter_map(bundle_weight).collect();
        let sum = |bytes: fn(&Weight) -> u64| modules.iter().map(bytes).sum();
        let (modules, never_run) = (sum(|module| module.all), sum(|module| module.never_run));
        Some(Self { bytes: totals.bytes, modules, never_run, probes: totals.probes })
    }
}

/// Of the source of a span.
pub(crate) fn span_bytes(offsets: &Offsets<'_>, span: &Span) -> u64 {
    offsets.byte(span.end).saturating_sub(offsets.byte(span.start)) as u64
}
