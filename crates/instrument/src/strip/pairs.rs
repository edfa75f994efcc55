//! Getters and setters of one name, which legacy decorators take for one member.

use swc_core::ecma::ast::{
    ClassMember, ClassMethod, ComputedPropName, Expr, Lit, MethodKind, PropName, UnaryExpr, UnaryOp,
};
use swc_core::ecma::utils::number::ToJsString;

/// Where the getter or setter of the same name stands, if that at `at` is one of a pair.
pub(super) fn other_of(members: &[ClassMember], at: usize) -> Option<usize> {
    let ClassMember::Method(one) = &members[at] else { return None };
    let name = name_of(one)?;
    members.iter().enumerate().position(|(place, member)| match member {
        ClassMember::Method(other) => {
            place != at && other.is_static == one.is_static && name_of(other).as_ref() == Some(&name)
        }
        _ => false,
    })
}

/// The one of a pair whose decorators are the pair's: the first that has any.
pub(super) fn decorated_of(members: &[ClassMember], at: usize) -> Option<usize> {
    let mut pair = [Some(at), other_of(members, at)];
    pair.sort_unstable_by_key(|place| place.unwrap_or(usize::MAX));
    pair.into_iter().flatten().find(|&place| match &members[place] {
        ClassMember::Method(method) => !method.function.decorators.is_empty(),
        _ => false,
    })
}

pub(super) fn is_accessor(method: &ClassMethod) -> bool {
    method.kind != MethodKind::Method
}

/// The name of an accessor, if that is known before the program runs.
fn name_of(accessor: &ClassMethod) -> Option<String> {
    if !is_accessor(accessor) {
        return None;
    }
    match &accessor.key {
        PropName::Ident(name) => Some(name.sym.to_string()),
        PropName::Str(name) => Some(name.value.to_string_lossy().into_owned()),
        PropName::Num(number) => Some(number.value.to_js_string()),
        PropName::BigInt(number) => Some(number.value.to_string()),
        PropName::Computed(ComputedPropName { expr, .. }) => match &**expr {
            Expr::Lit(Lit::Str(name)) => Some(name.value.to_string_lossy().into_owned()),
            Expr::Lit(Lit::Num(number)) => Some(number.value.to_js_string()),
            Expr::Tpl(name) if name.exprs.is_empty() => Some(name.quasis.first()?.raw.to_string()),
            Expr::Unary(UnaryExpr { op: UnaryOp::Minus, arg, .. }) => match &**arg {
                Expr::Lit(Lit::Num(number)) => Some((-number.value).to_js_string()),
                _ => None,
            },
            _ => None,
        },
    }
}
