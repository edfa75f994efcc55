//! Which probes V8's block coverage cannot check exactly, told from the instrumented program's structure.
//!
//! V8 counts a function when it is called and a loop's body before its variables are bound, and has no range at all
//! for some expressions. An excuse explains only counts that differ in its own way. In a class, V8's functions overlap:
//! there the count is looked up in the function that runs the place.

use std::collections::BTreeMap;

use swc_core::common::sync::Lrc;
use swc_core::common::{BytePos, FileName, SourceMap, Span};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, Class, ClassMember, Constructor, DoWhileStmt, EsVersion, Expr, ForHead,
    ForInStmt, ForOfStmt, ForStmt, Function, FunctionBody, GetterProp, MethodProp, ObjectLit, ParamOrTsParamProp, Pat,
    Program, SetterProp, Stmt, SwitchCase, WhileStmt,
};
use swc_core::ecma::parser::{EsSyntax, Syntax, parse_file_as_commonjs, parse_file_as_module, parse_file_as_script};
use swc_core::ecma::visit::{Visit, VisitWith};

use super::engine::{Around, Unequal};
use super::grammar::Kind;
use super::probes::{OwnProbes, Probes, Suspension, first_in_comma, first_probe, may_throw, plain_key, probe_id};
use crate::Failure;

/// Why V8 may count more than a probe.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Excuse {
    Generator,
    Parameters,
    MadeBehindParameters,
    Fields,
    LoopHead,
    LogicalAssignment,
    AssignmentInHead,
    AssignmentInCase,
    BehindDo,
    MadeBehindDo,
    SuspendedCase,
    Overwritten,
    ClassPart,
    ClassMember,
    CaseMember,
    ClassFunction,
}

/// A part of a class, by the function of V8's that runs it. Fields and static members have one each, from the first to
/// the last of the kind, and a constructor that is not written has the whole class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct ClassPart {
    /// Where the class, or the method of an object, begins and ends: UTF-16 offsets.
    start: u32,
    end: u32,
    /// The name of the function that V8 makes; `None` for heritage and keys, which run in the function around.
    runs_in: Option<&'static str>,
    /// Whether the class stands in the test of a case.
    is_in_case: bool,
}

const FIELDS: &str = "<instance_members_initializer>";
const STATICS: &str = "<static_initializer>";

impl ClassPart {
    /// The function that runs it, and whether it is its own.
    fn function<'a>(&self, around: &'a [Around]) -> Option<(&'a Around, bool)> {
        let own = around.iter().find(|function| Some(function.name.as_str()) == self.runs_in);
        let outer = || around.iter().find(|function| function.start < self.start || self.end < function.end);
        own.map(|function| (function, true)).or_else(|| outer().map(|function| (function, false)))
    }
}

/// The probes of a program that V8 may count otherwise, by the text of their id.
#[derive(Default)]
pub(super) struct Excused {
    excuses: BTreeMap<String, Excuse>,
    parts: BTreeMap<String, ClassPart>,
}

impl Excused {
    /// Why V8 counts something else.
    pub(super) fn explain(&self, found: &Unequal) -> Option<Excuse> {
        let (mut count, mut before) = (found.count, found.before);
        if let Some(part) = self.parts.get(&found.id)
            && let Some((function, is_own)) = part.function(&found.around)
        {
            if function.count == found.hits {
                return Some(Excuse::ClassPart);
            }
            // Never made, or it begins at a later member: what runs here has no range, only the class around it.
            if part.runs_in.is_some() && !is_own && found.hits < function.count {
                return Some(Excuse::ClassMember);
            }
            if part.runs_in.is_some() && !is_own && part.is_in_case && found.count == function.count {
                return Some(Excuse::CaseMember);
            }
            (count, before) = (function.count, function.before);
        }
        let excuse = *self.excuses.get(&found.id)?;
        excuse.explains(found.hits, count, before).then_some(excuse)
    }
}

impl Excuse {
    /// Name and reason in the committed counters.
    pub(super) const fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Generator => ("generator not started", "V8 counts the call, the probe the first resumption"),
            Self::Parameters => ("throwing parameters", "V8 counts the call, the probe the body"),
            Self::MadeBehindParameters => {
                ("function behind throwing parameters", "V8 never makes it and has no range for it")
            }
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
                ("class part", "V8's functions overlap here; the one that runs it has the same count as the probe")
            }
            Self::ClassMember => {
                ("field or static block", "V8 made no function that holds it, and has no range for it")
            }
            Self::CaseMember => (
                "field or static block in a case's test",
                "V8 made no function that holds it, and the case's range begins before its test",
            ),
            Self::ClassFunction => ("function in a class part, never called", "V8 has no range for it"),
            Self::LogicalAssignment => ("logical assignment", "V8 has no range for its right side"),
            Self::AssignmentInHead => (
                "logical assignment in a loop's head",
                "V8 has no range for its right side, nor for the rounds of the head",
            ),
            Self::AssignmentInCase => (
                "logical assignment in a case's test",
                "V8 has no range for its right side, and the case's range begins before its test",
            ),
        }
    }
}

impl Excuse {
    /// Whether it explains these counts of a probe, of V8, and of V8 in front of the probe. That the probe's is right
    /// was found by the program's own count, which knows no excuse; here it only matters what V8 may say instead.
    const fn explains(self, hits: u64, count: u64, before: u64) -> bool {
        match self {
            // It has no range of its own, so that the count is the one in front of it.
            Self::LogicalAssignment | Self::SuspendedCase => hits < count && count == before,
            // As above, but what is in front is counted as often as the loop, or the case.
            Self::AssignmentInHead | Self::AssignmentInCase => count == before,
            Self::Overwritten | Self::ClassFunction | Self::MadeBehindDo | Self::MadeBehindParameters => hits == 0,
            Self::Generator | Self::Parameters | Self::Fields | Self::LoopHead | Self::BehindDo => hits < count,
            // Found by their functions.
            Self::ClassPart | Self::ClassMember | Self::CaseMember => false,
        }
    }
}

/// What V8 may count otherwise in an instrumented program.
pub(super) fn excused(code: &str, kind: Kind) -> Result<Excused, Failure> {
    let (program, start) = parse(code, kind)?;
    let mut finder = Finder { code, start, excused: Excused::default(), behind_do: None, head: None };
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

struct Finder<'a> {
    code: &'a str,
    /// Where the code's spans begin to count.
    start: BytePos,
    excused: Excused,
    /// Whether such a loop stands before, in the function that is visited or in one around it.
    behind_do: Option<Excuse>,
    /// Whether this is the head of a loop, or the test of a case, in the same function.
    head: Option<Excuse>,
}

impl Finder<'_> {
    fn in_function(&mut self, n: &impl VisitWith<Self>) {
        let outer = self.behind_do;
        self.behind_do = outer.map(|_| Excuse::MadeBehindDo);
        let head = self.head.take();
        n.visit_children_with(self);
        self.head = head;
        self.behind_do = outer;
    }

    fn in_head(&mut self, head: &impl VisitWith<Self>, excuse: Excuse) {
        let outer = self.head.replace(excuse);
        head.visit_with(self);
        self.head = outer;
    }

    fn excuse(&mut self, probe: Option<String>, excuse: Excuse) {
        if let Some(id) = probe {
            self.excused.excuses.insert(id, excuse);
        }
    }

    fn excuse_all(&mut self, code: &impl VisitWith<Probes>, excuse: Excuse) {
        let mut probes = Probes::default();
        code.visit_with(&mut probes);
        self.excused.excuses.extend(probes.0.into_iter().map(|id| (id, excuse)));
    }

    /// The body's own branches have ranges.
    fn behind_parameters(&mut self, body: &FunctionBody) {
        let (mut all, mut own) = (Probes::default(), OwnProbes::default());
        body.visit_with(&mut all);
        body.visit_with(&mut own);
        for id in all.0.into_iter().filter(|id| !own.0.contains(id)) {
            self.excused.excuses.entry(id).or_insert(Excuse::MadeBehindParameters);
        }
        self.excuse(first_probe(&body.stmts), Excuse::Parameters);
    }

    /// What stands in the parts of an inner class is not of the outer one's.
    fn class_part(&mut self, code: &(impl VisitWith<Probes> + VisitWith<OwnProbes>), part: ClassPart) {
        let (mut all, mut own) = (Probes::default(), OwnProbes::default());
        code.visit_with(&mut all);
        code.visit_with(&mut own);
        for id in own.0 {
            self.excused.parts.entry(id).or_insert(part);
        }
        for id in all.0.into_iter().filter(|id| !self.excused.parts.contains_key(id)) {
            self.excused.excuses.entry(id).or_insert(Excuse::ClassFunction);
        }
    }

    /// What runs in the function around the text of `span`.
    fn around(&self, span: Span) -> ClassPart {
        let offset = |at: BytePos| self.code[..(at - self.start).0 as usize].encode_utf16().count() as u32;
        ClassPart {
            start: offset(span.lo),
            end: offset(span.hi),
            runs_in: None,
            is_in_case: self.head == Some(Excuse::AssignmentInCase),
        }
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

impl Visit for Finder<'_> {
    fn visit_expr(&mut self, n: &Expr) {
        n.visit_children_with(self);
        if let (Some(excuse), Some(id)) = (self.behind_do, probe_id(n)) {
            self.excused.excuses.insert(id, excuse);
        }
    }

    fn visit_while_stmt(&mut self, n: &WhileStmt) {
        self.in_head(&n.test, Excuse::AssignmentInHead);
        n.body.visit_with(self);
    }

    fn visit_for_stmt(&mut self, n: &ForStmt) {
        n.init.visit_with(self);
        self.in_head(&n.test, Excuse::AssignmentInHead);
        self.in_head(&n.update, Excuse::AssignmentInHead);
        n.body.visit_with(self);
    }

    fn visit_do_while_stmt(&mut self, n: &DoWhileStmt) {
        n.body.visit_with(self);
        self.in_head(&n.test, Excuse::AssignmentInHead);
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
            self.behind_parameters(body);
        }
    }

    fn visit_constructor(&mut self, n: &Constructor) {
        self.in_function(n);
        let throws =
            n.params.iter().any(|param| matches!(param, ParamOrTsParamProp::Param(param) if may_throw(&param.pat)));
        if let (true, Some(body)) = (throws, &n.body) {
            self.behind_parameters(body);
        }
    }

    fn visit_arrow_expr(&mut self, n: &ArrowExpr) {
        self.in_function(n);
        if !n.params.iter().any(may_throw) {
            return;
        }
        match &*n.body {
            ArrowFunctionBody::FunctionBody(body) => self.behind_parameters(body),
            ArrowFunctionBody::Expr(expr) => self.excuse(first_in_comma(expr), Excuse::Parameters),
        }
    }

    fn visit_for_of_stmt(&mut self, n: &ForOfStmt) {
        self.in_head(&n.left, Excuse::AssignmentInHead);
        n.right.visit_with(self);
        n.body.visit_with(self);
        self.loop_head(&n.left, &n.body);
    }

    fn visit_for_in_stmt(&mut self, n: &ForInStmt) {
        self.in_head(&n.left, Excuse::AssignmentInHead);
        n.right.visit_with(self);
        n.body.visit_with(self);
        self.loop_head(&n.left, &n.body);
    }

    fn visit_switch_case(&mut self, n: &SwitchCase) {
        self.in_head(&n.test, Excuse::AssignmentInCase);
        n.cons.visit_with(self);
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
        let around = self.around(n.span);
        self.class_part(&n.super_class, around);
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
        let of_field = |is_static| ClassPart { runs_in: Some(if is_static { STATICS } else { FIELDS }), ..around };
        for member in &n.body {
            match member {
                ClassMember::ClassProp(field) => {
                    self.class_part(&field.key, around);
                    self.class_part(&field.value, of_field(field.is_static));
                }
                ClassMember::PrivateProp(field) => self.class_part(&field.value, of_field(field.is_static)),
                ClassMember::StaticBlock(block) => self.class_part(block, of_field(true)),
                ClassMember::Method(method) => self.class_part(&method.key, around),
                _ => {}
            }
        }
    }

    fn visit_getter_prop(&mut self, n: &GetterProp) {
        n.visit_children_with(self);
        self.class_part(&n.key, self.around(n.span));
    }

    fn visit_setter_prop(&mut self, n: &SetterProp) {
        n.visit_children_with(self);
        self.class_part(&n.key, self.around(n.span));
    }

    fn visit_method_prop(&mut self, n: &MethodProp) {
        n.visit_children_with(self);
        self.class_part(&n.key, self.around(n.function.span));
    }

    fn visit_assign_expr(&mut self, n: &AssignExpr) {
        n.visit_children_with(self);
        if n.op.may_short_circuit() {
            let excuse = self.head.unwrap_or(Excuse::LogicalAssignment);
            self.excuse(first_in_comma(&n.right), excuse);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(name: &str, start: u32, end: u32, count: u64) -> Around {
        Around { name: name.into(), start, end, count, before: count }
    }

    fn unequal(id: &str, hits: u64, count: u64, before: u64, around: Vec<Around>) -> Unequal {
        Unequal { id: id.into(), hits, count, before, around }
    }

    #[test]
    fn a_class_part_has_the_count_of_the_function_that_runs_it() {
        let code = "f(class extends (a && (ist_arr.push(1), b)) { static c = d && (ist_arr.push(2), e); })";
        let excused = excused(code, Kind::Script).unwrap();
        let script = || around("", 0, 90, 4);
        let class = || around("", 2, 84, 7);
        assert_eq!(excused.explain(&unequal("1", 4, 7, 7, vec![class(), script()])), Some(Excuse::ClassPart));
        assert_eq!(excused.explain(&unequal("1", 3, 7, 7, vec![class(), script()])), None);
        let statics = || around(STATICS, 52, 81, 3);
        assert_eq!(
            excused.explain(&unequal("2", 3, 7, 7, vec![statics(), class(), script()])),
            Some(Excuse::ClassPart)
        );
        assert_eq!(excused.explain(&unequal("2", 2, 7, 7, vec![statics(), class(), script()])), None);
        // V8 made no function for it.
        assert_eq!(excused.explain(&unequal("2", 2, 7, 7, vec![class(), script()])), Some(Excuse::ClassMember));
        assert_eq!(excused.explain(&unequal("2", 5, 7, 7, vec![class(), script()])), None);
    }

    #[test]
    fn a_static_block_in_a_case_has_the_count_of_the_case() {
        let switch = |test| format!("switch (a) {{ case {test}: b }}");
        let class = "class { static { if (c) { ist_arr.push(1); } } static d = 0 }";
        let found = || unequal("1", 1, 0, 0, vec![around("", 0, 90, 0)]);
        let explain = |code: &str| excused(code, Kind::Script).unwrap().explain(&found());
        assert_eq!(explain(&switch(class)), Some(Excuse::CaseMember));
        assert_eq!(explain(&format!("({class})")), None);
        assert_eq!(explain(&switch(&format!("() => ({class})"))), None);
    }

    #[test]
    fn a_right_side_has_the_count_in_front_of_it() {
        let excused = excused("a ||= (ist_arr.push(1), b);", Kind::Script).unwrap();
        assert_eq!(excused.explain(&unequal("1", 1, 2, 2, Vec::new())), Some(Excuse::LogicalAssignment));
        assert_eq!(excused.explain(&unequal("1", 1, 3, 2, Vec::new())), None);
        assert_eq!(excused.explain(&unequal("1", 3, 2, 2, Vec::new())), None);
    }
}
