//! Computed keys that made code needs once more, and where the names that keep them are declared.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignOp, ComputedPropName, FunctionBody, Ident, ReturnStmt, Stmt, VarDecl,
    VarDeclKind, VarDeclarator,
};
use swc_core::ecma::utils::{ExprFactory, StmtLike, private_ident};
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

use crate::strip::probes::take_first_probe;
use crate::syntax::{Item, directives};

/// A transform that makes names on its way. They are declared in the innermost list of statements, so that every
/// round of a loop and every call has its own.
pub(super) trait MakesNames: VisitMut + Sized {
    /// What the list that is visited has to declare.
    fn made_names(&mut self) -> &mut Vec<Ident>;

    /// Visits a list of statements, and declares what was made there.
    fn visit_list<T: StmtLike + Item + VisitMutWith<Self>>(&mut self, list: &mut Vec<T>) {
        let outer = std::mem::take(self.made_names());
        list.iter_mut().for_each(|item| item.visit_mut_with(self));
        let made = std::mem::replace(self.made_names(), outer);
        if !made.is_empty() {
            // Functions are called before their declarations are reached, and their parameters may need them.
            list.insert(directives(list), declare(made).into());
        }
    }

    /// Visits an arrow; one without a list of statements gets one if it has something to declare.
    fn visit_arrow(&mut self, n: &mut ArrowExpr) {
        n.params.visit_mut_with(self);
        let outer = std::mem::take(self.made_names());
        n.body.visit_mut_with(self);
        let made = std::mem::replace(self.made_names(), outer);
        if !made.is_empty()
            && let ArrowFunctionBody::Expr(value) = &mut *n.body
        {
            let mut stmts = vec![declare(made)];
            stmts.extend(take_first_probe(value).map(ExprFactory::into_stmt));
            stmts.push(Stmt::Return(ReturnStmt { span: DUMMY_SP, arg: Some(std::mem::take(value)) }));
            *n.body = ArrowFunctionBody::FunctionBody(FunctionBody { span: DUMMY_SP, stmts });
        }
    }
}

/// The methods of a [`VisitMut`] that [`MakesNames`] has the bodies of.
macro_rules! visit_mut_lists_of_made_names {
    () => {
        fn visit_mut_stmts(&mut self, n: &mut Vec<swc_core::ecma::ast::Stmt>) {
            self.visit_list(n);
        }

        fn visit_mut_module_items(&mut self, n: &mut Vec<swc_core::ecma::ast::ModuleItem>) {
            self.visit_list(n);
        }

        fn visit_mut_arrow_expr(&mut self, n: &mut swc_core::ecma::ast::ArrowExpr) {
            self.visit_arrow(n);
        }
    };
}
pub(super) use visit_mut_lists_of_made_names;

/// Makes `[_key = expr]` of a key, and returns `_key`.
pub(super) fn once(key: &mut ComputedPropName, made_names: &mut Vec<Ident>) -> Ident {
    let name = private_ident!("_key");
    let expr = std::mem::take(&mut *key.expr);
    *key.expr = expr.make_assign_to(AssignOp::Assign, name.clone().into());
    made_names.push(name.clone());
    name
}

/// `let a, b;`
pub(super) fn declare(names: Vec<Ident>) -> Stmt {
    let declarator = |name: Ident| VarDeclarator { span: DUMMY_SP, name: name.into(), init: None, definite: false };
    let decls = names.into_iter().map(declarator).collect();
    VarDecl { kind: VarDeclKind::Let, decls, ..VarDecl::default() }.into()
}
