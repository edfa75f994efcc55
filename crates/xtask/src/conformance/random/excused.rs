//! Which probes V8's block coverage cannot check exactly, told from the instrumented program's structure.
//!
//! V8 counts a function when it is called and a loop's body before its variables are bound, and has no range at all
//! for some expressions. An excuse explains only counts that differ in its own way.

use std::collections::BTreeMap;

use swc_core::common::sync::Lrc;
use swc_core::common::{BytePos, FileName, SourceMap};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AwaitExpr, CallExpr, Callee, Class, ClassMember, Constructor, Decl,
    EsVersion, Expr, ForHead, ForInStmt, ForOfStmt, Function, GetterProp, Lit, MemberExpr, MethodProp, ObjectLit,
    ParamOrTsParamProp, Pat, Program, Prop, PropName, PropOrSpread, SetterProp, Stmt, SwitchCase, YieldExpr,
};
use swc_core::ecma::parser::{EsSyntax, Syntax, parse_file_as_commonjs, parse_file_as_module, parse_file_as_script};
use swc_core::ecma::visit::{Visit, VisitWith};

use super::grammar::Kind;
use crate::Failure;

/// Why V8 may count more than a probe.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Excuse {
    Generator,
    Parameters,
    Fields,
    LoopHead,
    LogicalAssignment,
    SuspendedCase,
    Overwritten,
    ClassPart,
    StaticBlock,
    ClassFunction,
}

impl Excuse {
    /// Name and reason in the committed counters.
    pub(super) const fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Generator => ("generator not started", "V8 counts the call, the probe the first resumption"),
            Self::Parameters => ("throwing parameters", "V8 counts the call, the probe the body"),
            Self::Fields => {
                ("throwing fields", "V8 counts the call, the probe the constructor's body behind the fields")
            }
            Self::LoopHead => ("throwing loop head", "V8 counts the round, the probe the body"),
            Self::SuspendedCase => {
                ("case test with await or yield", "V8's range behind the suspension lies over the case")
            }
            Self::Overwritten => ("overwritten property", "V8 never makes its function and has no range for it"),
            Self::ClassPart => {
                ("field, heritage or computed key", "V8's ranges for the functions it makes overlap here")
            }
            Self::StaticBlock => ("static block", "V8's ranges for the functions it makes overlap here"),
            Self::ClassFunction => ("function in a class part, never called", "V8 has no range for it"),
            Self::LogicalAssignment => ("logical assignment", "V8 has no range for its right side"),
        }
    }
}

impl Excuse {
    /// Whether it explains these counts of a probe and of V8. That the probe's is right was found by the program's own
    /// count, which knows no excuse; here it only matters what V8 may say instead.
    pub(super) const fn explains(self, hits: u64, expected: u64) -> bool {
        match self {
            // Another range lies over the place.
            Self::ClassPart | Self::LogicalAssignment | Self::SuspendedCase | Self::StaticBlock => true,
            Self::Overwritten | Self::ClassFunction => hits == 0,
            Self::Generator | Self::Parameters | Self::Fields | Self::LoopHead => hits < expected,
        }
    }
}

/// The probes of an instrumented program that are excused, by the text of their id.
pub(super) fn excused(code: &str, kind: Kind) -> Result<BTreeMap<String, Excuse>, Failure> {
    let (program, _) = parse(code, kind)?;
    let mut finder = Finder::default();
    program.visit_with(&mut finder);
    Ok(finder.excused)
}

/// The tree of a program, and where its spans begin to count.
pub(super) fn parse(code: &str, kind: Kind) -> Result<(Program, BytePos), Failure> {
    let sources: Lrc<SourceMap> = Lrc::default();
    let file = sources.new_source_file(FileName::Anon.into(), code.to_owned());
    let syntax = Syntax::Es(EsSyntax::default());
    let (target, mut recovered) = (EsVersion::latest(), Vec::new());
    let program = match kind {
        Kind::Script => parse_file_as_script(&file, syntax, target, None, &mut recovered).map(Program::Script),
        Kind::CommonJs => parse_file_as_commonjs(&file, syntax, target, None, &mut recovered).map(Program::Script),
        Kind::Module => parse_file_as_module(&file, syntax, target, None, &mut recovered).map(Program::Module),
    };
    let program = program.map_err(|error| format!("does not parse: {}", error.kind().msg()))?;
    Ok((program, file.start_pos))
}

#[derive(Default)]
struct Finder {
    excused: BTreeMap<String, Excuse>,
}

impl Finder {
    fn excuse(&mut self, probe: Option<String>, excuse: Excuse) {
        if let Some(id) = probe {
            self.excused.insert(id, excuse);
        }
    }

    fn excuse_all(&mut self, code: &impl VisitWith<Probes>, excuse: Excuse) {
        let mut probes = Probes::default();
        code.visit_with(&mut probes);
        self.excused.extend(probes.0.into_iter().map(|id| (id, excuse)));
    }

    fn excuse_class_part(&mut self, code: &(impl VisitWith<Probes> + VisitWith<OwnProbes>), excuse: Excuse) {
        let (mut all, mut own) = (Probes::default(), OwnProbes::default());
        code.visit_with(&mut all);
        code.visit_with(&mut own);
        for id in all.0 {
            self.excused.entry(id).or_insert(Excuse::ClassFunction);
        }
        self.excused.extend(own.0.into_iter().map(|id| (id, excuse)));
    }

    fn loop_head(&mut self, head: &ForHead, body: &Stmt) {
        let binds_a_name = match head {
            ForHead::VarDecl(declaration) => declaration.decls.iter().all(|one| matches!(one.name, Pat::Ident(_))),
            ForHead::UsingDecl(_) => true,
            // Even a name can be a constant.
            ForHead::Pat(_) => false,
        };
        if let (false, Stmt::Block(block)) = (binds_a_name, body) {
            self.excuse(first_probe(&block.stmts), Excuse::LoopHead);
        }
    }
}

impl Visit for Finder {
    fn visit_function(&mut self, n: &Function) {
        n.visit_children_with(self);
        let Some(body) = &n.body else { return };
        if n.is_generator {
            self.excuse(first_probe(&body.stmts), Excuse::Generator);
        } else if n.params.iter().any(|param| may_throw(&param.pat)) {
            self.excuse(first_probe(&body.stmts), Excuse::Parameters);
        }
    }

    fn visit_constructor(&mut self, n: &Constructor) {
        n.visit_children_with(self);
        let throws =
            n.params.iter().any(|param| matches!(param, ParamOrTsParamProp::Param(param) if may_throw(&param.pat)));
        if let (true, Some(body)) = (throws, &n.body) {
            self.excuse(first_probe(&body.stmts), Excuse::Parameters);
        }
    }

    fn visit_arrow_expr(&mut self, n: &ArrowExpr) {
        n.visit_children_with(self);
        if !n.params.iter().any(may_throw) {
            return;
        }
        let probe = match &*n.body {
            ArrowFunctionBody::FunctionBody(body) => first_probe(&body.stmts),
            ArrowFunctionBody::Expr(expr) => first_in_comma(expr),
        };
        self.excuse(probe, Excuse::Parameters);
    }

    fn visit_for_of_stmt(&mut self, n: &ForOfStmt) {
        n.visit_children_with(self);
        self.loop_head(&n.left, &n.body);
    }

    fn visit_for_in_stmt(&mut self, n: &ForInStmt) {
        n.visit_children_with(self);
        self.loop_head(&n.left, &n.body);
    }

    fn visit_switch_case(&mut self, n: &SwitchCase) {
        n.visit_children_with(self);
        let mut suspension = Suspension(false);
        n.test.visit_with(&mut suspension);
        if suspension.0 {
            self.excuse(first_probe(&n.cons), Excuse::SuspendedCase);
        }
    }

    fn visit_object_lit(&mut self, n: &ObjectLit) {
        n.visit_children_with(self);
        let keys: Vec<_> = n.props.iter().map(plain_key).collect();
        for (at, property) in n.props.iter().enumerate() {
            if keys[at].is_some() && keys[at + 1..].contains(&keys[at]) {
                self.excuse_all(property, Excuse::Overwritten);
            }
        }
    }

    fn visit_class(&mut self, n: &Class) {
        n.visit_children_with(self);
        self.excuse_class_part(&n.super_class, Excuse::ClassPart);
        let has_fields = n.body.iter().any(|member| match member {
            ClassMember::ClassProp(field) => !field.is_static,
            ClassMember::PrivateProp(field) => !field.is_static,
            _ => false,
        });
        let constructor =
            n.body.iter().find_map(|member| member.as_constructor().and_then(|found| found.body.as_ref()));
        if let (true, None, Some(body)) = (has_fields, &n.super_class, constructor) {
            self.excuse(first_probe(&body.stmts), Excuse::Fields);
        }
        for member in &n.body {
            match member {
                ClassMember::ClassProp(field) => self.excuse_class_part(field, Excuse::ClassPart),
                ClassMember::PrivateProp(field) => self.excuse_class_part(field, Excuse::ClassPart),
                ClassMember::StaticBlock(block) => self.excuse_class_part(block, Excuse::StaticBlock),
                ClassMember::Method(method) => self.excuse_class_part(&method.key, Excuse::ClassPart),
                _ => {}
            }
        }
    }

    fn visit_getter_prop(&mut self, n: &GetterProp) {
        n.visit_children_with(self);
        self.excuse_class_part(&n.key, Excuse::ClassPart);
    }

    fn visit_setter_prop(&mut self, n: &SetterProp) {
        n.visit_children_with(self);
        self.excuse_class_part(&n.key, Excuse::ClassPart);
    }

    fn visit_method_prop(&mut self, n: &MethodProp) {
        n.visit_children_with(self);
        self.excuse_class_part(&n.key, Excuse::ClassPart);
    }

    fn visit_assign_expr(&mut self, n: &AssignExpr) {
        n.visit_children_with(self);
        if n.op.may_short_circuit() {
            self.excuse(first_in_comma(&n.right), Excuse::LogicalAssignment);
        }
    }
}

/// Whether something suspends here, not in a function inside.
struct Suspension(bool);

impl Visit for Suspension {
    fn visit_await_expr(&mut self, _: &AwaitExpr) {
        self.0 = true;
    }

    fn visit_yield_expr(&mut self, _: &YieldExpr) {
        self.0 = true;
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
}

/// All probes of a piece of code.
#[derive(Default)]
struct Probes(Vec<String>);

impl Visit for Probes {
    fn visit_expr(&mut self, n: &Expr) {
        n.visit_children_with(self);
        self.0.extend(probe_id(n));
    }
}

/// The probes of a piece of code, but for those in functions inside.
#[derive(Default)]
struct OwnProbes(Vec<String>);

impl Visit for OwnProbes {
    fn visit_expr(&mut self, n: &Expr) {
        n.visit_children_with(self);
        self.0.extend(probe_id(n));
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_constructor(&mut self, _: &Constructor) {}

    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
}

/// A key that is known without running.
fn plain_key(property: &PropOrSpread) -> Option<String> {
    let PropOrSpread::Prop(property) = property else { return None };
    let key = match &**property {
        Prop::Shorthand(name) => return Some(name.sym.to_string()),
        Prop::KeyValue(property) => &property.key,
        Prop::Getter(getter) => &getter.key,
        Prop::Setter(setter) => &setter.key,
        Prop::Method(method) => &method.key,
        Prop::Assign(_) => return None,
    };
    match key {
        PropName::Ident(name) => Some(name.sym.to_string()),
        PropName::Str(text) => Some(text.value.as_str()?.to_owned()),
        PropName::Num(number) => Some(number.value.to_string()),
        PropName::BigInt(number) => Some(number.value.to_string()),
        PropName::Computed(_) => None,
    }
}

/// Whether binding the parameter runs code.
fn may_throw(parameter: &Pat) -> bool {
    match parameter {
        Pat::Ident(_) => false,
        Pat::Rest(rest) => may_throw(&rest.arg),
        _ => true,
    }
}

/// The probe that a body begins with, after directives.
fn first_probe(statements: &[Stmt]) -> Option<String> {
    let is_directive =
        |statement: &&Stmt| matches!(statement, Stmt::Expr(text) if matches!(&*text.expr, Expr::Lit(Lit::Str(_))));
    match statements.iter().find(|statement| !is_directive(statement))? {
        Stmt::Expr(statement) => probe_id(&statement.expr),
        // Where a script's value could be seen: `{ let _ = probe; }`.
        Stmt::Block(block) => match block.stmts.first()? {
            Stmt::Decl(Decl::Var(declaration)) => probe_id(declaration.decls.first()?.init.as_ref()?),
            _ => None,
        },
        _ => None,
    }
}

/// The probe of `(probe, value)`.
fn first_in_comma(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Paren(paren) => first_in_comma(&paren.expr),
        Expr::Seq(comma) => probe_id(comma.exprs.first()?),
        _ => None,
    }
}

/// The text of the id in `ist_arr.push(id)`.
fn probe_id(expr: &Expr) -> Option<String> {
    match probe_call(expr)? {
        Lit::Str(id) => Some(id.value.as_str()?.to_owned()),
        Lit::Num(id) => Some(id.value.to_string()),
        _ => None,
    }
}

/// The id in `ist_arr.push(id)`.
pub(super) fn probe_call(expr: &Expr) -> Option<&Lit> {
    let Expr::Call(CallExpr { callee: Callee::Expr(callee), args, .. }) = expr else { return None };
    let Expr::Member(MemberExpr { obj, .. }) = &**callee else { return None };
    match (&**obj, &*args.first()?.expr) {
        (Expr::Ident(array), Expr::Lit(id)) if array.sym == *"ist_arr" => Some(id),
        _ => None,
    }
}
