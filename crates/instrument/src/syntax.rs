//! What the shape of a program says, by the grammar and by TypeScript's.

use swc_core::ecma::ast::{
    AssignTarget, Expr, ExprStmt, FunctionBody, Lit, ParenExpr, PropName, SimpleAssignTarget, Stmt, UnaryExpr, UnaryOp,
};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::utils::number::ToJsString;

/// Number of directives at the head of a body (ECMAScript 11.2.1): string literals, not in parentheses.
pub(crate) fn directives(statements: &[Stmt]) -> usize {
    statements.iter().take_while(|statement| is_directive(statement)).count()
}

/// Whether a statement at the head of a body is a directive.
pub(crate) fn is_directive(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(ExprStmt { expr, .. }) if matches!(**expr, Expr::Lit(Lit::Str(_))))
}

pub(crate) fn is_asm(body: &FunctionBody) -> bool {
    body.stmts.iter().take_while(|statement| is_directive(statement)).any(
        |statement| matches!(statement, Stmt::Expr(ExprStmt { expr, .. }) if matches!(&**expr, Expr::Lit(Lit::Str(text)) if text.value == *"use asm")),
    )
}

/// Whether an `else` has no probe of its own: its `if` has both.
pub(crate) fn is_else_if(alt: &Stmt) -> bool {
    match alt {
        Stmt::If(_) => true,
        Stmt::Block(block) => matches!(block.stmts.as_slice(), [Stmt::If(_)]),
        _ => false,
    }
}

/// `typeof x`, in parentheses or not.
pub(crate) fn is_typeof(expr: &Expr) -> bool {
    matches!(bare(expr), Expr::Unary(UnaryExpr { op: UnaryOp::TypeOf, .. }))
}

/// Without parentheses, which belong to no expression.
pub(crate) fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => bare(&paren.expr),
        other => other,
    }
}

/// What is evaluated first of the operands of logical operators, behind any `!`: `a` in `!(a && b) || c`. The
/// expression itself if it is no such operator.
pub(crate) fn first_operand(expr: &mut Expr) -> &mut Expr {
    let mut first = expr;
    while leads_to_logical(first) {
        while !matches!(first, Expr::Bin(_)) {
            first = match first {
                Expr::Paren(ParenExpr { expr, .. }) | Expr::Unary(UnaryExpr { arg: expr, .. }) => expr,
                other => return other,
            };
        }
        first = match first {
            Expr::Bin(operation) => &mut operation.left,
            other => return other,
        };
    }
    first
}

/// Whether there is nothing but `!` and parentheses around a logical operator.
fn leads_to_logical(expr: &Expr) -> bool {
    let mut inner = expr;
    loop {
        inner = match inner {
            Expr::Paren(paren) => &paren.expr,
            Expr::Unary(UnaryExpr { op: UnaryOp::Bang, arg, .. }) => arg,
            Expr::Bin(operation) => return operation.op.may_short_circuit(),
            _ => return false,
        };
    }
}

/// Without parentheses and TypeScript's casts, which are gone when the program runs.
pub(crate) fn uncast(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => uncast(&inner.expr),
        Expr::TsAs(cast) => uncast(&cast.expr),
        Expr::TsSatisfies(cast) => uncast(&cast.expr),
        Expr::TsConstAssertion(cast) => uncast(&cast.expr),
        Expr::TsTypeAssertion(cast) => uncast(&cast.expr),
        Expr::TsNonNull(cast) => uncast(&cast.expr),
        Expr::TsInstantiation(cast) => uncast(&cast.expr),
        other => other,
    }
}

/// ECMAScript 8.4.3 IsAnonymousFunctionDefinition.
pub(crate) fn is_anonymous_function(expr: &Expr) -> bool {
    match uncast(expr) {
        Expr::Arrow(_) => true,
        Expr::Fn(function) => function.ident.is_none(),
        Expr::Class(class) => class.ident.is_none(),
        _ => false,
    }
}

/// The name that an assignment gives to an anonymous function: that of a plain, bare identifier, which is also what
/// TypeScript makes of `(a as T)`.
pub(crate) fn named_by(target: &AssignTarget) -> Option<&Atom> {
    let AssignTarget::Simple(target) = target else { return None };
    let cast = match target {
        SimpleAssignTarget::Ident(ident) => return Some(&ident.id.sym),
        SimpleAssignTarget::Paren(paren) => match &*paren.expr {
            Expr::TsAs(cast) => &cast.expr,
            Expr::TsSatisfies(cast) => &cast.expr,
            Expr::TsTypeAssertion(cast) => &cast.expr,
            _ => return None,
        },
        SimpleAssignTarget::TsAs(cast) => &cast.expr,
        SimpleAssignTarget::TsSatisfies(cast) => &cast.expr,
        SimpleAssignTarget::TsTypeAssertion(cast) => &cast.expr,
        _ => return None,
    };
    cast.as_ident().map(|ident| &ident.sym)
}

/// The name of a member with this key, as the engine has it, if the text tells; `None` also for lone surrogates.
pub(crate) fn known_name(key: &PropName) -> Option<Atom> {
    match key {
        PropName::Ident(name) => Some(name.sym.clone()),
        PropName::Str(name) => name.value.as_atom().cloned(),
        PropName::Num(number) => Some(number.value.to_js_string().into()),
        PropName::BigInt(number) => Some(number.value.to_string().into()),
        PropName::Computed(computed) => known_key(&computed.expr),
    }
}

/// The same of a key in brackets.
pub(crate) fn known_key(key: &Expr) -> Option<Atom> {
    match uncast(key) {
        Expr::Lit(Lit::Str(name)) => name.value.as_atom().cloned(),
        Expr::Lit(Lit::Num(number)) => Some(number.value.to_js_string().into()),
        Expr::Lit(Lit::BigInt(number)) => Some(number.value.to_string().into()),
        Expr::Tpl(name) if name.exprs.is_empty() => name.quasis.first()?.cooked.as_ref()?.as_atom().cloned(),
        Expr::Unary(UnaryExpr { op: UnaryOp::Minus, arg, .. }) => match uncast(arg) {
            Expr::Lit(Lit::Num(number)) => Some((-number.value).to_js_string().into()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether it is worth knowing where a value will be found.
pub(crate) fn may_hold_function(expr: &Expr) -> bool {
    matches!(
        uncast(expr),
        Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) | Expr::Object(_) | Expr::Cond(_) | Expr::Bin(_) | Expr::Seq(_)
    )
}
