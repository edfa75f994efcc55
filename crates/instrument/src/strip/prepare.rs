//! What swc's transforms would get wrong, spelled so that they get it right.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignPat, AssignTarget, AutoAccessor, Class, ClassExpr, ClassMember, ClassProp, Expr, Ident,
    ImportDecl, KeyValueProp, Lit, Pat, Program, PropName, SeqExpr, SimpleAssignTarget, VarDecl, VarDeclKind,
};
use swc_core::ecma::utils::private_ident;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::parse::range_of;

/// Prepares `program`, which is resolved and has all that is to be stripped. `typed_text` is what
/// it was read from, if that is TypeScript.
pub(super) fn prepare(program: &mut Program, typed_text: Option<&str>) {
    program.visit_mut_with(&mut Prepare { typed_text });
}

struct Prepare<'a> {
    typed_text: Option<&'a str>,
}

impl VisitMut for Prepare<'_> {
    noop_visit_mut_type!();

    /// `import {} from "types"` loads nothing in TypeScript, and looks like `import "module"` in the tree.
    fn visit_mut_import_decl(&mut self, n: &mut ImportDecl) {
        let clause = range_of(n.span.with_hi(n.src.span.lo));
        let clause = self.typed_text.and_then(|text| text.get(clause));
        n.type_only |= n.specifiers.is_empty() && clause.is_some_and(|clause| clause.contains('{'));
    }

    /// Accessor fields are made methods before types go, these too.
    fn visit_mut_class(&mut self, n: &mut Class) {
        n.body.retain(|member| !matches!(member, ClassMember::AutoAccessor(AutoAccessor { is_abstract: true, .. })));
        n.visit_mut_children_with(self);
    }

    /// swc loses the name that a declaration, an assignment, a property or a field gives to a decorated class.
    fn visit_mut_var_decl(&mut self, n: &mut VarDecl) {
        n.visit_mut_children_with(self);
        for declarator in &mut n.decls {
            match (&declarator.name, &mut declarator.init) {
                // Inside the class it means the class, so both may be one name.
                (Pat::Ident(name), Some(value)) if n.kind == VarDeclKind::Const => {
                    name_decorated(value, name.id.clone());
                }
                (Pat::Ident(name), Some(value)) => name_decorated(value, private_ident!(name.sym.clone())),
                _ => {}
            }
        }
    }

    fn visit_mut_key_value_prop(&mut self, n: &mut KeyValueProp) {
        n.visit_mut_children_with(self);
        if let PropName::Ident(name) = &n.key {
            name_decorated(&mut n.value, private_ident!(name.sym.clone()));
        }
    }

    fn visit_mut_class_prop(&mut self, n: &mut ClassProp) {
        n.visit_mut_children_with(self);
        if let (PropName::Ident(name), Some(value)) = (&n.key, &mut n.value) {
            name_decorated(value, private_ident!(name.sym.clone()));
        }
    }

    /// `(b) = () => {}` does not name the function (ECMAScript 13.15.2: the target is no identifier reference), and
    /// swc's fixer drops the parentheses.
    fn visit_mut_assign_expr(&mut self, n: &mut AssignExpr) {
        n.visit_mut_children_with(self);
        let names =
            matches!(n.op, AssignOp::Assign | AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign);
        if let (true, AssignTarget::Simple(SimpleAssignTarget::Paren(target))) = (names, &n.left)
            && is_parenthesised_name(&target.expr)
        {
            keep_nameless(&mut n.right);
        }
        if let (true, AssignTarget::Simple(SimpleAssignTarget::Ident(name))) = (names, &n.left) {
            name_decorated(&mut n.right, private_ident!(name.sym.clone()));
        }
    }

    /// The same in `[(b) = () => {}] = []`.
    fn visit_mut_assign_pat(&mut self, n: &mut AssignPat) {
        n.visit_mut_children_with(self);
        if let Pat::Expr(target) = &*n.left
            && let Expr::Paren(target) = &**target
            && is_parenthesised_name(&target.expr)
        {
            keep_nameless(&mut n.right);
        }
        if let Pat::Ident(name) = &*n.left {
            name_decorated(&mut n.right, private_ident!(name.sym.clone()));
        }
    }
}

fn name_decorated(value: &mut Expr, name: Ident) {
    match value {
        Expr::Paren(inner) => name_decorated(&mut inner.expr, name),
        Expr::Class(ClassExpr { ident: ident @ None, class })
            if !class.decorators.is_empty() && Ident::verify_symbol(&name.sym).is_ok() =>
        {
            *ident = Some(name);
        }
        _ => {}
    }
}

/// Not `(b as T)`, of which TypeScript makes `b`.
fn is_parenthesised_name(inner: &Expr) -> bool {
    match inner {
        Expr::Paren(inner) => is_parenthesised_name(&inner.expr),
        Expr::Ident(_) => true,
        _ => false,
    }
}

/// `(0, () => {})`
fn keep_nameless(value: &mut Expr) {
    let mut inner = &*value;
    while let Expr::Paren(paren) = inner {
        inner = &paren.expr;
    }
    let is_nameless = match inner {
        Expr::Arrow(_) => true,
        Expr::Fn(function) => function.ident.is_none(),
        Expr::Class(class) => class.ident.is_none(),
        _ => false,
    };
    if is_nameless {
        let function = std::mem::replace(value, Expr::Invalid(Default::default()));
        let zero = Box::new(Expr::Lit(Lit::Num(0.0.into())));
        *value = Expr::Seq(SeqExpr { span: DUMMY_SP, exprs: vec![zero, Box::new(function)] });
    }
}
