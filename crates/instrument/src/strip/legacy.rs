//! Legacy decorators: what TypeScript makes of them with `experimentalDecorators`.
//!
//! swc's own follow the text where TypeScript does not: those of instance members run first, then those of static
//! members, then those of the class and of its constructor's parameters, and every computed key is evaluated in
//! its place. A class that a decorator replaces is also replaced where its own body speaks of it.

use std::cell::Cell;

use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    ArrayLit, AssignOp, AutoAccessor, BlockStmt, Class, ClassDecl, ClassExpr, ClassMember, Decl, Decorator,
    DefaultDecl, ExportDecl, ExportNamedSpecifier, ExportSpecifier, Expr, ExprOrSpread, Id, Ident, JSXElementName, Key,
    KeyValueProp, Lit, ModuleDecl, ModuleExportName, ModuleItem, NamedExport, Null, ObjectLit, Param,
    ParamOrTsParamProp, Pat, PrivateName, Program, Prop, PropName, PropOrSpread, StaticBlock, Stmt, ThisExpr,
    TsModuleDecl, TsModuleName, TsNamespaceBody, TsNamespaceDecl, VarDeclKind,
};
use swc_core::ecma::transforms::base::enable_helper;
use swc_core::ecma::utils::{ExprFactory, QueryRef, private_ident, prop_name_to_expr_value, quote_ident};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use crate::strip::keys::{declare, once};
use crate::strip::metadata::is_metadata;
use crate::strip::pairs::{Pairs, is_accessor};
use crate::strip::references::References;

/// Turns every decorator of `program`, which is resolved and still has its types, into a call.
pub(super) fn lower(program: &mut Program) {
    program.visit_mut_with(&mut LegacyDecorators);
}

struct LegacyDecorators;

impl VisitMut for LegacyDecorators {
    noop_visit_mut_type!();

    fn visit_mut_stmts(&mut self, n: &mut Vec<Stmt>) {
        n.visit_mut_children_with(self);
        let mut lowered = Vec::with_capacity(n.len());
        for mut stmt in n.drain(..) {
            let calls = match &mut stmt {
                Stmt::Decl(Decl::Class(class)) => lower_declaration(class, &mut lowered),
                _ => Vec::new(),
            };
            lowered.push(stmt);
            lowered.extend(calls);
        }
        *n = lowered;
    }

    fn visit_mut_module_items(&mut self, n: &mut Vec<ModuleItem>) {
        n.visit_mut_children_with(self);
        let mut lowered = Vec::with_capacity(n.len());
        for mut item in n.drain(..) {
            let calls = match &mut item {
                ModuleItem::Stmt(Stmt::Decl(Decl::Class(class)))
                | ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(ExportDecl { decl: Decl::Class(class), .. })) => {
                    lower_declaration(class, &mut lowered)
                }
                ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => match &mut export.decl {
                    DefaultDecl::Class(ClassExpr { ident: Some(name), class }) => {
                        lower_class(name, class, &mut lowered)
                    }
                    DefaultDecl::Class(ClassExpr { ident: None, class }) => {
                        let name = private_ident!("_default");
                        let calls = lower_class(&name, class, &mut lowered);
                        if !calls.is_empty() {
                            let class = std::mem::take(class);
                            lowered.push(ModuleItem::Stmt(named_default(&name, class)));
                            item = export_default(name);
                        }
                        calls
                    }
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            };
            lowered.push(item);
            lowered.extend(calls.into_iter().map(ModuleItem::Stmt));
        }
        *n = lowered;
    }

    fn visit_mut_ts_module_decl(&mut self, n: &mut TsModuleDecl) {
        if let (TsModuleName::Ident(name), Some(body)) = (&n.id, &mut n.body) {
            export_behind(name, body);
        }
        n.visit_mut_children_with(self);
    }

    fn visit_mut_ts_namespace_decl(&mut self, n: &mut TsNamespaceDecl) {
        export_behind(&n.id, &mut n.body);
        n.visit_mut_children_with(self);
    }
}

/// `namespace N { @dec export class C {} }`: what is exported is what the decorators leave, so that `N.C = C`
/// comes behind them.
fn export_behind(namespace: &Ident, body: &mut TsNamespaceBody) {
    let TsNamespaceBody::TsModuleBlock(block) = body else { return };
    let mut items = Vec::with_capacity(block.body.len());
    for item in block.body.drain(..) {
        match item {
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(ExportDecl { decl: Decl::Class(class), .. }))
                if !class.declare =>
            {
                let member = namespace.clone().make_member(class.ident.clone().into());
                let export = class.ident.clone().make_assign_to(AssignOp::Assign, member.into()).into_stmt();
                items.extend([Stmt::Decl(Decl::Class(class)), export].map(ModuleItem::Stmt));
            }
            other => items.push(other),
        }
    }
    block.body = items;
}

/// `{ default: class {} }.default`, as a declaration of `name`: the class has no other name than the language's.
fn named_default(name: &Ident, class: Box<Class>) -> Stmt {
    let default = || quote_ident!("default");
    let value = Box::new(Expr::Class(ClassExpr { ident: None, class }));
    let property = Prop::KeyValue(KeyValueProp { key: PropName::Ident(default()), value });
    let object = ObjectLit { span: DUMMY_SP, props: vec![PropOrSpread::Prop(Box::new(property))] };
    let value: Expr = object.make_member(default()).into();
    value.into_var_decl(VarDeclKind::Let, name.clone().into()).into()
}

fn export_default(name: Ident) -> ModuleItem {
    let specifier = ExportNamedSpecifier {
        span: DUMMY_SP,
        orig: ModuleExportName::Ident(name),
        exported: Some(ModuleExportName::Ident(quote_ident!("default").into())),
        is_type_only: false,
    };
    NamedExport {
        span: DUMMY_SP,
        specifiers: vec![ExportSpecifier::Named(specifier)],
        src: None,
        type_only: false,
        with: None,
    }
    .into()
}

fn lower_declaration<T: From<Stmt>>(declaration: &mut ClassDecl, before: &mut Vec<T>) -> Vec<Stmt> {
    if declaration.declare {
        return Vec::new();
    }
    lower_class(&declaration.ident, &mut declaration.class, before)
}

/// Takes the decorators of a class. Returns the calls that come behind it; what they need is declared in `before`.
fn lower_class<T: From<Stmt>>(name: &Ident, class: &mut Class, before: &mut Vec<T>) -> Vec<Stmt> {
    let mut made_names = Vec::new();
    join_accessors(&mut class.body);
    let members: Vec<_> = class.body.iter_mut().filter_map(|member| take_member(member, &mut made_names)).collect();
    let mut on_class = expressions(&mut class.decorators);
    for member in &mut class.body {
        if let ClassMember::Constructor(constructor) = member
            && constructor.body.is_some()
        {
            on_class.extend(of_parameters(constructor.params.iter_mut().map(|param| match param {
                ParamOrTsParamProp::Param(param) => &mut param.decorators,
                ParamOrTsParamProp::TsParamProp(param) => &mut param.decorators,
            })));
        }
    }
    on_class.sort_by_key(is_metadata);
    let alias = (!on_class.is_empty()).then(|| alias_inside(name, class)).flatten();
    // Only inside the class do private names mean something.
    let inside = members.iter().any(|member| member.decorators.iter().any(speaks_of_private_name));
    let (instance, of_class): (Vec<_>, Vec<_>) = members.into_iter().partition(|member| !member.is_static);
    let target = if inside { Expr::This(ThisExpr { span: DUMMY_SP }) } else { name.clone().into() };
    let mut calls: Vec<_> = instance.into_iter().chain(of_class).map(|member| member.call(&target)).collect();
    if inside {
        class.body.push(static_block(std::mem::take(&mut calls)));
    }
    if !on_class.is_empty() {
        let decorated = helper("_ts_decorate", enable_helper!(ts_decorate), vec![array(on_class), name.clone().into()]);
        let decorated = match &alias {
            Some(alias) => decorated.make_assign_to(AssignOp::Assign, alias.clone().into()),
            None => decorated,
        };
        calls.push(decorated.make_assign_to(AssignOp::Assign, name.clone().into()).into_stmt());
    }
    made_names.extend(alias);
    if !made_names.is_empty() {
        before.push(declare(made_names).into());
    }
    calls
}

/// A getter and a setter are decorated once, by what stands on the first that has decorators and on the parameter
/// of the setter. TypeScript calls no decorator of that parameter alone.
fn join_accessors(members: &mut [ClassMember]) {
    let pairs = Pairs::of(members);
    for at in 0..members.len() {
        let decorated = pairs.decorated_of(members, at);
        let ClassMember::Method(n) = &mut members[at] else { continue };
        if !is_accessor(n) || n.function.body.is_none() {
            continue;
        }
        if decorated != Some(at) {
            n.function.decorators.clear();
        }
        let params = n.function.params.iter_mut().filter(|param| !is_this(param));
        let on_parameter = of_parameters(params.map(|param| &mut param.decorators));
        let on_parameter = on_parameter.into_iter().map(|expr| Decorator { span: DUMMY_SP, expr: Box::new(expr) });
        if let Some(ClassMember::Method(holder)) = decorated.map(|place| &mut members[place]) {
            holder.function.decorators.extend(on_parameter);
        }
    }
}

/// The decorators of one member.
struct DecoratedMember {
    decorators: Vec<Expr>,
    key: Expr,
    is_static: bool,
    /// It has no property descriptor.
    is_field: bool,
}

impl DecoratedMember {
    fn call(self, class: &Expr) -> Stmt {
        let target =
            if self.is_static { class.clone() } else { class.clone().make_member(quote_ident!("prototype")).into() };
        let descriptor =
            if self.is_field { *Expr::undefined(DUMMY_SP) } else { Lit::Null(Null { span: DUMMY_SP }).into() };
        let arguments = vec![array(self.decorators), target, self.key, descriptor];
        helper("_ts_decorate", enable_helper!(ts_decorate), arguments).into_stmt()
    }
}

fn take_member(member: &mut ClassMember, made_names: &mut Vec<Ident>) -> Option<DecoratedMember> {
    let (decorators, key, is_static, is_field, stays) = match member {
        ClassMember::Method(n) if n.function.body.is_some() => {
            let mut decorators = expressions(&mut n.function.decorators);
            let params = n.function.params.iter_mut().filter(|param| !is_this(param));
            decorators.extend(of_parameters(params.map(|param| &mut param.decorators)));
            decorators.sort_by_key(is_metadata);
            (decorators, &mut n.key, n.is_static, false, true)
        }
        ClassMember::ClassProp(n) => {
            (expressions(&mut n.decorators), &mut n.key, n.is_static, true, !n.declare && !n.is_abstract)
        }
        ClassMember::AutoAccessor(AutoAccessor {
            key: Key::Public(key), decorators, is_static, is_abstract, ..
        }) => (expressions(decorators), key, *is_static, false, !*is_abstract),
        _ => return None,
    };
    if decorators.is_empty() {
        return None;
    }
    let key = match key {
        PropName::Computed(computed) if stays && !computed.expr.is_lit() => once(computed, made_names).into(),
        key => prop_name_to_expr_value(key.clone()),
    };
    Some(DecoratedMember { decorators, key, is_static, is_field })
}

/// Whether it is TypeScript's declaration of the type of `this`.
pub(super) fn is_this(param: &Param) -> bool {
    matches!(&param.pat, Pat::Ident(name) if name.id.sym == *"this")
}

fn expressions(decorators: &mut Vec<Decorator>) -> Vec<Expr> {
    decorators.drain(..).map(|decorator| *decorator.expr).collect()
}

/// `_ts_param(0, dec)`: a decorator of the function whose parameter it stands on.
fn of_parameters<'a>(params: impl Iterator<Item = &'a mut Vec<Decorator>>) -> Vec<Expr> {
    let at_index = |(index, decorators): (usize, &mut Vec<Decorator>)| {
        let call = move |decorator: Expr| {
            let index: Expr = Lit::Num((index as f64).into()).into();
            helper("_ts_param", enable_helper!(ts_param), vec![index, decorator])
        };
        expressions(decorators).into_iter().map(call).collect::<Vec<_>>()
    };
    params.enumerate().flat_map(at_index).collect()
}

pub(super) fn helper(name: &str, mark: swc_core::common::Mark, arguments: Vec<Expr>) -> Expr {
    let callee = Ident::new(name.into(), DUMMY_SP, SyntaxContext::empty().apply_mark(mark));
    callee.as_call(DUMMY_SP, arguments.into_iter().map(ExprFactory::as_arg).collect())
}

pub(super) fn array(elements: Vec<Expr>) -> Expr {
    let elems = elements.into_iter().map(|element| Some(ExprOrSpread::from(element))).collect();
    Expr::Array(ArrayLit { span: DUMMY_SP, elems })
}

fn static_block(stmts: Vec<Stmt>) -> ClassMember {
    StaticBlock { span: DUMMY_SP, body: BlockStmt { stmts, ..BlockStmt::default() } }.into()
}

/// Within its body a class's name means what the body began as. Where the body uses it, another variable takes
/// its place, which is set to what the decorators leave. Keys are evaluated before there is a class.
fn alias_inside(name: &Ident, class: &mut Class) -> Option<Ident> {
    let alias = private_ident!(format!("{}_1", name.sym));
    let mut references = References::new(OwnName { name: name.to_id(), alias, is_used: Cell::new(false) });
    for member in &mut class.body {
        let inside = &mut references;
        match member {
            ClassMember::Constructor(n) => {
                n.params.visit_mut_with(inside);
                n.body.visit_mut_with(inside);
            }
            ClassMember::Method(n) => n.function.visit_mut_with(inside),
            ClassMember::PrivateMethod(n) => n.function.visit_mut_with(inside),
            ClassMember::ClassProp(n) => n.value.visit_mut_with(inside),
            ClassMember::PrivateProp(n) => n.value.visit_mut_with(inside),
            ClassMember::AutoAccessor(n) => n.value.visit_mut_with(inside),
            ClassMember::StaticBlock(n) => n.body.visit_mut_with(inside),
            ClassMember::TsIndexSignature(_) | ClassMember::Empty(_) => {}
        }
    }
    let OwnName { alias, is_used, .. } = references.into_query();
    if !is_used.get() {
        return None;
    }
    let this = Expr::This(ThisExpr { span: DUMMY_SP });
    class.body.insert(0, static_block(vec![this.make_assign_to(AssignOp::Assign, alias.clone().into()).into_stmt()]));
    Some(alias)
}

struct OwnName {
    name: Id,
    alias: Ident,
    is_used: Cell<bool>,
}

impl OwnName {
    fn alias(&self, ident: &Ident) -> Option<Ident> {
        let is_own = ident.to_id() == self.name;
        self.is_used.set(self.is_used.get() || is_own);
        is_own.then(|| Ident { span: ident.span, ..self.alias.clone() })
    }
}

impl QueryRef for OwnName {
    fn query_ref(&self, ident: &Ident) -> Option<Box<Expr>> {
        self.alias(ident).map(Into::into)
    }

    fn query_lhs(&self, ident: &Ident) -> Option<Box<Expr>> {
        self.query_ref(ident)
    }

    fn query_jsx(&self, ident: &Ident) -> Option<JSXElementName> {
        self.alias(ident).map(JSXElementName::Ident)
    }
}

fn speaks_of_private_name(decorator: &Expr) -> bool {
    let mut found = PrivateNames(false);
    decorator.visit_with(&mut found);
    found.0
}

struct PrivateNames(bool);

impl Visit for PrivateNames {
    noop_visit_type!();

    fn visit_private_name(&mut self, _: &PrivateName) {
        self.0 = true;
    }
}
