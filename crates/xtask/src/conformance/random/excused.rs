//! Which probes V8's block coverage cannot check exactly, told from the instrumented program's structure.
//!
//! V8 counts a function when it is called and a loop's body before its variables are bound, and has no range at all
//! for some expressions. An excuse explains only counts that differ in its own way.

use std::collections::BTreeMap;

use swc_core::common::sync::Lrc;
use swc_core::common::{BytePos, FileName, SourceMap};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, Class, ClassMember, Constructor, DoWhileStmt, EsVersion, Expr, ForHead,
    ForInStmt, ForOfStmt, ForStmt, Function, GetterProp, MethodProp, ObjectLit, ParamOrTsParamProp, Pat, Program,
    SetterProp, Stmt, SwitchCase, WhileStmt,
};
use swc_core::ecma::parser::{EsSyntax, Syntax, parse_file_as_commonjs, parse_file_as_module, parse_file_as_script};
use swc_core::ecma::visit::{Visit, VisitWith};

use super::grammar::Kind;
use super::probes::{OwnProbes, Probes, Suspension, first_in_comma, first_probe, may_throw, plain_key, probe_id};
use crate::Failure;

/// Why V8 may count more than a probe.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Excuse {
    Generator,
    Parameters,
    Fields,
    LoopHead,
    LogicalAssignment,
    AssignmentInHead,
    BehindDo,
    MadeBehindDo,
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
            Self::BehindDo => {
                ("behind a `do` loop that is always left", "V8 loses the loop's end if its test has branches")
            }
            Self::MadeBehindDo => {
                ("function behind a `do` loop that is always left", "V8 never makes it and has no range for it")
            }
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
            Self::AssignmentInHead => (
                "logical assignment in a loop's head",
                "V8 has no range for its right side, nor for the rounds of the head",
            ),
        }
    }
}

impl Excuse {
    /// Whether it explains these counts of a probe and of V8. That the probe's is right was found by the program's own
    /// count, which knows no excuse; here it only matters what V8 may say instead.
    pub(super) const fn explains(self, hits: u64, expected: u64) -> bool {
        match self {
            // One range for all static parts and one for all others, each from the first to the last of its kind: the
            // count is that of the other kind.
            Self::ClassPart | Self::StaticBlock => true,
            // The count of what is around the loop, or of another range over the place.
            Self::AssignmentInHead => true,
            // Another range lies over the place: one around it, or one of code that ran when this did not.
            Self::LogicalAssignment | Self::SuspendedCase => expected == 0 || hits < expected,
            Self::Overwritten | Self::ClassFunction | Self::MadeBehindDo => hits == 0,
            Self::Generator | Self::Parameters | Self::Fields | Self::LoopHead | Self::BehindDo => hits < expected,
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
    /// Whether such a loop stands before, in the function that is visited or in one around it.
    behind_do: Option<Excuse>,
    /// Whether this is the head of a loop, in the same function.
    in_head: bool,
}

impl Finder {
    fn in_function(&mut self, n: &impl VisitWith<Self>) {
        let outer = self.behind_do;
        self.behind_do = outer.map(|_| Excuse::MadeBehindDo);
        let in_head = std::mem::replace(&mut self.in_head, false);
        n.visit_children_with(self);
        self.in_head = in_head;
        self.behind_do = outer;
    }

    fn in_head(&mut self, head: &impl VisitWith<Self>) {
        let outer = std::mem::replace(&mut self.in_head, true);
        head.visit_with(self);
        self.in_head = outer;
    }

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
    fn visit_expr(&mut self, n: &Expr) {
        n.visit_children_with(self);
        if let (Some(excuse), Some(id)) = (self.behind_do, probe_id(n)) {
            self.excused.insert(id, excuse);
        }
    }

    fn visit_while_stmt(&mut self, n: &WhileStmt) {
        self.in_head(&n.test);
        n.body.visit_with(self);
    }

    fn visit_for_stmt(&mut self, n: &ForStmt) {
        n.init.visit_with(self);
        self.in_head(&n.test);
        self.in_head(&n.update);
        n.body.visit_with(self);
    }

    fn visit_do_while_stmt(&mut self, n: &DoWhileStmt) {
        n.body.visit_with(self);
        self.in_head(&n.test);
        let mut probes = Probes::default();
        n.test.visit_with(&mut probes);
        if !probes.0.is_empty() {
            self.behind_do = Some(Excuse::BehindDo);
        }
    }

    fn visit_function(&mut self, n: &Function) {
        self.in_function(n);
        let Some(body) = &n.body else { return };
        if n.is_generator {
            self.excuse(first_probe(&body.stmts), Excuse::Generator);
        } else if n.params.iter().any(|param| may_throw(&param.pat)) {
            self.excuse(first_probe(&body.stmts), Excuse::Parameters);
        }
    }

    fn visit_constructor(&mut self, n: &Constructor) {
        self.in_function(n);
        let throws =
            n.params.iter().any(|param| matches!(param, ParamOrTsParamProp::Param(param) if may_throw(&param.pat)));
        if let (true, Some(body)) = (throws, &n.body) {
            self.excuse(first_probe(&body.stmts), Excuse::Parameters);
        }
    }

    fn visit_arrow_expr(&mut self, n: &ArrowExpr) {
        self.in_function(n);
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
        self.in_head(&n.left);
        n.right.visit_with(self);
        n.body.visit_with(self);
        self.loop_head(&n.left, &n.body);
    }

    fn visit_for_in_stmt(&mut self, n: &ForInStmt) {
        self.in_head(&n.left);
        n.right.visit_with(self);
        n.body.visit_with(self);
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
            let excuse = if self.in_head { Excuse::AssignmentInHead } else { Excuse::LogicalAssignment };
            self.excuse(first_in_comma(&n.right), excuse);
        }
    }
}
