//! What changed between two builds: ids mean nothing in another build, so code is known again by its place and text.
//!
//! | matched | by |
//! |---|---|
//! | files | their name; of those left over, the hash of their content: the file was moved |
//! | points of a file whose hash is the same | their order: the code is the same, so each has exactly one counterpart |
//! | functions of a file that changed | their own name and those of the functions around them; where several share these, first by equal text, then by order |
//! | branches of two functions that match | their order, if both functions have the same kinds of branches in the same order; else they are not compared |
//!
//! A function that was renamed is one that is gone and a new one. Where a source is not at hand, equal text is not
//! known and order alone decides. Mappings in Closure's format do not say which function is within which; its own
//! name must do.

use std::collections::HashMap;

use crate::coverage::{FileCoverage, Point, State};
use crate::offsets::Offsets;

/// One of the two builds.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Its files, with the hits of its own reports.
    pub files: &'a [FileCoverage],
    /// The hash of each file's content, where it is known.
    pub hashes: &'a [Option<&'a str>],
}

/// What became of code from one build to the next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Change {
    /// It ran before and does not any more.
    NoLongerRuns,
    /// It never ran before and does now.
    NowRuns,
    /// It is new and has never run.
    NewNeverRun,
    /// It is gone.
    Gone,
}

/// One change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// What became of it.
    pub change: Change,
    /// Whether it is all of a file.
    pub is_file: bool,
    /// Where it was; `None` if it is new.
    pub before: Option<Place>,
    /// Where it is; `None` if it is gone.
    pub after: Option<Place>,
}

/// Code in one of the two builds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Index of the file.
    pub file: usize,
    /// Index of the function or branch among the file's points; of a file its first one.
    pub point: usize,
    /// Times it was hit; of a file, that all of it was.
    pub hits: u64,
}

/// How many of a kind are in both builds, or in one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Kinship {
    /// In both, with the same text.
    pub same: usize,
    /// In both, with another text or one that is not known.
    pub changed: usize,
    /// In the later one alone.
    pub new: usize,
    /// In the earlier one alone.
    pub gone: usize,
}

/// Two builds side by side.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Comparison {
    /// In order of the files of the later build; then those of files that are gone.
    pub changes: Vec<Changed>,
    /// Files that have points.
    pub files: Kinship,
    /// Functions.
    pub functions: Kinship,
}

/// Compares two builds.
pub fn compare(before: Side<'_>, after: Side<'_>) -> Comparison {
    let mut comparison = Comparison::default();
    let matched = match_files(before, after);
    let mut is_gone: Vec<bool> = before.files.iter().map(|file| !file.points.is_empty()).collect();
    for (index, file) in after.files.iter().enumerate().filter(|(_, file)| !file.points.is_empty()) {
        let Some(other) = matched[index] else {
            comparison.add_new(index, file);
            continue;
        };
        is_gone[other] = false;
        let was = &before.files[other];
        let is_same = before.hashes[other].is_some() && before.hashes[other] == after.hashes[index];
        let pair = Pair { before: (other, was), after: (index, file) };
        if is_same && have_same_kinds(&was.points, &file.points) {
            comparison.files.same += 1;
            comparison.functions.same += file.points.iter().filter(|point| point.is_function()).count();
            comparison.add_points(pair, (0..file.points.len()).map(|point| (point, point)).collect());
        } else {
            comparison.files.changed += 1;
            comparison.add_changed(pair);
        }
    }
    for (index, _) in is_gone.iter().enumerate().filter(|(_, is_gone)| **is_gone) {
        comparison.add_gone(index, &before.files[index]);
    }
    comparison
}

/// For each file of `after` the index of its counterpart.
fn match_files(before: Side<'_>, after: Side<'_>) -> Vec<Option<usize>> {
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    for (index, file) in before.files.iter().enumerate().filter(|(_, file)| !file.points.is_empty()) {
        by_name.entry(&file.name).or_insert(index);
    }
    let mut matched: Vec<Option<usize>> = after.files.iter().map(|file| by_name.remove(file.name.as_str())).collect();
    let mut by_hash: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut left: Vec<usize> = by_name.into_values().collect();
    left.sort_unstable_by(|a, b| b.cmp(a));
    for index in left {
        if let Some(hash) = before.hashes[index] {
            by_hash.entry(hash).or_default().push(index);
        }
    }
    for (index, found) in matched.iter_mut().enumerate().filter(|(_, found)| found.is_none()) {
        *found = after.hashes[index].and_then(|hash| by_hash.get_mut(hash)?.pop());
    }
    matched
}

fn have_same_kinds(one: &[Point], other: &[Point]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.kind == b.kind && a.at == b.at)
}

/// A file in both builds, with its index in each.
#[derive(Clone, Copy)]
struct Pair<'a> {
    before: (usize, &'a FileCoverage),
    after: (usize, &'a FileCoverage),
}

impl Comparison {
    /// Points of one file that match. If nothing in the file ran in one of the builds, that is
    /// all there is to say.
    fn add_points(&mut self, pair: Pair<'_>, mut matched: Vec<(usize, usize)>) {
        let (was, is) = (pair.before.1, pair.after.1);
        let place = |(file, coverage): (usize, &FileCoverage), point: usize| Place {
            file,
            point,
            hits: coverage.points[point].hits,
        };
        let changed = |was: bool, is: bool| match (was, is) {
            (true, false) => Some(Change::NoLongerRuns),
            (false, true) => Some(Change::NowRuns),
            _ => None,
        };
        if let Some(change) = changed(ran(was), ran(is)) {
            let (before, after) = (whole(pair.before.0, was), whole(pair.after.0, is));
            self.changes.push(Changed { change, is_file: true, before: Some(before), after: Some(after) });
            return;
        }
        matched.sort_by_key(|(_, other)| (is.points[*other].at, *other));
        for (one, other) in matched {
            let (a, b) = (&was.points[one], &is.points[other]);
            let Some(change) = changed(a.hits > 0, b.hits > 0) else { continue };
            // Of a function that does not run no branch does; the function says it all.
            let tells_more = b.is_function() || is_owner_run(was, a) && is_owner_run(is, b);
            if tells_more {
                let (before, after) = (place(pair.before, one), place(pair.after, other));
                self.changes.push(Changed { change, is_file: false, before: Some(before), after: Some(after) });
            }
        }
    }

    fn add_changed(&mut self, pair: Pair<'_>) {
        let ((at_before, was), (at_after, is)) = (pair.before, pair.after);
        let (before, after) = (functions(was), functions(is));
        let (pairs, gone, new) = match_functions(&before, &after);
        let mut points = Vec::new();
        for (one, other) in pairs {
            let (one, other) = (&before[one], &after[other]);
            if let (Some(one), Some(other)) = (one.entry, other.entry) {
                points.push((one, other));
            }
            match one.text.is_some() && one.text == other.text {
                true => self.functions.same += usize::from(one.entry.is_some()),
                false => self.functions.changed += usize::from(one.entry.is_some()),
            }
            let site = |file: &FileCoverage, point: usize| {
                let point = &file.points[point];
                (point.kind, point.span.map(|span| span.site))
            };
            let is_alike = one.branches.len() == other.branches.len()
                && one.branches.iter().zip(&other.branches).all(|(a, b)| site(was, *a) == site(is, *b));
            if is_alike {
                points.extend(one.branches.iter().copied().zip(other.branches.iter().copied()));
            }
        }
        self.add_points(pair, points);

        let outermost = |file: &FileCoverage, all: &[usize], point: usize| {
            let owner = file.points[point].span.and_then(|span| span.owner);
            owner.is_none_or(|owner| !all.contains(&owner))
        };
        let entries = |all: Vec<usize>, functions: &[Function<'_>]| -> Vec<usize> {
            all.into_iter().filter_map(|function| functions[function].entry).collect()
        };
        let (gone, new) = (entries(gone, &before), entries(new, &after));
        self.functions.gone += gone.len();
        self.functions.new += new.len();
        for &point in gone.iter().filter(|point| outermost(was, &gone, **point)) {
            let before = Some(Place { file: at_before, point, hits: was.points[point].hits });
            self.changes.push(Changed { change: Change::Gone, is_file: false, before, after: None });
        }
        let never: Vec<usize> = new.into_iter().filter(|point| is.points[*point].state() == State::NeverRun).collect();
        for &point in never.iter().filter(|point| ran(is) && outermost(is, &never, **point)) {
            let after = Some(Place { file: at_after, point, hits: 0 });
            self.changes.push(Changed { change: Change::NewNeverRun, is_file: false, before: None, after });
        }
    }

    fn add_new(&mut self, index: usize, file: &FileCoverage) {
        self.files.new += 1;
        let functions = functions(file);
        let entries: Vec<usize> = functions.iter().filter_map(|function| function.entry).collect();
        self.functions.new += entries.len();
        let new = |is_file, after| Changed { change: Change::NewNeverRun, is_file, before: None, after: Some(after) };
        if !ran(file) {
            self.changes.push(new(true, whole(index, file)));
            return;
        }
        let never = |point: usize| file.points[point].state() == State::NeverRun;
        for point in entries.into_iter().filter(|point| never(*point)) {
            let owner = file.points[point].span.and_then(|span| span.owner);
            if owner.is_none_or(|owner| !never(owner)) {
                self.changes.push(new(false, Place { file: index, point, hits: 0 }));
            }
        }
    }

    fn add_gone(&mut self, index: usize, file: &FileCoverage) {
        self.files.gone += 1;
        self.functions.gone += file.points.iter().filter(|point| point.is_function()).count();
        let before = Some(whole(index, file));
        self.changes.push(Changed { change: Change::Gone, is_file: true, before, after: None });
    }
}

fn ran(file: &FileCoverage) -> bool {
    file.points.iter().any(|point| point.hits > 0)
}

/// All of a file.
fn whole(file: usize, coverage: &FileCoverage) -> Place {
    let point = (0..coverage.points.len()).min_by_key(|point| coverage.points[*point].at).unwrap_or_default();
    let hits = coverage.points.iter().fold(0_u64, |sum, point| sum.saturating_add(point.hits));
    Place { file, point, hits }
}

/// At top level code is taken to run.
fn is_owner_run(file: &FileCoverage, point: &Point) -> bool {
    point.span.and_then(|span| span.owner).is_none_or(|owner| file.points[owner].hits > 0)
}

/// A function of one file, or what lies outside of all.
struct Function<'a> {
    /// Index of its entry; `None` for the top level.
    entry: Option<usize>,
    /// Its name behind those of the functions around.
    path: String,
    /// `None` if the source is not at hand, or the mapping does not know where it ends.
    text: Option<&'a str>,
    /// Indexes of the branches that it owns itself, in source order.
    branches: Vec<usize>,
}

/// In source order.
fn functions(file: &FileCoverage) -> Vec<Function<'_>> {
    let text = file.source.text();
    let offsets = Offsets::of(text.unwrap_or_default());
    let mut order: Vec<usize> = (0..file.points.len()).collect();
    order.sort_by_key(|point| (file.points[*point].at, std::cmp::Reverse(*point)));
    let mut functions = vec![Function { entry: None, path: String::new(), text: None, branches: Vec::new() }];
    let mut place: HashMap<usize, usize> = HashMap::new();
    for &entry in order.iter().filter(|point| file.points[**point].is_function()) {
        let point = &file.points[entry];
        // What is around it begins before it.
        let around = point.span.and_then(|span| span.owner).and_then(|owner| place.get(&owner)).copied().unwrap_or(0);
        let path = format!("{}\0{}", functions[around].path, point.function);
        let text = point.span.and_then(|span| text?.get(offsets.byte(span.start)..offsets.byte(span.end)));
        place.insert(entry, functions.len());
        functions.push(Function { entry: Some(entry), path, text, branches: Vec::new() });
    }
    for &branch in order.iter().filter(|point| !file.points[**point].is_function()) {
        let owner = file.points[branch].span.and_then(|span| span.owner).and_then(|owner| place.get(&owner));
        functions[owner.copied().unwrap_or(0)].branches.push(branch);
    }
    functions
}

/// Indexes of those that match, of those that are gone, and of those that are new.
fn match_functions(before: &[Function<'_>], after: &[Function<'_>]) -> (Vec<(usize, usize)>, Vec<usize>, Vec<usize>) {
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, function) in before.iter().enumerate() {
        groups.entry(&function.path).or_default().push(index);
    }
    let mut pairs = Vec::new();
    let mut left = Vec::new();
    for (index, function) in after.iter().enumerate() {
        let same = groups.get_mut(function.path.as_str()).and_then(|group| {
            let at = group.iter().position(|other| function.text.is_some() && before[*other].text == function.text)?;
            Some(group.remove(at))
        });
        match same {
            Some(other) => pairs.push((other, index)),
            None => left.push(index),
        }
    }
    let mut new = Vec::new();
    for index in left {
        match groups.get_mut(after[index].path.as_str()).filter(|group| !group.is_empty()) {
            Some(group) => pairs.push((group.remove(0), index)),
            None => new.push(index),
        }
    }
    let mut gone: Vec<usize> = groups.into_values().flatten().collect();
    gone.sort_unstable();
    (pairs, gone, new)
}

#[cfg(test)]
mod tests;
