//! Comments that tools read stand before the node that they stood before.
//!
//! Other comments are for people, and the printer may move or drop them: in an empty parameter list, between a
//! keyword and its brace, behind the last element of a list, in a type. A tool's comment that stands before no node
//! says nothing, and only a licence has to stay. Coverage hints have been read when the output is made, and the
//! printer drops them before braces and defaults in patterns. A comment that names an input source map is taken out
//! on purpose: the output is another text.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::{BytePos, Span};

use super::error::{CheckErrorKind, CommentFate};
use super::walk::{Finding, Made, Parts, Same, Walk};
use crate::comments::CommentStore;
use crate::parse::{FIRST, skip_trivia};

/// What marks a comment that bundlers or minifiers read.
const MARKS: [&str; 8] = [
    "#__PURE__",
    "@__PURE__",
    "__NO_SIDE_EFFECTS__",
    "__INLINE__",
    "webpackIgnore",
    "webpackChunkName",
    "@vite-ignore",
    "turbopack",
];

/// What marks a comment that type checkers read: it speaks of the line behind it, of which nothing may be left once the
/// types are gone.
const OF_TYPES: [&str; 2] = ["@ts-ignore", "@ts-expect-error"];

/// What marks a comment that has to stay wherever it stands.
const LICENCES: [&str; 5] = ["@license", "@preserve", "@copyright", "@cc_on", "@ts-nocheck"];

/// A comment with the offsets of its text.
struct Comment<'a> {
    /// Without its delimiters.
    text: &'a str,
    start: u32,
    end: u32,
    is_block: bool,
}

impl<'a> Comment<'a> {
    fn is_licence(&self) -> bool {
        self.is_block && self.text.starts_with('!') || LICENCES.iter().any(|mark| self.text.contains(mark))
    }

    fn is_for_tools(&self, is_stripped: bool) -> bool {
        let has = |marks: &[&str]| marks.iter().any(|mark| self.text.contains(mark));
        self.is_licence() || has(&MARKS) || !is_stripped && has(&OF_TYPES)
    }

    /// Its lines: how they end and begin is the printer's.
    fn lines(&self) -> Vec<&'a str> {
        self.text.lines().map(str::trim).collect()
    }
}

/// Notes the tokens of the input whose places in the output will be asked for.
pub(super) fn prepare(walk: &mut Walk<'_>, input: &CommentStore) {
    let (text, is_stripped) = (walk.input_text, walk.is_stripped);
    let wanted = comments(text, input).filter(|comment| comment.is_for_tools(is_stripped));
    walk.wanted = wanted.map(|comment| (BytePos(significant(text, comment.end) + FIRST), None)).collect();
}

pub(super) fn check(walk: &mut Walk<'_>, output: &CommentStore, input: &CommentStore) -> Same {
    if walk.wanted.is_empty() {
        return Ok(());
    }
    walk.made.sort_unstable_by_key(|made| made.span.lo);
    let is_stripped = walk.is_stripped;
    let is_for_tools = |comment: &Comment<'_>| comment.is_for_tools(is_stripped);
    let mut kept: FxHashSet<Vec<&str>> = FxHashSet::default();
    let mut kept_at: FxHashMap<Option<u32>, FxHashSet<Vec<&str>>> = FxHashMap::default();
    for comment in comments(walk.output_text, output).filter(is_for_tools) {
        kept.insert(comment.lines());
        kept_at.entry(token_after_made(walk, &comment)).or_default().insert(comment.lines());
    }
    for comment in comments(walk.input_text, input).filter(is_for_tools) {
        let lines = comment.lines();
        let token = BytePos(significant(walk.input_text, comment.end) + FIRST);
        let stands_at = |at| kept_at.get(&at).is_some_and(|texts| texts.contains(&lines));
        let fate = match walk.wanted.get(&token).copied().flatten() {
            Some(place) if !stands_at(Some(significant(walk.output_text, place.0 - FIRST))) => {
                let is_parted = stands_at(None);
                if is_parted { CommentFate::Parted } else { CommentFate::Lost }
            }
            None if comment.is_licence() && !kept.contains(&lines) => CommentFate::Lost,
            _ => continue,
        };
        let text = comment.text.lines().next().unwrap_or_default().trim().to_owned();
        return Err(Box::new(Finding {
            kind: CheckErrorKind::Comment { text, fate },
            output: walk.wanted.get(&token).copied().flatten(),
            input: Some(BytePos(comment.start + FIRST)),
        }));
    }
    Ok(())
}

fn comments<'a>(text: &'a str, store: &CommentStore) -> impl Iterator<Item = Comment<'a>> {
    store.spans_by_end().into_iter().map(move |(end, start)| {
        let whole = text.get(start as usize..end as usize).unwrap_or_default();
        let is_block = whole.starts_with("/*");
        let inner = whole.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/"));
        // `<!--` and `-->` begin comments too, and are printed as `//`.
        let inner = inner.or_else(|| ["//", "<!--", "-->"].iter().find_map(|open| whole.strip_prefix(open)));
        Comment { text: inner.unwrap_or(whole), start, end, is_block }
    })
}

/// Where the first token of the input behind a comment stands; `None` if what was made parts them.
fn token_after_made(walk: &Walk<'_>, comment: &Comment<'_>) -> Option<u32> {
    let mut at = significant(walk.output_text, comment.end);
    loop {
        let position = BytePos(at + FIRST);
        let before = walk.made.partition_point(|made| made.span.lo <= position);
        match before.checked_sub(1).map(|last| walk.made[last]) {
            Some(Made { span, parts }) if position < span.hi => {
                if parts == Parts::All || parts == Parts::OfToken && !comment.is_licence() {
                    return None;
                }
                at = significant(walk.output_text, span.hi.0 - FIRST);
            }
            _ => return Some(at),
        }
    }
}

/// Where the next token stands but for parentheses: the printer adds some and leaves some out. Any other
/// punctuation ends what a comment could belong to.
fn significant(text: &str, from: u32) -> u32 {
    let mut at = skip_trivia(text, from);
    while text[at as usize..].starts_with('(') {
        at = skip_trivia(text, at + 1);
    }
    at
}

impl Made {
    /// Something that no token of the input is parted from anything by.
    pub(super) fn aside(span: Span) -> Self {
        Self { span, parts: Parts::None }
    }

    /// The statement that makes sure of the array, behind the comments of the file.
    pub(super) fn header(span: Span) -> Self {
        Self { span, parts: Parts::OfToken }
    }

    /// A probe before what it counts.
    pub(super) fn before(span: Span) -> Self {
        Self { span, parts: Parts::All }
    }
}
