//! Where a program as it was written counts for itself: every row of the probe model's table, found in the source and
//! not in what the pass made of it. No transform, only text to put in; see [`super::recount`].

use pathlight_mapping::ProbeKind;
use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AssignTarget, BinExpr, BinaryOp, ClassMethod, CondExpr, Constructor,
    DoWhileStmt, Expr, ForInStmt, ForOfStmt, ForStmt, Function, FunctionBody, GetterProp, IfStmt, Lit, PrivateMethod,
    SetterProp, SimpleAssignTarget, Stmt, SwitchStmt, WhileStmt, WithStmt,
};
use swc_core::ecma::visit::{Visit, VisitWith};

use super::probes::directives;

/// A place that counts.
pub(super) struct Place {
    pub(super) kind: ProbeKind,
    /// Byte offset of the recorded position.
    pub(super) recorded: usize,
}

/// Text to be put in.
pub(super) struct Woven {
    /// Byte offset.
    pub(super) at: usize,
    /// Among all that goes in at one offset: ends from the inside out, then starts from the outside in.
    pub(super) order: (bool, usize),
    pub(super) text: String,
}

/// Finds places in post-order.
pub(super) struct Finder<'a> {
    text: &'a str,
    start: BytePos,
    /// Whether anything but functions counts.
    branches: bool,
    /// The number that the program counts is the index.
    pub(super) places: Vec<Place>,
    pub(super) woven: Vec<Woven>,
    /// First token of the member whose function is visited next.
    member: Option<Span>,
}

impl<'a> Finder<'a> {
    /// `start` is where the spans of the text begin to count.
    pub(super) fn new(text: &'a str, start: BytePos, branches: bool) -> Self {
        Self { text, start, branches, places: Vec::new(), woven: Vec::new(), member: None }
    }

    /// A new place and its number.
    fn place(&mut self, kind: ProbeKind, recorded: Span) -> usize {
        self.places.push(Place { kind, recorded: self.token(recorded) });
        self.places.len() - 1
    }

    /// Offset of the first token: the parser takes an HTML-like comment, and what follows it, for a part of what is
    /// behind it.
    fn token(&self, span: Span) -> usize {
        let mut rest = &self.text[(span.lo - self.start).0 as usize..];
        loop {
            rest = rest.trim_start();
            if ["<!--", "-->", "//"].iter().any(|comment| rest.starts_with(comment)) {
                rest = rest.find(['\n', '\r', '\u{2028}', '\u{2029}']).map_or("", |end| &rest[end..]);
            } else if let Some(comment) = rest.strip_prefix("/*") {
                rest = comment.split_once("*/").map_or("", |(_, behind)| behind);
            } else {
                return self.text.len() - rest.len();
            }
        }
    }

    fn end(&self, span: Span) -> usize {
        (span.hi - self.start).0 as usize
    }

    /// Before what begins there, and behind all that ends there.
    fn before(&mut self, at: usize, number: usize, text: String) {
        self.woven.push(Woven { at, order: (true, usize::MAX - number), text });
    }

    /// Behind what ends there.
    fn behind(&mut self, at: usize, number: usize, text: &str) {
        self.woven.push(Woven { at, order: (false, number), text: text.to_owned() });
    }

    /// A statement becomes a block that counts.
    fn body(&mut self, kind: ProbeKind, recorded: Span, body: &Stmt) {
        if !self.branches {
            return;
        }
        let number = self.place(kind, recorded);
        let at = self.token(body.span());
        self.before(at, number, format!("{{recount({number});"));
        self.behind(self.end(body.span()), number, "}");
    }

    fn arm(&mut self, arm: &Expr) {
        if !self.branches {
            return;
        }
        let number = self.place(ProbeKind::Branch, without_parentheses(arm).span());
        self.comma(number, arm.span());
    }

    fn comma(&mut self, number: usize, code: Span) {
        self.before(self.token(code), number, format!("(recount({number}), "));
        self.behind(self.end(code), number, ")");
    }

    /// Behind the directives, which may lack their `;`.
    fn function_body(&mut self, recorded: Span, body: &FunctionBody) {
        let number = self.place(ProbeKind::Function, recorded);
        let text = format!(";recount({number});");
        match body.stmts.get(directives(&body.stmts).len()) {
            Some(first) => self.before(self.token(first.span()), number, text),
            None => self.behind(self.end(body.span) - 1, number, &text),
        }
    }
}

impl Visit for Finder<'_> {
    fn visit_function(&mut self, n: &Function) {
        let recorded = self.member.take().unwrap_or(n.span);
        let Some(body) = &n.body else { return };
        if is_asm(body) {
            return;
        }
        n.visit_children_with(self);
        self.function_body(recorded, body);
    }

    fn visit_getter_prop(&mut self, n: &GetterProp) {
        n.key.visit_with(self);
        self.member = Some(n.span);
        n.function.visit_with(self);
    }

    fn visit_setter_prop(&mut self, n: &SetterProp) {
        n.key.visit_with(self);
        self.member = Some(n.span);
        n.function.visit_with(self);
    }

    fn visit_class_method(&mut self, n: &ClassMethod) {
        n.key.visit_with(self);
        self.member = Some(n.span);
        n.function.visit_with(self);
    }

    fn visit_private_method(&mut self, n: &PrivateMethod) {
        self.member = Some(n.span);
        n.function.visit_with(self);
    }

    fn visit_constructor(&mut self, n: &Constructor) {
        n.visit_children_with(self);
        if let Some(body) = &n.body {
            self.function_body(n.span, body);
        }
    }

    fn visit_arrow_expr(&mut self, n: &ArrowExpr) {
        n.visit_children_with(self);
        match &*n.body {
            ArrowFunctionBody::FunctionBody(body) => self.function_body(n.span, body),
            ArrowFunctionBody::Expr(value) => {
                let number = self.place(ProbeKind::Function, n.span);
                self.comma(number, value.span());
            }
        }
    }

    fn visit_if_stmt(&mut self, n: &IfStmt) {
        n.visit_children_with(self);
        self.body(ProbeKind::Branch, n.span, &n.cons);
        match n.alt.as_deref() {
            Some(Stmt::If(_)) => {}
            Some(Stmt::Block(block)) if matches!(block.stmts.as_slice(), [Stmt::If(_)]) => {}
            Some(alternative) => self.body(ProbeKind::BranchDefault, n.span, alternative),
            None if self.branches => {
                let number = self.place(ProbeKind::BranchDefault, n.span);
                self.behind(self.end(n.span), number, &format!(" else {{recount({number});}}"));
            }
            None => {}
        }
    }

    /// A `default` that was not written stands last, and nothing falls into it.
    fn visit_switch_stmt(&mut self, n: &SwitchStmt) {
        n.visit_children_with(self);
        if !self.branches {
            return;
        }
        for case in &n.cases {
            let kind = if case.test.is_some() { ProbeKind::Branch } else { ProbeKind::BranchDefault };
            let number = self.place(kind, case.span);
            match case.cons.first() {
                Some(first) => self.before(self.token(first.span()), number, format!("recount({number});")),
                None => self.behind(self.end(case.span), number, &format!(";recount({number});")),
            }
        }
        if n.cases.iter().all(|case| case.test.is_some()) {
            let number = self.place(ProbeKind::BranchDefault, n.span);
            let leave = if n.cases.is_empty() { "" } else { ";break;" };
            self.behind(self.end(n.span) - 1, number, &format!("{leave}default:recount({number});"));
        }
    }

    fn visit_for_stmt(&mut self, n: &ForStmt) {
        n.visit_children_with(self);
        self.body(ProbeKind::Branch, n.span, &n.body);
    }

    fn visit_for_in_stmt(&mut self, n: &ForInStmt) {
        n.visit_children_with(self);
        self.body(ProbeKind::Branch, n.span, &n.body);
    }

    fn visit_for_of_stmt(&mut self, n: &ForOfStmt) {
        n.visit_children_with(self);
        self.body(ProbeKind::Branch, n.span, &n.body);
    }

    fn visit_while_stmt(&mut self, n: &WhileStmt) {
        n.visit_children_with(self);
        self.body(ProbeKind::Branch, n.span, &n.body);
    }

    fn visit_do_while_stmt(&mut self, n: &DoWhileStmt) {
        n.visit_children_with(self);
        self.body(ProbeKind::Branch, n.span, &n.body);
    }

    fn visit_cond_expr(&mut self, n: &CondExpr) {
        n.visit_children_with(self);
        self.arm(&n.cons);
        self.arm(&n.alt);
    }

    fn visit_bin_expr(&mut self, n: &BinExpr) {
        n.visit_children_with(self);
        if matches!(n.op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing) {
            self.arm(&n.right);
        }
    }

    fn visit_assign_expr(&mut self, n: &AssignExpr) {
        n.visit_children_with(self);
        if !n.op.may_short_circuit() || !self.branches {
            return;
        }
        self.arm(&n.right);
        // A function that the assignment names would lose its own name behind a comma; a property names it, too.
        if let AssignTarget::Simple(SimpleAssignTarget::Ident(name)) = &n.left
            && matches!(without_parentheses(&n.right), Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_))
        {
            let number = self.places.len() - 1;
            if let [.., open, close] = self.woven.as_mut_slice() {
                open.text = format!("(recount({number}), {{{}: ", name.sym);
                close.text = format!("}}.{})", name.sym);
            }
        }
    }

    /// What stands in `with` is not probed: the object could have a property of the array's name.
    fn visit_with_stmt(&mut self, n: &WithStmt) {
        n.obj.visit_with(self);
    }
}

fn without_parentheses(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => without_parentheses(&paren.expr),
        other => other,
    }
}

/// Whether a body says `"use asm"`, so that nothing in it is probed.
fn is_asm(body: &FunctionBody) -> bool {
    body.stmts.iter().map_while(directive).any(|text| text == "use asm")
}

fn directive(statement: &Stmt) -> Option<&str> {
    match statement {
        Stmt::Expr(text) => match &*text.expr {
            Expr::Lit(Lit::Str(text)) => text.value.as_str(),
            _ => None,
        },
        _ => None,
    }
}
