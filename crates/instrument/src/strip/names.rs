//! Names that the transforms made, told from those that people wrote.
//!
//! swc tells two names of one spelling apart by a number that is not printed. Its own `hygiene` gives new
//! spellings wherever two meet, also to functions and classes of the program, whose `name` the program may read.
//! Here only made names change. Where that is not enough, because made code needs a spelling that the program
//! has given to something else, swc's way is the right one.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignPatProp, BindingIdent, ClassDecl, ClassExpr, FnDecl, FnExpr, Id, Ident, ImportDefaultSpecifier,
    ImportNamedSpecifier, ImportStarAsSpecifier, Program, TsModuleDecl, TsModuleName,
};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::transforms::base::hygiene::hygiene;
use swc_core::ecma::transforms::base::rename::rename;
use swc_core::ecma::visit::{Visit, VisitMutWith, VisitWith, noop_visit_type};

use crate::strip::standard::{ClassNames, NameClasses};

/// The names of a program that are resolved and not yet transformed.
#[derive(Default)]
pub(super) struct Written {
    ids: FxHashSet<Id>,
    /// They become functions with a parameter of their own name.
    namespaces: FxHashSet<Id>,
}

impl Written {
    pub(super) fn of(program: &Program) -> Self {
        let mut written = Self::default();
        program.visit_with(&mut written);
        written
    }

    /// Gives made names a spelling of their own; with `suffix`, one that no other file has.
    pub(super) fn settle(
        &self,
        program: &mut Program,
        class_names: &ClassNames,
        suffix: &str,
        helpers: Mark,
        unresolved: Mark,
    ) {
        let mut made = Made {
            written: &self.ids,
            helpers,
            order: Vec::new(),
            bound: FxHashSet::default(),
            used: FxHashSet::default(),
            free_in_helpers: FxHashSet::default(),
        };
        program.visit_with(&mut made);
        let unresolved = SyntaxContext::empty().apply_mark(unresolved);
        let is_bound = |id: &Id| id.1 != unresolved && id.1 != SyntaxContext::empty();
        let takes_global = self.ids.iter().any(|id| is_bound(id) && made.free_in_helpers.contains(&id.0));
        if takes_global || self.hides_namespace() {
            let is_renamed = &|id: &Id| made.bound.contains(id);
            program.visit_mut_with(&mut NameClasses { names: class_names, is_renamed, unresolved });
            program.mutate(hygiene());
            return;
        }
        // A class that the transforms made anew keeps its name if nothing speaks of the old one any more.
        let mut taken: FxHashSet<_> = made.used.difference(&made.bound).map(|id| id.0.clone()).collect();
        let spellings: FxHashSet<_> = self.ids.iter().map(|id| &id.0).collect();
        let mut new_names = FxHashMap::default();
        for id in made.order {
            // A class that was made anew is still what other files call by its name.
            let is_own = suffix.is_empty() || spellings.contains(&id.0);
            let base = if is_own { id.0.clone() } else { format!("{}{suffix}", id.0).into() };
            let mut name = base.clone();
            let mut number = 0;
            while !taken.insert(name.clone()) {
                number += 1;
                name = format!("{base}{number}").into();
            }
            if name != id.0 {
                new_names.insert(id, name);
            }
        }
        if !(class_names.is_empty() && new_names.is_empty()) {
            let is_renamed = &|id: &Id| new_names.contains_key(id);
            program.visit_mut_with(&mut NameClasses { names: class_names, is_renamed, unresolved });
        }
        if !new_names.is_empty() {
            program.mutate(rename(&new_names));
        }
    }

    /// Whether something else of a namespace's spelling may stand in its body.
    fn hides_namespace(&self) -> bool {
        let spellings: FxHashSet<_> = self.namespaces.iter().map(|id| &id.0).collect();
        !spellings.is_empty() && self.ids.iter().any(|id| spellings.contains(&id.0) && !self.namespaces.contains(id))
    }
}

impl Visit for Written {
    fn visit_ident(&mut self, n: &Ident) {
        self.ids.insert(n.to_id());
    }

    fn visit_ts_module_decl(&mut self, n: &TsModuleDecl) {
        if let TsModuleName::Ident(name) = &n.id {
            self.namespaces.insert(name.to_id());
        }
        n.visit_children_with(self);
    }
}

/// The names that were not there before.
struct Made<'a> {
    written: &'a FxHashSet<Id>,
    helpers: Mark,
    /// What is bound, but for what only helpers see, in the order of the text.
    order: Vec<Id>,
    bound: FxHashSet<Id>,
    used: FxHashSet<Id>,
    /// Spellings that helpers use and none of them binds: globals.
    free_in_helpers: FxHashSet<Atom>,
}

impl Made<'_> {
    fn bind(&mut self, name: &Ident) {
        let id = name.to_id();
        if !self.written.contains(&id) && self.bound.insert(id.clone()) {
            self.order.push(id);
        }
    }

    /// A name that only the expression sees stays, since it is also the value's `name`, unless something of its
    /// spelling is meant in there.
    fn bind_inside<'a>(&mut self, name: &'a Ident, inside: &impl VisitWith<Namesake<'a>>) {
        let mut namesake = Namesake { name, found: false };
        inside.visit_with(&mut namesake);
        if namesake.found {
            self.bind(name);
        }
    }
}

macro_rules! binding {
    ($($method:ident: $node:ty, $name:ident;)*) => {$(
        fn $method(&mut self, n: &$node) {
            self.bind(&n.$name);
            n.visit_children_with(self);
        }
    )*};
}

impl Visit for Made<'_> {
    noop_visit_type!();

    binding! {
        visit_binding_ident: BindingIdent, id;
        visit_assign_pat_prop: AssignPatProp, key;
        visit_class_decl: ClassDecl, ident;
        visit_import_named_specifier: ImportNamedSpecifier, local;
        visit_import_default_specifier: ImportDefaultSpecifier, local;
        visit_import_star_as_specifier: ImportStarAsSpecifier, local;
    }

    fn visit_ident(&mut self, n: &Ident) {
        self.used.insert(n.to_id());
    }

    fn visit_fn_decl(&mut self, n: &FnDecl) {
        self.bind(&n.ident);
        if n.ident.ctxt.has_mark(self.helpers) {
            let mut helper = Helper::default();
            n.visit_with(&mut helper);
            // Names of other helpers begin so, and give way if they are taken.
            let is_global = |name: &&Atom| !name.starts_with('_');
            let free = helper.used.difference(&helper.bound).filter(is_global).cloned();
            self.free_in_helpers.extend(free);
        } else {
            n.visit_children_with(self);
        }
    }

    fn visit_fn_expr(&mut self, n: &FnExpr) {
        if let Some(name) = &n.ident {
            self.bind_inside(name, &*n.function);
        }
        n.visit_children_with(self);
    }

    fn visit_class_expr(&mut self, n: &ClassExpr) {
        if let Some(name) = &n.ident {
            self.bind_inside(name, &*n.class);
        }
        n.visit_children_with(self);
    }
}

/// Looks for a name's spelling with another meaning.
struct Namesake<'a> {
    name: &'a Ident,
    found: bool,
}

impl Visit for Namesake<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, n: &Ident) {
        self.found |= n.sym == self.name.sym && n.ctxt != self.name.ctxt;
    }
}

/// The spellings in one helper. It was written as text, so they mean in it what they say.
#[derive(Default)]
struct Helper {
    used: FxHashSet<Atom>,
    bound: FxHashSet<Atom>,
}

impl Visit for Helper {
    noop_visit_type!();

    fn visit_ident(&mut self, n: &Ident) {
        self.used.insert(n.sym.clone());
    }

    fn visit_binding_ident(&mut self, n: &BindingIdent) {
        self.bound.insert(n.id.sym.clone());
    }

    fn visit_fn_decl(&mut self, n: &FnDecl) {
        self.bound.insert(n.ident.sym.clone());
        n.visit_children_with(self);
    }
}
