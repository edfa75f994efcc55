//! The structure of Closure Compiler's wiki, as its reporter wrote it from v20200927 to v20210106.
//!
//! Its rules are kept: order of files, functions and points, percentages in 32-bit floats rounded to two decimals,
//! mean frequencies rounded half up, and `executed` counting every report that names the point, be it with 0. Mended
//! is what made figures wrong: sums do not overflow, and a point that ran in one of 20,001 reports shows as executed.

use std::io::{self, Write};

use indexmap::IndexMap;
use pathlight_mapping::ProbeKind;
use serde::Serialize;

use super::FormatOptions;
use crate::coverage::{Coverage, Point};
use crate::evidence::Seen;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    total_reports_parsed: u64,
    #[serde(flatten)]
    percents: Percents,
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions: Option<u64>,
    #[serde(flatten)]
    seen: Option<Times>,
    result: Vec<File<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Percents {
    percent_of_functions_executed: f32,
    percent_of_branches_executed: f32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    file_name: &'a str,
    #[serde(flatten)]
    percents: Percents,
    /// That ran something in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions: Option<u64>,
    /// On which something in it ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u64>,
    profiling_result_per_function: IndexMap<&'a str, Vec<Entry>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    param: String,
    #[serde(rename = "type")]
    kind: &'static str,
    line_no: u32,
    col_no: u32,
    executed: f32,
    data: Data,
}

#[derive(Serialize)]
struct Data {
    frequency: u64,
    #[serde(flatten)]
    seen: Option<Times>,
}

/// From a store; Closure's reporter knows no times.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    first_seen: String,
    last_seen: String,
    days: u64,
}

impl From<Seen> for Times {
    fn from(seen: Seen) -> Self {
        Self { first_seen: seen.first.rfc3339(), last_seen: seen.last.rfc3339(), days: seen.days }
    }
}

pub(super) fn write(coverage: &Coverage, _: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    let reports = coverage.reports;
    let all: Vec<&Point> = coverage.files.iter().flat_map(|file| &file.points).collect();
    let result = coverage.files.iter().map(|file| {
        let mut points: Vec<&Point> = file.points.iter().collect();
        points.sort_by_cached_key(|point| point.id.to_string());
        let percents = percents(&points, reports);
        let mut functions: IndexMap<&str, Vec<Entry>> = IndexMap::new();
        for point in points {
            functions.entry(&point.function).or_default().push(entry(point, reports));
        }
        let (sessions, days) = (file.seen.map(|seen| seen.sessions), file.seen.map(|seen| seen.days));
        File { file_name: &file.name, percents, sessions, days, profiling_result_per_function: functions }
    });
    let evidence = coverage.evidence.as_ref();
    let report = Report {
        total_reports_parsed: reports,
        percents: percents(&all, reports),
        sessions: evidence.map(|evidence| evidence.sessions),
        seen: evidence.and_then(|evidence| evidence.seen).map(Times::from),
        result: result.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

fn entry(point: &Point, reports: u64) -> Entry {
    Entry {
        param: point.id.to_string(),
        kind: point.kind.name(),
        line_no: point.at.line,
        col_no: point.at.column,
        executed: executed(point, reports),
        data: Data { frequency: mean(point.hits, reports), seen: point.seen.map(Times::from) },
    }
}

/// What is so rare that it would round to 0 shows as the least that is more.
fn executed(point: &Point, reports: u64) -> f32 {
    match percent(point.reports, reports) {
        0.0 if point.hits > 0 => 0.01,
        percent => percent,
    }
}

fn percents(points: &[&Point], reports: u64) -> Percents {
    let of = |is_wanted: fn(&Point) -> bool| {
        let wanted = points.iter().filter(|point| is_wanted(point));
        match (reports, wanted.clone().count()) {
            (0, _) => 0.0,
            (_, 0) => 100.0,
            (_, all) => percent(wanted.filter(|point| executed(point, reports) != 0.0).count() as u64, all as u64),
        }
    };
    Percents {
        percent_of_functions_executed: of(|point| point.kind == ProbeKind::Function),
        percent_of_branches_executed: of(|point| point.kind != ProbeKind::Function),
    }
}

/// Of 0: 0.
fn percent(part: u64, whole: u64) -> f32 {
    if whole == 0 { 0.0 } else { (part as f32 / whole as f32 * 10_000.0).round() / 100.0 }
}

/// Rounded half up; of no reports: 0.
fn mean(sum: u64, reports: u64) -> u64 {
    let (sum, reports) = (u128::from(sum), u128::from(reports));
    // The mean of numbers below 2⁶⁴ is one too.
    (2 * sum + reports).checked_div(2 * reports).unwrap_or(0) as u64
}

#[cfg(test)]
mod tests {
    use pathlight_mapping::{Position, ProbeId};

    use super::*;

    fn point(hits: u64, reports: u64) -> Point {
        Point {
            id: ProbeId::new(1).unwrap(),
            kind: ProbeKind::Function,
            function: "f".into(),
            at: Position { line: 1, column: 0 },
            span: None,
            hits,
            reports,
            is_removed: false,
            seen: None,
        }
    }

    #[test]
    fn a_point_that_ran_once_in_very_many_reports_ran() {
        let rare = point(1, 1);
        assert_eq!(executed(&rare, 20_001), 0.01);
        assert_eq!(percents(&[&rare, &point(0, 0)], 20_001).percent_of_functions_executed, 50.0);
        // Named in so few that it rounds to 0, and never hit.
        assert_eq!(executed(&point(0, 1), 20_001), 0.0);
    }

    #[test]
    fn means_are_rounded_half_up_and_do_not_overflow() {
        for (sum, reports, expected) in
            [(3, 2, 2), (1, 2, 1), (1, 3, 0), (0, 0, 0), (u64::MAX, 1, u64::MAX), (16_777_217, 1, 16_777_217)]
        {
            assert_eq!(mean(sum, reports), expected, "{sum} / {reports}");
        }
    }
}
