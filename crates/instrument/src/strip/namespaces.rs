//! Merged namespaces: a block sees by its bare name what another block of the same namespace exports.
//!
//! swc resolves each block alone, so such a name would be looked up outside. Here it becomes a member of the
//! namespace, as in TypeScript.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    Decl, ExportDecl, Id, Ident, ModuleDecl, ModuleItem, Program, Stmt, TsModuleDecl, TsModuleName, TsNamespaceBody,
};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::visit::VisitMutWith;

use crate::strip::references::{ImportedMembers, Members, References};
use crate::strip::spaces::{Space, ids_of, namespace_of};

/// Spells out the members that blocks of `program`, which is resolved, use of one another.
pub(super) fn spell_out_members(program: &mut Program, unresolved: SyntaxContext) {
    let mut exports = Exports::default();
    for_each_namespace(program, |namespace| {
        if let (TsModuleName::Ident(name), Some(body)) = (&namespace.id, &namespace.body) {
            exports.collect(&Space::declared(name), body);
        }
    });
    for_each_namespace(program, |namespace| {
        if let (TsModuleName::Ident(name), Some(body)) = (&namespace.id, &mut namespace.body) {
            exports.spell_out(&Space::declared(name), name, vec![unresolved], body);
        }
    });
}

fn for_each_namespace(program: &mut Program, mut work: impl FnMut(&mut TsModuleDecl)) {
    match program {
        Program::Module(module) => module.body.iter_mut().filter_map(namespace_of).for_each(|(found, _)| work(found)),
        Program::Script(script) => script.body.iter_mut().for_each(|stmt| {
            if let Stmt::Decl(Decl::TsModule(namespace)) = stmt {
                work(namespace);
            }
        }),
    }
}

/// The names that the blocks of each namespace export.
#[derive(Default)]
struct Exports(FxHashMap<Space, FxHashSet<Atom>>);

impl Exports {
    fn collect(&mut self, space: &Space, body: &TsNamespaceBody) {
        let names = self.0.entry(space.clone()).or_default();
        let block = match body {
            TsNamespaceBody::TsNamespaceDecl(inner) => {
                names.insert(inner.id.sym.clone());
                return self.collect(&space.inner(&inner.id, true), &inner.body);
            }
            TsNamespaceBody::TsModuleBlock(block) => block,
        };
        block.body.iter().for_each(|item| match item {
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => {
                names.extend(ids_of(&export.decl).into_iter().map(|(name, _)| name))
            }
            ModuleItem::ModuleDecl(ModuleDecl::TsImportEquals(import)) if import.is_export => {
                names.insert(import.id.sym.clone());
            }
            _ => {}
        });
        for item in &block.body {
            let (namespace, is_exported) = match item {
                ModuleItem::Stmt(Stmt::Decl(Decl::TsModule(namespace))) => (namespace, false),
                ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(ExportDecl {
                    decl: Decl::TsModule(namespace), ..
                })) => (namespace, true),
                _ => continue,
            };
            if let (TsModuleName::Ident(name), Some(body)) = (&namespace.id, &namespace.body) {
                self.collect(&space.inner(name, is_exported), body);
            }
        }
    }

    /// `outside`: the contexts of the names that are bound outside the namespace `name`.
    fn spell_out(&self, space: &Space, name: &Ident, mut outside: Vec<SyntaxContext>, body: &mut TsNamespaceBody) {
        outside.push(name.ctxt);
        // The inner namespaces' own come first.
        match body {
            TsNamespaceBody::TsNamespaceDecl(inner) => {
                self.spell_out(&space.inner(&inner.id, true), &inner.id, outside.clone(), &mut inner.body);
            }
            TsNamespaceBody::TsModuleBlock(block) => {
                let exported: FxHashSet<_> = block.body.iter().flat_map(exported_members).collect();
                if !exported.is_empty() {
                    block.visit_mut_with(&mut ImportedMembers { owner: name, exported });
                }
                for (namespace, is_exported) in block.body.iter_mut().filter_map(namespace_of) {
                    if let (TsModuleName::Ident(inner), Some(body)) = (&namespace.id, &mut namespace.body) {
                        self.spell_out(&space.inner(inner, is_exported), inner, outside.clone(), body);
                    }
                }
            }
        }
        if let Some(names) = self.0.get(space) {
            let is_outside = |ident: &Ident| outside.contains(&ident.ctxt);
            body.visit_mut_with(&mut References::new(Members { owner: name, names, is_outside }));
        }
    }
}

/// What a block exports and has no binding of its own for.
fn exported_members(item: &ModuleItem) -> Vec<Id> {
    match item {
        ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(ExportDecl {
            decl: decl @ (Decl::Var(_) | Decl::TsEnum(_) | Decl::TsModule(_)),
            ..
        })) => ids_of(decl),
        ModuleItem::ModuleDecl(ModuleDecl::TsImportEquals(import)) if import.is_export => vec![import.id.to_id()],
        _ => Vec::new(),
    }
}
