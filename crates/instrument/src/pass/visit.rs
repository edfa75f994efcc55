//! The visitor, in the order of the table in `site.rs`: each method reads as its row.

use pathlight_mapping::Site;
use swc_core::common::Spanned;
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AssignPat, AutoAccessor, BinExpr, BindingIdent, BreakStmt, CallExpr,
    ClassDecl, ClassMethod, ClassProp, CondExpr, Constructor, ContinueStmt, Decorator, DoWhileStmt, ExportDefaultExpr,
    Expr, FnDecl, ForInStmt, ForOfStmt, ForStmt, Function, GetterProp, Ident, IfStmt, ImportDefaultSpecifier,
    ImportNamedSpecifier, ImportStarAsSpecifier, Invalid, KeyValueProp, LabeledStmt, MemberExpr, MethodProp, Module,
    ModuleExportName, ModuleItem, OptCall, Param, PrivateMethod, PrivateProp, ReturnStmt, Script, SetterProp,
    StaticBlock, Stmt, SwitchStmt, ThrowStmt, TsEnumDecl, TsImportEqualsDecl, TsModuleDecl, TsParamProp, VarDecl,
    VarDeclarator, WhileStmt, WithStmt,
};
use swc_core::ecma::ast::{AssignPatProp, Decl, DefaultDecl, ExportDefaultDecl, Key};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::{NameUse, Pass};
use crate::parse::FIRST;
use crate::plant;
use crate::reexport;
use crate::repair;
use crate::syntax::{
    bare, is_anonymous_function, is_asm, is_else_if, is_static, is_strict, is_this, is_typeof, may_hold_function,
    mixed_operand, named_by, unassignable,
};
use crate::wrapper;

impl VisitMut for Pass<'_> {
    noop_visit_mut_type!();

    // Function

    fn visit_mut_fn_decl(&mut self, n: &mut FnDecl) {
        self.bind(&n.ident);
        if !n.declare {
            let target = self.targets.name(&n.ident.sym);
            self.function(&mut n.function, None, Some(target));
        }
    }

    fn visit_mut_function(&mut self, n: &mut Function) {
        self.function(n, None, None);
    }

    fn visit_mut_method_prop(&mut self, n: &mut MethodProp) {
        self.member_function(n.function.span, &mut n.key, &mut n.function);
    }

    fn visit_mut_getter_prop(&mut self, n: &mut GetterProp) {
        self.member_function(n.span, &mut n.key, &mut n.function);
    }

    fn visit_mut_setter_prop(&mut self, n: &mut SetterProp) {
        self.member_function(n.span, &mut n.key, &mut n.function);
    }

    fn visit_mut_class_method(&mut self, n: &mut ClassMethod) {
        // A signature is for TypeScript alone, its key too.
        if n.function.body.is_none() {
            return;
        }
        if n.key.span_lo() != n.span.lo {
            self.input.comments.expect_early(n.key.span_lo());
        }
        n.function.decorators.visit_mut_with(self);
        n.key.visit_mut_with(self);
        let class = self.member_parent(n.is_static);
        let target = self.targets.member(class, &n.key);
        let start = self.after_decorators(n.span, &n.function.decorators);
        self.function(&mut n.function, Some(start), target);
    }

    fn visit_mut_private_method(&mut self, n: &mut PrivateMethod) {
        if n.function.body.is_none() {
            return;
        }
        n.function.decorators.visit_mut_with(self);
        let class = self.member_parent(n.is_static);
        let target = self.targets.private(class, &n.key.name);
        let start = self.after_decorators(n.span, &n.function.decorators);
        self.function(&mut n.function, Some(start), Some(target));
    }

    fn visit_mut_param(&mut self, n: &mut Param) {
        // A first parameter `this` is a type.
        if !is_this(&n.pat) {
            n.visit_mut_children_with(self);
        }
    }

    fn visit_mut_ts_param_prop(&mut self, n: &mut TsParamProp) {
        if n.param.as_assign().is_some_and(|assigned| !assigned.left.is_ident()) {
            self.refuse("a parameter property is a pattern", n.span);
        }
        n.visit_mut_children_with(self);
    }

    fn visit_mut_constructor(&mut self, n: &mut Constructor) {
        if is_static(n, self.input.text) {
            self.refuse("TypeScript has no static `constructor` but `static [\"constructor\"]`", n.span);
        }
        let Some(body) = &mut n.body else { return };
        let this = n.params.iter().find(|param| param.as_param().is_some_and(|param| is_this(&param.pat)));
        if let Some(this) = this {
            self.refuse("a constructor has no parameter `this`", this.span());
        }
        let class = self.member_parent(false);
        let target = self.targets.constructor(class);
        let scope = self.enter_function(Some(target), &body.stmts);
        n.params.visit_mut_with(self);
        body.stmts.visit_mut_with(self);
        let probe = self.probe_of_function(&scope, Site::Function, n.span);
        self.plant_body(probe, body);
        self.leave_function(scope);
    }

    // Arrow

    fn visit_mut_arrow_expr(&mut self, n: &mut ArrowExpr) {
        let target = self.target.take();
        if let ArrowFunctionBody::FunctionBody(body) = &*n.body
            && is_asm(body)
        {
            self.needs_repair = true;
            return;
        }
        let body = match &*n.body {
            ArrowFunctionBody::FunctionBody(body) => body.stmts.as_slice(),
            ArrowFunctionBody::Expr(_) => &[],
        };
        let scope = self.enter_function(target, body);
        n.params.visit_mut_with(self);
        match &mut *n.body {
            ArrowFunctionBody::FunctionBody(body) => {
                body.stmts.visit_mut_with(self);
                let probe = self.probe_of_function(&scope, Site::Arrow, n.span);
                self.plant_body(probe, body);
            }
            ArrowFunctionBody::Expr(expr) => {
                expr.visit_mut_with(self);
                if let Some(probe) = self.probe_of_function(&scope, Site::Arrow, n.span) {
                    plant::plant_comma(expr, probe, self.input.comments);
                }
            }
        }
        self.leave_function(scope);
    }

    // IfThen, IfElse

    fn visit_mut_if_stmt(&mut self, n: &mut IfStmt) {
        // A function may be the branch itself, but have no label there.
        self.check_body(&n.cons, !n.cons.is_labeled());
        if let Some(alt) = &n.alt {
            self.check_body(alt, !alt.is_labeled());
        }
        n.visit_mut_children_with(self);
        let decision = self.next();
        let then_probe = self.probe(Site::IfThen, n.span.lo, n.cons.span(), Some(decision));
        self.plant_block(&mut n.cons, then_probe);
        if n.alt.as_deref().is_some_and(is_else_if) {
            return;
        }
        let else_code = n.alt.as_ref().map_or(n.span.with_lo(n.span.hi), Spanned::span);
        if n.alt.is_none() && self.input.ignored.covers_missing_else(n.span.lo.0 - FIRST) {
            return;
        }
        if let Some(probe) = self.probe(Site::IfElse, n.span.lo, else_code, Some(decision)) {
            let alt = n.alt.get_or_insert_with(|| Box::new(plant::block(Vec::new())));
            self.plant_block(alt, Some(probe));
        }
    }

    // SwitchCase, SwitchDefault, SwitchNoMatch

    fn visit_mut_switch_stmt(&mut self, n: &mut SwitchStmt) {
        n.visit_mut_children_with(self);
        let decision = self.next();
        let last = n.cases.len().saturating_sub(1);
        for (at, case) in n.cases.iter_mut().enumerate() {
            let site = if case.test.is_some() { Site::SwitchCase } else { Site::SwitchDefault };
            if let Some(probe) = self.probe(site, case.span.lo, case.span, Some(decision)) {
                if self.input.keeps_types && case.cons.is_empty() && at < last {
                    plant::allow_fall_through(case.span, self.input.comments);
                }
                let completion = self.completion(&case.cons);
                plant::plant_first(&mut case.cons, 0, probe, completion);
            }
        }
        if n.cases.iter().all(|case| case.test.is_some())
            && let Some(probe) = self.probe(Site::SwitchNoMatch, n.span.lo, n.span.with_lo(n.span.hi), Some(decision))
        {
            // The cases of `switch (typeof x)` may be nothing but strings, or TypeScript narrows by none of them.
            if self.input.keeps_types && !is_typeof(&n.discriminant) {
                plant::plant_last_test(&mut n.cases, probe);
            } else {
                let completion = self.completion(&[]);
                plant::plant_default(&mut n.cases, probe, completion);
            }
        }
    }

    // Loop

    fn visit_mut_for_stmt(&mut self, n: &mut ForStmt) {
        n.visit_mut_children_with(self);
        self.plant_loop(n.span, &mut n.body);
    }

    fn visit_mut_for_in_stmt(&mut self, n: &mut ForInStmt) {
        n.visit_mut_children_with(self);
        self.plant_loop(n.span, &mut n.body);
    }

    fn visit_mut_for_of_stmt(&mut self, n: &mut ForOfStmt) {
        n.visit_mut_children_with(self);
        self.needs_repair |= repair::is_odd_for_of(n);
        self.plant_loop(n.span, &mut n.body);
    }

    fn visit_mut_while_stmt(&mut self, n: &mut WhileStmt) {
        n.visit_mut_children_with(self);
        self.plant_loop(n.span, &mut n.body);
    }

    fn visit_mut_do_while_stmt(&mut self, n: &mut DoWhileStmt) {
        // In the order of the text: the body stands before the test.
        n.body.visit_mut_with(self);
        n.test.visit_mut_with(self);
        self.plant_loop(n.span, &mut n.body);
    }

    // Ternary

    fn visit_mut_cond_expr(&mut self, n: &mut CondExpr) {
        let target = self.target.take();
        n.test.visit_mut_with(self);
        self.visit_named(&mut n.cons, target);
        self.visit_named(&mut n.alt, target);
        let decision = self.next();
        self.plant_expr(Site::Ternary, &mut n.cons, decision);
        self.plant_expr(Site::Ternary, &mut n.alt, decision);
    }

    // Logical

    fn visit_mut_bin_expr(&mut self, n: &mut BinExpr) {
        let target = self.target.take();
        if !n.op.may_short_circuit() {
            n.left.visit_mut_with(self);
            n.right.visit_mut_with(self);
            return;
        }
        if let Some(operand) = mixed_operand(n) {
            self.refuse("`??` stands beside `||` or `&&` without parentheses", operand);
        }
        self.visit_named(&mut n.left, target);
        self.visit_named(&mut n.right, target);
        let decision = self.next();
        self.plant_right(&mut n.right, decision);
    }

    // LogicalAssign

    fn visit_mut_assign_expr(&mut self, n: &mut AssignExpr) {
        self.target = None;
        if let Some(value) = unassignable(&n.left) {
            self.refuse("an assignment to what is neither a variable nor a member", value);
        }
        n.left.visit_mut_with(self);
        let target = if may_hold_function(&n.right) { self.targets.assigned(&n.left) } else { None };
        self.visit_named(&mut n.right, target);
        if !n.op.may_short_circuit() {
            return;
        }
        let decision = self.next();
        match named_by(&n.left).filter(|_| is_anonymous_function(&n.right)) {
            Some(name) => {
                let name = name.clone();
                let code = bare(&n.right).span();
                if let Some(probe) = self.probe(Site::LogicalAssign, code.lo, code, Some(decision)) {
                    plant::plant_comma_named(&mut n.right, &name, probe);
                }
            }
            None => self.plant_expr(Site::LogicalAssign, &mut n.right, decision),
        }
    }

    // No probe, and nothing in it has one.

    fn visit_mut_with_stmt(&mut self, n: &mut WithStmt) {
        n.obj.visit_mut_with(self);
        self.check_body(&n.body, false);
        // A `var` in the body is the function's around it, which has probes.
        self.visit_silently(&mut n.body);
    }

    fn visit_mut_call_expr(&mut self, n: &mut CallExpr) {
        if reexport::is_reexport(n) {
            return;
        }
        if !self.input.wrappers.is_some_and(|wrappers| wrappers.hold(n, self.declared)) {
            n.visit_mut_children_with(self);
            return;
        }
        self.is_wrapper = true;
        n.callee.visit_mut_with(self);
        self.visit_silently(&mut n.args);
    }

    fn visit_mut_ts_enum_decl(&mut self, n: &mut TsEnumDecl) {
        self.bind(&n.id);
        // A constant enum's values are folded into the code that uses them.
        if !n.declare && !n.is_const {
            n.members.visit_mut_with(self);
        }
    }

    fn visit_mut_ts_module_decl(&mut self, n: &mut TsModuleDecl) {
        if !n.declare {
            if n.id.is_str() {
                self.refuse("a module with a quoted name is not declared", n.span);
            }
            n.body.visit_mut_with(self);
        }
    }

    fn visit_mut_decl(&mut self, n: &mut Decl) {
        let is_ambient = match n {
            Decl::Var(declaration) => declaration.declare,
            Decl::Class(declaration) => declaration.declare,
            _ => false,
        };
        if !is_ambient {
            n.visit_mut_children_with(self);
        }
    }

    // No probe: what is plain holds nothing that the pass looks for.

    fn visit_mut_stmt(&mut self, n: &mut Stmt) {
        let is_plain = match n {
            Stmt::Expr(statement) => self.is_plain(statement.span),
            // Outside of functions the names are asked for.
            Stmt::Decl(Decl::Var(declaration)) => self.function_depth > 0 && self.is_plain(declaration.span),
            _ => false,
        };
        if !is_plain {
            n.visit_mut_children_with(self);
        }
    }

    // No probe: these give names to the functions that they hold.

    fn visit_mut_expr(&mut self, n: &mut Expr) {
        let target = self.target.take();
        if self.is_plain(n.span()) {
            return;
        }
        match n {
            Expr::Fn(function) => {
                let own_name = function.ident.as_ref();
                if let Some(ident) = own_name {
                    self.bind(&ident.clone());
                }
                let target = target.or_else(|| own_name.map(|ident| self.targets.name(&ident.sym)));
                self.function(&mut function.function, None, target);
            }
            Expr::Class(class) => {
                if let Some(ident) = &class.ident {
                    self.bind(&ident.clone());
                }
                let target = target.or_else(|| class.ident.as_ref().map(|ident| self.targets.name(&ident.sym)));
                self.class(&mut class.class, target);
            }
            Expr::Object(object) => {
                let outer = std::mem::replace(&mut self.class, target);
                object.props.visit_mut_with(self);
                self.class = outer;
            }
            Expr::Seq(sequence) => {
                if let Some((last, others)) = sequence.exprs.split_last_mut() {
                    others.iter_mut().for_each(|expr| expr.visit_mut_with(self));
                    self.visit_named(last, target);
                }
            }
            Expr::Ident(ident) => {
                self.check_name(ident);
                ident.visit_mut_with(self);
            }
            Expr::Paren(inner) => self.visit_named(&mut inner.expr, target),
            Expr::TsAs(cast) => self.visit_named(&mut cast.expr, target),
            Expr::TsSatisfies(cast) => self.visit_named(&mut cast.expr, target),
            Expr::TsConstAssertion(cast) => self.visit_named(&mut cast.expr, target),
            Expr::TsTypeAssertion(cast) => self.visit_named(&mut cast.expr, target),
            Expr::TsNonNull(cast) => self.visit_named(&mut cast.expr, target),
            Expr::TsInstantiation(cast) => self.visit_named(&mut cast.expr, target),
            Expr::Arrow(_) | Expr::Cond(_) | Expr::Bin(_) => {
                self.target = target;
                n.visit_mut_children_with(self);
            }
            _ => n.visit_mut_children_with(self),
        }
    }

    fn visit_mut_stmts(&mut self, n: &mut Vec<Stmt>) {
        self.needs_repair |= repair::is_odd_list(n);
        n.visit_mut_children_with(self);
    }

    fn visit_mut_module_items(&mut self, n: &mut Vec<ModuleItem>) {
        self.needs_repair |= repair::is_odd_list(n);
        n.visit_mut_children_with(self);
        self.find_continuations(n.iter().filter_map(ModuleItem::as_stmt), None);
    }

    fn visit_mut_module(&mut self, n: &mut Module) {
        self.is_strict = true;
        n.visit_mut_children_with(self);
    }

    fn visit_mut_script(&mut self, n: &mut Script) {
        self.is_strict = is_strict(&n.body, self.input.text);
        n.body.visit_mut_with(self);
        self.find_continuations(n.body.iter(), None);
    }

    fn visit_mut_static_block(&mut self, n: &mut StaticBlock) {
        n.body.visit_mut_with(self);
        self.find_continuations(n.body.stmts.iter(), None);
    }

    fn visit_mut_member_expr(&mut self, n: &mut MemberExpr) {
        self.needs_repair |= repair::is_odd_member(n);
        n.visit_mut_children_with(self);
    }

    fn visit_mut_opt_call(&mut self, n: &mut OptCall) {
        self.needs_repair |= repair::is_odd_call(n);
        n.visit_mut_children_with(self);
    }

    fn visit_mut_decorator(&mut self, n: &mut Decorator) {
        self.needs_repair |= repair::is_odd_decorator(n);
        n.expr.visit_mut_with(self);
    }

    fn visit_mut_var_decl(&mut self, n: &mut VarDecl) {
        if n.decls.is_empty() {
            self.refuse("a declaration without a variable", n.span);
        }
        n.visit_mut_children_with(self);
    }

    fn visit_mut_var_declarator(&mut self, n: &mut VarDeclarator) {
        self.needs_repair |= n.definite;
        n.name.visit_mut_with(self);
        if self.input.wrappers.is_some() {
            self.declared = wrapper::declared(n);
        }
        if let Some(init) = &mut n.init {
            let mark = self.targets.mark();
            let target = if may_hold_function(init) { self.targets.bound(&n.name) } else { None };
            self.visit_named(init, target);
            self.targets.forget_after(mark);
        }
    }

    fn visit_mut_assign_pat(&mut self, n: &mut AssignPat) {
        n.left.visit_mut_with(self);
        let target = self.targets.bound(&n.left);
        self.visit_named(&mut n.right, target);
    }

    fn visit_mut_assign_pat_prop(&mut self, n: &mut AssignPatProp) {
        n.key.visit_mut_with(self);
        if let Some(value) = &mut n.value {
            let target = self.targets.name(&n.key.id.sym);
            self.visit_named(value, Some(target));
        }
    }

    fn visit_mut_key_value_prop(&mut self, n: &mut KeyValueProp) {
        n.key.visit_mut_with(self);
        let target = if may_hold_function(&n.value) { self.targets.member(self.class, &n.key) } else { None };
        self.visit_named(&mut n.value, target);
    }

    fn visit_mut_class_decl(&mut self, n: &mut ClassDecl) {
        self.bind(&n.ident);
        let target = self.targets.name(&n.ident.sym);
        self.class(&mut n.class, Some(target));
    }

    fn visit_mut_class_prop(&mut self, n: &mut ClassProp) {
        // Of a field that only TypeScript knows, decorators are all that may run; they are given its key.
        if (n.declare || n.is_abstract) && n.decorators.is_empty() {
            return;
        }
        n.decorators.visit_mut_with(self);
        n.key.visit_mut_with(self);
        let class = self.member_parent(n.is_static);
        let target = self.targets.member(class, &n.key);
        self.field(n.value.as_mut(), target);
    }

    fn visit_mut_private_prop(&mut self, n: &mut PrivateProp) {
        n.decorators.visit_mut_with(self);
        let class = self.member_parent(n.is_static);
        let target = self.targets.private(class, &n.key.name);
        self.field(n.value.as_mut(), Some(target));
    }

    fn visit_mut_auto_accessor(&mut self, n: &mut AutoAccessor) {
        if n.is_abstract && n.decorators.is_empty() {
            return;
        }
        n.decorators.visit_mut_with(self);
        if let Key::Public(key) = &mut n.key {
            key.visit_mut_with(self);
        }
        let class = self.member_parent(n.is_static);
        let target = self.targets.key(class, &n.key);
        self.field(n.value.as_mut(), target);
    }

    fn visit_mut_export_default_decl(&mut self, n: &mut ExportDefaultDecl) {
        let name = |ident: &Option<Ident>| ident.as_ref().map_or_else(|| "default".into(), |ident| ident.sym.clone());
        match &mut n.decl {
            DefaultDecl::Fn(function) => {
                if let Some(ident) = &function.ident {
                    self.bind(&ident.clone());
                }
                let target = self.targets.name(&name(&function.ident));
                self.function(&mut function.function, None, Some(target));
            }
            DefaultDecl::Class(class) => {
                if let Some(ident) = &class.ident {
                    self.bind(&ident.clone());
                }
                let target = self.targets.name(&name(&class.ident));
                self.class(&mut class.class, Some(target));
            }
            DefaultDecl::TsInterfaceDecl(_) => {}
        }
    }

    fn visit_mut_export_default_expr(&mut self, n: &mut ExportDefaultExpr) {
        let target = self.targets.name(&"default".into());
        self.visit_named(&mut n.expr, Some(target));
    }

    // No probe: these tell whether the file itself means something by the array's name.

    fn visit_mut_ident(&mut self, n: &mut Ident) {
        if n.sym == *self.input.array {
            self.name_uses.push(NameUse { span: n.span, binds: false, is_local: self.function_depth > 0 });
        }
    }

    fn visit_mut_binding_ident(&mut self, n: &mut BindingIdent) {
        self.bind(&n.id);
    }

    fn visit_mut_import_named_specifier(&mut self, n: &mut ImportNamedSpecifier) {
        self.bind(&n.local);
    }

    fn visit_mut_import_default_specifier(&mut self, n: &mut ImportDefaultSpecifier) {
        self.bind(&n.local);
    }

    fn visit_mut_import_star_as_specifier(&mut self, n: &mut ImportStarAsSpecifier) {
        self.bind(&n.local);
    }

    fn visit_mut_ts_import_equals_decl(&mut self, n: &mut TsImportEqualsDecl) {
        self.bind(&n.id);
    }

    fn visit_mut_invalid(&mut self, n: &mut Invalid) {
        self.refuse("an expression is missing", n.span);
    }

    fn visit_mut_module_export_name(&mut self, _: &mut ModuleExportName) {}

    fn visit_mut_labeled_stmt(&mut self, n: &mut LabeledStmt) {
        self.check_name(&n.label);
        self.check_body(&n.body, true);
        n.body.visit_mut_with(self);
    }

    // No probe: without these there are no continuations.

    fn visit_mut_return_stmt(&mut self, n: &mut ReturnStmt) {
        self.exits += 1;
        if !self.is_plain(n.span) {
            n.arg.visit_mut_with(self);
        }
    }

    fn visit_mut_throw_stmt(&mut self, n: &mut ThrowStmt) {
        self.exits += 1;
        if !self.is_plain(n.span) {
            n.arg.visit_mut_with(self);
        }
    }

    fn visit_mut_break_stmt(&mut self, _: &mut BreakStmt) {
        self.exits += 1;
    }

    fn visit_mut_continue_stmt(&mut self, _: &mut ContinueStmt) {
        self.exits += 1;
    }
}
