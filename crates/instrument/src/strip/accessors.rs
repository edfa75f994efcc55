//! `accessor x = 1` without decorators: a private field, a getter and a setter.
//!
//! swc does this together with standard decorators, and moves the computed keys of every class of the file before
//! what the class extends.

use rustc_hash::FxHashSet;
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    AssignOp, AutoAccessor, Class, ClassDecl, ClassExpr, ClassMember, ClassMethod, Expr, Function, FunctionBody, Ident,
    Key, MemberExpr, MemberProp, MethodKind, Param, PrivateMethod, PrivateName, PrivateProp, Program, PropName,
    ReturnStmt, Stmt, ThisExpr,
};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::utils::{ExprFactory, private_ident};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::strip::keys::{MakesNames, once, visit_mut_lists_of_made_names};

/// Turns every accessor field of `program` into what engines know.
pub(super) fn lower(program: &mut Program) {
    program.visit_mut_with(&mut Accessors { class_name: None, made_names: Vec::new(), value: private_ident!("value") });
}

struct Accessors {
    /// The innermost class's own name, if it has one.
    class_name: Option<Ident>,
    made_names: Vec<Ident>,
    /// The parameter of every setter.
    value: Ident,
}

impl Accessors {
    fn in_class(&mut self, name: Option<Ident>, class: &mut Class) {
        let outer = std::mem::replace(&mut self.class_name, name);
        class.visit_mut_with(self);
        self.class_name = outer;
    }

    fn lower(&mut self, accessor: AutoAccessor, taken: &mut FxHashSet<Atom>) -> [ClassMember; 3] {
        let AutoAccessor { span, mut key, value, is_static, .. } = accessor;
        let storage = PrivateName { span: DUMMY_SP, name: storage_name(&key, taken) };
        let receiver = match &self.class_name {
            // Also for a class that extends this one, which has no such private field.
            Some(name) if is_static => Expr::Ident(name.clone()),
            _ => Expr::This(ThisExpr { span: DUMMY_SP }),
        };
        let field =
            MemberExpr { span: DUMMY_SP, obj: Box::new(receiver), prop: MemberProp::PrivateName(storage.clone()) };
        let first_key = key.clone();
        let (first_key, key) = match &mut key {
            Key::Public(PropName::Computed(computed)) if !computed.expr.is_lit() => {
                let name = once(computed, &mut self.made_names);
                let mut again = computed.clone();
                *again.expr = name.into();
                (key, Key::Public(PropName::Computed(again)))
            }
            _ => (first_key, key),
        };
        let get = Stmt::Return(ReturnStmt { span: DUMMY_SP, arg: Some(Box::new(field.clone().into())) });
        let set = self.value.clone().make_assign_to(AssignOp::Assign, field.into()).into_stmt();
        let param = Param { span: DUMMY_SP, decorators: Vec::new(), pat: self.value.clone().into() };
        [
            ClassMember::PrivateProp(PrivateProp { span, key: storage, value, is_static, ..PrivateProp::default() }),
            method(MethodKind::Getter, first_key, is_static, Vec::new(), get),
            method(MethodKind::Setter, key, is_static, vec![param], set),
        ]
    }
}

impl MakesNames for Accessors {
    fn made_names(&mut self) -> &mut Vec<Ident> {
        &mut self.made_names
    }
}

impl VisitMut for Accessors {
    noop_visit_mut_type!();

    visit_mut_lists_of_made_names!();

    fn visit_mut_class_decl(&mut self, n: &mut ClassDecl) {
        self.in_class(Some(n.ident.clone()), &mut n.class);
    }

    fn visit_mut_class_expr(&mut self, n: &mut ClassExpr) {
        self.in_class(n.ident.clone(), &mut n.class);
    }

    fn visit_mut_class(&mut self, n: &mut Class) {
        n.visit_mut_children_with(self);
        let mut taken: FxHashSet<_> = n.body.iter().filter_map(private_name).collect();
        for member in std::mem::take(&mut n.body) {
            match member {
                ClassMember::AutoAccessor(accessor) => n.body.extend(self.lower(accessor, &mut taken)),
                other => n.body.push(other),
            }
        }
    }
}

fn private_name(member: &ClassMember) -> Option<Atom> {
    match member {
        ClassMember::PrivateProp(n) => Some(n.key.name.clone()),
        ClassMember::PrivateMethod(n) => Some(n.key.name.clone()),
        ClassMember::AutoAccessor(AutoAccessor { key: Key::Private(key), .. }) => Some(key.name.clone()),
        _ => None,
    }
}

fn storage_name(key: &Key, taken: &mut FxHashSet<Atom>) -> Atom {
    let of = match key {
        Key::Private(name) => name.name.as_str(),
        Key::Public(PropName::Ident(name)) => name.sym.as_str(),
        Key::Public(_) => "",
    };
    let plain = format!("{of}_accessor_storage");
    let numbered = (1..).map(|number| format!("{plain}{number}"));
    let mut names = std::iter::once(plain.clone()).chain(numbered).map(Atom::from);
    names.find(|name| taken.insert(name.clone())).unwrap_or_default()
}

fn method(kind: MethodKind, key: Key, is_static: bool, params: Vec<Param>, body: Stmt) -> ClassMember {
    let body = Some(FunctionBody { span: DUMMY_SP, stmts: vec![body] });
    let function = Box::new(Function { params, body, ..Function::default() });
    match key {
        Key::Private(key) => {
            ClassMember::PrivateMethod(PrivateMethod { key, function, kind, is_static, ..PrivateMethod::default() })
        }
        Key::Public(key) => {
            ClassMember::Method(ClassMethod { key, function, kind, is_static, ..ClassMethod::default() })
        }
    }
}
