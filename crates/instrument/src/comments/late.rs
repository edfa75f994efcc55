//! Comments that the printer passes by. It asks for those at a node's start and end, not at every comma and
//! bracket where the parser attaches one; what it leaves behind comes at the next place where it asks.

use std::cell::{Cell, OnceCell, RefCell};

use swc_core::common::BytePos;
use swc_core::common::comments::{Comment, CommentKind};

use super::CommentStore;
use crate::parse::{offset, skip_trivia};

/// The printer goes through the source from start to end: a group of comments before the place that it asks for
/// has been passed by, or is printed already.
pub(super) struct Late {
    /// Places that may have comments still, the first one last.
    places: RefCell<Vec<BytePos>>,
    /// The first of them, or [`NONE`].
    first: Cell<BytePos>,
    /// The last place that the printer asked for.
    reached: Cell<BytePos>,
    /// Whether there were some among those given last.
    pub(super) were_taken: Cell<bool>,
    /// Ends of the comments that speak of the line behind them, rising.
    line_ends: RefCell<Vec<BytePos>>,
    /// Every comment, in the order of the text; few files have to know.
    runs: OnceCell<Vec<Run>>,
}

/// A place behind all others.
const NONE: BytePos = BytePos(u32::MAX);

impl Default for Late {
    fn default() -> Self {
        Self {
            places: RefCell::default(),
            first: Cell::new(NONE),
            reached: Cell::default(),
            were_taken: Cell::default(),
            line_ends: RefCell::default(),
            runs: OnceCell::new(),
        }
    }
}

impl Late {
    /// Notes that the printer asks at `at`; the place before which comments that it has passed by stand.
    #[inline]
    pub(super) fn reach(&self, at: BytePos, asked: Asked) -> BytePos {
        let reached = self.reached.replace(at);
        // What stands behind a statement is asked for before the statement is printed.
        if asked == Asked::Behind { at.min(reached) } else { at }
    }

    #[inline]
    pub(super) fn is_any_before(&self, end: BytePos) -> bool {
        self.first.get() < end
    }
}

/// A comment, and the first of those that stand before it with nothing but blanks between; in byte offsets.
struct Run {
    first: usize,
    start: usize,
    /// Exclusive.
    end: usize,
}

/// On which side of a place the printer asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asked {
    Before,
    Behind,
}

impl CommentStore<'_> {
    /// From here on it is the printer that takes comments, for a tree in the order of its source.
    pub(crate) fn begin_printing(&self) {
        let mut places = self.leading.places();
        places.extend(self.trailing.places());
        places.sort_unstable_by(|a, b| b.cmp(a));
        places.dedup();
        self.late.first.set(places.last().copied().unwrap_or(NONE));
        self.late.places.replace(places);
        let mut line_ends = Vec::new();
        for side in [&self.leading, &self.trailing] {
            let comments = side.comments.borrow();
            let speaking = comments.values().flatten().filter(|comment| self.speaks_of_next_line(comment));
            line_ends.extend(speaking.map(|comment| comment.span.hi));
        }
        line_ends.sort_unstable();
        self.late.line_ends.replace(line_ends);
    }

    /// Ends of the comments behind which the line has to end, rising.
    pub(crate) fn line_ends(&self) -> Vec<BytePos> {
        self.late.line_ends.borrow().clone()
    }

    /// Whether TypeScript applies a block comment to the line behind it: printed on one line with what follows, it
    /// would speak of another.
    fn speaks_of_next_line(&self, comment: &Comment) -> bool {
        let is_directive = || ["@ts-ignore", "@ts-expect-error"].iter().any(|mark| comment.text.contains(mark));
        comment.kind == CommentKind::Block && is_directive() && {
            let behind = self.text.get(offset(comment.span.hi)..).unwrap_or_default();
            behind.trim_start_matches([' ', '\t']).starts_with(LINE_BREAKS)
        }
    }

    fn ends_line(&self, comment: &Comment) -> bool {
        self.late.line_ends.borrow().binary_search(&comment.span.hi).is_ok()
    }

    /// The comments passed by before `end`, as far as they can stand at `at`.
    pub(super) fn take_late(&self, end: BytePos, at: BytePos, asked: Asked) -> Vec<Comment> {
        let mut taken = Vec::new();
        let mut places = self.late.places.borrow_mut();
        while let Some(&place) = places.last().filter(|place| **place < end) {
            for side in [&self.leading, &self.trailing] {
                if side.get(place).is_some_and(|comments| !self.can_stand(&comments, at, asked)) {
                    return taken;
                }
                taken.extend(side.take(place).unwrap_or_default());
            }
            places.pop();
            self.late.first.set(places.last().copied().unwrap_or(NONE));
        }
        taken
    }

    /// Whether comments printed at `at` stay comments and change nothing.
    fn can_stand(&self, comments: &[Comment], at: BytePos, asked: Asked) -> bool {
        let (Some(first), Some(last)) = (comments.first(), comments.last()) else { return true };
        // The printer also asks at what it takes for a token's last byte.
        let Some((before, behind)) = self.text.split_at_checked(offset(at)) else { return false };
        let breaks_line = comments.iter().any(|comment| {
            comment.kind == CommentKind::Line || self.ends_line(comment) || comment.text.contains(LINE_BREAKS)
        });
        match asked {
            // Among the children of a JSX element it would be text; before a tag's name no parser expects it.
            Asked::Before if behind.starts_with('<') || before.ends_with(['<', '/']) && !before.ends_with("*/") => {
                false
            }
            // No line may end between `return`, `yield` or `async` and what follows, unless it does in the source.
            Asked::Before if breaks_line => {
                // Asked at a token's last byte, the printer gets what stands behind that token.
                let is_next = skip_trivia(self.text, offset(last.span.hi) as u32) as usize >= offset(at);
                let before = if is_next { &before[..offset(first.span.lo)] } else { before };
                let head = self.without_comments(before);
                let last_word = head.rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).next();
                // Of `else` and `do` comments belong into the block.
                last_word.is_none_or(|word| word.is_empty() || is_next && !matches!(word, "else" | "do"))
            }
            // Nor before `++` or `=>`.
            Asked::Behind if breaks_line => behind.trim_start().starts_with([')', ']', '}', ',', ';', ':']),
            _ => true,
        }
    }

    fn runs(&self) -> Vec<Run> {
        let mut spans: Vec<_> =
            self.spans_by_end().into_iter().map(|(end, start)| (start as usize, end as usize)).collect();
        spans.sort_unstable();
        let mut runs: Vec<Run> = Vec::with_capacity(spans.len());
        for (start, end) in spans {
            let is_blank = |before: &&Run| self.text.get(before.end..start).is_some_and(|gap| gap.trim().is_empty());
            let first = runs.last().filter(is_blank).map_or(start, |before| before.first);
            runs.push(Run { first, start, end });
        }
        runs
    }

    /// The head of the text without the comments and blanks at its end.
    fn without_comments<'t>(&self, head: &'t str) -> &'t str {
        let head = head.trim_end();
        let runs = self.late.runs.get_or_init(|| self.runs());
        let before = runs[..runs.partition_point(|run| run.start < head.len())].last();
        let run = before.filter(|run| head.len() <= run.end);
        run.and_then(|run| head.get(..run.first)).map_or(head, str::trim_end)
    }
}

const LINE_BREAKS: [char; 4] = ['\n', '\r', '\u{2028}', '\u{2029}'];
