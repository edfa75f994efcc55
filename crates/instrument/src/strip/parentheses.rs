//! Parentheses and sequences as they are written. swc's fixer takes all parentheses off and puts back what it knows to
//! be needed, which is not all: `({})`t``, `class extends (a++) {}`. And it leaves out functions and literals of a
//! sequence whose values nothing takes, a function's probes with it.

use swc_core::common::{DUMMY_SP, Span};
use swc_core::ecma::ast::{
    CallExpr, Callee, Expr, ExprStmt, Ident, Lit, ParenExpr, Program, SeqExpr, UnaryExpr, UnaryOp,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

/// Does `work`, to which `program` shows no parentheses that may be needed, and no function or literal that others
/// follow in a sequence.
pub(super) fn keeping(program: &mut Program, work: impl FnOnce(&mut Program)) {
    program.visit_mut_with(&mut Cover);
    work(program);
    program.visit_mut_with(&mut Uncover);
}

/// Names that no program has. A call is left where it is, and its argument needs no parentheses.
const PARENTHESES: &str = "#(";
const VALUE: &str = "#";

fn cover(expr: &mut Expr, name: &str, span: Span) {
    let callee = Callee::Expr(Box::new(Ident::new_no_ctxt(name.into(), DUMMY_SP).into()));
    let covered = std::mem::take(expr);
    *expr = CallExpr { span, callee, args: vec![covered.into()], ..CallExpr::default() }.into();
}

/// With what stands in them.
fn cover_parentheses(expr: &mut Expr) {
    if let Expr::Paren(ParenExpr { span, expr: inner }) = expr {
        let span = *span;
        *expr = std::mem::take(&mut **inner);
        cover(expr, PARENTHESES, span);
    }
}

struct Cover;

/// A value that nothing takes.
fn cover_unused(unused: &mut Expr) {
    match unused {
        Expr::Paren(inner) => cover_unused(&mut inner.expr),
        Expr::Unary(UnaryExpr { op: UnaryOp::Void, arg, .. }) => cover_unused(arg),
        Expr::Seq(sequence) => {
            if let Some(last) = sequence.exprs.last_mut() {
                cover_unused(last);
            }
        }
        Expr::Fn(_) | Expr::Arrow(_) | Expr::Lit(_) => cover(unused, VALUE, DUMMY_SP),
        _ => {}
    }
}

/// What stands in parentheses mostly because of a cast that is gone; the fixer knows when it needs some.
fn needs_none(inner: &Expr) -> bool {
    match inner {
        // A statement that begins with `let [` is a declaration.
        _ if begins_with_let(inner) => false,
        Expr::Ident(name) => name.sym != *"async",
        // V8 takes `for (a.async of b)` for `for (async of b)`, which is no program.
        Expr::Member(member) => !member.prop.is_ident_with("async"),
        // A call may be what covers other parentheses.
        Expr::This(_) | Expr::Lit(_) | Expr::Call(_) | Expr::Array(_) | Expr::Tpl(_) => true,
        _ => false,
    }
}

fn begins_with_let(expr: &Expr) -> bool {
    let mut first = expr;
    loop {
        first = match first {
            Expr::Member(member) => &member.obj,
            Expr::Call(CallExpr { callee: Callee::Expr(callee), .. }) => callee,
            Expr::Ident(name) => return name.sym == *"let",
            _ => return false,
        }
    }
}

/// A string alone in parentheses is no directive, and without them it might be one.
fn is_parenthesized_string(statement: &ExprStmt) -> bool {
    matches!(&*statement.expr, Expr::Paren(inner) if matches!(*inner.expr, Expr::Lit(Lit::Str(_))))
}

impl VisitMut for Cover {
    noop_visit_mut_type!();

    fn visit_mut_expr_stmt(&mut self, n: &mut ExprStmt) {
        n.visit_mut_children_with(self);
        if is_parenthesized_string(n) {
            cover_parentheses(&mut n.expr);
        }
    }

    fn visit_mut_seq_expr(&mut self, n: &mut SeqExpr) {
        if let Some((_, others)) = n.exprs.split_last_mut() {
            others.iter_mut().for_each(|unused| cover_unused(unused));
        }
        n.visit_mut_children_with(self);
    }

    fn visit_mut_expr(&mut self, n: &mut Expr) {
        n.visit_mut_children_with(self);
        // The fixer takes comments along that stand before the others.
        if matches!(n, Expr::Paren(ParenExpr { expr, .. }) if !needs_none(expr)) {
            cover_parentheses(n);
        }
    }
}

struct Uncover;

impl VisitMut for Uncover {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, n: &mut Expr) {
        n.visit_mut_children_with(self);
        let Expr::Call(CallExpr { span, callee: Callee::Expr(callee), args, .. }) = n else { return };
        let Expr::Ident(name) = &**callee else { return };
        let (is_value, are_parentheses) = (name.sym == *VALUE, name.sym == *PARENTHESES);
        if !is_value && !are_parentheses {
            return;
        }
        let (span, Some(covered)) = (*span, args.pop()) else { return };
        *n = match *covered.expr {
            // The fixer has put some around an argument.
            Expr::Paren(inner) if are_parentheses => ParenExpr { span, ..inner }.into(),
            other if are_parentheses => ParenExpr { span, expr: Box::new(other) }.into(),
            // It may be the first of a statement.
            function @ Expr::Fn(_) => ParenExpr { span, expr: Box::new(function) }.into(),
            other => other,
        };
    }
}
