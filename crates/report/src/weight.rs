//! How many bytes never ran: of source, and of what was shipped, module by module.

use std::cmp::Reverse;

use pathlight_mapping::Position;
use serde::Serialize;

use crate::coverage::{Coverage, FileCoverage, Point, State};
use crate::offsets::Offsets;

/// Bytes of a file's source that never ran: of the outermost spans and continuations that were shipped and never hit.
/// Of a removed span nothing was shipped.
pub fn bytes_never_run(file: &FileCoverage) -> u64 {
    let offsets = Offsets::of(file.source.text().unwrap_or_default());
    code_never_run(file).iter().map(|(start, end)| bytes_between(&offsets, *start, *end)).sum()
}

/// How many bytes something has, and how many of them never ran.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Weight {
    /// Of what was shipped and never hit.
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
    let never_run = code_never_run(file).iter().map(|(start, end)| bundle.between(*start, *end)).sum();
    Some(Weight { never_run, all: bundle.total() })
}

/// The outermost spans and continuations that were shipped and never hit, start and end, in source order. Functions in
/// a continuation are there before it runs: those that were called are left out.
pub(crate) fn code_never_run(file: &FileCoverage) -> Vec<(Position, Position)> {
    let called = |point: &Point| point.is_function() && point.hits > 0;
    let of_point = |point: &Point| {
        let span = point.span.filter(|span| span.start < span.end)?;
        let is_dead = point.state() == State::NeverRun;
        (is_dead || called(point)).then_some((span.start, span.end, is_dead))
    };
    let continuations = file.counted_continuations().filter(|continuation| continuation.hits == 0);
    let mut spans: Vec<(Position, Position, bool)> = continuations.map(|code| (code.start, code.end, true)).collect();
    spans.extend(file.points.iter().filter_map(of_point));
    spans.sort_by_key(|(start, end, _)| (*start, Reverse(*end)));
    let mut pieces = Vec::new();
    // Ends, and whether they are dead, of what is around; from where on nothing was handed out.
    let mut open: Vec<(Position, bool)> = Vec::new();
    let mut from = Position::default();
    let last = (Position { line: u32::MAX, column: u32::MAX }, Position::default(), false);
    for (start, end, is_dead) in spans.into_iter().chain([last]) {
        while let Some((around, was_dead)) = open.pop_if(|(around, _)| *around <= start) {
            pieces.extend((was_dead && from < around).then_some((from, around)));
            from = from.max(around);
        }
        match open.last() {
            Some((_, was_dead)) if *was_dead == is_dead => continue,
            Some((_, true)) => pieces.extend((from < start).then_some((from, start))),
            _ => {}
        }
        from = from.max(start);
        open.push((end, is_dead));
    }
    pieces
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

/// Of source.
pub(crate) fn bytes_between(offsets: &Offsets<'_>, start: Position, end: Position) -> u64 {
    offsets.byte(end).saturating_sub(offsets.byte(start)) as u64
}
