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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::module_map::Module;

    const MAPPINGS: &str = "AAAA,IAAI,QCCE;AAAA,C";

    fn at(line: u32, column: u32) -> Position {
        Position { line, column }
    }

    fn map(mappings: &str, modules: [Module; 2]) -> ModuleMap {
        let json = format!(r#"{{"version":3,"sources":["a","b"],"names":[],"mappings":"{mappings}"}}"#);
        let mut modules = modules.into_iter();
        ModuleMap::parse(json.as_bytes(), |_, _| modules.next().unwrap()).unwrap()
    }

    #[test]
    fn a_segment_reaches_to_the_next_one_or_to_the_end_of_its_line() {
        // Line 1: a 1:0 from column 0, a 1:4 from 4, b 2:6 from 12. Line 2: b 2:6 from 0, nothing from 1.
        let map = map(MAPPINGS, [Module::Original(3), Module::Original(1)]);
        let mut bundle = BundleBytes::default();
        bundle.add("éé34p.push(1);2\u{1f600}z\nxyz", &map, std::slice::from_ref(&(6..16)));
        assert_eq!((bundle.total, bundle.probes), (26, 10));
        // The probe is all of the second segment and begins the third.
        assert_eq!((bundle.of_file(3).total(), bundle.of_file(1).total()), (6, 7));
        let module = bundle.of_file(3);
        assert_eq!(module.between(at(1, 0), at(1, 4)), 6);
        assert_eq!(module.between(at(1, 1), at(9, 0)), 0);
        assert_eq!(bundle.of_file(1).between(at(2, 6), at(2, 7)), 7);
        assert_eq!(bundle.of_file(7), ModuleBytes::default());

        let once = bundle.of_file(1);
        let mut twice = once.clone();
        twice.merge(&once);
        assert_eq!((twice.total(), twice.between(at(2, 0), at(2, 6))), (14, 0));
    }

    #[test]
    fn generated_code_is_followed_to_what_it_was_made_of() {
        let inner = map("AAAA,EACA", [Module::Original(0), Module::Foreign]);
        let outer = map(MAPPINGS, [Module::Generated(Box::new(inner)), Module::Foreign]);
        let mut bundle = BundleBytes::default();
        bundle.add("0123456789ab and more\n", &outer, &[]);
        // The first segment leads to column 0 of the generated code, the second one to column 4, behind its second segment.
        let module = bundle.of_file(0);
        assert_eq!((module.between(at(1, 0), at(1, 1)), module.between(at(2, 0), at(2, 1))), (4, 8));
        assert_eq!(module.total(), 12);
    }

    #[test]
    fn what_is_no_map_is_said() {
        let parse = |json: &str| ModuleMap::parse(json.as_bytes(), |_, _| Module::Foreign).map(|_| ());
        for json in [
            "",
            "[]",
            r#"{"version":3,"sources":[],"mappings":"AAAA"}"#,
            r#"{"version":3,"sources":["a"],"mappings":"!"}"#,
        ] {
            assert!(parse(json).is_err(), "{json}");
        }
    }
}
