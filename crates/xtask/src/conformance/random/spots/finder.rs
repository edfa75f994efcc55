//! Finds the spots in a tree.

use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, BinExpr, BinaryOp, CallExpr, Callee, CondExpr, Constructor, DoWhileStmt,
    Expr, ForInStmt, ForOfStmt, ForStmt, Function, FunctionBody, IfStmt, MemberProp, OptChainExpr, Param, Pat, Prop,
    PropOrSpread, SetterProp, Stmt, SuperProp, SwitchStmt, ThisExpr, UnaryExpr, UnaryOp, VarDeclarator, WhileStmt,
};
use swc_core::ecma::visit::{Visit, VisitWith};

use super::super::probes::{directives, id_of, stated};
use super::{Arm, Body, FunctionSpot, Mark, Part, Spots};

pub(super) struct Finder<'a> {
    pub(super) code: &'a str,
    /// Where the spans of the code begin to count.
    pub(super) start: BytePos,
    pub(super) found: Spots,
}

impl Finder<'_> {
    fn part(&self, span: Span) -> Part {
        (span.lo - self.start).0 as usize..(span.hi - self.start).0 as usize
    }

    fn statement(&self, statement: Option<&Stmt>) -> Option<Mark> {
        let statement = statement?;
        let id = id_of(stated(statement)?.as_call()?)?;
        Some(Mark { whole: self.part(statement.span()), id: self.part(id.span()) })
    }

    fn block(&self, body: Option<&Stmt>) -> Option<Body> {
        let block = body?.as_block()?;
        Some(Body {
            mark: self.statement(block.stmts.first())?,
            end: self.part(block.span).end - 1,
            is_empty: block.stmts.len() == 1,
        })
    }

    fn arm(&self, expr: &Expr) -> Option<Arm> {
        let comma = expr.as_paren()?.expr.as_seq()?;
        let [call, value] = comma.exprs.as_slice() else { return None };
        let mark = Mark { whole: self.part(call.span()), id: self.part(id_of(call.as_call()?)?.span()) };
        let mut bound = Bound::default();
        value.visit_with(&mut bound);
        let is_bound = bound.uses && !bound.suspends;
        let whole = self.part(value.span());
        let named = named_value(value).map(|inner| {
            let inner = self.part(inner.span());
            (whole.start..inner.start, inner.end..whole.end)
        });
        Some(Arm { mark, value: whole, named, is_bound })
    }

    fn function_body(&mut self, body: &FunctionBody, form: (bool, bool), parameter: Option<(usize, &'static str)>) {
        let directives = self.directives(&body.stmts);
        let Some(mark) = self.statement(body.stmts.get(directives)) else { return };
        let whole = self.part(body.span);
        let super_call = body.stmts.iter().find_map(|statement| match statement {
            Stmt::Expr(statement) => match &*statement.expr {
                Expr::Call(CallExpr { callee: Callee::Super(_), .. }) => Some(self.part(statement.span).end),
                _ => None,
            },
            _ => None,
        });
        self.found.functions.push(FunctionSpot {
            body: Body { mark, end: whole.end - 1, is_empty: body.stmts.len() == directives + 1 },
            open: whole.start + 1,
            has_directives: directives > 0,
            is_async: form.0,
            is_generator: form.1,
            super_call,
            parameter,
        });
    }

    /// How many directives stand first; they are spots, too.
    fn directives(&mut self, statements: &[Stmt]) -> usize {
        let directives = directives(statements);
        let parts: Vec<_> = directives.iter().map(|statement| self.part(statement.span())).collect();
        self.found.directives.extend(parts);
        directives.len()
    }

    /// Where one parameter more could stand. A pattern or default forbids nothing, but a rest parameter is the last.
    fn parameter(&self, parameters: &[Param], body: &FunctionBody) -> Option<(usize, &'static str)> {
        match parameters.last() {
            Some(last) if matches!(last.pat, Pat::Rest(_)) => None,
            Some(last) => Some((self.part(last.span()).end, ", ")),
            None => {
                let head = self.code[..self.part(body.span).start].trim_end();
                head.ends_with("()").then(|| (head.len() - 1, ""))
            }
        }
    }

    fn loop_body(&mut self, whole: Span, body: &Stmt) {
        if let Some(body) = self.block(Some(body)) {
            self.found.loops.push((self.part(whole), body));
        }
    }

    fn named(&mut self, value: Option<&Expr>) {
        if let Some(value) = value.filter(|value| is_anonymous(value)) {
            self.found.named.push(self.part(value.span()));
        }
    }
}

/// Whether what stands behind the statement may be unreachable.
fn may_leave(statement: &Stmt) -> bool {
    use Stmt::{Block, Break, Continue, If, Return, Throw, Try};
    matches!(statement, Block(_) | Break(_) | Continue(_) | If(_) | Return(_) | Throw(_) | Try(_))
}

impl Visit for Finder<'_> {
    fn visit_script(&mut self, n: &swc_core::ecma::ast::Script) {
        self.directives(&n.body);
        n.visit_children_with(self);
    }

    fn visit_function(&mut self, n: &Function) {
        if let Some(body) = &n.body {
            let parameter = self.parameter(&n.params, body);
            self.function_body(body, (n.is_async, n.is_generator), parameter);
        }
        n.visit_children_with(self);
    }

    /// A setter with two parameters is none.
    fn visit_setter_prop(&mut self, n: &SetterProp) {
        n.key.visit_with(self);
        n.function.visit_children_with(self);
    }

    fn visit_constructor(&mut self, n: &Constructor) {
        if let Some(body) = &n.body {
            self.function_body(body, (false, false), None);
        }
        n.visit_children_with(self);
    }

    fn visit_arrow_expr(&mut self, n: &ArrowExpr) {
        if let ArrowFunctionBody::FunctionBody(body) = &*n.body {
            self.function_body(body, (n.is_async, n.is_generator), None);
        }
        n.visit_children_with(self);
    }

    fn visit_if_stmt(&mut self, n: &IfStmt) {
        let (then, alternative) = (self.block(Some(&n.cons)), self.block(n.alt.as_deref()));
        if let (Some(then), Some(alternative)) = (&then, &alternative) {
            self.found.decisions.push((then.mark.id.clone(), alternative.mark.id.clone()));
        }
        self.found.thens.extend(then);
        self.found.elses.extend(alternative);
        n.visit_children_with(self);
    }

    fn visit_switch_stmt(&mut self, n: &SwitchStmt) {
        let marks = n.cases.iter().filter_map(|case| self.statement(case.cons.first())).collect();
        self.found.switches.push(marks);
        if let [.., last, made] = n.cases.as_slice()
            && made.test.is_none()
            && made.cons.len() == 1
            && let Some((leave @ Stmt::Break(_), before)) = last.cons.split_last()
            && !before.iter().any(may_leave)
        {
            self.found.breaks.push(self.part(leave.span()));
        }
        n.visit_children_with(self);
    }

    fn visit_for_stmt(&mut self, n: &ForStmt) {
        self.loop_body(n.span, &n.body);
        n.visit_children_with(self);
    }

    fn visit_for_in_stmt(&mut self, n: &ForInStmt) {
        self.loop_body(n.span, &n.body);
        n.visit_children_with(self);
    }

    fn visit_for_of_stmt(&mut self, n: &ForOfStmt) {
        self.loop_body(n.span, &n.body);
        n.visit_children_with(self);
    }

    fn visit_while_stmt(&mut self, n: &WhileStmt) {
        self.loop_body(n.span, &n.body);
        n.visit_children_with(self);
    }

    fn visit_do_while_stmt(&mut self, n: &DoWhileStmt) {
        self.loop_body(n.span, &n.body);
        n.visit_children_with(self);
    }

    fn visit_cond_expr(&mut self, n: &CondExpr) {
        let (yes, no) = (self.arm(&n.cons), self.arm(&n.alt));
        if let (Some(yes), Some(no)) = (&yes, &no) {
            self.found.decisions.push((yes.mark.id.clone(), no.mark.id.clone()));
        }
        self.found.arms.extend(yes.into_iter().chain(no));
        n.visit_children_with(self);
    }

    fn visit_bin_expr(&mut self, n: &BinExpr) {
        if matches!(n.op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing)
            && let Some(arm) = self.arm(&n.right)
        {
            self.found.logical.push((self.part(n.span), arm));
        }
        n.visit_children_with(self);
    }

    fn visit_assign_expr(&mut self, n: &AssignExpr) {
        if n.op.may_short_circuit()
            && let Some(arm) = self.arm(&n.right)
        {
            self.found.assigned.push((self.part(n.span), arm));
        }
        n.visit_children_with(self);
    }

    fn visit_stmt(&mut self, n: &Stmt) {
        if let (Stmt::Block(block), Some(Expr::Call(call))) = (n, stated(n))
            && id_of(call).is_some()
        {
            self.found.kept.push((self.part(block.span), self.part(call.span)));
        }
        n.visit_children_with(self);
    }

    fn visit_var_declarator(&mut self, n: &VarDeclarator) {
        if n.name.is_ident() {
            self.named(n.init.as_deref());
        }
        n.visit_children_with(self);
    }

    fn visit_prop(&mut self, n: &Prop) {
        if let Prop::KeyValue(property) = n {
            self.named(Some(&property.value));
        }
        n.visit_children_with(self);
    }

    fn visit_class_prop(&mut self, n: &swc_core::ecma::ast::ClassProp) {
        self.named(n.value.as_deref());
        n.visit_children_with(self);
    }

    fn visit_assign_pat(&mut self, n: &swc_core::ecma::ast::AssignPat) {
        if n.left.is_ident() {
            self.named(Some(&n.right));
        }
        n.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, n: &CallExpr) {
        if let Callee::Expr(callee) = &n.callee
            && callee.is_member()
            && id_of(n).is_none()
        {
            self.found.callees.push(self.part(callee.span()));
        }
        n.visit_children_with(self);
    }

    fn visit_unary_expr(&mut self, n: &UnaryExpr) {
        if matches!(n.op, UnaryOp::Delete | UnaryOp::TypeOf) {
            self.found.operands.push(self.part(n.arg.span()));
        }
        n.visit_children_with(self);
    }

    fn visit_opt_chain_expr(&mut self, n: &OptChainExpr) {
        if let Some(member) = n.base.as_member()
            && let Expr::OptChain(inner) = &*member.obj
        {
            self.found.chains.push(self.part(inner.span));
        }
        n.visit_children_with(self);
    }
}

/// ECMAScript's IsAnonymousFunctionDefinition.
fn is_anonymous(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => is_anonymous(&paren.expr),
        Expr::Arrow(_) => true,
        Expr::Fn(function) => function.ident.is_none(),
        Expr::Class(class) => class.ident.is_none(),
        _ => false,
    }
}

/// `x` of `{ f: x }.f`.
fn named_value(value: &Expr) -> Option<&Expr> {
    let member = value.as_member()?;
    let [PropOrSpread::Prop(property)] = member.obj.as_object()?.props.as_slice() else { return None };
    match (&**property, &member.prop) {
        (Prop::KeyValue(property), MemberProp::Ident(_)) if is_anonymous(&property.value) => Some(&property.value),
        _ => None,
    }
}

/// What a piece of code takes from the function around it.
#[derive(Default)]
struct Bound {
    uses: bool,
    /// `yield`, `await`, `super`, `new.target`: in another function it is no program.
    suspends: bool,
}

impl Visit for Bound {
    fn visit_this_expr(&mut self, _: &ThisExpr) {
        self.uses = true;
    }

    fn visit_ident(&mut self, n: &swc_core::ecma::ast::Ident) {
        self.uses |= n.sym == *"arguments";
    }

    fn visit_yield_expr(&mut self, _: &swc_core::ecma::ast::YieldExpr) {
        self.suspends = true;
    }

    fn visit_await_expr(&mut self, _: &swc_core::ecma::ast::AwaitExpr) {
        self.suspends = true;
    }

    fn visit_super(&mut self, _: &swc_core::ecma::ast::Super) {
        self.suspends = true;
    }

    fn visit_super_prop(&mut self, _: &SuperProp) {
        self.suspends = true;
    }

    fn visit_meta_prop_expr(&mut self, _: &swc_core::ecma::ast::MetaPropExpr) {
        self.suspends = true;
    }

    fn visit_function(&mut self, _: &Function) {}
}
