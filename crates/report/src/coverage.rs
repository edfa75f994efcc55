//! Coverage: mappings joined with counts. The model that every format reads.
//!
//! A [`Point`] is a probe of the mapping with its hits. Each is in one of three [`State`]s, and belongs to a file:
//!
//! ```text
//! Coverage ─ files ─ points ─ kind, function, position, span, hits, state
//!                  ├ continuations ─ hits of code without a point
//!                  ├ lines  ─ hits
//!                  └ source ─ its text, if it is what was built
//! ```

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use pathlight_mapping::{Position, ProbeId, ProbeKind, Site};

use crate::build::Build;
use crate::bundle::bytes::ModuleBytes;
use crate::continuation::Continuation;
use crate::evidence::{Evidence, FileSeen, Seen, together};
use crate::lines::{LineHits, line_hits};
use crate::source::{Source, SourceFolder};
use crate::summary::{Summary, Tally};

/// What ran and what never ran, over all builds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Coverage {
    /// In the order of the mappings' FileNames.
    pub files: Vec<FileCoverage>,
    /// Number of reports.
    pub reports: u64,
    /// Of the bundles that have a source map; `None` if there is none.
    pub bundle: Option<BundleTotals>,
    /// What stands behind the counts, if they come from a store.
    pub evidence: Option<Evidence>,
}

/// Sizes of the bundles that have a source map, in UTF-8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct BundleTotals {
    /// All bytes.
    pub bytes: u64,
    /// Those of probes, which belong to no module.
    pub probes: u64,
}

/// One original file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileCoverage {
    /// As in the mapping: relative, with `/`. Versions of a file that are not current have `@` and their build's id
    /// behind it.
    pub name: String,
    /// Of several versions of a file, which builds with different texts of it bring about, one is current: the one
    /// whose text is at hand. If there are several or none of these, it is the last build's.
    pub is_current: bool,
    /// By rising id: children before parents, left to right.
    pub points: Vec<Point>,
    /// Code behind statements that may be left.
    pub continuations: Vec<Continuation>,
    /// Lines that hold code whose count is known, rising.
    pub lines: Vec<LineHits>,
    /// The file's text.
    pub source: Source,
    /// What the bundles hold of it; `None` if none of them has a source map.
    pub bundle: Option<ModuleBytes>,
    /// How much was seen of it, if the counts come from a store.
    pub seen: Option<FileSeen>,
}

/// One probe and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    /// Its id in its build.
    pub id: ProbeId,
    /// What a hit means.
    pub kind: ProbeKind,
    /// Name of the function that owns it, or that it is the entry of. Not unique.
    pub function: Arc<str>,
    /// Start of the construct.
    pub at: Position,
    /// The code that it counts; absent with mappings in Closure's format.
    pub span: Option<Span>,
    /// Times it was hit, over all reports.
    pub hits: u64,
    /// Number of reports that name it, be it with 0.
    pub reports: u64,
    /// No bundle that was shipped holds the probe.
    pub is_removed: bool,
    /// When it was hit, if the counts come from a store. What is kept of counts may be less old.
    pub seen: Option<Seen>,
}

/// The code that a point counts, and its neighbours. All indexes are into the file's points.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// The place in the grammar.
    pub site: Site,
    /// Inclusive.
    pub start: Position,
    /// Exclusive; equal to `start` for an `else` or `default` that nobody wrote.
    pub end: Position,
    /// The entry of the function around; `None` at top level.
    pub owner: Option<usize>,
    /// The first point of the same decision; the point itself if it stands alone.
    pub decision: usize,
}

/// What became of a point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// It was hit.
    Run,
    /// It was shipped, and no report has a hit.
    NeverRun,
    /// The minifier or the bundler dropped it, so that it could not be hit.
    Removed,
}

/// The branches of one `if`, `switch`, `?:`, loop or logical operator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Indexes of the file's points, in source order: `then` before `else`, cases before the `default` nobody wrote.
    pub arms: Vec<usize>,
}

impl Point {
    /// What became of it.
    pub fn state(&self) -> State {
        match (self.hits, self.is_removed) {
            (1.., _) => State::Run,
            (0, false) => State::NeverRun,
            (0, true) => State::Removed,
        }
    }

    /// Whether it is the entry of a function, not a branch.
    pub fn is_function(&self) -> bool {
        self.kind == ProbeKind::Function
    }
}

impl FileCoverage {
    /// Entries of functions, in source order.
    pub fn functions(&self) -> Vec<&Point> {
        let mut functions: Vec<&Point> = self.points.iter().filter(|point| point.is_function()).collect();
        functions.sort_by_key(|point| (point.at, point.id));
        functions
    }

    /// All branches, by decision, in source order. Without spans, the points of an `if` are known by their common
    /// position; every other one stands alone.
    pub fn decisions(&self) -> Vec<Decision> {
        let mut decisions: Vec<Decision> = Vec::new();
        let mut place: HashMap<DecisionKey<'_>, usize> = HashMap::new();
        for (index, point) in self.points.iter().enumerate().filter(|(_, point)| !point.is_function()) {
            let key = match &point.span {
                Some(span) => DecisionKey::First(span.decision),
                None => DecisionKey::At(point.at, &point.function),
            };
            match place.get(&key) {
                Some(&at) => decisions[at].arms.push(index),
                None => {
                    place.insert(key, decisions.len());
                    decisions.push(Decision { arms: vec![index] });
                }
            }
        }
        decisions.sort_by_key(|decision| {
            let first = &self.points[decision.arms[0]];
            (first.at, first.id)
        });
        decisions
    }

    /// For each point the one whose span it directly lies in; `None` at top level, and without spans.
    pub fn parents(&self) -> Vec<Option<usize>> {
        let mut spans: Vec<(usize, &Span)> =
            self.points.iter().enumerate().filter_map(|(index, point)| Some((index, point.span.as_ref()?))).collect();
        // Of two equal spans, as those of an arm and of the arrow in it, the inner one has the lower id.
        spans.sort_by_key(|(index, span)| (span.start, Reverse(span.end), Reverse(*index)));
        let mut parents = vec![None; self.points.len()];
        let mut open: Vec<(usize, &Span)> = Vec::new();
        for (index, span) in spans {
            while open.pop_if(|(_, around)| around.end <= span.start).is_some() {}
            parents[index] = open.last().map(|(around, _)| *around);
            open.push((index, span));
        }
        parents
    }

    /// Covered and total functions, branches and lines.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for point in &self.points {
            match point.is_function() {
                true => summary.functions.add(point.state()),
                false => summary.branches.add(point.state()),
            }
        }
        let covered = self.lines.iter().filter(|line| line.hits > 0).count();
        summary.lines = Tally { covered: covered as u64, total: self.lines.len() as u64, removed: 0 };
        summary
    }

    /// Computes the lines anew, after points have changed.
    pub(crate) fn update_lines(&mut self) {
        self.lines = line_hits(self);
    }
}

#[derive(PartialEq, Eq, Hash)]
enum DecisionKey<'a> {
    First(usize),
    At(Position, &'a str),
}

impl Coverage {
    /// Joins every build with its counts. Files of several builds that have the same text are one file, and their
    /// hits are added.
    pub fn new(builds: &[Build], sources: &SourceFolder) -> Self {
        let mut coverage = Self::default();
        let mut versions: HashMap<String, Vec<Version>> = HashMap::new();
        for build in builds {
            coverage.reports = coverage.reports.saturating_add(build.counts.reports());
            if let Some(bundle) = &build.bundle {
                let totals = coverage.bundle.get_or_insert_default();
                totals.bytes += bundle.total;
                totals.probes += bundle.probes;
            }
            if let Some(evidence) = &build.evidence {
                coverage.evidence = Some(coverage.evidence.take().unwrap_or_default().with(&evidence.whole));
            }
            for (index, FilePoints { points, continuations }) in points_by_file(build).into_iter().enumerate() {
                let name = &build.mapping.files()[index];
                let listed = build.listed(index);
                let hash = listed.and_then(|file| file.hash.clone());
                let known = versions.entry(name.clone()).or_default();
                let same = known.iter().find(|other| {
                    hash.is_some() && other.hash == hash && have_same_points(&coverage.files[other.at].points, &points)
                });
                let seen = build.evidence.as_ref().map(|known| known.file(index));
                if let Some(same) = same {
                    let file = &mut coverage.files[same.at];
                    add_hits(&mut file.points, &points);
                    if let Some(bundle) = &build.bundle {
                        file.bundle.get_or_insert_default().merge(&bundle.of_file(index));
                    }
                    file.seen = file.seen.into_iter().chain(seen).reduce(FileSeen::with);
                    continue;
                }
                let source = sources.load(name, listed);
                let build_id = build.manifest.as_ref().map(|manifest| manifest.build.clone());
                let label = build_id.unwrap_or_else(|| (known.len() + 1).to_string());
                known.push(Version { hash, label, at: coverage.files.len() });
                coverage.files.push(FileCoverage {
                    name: name.clone(),
                    is_current: true,
                    points,
                    continuations,
                    lines: Vec::new(),
                    source,
                    bundle: build.bundle.as_ref().map(|bundle| bundle.of_file(index)),
                    seen,
                });
            }
        }
        versions.values().for_each(|versions| coverage.name_versions(versions));
        coverage.files.iter_mut().for_each(FileCoverage::update_lines);
        coverage
    }

    /// Tells the versions of one file apart.
    fn name_versions(&mut self, versions: &[Version]) {
        let has_text = |version: &&Version| self.files[version.at].source.text().is_some();
        let Some(current) = versions.iter().rfind(has_text).or(versions.last()).map(|version| version.at) else {
            return;
        };
        for version in versions.iter().filter(|version| version.at != current) {
            let file = &mut self.files[version.at];
            file.is_current = false;
            file.name = format!("{}@{}", file.name, version.label);
        }
    }

    /// For readers that find files by their names: without versions that are not current.
    pub fn current(&self) -> Cow<'_, Self> {
        if self.files.iter().all(|file| file.is_current) {
            return Cow::Borrowed(self);
        }
        let files = self.files.iter().filter(|file| file.is_current).cloned().collect();
        Cow::Owned(Self { files, evidence: self.evidence.clone(), ..*self })
    }

    /// Covered and total functions, branches and lines.
    pub fn summary(&self) -> Summary {
        self.files.iter().map(FileCoverage::summary).sum()
    }

    /// The files by name.
    pub fn sorted_files(&self) -> Vec<&FileCoverage> {
        let mut files: Vec<_> = self.files.iter().collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files
    }
}

/// A file as one build, or several, had it.
struct Version {
    hash: Option<String>,
    /// The first of these builds.
    label: String,
    /// Index of its coverage.
    at: usize,
}

/// What a build knows of one file.
#[derive(Clone, Default)]
pub(crate) struct FilePoints {
    pub(crate) points: Vec<Point>,
    pub(crate) continuations: Vec<Continuation>,
}

/// The points of each file of a build, in the order of the mapping's FileNames.
pub(crate) fn points_by_file(build: &Build) -> Vec<FilePoints> {
    let mapping = &build.mapping;
    let functions: Vec<Arc<str>> = mapping.functions().iter().map(|name| name.as_str().into()).collect();
    let mut files = vec![FilePoints::default(); mapping.files().len()];
    // Where each probe went: its file and its index there.
    let mut places = Vec::with_capacity(mapping.len());
    for (at, (id, probe)) in mapping.probes().enumerate() {
        let points = &mut files[probe.file as usize].points;
        places.push((probe.file, points.len()));
        let sum = build.counts.at(at);
        points.push(Point {
            id,
            kind: probe.kind,
            function: functions[probe.function as usize].clone(),
            at: probe.at,
            span: None,
            hits: sum.hits,
            reports: sum.reports,
            is_removed: build.is_removed(id),
            seen: build.evidence.as_ref().and_then(|known| *known.points.get(at)?),
        });
    }
    // A neighbour in another file, which only a source map can bring about, is none.
    let neighbour = |id: ProbeId, file| {
        mapping.position(id).map(|at| places[at]).filter(|(other, _)| *other == file).map(|(_, index)| index)
    };
    for ((_, probe), &(file, index)) in mapping.probes().zip(&places) {
        let Some(extent) = &probe.extent else { continue };
        files[file as usize].points[index].span = Some(Span {
            site: extent.site,
            start: extent.start,
            end: extent.end,
            owner: extent.owner.and_then(|owner| neighbour(owner, file)),
            decision: neighbour(extent.decision, file).unwrap_or(index),
        });
    }
    for continuation in mapping.continuations() {
        let Some((file, _)) = continuation.plus.first().and_then(|id| mapping.position(*id)).map(|at| places[at])
        else {
            continue;
        };
        let neighbours = |ids: &[ProbeId]| ids.iter().map(|id| neighbour(*id, file)).collect::<Option<Vec<usize>>>();
        if let (Some(plus), Some(minus)) = (neighbours(&continuation.plus), neighbours(&continuation.minus)) {
            let (start, end) = (continuation.start, continuation.end);
            files[file as usize].continuations.push(Continuation { start, end, plus, minus });
        }
    }
    files
}

fn have_same_points(one: &[Point], other: &[Point]) -> bool {
    let same = |(a, b): (&Point, &Point)| a.kind == b.kind && a.at == b.at && a.span == b.span;
    one.len() == other.len() && one.iter().zip(other).all(same)
}

fn add_hits(points: &mut [Point], others: &[Point]) {
    for (point, other) in points.iter_mut().zip(others) {
        point.hits = point.hits.saturating_add(other.hits);
        point.reports = point.reports.saturating_add(other.reports);
        point.is_removed &= other.is_removed;
        point.seen = together(point.seen, other.seen);
    }
}
