//! Hit counts of one build, summed over its reports.

use crate::mapping::Mapping;
use crate::probe::ProbeId;
use crate::report::{Report, ReportErrorKind, keep_least};

/// What the reports say of one probe.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hits {
    /// Times it was hit, over all reports.
    pub hits: u64,
    /// Number of reports that name it, be it with 0.
    pub reports: u64,
}

/// Sums for every probe of one mapping, in 64 bits. Adding and merging commute: any order, any sharding of the
/// same reports gives equal counts. A sum that 64 bits cannot hold stays at `u64::MAX`, and
/// [`Self::has_overflowed`] says so.
#[derive(Clone, Debug)]
pub struct Counts {
    /// By position in the mapping.
    cells: Vec<Cell>,
    reports: u64,
    /// Reports that were checked; the number of the last one.
    checked: u64,
    unknown: u64,
    lowest_unknown: Option<ProbeId>,
    strange_name: Option<String>,
    has_overflowed: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    sum: Hits,
    /// Number of the last report that was seen to name the probe. It lies beside the sum, so that looking
    /// for an id that comes twice fetches the memory that adding needs.
    named_by: u64,
}

impl Counts {
    /// All zero, for the probes of `mapping`.
    pub fn new(mapping: &Mapping) -> Self {
        Self {
            cells: vec![Cell::default(); mapping.len()],
            reports: 0,
            checked: 0,
            unknown: 0,
            lowest_unknown: None,
            strange_name: None,
            has_overflowed: false,
        }
    }

    /// Whether the report may be added. `mapping` is the one that these counts were made for, here and below.
    ///
    /// # Errors
    /// [`ReportErrorKind::IdTwice`]: the report names a probe twice, maybe in two spellings.
    pub fn check(&mut self, mapping: &Mapping, report: &Report) -> Result<(), ReportErrorKind> {
        self.checked += 1;
        for (id, _) in &report.hits {
            let Some(cell) = mapping.position(*id).and_then(|at| self.cells.get_mut(at)) else { continue };
            if cell.named_by == self.checked {
                return Err(ReportErrorKind::IdTwice(*id));
            }
            cell.named_by = self.checked;
        }
        Ok(())
    }

    /// Adds a report that [`Self::check`] has passed.
    pub fn add(&mut self, mapping: &Mapping, report: &Report) {
        for &(id, hits) in &report.hits {
            match mapping.position(id).and_then(|at| self.cells.get_mut(at)) {
                Some(cell) => self.has_overflowed |= cell.sum.add(Hits { hits, reports: 1 }),
                None => self.add_unknown(id),
            }
        }
        self.unknown = self.unknown.saturating_add(report.strange);
        self.add_strange_name(report.strange_name.as_ref());
        self.reports += 1;
    }

    /// Adds the hits of one probe that were found otherwise than in a report. `at`: its position in the mapping.
    pub fn add_hits(&mut self, at: usize, hits: Hits) {
        if let Some(cell) = self.cells.get_mut(at) {
            self.has_overflowed |= cell.sum.add(hits);
        }
    }

    /// Counts one more report, whose hits [`Self::add_hits`] added.
    pub fn add_report(&mut self) {
        self.reports += 1;
    }

    /// Adds what `reports` reports say together, summed elsewhere.
    pub fn add_sums(&mut self, mapping: &Mapping, sums: &[(ProbeId, Hits)], reports: u64) {
        for &(id, sum) in sums {
            match mapping.position(id) {
                Some(at) => self.add_hits(at, sum),
                None => self.add_unknown(id),
            }
        }
        self.reports = self.reports.saturating_add(reports);
    }

    fn add_unknown(&mut self, id: ProbeId) {
        self.unknown = self.unknown.saturating_add(1);
        self.lowest_unknown = Some(self.lowest_unknown.map_or(id, |lowest| lowest.min(id)));
    }

    fn add_strange_name(&mut self, name: Option<&String>) {
        if let Some(name) = name {
            keep_least(&mut self.strange_name, name.clone());
        }
    }

    /// Adds the counts of other reports of the same build.
    pub fn merge(&mut self, other: &Self) {
        for (cell, other) in self.cells.iter_mut().zip(&other.cells) {
            self.has_overflowed |= cell.sum.add(other.sum);
        }
        self.reports += other.reports;
        self.unknown = self.unknown.saturating_add(other.unknown);
        self.lowest_unknown = self.lowest_unknown.into_iter().chain(other.lowest_unknown).min();
        self.add_strange_name(other.strange_name.as_ref());
        self.has_overflowed |= other.has_overflowed;
    }

    /// Of the probe at a position in the mapping, from 0.
    pub fn at(&self, position: usize) -> Hits {
        self.cells.get(position).map_or(Hits::default(), |cell| cell.sum)
    }

    /// Number of reports added.
    pub fn reports(&self) -> u64 {
        self.reports
    }

    /// How often a report named an id that the mapping does not have, or something that is no id.
    pub fn unknown(&self) -> u64 {
        self.unknown
    }

    /// The lowest id that the mapping does not have, as an example.
    pub fn lowest_unknown(&self) -> Option<ProbeId> {
        self.lowest_unknown
    }

    /// The beginning of a name that stands where an id is expected and is none, as an example: of the least one,
    /// compared as text.
    pub fn strange_name(&self) -> Option<&str> {
        self.strange_name.as_deref()
    }

    /// Whether a sum stopped at `u64::MAX`.
    pub fn has_overflowed(&self) -> bool {
        self.has_overflowed
    }
}

impl Hits {
    /// Whether it overflowed.
    #[inline]
    fn add(&mut self, other: Self) -> bool {
        let (sum, has_overflowed) = self.hits.overflowing_add(other.hits);
        self.hits = if has_overflowed { u64::MAX } else { sum };
        self.reports = self.reports.saturating_add(other.reports);
        has_overflowed
    }
}
