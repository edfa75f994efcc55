//! The pass: one visitor that plants a probe at every site, children first.
//!
//! The order is part of the format: ids follow the post-order of the tree, so what a construct holds comes
//! before the construct, left before right, and a function after everything in it. For
//!
//! ```js
//! function f(a) { if (a) { x(); } else if (b) { y(); } }
//! ```
//!
//! C and E are the inner `if` and its made `else`, G is the outer `if`, and I is the function. Methods stand in
//! the order of the table in `site.rs`, and each reads as its row.

use pathlight_mapping::{ProbeKind, Site};
use rustc_hash::FxHashMap;
use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AssignPat, AssignTarget, AutoAccessor, BinExpr, BindingIdent, BreakStmt,
    CallExpr, Class, ClassDecl, ClassMethod, ClassProp, CondExpr, Constructor, ContinueStmt, Decorator, DoWhileStmt,
    ExportDefaultExpr, Expr, ExprStmt, FnDecl, ForInStmt, ForOfStmt, ForStmt, Function, FunctionBody, GetterProp,
    Ident, IfStmt, ImportDefaultSpecifier, ImportNamedSpecifier, ImportStarAsSpecifier, KeyValueProp, LabeledStmt, Lit,
    MemberExpr, MethodProp, ModuleExportName, ModuleItem, PrivateMethod, PrivateProp, SetterProp, SimpleAssignTarget,
    Stmt, SwitchStmt, TsEnumDecl, TsImportEqualsDecl, TsModuleDecl, VarDeclarator, WhileStmt, WithStmt,
};
use swc_core::ecma::ast::{AssignPatProp, Decl, DefaultDecl, ExportDefaultDecl, Key};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::comments::CommentStore;
use crate::hint::Ignored;
use crate::name::{ANONYMOUS, Target, Targets};
use crate::parse::{FIRST, skip_trivia, starts_with_html_comment};
use crate::plant::{self, Completion};
use crate::reexport;
use crate::repair;

/// How much is probed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Granularity {
    /// Functions only: the cheapest.
    Function,
    /// Functions and branches.
    #[default]
    Branch,
}

/// A planted probe; every offset is a byte offset in the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlantedProbe {
    pub(crate) site: Site,
    /// The recorded position.
    pub(crate) at: u32,
    /// The code that a hit counts.
    pub(crate) start: u32,
    /// Exclusive.
    pub(crate) end: u32,
    /// Index of the owning function's name.
    pub(crate) function: u32,
    /// Number of the owning function's probe in this file.
    pub(crate) owner: Option<u32>,
    /// Number of the decision's first probe in this file.
    pub(crate) decision: u32,
}

/// Where the file uses the array's name itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameUse {
    pub(crate) span: Span,
    pub(crate) binds: bool,
    /// In a function, where the name is the function's own.
    pub(crate) is_local: bool,
}

/// What the pass needs to know.
pub(crate) struct PassInput<'a> {
    pub(crate) array: &'a Atom,
    pub(crate) granularity: Granularity,
    /// Top-level statements have a value that someone may see.
    pub(crate) is_script: bool,
    pub(crate) text: &'a str,
    pub(crate) comments: &'a CommentStore<'a>,
    pub(crate) ignored: &'a Ignored,
    /// Whether something at this byte offset was written by a person.
    pub(crate) has_origin: &'a dyn Fn(u32) -> bool,
}

/// The visitor's state.
pub(crate) struct Pass<'a> {
    input: PassInput<'a>,
    probes: Vec<PlantedProbe>,
    /// Probes that wait for the probe of the function around them, each with the number of functions around it.
    unowned: Vec<(u32, usize)>,
    names: Vec<String>,
    name_index: FxHashMap<String, u32>,
    targets: Targets,
    /// Where the value of the expression visited next will be found.
    target: Option<Target>,
    /// The class whose members are visited.
    class: Option<Target>,
    /// Name of the function around.
    function: u32,
    function_depth: usize,
    name_uses: Vec<NameUse>,
    global_names: GlobalNames,
    needs_repair: bool,
}

/// What the pass found and did.
pub(crate) struct PassOutput {
    pub(crate) probes: Vec<PlantedProbe>,
    pub(crate) names: Vec<String>,
    pub(crate) name_uses: Vec<NameUse>,
    pub(crate) global_names: GlobalNames,
    /// The tree holds something for [`repair::repair`].
    pub(crate) needs_repair: bool,
}

/// Which of the global object's names the file binds somewhere.
#[derive(Debug)]
pub(crate) struct GlobalNames {
    names: [Atom; 4],
    bound: [bool; 4],
}

impl Default for GlobalNames {
    fn default() -> Self {
        Self { names: Self::NAMES.map(Atom::from), bound: [false; 4] }
    }
}

impl GlobalNames {
    const NAMES: [&str; 4] = ["globalThis", "self", "window", "global"];

    /// Atoms compare by their address.
    fn bind(&mut self, name: &Atom) {
        for (known, bound) in self.names.iter().zip(&mut self.bound) {
            *bound |= known == name;
        }
    }

    /// Whether the file binds `name` somewhere.
    pub(crate) fn binds(&self, name: &str) -> bool {
        self.names.iter().zip(self.bound).any(|(known, bound)| bound && known == name)
    }
}

/// Plants every probe of `program`.
pub(crate) fn run(program: &mut impl for<'a> VisitMutWith<Pass<'a>>, input: PassInput<'_>) -> PassOutput {
    let mut pass = Pass {
        input,
        probes: Vec::new(),
        unowned: Vec::new(),
        names: Vec::new(),
        name_index: FxHashMap::default(),
        targets: Targets::default(),
        target: None,
        class: None,
        function: 0,
        function_depth: 0,
        name_uses: Vec::new(),
        global_names: GlobalNames::default(),
        needs_repair: false,
    };
    pass.function = pass.intern(ANONYMOUS.to_owned());
    program.visit_mut_with(&mut pass);
    PassOutput {
        probes: pass.probes,
        names: pass.names,
        name_uses: pass.name_uses,
        global_names: pass.global_names,
        needs_repair: pass.needs_repair,
    }
}

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
        n.function.decorators.visit_mut_with(self);
        n.key.visit_mut_with(self);
        let class = self.member_parent(n.is_static);
        let target = self.targets.member(class, &n.key);
        let start = self.after_decorators(n.span, &n.function.decorators);
        self.function(&mut n.function, Some(start), target);
    }

    fn visit_mut_private_method(&mut self, n: &mut PrivateMethod) {
        n.function.decorators.visit_mut_with(self);
        let class = self.member_parent(n.is_static);
        let target = self.targets.private(class, &n.key.name);
        let start = self.after_decorators(n.span, &n.function.decorators);
        self.function(&mut n.function, Some(start), Some(target));
    }

    fn visit_mut_constructor(&mut self, n: &mut Constructor) {
        let Some(body) = &mut n.body else { return };
        let class = self.member_parent(false);
        let target = self.targets.constructor(class);
        let scope = self.enter_function(Some(target));
        n.params.visit_mut_with(self);
        body.stmts.visit_mut_with(self);
        self.plant_body(Site::Function, n.span, body);
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
        let scope = self.enter_function(target);
        n.params.visit_mut_with(self);
        match &mut *n.body {
            ArrowFunctionBody::FunctionBody(body) => {
                body.stmts.visit_mut_with(self);
                self.plant_body(Site::Arrow, n.span, body);
            }
            ArrowFunctionBody::Expr(expr) => {
                expr.visit_mut_with(self);
                if let Some(probe) = self.probe(Site::Arrow, n.span.lo, n.span, None) {
                    plant::plant_comma(expr, probe, self.input.comments);
                }
            }
        }
        self.leave_function(scope);
    }

    // IfThen, IfElse

    fn visit_mut_if_stmt(&mut self, n: &mut IfStmt) {
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
        for case in &mut n.cases {
            let site = if case.test.is_some() { Site::SwitchCase } else { Site::SwitchDefault };
            if let Some(probe) = self.probe(site, case.span.lo, case.span, Some(decision)) {
                let completion = self.completion(&case.cons);
                plant::plant_first(&mut case.cons, 0, probe, completion);
            }
        }
        if n.cases.iter().all(|case| case.test.is_some())
            && let Some(probe) = self.probe(Site::SwitchNoMatch, n.span.lo, n.span.with_lo(n.span.hi), Some(decision))
        {
            let completion = self.completion(&[]);
            plant::plant_default(&mut n.cases, probe, completion);
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
        self.visit_named(&mut n.left, target);
        self.visit_named(&mut n.right, target);
        let decision = self.next();
        self.plant_expr(Site::Logical, &mut n.right, decision);
    }

    // LogicalAssign

    fn visit_mut_assign_expr(&mut self, n: &mut AssignExpr) {
        self.target = None;
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
        // The body is not visited, and may hold anything.
        self.needs_repair = true;
        n.obj.visit_mut_with(self);
    }

    fn visit_mut_call_expr(&mut self, n: &mut CallExpr) {
        if !reexport::is_reexport(n) {
            n.visit_mut_children_with(self);
        }
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

    // No probe: these give names to the functions that they hold.

    fn visit_mut_expr(&mut self, n: &mut Expr) {
        let target = self.target.take();
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
    }

    fn visit_mut_member_expr(&mut self, n: &mut MemberExpr) {
        self.needs_repair |= repair::is_odd_member(n);
        n.visit_mut_children_with(self);
    }

    fn visit_mut_decorator(&mut self, n: &mut Decorator) {
        self.needs_repair |= repair::is_odd_decorator(n);
        n.expr.visit_mut_with(self);
    }

    fn visit_mut_var_declarator(&mut self, n: &mut VarDeclarator) {
        self.needs_repair |= n.definite;
        n.name.visit_mut_with(self);
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
        if n.declare || n.is_abstract {
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

    fn visit_mut_module_export_name(&mut self, _: &mut ModuleExportName) {}

    fn visit_mut_labeled_stmt(&mut self, n: &mut LabeledStmt) {
        n.body.visit_mut_with(self);
    }

    fn visit_mut_break_stmt(&mut self, _: &mut BreakStmt) {}

    fn visit_mut_continue_stmt(&mut self, _: &mut ContinueStmt) {}
}

impl Pass<'_> {
    /// Visits an expression whose value will be found at `target`.
    fn visit_named(&mut self, expr: &mut Expr, target: Option<Target>) {
        self.target = target;
        expr.visit_mut_with(self);
        self.target = None;
    }

    /// A function whose decorators and key, if it has any, were visited; `start` is a member's first token.
    fn function(&mut self, n: &mut Function, start: Option<BytePos>, target: Option<Target>) {
        self.target = None;
        let Some(body) = &mut n.body else { return };
        if is_asm(body) {
            self.needs_repair = true;
            return;
        }
        let scope = self.enter_function(target);
        n.params.visit_mut_with(self);
        body.stmts.visit_mut_with(self);
        let code = start.map_or(n.span, |start| Span::new(start, n.span.hi));
        self.plant_body(Site::Function, code, body);
        self.leave_function(scope);
    }

    fn member_function(&mut self, span: Span, key: &mut swc_core::ecma::ast::PropName, function: &mut Function) {
        key.visit_mut_with(self);
        let target = self.targets.member(self.class, key);
        self.function(function, Some(span.lo), target);
    }

    fn class(&mut self, n: &mut Class, target: Option<Target>) {
        self.needs_repair |= repair::is_odd_class(n);
        n.decorators.visit_mut_with(self);
        n.super_class.visit_mut_with(self);
        let outer = std::mem::replace(&mut self.class, target);
        // Fields and static blocks are functions of their own: their statements have no visible value.
        self.function_depth += 1;
        n.body.visit_mut_with(self);
        self.function_depth -= 1;
        self.class = outer;
    }

    fn member_parent(&mut self, is_static: bool) -> Option<Target> {
        if is_static { self.class } else { self.targets.prototype(self.class) }
    }

    /// First token of a member after its decorators.
    fn after_decorators(&self, span: Span, decorators: &[Decorator]) -> BytePos {
        match decorators.last() {
            // Decorators may also stand behind `static`, as TypeScript's once did.
            Some(last) if last.span.lo >= span.lo && decorators[0].span.lo == span.lo => {
                BytePos(FIRST + skip_trivia(self.input.text, last.span.hi.0 - FIRST))
            }
            _ => span.lo,
        }
    }

    fn field(&mut self, value: Option<&mut Box<Expr>>, target: Option<Target>) {
        if let Some(value) = value {
            self.visit_named(value, target);
        }
    }

    fn enter_function(&mut self, target: Option<Target>) -> FunctionScope {
        let name = target.map_or_else(|| ANONYMOUS.to_owned(), |target| self.targets.spell(target));
        let name = self.intern(name);
        self.function_depth += 1;
        FunctionScope {
            outer: std::mem::replace(&mut self.function, name),
            class: self.class.take(),
            unowned: self.unowned.len(),
            targets: self.targets.mark(),
        }
    }

    fn leave_function(&mut self, scope: FunctionScope) {
        // The function's own probe, if it has one, was planted last and owns what waited before it.
        // The last probe of a function that has none may be that of a function in it.
        if let Some(&(owner, depth)) = self.unowned.last()
            && self.unowned.len() > scope.unowned
            && depth == self.function_depth
            && self.probes[owner as usize].site.kind() == ProbeKind::Function
        {
            for (waiting, _) in self.unowned.drain(scope.unowned..) {
                if waiting != owner {
                    self.probes[waiting as usize].owner = Some(owner);
                }
            }
            self.unowned.push((owner, depth));
        }
        self.function_depth -= 1;
        self.function = scope.outer;
        self.class = scope.class;
        self.targets.forget_after(scope.targets);
    }

    /// The number of the next probe.
    fn next(&self) -> u32 {
        self.probes.len() as u32
    }

    /// Records a probe and returns its number; `None` where there is to be none: by the granularity, by a hint,
    /// or because no person wrote the code.
    fn probe(&mut self, site: Site, at: BytePos, code: Span, decision: Option<u32>) -> Option<u32> {
        if self.input.granularity == Granularity::Function && site.kind() != ProbeKind::Function {
            return None;
        }
        let (at, start, end) = (at.0.checked_sub(FIRST)?, code.lo.0.checked_sub(FIRST)?, code.hi.0.checked_sub(FIRST)?);
        let (at, start) = (self.first_token(at, at + 1), self.first_token(start, end));
        if self.input.ignored.covers(at) || self.input.ignored.covers(start) || !(self.input.has_origin)(at) {
            return None;
        }
        let number = self.next();
        let decision = decision.unwrap_or(number);
        self.probes.push(PlantedProbe { site, at, start, end, function: self.function, owner: None, decision });
        self.unowned.push((number, self.function_depth));
        Some(number)
    }

    /// Where the code between two offsets begins, which is where its span does but for one kind of comment.
    fn first_token(&self, start: u32, end: u32) -> u32 {
        let text = self.input.text;
        let is_off = start < end && text.get(start as usize..).is_some_and(starts_with_html_comment);
        if is_off { skip_trivia(text, start) } else { start }
    }

    fn plant_body(&mut self, site: Site, code: Span, body: &mut FunctionBody) {
        if let Some(probe) = self.probe(site, code.lo, code, None) {
            let at = directives(&body.stmts);
            plant::plant_first(&mut body.stmts, at, probe, Completion::Unseen);
        }
    }

    fn plant_block(&mut self, body: &mut Stmt, probe: Option<u32>) {
        if let Some(probe) = probe {
            let statements = plant::statements_of(body);
            let completion = self.completion(statements);
            plant::plant_first(statements, 0, probe, completion);
        }
    }

    fn plant_loop(&mut self, span: Span, body: &mut Stmt) {
        let probe = self.probe(Site::Loop, span.lo, body.span(), None);
        self.plant_block(body, probe);
    }

    fn plant_expr(&mut self, site: Site, expr: &mut Expr, decision: u32) {
        let code = bare(expr).span();
        if let Some(probe) = self.probe(site, code.lo, code, Some(decision)) {
            plant::plant_comma(expr, probe, self.input.comments);
        }
    }

    /// How a probe before these statements must stand.
    fn completion(&self, following: &[Stmt]) -> Completion {
        if !self.input.is_script || self.function_depth > 0 || value_of(following) == Value::Always {
            Completion::Unseen
        } else {
            Completion::Empty
        }
    }

    fn bind(&mut self, ident: &Ident) {
        if ident.sym == *self.input.array {
            self.name_uses.push(NameUse { span: ident.span, binds: true, is_local: self.function_depth > 0 });
        }
        self.global_names.bind(&ident.sym);
    }

    fn intern(&mut self, name: String) -> u32 {
        if let Some(&index) = self.name_index.get(&name) {
            return index;
        }
        let index = self.names.len() as u32;
        self.names.push(name.clone());
        self.name_index.insert(name, index);
        index
    }
}

/// What [`Pass::leave_function`] restores.
struct FunctionScope {
    outer: u32,
    class: Option<Target>,
    unowned: usize,
    targets: usize,
}

/// Number of directives at the head of a body (ECMAScript 11.2.1): string literals, not in parentheses.
pub(crate) fn directives(statements: &[Stmt]) -> usize {
    statements.iter().take_while(|statement| is_directive(statement)).count()
}

/// Whether a statement at the head of a body is a directive.
pub(crate) fn is_directive(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(ExprStmt { expr, .. }) if matches!(**expr, Expr::Lit(Lit::Str(_))))
}

fn is_asm(body: &FunctionBody) -> bool {
    body.stmts.iter().take_while(|statement| is_directive(statement)).any(
        |statement| matches!(statement, Stmt::Expr(ExprStmt { expr, .. }) if matches!(&**expr, Expr::Lit(Lit::Str(text)) if text.value == *"use asm")),
    )
}

/// Whether an `else` has no probe of its own: its `if` has both.
fn is_else_if(alt: &Stmt) -> bool {
    match alt {
        Stmt::If(_) => true,
        Stmt::Block(block) => matches!(block.stmts.as_slice(), [Stmt::If(_)]),
        _ => false,
    }
}

/// Without parentheses, which belong to no expression.
fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => bare(&paren.expr),
        other => other,
    }
}

/// Without parentheses and TypeScript's casts, which are gone when the program runs.
fn uncast(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => uncast(&inner.expr),
        Expr::TsAs(cast) => uncast(&cast.expr),
        Expr::TsSatisfies(cast) => uncast(&cast.expr),
        Expr::TsConstAssertion(cast) => uncast(&cast.expr),
        Expr::TsTypeAssertion(cast) => uncast(&cast.expr),
        Expr::TsNonNull(cast) => uncast(&cast.expr),
        Expr::TsInstantiation(cast) => uncast(&cast.expr),
        other => other,
    }
}

/// ECMAScript 8.4.3 IsAnonymousFunctionDefinition.
fn is_anonymous_function(expr: &Expr) -> bool {
    match uncast(expr) {
        Expr::Arrow(_) => true,
        Expr::Fn(function) => function.ident.is_none(),
        Expr::Class(class) => class.ident.is_none(),
        _ => false,
    }
}

/// The name that an assignment gives to an anonymous function: that of a plain, bare identifier, which is also what
/// TypeScript makes of `(a as T)`.
fn named_by(target: &AssignTarget) -> Option<&Atom> {
    let AssignTarget::Simple(target) = target else { return None };
    let cast = match target {
        SimpleAssignTarget::Ident(ident) => return Some(&ident.id.sym),
        SimpleAssignTarget::Paren(paren) => match &*paren.expr {
            Expr::TsAs(cast) => &cast.expr,
            Expr::TsSatisfies(cast) => &cast.expr,
            Expr::TsTypeAssertion(cast) => &cast.expr,
            _ => return None,
        },
        SimpleAssignTarget::TsAs(cast) => &cast.expr,
        SimpleAssignTarget::TsSatisfies(cast) => &cast.expr,
        SimpleAssignTarget::TsTypeAssertion(cast) => &cast.expr,
        _ => return None,
    };
    cast.as_ident().map(|ident| &ident.sym)
}

/// Whether it is worth knowing where a value will be found.
fn may_hold_function(expr: &Expr) -> bool {
    matches!(
        uncast(expr),
        Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) | Expr::Object(_) | Expr::Cond(_) | Expr::Bin(_) | Expr::Seq(_)
    )
}

/// Whether statements leave a completion value (ECMAScript 6.2.4 and the Evaluation of each statement).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    /// Whatever happens, a value replaces the one before.
    Always,
    /// They complete and leave the value before as it was.
    Never,
    /// They may be left by `break` or `continue` before there is a value.
    Unsure,
}

/// The value that running these statements in order leaves.
pub(crate) fn value_of(statements: &[Stmt]) -> Value {
    for statement in statements {
        let value = match statement {
            Stmt::Decl(_) | Stmt::Empty(_) | Stmt::Debugger(_) => Value::Never,
            Stmt::Break(_) | Stmt::Continue(_) => Value::Unsure,
            Stmt::Block(block) => value_of(&block.stmts),
            Stmt::Labeled(labeled) => value_of(std::slice::from_ref(&labeled.body)),
            // An `if` or loop without a value of its own has the value `undefined`.
            _ => Value::Always,
        };
        if value != Value::Never {
            return value;
        }
    }
    Value::Never
}
