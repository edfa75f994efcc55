//! References to a name, replaced by something else wherever they stand.

use rustc_hash::FxHashSet;
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    Expr, Id, Ident, JSXElementName, JSXMemberExpr, JSXObject, MemberExpr, MemberProp, ObjectPatProp, Pat, Prop,
    SimpleAssignTarget, TsEntityName, TsImportEqualsDecl, TsModuleRef, TsQualifiedName, VarDeclarator,
};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::utils::{ExprFactory, QueryRef, RefRewriter};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

/// Visits what is to be changed; `query` says what becomes of a name. swc's own visitor would pass over
/// `({ name } = value)`.
pub(super) struct References<Q: QueryRef>(RefRewriter<Q>);

impl<Q: QueryRef> References<Q> {
    pub(super) fn new(query: Q) -> Self {
        Self(RefRewriter { query })
    }

    pub(super) fn into_query(self) -> Q {
        self.0.query
    }
}

macro_rules! after_children {
    ($($method:ident: $node:ty => $exit:ident;)*) => {$(
        fn $method(&mut self, n: &mut $node) {
            n.visit_mut_children_with(self);
            self.0.$exit(n);
        }
    )*};
}

impl<Q: QueryRef> VisitMut for References<Q> {
    noop_visit_mut_type!();

    after_children! {
        visit_mut_expr: Expr => exit_expr;
        visit_mut_prop: Prop => exit_prop;
        visit_mut_pat: Pat => exit_pat;
        visit_mut_object_pat_prop: ObjectPatProp => exit_object_pat_prop;
        visit_mut_simple_assign_target: SimpleAssignTarget => exit_simple_assign_target;
        visit_mut_jsx_element_name: JSXElementName => exit_jsx_element_name;
        visit_mut_jsx_object: JSXObject => exit_jsx_object;
    }

    /// A declared name is no reference.
    fn visit_mut_var_declarator(&mut self, n: &mut VarDeclarator) {
        if !n.name.is_ident() {
            n.name.visit_mut_with(self);
        }
        n.init.visit_mut_with(self);
    }

    /// `import declared = name.member`
    fn visit_mut_ts_import_equals_decl(&mut self, n: &mut TsImportEqualsDecl) {
        let TsModuleRef::TsEntityName(entity) = &mut n.module_ref else { return };
        let root = root_of(entity);
        if let TsEntityName::Ident(name) = root
            && let Some(found) = self.0.query.query_ref(name).and_then(|found| entity_of(&found))
        {
            *root = found;
        }
    }
}

/// The `a` of `a.b.c`.
fn root_of(mut entity: &mut TsEntityName) -> &mut TsEntityName {
    while let TsEntityName::TsQualifiedName(qualified) = entity {
        entity = &mut qualified.left;
    }
    entity
}

/// What `import a = exported.b` names is a member of the namespace `owner` if it exports it. swc knows that
/// everywhere else.
pub(super) struct ImportedMembers<'a> {
    pub(super) owner: &'a Ident,
    pub(super) exported: FxHashSet<Id>,
}

impl VisitMut for ImportedMembers<'_> {
    noop_visit_mut_type!();

    fn visit_mut_ts_import_equals_decl(&mut self, n: &mut TsImportEqualsDecl) {
        let TsModuleRef::TsEntityName(entity) = &mut n.module_ref else { return };
        let root = root_of(entity);
        if let TsEntityName::Ident(name) = root
            && self.exported.contains(&name.to_id())
        {
            let left = TsEntityName::Ident(self.owner.clone());
            let qualified = TsQualifiedName { span: name.span, left, right: name.clone().into() };
            *root = TsEntityName::TsQualifiedName(Box::new(qualified));
        }
    }
}

fn entity_of(expr: &Expr) -> Option<TsEntityName> {
    match expr {
        Expr::Ident(name) => Some(TsEntityName::Ident(name.clone())),
        Expr::Member(MemberExpr { span, obj, prop: MemberProp::Ident(right) }) => {
            let qualified = TsQualifiedName { span: *span, left: entity_of(obj)?, right: right.clone() };
            Some(TsEntityName::TsQualifiedName(Box::new(qualified)))
        }
        _ => None,
    }
}

/// What is exported by a namespace, or is a member of an enum, that spells itself out: `x` becomes `N.x`.
pub(super) struct Members<'a, F> {
    pub(super) owner: &'a Ident,
    pub(super) names: &'a FxHashSet<Atom>,
    /// Whether a name is bound neither here nor further in.
    pub(super) is_outside: F,
}

impl<F: Fn(&Ident) -> bool> Members<'_, F> {
    fn has(&self, ident: &Ident) -> bool {
        self.names.contains(&ident.sym) && (self.is_outside)(ident)
    }
}

impl<F: Fn(&Ident) -> bool> QueryRef for Members<'_, F> {
    fn query_ref(&self, ident: &Ident) -> Option<Box<Expr>> {
        self.has(ident).then(|| Box::new(self.owner.clone().make_member(ident.clone().into()).into()))
    }

    fn query_lhs(&self, ident: &Ident) -> Option<Box<Expr>> {
        self.query_ref(ident)
    }

    fn query_jsx(&self, ident: &Ident) -> Option<JSXElementName> {
        let obj = JSXObject::Ident(self.owner.clone());
        let member = JSXMemberExpr { span: DUMMY_SP, obj, prop: ident.clone().into() };
        self.has(ident).then_some(JSXElementName::JSXMemberExpr(member))
    }
}
