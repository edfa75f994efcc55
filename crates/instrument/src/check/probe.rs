//! What a probe and what is made for probes look like, to the letter.

use pathlight_mapping::{IdForm, ProbeId};
use swc_core::common::Spanned;
use swc_core::ecma::ast::{
    AssignOp, AssignTarget, BinExpr, BinaryOp, Callee, Decl, Expr, Lit, MemberExpr, MemberProp, Pat,
    SimpleAssignTarget, Stmt, UnaryOp, VarDeclKind,
};
use swc_core::ecma::atoms::Atom;

use super::walk::{GLOBALS, Taken, Walk};

/// How a statement that was made is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// `probe;`
    Plain,
    /// `{ let _ = probe; }`: it has no completion value.
    Kept,
}

/// The name in `{ let _ = probe; }`.
const KEPT: &str = "_";

/// `array.push("C")` or `array.push(1)`, as the ids are spelled.
pub(super) fn probe(expression: &Expr, walk: &Walk<'_>) -> Option<Taken> {
    let Expr::Call(call) = expression else { return None };
    let (Callee::Expr(callee), [argument], None) = (&call.callee, call.args.as_slice(), &call.type_args) else {
        return None;
    };
    let Expr::Member(MemberExpr { obj, prop: MemberProp::Ident(push), .. }) = &**callee else { return None };
    if !obj.is_ident_ref_to(walk.array) || push.sym != *"push" || argument.spread.is_some() {
        return None;
    }
    let id = match (walk.ids, &*argument.expr) {
        (IdForm::Vlq, Expr::Lit(Lit::Str(text))) => {
            text.raw.as_ref()?.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?
        }
        (IdForm::Number, Expr::Lit(Lit::Num(number))) => ProbeId::new(number.raw.as_ref()?.parse().ok()?)?,
        _ => return None,
    };
    let mut spelled = Vec::new();
    id.push(walk.ids, &mut spelled);
    let quotes = if walk.ids == IdForm::Vlq { 2 } else { 0 };
    // `"C"` may not be written as `"\x43"`, nor 1 as `1.0` or `01`.
    let length = (argument.expr.span().hi.0 - argument.expr.span().lo.0) as usize;
    (length == spelled.len() + quotes).then_some(Taken { id, place: call.span })
}

/// A statement that is nothing but `recognised`, in either form.
pub(super) fn made_statement<T>(
    statement: &Stmt,
    array: &str,
    recognised: impl Fn(&Expr) -> Option<T>,
) -> Option<(T, Form)> {
    match statement {
        Stmt::Expr(alone) => Some((recognised(&alone.expr)?, Form::Plain)),
        Stmt::Block(block) => {
            let [Stmt::Decl(Decl::Var(kept))] = block.stmts.as_slice() else { return None };
            let ([declared], VarDeclKind::Let, false) = (kept.decls.as_slice(), kept.kind, kept.declare) else {
                return None;
            };
            let Pat::Ident(name) = &declared.name else { return None };
            // An array of this name would be read before it has a value.
            if name.sym != *KEPT || array == KEPT || name.type_ann.is_some() {
                return None;
            }
            Some((recognised(declared.init.as_deref()?)?, Form::Kept))
        }
        _ => None,
    }
}

/// `globalThis.array || (globalThis.array = [])`: the names by which it reaches the global object.
pub(super) fn header(expression: &Expr, array: &str) -> Option<Vec<Atom>> {
    let Expr::Bin(BinExpr { op: BinaryOp::LogicalOr, left, right, .. }) = expression else { return None };
    let Expr::Paren(made) = &**right else { return None };
    let Expr::Assign(assign) = &*made.expr else { return None };
    let (Expr::Member(read), AssignTarget::Simple(SimpleAssignTarget::Member(written))) = (&**left, &assign.left)
    else {
        return None;
    };
    let is_empty = matches!(&*assign.right, Expr::Array(list) if list.elems.is_empty());
    let names_array = |member: &MemberExpr| member.prop.is_ident_with(array);
    if assign.op != AssignOp::Assign || !is_empty || !names_array(read) || !names_array(written) {
        return None;
    }
    let names = global_object(&read.obj)?;
    (global_object(&written.obj)? == names).then_some(names)
}

/// `globalThis`, `self`, `window` or `(typeof self === "undefined" ? global : self)`.
fn global_object(expression: &Expr) -> Option<Vec<Atom>> {
    let name = |expression: &Expr| match expression {
        Expr::Ident(name) if GLOBALS.contains(&&*name.sym) => Some(name.sym.clone()),
        _ => None,
    };
    let Expr::Paren(choice) = expression else { return name(expression).map(|name| vec![name]) };
    let Expr::Cond(choice) = &*choice.expr else { return None };
    let Expr::Bin(BinExpr { op: BinaryOp::EqEqEq, left, right, .. }) = &*choice.test else { return None };
    let (Expr::Unary(asked), Expr::Lit(Lit::Str(undefined))) = (&**left, &**right) else { return None };
    let (node, browser) = (name(&choice.cons)?, name(&choice.alt)?);
    let asks = asked.op == UnaryOp::TypeOf && asked.arg.is_ident_ref_to(&*browser) && undefined.value == *"undefined";
    asks.then(|| vec![node, browser])
}

/// `{ f: value }.f`, which gives an anonymous function the name `f`: the value.
pub(super) fn named<'e>(expression: &'e Expr, name: &str) -> Option<&'e Expr> {
    use swc_core::ecma::ast::{KeyValueProp, Prop, PropName, PropOrSpread};
    let Expr::Member(MemberExpr { obj, prop, .. }) = expression else { return None };
    let Expr::Object(object) = obj.unwrap_parens() else { return None };
    let [PropOrSpread::Prop(only)] = object.props.as_slice() else { return None };
    let Prop::KeyValue(KeyValueProp { key, value }) = &**only else { return None };
    let is_key = match key {
        // `{ __proto__: f }` would set the prototype.
        PropName::Ident(key) => key.sym == *name && name != "__proto__",
        PropName::Computed(key) => {
            matches!(&*key.expr, Expr::Lit(Lit::Str(key)) if key.value == *name && name == "__proto__")
        }
        _ => false,
    };
    (is_key && prop.is_ident_with(name)).then_some(value)
}

/// Whether an assignment would name this value: an anonymous function or class, in parentheses or a cast.
pub(super) fn is_anonymous_function(expression: &Expr) -> bool {
    match expression {
        Expr::Fn(function) => function.ident.is_none(),
        Expr::Class(class) => class.ident.is_none(),
        Expr::Arrow(_) => true,
        Expr::Paren(inner) => is_anonymous_function(&inner.expr),
        Expr::TsAs(cast) => is_anonymous_function(&cast.expr),
        Expr::TsSatisfies(cast) => is_anonymous_function(&cast.expr),
        Expr::TsNonNull(cast) => is_anonymous_function(&cast.expr),
        Expr::TsTypeAssertion(cast) => is_anonymous_function(&cast.expr),
        Expr::TsConstAssertion(cast) => is_anonymous_function(&cast.expr),
        Expr::TsInstantiation(cast) => is_anonymous_function(&cast.expr),
        _ => false,
    }
}
