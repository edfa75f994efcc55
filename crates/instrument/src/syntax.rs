//! What the shape of a program says, by the grammar and by TypeScript's.

use std::ops::Range;

use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::{
    AssignTarget, BinExpr, BinaryOp, Constructor, Decl, Expr, ExprStmt, FunctionBody, Lit, ModuleDecl, ModuleItem,
    ParenExpr, Pat, Program, PropName, SimpleAssignTarget, Stmt, Str, TsNamespaceBody, UnaryExpr, UnaryOp,
};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::utils::number::ToJsString;

use crate::parse::{range_of, skip_trivia};

/// A statement, in a script as in a module.
pub(crate) trait Item {
    /// A string literal, not in parentheses.
    fn is_string(&self) -> bool;
    /// Whether nothing of it stands before what follows once types are gone.
    fn is_type(&self) -> bool;
}

impl Item for Stmt {
    fn is_string(&self) -> bool {
        matches!(self, Self::Expr(ExprStmt { expr, .. }) if matches!(**expr, Expr::Lit(Lit::Str(_))))
    }

    fn is_type(&self) -> bool {
        matches!(self, Self::Decl(declaration) if is_type(declaration))
    }
}

impl Item for ModuleItem {
    fn is_string(&self) -> bool {
        matches!(self, Self::Stmt(statement) if statement.is_string())
    }

    fn is_type(&self) -> bool {
        match self {
            Self::Stmt(statement) => statement.is_type(),
            Self::ModuleDecl(ModuleDecl::ExportDecl(export)) => is_type(&export.decl),
            Self::ModuleDecl(ModuleDecl::ExportNamed(export)) => export.type_only,
            Self::ModuleDecl(ModuleDecl::ExportAll(export)) => export.type_only,
            // Those of types alone are gone, and all others run before everything else.
            Self::ModuleDecl(ModuleDecl::Import(_)) => true,
            Self::ModuleDecl(ModuleDecl::TsImportEquals(import)) => import.is_type_only,
            Self::ModuleDecl(_) => false,
        }
    }
}

/// Where the statements of the top level begin.
pub(crate) fn item_starts(program: &Program) -> Box<dyn Iterator<Item = BytePos> + '_> {
    match program {
        Program::Module(module) => Box::new(module.body.iter().map(Spanned::span_lo)),
        Program::Script(script) => Box::new(script.body.iter().map(Spanned::span_lo)),
    }
}

fn is_type(declaration: &Decl) -> bool {
    match declaration {
        Decl::TsInterface(_) | Decl::TsTypeAlias(_) => true,
        Decl::TsModule(module) if module.body.as_ref().is_none_or(is_body_of_types) => true,
        other => is_declared(other),
    }
}

/// Whether it only says that something is elsewhere.
fn is_declared(declaration: &Decl) -> bool {
    match declaration {
        Decl::Class(class) => class.declare,
        Decl::Fn(function) => function.declare || function.function.body.is_none(),
        Decl::Var(variables) => variables.declare,
        Decl::TsEnum(declaration) => declaration.declare,
        Decl::TsModule(module) => module.declare,
        Decl::Using(_) | Decl::TsInterface(_) | Decl::TsTypeAlias(_) => false,
    }
}

fn is_body_of_types(body: &TsNamespaceBody) -> bool {
    match body {
        TsNamespaceBody::TsModuleBlock(block) => block.body.iter().all(Item::is_type),
        TsNamespaceBody::TsNamespaceDecl(inner) => is_body_of_types(&inner.body),
    }
}

/// Number of items at the head of a body up to its last directive (ECMAScript 11.2.1). Types may stand before one.
pub(crate) fn directives<T: Item>(items: &[T]) -> usize {
    let head = items.iter().take_while(|item| item.is_string() || item.is_type()).count();
    items[..head].iter().rposition(Item::is_string).map_or(0, |last| last + 1)
}

/// Whether a body's own directives make it strict (ECMAScript 11.2.2).
pub(crate) fn is_strict(statements: &[Stmt], text: &str) -> bool {
    let spelled = ["\"use strict\"", "'use strict'"];
    has_directive(statements, |literal| text.get(range_of(literal.span)).is_some_and(|raw| spelled.contains(&raw)))
}

pub(crate) fn is_asm(body: &FunctionBody) -> bool {
    has_directive(&body.stmts, |literal| literal.value == *"use asm")
}

fn has_directive(statements: &[Stmt], is_wanted: impl Fn(&Str) -> bool) -> bool {
    statements[..directives(statements)].iter().any(|statement| match statement {
        Stmt::Expr(ExprStmt { expr, .. }) => matches!(&**expr, Expr::Lit(Lit::Str(literal)) if is_wanted(literal)),
        _ => false,
    })
}

/// The declaration that `body` is though the grammar has a statement there (ECMAScript 14.6.1, 14.7.1.1, 14.11.1,
/// 14.13.1): in the block that a probe needs it would be allowed. Types, which nothing is made of, may stand there.
/// `may_be_function`: as Annex B.3.1 and B.3.3 allow.
pub(crate) fn misplaced_declaration(body: &Stmt, may_be_function: bool, text: &str) -> Option<Span> {
    match body {
        Stmt::Decl(declaration) if is_declared(declaration) => None,
        Stmt::Decl(Decl::Class(class)) => Some(class.class.span),
        Stmt::Decl(Decl::Fn(declaration)) => {
            let function = &declaration.function;
            let is_plain = !function.is_async && !function.is_generator;
            (!is_plain || !may_be_function).then_some(function.span)
        }
        Stmt::Decl(Decl::TsEnum(declaration)) => Some(declaration.span),
        Stmt::Decl(Decl::TsModule(declaration)) => Some(declaration.span),
        Stmt::Labeled(labeled) => misplaced_declaration(&labeled.body, may_be_function, text),
        // `let [a] = b` would assign to a member of `let`.
        Stmt::Expr(statement) => {
            let range = range_of(statement.span);
            let is_let = text.get(range.clone()).is_some_and(|code| code.starts_with("let"));
            let next = is_let.then(|| skip_trivia(text, range.start as u32 + 3) as usize)?;
            text[next..].starts_with('[').then_some(statement.span)
        }
        _ => None,
    }
}

/// The operand that has to stand in parentheses: `??` does not mix with `||` and `&&` (ECMAScript 13.13).
pub(crate) fn mixed_operand(n: &BinExpr) -> Option<Span> {
    let is_coalescing = |op| op == BinaryOp::NullishCoalescing;
    [&n.left, &n.right].into_iter().find_map(|operand| match &**operand {
        Expr::Bin(inner) if inner.op.may_short_circuit() && is_coalescing(inner.op) != is_coalescing(n.op) => {
            Some(inner.span)
        }
        _ => None,
    })
}

/// What a type stands at in `1 as T = a`, and is neither a variable nor a member: TypeScript's parser takes it.
pub(crate) fn unassignable(target: &AssignTarget) -> Option<Span> {
    let AssignTarget::Simple(target) = target else { return None };
    let mut inner: &Expr = match target {
        SimpleAssignTarget::TsAs(typed) => &typed.expr,
        SimpleAssignTarget::TsSatisfies(typed) => &typed.expr,
        SimpleAssignTarget::TsNonNull(typed) => &typed.expr,
        SimpleAssignTarget::TsTypeAssertion(typed) => &typed.expr,
        SimpleAssignTarget::TsInstantiation(typed) => &typed.expr,
        _ => return None,
    };
    while let Some(cast) = cast(inner) {
        inner = cast;
    }
    match inner {
        Expr::Ident(_) | Expr::Member(_) | Expr::SuperProp(_) | Expr::OptChain(_) | Expr::Paren(_) => None,
        other => Some(other.span()),
    }
}

/// Whether a parameter only gives `this` a type.
pub(crate) fn is_this(param: &Pat) -> bool {
    matches!(param, Pat::Ident(name) if name.sym == *"this")
}

/// Whether `static` stands before a method that the parser takes for a constructor.
pub(crate) fn is_static(constructor: &Constructor, text: &str) -> bool {
    let Range { start, end: key } = range_of(constructor.span.until(constructor.key.span()));
    let mut at = start;
    while at < key {
        let word = text[at..key].find(|c: char| !c.is_ascii_lowercase()).map_or(key, |length| at + length);
        if word == at || &text[at..word] == "static" {
            return word != at;
        }
        at = skip_trivia(text, word as u32) as usize;
    }
    false
}

/// Whether an `else` has no probe of its own: its `if` has both.
pub(crate) fn is_else_if(alt: &Stmt) -> bool {
    match alt {
        Stmt::If(_) => true,
        Stmt::Block(block) => matches!(block.stmts.as_slice(), [Stmt::If(_)]),
        _ => false,
    }
}

/// `typeof x`, in parentheses or not.
pub(crate) fn is_typeof(expr: &Expr) -> bool {
    matches!(bare(expr), Expr::Unary(UnaryExpr { op: UnaryOp::TypeOf, .. }))
}

/// Without parentheses, which belong to no expression.
pub(crate) fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => bare(&paren.expr),
        other => other,
    }
}

/// What is evaluated first of the operands of logical operators, behind any `!`: `a` in `!(a && b) || c`. The
/// expression itself if it is no such operator.
pub(crate) fn first_operand(expr: &mut Expr) -> &mut Expr {
    let mut first = expr;
    while leads_to_logical(first) {
        while !matches!(first, Expr::Bin(_)) {
            first = match first {
                Expr::Paren(ParenExpr { expr, .. }) | Expr::Unary(UnaryExpr { arg: expr, .. }) => expr,
                other => return other,
            };
        }
        first = match first {
            Expr::Bin(operation) => &mut operation.left,
            other => return other,
        };
    }
    first
}

/// Whether there is nothing but `!` and parentheses around a logical operator.
fn leads_to_logical(expr: &Expr) -> bool {
    let mut inner = expr;
    loop {
        inner = match inner {
            Expr::Paren(paren) => &paren.expr,
            Expr::Unary(UnaryExpr { op: UnaryOp::Bang, arg, .. }) => arg,
            Expr::Bin(operation) => return operation.op.may_short_circuit(),
            _ => return false,
        };
    }
}

/// Without parentheses and TypeScript's casts, which are gone when the program runs.
pub(crate) fn uncast(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => uncast(&inner.expr),
        Expr::TsConstAssertion(of_constant) => uncast(&of_constant.expr),
        other => cast(other).map_or(other, uncast),
    }
}

/// What a cast is of that may stand at an assignment's left side.
fn cast(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::TsAs(cast) => Some(&cast.expr),
        Expr::TsSatisfies(cast) => Some(&cast.expr),
        Expr::TsTypeAssertion(cast) => Some(&cast.expr),
        Expr::TsNonNull(cast) => Some(&cast.expr),
        Expr::TsInstantiation(cast) => Some(&cast.expr),
        _ => None,
    }
}

/// ECMAScript 8.4.3 IsAnonymousFunctionDefinition.
pub(crate) fn is_anonymous_function(expr: &Expr) -> bool {
    match uncast(expr) {
        Expr::Arrow(_) => true,
        Expr::Fn(function) => function.ident.is_none(),
        Expr::Class(class) => class.ident.is_none(),
        _ => false,
    }
}

/// The name that an assignment gives to an anonymous function: that of a plain, bare identifier, which is also what
/// TypeScript makes of `(a as T)`.
pub(crate) fn named_by(target: &AssignTarget) -> Option<&Atom> {
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

/// The name of a member with this key, as the engine has it, if the text tells; `None` also for lone surrogates.
pub(crate) fn known_name(key: &PropName) -> Option<Atom> {
    match key {
        PropName::Ident(name) => Some(name.sym.clone()),
        PropName::Str(name) => name.value.as_atom().cloned(),
        PropName::Num(number) => Some(number.value.to_js_string().into()),
        PropName::BigInt(number) => Some(number.value.to_string().into()),
        PropName::Computed(computed) => known_key(&computed.expr),
    }
}

/// The same of a key in brackets.
pub(crate) fn known_key(key: &Expr) -> Option<Atom> {
    match uncast(key) {
        Expr::Lit(Lit::Str(name)) => name.value.as_atom().cloned(),
        Expr::Lit(Lit::Num(number)) => Some(number.value.to_js_string().into()),
        Expr::Lit(Lit::BigInt(number)) => Some(number.value.to_string().into()),
        Expr::Tpl(name) if name.exprs.is_empty() => name.quasis.first()?.cooked.as_ref()?.as_atom().cloned(),
        Expr::Unary(UnaryExpr { op: UnaryOp::Minus, arg, .. }) => match uncast(arg) {
            Expr::Lit(Lit::Num(number)) => Some((-number.value).to_js_string().into()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether it is worth knowing where a value will be found.
pub(crate) fn may_hold_function(expr: &Expr) -> bool {
    matches!(
        uncast(expr),
        Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) | Expr::Object(_) | Expr::Cond(_) | Expr::Bin(_) | Expr::Seq(_)
    )
}
