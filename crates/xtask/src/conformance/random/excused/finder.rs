//! Where in a program V8 may count otherwise.

use swc_core::common::{BytePos, Span};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, Class, ClassMember, Constructor, DoWhileStmt, Expr, ForHead, ForInStmt,
    ForOfStmt, ForStmt, Function, FunctionBody, GetterProp, MethodProp, ObjectLit, ParamOrTsParamProp, Pat, PropName,
    SetterProp, Stmt, SwitchCase, WhileStmt,
};
use swc_core::ecma::visit::{Visit, VisitWith};

use super::super::probes::{
    OwnProbes, Probes, Suspension, first_in_comma, first_probe, may_throw, plain_key, probe_id,
};
use super::{ClassPart, Excuse, Excused, FIELDS, STATICS};

pub(super) struct Finder<'a> {
    code: &'a str,
    /// Where the code's spans begin to count.
    start: BytePos,
    excused: Excused,
    /// Whether such a loop stands before, in the function that is visited or in one around it.
    behind_do: Option<Excuse>,
    /// Whether such a right side stands before, in the same function.
    behind_suspension: bool,
    /// Whether this is the head of a loop, or the test of a case, in the same function.
    head: Option<Excuse>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(code: &'a str, start: BytePos) -> Self {
        Self { code, start, excused: Excused::default(), behind_do: None, behind_suspension: false, head: None }
    }

    pub(super) fn found(self) -> Excused {
        self.excused
    }

    fn in_function(&mut self, n: &impl VisitWith<Self>) {
        let outer = self.behind_do;
        self.behind_do = outer.map(|_| Excuse::MadeBehindDo);
        let head = self.head.take();
        let behind_suspension = std::mem::take(&mut self.behind_suspension);
        n.visit_children_with(self);
        self.behind_suspension = behind_suspension;
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

    /// The key runs in the function around, and what stands behind it may be passed by.
    fn behind_key(&mut self, key: &PropName, around: ClassPart, method: &impl VisitWith<Probes>) {
        self.class_part(key, around);
        if is_suspended(key) {
            self.excuse_all(method, Excuse::SuspendedKey);
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
        if is_suspended(&n.test) {
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
                ClassMember::Method(method) => self.behind_key(&method.key, around, &method.function),
                _ => {}
            }
        }
    }

    fn visit_getter_prop(&mut self, n: &GetterProp) {
        n.visit_children_with(self);
        self.behind_key(&n.key, self.around(n.span), &n.function);
    }

    fn visit_setter_prop(&mut self, n: &SetterProp) {
        n.visit_children_with(self);
        self.behind_key(&n.key, self.around(n.span), &n.function);
    }

    fn visit_method_prop(&mut self, n: &MethodProp) {
        n.visit_children_with(self);
        self.behind_key(&n.key, self.around(n.function.span), &n.function);
    }

    fn visit_assign_expr(&mut self, n: &AssignExpr) {
        n.visit_children_with(self);
        if n.op.may_short_circuit() {
            let alone =
                if self.behind_suspension { Excuse::AssignmentBehindAnother } else { Excuse::LogicalAssignment };
            self.excuse(first_in_comma(&n.right), self.head.unwrap_or(alone));
            self.behind_suspension |= is_suspended(&n.right);
        }
    }
}

fn is_suspended(code: &impl VisitWith<Suspension>) -> bool {
    let mut suspension = Suspension(false);
    code.visit_with(&mut suspension);
    suspension.0
}
