//! Reports as busy pages send them, and what they must add up to.

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use pathlight_mapping::{MappingBuilder, MappingFormat, Position, Probe, ProbeId, ProbeKind};
use serde_json::Value;

use super::BUILD;
use crate::Failure;

/// Of the build.
pub(crate) const PROBES: u32 = 10_000;
/// Of each report.
pub(crate) const POINTS: u32 = 100;
/// Distinct reports; more repeat them in other sessions.
pub(crate) const DISTINCT: usize = 1_000;

/// One function on each line, a hundred in each file.
pub(super) fn write_mapping(path: &Path) -> Result<(), Failure> {
    let mut builder = MappingBuilder::new();
    for number in 0..PROBES {
        let (file, function) = (builder.file(&format!("{}.js", number / 100)), builder.function("f"));
        let at = Position { line: 1 + number % 100, column: 0 };
        builder.push(Probe { file, function, kind: ProbeKind::Function, at, extent: None });
    }
    Ok(builder.build().write(MappingFormat::Closure, &mut BufWriter::new(File::create(path)?))?)
}

/// The hits of one report.
pub(crate) struct Hits {
    numbers: Vec<(ProbeId, u64)>,
    /// Members of `counts`.
    text: String,
}

impl Hits {
    /// The same ones for the same number. As in a program, what runs lies close together; where, is spread evenly over
    /// the whole program, which is the worst for a store.
    pub(crate) fn new(number: usize) -> Self {
        let mut random = Random(number as u64);
        let first = 1 + random.below(PROBES - 4 * POINTS);
        let numbers = (0..POINTS).filter_map(|at| {
            let id = ProbeId::new(first + 4 * at + random.below(4))?;
            Some((id, u64::from(1 + random.below(999))))
        });
        let numbers: Vec<_> = numbers.collect();
        let mut text = String::new();
        for (id, hits) in &numbers {
            let comma = if text.is_empty() { "" } else { "," };
            let _ = write!(text, "{comma}\"{id}\":{hits}");
        }
        Self { numbers, text }
    }

    /// Writes the report as the runtimes do.
    pub(crate) fn write(&self, session: &str, seq: u64, body: &mut String) {
        let _ = write!(
            body,
            "{{\"schema\":1,\"build\":\"{BUILD}\",\"session\":\"{session}\",\"seq\":{seq},\"counts\":{{{}}}}}",
            self.text
        );
    }
}

/// What the store must hold.
pub(crate) struct Expected {
    /// By number of the probe.
    hits: Vec<u64>,
    points: Vec<u64>,
    pub(crate) reports: u64,
    pub(crate) sessions: u64,
}

impl Default for Expected {
    fn default() -> Self {
        let none = vec![0; PROBES as usize + 1];
        Self { hits: none.clone(), points: none, reports: 0, sessions: 0 }
    }
}

impl Expected {
    pub(crate) fn add(&mut self, hits: &Hits, times: u64) {
        for (id, number) in &hits.numbers {
            self.hits[id.get() as usize] += number * times;
            self.points[id.get() as usize] += times;
        }
        self.reports += times;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.hits.iter_mut().zip(&other.hits).for_each(|(sum, hits)| *sum += hits);
        self.points.iter_mut().zip(&other.points).for_each(|(sum, points)| *sum += points);
        self.reports += other.reports;
        self.sessions += other.sessions;
    }

    /// Numbers that were compared; all of them are as they must be.
    pub(crate) fn compare(&self, counts: &Value) -> Result<u64, Failure> {
        let mut compared = 2;
        for (what, expected) in [("reports", self.reports), ("sessions", self.sessions)] {
            if counts[what] != expected {
                return Err(format!("{what}: {} in the store, {expected} sent", counts[what]).into());
            }
        }
        for number in 1..=PROBES {
            let id = ProbeId::new(number).ok_or("no id")?.to_string();
            let (hits, reports) = (counts["counts"][&id].as_u64(), counts["seen"][&id]["reports"].as_u64());
            let found = (hits.unwrap_or(0), reports.unwrap_or(0));
            let expected = (self.hits[number as usize], self.points[number as usize]);
            if found != expected {
                return Err(format!("{id}: {found:?} hits and reports in the store, {expected:?} sent").into());
            }
            compared += 2;
        }
        Ok(compared)
    }
}

/// Numbers that look random, and are the same ones in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// Below `bound`.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(1).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % bound
    }
}
