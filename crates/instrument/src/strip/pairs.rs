//! Getters and setters of one name, which legacy decorators take for one member.

use rustc_hash::FxHashMap;
use swc_core::ecma::ast::{ClassMember, ClassMethod, MethodKind};
use swc_core::ecma::atoms::Atom;

use crate::syntax::known_name;

/// The getters and setters of one class, by whether they are static and their names.
pub(super) struct Pairs(FxHashMap<(bool, Atom), Vec<usize>>);

impl Pairs {
    pub(super) fn of(members: &[ClassMember]) -> Self {
        let mut pairs: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (place, member) in members.iter().enumerate() {
            if let Some(name) = name_of(member) {
                pairs.entry(name).or_default().push(place);
            }
        }
        Self(pairs)
    }

    /// Where the getter or setter of the same name stands, if that at `at` is one of a pair.
    pub(super) fn other_of(&self, members: &[ClassMember], at: usize) -> Option<usize> {
        self.0.get(&name_of(&members[at])?)?.iter().copied().find(|&place| place != at)
    }

    /// The one of a pair whose decorators are the pair's: the first that has any.
    pub(super) fn decorated_of(&self, members: &[ClassMember], at: usize) -> Option<usize> {
        let mut pair = [Some(at), self.other_of(members, at)];
        pair.sort_unstable_by_key(|place| place.unwrap_or(usize::MAX));
        pair.into_iter().flatten().find(|&place| match &members[place] {
            ClassMember::Method(method) => !method.function.decorators.is_empty(),
            _ => false,
        })
    }
}

pub(super) fn is_accessor(method: &ClassMethod) -> bool {
    method.kind != MethodKind::Method
}

/// Whether an accessor is static, and its name, if that is known before the program runs.
fn name_of(member: &ClassMember) -> Option<(bool, Atom)> {
    match member {
        ClassMember::Method(method) if is_accessor(method) => Some((method.is_static, known_name(&method.key)?)),
        _ => None,
    }
}
