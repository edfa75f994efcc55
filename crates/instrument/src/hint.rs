//! Ignore hints: comments that say what is not to be probed.
//!
//! | comment | what gets no probe |
//! |---|---|
//! | `istanbul ignore next` | the outermost node that starts at the next token, with all it holds |
//! | `istanbul ignore next 3` | the 3 lines after the comment, or from its own line on if code stands before it there |
//! | `istanbul ignore if`, `… else` | that branch of the `if` at the next token, with all it holds |
//! | `istanbul ignore start` … `… stop` | everything between; without a stop, everything to the end |
//! | `istanbul ignore file`, Closure's `@nocoverage` in a file comment | everything |
//!
//! So write istanbul, c8, Vitest (v8) and Node (`node:coverage`) their hints, and pathlight its own. A hint counts
//! where a person wrote it: in the input, and in the originals that an input source map holds.

mod node;
mod original;
mod spelling;
mod warning;

use swc_core::ecma::ast::Program;

use crate::comments::CommentStore;
use crate::hint::node::Outermost;
use crate::hint::spelling::{Hint, NODE, hint_in, inner_text, is_file_comment, may_hold_hint, words};
use crate::hint::warning::{first_words, unknown_hint};
use crate::input_map::InputMap;
use crate::lines::LineTable;
use crate::needles::Needles;

pub use crate::hint::warning::{HintWarning, HintWarningKind};

/// Whether the text of a comment is a hint on what follows it.
pub(crate) fn is_of_next(comment: &str) -> bool {
    matches!(hint_in(comment), Some(Hint::Next | Hint::Lines(_) | Hint::Branch(_)))
}

/// Byte ranges without probes.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    /// What looks like a hint and is none.
    pub(crate) warnings: Vec<HintWarning>,
    /// Sorted, disjoint, end exclusive.
    ranges: Vec<(u32, u32)>,
    /// Starts of `if` statements whose missing `else` is not to be counted; sorted.
    missing_elses: Vec<u32>,
}

impl Ignored {
    pub(crate) fn covers(&self, offset: u32) -> bool {
        covers(&self.ranges, offset)
    }

    pub(crate) fn covers_missing_else(&self, if_start: u32) -> bool {
        self.missing_elses.binary_search(&if_start).is_ok()
    }
}

/// Whether one of these ranges, sorted and disjoint, holds `at`.
fn covers<T: Copy + Ord>(ranges: &[(T, T)], at: T) -> bool {
    let after = ranges.partition_point(|(start, _)| *start <= at);
    after > 0 && at < ranges[after - 1].1
}

/// Reads the hints of a file and, if it came with a source map, those of its originals.
pub(crate) fn ignored(
    program: &Program,
    text: &str,
    needles: &Needles,
    comments: &CommentStore,
    lines: &LineTable,
    map: Option<&InputMap>,
) -> Ignored {
    let mut found = Found::default();
    let mut warnings = Vec::new();
    if may_hold_hint(text, needles) {
        let comments: Vec<_> = comments.spans_by_end().into_iter().map(|(end, start)| (start, end)).collect();
        found = Found::new(Some(program), text, &comments);
        // The original is where to mend a comment; but a stop that a compiler dropped is missing here alone.
        let has_original = map.is_some_and(|map| map.sources().iter().any(|source| source.content.is_some()));
        let is_here = |warning: &HintWarning| !has_original || warning.kind == HintWarningKind::NotStopped;
        warnings.extend(found.take_warnings(text, None, lines).filter(is_here));
    }
    if let Some(map) = map {
        original::add(&mut found, &mut warnings, text, lines, map);
    }
    let mut ranges = if found.whole_file_from.is_some() { vec![(0, u32::MAX)] } else { found.ranges };
    merge(&mut ranges);
    found.missing_elses.sort_unstable();
    Ignored { warnings, ranges, missing_elses: found.missing_elses }
}

/// What the hints of one text cover, in no order.
#[derive(Debug, Default)]
struct Found {
    ranges: Vec<(u32, u32)>,
    missing_elses: Vec<u32>,
    /// A hint covers the whole file; the next token after it.
    whole_file_from: Option<u32>,
    /// What is wrong with which comment, by its place in the text.
    warnings: Vec<(HintWarningKind, (u32, u32))>,
}

impl Found {
    /// `comments` are their starts and ends, sorted. Without a program only the hints that speak of lines and
    /// of the file are understood.
    fn new(program: Option<&Program>, text: &str, comments: &[(u32, u32)]) -> Self {
        let mut found = Self::default();
        let tokens = next_tokens(text, comments);
        let first_token = match comments.first() {
            Some((start, _)) if skip_blanks(text, 0) == *start || text.starts_with("#!") => tokens[0],
            _ => 0,
        };
        let (mut starts, mut branches, mut open) = (Vec::new(), Vec::new(), None);
        let mut line_starts: Vec<u32> = Vec::new();
        for (&(start, end), &token) in comments.iter().zip(&tokens) {
            let Some(comment) = text.get(start as usize..end as usize) else { continue };
            let Some(hint) = hint_in(inner_text(comment)) else {
                if end <= first_token && is_file_comment(comment) {
                    found.whole_file_from.get_or_insert(token);
                }
                if unknown_hint(inner_text(comment)).is_some() {
                    found.warnings.push((HintWarningKind::Unknown, (start, end)));
                }
                continue;
            };
            match hint {
                Hint::Next => starts.push(token),
                Hint::Lines(count) => {
                    if line_starts.is_empty() {
                        line_starts = starts_of_lines(text);
                    }
                    found.ranges.push(lines_after(text, &line_starts, (start, end), count));
                }
                Hint::Branch(branch) => branches.push((token, branch)),
                Hint::Start => drop(open.get_or_insert((start, end))),
                Hint::Stop => match open.take() {
                    Some((_, open)) => found.ranges.push((open, start)),
                    None => found.warnings.push((HintWarningKind::NotStarted, (start, end))),
                },
                Hint::File => drop(found.whole_file_from.get_or_insert(token)),
            }
        }
        if let Some((start, end)) = open {
            found.ranges.push((end, u32::MAX));
            // Node's `disable` is said to hold as long as nothing enables.
            let tool = words(inner_text(&text[start as usize..end as usize])).map(|(tool, _)| tool);
            if tool != Some(NODE) {
                found.warnings.push((HintWarningKind::NotStopped, (start, end)));
            }
        }
        if let Some(program) = program
            && !(starts.is_empty() && branches.is_empty())
        {
            Outermost::find(program, starts, branches, &mut found);
        }
        found
    }

    /// The warnings as one reads them, in the order of the text.
    fn take_warnings(
        &mut self,
        text: &str,
        source: Option<u32>,
        lines: &LineTable,
    ) -> impl Iterator<Item = HintWarning> {
        self.warnings.sort_unstable_by_key(|(_, span)| *span);
        let mut cursor = lines.cursor();
        std::mem::take(&mut self.warnings).into_iter().map(move |(kind, (start, end))| HintWarning {
            source,
            at: cursor.position(start),
            kind,
            words: first_words(inner_text(&text[start as usize..end as usize])),
        })
    }
}

/// For each comment the offset of the first thing behind it that is neither blank nor comment.
fn next_tokens(text: &str, comments: &[(u32, u32)]) -> Vec<u32> {
    let mut tokens = vec![0; comments.len()];
    for at in (0..comments.len()).rev() {
        let next = skip_blanks(text, comments[at].1);
        // From the last one on, so that a run of comments is walked once.
        tokens[at] = match comments.get(at + 1) {
            Some((start, _)) if *start == next => tokens[at + 1],
            _ => next,
        };
    }
    tokens
}

fn skip_blanks(text: &str, from: u32) -> u32 {
    let rest = text.get(from as usize..).unwrap_or_default();
    (text.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len()) as u32
}

/// Byte offset of every line's start, as ECMAScript ends lines.
fn starts_of_lines(text: &str) -> Vec<u32> {
    let ends = text.match_indices(['\n', '\r', '\u{2028}', '\u{2029}']);
    let ends = ends.filter(|(at, end)| *end != "\r" || !text[at + 1..].starts_with('\n'));
    std::iter::once(0).chain(ends.map(|(at, end)| (at + end.len()) as u32)).collect()
}

/// The lines that `ignore next N` means, as c8 counts them.
fn lines_after(text: &str, starts: &[u32], comment: (u32, u32), count: u32) -> (u32, u32) {
    let line_of = |offset: u32| starts.partition_point(|start| *start <= offset) - 1;
    let before = &text[starts[line_of(comment.0)] as usize..comment.0 as usize];
    let is_alone = before.trim().is_empty();
    let first = line_of(comment.1) + usize::from(is_alone);
    let end = |line: usize| starts.get(line).copied().unwrap_or(u32::MAX);
    let start = if is_alone { end(first) } else { starts[line_of(comment.0)] };
    (start, end(first.saturating_add(count as usize)))
}

/// Sorts ranges and joins those that touch.
fn merge<T: Copy + Ord>(ranges: &mut Vec<(T, T)>) {
    ranges.retain(|(start, end)| start < end);
    ranges.sort_unstable();
    ranges.dedup_by(|next, last| {
        let touches = next.0 <= last.1;
        if touches {
            last.1 = last.1.max(next.1);
        }
        touches
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_joined() {
        let mut ranges = vec![(7, 9), (1, 3), (2, 5), (5, 6), (4, 4), (8, 8)];
        merge(&mut ranges);
        assert_eq!(ranges, [(1, 6), (7, 9)]);
        let held: Vec<u32> = (0..11).filter(|at| covers(&ranges, *at)).collect();
        assert_eq!(held, [1, 2, 3, 4, 5, 7, 8]);
    }

    #[test]
    fn lines_end_as_in_ecmascript() {
        assert_eq!(starts_of_lines("a\nb\r\nc\rd\u{2028}e\n"), [0, 2, 5, 7, 11, 13]);
    }

    #[test]
    fn a_comment_alone_speaks_of_the_lines_below_and_one_behind_code_of_its_own() {
        let text = "a\n/* x */\nb\nc\nd /* y */\ne";
        let starts = starts_of_lines(text);
        assert_eq!(lines_after(text, &starts, (2, 9), 1), (10, 12));
        assert_eq!(lines_after(text, &starts, (2, 9), u32::MAX), (10, u32::MAX));
        assert_eq!(lines_after(text, &starts, (16, 23), 1), (14, 24));
        assert_eq!(lines_after(text, &starts, (16, 23), 2), (14, u32::MAX));
    }

    #[test]
    fn runs_of_comments_have_one_next_token() {
        assert_eq!(next_tokens("/* a */ /* b */\n x /* c */", &[(0, 7), (8, 15), (19, 26)]), [17, 17, 26]);
    }
}
