//! The probes of an instrumented program, and what is looked up in its tree for them.

use swc_core::ecma::ast::{
    ArrowExpr, AwaitExpr, CallExpr, Callee, Constructor, Decl, Expr, Function, Lit, MemberExpr, Pat, Prop, PropName,
    PropOrSpread, Stmt, YieldExpr,
};
use swc_core::ecma::visit::{Visit, VisitWith};

/// Whether something suspends here, not in a function inside.
pub(super) struct Suspension(pub(super) bool);

impl Visit for Suspension {
    fn visit_await_expr(&mut self, _: &AwaitExpr) {
        self.0 = true;
    }

    fn visit_yield_expr(&mut self, _: &YieldExpr) {
        self.0 = true;
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
}

/// All probes of a piece of code.
#[derive(Default)]
pub(super) struct Probes(pub(super) Vec<String>);

impl Visit for Probes {
    fn visit_expr(&mut self, n: &Expr) {
        n.visit_children_with(self);
        self.0.extend(probe_id(n));
    }
}

/// The probes of a piece of code, but for those in functions inside.
#[derive(Default)]
pub(super) struct OwnProbes(pub(super) Vec<String>);

impl Visit for OwnProbes {
    fn visit_expr(&mut self, n: &Expr) {
        n.visit_children_with(self);
        self.0.extend(probe_id(n));
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_constructor(&mut self, _: &Constructor) {}

    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
}

/// A key that is known without running.
pub(super) fn plain_key(property: &PropOrSpread) -> Option<String> {
    let PropOrSpread::Prop(property) = property else { return None };
    let key = match &**property {
        Prop::Shorthand(name) => return Some(name.sym.to_string()),
        Prop::KeyValue(property) => &property.key,
        Prop::Getter(getter) => &getter.key,
        Prop::Setter(setter) => &setter.key,
        Prop::Method(method) => &method.key,
        Prop::Assign(_) => return None,
    };
    match key {
        PropName::Ident(name) => Some(name.sym.to_string()),
        PropName::Str(text) => Some(text.value.as_str()?.to_owned()),
        PropName::Num(number) => Some(number.value.to_string()),
        PropName::BigInt(number) => Some(number.value.to_string()),
        PropName::Computed(_) => None,
    }
}

/// Whether binding the parameter runs code.
pub(super) fn may_throw(parameter: &Pat) -> bool {
    match parameter {
        Pat::Ident(_) => false,
        Pat::Rest(rest) => may_throw(&rest.arg),
        _ => true,
    }
}

/// The directives that stand first.
pub(super) fn directives(statements: &[Stmt]) -> &[Stmt] {
    let is_directive =
        |statement: &&Stmt| matches!(statement, Stmt::Expr(text) if matches!(&*text.expr, Expr::Lit(Lit::Str(_))));
    &statements[..statements.iter().take_while(is_directive).count()]
}

/// The probe that a body begins with, after directives.
pub(super) fn first_probe(statements: &[Stmt]) -> Option<String> {
    probe_id(stated(statements.get(directives(statements).len())?)?)
}

/// The expression that a probe's statement is about: `probe;`, or `{ let _ = probe; }` where a script's value could be
/// seen.
pub(super) fn stated(statement: &Stmt) -> Option<&Expr> {
    match statement {
        Stmt::Expr(statement) => Some(&statement.expr),
        Stmt::Block(block) => match block.stmts.as_slice() {
            [Stmt::Decl(Decl::Var(declaration))] => declaration.decls.first()?.init.as_deref(),
            _ => None,
        },
        _ => None,
    }
}

/// The probe of `(probe, value)`.
pub(super) fn first_in_comma(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Paren(paren) => first_in_comma(&paren.expr),
        Expr::Seq(comma) => probe_id(comma.exprs.first()?),
        _ => None,
    }
}

/// The text of the id in `ist_arr.push(id)`.
pub(super) fn probe_id(expr: &Expr) -> Option<String> {
    match id_of(expr.as_call()?)? {
        Lit::Str(id) => Some(id.value.as_str()?.to_owned()),
        Lit::Num(id) => Some(id.value.to_string()),
        _ => None,
    }
}

/// The id in `ist_arr.push(id)`.
pub(super) fn id_of(call: &CallExpr) -> Option<&Lit> {
    let CallExpr { callee: Callee::Expr(callee), args, .. } = call else { return None };
    let Expr::Member(MemberExpr { obj, .. }) = &**callee else { return None };
    match (&**obj, &*args.first()?.expr) {
        (Expr::Ident(array), Expr::Lit(id)) if array.sym == *"ist_arr" => Some(id),
        _ => None,
    }
}
