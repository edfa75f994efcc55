//! V8's block coverage of code without probes, as Node writes it to `NODE_V8_COVERAGE`.
//!
//! A function is found by its end, which V8 and the mapping see alike; of a branch the innermost range counts that
//! holds its first character, without the function that begins there: how often `() => 1` in `a ? () => 1 : b` was
//! called says nothing of how often it was made. V8 does not count everything:
//!
//! * `||=`, `&&=` and `??=` have the count of the code around;
//! * an `else` that nobody wrote is what is left of its `if` when `then` is taken off; a `default` that nobody wrote
//!   likewise, which comes out too low where cases with statements fall through. How often the `if` was reached is
//!   not always known: V8's range behind an earlier `return` ends where the next range begins, be it that of an arm
//!   of a `?:`, and code behind that has the count of the whole block. But who goes by an `if` comes out behind it,
//!   where V8 begins a new range: no more than that is counted;
//! * what a call throws is not seen: code behind it counts as run to the end of the block, and so may the unwritten
//!   `else` of an `if` whose condition throws or is not reached.

use std::collections::HashMap;

use pathlight_mapping::Site;
use serde::Deserialize;

use super::import::{Known, PointHits, fill_made};
use crate::coverage::{FileCoverage, Point};
use crate::offsets::Offsets;
use crate::source::Source;

#[derive(Deserialize)]
struct Report {
    result: Vec<Script>,
}

#[derive(Deserialize)]
struct Script {
    url: String,
    functions: Vec<Function>,
}

#[derive(Deserialize)]
struct Function {
    ranges: Vec<Range>,
}

/// In UTF-16 code units from the start of the script.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
struct Range {
    start_offset: u32,
    end_offset: u32,
    count: u64,
}

/// Hits by file, for those files that the mapping knows.
pub(super) fn hits(json: &[u8], known: &Known) -> Result<Vec<(usize, PointHits)>, String> {
    let report: Report = serde_json::from_slice(json).map_err(|error| format!("no coverage of V8's: {error}"))?;
    let mut found = Vec::new();
    for script in report.result {
        let Some(index) = path_of(&script.url).and_then(|path| known.find(&path)) else { continue };
        let file = &known.files[index];
        match &file.source {
            Source::Text(text) => found.push((index, hits_of(file, text, &script.functions))),
            Source::Changed => return Err(format!("{} has changed since the build", file.name)),
            Source::Missing => {
                return Err(format!("{} is not at hand, and offsets mean nothing without it", file.name));
            }
        }
    }
    Ok(found)
}

/// Node's own scripts have other URLs.
fn path_of(url: &str) -> Option<String> {
    let path = url.strip_prefix("file://")?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn hits_of(file: &FileCoverage, text: &str, functions: &[Function]) -> PointHits {
    let counts = Counts::new(functions);
    let offsets = Offsets::of(text);
    let mut hits: PointHits = file.points.iter().map(|point| counts.of_point(point, &offsets)).collect();
    fill_made(file, &[Site::IfElse, Site::SwitchNoMatch], &mut hits, |at| counts.at(offsets.unit(at)));
    for (point, hits) in file.points.iter().zip(&mut hits) {
        if let Some(span) = point.span.filter(|span| span.start == span.end) {
            *hits = counts.at(offsets.unit(span.start)).min(*hits);
        }
    }
    hits
}

/// The ranges of one script.
struct Counts {
    /// By start, those that hold others before them; with each whether it is a whole function.
    ranges: Vec<(Range, bool)>,
    /// For each range the one that it lies in.
    parents: Vec<Option<usize>>,
    /// The first range of each function, by its end.
    functions: HashMap<u32, Vec<Range>>,
}

impl Counts {
    fn new(functions: &[Function]) -> Self {
        let ranges_of = |function: &Function| {
            let ranges = function.ranges.iter().enumerate().map(|(index, range)| (*range, index == 0));
            ranges.collect::<Vec<_>>()
        };
        let mut ranges: Vec<(Range, bool)> = functions.iter().flat_map(ranges_of).collect();
        ranges.sort_by_key(|(range, _)| (range.start_offset, std::cmp::Reverse(range.end_offset)));
        let mut parents = Vec::with_capacity(ranges.len());
        let mut open: Vec<usize> = Vec::new();
        for (index, (range, _)) in ranges.iter().enumerate() {
            while open.pop_if(|around| ranges[*around].0.end_offset <= range.start_offset).is_some() {}
            parents.push(open.last().copied());
            open.push(index);
        }
        let mut by_end: HashMap<u32, Vec<Range>> = HashMap::new();
        for range in functions.iter().filter_map(|function| function.ranges.first()) {
            by_end.entry(range.end_offset).or_default().push(*range);
        }
        Self { ranges, parents, functions: by_end }
    }

    /// Of the innermost range around an offset that `is_wanted` wants, which is told whether it is a whole function.
    fn innermost(&self, offset: u32, is_wanted: impl Fn(&Range, bool) -> bool) -> u64 {
        let mut index = self.ranges.partition_point(|(range, _)| range.start_offset <= offset).checked_sub(1);
        while let Some(at) = index {
            let (range, is_function) = &self.ranges[at];
            if offset < range.end_offset && is_wanted(range, *is_function) {
                return range.count;
            }
            index = self.parents[at];
        }
        0
    }

    /// Of the innermost range around an offset.
    fn at(&self, offset: u32) -> u64 {
        self.innermost(offset, |_, _| true)
    }

    /// Of the code from `start` to `end`. A function that begins with it lies in it; the script, which may begin with
    /// it too, does not.
    fn of_code(&self, start: u32, end: u32) -> u64 {
        let lies_within = |range: &Range| range.start_offset == start && range.end_offset <= end;
        self.innermost(start, |range, is_function| !(is_function && lies_within(range)))
    }

    fn of_point(&self, point: &Point, offsets: &Offsets<'_>) -> u64 {
        let Some(span) = &point.span else { return 0 };
        let start = offsets.unit(span.start);
        if point.is_function() {
            let same_end = self.functions.get(&offsets.unit(span.end)).into_iter().flatten();
            // Of arrows that end together, the outermost one within the span.
            let of_function =
                same_end.filter(|range| range.start_offset >= start).min_by_key(|range| range.start_offset);
            return of_function.map_or_else(|| self.at(start), |range| range.count);
        }
        self.of_code(start, offsets.unit(span.end))
    }
}
