//! Coverage that others counted over the same sources, without probes, turned into hits of the mapping's points.
//!
//! What they did not count cannot be known: see [`super::v8`] and [`super::istanbul`] for what that is.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use pathlight_mapping::{Hits, Position, Site};

use super::files::ReportPath;
use super::intake::{BadReport, Intake, Problem};
use super::{istanbul, v8};
use crate::build::Build;
use crate::coverage::{FileCoverage, FilePoints, points_by_file};
use crate::offsets::Offsets;
use crate::source::SourceFolder;

/// Who counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Import {
    /// V8: the files that Node writes to `NODE_V8_COVERAGE`.
    V8,
    /// Istanbul: `coverage-final.json`.
    Istanbul,
}

/// Hits of each point of one file.
pub(super) type PointHits = Vec<u64>;

/// Adds what the files of `paths` say to the counts of `build`; each file is one report. `root` is the absolute path
/// of the folder that the mapping's names are relative to.
pub fn import(build: &mut Build, kind: Import, paths: &[ReportPath], sources: &SourceFolder, root: &Path) -> Intake {
    let mut intake = Intake::default();
    let files = files_of(build, sources);
    let names = files.iter().enumerate().map(|(index, file)| (file.name.clone(), index)).collect();
    let known = Known { files, names, root: root.to_owned() };
    for path in paths.iter().flat_map(ReportPath::files) {
        let (path, result) = match path {
            Ok(path) => {
                let result = import_file(build, kind, &path, &known);
                (path, result)
            }
            Err((path, error)) => (path, Err(Problem::unreadable(&error))),
        };
        match result {
            Ok(()) => intake.merged += 1,
            Err(problem) => {
                let source = path.to_string_lossy().into_owned();
                intake.add_bad(BadReport { source, place: None, problem });
            }
        }
    }
    intake
}

/// The files of the mapping.
pub(super) struct Known {
    pub(super) files: Vec<FileCoverage>,
    names: HashMap<String, usize>,
    root: PathBuf,
}

impl Known {
    /// Index of the file with this path, absolute or relative to the root.
    pub(super) fn find(&self, path: &str) -> Option<usize> {
        let below = Path::new(path).strip_prefix(&self.root).map(|path| path.to_string_lossy().replace('\\', "/"));
        self.names.get(below.as_deref().unwrap_or(path)).copied()
    }
}

/// Sets the hits of every `else` or `default` that nobody wrote and that is one of `sites`: what is left of the times
/// that its decision was `evaluated` when the other arms are taken off. A case without statements falls through into
/// the next one, where it is counted again.
pub(super) fn fill_made(
    file: &FileCoverage,
    sites: &[Site],
    hits: &mut PointHits,
    evaluated: impl Fn(Position) -> u64,
) {
    let text = file.source.text().unwrap_or_default();
    let offsets = Offsets::of(text);
    let span = |index: &usize| file.points[*index].span;
    let is_made = |index: &&usize| span(index).is_some_and(|span| span.start == span.end && sites.contains(&span.site));
    let falls_through = |index: &usize| {
        let code = span(index).and_then(|span| text.get(offsets.byte(span.start)..offsets.byte(span.end)));
        code.is_some_and(|code| code.ends_with(':'))
    };
    for decision in file.decisions() {
        let Some(&made) = decision.arms.iter().find(is_made) else { continue };
        let others = decision.arms.iter().filter(|arm| **arm != made && !falls_through(arm));
        let taken = others.fold(0_u64, |sum, arm| sum.saturating_add(hits[*arm]));
        hits[made] = evaluated(file.points[made].at).saturating_sub(taken);
    }
}

fn files_of(build: &Build, sources: &SourceFolder) -> Vec<FileCoverage> {
    let file = |(index, FilePoints { points, continuations }): (usize, _)| {
        let name = build.mapping.files()[index].clone();
        let source = sources.load(&name, build.listed(index));
        FileCoverage {
            name,
            is_current: true,
            points,
            continuations,
            lines: Vec::new(),
            source,
            bundle: None,
            seen: None,
        }
    };
    points_by_file(build).into_iter().enumerate().map(file).collect()
}

fn import_file(build: &mut Build, kind: Import, path: &Path, known: &Known) -> Result<(), Problem> {
    let bytes = fs::read(path).map_err(|error| Problem::unreadable(&error))?;
    let found = match kind {
        Import::V8 => v8::hits(&bytes, known),
        Import::Istanbul => istanbul::hits(&bytes, known),
    };
    let found = found.map_err(Problem::Import)?;
    if found.is_empty() {
        return Err(Problem::Import("none of its files is in the mapping".to_owned()));
    }
    for (file, hits) in found {
        for (point, hits) in known.files[file].points.iter().zip(hits).filter(|(_, hits)| *hits > 0) {
            if let Some(at) = build.mapping.position(point.id) {
                build.counts.add_hits(at, Hits { hits, reports: 1 });
            }
        }
    }
    build.counts.add_report();
    Ok(())
}
