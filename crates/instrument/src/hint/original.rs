//! Hints in the originals of an input that a compiler made: it may have dropped their comments.
//!
//! Each original that holds a hint is read in its own language, and what its hints cover is carried over: a
//! piece of the input is ignored if the source map says that it comes from there.

use memchr::{memchr3_iter, memmem};

use crate::comments::CommentStore;
use crate::hint::spelling::{TOOLS, hint_in, inner_text, is_ornament, may_hold_hint};
use crate::hint::{Found, HintWarning, covers, merge, starts_of_lines};
use crate::input_map::{InputMap, Origin, OriginalSource};
use crate::lines::LineTable;
use crate::needles::Needles;
use crate::parse::{FileKind, SourceType, parse};

/// Line and column, both from 0.
type Place = (u32, u32);

/// What the hints of an original cover.
#[derive(Default)]
struct OriginalHints {
    /// Sorted and disjoint.
    ranges: Vec<(Place, Place)>,
    /// Sorted.
    missing_elses: Vec<Place>,
}

impl OriginalHints {
    fn everything() -> Self {
        Self { ranges: vec![((0, 0), (u32::MAX, 0))], missing_elses: Vec::new() }
    }
}

/// Adds what the originals' hints cover in `text`.
pub(super) fn add(found: &mut Found, warnings: &mut Vec<HintWarning>, text: &str, lines: &LineTable, map: &InputMap) {
    let mut hints: Vec<_> = (0..).zip(map.sources()).map(|(at, source)| read(at, source, warnings)).collect();
    if let Some(token) = found.whole_file_from
        && map.sources().len() > 1
    {
        // A bundle keeps the comments of its parts: one that speaks of its file does not speak of the bundle.
        found.whole_file_from = None;
        let (line, column) = lines.cursor().line_column(token);
        if let Some(origin) = map.trace(line, column) {
            hints[origin.source as usize] = Some(OriginalHints::everything());
        }
    }
    if hints.iter().all(Option::is_none) {
        return;
    }
    let hints_of = |origin: &Option<Origin>| {
        let origin = origin.as_ref()?;
        hints[origin.source as usize].as_ref().map(|hints| (hints, (origin.line, origin.column)))
    };
    let mut offsets = Offsets::new(text);
    let mut open = None;
    for ((line, column), origin) in map.segments() {
        let start = offsets.of(line, column);
        if let Some((from, from_line)) = open.take() {
            let end = if from_line == line { start } else { offsets.end_of(from_line) };
            found.ranges.push((from, end));
        }
        if let Some((hints, place)) = hints_of(&origin) {
            if covers(&hints.ranges, place) {
                open = Some((start, line));
            }
            if hints.missing_elses.binary_search(&place).is_ok() {
                found.missing_elses.push(start);
            }
        }
    }
    found.ranges.extend(open.map(|(from, line)| (from, offsets.end_of(line))));
}

/// Reads the hints of one original, the source of this index; `None` if it has none.
fn read(index: u32, source: &OriginalSource, warnings: &mut Vec<HintWarning>) -> Option<OriginalHints> {
    let text = source.content.as_deref()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !may_hold_hint(text, &Needles::new(text)) {
        return None;
    }
    let comments = CommentStore::new(text);
    // `App.vue?vue&type=script` is no file name.
    let name = source.name.split(['?', '#']).next().unwrap_or_default();
    let program = FileKind::of(name).and_then(|kind| parse(text, kind.language, SourceType::Auto, &comments).ok());
    let spans = match &program {
        Some(_) => comments.spans_by_end().into_iter().map(|(end, start)| (start, end)).collect(),
        None => comments_with_hints(text),
    };
    let mut found = Found::new(program.as_ref(), text, &spans);
    let table = LineTable::new(text);
    warnings.extend(found.take_warnings(text, Some(index), &table));
    if found.whole_file_from.is_some() {
        return Some(OriginalHints::everything());
    }
    let mut ranges = found.ranges;
    merge(&mut ranges);
    let mut cursor = table.cursor();
    let mut place = |offset: u32| match offset {
        offset if offset as usize > text.len() => (u32::MAX, 0),
        offset => cursor.line_column(offset),
    };
    let ranges: Vec<_> = ranges.into_iter().map(|(start, end)| (place(start), place(end))).collect();
    let mut missing_elses: Vec<_> = found.missing_elses.into_iter().map(place).collect();
    missing_elses.sort_unstable();
    (!(ranges.is_empty() && missing_elses.is_empty())).then_some(OriginalHints { ranges, missing_elses })
}

/// The comments that may be hints in a text that cannot be parsed: a template around a script, a language of its
/// own. A string that looks like one is taken for one.
fn comments_with_hints(text: &str) -> Vec<(u32, u32)> {
    let tools = TOOLS.iter().flat_map(|tool| memmem::find_iter(text.as_bytes(), tool));
    // What is no hint is known from its words: only a hint's end is looked for.
    let mut hints: Vec<_> = tools.filter(|at| hint_in(&text[*at..]).is_some()).collect();
    hints.sort_unstable();
    let mut comments = Vec::new();
    let mut read = 0;
    for at in hints {
        // What stands in a hint is its reason.
        if at >= read
            && let Some((start, end)) = comment_around(text, at)
            && hint_in(inner_text(&text[start..end])).is_some()
        {
            comments.push((start as u32, end as u32));
            read = end;
        }
    }
    comments
}

/// The comment that begins with the words at `at`, as far as their line goes.
fn comment_around(text: &str, at: usize) -> Option<(usize, usize)> {
    let opened = text[..at].trim_end_matches(is_ornament);
    let (open, close) = [("<!--", "-->"), ("//", "\n"), ("/", "*/")].into_iter().find(|(o, _)| opened.ends_with(o))?;
    let rest = &text.as_bytes()[at..];
    let end = memchr3_iter(b'\n', b'\r', close.as_bytes()[0], rest).find_map(|at| match rest[at] {
        b'\n' | b'\r' => Some(at),
        _ => rest[at..].starts_with(close.as_bytes()).then_some(at + close.len()),
    });
    Some((opened.len() - open.len(), at + end.unwrap_or(rest.len())))
}

/// Lines and columns of a text to byte offsets, asked in rising order.
struct Offsets<'a> {
    text: &'a str,
    starts: Vec<u32>,
    is_ascii: bool,
    /// The last line, column and offset.
    last: (u32, u32, u32),
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, starts: starts_of_lines(text), is_ascii: text.is_ascii(), last: (0, 0, 0) }
    }

    /// Where a line ends, its break included.
    fn end_of(&self, line: u32) -> u32 {
        self.starts.get(line as usize + 1).copied().unwrap_or(self.text.len() as u32)
    }

    fn of(&mut self, line: u32, column: u32) -> u32 {
        let Some(&start) = self.starts.get(line as usize) else { return self.text.len() as u32 };
        let end = self.end_of(line);
        if self.is_ascii {
            return start.saturating_add(column).min(end);
        }
        if self.last.0 != line || self.last.1 > column {
            self.last = (line, 0, start);
        }
        let (_, mut at_column, mut at) = self.last;
        for c in self.text[at as usize..end as usize].chars() {
            if at_column >= column {
                break;
            }
            at_column += c.len_utf16() as u32;
            at += c.len_utf8() as u32;
        }
        self.last = (line, at_column, at);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_units() {
        let text = "é😀a\nb\u{2028}c";
        let mut offsets = Offsets::new(text);
        let found: Vec<_> = [(0, 0), (0, 1), (0, 3), (0, 4), (0, 99), (1, 0), (2, 0), (2, 1), (9, 9)]
            .map(|(line, column)| offsets.of(line, column))
            .to_vec();
        assert_eq!(found, [0, 2, 6, 7, 8, 8, 12, 13, 13]);
    }

    #[test]
    fn comments_are_found_without_a_parser() {
        let text = "<a/> <!-- c8 ignore start -->\n// v8 ignore next 2\n/** istanbul ignore file */ c8 ignore file\n\
                    /* node:coverage disable */ / c8 ignore next";
        let found: Vec<_> =
            comments_with_hints(text).into_iter().map(|(start, end)| &text[start as usize..end as usize]).collect();
        assert_eq!(
            found,
            [
                "<!-- c8 ignore start -->",
                "// v8 ignore next 2",
                "/** istanbul ignore file */",
                "/* node:coverage disable */"
            ]
        );
    }
}
