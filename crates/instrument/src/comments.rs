//! The comments of one file, by the position of the token they stand at.

mod late;

use std::cell::{Cell, RefCell};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::comments::{Comment, CommentKind, Comments};
use swc_core::common::{BytePos, DUMMY_SP, Span};

use self::late::{Asked, Late};
use crate::input_map::{is_reference, may_name_map};
use crate::parse::{FIRST, range_of};

/// swc asks for comments at every node's start and end, and hardly ever finds one: a bit for each position
/// answers nearly all of these questions without hashing.
pub(crate) struct CommentStore<'a> {
    text: &'a str,
    leading: Side,
    trailing: Side,
    /// Every comment that the parser found.
    found: RefCell<Vec<Span>>,
    late: Late,
    /// Names of members that the printer asks for before it prints the words and decorators of the member, too.
    asked_early: RefCell<FxHashSet<BytePos>>,
}

struct Side {
    /// One bit a position.
    present: Vec<Cell<u64>>,
    comments: RefCell<FxHashMap<u32, Vec<Comment>>>,
}

impl<'a> CommentStore<'a> {
    /// For a text whose first byte is at position 1.
    pub(crate) fn new(text: &'a str) -> Self {
        let side = || Side::new(text.len());
        Self {
            text,
            leading: side(),
            trailing: side(),
            found: RefCell::default(),
            late: Late::default(),
            asked_early: RefCell::default(),
        }
    }

    /// Byte offsets (exclusive end, start) of every comment, by rising end.
    pub(crate) fn spans_by_end(&self) -> Vec<(u32, u32)> {
        let found = self.found.borrow();
        let mut spans: Vec<_> = found.iter().map(|span| (span.hi.0 - FIRST, span.lo.0 - FIRST)).collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    }

    /// Byte offsets of what comments as in HTML begin with, `<!--` or `-->`.
    pub(crate) fn html_marks(&self) -> Vec<Range<usize>> {
        let mut marks = Vec::new();
        for side in [&self.leading, &self.trailing] {
            let comments = side.comments.borrow();
            let line_comments = comments.values().flatten().filter(|comment| comment.kind == CommentKind::Line);
            marks.extend(line_comments.filter_map(|comment| {
                let Range { start, end } = range_of(comment.span);
                // Where swc's span begins and what it leaves out of the text tells them from `//`.
                match (end - start).checked_sub(comment.text.len())? {
                    0 => Some(start.checked_sub(3)?..start),
                    3 => Some(start.checked_sub(1)?..start + 3),
                    _ => None,
                }
            }));
        }
        marks
    }

    /// Drops the comments behind all code that name the text's source map: of another text it would be wrong.
    pub(crate) fn drop_map_references(&self) {
        if !may_name_map(self.text) {
            return;
        }
        let mut code_end = self.text.len();
        for (end, start) in self.spans_by_end().into_iter().rev() {
            let behind = self.text.get(end as usize..code_end);
            if !behind.is_some_and(|behind| behind.trim().is_empty()) {
                break;
            }
            code_end = start as usize;
        }
        for side in [&self.leading, &self.trailing] {
            side.retain(|comment| range_of(comment.span).start < code_end || !is_reference(&comment.text));
        }
    }

    /// Forgets all, to parse anew.
    pub(crate) fn clear(&self) {
        self.leading.clear();
        self.trailing.clear();
        self.found.borrow_mut().clear();
    }

    /// Whether some of the comments that the printer was given last stand in the source before what it has printed.
    pub(crate) fn were_late(&self) -> bool {
        self.late.were_taken.get()
    }

    /// Notes that the printer asks once too often, and too early, for what stands before `name`, that of a class's
    /// method: before a decorator or `static` it would speak of those.
    pub(crate) fn expect_early(&self, name: BytePos) {
        if !self.found.borrow().is_empty() {
            self.asked_early.borrow_mut().insert(name);
        }
    }

    fn note<'c>(&self, comments: impl IntoIterator<Item = &'c Comment>) {
        let found = comments.into_iter().map(|comment| comment.span).filter(|span| span.lo.0 >= FIRST);
        self.found.borrow_mut().extend(found);
    }

    /// The comments of a place, those first that the printer has passed by before it. Hardly ever are there any.
    #[inline(always)]
    fn take(&self, pos: BytePos, side: &Side, asked: Asked) -> Option<Vec<Comment>> {
        let end = self.late.reach(pos, asked);
        if self.late.is_any_before(end) || side.has(pos) { self.take_found(pos, end, side, asked) } else { None }
    }

    #[cold]
    fn take_found(&self, pos: BytePos, end: BytePos, side: &Side, asked: Asked) -> Option<Vec<Comment>> {
        if asked == Asked::Before && self.asked_early.borrow_mut().remove(&pos) {
            return None;
        }
        let mut comments = self.take_late(end, pos, asked);
        self.late.were_taken.set(!comments.is_empty());
        comments.extend(side.take(pos).unwrap_or_default());
        (!comments.is_empty()).then_some(comments)
    }

    /// Whether a comment stands directly before or behind the node with this span.
    pub(crate) fn stands_at(&self, span: Span) -> bool {
        self.leading.has(span.lo) || self.trailing.has(span.hi)
    }
}

impl Side {
    fn new(bytes: usize) -> Self {
        Self { present: vec![Cell::new(0); bytes / 64 + 2], comments: RefCell::default() }
    }

    #[inline]
    fn bit(&self, pos: BytePos) -> Option<(&Cell<u64>, u64)> {
        Some((self.present.get(pos.0 as usize / 64)?, 1 << (pos.0 % 64)))
    }

    #[inline]
    fn has(&self, pos: BytePos) -> bool {
        self.bit(pos).is_some_and(|(word, bit)| word.get() & bit != 0)
    }

    fn add(&self, pos: BytePos, comments: impl IntoIterator<Item = Comment>) {
        if let Some((word, bit)) = self.bit(pos) {
            word.set(word.get() | bit);
            self.comments.borrow_mut().entry(pos.0).or_default().extend(comments);
        }
    }

    fn take(&self, pos: BytePos) -> Option<Vec<Comment>> {
        let (word, bit) = self.bit(pos)?;
        if word.get() & bit == 0 {
            return None;
        }
        word.set(word.get() & !bit);
        self.comments.borrow_mut().remove(&pos.0)
    }

    fn get(&self, pos: BytePos) -> Option<Vec<Comment>> {
        if self.has(pos) { self.comments.borrow().get(&pos.0).cloned() } else { None }
    }

    fn retain(&self, keeps: impl Fn(&Comment) -> bool) {
        self.comments.borrow_mut().retain(|pos, comments| {
            comments.retain(&keeps);
            if let (true, Some((word, bit))) = (comments.is_empty(), self.bit(BytePos(*pos))) {
                word.set(word.get() & !bit);
            }
            !comments.is_empty()
        });
    }

    fn places(&self) -> Vec<BytePos> {
        self.comments.borrow().keys().copied().map(BytePos).collect()
    }

    fn clear(&self) {
        self.present.iter().for_each(|word| word.set(0));
        self.comments.borrow_mut().clear();
    }

    fn shift(&self, from: BytePos, to: BytePos) {
        if let Some(comments) = self.take(from) {
            self.add(to, comments);
        }
    }
}

impl Comments for CommentStore<'_> {
    fn add_leading(&self, pos: BytePos, comment: Comment) {
        self.note([&comment]);
        self.leading.add(pos, [comment]);
    }

    fn add_leading_comments(&self, pos: BytePos, comments: Vec<Comment>) {
        self.note(&comments);
        self.leading.add(pos, comments);
    }

    fn has_leading(&self, pos: BytePos) -> bool {
        self.leading.has(pos)
    }

    fn move_leading(&self, from: BytePos, to: BytePos) {
        self.leading.shift(from, to);
    }

    #[inline]
    fn take_leading(&self, pos: BytePos) -> Option<Vec<Comment>> {
        self.take(pos, &self.leading, Asked::Before)
    }

    fn get_leading(&self, pos: BytePos) -> Option<Vec<Comment>> {
        self.leading.get(pos)
    }

    fn add_trailing(&self, pos: BytePos, comment: Comment) {
        self.note([&comment]);
        self.trailing.add(pos, [comment]);
    }

    fn add_trailing_comments(&self, pos: BytePos, comments: Vec<Comment>) {
        self.note(&comments);
        self.trailing.add(pos, comments);
    }

    fn has_trailing(&self, pos: BytePos) -> bool {
        self.trailing.has(pos)
    }

    fn move_trailing(&self, from: BytePos, to: BytePos) {
        self.trailing.shift(from, to);
    }

    #[inline]
    fn take_trailing(&self, pos: BytePos) -> Option<Vec<Comment>> {
        self.take(pos, &self.trailing, Asked::Behind)
    }

    fn get_trailing(&self, pos: BytePos) -> Option<Vec<Comment>> {
        self.trailing.get(pos)
    }

    fn add_pure_comment(&self, pos: BytePos) {
        const PURE: &str = "#__PURE__";
        if !self.get_leading(pos).is_some_and(|found| found.iter().any(|comment| comment.text == *PURE)) {
            self.leading.add(pos, [Comment { kind: CommentKind::Block, span: DUMMY_SP, text: PURE.into() }]);
        }
    }
}
