//! Members of an enum that its initializers use by their bare names.
//!
//! swc takes such a name for a variable of the surroundings where the member is declared in another part of a
//! merged enum. Spelled out it is a member everywhere.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{Id, Ident, Program, TsEnumDecl, TsEnumMemberId};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::utils::collect_decls;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use crate::strip::references::{Members, References};

/// Spells out the members in every initializer of `program`, which is resolved.
pub(super) fn spell_out_members(program: &mut Program) {
    let mut enums = Enums::default();
    program.visit_with(&mut enums);
    if !enums.0.is_empty() {
        program.visit_mut_with(&mut enums);
    }
}

/// The members of each enum, over all its parts.
#[derive(Default)]
struct Enums(FxHashMap<Id, FxHashSet<Atom>>);

impl Visit for Enums {
    noop_visit_type!();

    fn visit_ts_enum_decl(&mut self, n: &TsEnumDecl) {
        let names = n.members.iter().filter_map(|member| match &member.id {
            TsEnumMemberId::Ident(name) => Some(name.sym.clone()),
            TsEnumMemberId::Str(name) => name.value.as_atom().cloned(),
        });
        self.0.entry(n.id.to_id()).or_default().extend(names);
    }
}

impl VisitMut for Enums {
    noop_visit_mut_type!();

    fn visit_mut_ts_enum_decl(&mut self, n: &mut TsEnumDecl) {
        n.visit_mut_children_with(self);
        let Some(names) = self.0.get(&n.id.to_id()) else { return };
        for value in n.members.iter_mut().filter_map(|member| member.init.as_mut()) {
            let bound: FxHashSet<Id> = collect_decls(value);
            let is_outside = |ident: &Ident| !bound.contains(&ident.to_id());
            value.visit_mut_with(&mut References::new(Members { owner: &n.id, names, is_outside }));
        }
    }
}
