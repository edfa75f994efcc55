//! What the names of namespaces, enums, their members and types stand for, over all the blocks that declare them.
//!
//! The resolver gives a name that two blocks of one namespace export two identities. TypeScript knows one.

use rustc_hash::FxHashMap;
use swc_core::ecma::ast::{
    ComputedPropName, Decl, ExportDecl, Expr, Id, Ident, Lit, MemberExpr, MemberProp, ModuleDecl, ModuleItem, Program,
    Stmt, TsEntityName, TsImportEqualsDecl, TsModuleDecl, TsModuleName, TsModuleRef, TsNamespaceBody,
};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

/// What all declarations of one namespace, enum, member or variable have in common: its outermost name, and the
/// exported names from there to it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Space(Id, Vec<Atom>);

impl Space {
    pub(super) fn declared(name: &Ident) -> Self {
        Self(name.to_id(), Vec::new())
    }

    pub(super) fn member(&self, name: &Atom) -> Self {
        let mut inner = self.clone();
        inner.1.push(name.clone());
        inner
    }

    pub(super) fn inner(&self, name: &Ident, is_exported: bool) -> Self {
        if is_exported { self.member(&name.sym) } else { Self::declared(name) }
    }
}

/// The spaces of names that are not their own.
#[derive(Default)]
pub(super) struct Spaces {
    of_names: FxHashMap<Id, Space>,
    /// `import a = N.b`, also exported.
    aliases: FxHashMap<Space, Space>,
}

impl Spaces {
    /// Of `program`, which is resolved.
    pub(super) fn of(program: &Program) -> Self {
        let mut found = Found { spaces: Self::default(), inside: None, is_ambient: false };
        program.visit_with(&mut found);
        found.spaces
    }

    pub(super) fn of_name(&self, name: &Ident) -> Space {
        self.target(self.of_names.get(&name.to_id()).cloned().unwrap_or_else(|| Space::declared(name)))
    }

    /// Of `a`, `a.b`, `a.b.c`.
    pub(super) fn of_path(&self, path: &Expr) -> Option<Space> {
        match path {
            Expr::Ident(name) => Some(self.of_name(name)),
            Expr::Paren(inner) => self.of_path(&inner.expr),
            Expr::Member(n) if n.prop.is_ident() => self.of_member(n),
            _ => None,
        }
    }

    /// Of `a.b`, `a["b"]`.
    pub(super) fn of_member(&self, n: &MemberExpr) -> Option<Space> {
        match &n.prop {
            MemberProp::Ident(name) => Some(self.target(self.of_path(&n.obj)?.member(&name.sym))),
            _ => self.of_element(n),
        }
    }

    /// Of `a["b"]`, whose name may be no identifier.
    fn of_element(&self, element: &MemberExpr) -> Option<Space> {
        let MemberProp::Computed(ComputedPropName { expr, .. }) = &element.prop else { return None };
        let name = match &**expr {
            Expr::Lit(Lit::Str(name)) => name.value.as_atom()?.clone(),
            Expr::Tpl(name) if name.exprs.is_empty() => name.quasis.first()?.cooked.as_ref()?.as_atom()?.clone(),
            _ => return None,
        };
        Some(self.of_path(&element.obj)?.member(&name))
    }

    pub(super) fn of_entity(&self, entity: &TsEntityName) -> Space {
        match entity {
            TsEntityName::Ident(name) => self.of_name(name),
            TsEntityName::TsQualifiedName(path) => self.target(self.of_entity(&path.left).member(&path.right.sym)),
        }
    }

    fn target(&self, space: Space) -> Space {
        self.aliases.get(&space).cloned().unwrap_or(space)
    }
}

struct Found {
    spaces: Spaces,
    /// The innermost namespace.
    inside: Option<Space>,
    /// It is declared only, and exports everything.
    is_ambient: bool,
}

impl Found {
    fn enter(&mut self, name: &Ident, is_exported: bool, body: &TsNamespaceBody) {
        let space = match &self.inside {
            Some(outer) => outer.inner(name, is_exported),
            None => Space::declared(name),
        };
        self.spaces.of_names.insert(name.to_id(), space.clone());
        let outer = self.inside.replace(space);
        match body {
            TsNamespaceBody::TsNamespaceDecl(inner) => self.enter(&inner.id, true, &inner.body),
            TsNamespaceBody::TsModuleBlock(block) => block.visit_with(self),
        }
        self.inside = outer;
    }

    fn enter_module(&mut self, n: &TsModuleDecl, is_exported: bool) {
        if let (TsModuleName::Ident(name), Some(body)) = (&n.id, &n.body) {
            let is_ambient = self.is_ambient || n.declare;
            let outer = std::mem::replace(&mut self.is_ambient, is_ambient);
            self.enter(name, is_exported, body);
            self.is_ambient = outer;
        }
    }

    fn export(&mut self, decl: &Decl) {
        if let Some(outer) = &self.inside {
            let of_type = match decl {
                Decl::TsInterface(n) => Some(n.id.to_id()),
                Decl::TsTypeAlias(n) => Some(n.id.to_id()),
                _ => None,
            };
            for (name, ctxt) in ids_of(decl).into_iter().chain(of_type) {
                let space = outer.member(&name);
                self.spaces.of_names.insert((name, ctxt), space);
            }
        }
        match decl {
            Decl::TsModule(namespace) => self.enter_module(namespace, true),
            other => other.visit_children_with(self),
        }
    }
}

impl Visit for Found {
    noop_visit_type!();

    fn visit_ts_module_decl(&mut self, n: &TsModuleDecl) {
        self.enter_module(n, false);
    }

    fn visit_decl(&mut self, n: &Decl) {
        if self.is_ambient { self.export(n) } else { n.visit_children_with(self) }
    }

    fn visit_export_decl(&mut self, n: &ExportDecl) {
        self.export(&n.decl);
    }

    fn visit_ts_import_equals_decl(&mut self, n: &TsImportEqualsDecl) {
        let TsModuleRef::TsEntityName(entity) = &n.module_ref else { return };
        let target = self.spaces.of_entity(entity);
        let alias = match &self.inside {
            Some(outer) => outer.inner(&n.id, n.is_export),
            None => Space::declared(&n.id),
        };
        if n.is_export {
            self.spaces.of_names.insert(n.id.to_id(), alias.clone());
        }
        self.spaces.aliases.insert(alias, target);
    }
}

/// The names that a declaration gives to values and namespaces.
pub(super) fn ids_of(decl: &Decl) -> Vec<Id> {
    match decl {
        Decl::Var(n) => find_pat_ids(&n.decls),
        Decl::Fn(n) => vec![n.ident.to_id()],
        Decl::Class(n) => vec![n.ident.to_id()],
        Decl::TsEnum(n) => vec![n.id.to_id()],
        Decl::TsModule(n) => n.id.as_ident().map(Ident::to_id).into_iter().collect(),
        Decl::Using(_) | Decl::TsInterface(_) | Decl::TsTypeAlias(_) => Vec::new(),
    }
}

/// The namespace that an item declares, and whether it is exported.
pub(super) fn namespace_of(item: &mut ModuleItem) -> Option<(&mut TsModuleDecl, bool)> {
    match item {
        ModuleItem::Stmt(Stmt::Decl(Decl::TsModule(namespace))) => Some((namespace, false)),
        ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(ExportDecl { decl: Decl::TsModule(namespace), .. })) => {
            Some((namespace, true))
        }
        _ => None,
    }
}
