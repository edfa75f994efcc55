//! Bytes of bundles by the place in the sources that they come from.
//!
//! A source map ties places of the bundle to places of the sources. Each reaches to the next one in its line, or to
//! the line's end, as readers of source maps have it:
//!
//! ```text
//! bundle   function a(n){ist_arr.push("G");return n?(ist_arr.push("C"),1):(ist_arr.push("E"),2)}
//! segments └a.js 1:0    └probe             └a.js 2:2 └probe            └a.js 2:13     …
//! ```
//!
//! The probes themselves are code of no module: they are counted apart, so that a module's bytes are those that it
//! has without them, but for a parenthesis or a brace that a probe brought along. What the map ties to no file of
//! the mapping belongs to no module: the bundler's own code, packages without probes, white space.

use std::ops::Range;

use pathlight_mapping::Position;

use super::module_map::{ModuleMap, Origin};
use crate::lines::source_lines;

/// Where the bytes of one build's bundles come from, as far as these have source maps. In UTF-8 bytes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BundleBytes {
    /// All bytes.
    pub total: u64,
    /// Those of probes.
    pub probes: u64,
    /// For each file of the mapping.
    modules: Vec<ModuleBytes>,
}

/// The bytes of one module.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ModuleBytes {
    /// Places in the source, rising, each with the bytes from all places up to it.
    sums: Vec<(Position, u64)>,
}

impl ModuleBytes {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.sums.last().map_or(0, |(_, sum)| *sum)
    }

    /// Those that come from the code from `start` to `end`, exclusive.
    pub fn between(&self, start: Position, end: Position) -> u64 {
        let before = |at: Position| {
            let index = self.sums.partition_point(|(place, _)| *place < at);
            index.checked_sub(1).map_or(0, |last| self.sums[last].1)
        };
        before(end).saturating_sub(before(start))
    }

    /// Adds those of the same file in another bundle.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.add(other.places());
    }

    fn places(&self) -> Vec<(Position, u64)> {
        let mut before = 0;
        let bytes = |&(at, sum)| (at, sum - std::mem::replace(&mut before, sum));
        self.sums.iter().map(bytes).collect()
    }

    fn add(&mut self, mut places: Vec<(Position, u64)>) {
        places.append(&mut self.places());
        places.sort_unstable_by_key(|(at, _)| *at);
        self.sums.clear();
        let mut sum = 0;
        for (at, bytes) in places {
            sum += bytes;
            match self.sums.last_mut().filter(|(last, _)| *last == at) {
                Some(last) => last.1 = sum,
                None => self.sums.push((at, sum)),
            }
        }
    }
}

impl BundleBytes {
    /// The bytes of the file with this index in the mapping.
    pub fn of_file(&self, index: usize) -> ModuleBytes {
        self.modules.get(index).cloned().unwrap_or_default()
    }

    /// Adds a bundle. `probes` are where its probes stand, rising.
    pub(crate) fn add(&mut self, text: &str, map: &ModuleMap, probes: &[Range<usize>]) {
        self.total += text.len() as u64;
        self.probes += probes.iter().map(|probe| probe.len() as u64).sum::<u64>();
        let mut places: Vec<Vec<(Position, u64)>> = Vec::new();
        let mut probes = Probes { ranges: probes, next: 0 };
        for_each_range(text, map, |range, Origin { file, at }| {
            let bytes = probes.outside(&range);
            if bytes > 0 {
                if places.len() <= file {
                    places.resize_with(file + 1, Vec::new);
                }
                places[file].push((at, bytes));
            }
        });
        if self.modules.len() < places.len() {
            self.modules.resize_with(places.len(), ModuleBytes::default);
        }
        for (module, places) in self.modules.iter_mut().zip(places).filter(|(_, places)| !places.is_empty()) {
            module.add(places);
        }
    }
}

/// Every range of the text that comes from a file of the mapping, in order.
fn for_each_range(text: &str, map: &ModuleMap, mut act: impl FnMut(Range<usize>, Origin)) {
    let mut segments = map.segments().peekable();
    for (number, line) in (0..).zip(source_lines(text)) {
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        let mut columns = Columns { line, byte: 0, column: 0 };
        let mut open: Option<(usize, Origin)> = None;
        while let Some(segment) = segments.next_if(|segment| segment.line <= number) {
            if segment.line < number {
                continue;
            }
            let at = start + columns.byte(segment.column);
            if let Some((from, origin)) = open {
                act(from..at, origin);
            }
            open = segment.origin.map(|origin| (at, origin));
        }
        if let Some((from, origin)) = open {
            act(from..start + line.len(), origin);
        }
    }
}

/// Columns of a line as bytes, for columns that do not fall.
struct Columns<'a> {
    line: &'a str,
    byte: usize,
    /// In UTF-16 code units.
    column: u32,
}

impl Columns<'_> {
    fn byte(&mut self, column: u32) -> usize {
        let mut chars = self.line[self.byte..].chars();
        while self.column < column
            && let Some(c) = chars.next()
        {
            self.column += c.len_utf16() as u32;
            self.byte += c.len_utf8();
        }
        self.byte
    }
}

/// The probes of a bundle, for ranges in order of the text.
struct Probes<'a> {
    ranges: &'a [Range<usize>],
    next: usize,
}

impl Probes<'_> {
    /// Number of bytes of a range that are of no probe.
    fn outside(&mut self, range: &Range<usize>) -> u64 {
        while self.ranges.get(self.next).is_some_and(|probe| probe.end <= range.start) {
            self.next += 1;
        }
        let inside = |probe: &Range<usize>| probe.end.min(range.end) - probe.start.max(range.start);
        let probes = self.ranges[self.next..].iter().take_while(|probe| probe.start < range.end);
        (range.len() - probes.map(inside).sum::<usize>()) as u64
    }
}
