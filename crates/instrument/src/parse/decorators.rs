//! Decorators that the parser reads and forgets: before a function or a block, for one. Printed without them, the
//! program that is none would become one.

use std::iter;
use std::ops::Range;

use memchr::memchr_iter;
use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::{
    ClassDecl, Decorator, Expr, FnDecl, FnExpr, Function, JSXText, Program, Regex, Stmt, Str, TplElement,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

use super::range_of;
use crate::comments::CommentStore;

/// Byte offsets of the first `@` that begins a decorator of which `program` knows nothing. What it knows and nothing can
/// come of is taken out.
pub(super) fn first_forgotten(program: &mut Program, text: &str, comments: &CommentStore) -> Option<Range<usize>> {
    let mut marks: Vec<_> = memchr_iter(b'@', text.as_bytes()).filter(|at| may_begin(text, *at)).collect();
    if marks.is_empty() {
        return None;
    }
    let in_comments = comments.spans_by_end().into_iter().map(|(end, start)| start as usize..end as usize);
    remove_all_in(&mut marks, in_comments);
    if marks.is_empty() {
        return None;
    }
    if text.starts_with("#!") {
        let is_line_end = |found: char| matches!(found, '\n' | '\r' | '\u{2028}' | '\u{2029}');
        remove_all_in(&mut marks, iter::once(0..text.find(is_line_end).unwrap_or(text.len())));
    }
    // A walk through the whole of a large tree costs a tenth of the parser's time and more. But a decorator may stand
    // before the span of what it decorates.
    for is_whole in [false, true] {
        if marks.is_empty() {
            return None;
        }
        let mut known = Known { marks: &marks, is_whole, ranges: Vec::new() };
        program.visit_mut_with(&mut known);
        let mut ranges = known.ranges;
        ranges.sort_unstable_by_key(|range| range.start);
        remove_all_in(&mut marks, ranges.into_iter());
    }
    marks.first().map(|at| *at..at + 1)
}

/// Most are ruled out by their neighbours: no decorator stands directly behind a string, as `"@scope/name"` has it.
fn may_begin(text: &str, at: usize) -> bool {
    let follows_quote = text[..at].ends_with(['"', '\'', '`']);
    // A name, which may begin with an escape, or an expression in parentheses; blanks and comments may stand before.
    let is_head = |next: char| next.is_alphabetic() || !next.is_ascii() || " \t\r\n\u{b}\u{c}/(\\_$".contains(next);
    !follows_quote && text[at + 1..].starts_with(is_head)
}

/// Both rise; the ranges do not overlap.
fn remove_all_in(marks: &mut Vec<usize>, ranges: impl Iterator<Item = Range<usize>>) {
    let mut ranges = ranges.peekable();
    marks.retain(|mark| {
        while ranges.next_if(|range| range.end <= *mark).is_some() {}
        ranges.peek().is_none_or(|range| *mark < range.start)
    });
}

/// Where the program knows of what an `@` can stand in, or begin.
struct Known<'a> {
    /// The offsets asked about, rising.
    marks: &'a [usize],
    /// Also where no mark stands.
    is_whole: bool,
    ranges: Vec<Range<usize>>,
}

impl Known<'_> {
    fn add(&mut self, span: Span) {
        self.ranges.push(range_of(span));
    }

    /// Whether to look into the node with this span.
    fn may_know(&self, span: Span) -> bool {
        let Range { start, end } = range_of(span);
        self.is_whole
            || self.marks.get(self.marks.partition_point(|mark| *mark < start)).is_some_and(|mark| *mark < end)
    }

    /// The parser keeps a function's decorators, as it does a method's; the printer does not know of them.
    fn forget(&mut self, function: &Function) {
        for decorator in &function.decorators {
            let start = range_of(decorator.span).start;
            self.ranges.retain(|range| range.start != start);
        }
    }
}

impl VisitMut for Known<'_> {
    fn visit_mut_stmt(&mut self, n: &mut Stmt) {
        if self.may_know(n.span()) {
            n.visit_mut_children_with(self);
        }
    }

    fn visit_mut_expr(&mut self, n: &mut Expr) {
        if self.may_know(n.span()) {
            n.visit_mut_children_with(self);
        }
    }

    fn visit_mut_decorator(&mut self, n: &mut Decorator) {
        self.add(Span::new(n.span.lo, n.span.lo + BytePos(1)));
        n.visit_mut_children_with(self);
    }

    fn visit_mut_fn_decl(&mut self, n: &mut FnDecl) {
        n.visit_mut_children_with(self);
        self.forget(&n.function);
    }

    fn visit_mut_fn_expr(&mut self, n: &mut FnExpr) {
        n.visit_mut_children_with(self);
        self.forget(&n.function);
    }

    /// `declare class` makes nothing that could be decorated, and the printer writes `declare @d class`, which few
    /// parsers read.
    fn visit_mut_class_decl(&mut self, n: &mut ClassDecl) {
        n.visit_mut_children_with(self);
        if n.declare {
            n.class.decorators.clear();
        }
    }

    fn visit_mut_str(&mut self, n: &mut Str) {
        self.add(n.span);
    }

    fn visit_mut_tpl_element(&mut self, n: &mut TplElement) {
        self.add(n.span);
    }

    fn visit_mut_regex(&mut self, n: &mut Regex) {
        self.add(n.span);
    }

    fn visit_mut_jsx_text(&mut self, n: &mut JSXText) {
        self.add(n.span);
    }
}
