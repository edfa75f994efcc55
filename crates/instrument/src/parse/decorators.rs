//! Decorators that the parser reads and forgets: before a function or a block, for one. Printed without them, the
//! program that is none would become one.

use std::ops::Range;

use memchr::memchr_iter;
use swc_core::common::{BytePos, Span};
use swc_core::ecma::ast::{ClassDecl, Decorator, FnDecl, FnExpr, Function, JSXText, Program, Regex, Str, TplElement};
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
    let mut known = Known(Vec::new());
    if text.starts_with("#!") {
        let is_line_end = |found: char| matches!(found, '\n' | '\r' | '\u{2028}' | '\u{2029}');
        known.0.push(0..text.find(is_line_end).unwrap_or(text.len()));
    }
    program.visit_mut_with(&mut known);
    known.0.sort_unstable_by_key(|range| range.start);
    remove_all_in(&mut marks, known.0.into_iter());
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
struct Known(Vec<Range<usize>>);

impl Known {
    fn add(&mut self, span: Span) {
        self.0.push(range_of(span));
    }

    /// The parser keeps a function's decorators, as it does a method's; the printer does not know of them.
    fn forget(&mut self, function: &Function) {
        for decorator in &function.decorators {
            let start = range_of(decorator.span).start;
            self.0.retain(|range| range.start != start);
        }
    }
}

impl VisitMut for Known {
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
