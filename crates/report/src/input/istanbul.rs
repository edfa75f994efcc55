//! Istanbul's counts, from its `coverage-final.json`.
//!
//! Functions are found by their end, branches by their start, which Istanbul and the mapping see alike. Istanbul does
//! not count everything:
//!
//! * a loop's body has the count of the first statement in it;
//! * `||=`, `&&=` and `??=` have no count: they count as never run;
//! * a `default` that nobody wrote is what is left of its `switch` when the cases are taken off, which comes out too
//!   low where cases with statements fall through.

use std::collections::{BTreeMap, HashMap};

use pathlight_mapping::{Position, Site};
use serde::Deserialize;

use super::import::{Known, PointHits, fill_made};
use crate::coverage::{FileCoverage, Point, Span};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    statement_map: BTreeMap<String, Range>,
    fn_map: BTreeMap<String, Function>,
    branch_map: BTreeMap<String, Branch>,
    s: BTreeMap<String, u64>,
    f: BTreeMap<String, u64>,
    b: BTreeMap<String, Vec<u64>>,
}

#[derive(Deserialize)]
struct Function {
    loc: Range,
}

#[derive(Deserialize)]
struct Branch {
    loc: Range,
    #[serde(rename = "type")]
    kind: String,
    locations: Vec<Range>,
}

#[derive(Deserialize, Clone, Copy)]
struct Range {
    start: Place,
    end: Place,
}

/// Empty for an `else` that nobody wrote; the column of an end may be absent behind a source map.
#[derive(Deserialize, Clone, Copy)]
struct Place {
    line: Option<u32>,
    column: Option<u32>,
}

impl Place {
    fn position(self) -> Option<Position> {
        Some(Position { line: self.line?, column: self.column? })
    }
}

/// Hits by file, for those files that the mapping knows.
pub(super) fn hits(json: &[u8], known: &Known) -> Result<Vec<(usize, PointHits)>, String> {
    let files: BTreeMap<String, File> =
        serde_json::from_slice(json).map_err(|error| format!("no coverage of Istanbul's: {error}"))?;
    let known_files = files.iter().filter_map(|(path, file)| Some((known.find(path)?, file)));
    Ok(known_files.map(|(index, file)| (index, hits_of(&known.files[index], &Counts::new(file)))).collect())
}

/// What one file says, by place.
#[derive(Default)]
struct Counts {
    /// By end: start and count.
    functions: HashMap<Position, Vec<(Position, u64)>>,
    /// Arms of an `if`, by its start.
    ifs: HashMap<Position, Vec<u64>>,
    /// Arms of all else, by their own start.
    arms: HashMap<Position, u64>,
    /// Statements, by start.
    statements: Vec<(Position, u64)>,
}

impl Counts {
    fn new(file: &File) -> Self {
        let mut counts = Self::default();
        for (id, function) in &file.fn_map {
            let (start, end) = (function.loc.start.position(), function.loc.end.position());
            if let (Some(start), Some(end), Some(hits)) = (start, end, file.f.get(id)) {
                counts.functions.entry(end).or_default().push((start, *hits));
            }
        }
        for (id, branch) in &file.branch_map {
            let Some(hits) = file.b.get(id) else { continue };
            match (branch.kind.as_str(), branch.loc.start.position()) {
                ("if", Some(start)) => drop(counts.ifs.insert(start, hits.clone())),
                _ => {
                    let starts = branch.locations.iter().map(|range| range.start.position());
                    counts.arms.extend(starts.zip(hits).filter_map(|(start, hits)| Some((start?, *hits))));
                }
            }
        }
        let statements = file.statement_map.iter();
        counts.statements =
            statements.filter_map(|(id, range)| Some((range.start.position()?, *file.s.get(id)?))).collect();
        counts.statements.sort_unstable();
        counts
    }

    fn of_point(&self, point: &Point, span: &Span) -> u64 {
        match span.site {
            Site::Function | Site::Arrow => {
                let same_end = self.functions.get(&span.end).into_iter().flatten();
                let within = same_end.filter(|(start, _)| *start >= span.start);
                within.min_by_key(|(start, _)| *start).map_or(0, |(_, hits)| *hits)
            }
            Site::IfThen | Site::IfElse => {
                let arm = usize::from(span.site == Site::IfElse);
                self.ifs.get(&point.at).and_then(|arms| arms.get(arm)).copied().unwrap_or(0)
            }
            Site::SwitchCase | Site::SwitchDefault | Site::Ternary | Site::Logical => {
                self.arms.get(&span.start).copied().unwrap_or(0)
            }
            Site::Loop => self.statement_from(span.start).filter(|(at, _)| *at < span.end).map_or(0, |(_, hits)| hits),
            Site::SwitchNoMatch | Site::LogicalAssign => 0,
        }
    }

    /// The first statement that does not begin before `at`.
    fn statement_from(&self, at: Position) -> Option<(Position, u64)> {
        self.statements.get(self.statements.partition_point(|(start, _)| *start < at)).copied()
    }
}

fn hits_of(file: &FileCoverage, counts: &Counts) -> PointHits {
    let of = |point: &Point| point.span.as_ref().map_or(0, |span| counts.of_point(point, span));
    let mut hits: PointHits = file.points.iter().map(of).collect();
    fill_made(file, &[Site::SwitchNoMatch], &mut hits, |at| {
        counts.statement_from(at).filter(|(start, _)| *start == at).map_or(0, |(_, hits)| hits)
    });
    hits
}
