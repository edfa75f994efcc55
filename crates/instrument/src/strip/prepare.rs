//! What swc's transforms would get wrong, spelled so that they get it right.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignPat, AssignPatProp, AssignTarget, AutoAccessor, BlockStmt, Class, ClassExpr,
    ClassMember, ClassProp, DefaultDecl, DoWhileStmt, ExportDefaultExpr, Expr, ExprStmt, ForInStmt, ForOfStmt, ForStmt,
    Ident, IfStmt, ImportDecl, Key, KeyValueProp, Lit, Pat, PrivateName, PrivateProp, Program, PropName, SeqExpr,
    SimpleAssignTarget, Stmt, VarDecl, VarDeclKind, WhileStmt,
};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::transforms::base::enable_helper;
use swc_core::ecma::utils::{private_ident, quote_ident};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::parse::range_of;
use crate::strip::found::Found;
use crate::strip::keys::{MakesNames, declare, once, visit_mut_lists_of_made_names};
use crate::strip::legacy::helper;
use crate::strip::standard::{ClassName, ClassNames};
use crate::syntax::{known_name, uncast};

/// Prepares `program`, which is resolved and has all that is to be stripped. `typed_text` is what
/// it was read from, if that is TypeScript.
pub(super) fn prepare(program: &mut Program, found: &Found, typed_text: Option<&str>) -> ClassNames {
    let mut prepare = Prepare {
        typed_text,
        needs_names: found.decorators || found.accessors,
        names: ClassNames::default(),
        made_names: Vec::new(),
        classes: 0,
    };
    program.visit_mut_with(&mut prepare);
    prepare.names
}

struct Prepare<'a> {
    typed_text: Option<&'a str>,
    /// Classes will be lowered to what needs names of its own.
    needs_names: bool,
    /// Of classes, where they are no identifiers.
    names: ClassNames,
    made_names: Vec<Ident>,
    /// How many were visited.
    classes: usize,
}

impl MakesNames for Prepare<'_> {
    fn made_names(&mut self) -> &mut Vec<Ident> {
        &mut self.made_names
    }
}

impl Prepare<'_> {
    /// swc loses the name that a declaration, an assignment, a property or a field gives to a decorated class.
    fn name_decorated(&mut self, value: &mut Expr, name: &Atom) {
        if let Some((ident, class)) = nameless_decorated(value) {
            *ident = Some(self.ident_for(class, name));
        }
    }

    fn name_by_key(&mut self, value: &mut Expr, key: &mut PropName) {
        if let Some(name) = known_name(key) {
            self.name_decorated(value, &name);
        } else if let (Some((ident, class)), PropName::Computed(computed)) = (nameless_decorated(value), key) {
            let expr = std::mem::take(&mut *computed.expr);
            *computed.expr = helper("_to_property_key", enable_helper!(to_property_key), vec![expr]);
            let key = once(computed, &mut self.made_names);
            self.names.insert(class.span.lo, ClassName::OfKey(key));
            *ident = Some(private_ident!(class.span, "_class"));
        }
    }

    fn name_by_private(&mut self, value: &mut Expr, key: &PrivateName) {
        self.name_decorated(value, &format!("#{}", key.name).into());
    }

    /// A body that holds a class gets a block for the names that it needs: each round of a loop has its own.
    fn body(&mut self, body: &mut Stmt) {
        let (classes, made) = (self.classes, self.made_names.len());
        body.visit_mut_with(self);
        if self.needs_names && self.classes > classes && !body.is_block() {
            let made = self.made_names.split_off(made);
            let mut stmts = if made.is_empty() { Vec::new() } else { vec![declare(made)] };
            stmts.push(std::mem::take(body));
            *body = Stmt::Block(BlockStmt { stmts, ..BlockStmt::default() });
        }
    }

    fn ident_for(&mut self, class: &Class, name: &Atom) -> Ident {
        if Ident::verify_symbol(name).is_ok() {
            return private_ident!(name.clone());
        }
        self.names.insert(class.span.lo, ClassName::Known(name.clone()));
        private_ident!(class.span, if name == "default" { "_default" } else { "_class" })
    }
}

/// The identifier that a decorated class lacks, and the class.
fn nameless_decorated(value: &mut Expr) -> Option<(&mut Option<Ident>, &Class)> {
    match value {
        Expr::Paren(inner) => nameless_decorated(&mut inner.expr),
        Expr::Class(ClassExpr { ident: ident @ None, class }) if !class.decorators.is_empty() => Some((ident, class)),
        _ => None,
    }
}

/// Makes `static name` of `static ["name"]`: swc moves such keys away, and the member has to be seen by what gives
/// classes their names.
fn plain_static_name(member: &mut ClassMember) {
    let key = match member {
        ClassMember::Method(n) if n.is_static => &mut n.key,
        ClassMember::ClassProp(n) if n.is_static => &mut n.key,
        ClassMember::AutoAccessor(AutoAccessor { key: Key::Public(key), is_static: true, .. }) => key,
        _ => return,
    };
    if known_name(key).is_some_and(|name| name == *"name") {
        *key = PropName::Ident(quote_ident!("name"));
    }
}

impl VisitMut for Prepare<'_> {
    noop_visit_mut_type!();

    visit_mut_lists_of_made_names!();

    /// `import {} from "types"` loads nothing in TypeScript, and looks like `import "module"` in the tree.
    fn visit_mut_import_decl(&mut self, n: &mut ImportDecl) {
        let clause = range_of(n.span.with_hi(n.src.span.lo));
        let clause = self.typed_text.and_then(|text| text.get(clause));
        n.type_only |= n.specifiers.is_empty() && clause.is_some_and(|clause| clause.contains('{'));
    }

    fn visit_mut_if_stmt(&mut self, n: &mut IfStmt) {
        n.test.visit_mut_with(self);
        self.body(&mut n.cons);
        match &mut n.alt {
            Some(alt) if alt.is_if_stmt() => alt.visit_mut_with(self),
            Some(alt) => self.body(alt),
            None => {}
        }
    }

    fn visit_mut_for_stmt(&mut self, n: &mut ForStmt) {
        n.init.visit_mut_with(self);
        n.test.visit_mut_with(self);
        n.update.visit_mut_with(self);
        self.body(&mut n.body);
    }

    fn visit_mut_for_in_stmt(&mut self, n: &mut ForInStmt) {
        n.left.visit_mut_with(self);
        n.right.visit_mut_with(self);
        self.body(&mut n.body);
    }

    fn visit_mut_for_of_stmt(&mut self, n: &mut ForOfStmt) {
        n.left.visit_mut_with(self);
        n.right.visit_mut_with(self);
        self.body(&mut n.body);
    }

    fn visit_mut_while_stmt(&mut self, n: &mut WhileStmt) {
        n.test.visit_mut_with(self);
        self.body(&mut n.body);
    }

    fn visit_mut_do_while_stmt(&mut self, n: &mut DoWhileStmt) {
        self.body(&mut n.body);
        n.test.visit_mut_with(self);
    }

    /// Accessor fields are made methods before types go, and private methods with decorators are: these too.
    fn visit_mut_class(&mut self, n: &mut Class) {
        self.classes += 1;
        n.body.retain(|member| match member {
            ClassMember::AutoAccessor(accessor) => !accessor.is_abstract,
            ClassMember::PrivateMethod(method) => method.function.body.is_some(),
            _ => true,
        });
        n.body.iter_mut().for_each(plain_static_name);
        n.visit_mut_children_with(self);
    }

    fn visit_mut_var_decl(&mut self, n: &mut VarDecl) {
        n.visit_mut_children_with(self);
        for declarator in &mut n.decls {
            match (&declarator.name, &mut declarator.init) {
                (Pat::Ident(name), Some(value)) if n.kind == VarDeclKind::Const => {
                    // Inside the class it means the class, so both may be one name.
                    if let Some((ident, _)) = nameless_decorated(value) {
                        *ident = Some(name.id.clone());
                    }
                }
                (Pat::Ident(name), Some(value)) => self.name_decorated(value, &name.sym),
                _ => {}
            }
        }
    }

    fn visit_mut_key_value_prop(&mut self, n: &mut KeyValueProp) {
        n.visit_mut_children_with(self);
        self.name_by_key(&mut n.value, &mut n.key);
    }

    fn visit_mut_class_prop(&mut self, n: &mut ClassProp) {
        n.visit_mut_children_with(self);
        if let Some(value) = &mut n.value {
            self.name_by_key(value, &mut n.key);
        }
    }

    fn visit_mut_private_prop(&mut self, n: &mut PrivateProp) {
        n.visit_mut_children_with(self);
        if let Some(value) = &mut n.value {
            self.name_by_private(value, &n.key);
        }
    }

    fn visit_mut_auto_accessor(&mut self, n: &mut AutoAccessor) {
        n.visit_mut_children_with(self);
        match (&mut n.value, &mut n.key) {
            (Some(value), Key::Public(key)) => self.name_by_key(value, key),
            (Some(value), Key::Private(key)) => self.name_by_private(value, key),
            (None, _) => {}
        }
    }

    fn visit_mut_assign_pat_prop(&mut self, n: &mut AssignPatProp) {
        n.visit_mut_children_with(self);
        if let Some(value) = &mut n.value {
            self.name_decorated(value, &n.key.sym);
        }
    }

    fn visit_mut_export_default_expr(&mut self, n: &mut ExportDefaultExpr) {
        n.visit_mut_children_with(self);
        self.name_decorated(&mut n.expr, &"default".into());
    }

    fn visit_mut_default_decl(&mut self, n: &mut DefaultDecl) {
        n.visit_mut_children_with(self);
        if let DefaultDecl::Class(ClassExpr { ident: ident @ None, class }) = n
            && !class.decorators.is_empty()
        {
            *ident = Some(self.ident_for(class, &"default".into()));
        }
    }

    /// `('use strict')` is no directive (ECMAScript 11.2.1), and neither is `'use strict' as T`; they lose what makes
    /// them none.
    fn visit_mut_expr_stmt(&mut self, n: &mut ExprStmt) {
        n.visit_mut_children_with(self);
        if !n.expr.is_lit() && matches!(uncast(&n.expr), Expr::Lit(Lit::Str(_))) {
            behind_zero(&mut n.expr);
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
            self.name_decorated(&mut n.right, &name.sym);
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
            self.name_decorated(&mut n.right, &name.sym);
        }
    }
}

/// Not `(b as T)`, of which TypeScript makes `b`; of `(b!)` it makes `(b)`.
fn is_parenthesised_name(inner: &Expr) -> bool {
    match inner {
        Expr::Paren(inner) => is_parenthesised_name(&inner.expr),
        Expr::TsNonNull(inner) => is_parenthesised_name(&inner.expr),
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
        behind_zero(value);
    }
}

/// `0, value`
fn behind_zero(value: &mut Expr) {
    let behind = std::mem::replace(value, Expr::Invalid(Default::default()));
    let zero = Box::new(Expr::Lit(Lit::Num(0.0.into())));
    *value = Expr::Seq(SeqExpr { span: DUMMY_SP, exprs: vec![zero, Box::new(behind)] });
}
