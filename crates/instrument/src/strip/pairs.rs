//! Getters and setters of one name, which legacy decorators take for one member.

use swc_core::ecma::ast::{ClassMember, ClassMethod, MethodKind};
use swc_core::ecma::atoms::Atom;

use crate::syntax::known_name;

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
fn name_of(accessor: &ClassMethod) -> Option<Atom> {
    if !is_accessor(accessor) {
        return None;
    }
    known_name(&accessor.key)
}
