//! Standard decorators: what swc's own leave out.

use rustc_hash::FxHashMap;
use swc_core::common::{BytePos, DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    BinaryOp, BlockStmt, CallExpr, Callee, Class, ClassDecl, ClassExpr, ClassMember, ComputedPropName, Expr, Function,
    FunctionBody, Id, Ident, KeyValueProp, MethodProp, ObjectLit, ParenExpr, Program, Prop, PropName, PropOrSpread,
    StaticBlock, ThisExpr, UnaryExpr, UnaryOp,
};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::transforms::proposal::decorator_2023_11::decorator_2023_11;
use swc_core::ecma::utils::{ExprFactory, quote_ident};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::strip::module::as_module;
use crate::syntax::known_name;

/// Turns every decorator of `program`, which is resolved and still has its types, into a call.
pub(super) fn lower(program: &mut Program, unresolved: SyntaxContext) {
    as_module(program, |module| {
        module.mutate(decorator_2023_11());
        module.visit_mut_with(&mut Parents { unresolved, has_parent: false });
    });
}

/// Tells the helper what a class extends: its metadata inherits the other's. swc does so only where the class itself
/// is decorated.
struct Parents {
    unresolved: SyntaxContext,
    /// Of the innermost class.
    has_parent: bool,
}

/// The helper's parameters: class, its decorators, its members', whether those have a `this`, its brand, its parent.
const PARENT: usize = 5;

impl VisitMut for Parents {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, n: &mut Class) {
        let outer = std::mem::replace(&mut self.has_parent, n.super_class.is_some());
        n.visit_mut_children_with(self);
        self.has_parent = outer;
    }

    fn visit_mut_call_expr(&mut self, n: &mut CallExpr) {
        n.visit_mut_children_with(self);
        let is_helper = matches!(&n.callee, Callee::Expr(callee)
            if matches!(&**callee, Expr::Ident(name) if name.sym == *"_apply_decs_2311"));
        if self.has_parent && is_helper && n.args.len() <= PARENT {
            n.args.resize_with(PARENT, || Expr::undefined(DUMMY_SP).as_arg());
            let this = Expr::This(ThisExpr { span: DUMMY_SP });
            n.args.push(of_object("getPrototypeOf", self.unresolved).as_call(DUMMY_SP, vec![this.as_arg()]).as_arg());
        }
    }
}

fn of_object(method: &str, unresolved: SyntaxContext) -> Expr {
    quote_ident!(unresolved, "Object").make_member(quote_ident!(method)).into()
}

/// Names that classes have and no declaration can give: by where the identifier stands that the class has in their
/// stead.
pub(super) type ClassNames = FxHashMap<BytePos, ClassName>;

/// The name of a class.
pub(super) enum ClassName {
    Known(Atom),
    /// That of the property with this key, which is a string or a symbol.
    OfKey(Ident),
}

impl ClassName {
    fn value(&self) -> Expr {
        match self {
            Self::Known(name) => name.as_str().into(),
            // `({ [key]() {} })[key].name`: the engine knows how symbols are spelled.
            Self::OfKey(key) => {
                let computed = ComputedPropName { span: DUMMY_SP, expr: Box::new(key.clone().into()) };
                let function = Box::new(Function { body: Some(FunctionBody::default()), ..Function::default() });
                let method = Prop::Method(MethodProp { key: PropName::Computed(computed), function });
                let object = ObjectLit { span: DUMMY_SP, props: vec![PropOrSpread::Prop(Box::new(method))] };
                let object = ParenExpr { span: DUMMY_SP, expr: Box::new(object.into()) };
                Expr::from(object).computed_member(key.clone()).make_member(quote_ident!("name")).into()
            }
        }
    }
}

/// Gives classes their names where their identifiers are others.
pub(super) struct NameClasses<'a> {
    pub(super) names: &'a ClassNames,
    /// Classes whose identifier is about to change.
    pub(super) is_renamed: &'a dyn Fn(&Id) -> bool,
    pub(super) unresolved: SyntaxContext,
}

impl NameClasses<'_> {
    fn name(&self, ident: &Ident, class: &mut Class) {
        let value = match self.names.get(&ident.span.lo) {
            Some(name) => name.value(),
            None if (self.is_renamed)(&ident.to_id()) => ident.sym.as_str().into(),
            None => return,
        };
        let static_keys = class.body.iter().filter_map(static_key);
        let has = |name: Option<bool>| static_keys.clone().any(|key| known_name(key).map(|key| key == *"name") == name);
        if has(Some(true)) {
            return;
        }
        let property = |key: &str, value: Expr| {
            let key = PropName::Ident(quote_ident!(key));
            PropOrSpread::Prop(Box::new(Prop::KeyValue(KeyValueProp { key, value: Box::new(value) })))
        };
        let props = vec![property("value", value), property("configurable", true.into())];
        let descriptor = Expr::Object(ObjectLit { span: DUMMY_SP, props });
        let of_this = |method: &str, more: Option<Expr>| {
            let this = Expr::This(ThisExpr { span: DUMMY_SP });
            let arguments = [this.as_arg(), "name".as_arg()].into_iter().chain(more.map(ExprFactory::as_arg));
            of_object(method, self.unresolved).as_call(DUMMY_SP, arguments.collect())
        };
        let mut give = of_this("defineProperty", Some(descriptor));
        if has(None) {
            // A method whose key turns out to be `name` has taken the place; a field will.
            let found = of_this("getOwnPropertyDescriptor", None).make_member(quote_ident!("value"));
            let kind = UnaryExpr { span: DUMMY_SP, op: UnaryOp::TypeOf, arg: Box::new(found.into()) };
            let is_free = Expr::from(kind).make_bin(BinaryOp::EqEqEq, "string");
            give = is_free.make_bin(BinaryOp::LogicalAnd, give);
        }
        let body = BlockStmt { stmts: vec![give.into_stmt()], ..BlockStmt::default() };
        class.body.insert(0, StaticBlock { span: DUMMY_SP, body }.into());
    }
}

/// What is called so comes in place of the class's own name.
fn static_key(member: &ClassMember) -> Option<&PropName> {
    match member {
        ClassMember::Method(n) if n.is_static => Some(&n.key),
        ClassMember::ClassProp(n) if n.is_static => Some(&n.key),
        _ => None,
    }
}

impl VisitMut for NameClasses<'_> {
    noop_visit_mut_type!();

    fn visit_mut_class_decl(&mut self, n: &mut ClassDecl) {
        n.visit_mut_children_with(self);
        self.name(&n.ident, &mut n.class);
    }

    fn visit_mut_class_expr(&mut self, n: &mut ClassExpr) {
        n.visit_mut_children_with(self);
        if let Some(ident) = &n.ident {
            self.name(ident, &mut n.class);
        }
    }
}
