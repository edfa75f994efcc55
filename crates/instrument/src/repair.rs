//! What swc's printer would print wrong, spelled so that it prints it right.
//!
//! Each of these is a program that parses, prints to another one, and has a fixture. They are rare, so the pass
//! tells whether a file holds one, and only then the tree is walked once more, directly before printing.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    CallExpr, Callee, Class, ClassMember, ClassMethod, Decorator, EmptyStmt, Expr, ForHead, ForOfStmt, IdentName, Lit,
    MemberExpr, MemberProp, ModuleItem, NewExpr, Number, OptCall, ParenExpr, Pat, PrivateMethod, Program, PropName,
    Stmt, VarDeclarator,
};
use swc_core::ecma::utils::StmtLike;
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

/// Repairs every such place of `program`.
pub(crate) fn repair(program: &mut Program) {
    program.visit_mut_with(&mut Repair);
}

/// Whether a class needs it: see [`Repair::visit_mut_class`].
pub(crate) fn is_odd_class(class: &Class) -> bool {
    class.body.iter().any(|member| match member {
        ClassMember::TsIndexSignature(_) => true,
        ClassMember::PrivateMethod(method) => !method.function.decorators.is_empty(),
        _ => false,
    })
}

/// Whether a `for-of` needs it: `for (\u0061sync of …)` is valid, `for (async of …)` is not.
pub(crate) fn is_odd_for_of(n: &ForOfStmt) -> bool {
    let is_async = |pattern: &Pat| matches!(pattern, Pat::Ident(name) if name.id.sym == *"async");
    !n.is_await && matches!(&n.left, ForHead::Pat(pattern) if is_async(pattern))
}

/// Whether a decorator needs it: only a dotted name or a call of one may stand without parentheses, and the
/// parser drops them.
pub(crate) fn is_odd_decorator(n: &Decorator) -> bool {
    !match &*n.expr {
        Expr::Paren(_) => true,
        Expr::Call(call) => matches!(&call.callee, Callee::Expr(callee) if is_dotted_name(callee)),
        expr => is_dotted_name(expr),
    }
}

fn is_dotted_name(expr: &Expr) -> bool {
    match expr {
        Expr::Ident(_) => true,
        Expr::Member(MemberExpr { obj, prop: MemberProp::Ident(_) | MemberProp::PrivateName(_), .. }) => {
            is_dotted_name(obj)
        }
        _ => false,
    }
}

/// Whether a member access needs it: `1 .a` is valid, but `1.a` is the number `1.` and a stray name.
pub(crate) fn is_odd_member(n: &MemberExpr) -> bool {
    match (&*n.obj, &n.prop) {
        (Expr::Lit(Lit::Num(Number { raw: Some(raw), .. })), MemberProp::Ident(_) | MemberProp::PrivateName(_)) => {
            raw.bytes().all(|digit| digit.is_ascii_digit() || digit == b'_')
        }
        _ => false,
    }
}

/// Whether an optional call needs it: the printer takes `new C()?.(a)` for impossible.
pub(crate) fn is_odd_call(n: &OptCall) -> bool {
    n.callee.is_new()
}

/// Whether it would take the arguments of a call around it for its own: `new C` in `(new C)(a)`. The parser keeps
/// those parentheses, what strips types does not.
fn takes_arguments(callee: &Expr) -> bool {
    matches!(callee, Expr::New(NewExpr { args: None, .. }))
}

fn parenthesise(expr: &mut Expr) {
    let inner = Box::new(std::mem::replace(expr, Expr::Invalid(Default::default())));
    *expr = Expr::Paren(ParenExpr { span: DUMMY_SP, expr: inner });
}

/// Whether a list of statements needs it: see [`end_do_while`].
pub(crate) fn is_odd_list<T: StmtLike>(list: &[T]) -> bool {
    list.windows(2).any(|pair| matches!(pair, [before, after] if is_odd_pair(before, after)))
}

fn is_odd_pair<T: StmtLike>(before: &T, after: &T) -> bool {
    matches!(after.as_stmt(), Some(Stmt::Empty(_))) && before.as_stmt().is_some_and(ends_with_do_while)
}

fn ends_with_do_while(statement: &Stmt) -> bool {
    match statement {
        Stmt::DoWhile(_) => true,
        Stmt::If(n) => ends_with_do_while(n.alt.as_ref().unwrap_or(&n.cons)),
        Stmt::For(n) => ends_with_do_while(&n.body),
        Stmt::ForIn(n) => ends_with_do_while(&n.body),
        Stmt::ForOf(n) => ends_with_do_while(&n.body),
        Stmt::While(n) => ends_with_do_while(&n.body),
        Stmt::With(n) => ends_with_do_while(&n.body),
        Stmt::Labeled(n) => ends_with_do_while(&n.body),
        _ => false,
    }
}

/// The printer ends `do a(); while (b)` without `;`, so that an empty statement behind it would become its end:
/// another one becomes it instead.
fn end_do_while<T: StmtLike>(list: &mut Vec<T>) {
    if !is_odd_list(list) {
        return;
    }
    for item in std::mem::take(list) {
        if list.last().is_some_and(|before| is_odd_pair(before, &item)) {
            list.push(T::from(Stmt::Empty(EmptyStmt { span: DUMMY_SP })));
        }
        list.push(item);
    }
}

struct Repair;

impl VisitMut for Repair {
    fn visit_mut_stmts(&mut self, n: &mut Vec<Stmt>) {
        n.visit_mut_children_with(self);
        end_do_while(n);
    }

    fn visit_mut_module_items(&mut self, n: &mut Vec<ModuleItem>) {
        n.visit_mut_children_with(self);
        end_do_while(n);
    }

    /// The printer drops the escape, so the name gets parentheses, which say the same.
    fn visit_mut_for_of_stmt(&mut self, n: &mut ForOfStmt) {
        n.visit_mut_children_with(self);
        if is_odd_for_of(n)
            && let ForHead::Pat(pattern) = &mut n.left
            && let Pat::Ident(name) = &**pattern
        {
            let expr = Box::new(Expr::Ident(name.id.clone()));
            **pattern = Pat::Expr(Box::new(Expr::Paren(ParenExpr { span: DUMMY_SP, expr })));
        }
    }

    fn visit_mut_decorator(&mut self, n: &mut Decorator) {
        n.visit_mut_children_with(self);
        if is_odd_decorator(n) {
            // The parser drops those of `@(a || b)(c)` too.
            if let Expr::Call(CallExpr { callee: Callee::Expr(callee), .. }) = &mut *n.expr
                && !matches!(**callee, Expr::Paren(_) | Expr::Call(_) | Expr::Member(_))
            {
                parenthesise(callee);
            }
            parenthesise(&mut n.expr);
        }
    }

    fn visit_mut_opt_call(&mut self, n: &mut OptCall) {
        n.visit_mut_children_with(self);
        if is_odd_call(n) {
            parenthesise(&mut n.callee);
        }
    }

    fn visit_mut_call_expr(&mut self, n: &mut CallExpr) {
        n.visit_mut_children_with(self);
        if let Callee::Expr(callee) = &mut n.callee
            && takes_arguments(callee)
        {
            parenthesise(callee);
        }
    }

    fn visit_mut_new_expr(&mut self, n: &mut NewExpr) {
        n.visit_mut_children_with(self);
        if takes_arguments(&n.callee) {
            parenthesise(&mut n.callee);
        }
    }

    /// The printer writes `1..a`, but a comment in the source comes behind the number: `1 /* c */ ..a`. And it takes
    /// every number that begins with 0 and a digit for an octal one, which no `.` can be part of: `089.a`.
    fn visit_mut_member_expr(&mut self, n: &mut MemberExpr) {
        n.visit_mut_children_with(self);
        if is_odd_member(n)
            && let Expr::Lit(Lit::Num(Number { raw: Some(raw), .. })) = &mut *n.obj
        {
            *raw = format!("{raw} ").into();
        }
    }

    /// The printer writes no decorators of a private method, so it becomes a method whose name begins with `#`.
    /// It ends an index signature without `;`, so that a member that begins with `[` would belong to its type.
    fn visit_mut_class(&mut self, n: &mut Class) {
        n.visit_mut_children_with(self);
        if !is_odd_class(n) {
            return;
        }
        let members = std::mem::take(&mut n.body);
        for member in members {
            let is_index_signature = matches!(member, ClassMember::TsIndexSignature(_));
            n.body.push(match member {
                ClassMember::PrivateMethod(method) => ClassMember::Method(with_spelled_name(method)),
                other => other,
            });
            if is_index_signature {
                n.body.push(ClassMember::Empty(EmptyStmt { span: DUMMY_SP }));
            }
        }
    }

    /// The printer forgets the `!` of `let x!: T`.
    fn visit_mut_var_declarator(&mut self, n: &mut VarDeclarator) {
        n.visit_mut_children_with(self);
        if let (true, Pat::Ident(name)) = (n.definite, &mut n.name) {
            name.id.sym = format!("{}!", name.id.sym).into();
        }
    }
}

fn with_spelled_name(method: PrivateMethod) -> ClassMethod {
    ClassMethod {
        span: method.span,
        key: PropName::Ident(IdentName::new(format!("#{}", method.key.name).into(), method.key.span)),
        function: method.function,
        kind: method.kind,
        is_static: method.is_static,
        accessibility: method.accessibility,
        is_abstract: method.is_abstract,
        is_optional: method.is_optional,
        is_override: method.is_override,
    }
}
