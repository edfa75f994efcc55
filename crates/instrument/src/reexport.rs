//! The code by which compilers pass on another module's exports from CommonJS.
//!
//! Node does not run a CommonJS module to learn the names that `import { name }` may ask for: it searches the text
//! for what TypeScript, Babel, Rollup and their like print. A probe in there, and the import fails. Nobody wrote
//! that code, and it branches over nothing.
//! Source: cjs-module-lexer 1.4, `EXPORTS_DEFINE` and `EXPORT_STAR_LIB` of its README's grammar.

use swc_core::ecma::ast::{
    BinExpr, BinaryOp, CallExpr, Callee, Expr, ExprOrSpread, FunctionBody, Lit, MemberExpr, MemberProp, ObjectLit, Pat,
    Prop, PropOrSpread, Stmt,
};

/// Whether a call does nothing but pass on exports:
///
/// ```js
/// Object.defineProperty(exports, "a", { enumerable: true, get: function () { return other.a; } });
/// Object.keys(other).forEach(function (key) { if (key === "default" …) return; … });
/// ```
pub(crate) fn is_reexport(call: &CallExpr) -> bool {
    let Callee::Expr(callee) = &call.callee else { return false };
    let Expr::Member(method) = &**callee else { return false };
    match (&*method.obj, call.args.as_slice()) {
        (object, [target, _, descriptor]) if is_named(object, "Object") && calls(method, "defineProperty") => {
            is_exports(&target.expr) && matches!(&*descriptor.expr, Expr::Object(object) if is_live_binding(object))
        }
        (Expr::Call(keys), [each]) if calls(method, "forEach") => is_keys_of_module(keys) && skips_default(each),
        _ => false,
    }
}

fn calls(member: &MemberExpr, method: &str) -> bool {
    matches!(&member.prop, MemberProp::Ident(name) if name.sym == *method)
}

fn is_named(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Ident(ident) if ident.sym == *name)
}

/// `exports` or `module.exports`.
fn is_exports(expr: &Expr) -> bool {
    match expr {
        Expr::Member(member) => is_named(&member.obj, "module") && calls(member, "exports"),
        _ => is_named(expr, "exports"),
    }
}

/// The last property is `get`, and returns a name or a name's property.
fn is_live_binding(descriptor: &ObjectLit) -> bool {
    let Some(PropOrSpread::Prop(last)) = descriptor.props.last() else { return false };
    let (key, params, body) = match &**last {
        Prop::KeyValue(property) => match &*property.value {
            Expr::Fn(getter) => (&property.key, &getter.function.params, &getter.function.body),
            _ => return false,
        },
        Prop::Method(getter) => (&getter.key, &getter.function.params, &getter.function.body),
        _ => return false,
    };
    let is_get = key.as_ident().is_some_and(|key| key.sym == *"get");
    is_get && params.is_empty() && body.as_ref().is_some_and(returns_binding)
}

fn returns_binding(body: &FunctionBody) -> bool {
    let [Stmt::Return(returned)] = body.stmts.as_slice() else { return false };
    match returned.arg.as_deref() {
        Some(Expr::Member(member)) => member.obj.is_ident(),
        Some(returned) => returned.is_ident(),
        None => false,
    }
}

/// `Object.keys(other)`
fn is_keys_of_module(call: &CallExpr) -> bool {
    let Callee::Expr(callee) = &call.callee else { return false };
    let is_keys = matches!(&**callee, Expr::Member(method) if is_named(&method.obj, "Object") && calls(method, "keys"));
    is_keys && matches!(call.args.as_slice(), [module] if module.expr.is_ident())
}

/// `function (key) { if (key === "default" …`, or `!==`
fn skips_default(each: &ExprOrSpread) -> bool {
    let Expr::Fn(each) = &*each.expr else { return false };
    let [Pat::Ident(key)] = each.function.params.iter().map(|param| &param.pat).collect::<Vec<_>>()[..] else {
        return false;
    };
    let Some(Stmt::If(first)) = each.function.body.as_ref().and_then(|body| body.stmts.first()) else { return false };
    let mut test = &*first.test;
    while let Expr::Bin(BinExpr { op: BinaryOp::LogicalAnd | BinaryOp::LogicalOr, left, .. }) = test {
        test = left;
    }
    let Expr::Bin(BinExpr { op: BinaryOp::EqEqEq | BinaryOp::NotEqEq, left, right, .. }) = test else { return false };
    is_named(left, &key.id.sym) && matches!(&**right, Expr::Lit(Lit::Str(text)) if text.value == *"default")
}
