//! The functions that compilers put around what TypeScript writes as `enum` and `namespace`.
//!
//! ```js
//! var E; (function (E) { E[E["A"] = 0] = "A"; })(E || (E = {}));        // tsc
//! var E = /* @__PURE__ */ ((E2) => { E2[E2["A"] = 0] = "A"; return E2; })(E || {});  // esbuild
//! var E = /*#__PURE__*/ function (E) { E[E["A"] = 0] = "A"; return E; }({});         // swc, Babel
//! ```
//!
//! Nobody wrote them, and each runs once. People write such calls too, so that the shape alone says nothing: it is
//! the source map that leads to the declaration. What people write leads to the tokens of a function and of its
//! argument, each to its own, and none of them is the name of an `enum` or a `namespace`.

use std::cell::OnceCell;

use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, BinExpr, BinaryOp, CallExpr, Callee, Expr, ExprOrSpread, FnExpr, MemberExpr,
    MemberProp, SimpleAssignTarget, VarDeclarator,
};

use crate::input_map::{InputMap, Origin};
use crate::lines::LineTable;
use crate::parse::FIRST;
use crate::syntax::{bare, is_asm};

/// Knows the wrappers of a file that came with a source map.
#[derive(Debug)]
pub(crate) struct Wrappers<'a> {
    map: &'a InputMap,
    lines: &'a LineTable,
    /// Those of each source.
    sources: Vec<OnceCell<LineTable>>,
}

/// A call that a variable is declared with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declared {
    call: Span,
    name: BytePos,
}

/// A call that may be a wrapper: where its parts begin.
struct Shape {
    function: BytePos,
    parameter: BytePos,
    /// The first name in the argument; `None` if that is `{}`.
    argument: Option<BytePos>,
}

impl<'a> Wrappers<'a> {
    /// For a text with these lines, which `map` came with.
    pub(crate) fn new(map: &'a InputMap, lines: &'a LineTable) -> Self {
        Self { map, lines, sources: map.sources().iter().map(|_| OnceCell::new()).collect() }
    }

    /// Whether a call is a wrapper; `declared` is the last one that a variable was declared with.
    pub(crate) fn hold(&self, call: &CallExpr, declared: Option<Declared>) -> bool {
        let Some(Shape { function, parameter, argument }) = Shape::of(call) else { return false };
        let declared = declared.filter(|declared| declared.call == call.span).map(|declared| declared.name);
        let mut names = [argument, declared].into_iter().flatten();
        [function, parameter].into_iter().chain(names.clone()).any(|at| self.is_at_declaration(at))
            || names.any(|name| self.share_origin(parameter, name))
    }

    /// Whether what begins here leads to the name of an `enum` or a `namespace`, or to the word before it.
    fn is_at_declaration(&self, at: BytePos) -> bool {
        let (line, column) = self.line_column(at);
        self.map.starting_at(line, column).any(|origin| {
            let text = self.original(&origin);
            text.is_some_and(|(before, after)| is_name_of_declaration(before, after) || begins_declaration(after))
        })
    }

    /// Whether the parameter and another name lead to one place, the text of which is not known. The start of a line
    /// is where maps without columns lead to, and one segment is no proof unless it begins at the name.
    fn share_origin(&self, parameter: BytePos, name: BytePos) -> bool {
        let segment = |at| {
            let (line, column) = self.line_column(at);
            self.map.segment(line, column)
        };
        let (Some((from, origin)), Some((name_from, named))) = (segment(parameter), segment(name)) else {
            return false;
        };
        let is_precise = from != name_from || name_from == self.line_column(name);
        is_precise && named.column > 0 && origin.is_same_place(&named) && self.content(&named).is_none()
    }

    fn line_column(&self, at: BytePos) -> (u32, u32) {
        self.lines.cursor().line_column(at.0.saturating_sub(FIRST))
    }

    /// The text in the line before an origin and from there, if the map holds it.
    fn original(&self, origin: &Origin) -> Option<(&'a str, &'a str)> {
        let text = self.content(origin)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = self.sources[origin.source as usize].get_or_init(|| LineTable::new(text));
        let (start, at) = (lines.start(origin.line)?, lines.offset(origin.line, origin.column)?);
        let end = lines.start(origin.line + 1).unwrap_or(text.len());
        Some((text.get(start..at)?, text.get(at..end)?))
    }

    fn content(&self, origin: &Origin) -> Option<&'a str> {
        self.map.sources()[origin.source as usize].content.as_deref()
    }
}

/// The call that a variable is declared with: `var E = exports.E = function (E) { … }({})`.
pub(crate) fn declared(declarator: &VarDeclarator) -> Option<Declared> {
    let name = declarator.name.as_ident()?.span.lo;
    let mut value = bare(declarator.init.as_deref()?);
    while let Expr::Assign(AssignExpr { op: AssignOp::Assign, right, .. }) = value {
        value = bare(right);
    }
    match value {
        Expr::Call(call) => Some(Declared { call: call.span, name }),
        _ => None,
    }
}

impl Shape {
    fn of(call: &CallExpr) -> Option<Self> {
        let Callee::Expr(callee) = &call.callee else { return None };
        let [ExprOrSpread { spread: None, expr: argument }] = call.args.as_slice() else { return None };
        let function = bare(callee);
        let parameter = parameter(function)?;
        Some(Self { function: function.span().lo, parameter, argument: first_name(argument)? })
    }
}

/// The one parameter of a function, if it is a name.
fn parameter(function: &Expr) -> Option<BytePos> {
    let (parameter, body) = match function {
        Expr::Fn(FnExpr { ident: None, function }) if !function.is_async && !function.is_generator => {
            let [only] = function.params.as_slice() else { return None };
            (&only.pat, function.body.as_ref())
        }
        Expr::Arrow(arrow) if !arrow.is_async => {
            let [only] = arrow.params.as_slice() else { return None };
            (only, arrow.body.as_function_body())
        }
        _ => return None,
    };
    if body.is_some_and(is_asm) { None } else { parameter.as_ident().map(|name| name.span.lo) }
}

/// The first name in `E`, `E || {}`, `E || (E = {})`, `E = N.E || (N.E = {})` and their like; `None` in `{}`.
#[expect(clippy::option_option, reason = "what is no such argument, and what has no name in it")]
fn first_name(argument: &Expr) -> Option<Option<BytePos>> {
    let name = match bare(argument) {
        Expr::Object(object) if object.props.is_empty() => return Some(None),
        Expr::Bin(BinExpr { op: BinaryOp::LogicalOr, left, right, .. }) if makes_object(right) => name(left)?,
        Expr::Assign(AssignExpr { op: AssignOp::Assign | AssignOp::OrAssign, left, right, .. })
            if makes_object(right) =>
        {
            match left {
                AssignTarget::Simple(SimpleAssignTarget::Ident(ident)) => ident.span.lo,
                AssignTarget::Simple(SimpleAssignTarget::Member(member)) => property(member)?,
                _ => return None,
            }
        }
        Expr::Ident(ident) => ident.span.lo,
        _ => return None,
    };
    Some(Some(name))
}

fn name(expr: &Expr) -> Option<BytePos> {
    match bare(expr) {
        Expr::Ident(ident) => Some(ident.span.lo),
        Expr::Member(member) => property(member),
        _ => None,
    }
}

fn property(member: &MemberExpr) -> Option<BytePos> {
    match &member.prop {
        MemberProp::Ident(name) => Some(name.span.lo),
        _ => None,
    }
}

/// Whether an expression ends in `{}`: `E = {}`, `exports.E = E = {}`, `N.E || (N.E = {})`, `exports_1("E", E = {})`.
fn makes_object(expr: &Expr) -> bool {
    match bare(expr) {
        Expr::Object(object) => object.props.is_empty(),
        Expr::Assign(AssignExpr { op: AssignOp::Assign | AssignOp::OrAssign, right, .. }) => makes_object(right),
        Expr::Bin(BinExpr { op: BinaryOp::LogicalOr, right, .. }) => makes_object(right),
        Expr::Call(call) => call.args.last().is_some_and(|last| makes_object(&last.expr)),
        _ => false,
    }
}

const WORDS: [&str; 3] = ["enum", "namespace", "module"];

/// Whether `after` begins with the name that a declaration gives: `E` in `enum E`, `B` in `namespace A.B`.
fn is_name_of_declaration(before: &str, after: &str) -> bool {
    let mut head = before;
    while let Some(outer) = head.trim_end().strip_suffix('.') {
        head = outer.trim_end().trim_end_matches(is_part_of_name);
    }
    let words = head.trim_end();
    let follows = |word| {
        words.strip_suffix(word).is_some_and(|rest| words.len() < head.len() && !rest.ends_with(is_part_of_name))
    };
    after.starts_with(is_part_of_name) && WORDS.into_iter().any(follows)
}

/// Whether a declaration begins here, behind `export` and `const`.
fn begins_declaration(text: &str) -> bool {
    let begins = |word| {
        let name = text.strip_prefix(word).filter(|rest| rest.starts_with(char::is_whitespace));
        name.is_some_and(|rest| rest.trim_start().starts_with(is_part_of_name))
    };
    WORDS.into_iter().any(begins)
}

fn is_part_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_known_by_their_words() {
        let is_name = |text: &str| {
            let (before, after) = text.split_once('▸').unwrap();
            is_name_of_declaration(before, after)
        };
        for text in ["enum ▸E {", "export const enum ▸É {", "namespace\t▸$a {", "module A . B_1.▸C {", "namespace A.▸B"]
        {
            assert!(is_name(text), "{text}");
        }
        for text in
            ["▸enum E", "enum▸ E", "renum ▸E", "(module.▸a", "(▸x || {})", "enum E { ▸A", "enum ▸", "$module ▸A"]
        {
            assert!(!is_name(text), "{text}");
        }
        assert!(begins_declaration("namespace A {") && begins_declaration("enum E {"));
        assert!(!begins_declaration("module => a") && !begins_declaration("enumerate(x)"));
    }
}
