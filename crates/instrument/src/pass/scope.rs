//! What the visitor's methods share: functions and classes entered and left, probes recorded and planted.

use pathlight_mapping::{ProbeKind, Site};
use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::{Class, Decorator, Expr, Function, FunctionBody, Ident, PropName, Stmt};
use swc_core::ecma::atoms::atom;
use swc_core::ecma::visit::VisitMutWith;

use super::{Granularity, NameUse, NotAllowed, Pass, PlantedProbe, continuation};
use crate::completion::{Value, value_of};
use crate::name::{ANONYMOUS, Target};
use crate::parse::{FIRST, skip_trivia};
use crate::plant::{self, Completion};
use crate::repair;
use crate::syntax::{bare, directives, first_operand, is_asm, is_strict, misplaced_declaration};

impl Pass<'_> {
    /// Whether an expression or a declaration need not be visited.
    pub(super) fn is_plain(&mut self, span: Span) -> bool {
        self.plain.as_mut().is_some_and(|plain| plain.covers(span))
    }

    /// Visits an expression whose value will be found at `target`.
    pub(super) fn visit_named(&mut self, expr: &mut Expr, target: Option<Target>) {
        self.target = target;
        expr.visit_mut_with(self);
        self.target = None;
    }

    /// A function whose decorators and key, if it has any, were visited; `start` is a member's first token.
    pub(super) fn function(&mut self, n: &mut Function, start: Option<BytePos>, target: Option<Target>) {
        self.target = None;
        let Some(body) = &mut n.body else { return };
        if is_asm(body) {
            self.needs_repair = true;
            return;
        }
        let scope = self.enter_function(target, &body.stmts);
        n.params.visit_mut_with(self);
        body.stmts.visit_mut_with(self);
        let code = start.map_or(n.span, |start| Span::new(start, n.span.hi));
        let probe = self.probe_of_function(&scope, Site::Function, code);
        self.plant_body(probe, body);
        self.leave_function(scope);
    }

    pub(super) fn member_function(&mut self, span: Span, key: &mut PropName, function: &mut Function) {
        key.visit_mut_with(self);
        if function.body.is_none() {
            // TypeScript's classes may have them.
            self.refuse("an object's method without a body", span);
        }
        let target = self.targets.member(self.class, key);
        self.function(function, Some(span.lo), target);
    }

    pub(super) fn class(&mut self, n: &mut Class, target: Option<Target>) {
        self.needs_repair |= repair::is_odd_class(n);
        n.decorators.visit_mut_with(self);
        n.super_class.visit_mut_with(self);
        let outer = std::mem::replace(&mut self.class, target);
        let was_strict = std::mem::replace(&mut self.is_strict, true);
        // Fields and static blocks are functions of their own: their statements have no visible value.
        self.function_depth += 1;
        n.body.visit_mut_with(self);
        self.function_depth -= 1;
        self.is_strict = was_strict;
        self.class = outer;
    }

    pub(super) fn member_parent(&mut self, is_static: bool) -> Option<Target> {
        if is_static { self.class } else { self.targets.prototype(self.class) }
    }

    /// First token of a member after its decorators.
    pub(super) fn after_decorators(&self, span: Span, decorators: &[Decorator]) -> BytePos {
        match decorators.last() {
            // Decorators may also stand behind `static`, as TypeScript's once did.
            Some(last) if last.span.lo >= span.lo && decorators[0].span.lo == span.lo => {
                BytePos(FIRST + skip_trivia(self.input.text, last.span.hi.0 - FIRST))
            }
            _ => span.lo,
        }
    }

    pub(super) fn field(&mut self, value: Option<&mut Box<Expr>>, target: Option<Target>) {
        if let Some(value) = value {
            self.visit_named(value, target);
        }
    }

    /// Visits what is to have no probes.
    pub(super) fn visit_silently(&mut self, n: &mut impl for<'a> VisitMutWith<Pass<'a>>) {
        let outer = std::mem::replace(&mut self.is_silent, true);
        n.visit_mut_with(self);
        self.is_silent = outer;
    }

    /// `body`: none is that of an arrow which is an expression.
    pub(super) fn enter_function(&mut self, target: Option<Target>, body: &[Stmt]) -> FunctionScope {
        let is_wrapper = std::mem::take(&mut self.is_wrapper);
        let outer = self.function;
        // What stands in a wrapper was written in what is around it.
        if !is_wrapper {
            let name = target.map_or_else(|| ANONYMOUS.to_owned(), |target| self.targets.spell(target));
            self.function = self.intern(name);
        }
        self.function_depth += 1;
        let was_strict = self.is_strict;
        self.is_strict |= is_strict(body, self.input.text);
        FunctionScope {
            is_wrapper,
            was_strict,
            outer,
            exits: std::mem::take(&mut self.exits),
            class: self.class.take(),
            unowned: self.unowned.len(),
            targets: self.targets.mark(),
        }
    }

    pub(super) fn leave_function(&mut self, scope: FunctionScope) {
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
        self.is_strict = scope.was_strict;
        self.function = scope.outer;
        self.exits = scope.exits;
        self.class = scope.class;
        self.targets.forget_after(scope.targets);
    }

    /// The number of the next probe.
    pub(super) fn next(&self) -> u32 {
        self.probes.len() as u32
    }

    /// Records a probe and returns its number; `None` where there is to be none: by the granularity, by a hint,
    /// where nothing is planted, or because no person wrote the code.
    pub(super) fn probe(&mut self, site: Site, at: BytePos, code: Span, decision: Option<u32>) -> Option<u32> {
        let is_left_out = self.input.granularity == Granularity::Function && site.kind() != ProbeKind::Function;
        if is_left_out || self.is_silent {
            return None;
        }
        let (at, start, end) = (at.0.checked_sub(FIRST)?, code.lo.0.checked_sub(FIRST)?, code.hi.0.checked_sub(FIRST)?);
        if self.input.ignored.covers(at) || self.input.ignored.covers(start) {
            return None;
        }
        if !(self.input.has_origin)(at) {
            self.lacks_origin = true;
            return None;
        }
        let number = self.next();
        let decision = decision.unwrap_or(number);
        self.probes.push(PlantedProbe { site, at, start, end, function: self.function, owner: None, decision });
        self.unowned.push((number, self.function_depth));
        Some(number)
    }

    /// The probe of a function all of which was visited.
    pub(super) fn probe_of_function(&mut self, scope: &FunctionScope, site: Site, code: Span) -> Option<u32> {
        if scope.is_wrapper { None } else { self.probe(site, code.lo, code, None) }
    }

    pub(super) fn plant_body(&mut self, probe: Option<u32>, body: &mut FunctionBody) {
        if let Some(probe) = probe {
            let at = directives(&body.stmts);
            plant::plant_first(&mut body.stmts, at, probe, Completion::Unseen);
        }
        self.find_continuations(body.stmts.iter(), probe);
    }

    /// In a body in which all probes are planted, `probe` being its own.
    pub(super) fn find_continuations<'s>(
        &mut self,
        statements: impl DoubleEndedIterator<Item = &'s Stmt> + Clone,
        probe: Option<u32>,
    ) {
        // Where nothing leaves the body but its last statement, all of it runs as often as it begins.
        let ends_by_exit = matches!(statements.clone().next_back(), Some(Stmt::Return(_) | Stmt::Throw(_)));
        let may_be_left = self.exits > u32::from(ends_by_exit);
        if may_be_left && self.input.granularity == Granularity::Branch && !self.is_silent {
            continuation::find(statements, probe, &mut self.continuations);
        }
    }

    pub(super) fn plant_block(&mut self, body: &mut Stmt, probe: Option<u32>) {
        if let Some(probe) = probe {
            let statements = plant::statements_of(body);
            let completion = self.completion(statements);
            plant::plant_first(statements, 0, probe, completion);
        }
    }

    /// A statement that stands where no declaration may.
    pub(super) fn check_body(&mut self, body: &Stmt, may_be_function: bool) {
        if let Some(span) = misplaced_declaration(body, may_be_function && !self.is_strict, self.input.text) {
            self.refuse("a declaration where only a statement may stand", span);
        }
    }

    /// The parser reads the first of a file's words before it knows that the file is a module.
    ///
    /// Short atoms compare without a look at their text.
    pub(super) fn check_name(&mut self, ident: &Ident) {
        if self.is_strict && ident.sym == atom!("yield") {
            self.refuse("`yield` is no name in strict mode code", ident.span);
        }
    }

    pub(super) fn refuse(&mut self, what: &'static str, span: Span) {
        self.not_allowed.get_or_insert(NotAllowed { what, span });
    }

    pub(super) fn plant_loop(&mut self, span: Span, body: &mut Stmt) {
        self.check_body(body, false);
        let probe = self.probe(Site::Loop, span.lo, body.span(), None);
        self.plant_block(body, probe);
    }

    pub(super) fn plant_expr(&mut self, site: Site, expr: &mut Expr, decision: u32) {
        let code = bare(expr).span();
        if let Some(probe) = self.probe(site, code.lo, code, Some(decision)) {
            plant::plant_comma(expr, probe, self.input.comments);
        }
    }

    /// The right side of a logical operator. Where types are kept the probe stands before its first operand:
    /// TypeScript does not follow what `b && c` says of types behind the comma of `a || (probe, b && c)`.
    pub(super) fn plant_right(&mut self, right: &mut Expr, decision: u32) {
        let code = bare(right).span();
        if let Some(probe) = self.probe(Site::Logical, code.lo, code, Some(decision)) {
            let first = if self.input.keeps_types { first_operand(right) } else { right };
            plant::plant_comma(first, probe, self.input.comments);
        }
    }

    /// How a probe before these statements must stand.
    pub(super) fn completion(&self, following: &[Stmt]) -> Completion {
        if !self.input.is_script || self.function_depth > 0 || value_of(following) == Value::Always {
            Completion::Unseen
        } else {
            Completion::Empty
        }
    }

    pub(super) fn bind(&mut self, ident: &Ident) {
        if ident.sym == *self.input.array {
            self.name_uses.push(NameUse { span: ident.span, binds: true, is_local: self.function_depth > 0 });
        }
        // TypeScript's parser takes it.
        if ident.sym == atom!("this") {
            self.refuse("`this` is no name", ident.span);
        }
        self.check_name(ident);
        // What makes sure of the array stands outside of all functions.
        if self.function_depth == 0 {
            self.global_names.bind(&ident.sym);
        }
    }

    pub(super) fn intern(&mut self, name: String) -> u32 {
        self.names.insert_full(name).0 as u32
    }
}

/// What [`Pass::leave_function`] restores.
pub(super) struct FunctionScope {
    is_wrapper: bool,
    was_strict: bool,
    outer: u32,
    exits: u32,
    class: Option<Target>,
    unowned: usize,
    targets: usize,
}
