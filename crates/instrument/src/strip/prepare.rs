//! What swc's transforms would get wrong, spelled so that they get it right.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignPat, AssignTarget, AutoAccessor, Class, ClassMember, Expr, Lit, Pat, Program, SeqExpr,
    SimpleAssignTarget,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

/// Prepares `program`, which is resolved and has all that is to be stripped.
pub(super) fn prepare(program: &mut Program) {
    program.visit_mut_with(&mut Prepare);
}

struct Prepare;

impl VisitMut for Prepare {
    noop_visit_mut_type!();

    /// Accessor fields are made methods before types go, these too.
    fn visit_mut_class(&mut self, n: &mut Class) {
        n.body.retain(|member| !matches!(member, ClassMember::AutoAccessor(AutoAccessor { is_abstract: true, .. })));
        n.visit_mut_children_with(self);
    }

    /// `(b) = () => {}` does not name the function (ECMAScript 13.15.2: the target is no identifier reference), and
    /// swc's fixer drops the parentheses.
    fn visit_mut_assign_expr(&mut self, n: &mut AssignExpr) {
        n.visit_mut_children_with(self);
        let names =
            matches!(n.op, AssignOp::Assign | AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign);
        if let (true, AssignTarget::Simple(SimpleAssignTarget::Paren(target))) = (names, &n.left)
            && is_parenthesised_name(&target.expr)
        {
            keep_nameless(&mut n.right);
        }
    }

    /// The same in `[(b) = () => {}] = []`.
    fn visit_mut_assign_pat(&mut self, n: &mut AssignPat) {
        n.visit_mut_children_with(self);
        if let Pat::Expr(target) = &*n.left
            && let Expr::Paren(target) = &**target
            && is_parenthesised_name(&target.expr)
        {
            keep_nameless(&mut n.right);
        }
    }
}

/// Not `(b as T)`, of which TypeScript makes `b`.
fn is_parenthesised_name(inner: &Expr) -> bool {
    match inner {
        Expr::Paren(inner) => is_parenthesised_name(&inner.expr),
        Expr::Ident(_) => true,
        _ => false,
    }
}

/// `(0, () => {})`
fn keep_nameless(value: &mut Expr) {
    let mut inner = &*value;
    while let Expr::Paren(paren) = inner {
        inner = &paren.expr;
    }
    let is_nameless = match inner {
        Expr::Arrow(_) => true,
        Expr::Fn(function) => function.ident.is_none(),
        Expr::Class(class) => class.ident.is_none(),
        _ => false,
    };
    if is_nameless {
        let function = std::mem::replace(value, Expr::Invalid(Default::default()));
        let zero = Box::new(Expr::Lit(Lit::Num(0.0.into())));
        *value = Expr::Seq(SeqExpr { span: DUMMY_SP, exprs: vec![zero, Box::new(function)] });
    }
}
