//! The verbs that touch the tree. No other module builds a probe.

use swc_core::common::comments::{Comment, CommentKind, Comments};
use swc_core::common::{BytePos, DUMMY_SP, Span, Spanned, SyntaxContext};
use swc_core::ecma::ast::{
    BinExpr, BinaryOp, BindingIdent, BlockStmt, BreakStmt, ComputedPropName, DebuggerStmt, Decl, Expr, ExprStmt, Ident,
    IdentName, Invalid, KeyValueProp, Lit, MemberExpr, MemberProp, Number, ObjectLit, ParenExpr, Pat, Prop, PropName,
    PropOrSpread, Stmt, Str, SwitchCase, ThrowStmt, TsAsExpr, TsKeywordType, TsKeywordTypeKind, TsType, VarDecl,
    VarDeclKind, VarDeclarator,
};
use swc_core::ecma::atoms::Atom;

use crate::comments::CommentStore;

/// In the tree a probe is a node at a position from here on, beyond every text: a `debugger` statement, or the
/// parentheses around an expression. The printer spells them `array.push(id);` and `(array.push(id), …)`. As the
/// six boxed nodes that they stand for, probes would cost more than all else that is done for them.
///
/// Where neither fits (a declaration's value, and after swc's transforms) an identifier at such a position is one.
const PROBES: u32 = 1 << 30;

/// Above the last probe's position; swc's own reserved positions follow.
const RESERVED: u32 = u32::MAX - (1 << 16) - 2;

/// Last position of a made block: the printer ends the line behind it, which swc's does not.
pub(crate) const LAST_OF_LINE: BytePos = BytePos(RESERVED);

/// Number of the probe that stands at `pos`, from 0 in its file.
pub(crate) fn probe_at(pos: BytePos) -> Option<u32> {
    (PROBES..RESERVED).contains(&pos.0).then(|| pos.0 - PROBES)
}

/// The probe that `statements` begin with, behind directives.
pub(crate) fn first_probe(statements: &[Stmt]) -> Option<u32> {
    match statements.first()? {
        Stmt::Debugger(probe) => probe_at(probe.span.lo),
        Stmt::Block(block) if block.span.hi == ends_line(BytePos::DUMMY).hi => match block.stmts.as_slice() {
            [Stmt::Decl(Decl::Var(kept))] => probe_at(kept.decls.first()?.init.as_deref()?.span_lo()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a statement of a list was made.
pub(crate) fn is_planted(statement: &Stmt) -> bool {
    let start = statement.span_lo();
    start == BytePos::DUMMY || probe_at(start).is_some()
}

/// The span of a probe's node.
fn span_of(probe: u32) -> Span {
    Span { lo: BytePos(PROBES + probe), hi: BytePos::DUMMY }
}

/// The probe as an identifier.
pub(crate) fn probe_node(probe: u32) -> Box<Expr> {
    Box::new(Expr::Ident(Ident::new_no_ctxt(Atom::default(), span_of(probe))))
}

/// How a probe stands among statements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Completion {
    /// `probe;` Its value is the statement's, which nobody can see inside a function or a module.
    Unseen,
    /// `{ let _ = probe; }` Has no value, so that the value of a script stays what it was (ECMAScript 14.2.2).
    Empty,
}

/// `probe;`, first among `statements` from `at` on.
pub(crate) fn plant_first(statements: &mut Vec<Stmt>, at: usize, probe: u32, completion: Completion) {
    statements.insert(at.min(statements.len()), probe_statement(probe, completion));
}

fn probe_statement(probe: u32, completion: Completion) -> Stmt {
    match completion {
        Completion::Unseen => Stmt::Debugger(DebuggerStmt { span: span_of(probe) }),
        Completion::Empty => statement(probe_node(probe), completion),
    }
}

/// What a script's block binds to a value that must not become the script's own.
pub(crate) const KEPT: &str = "_";

/// The statement that evaluates `expr`.
pub(crate) fn statement(expr: Box<Expr>, completion: Completion) -> Stmt {
    match completion {
        Completion::Unseen => Stmt::Expr(ExprStmt { span: DUMMY_SP, expr }),
        Completion::Empty => {
            let unused = BindingIdent { id: Ident::new_no_ctxt(KEPT.into(), DUMMY_SP), type_ann: None };
            let declaration = VarDecl {
                kind: VarDeclKind::Let,
                decls: vec![VarDeclarator {
                    span: DUMMY_SP,
                    name: Pat::Ident(unused),
                    init: Some(expr),
                    definite: false,
                }],
                ..VarDecl::default()
            };
            Stmt::Block(BlockStmt {
                span: ends_line(BytePos::DUMMY),
                stmts: vec![Stmt::Decl(Decl::Var(Box::new(declaration)))],
                ..BlockStmt::default()
            })
        }
    }
}

/// Span of a made block that begins at `lo`.
pub(crate) fn ends_line(lo: BytePos) -> Span {
    Span { lo, hi: LAST_OF_LINE + BytePos(1) }
}

/// A made block.
pub(crate) fn block(stmts: Vec<Stmt>) -> Stmt {
    Stmt::Block(BlockStmt { span: DUMMY_SP, ctxt: SyntaxContext::empty(), stmts })
}

/// The statements of `body`, which becomes a block if it is none.
pub(crate) fn statements_of(body: &mut Stmt) -> &mut Vec<Stmt> {
    if !matches!(body, Stmt::Block(_)) {
        let only = std::mem::replace(body, block(Vec::new()));
        if let (Stmt::Block(made), false) = (&mut *body, matches!(only, Stmt::Empty(_))) {
            made.stmts.push(only);
        }
    }
    match body {
        Stmt::Block(block) => &mut block.stmts,
        _ => unreachable!("a block was made above"),
    }
}

/// `(probe, expr)`. Parentheses of `expr` are used for it unless a comment stands at them.
pub(crate) fn plant_comma(expr: &mut Expr, probe: u32, comments: &CommentStore) {
    match expr {
        Expr::Paren(paren) if !comments.stands_at(paren.span) => {
            while let Expr::Paren(inner) = &mut *paren.expr
                && !comments.stands_at(inner.span)
            {
                *paren.expr = take(&mut inner.expr);
            }
            paren.span = span_of(probe);
        }
        _ => wrap(expr, probe),
    }
}

fn wrap(expr: &mut Expr, probe: u32) {
    let inner = Box::new(take(expr));
    *expr = Expr::Paren(ParenExpr { span: span_of(probe), expr: inner });
}

/// `(probe, { name: value }.name)`: a comma alone would take from an anonymous function or class the name that
/// the assignment gives it (ECMAScript 13.15.2, NamedEvaluation); a property definition gives the same name.
///
/// Only `__proto__` needs a computed key, since `__proto__: value` defines no property. Everywhere else a plain
/// one is better: V8 names a class behind a computed key late, over its own static `name`.
pub(crate) fn plant_comma_named(value: &mut Expr, name: &Atom, probe: u32) {
    let ident = || IdentName::new(name.clone(), DUMMY_SP);
    let key = if *name == *"__proto__" {
        let text = Str { span: DUMMY_SP, value: name.clone().into(), raw: None };
        PropName::Computed(ComputedPropName { span: DUMMY_SP, expr: Box::new(Expr::Lit(Lit::Str(text))) })
    } else {
        PropName::Ident(ident())
    };
    let property = Prop::KeyValue(KeyValueProp { key, value: Box::new(take(value)) });
    let object = ObjectLit { span: DUMMY_SP, props: vec![PropOrSpread::Prop(Box::new(property))] };
    let obj = Box::new(Expr::Object(object));
    *value = Expr::Member(MemberExpr { span: DUMMY_SP, obj, prop: MemberProp::Ident(ident()) });
    wrap(value, probe);
}

/// A `default` that holds only the probe, last in its `switch`. A last case that can complete gets a `break`
/// first: falling out of it is not "no case matched".
pub(crate) fn plant_default(cases: &mut Vec<SwitchCase>, probe: u32, completion: Completion) {
    end_last(cases);
    cases.push(SwitchCase { span: DUMMY_SP, test: None, cons: vec![probe_statement(probe, completion)] });
}

/// `case (probe, 0 / 0 as never): throw 0;`, last in a `switch` without `default` whose types will be checked. With a
/// `default` TypeScript would no longer see that the cases are exhaustive, and believe in a way behind the `switch`
/// that there is not (TS2366, TS2454). The test of a last case runs when no other has matched, and nothing equals
/// NaN; to TypeScript a case of type `never` adds nothing to the others, and one that throws leads nowhere.
pub(crate) fn plant_last_test(cases: &mut Vec<SwitchCase>, probe: u32) {
    end_last(cases);
    let zero = || Box::new(Expr::Lit(Lit::Num(Number { span: DUMMY_SP, value: 0.0, raw: None })));
    let nan = BinExpr { span: DUMMY_SP, op: BinaryOp::Div, left: zero(), right: zero() };
    let never = TsKeywordType { span: DUMMY_SP, kind: TsKeywordTypeKind::TsNeverKeyword };
    let type_ann = Box::new(TsType::TsKeywordType(never));
    let mut test = Box::new(Expr::TsAs(TsAsExpr { span: DUMMY_SP, expr: Box::new(Expr::Bin(nan)), type_ann }));
    wrap(&mut test, probe);
    let throw = Stmt::Throw(ThrowStmt { span: DUMMY_SP, arg: zero() });
    cases.push(SwitchCase { span: DUMMY_SP, test: Some(test), cons: vec![throw] });
}

/// The probe of a case that [`plant_last_test`] made.
pub(crate) fn last_test_probe(case: &SwitchCase) -> Option<u32> {
    let test = case.test.as_deref().filter(|_| case.span.is_dummy())?;
    probe_at(test.span_lo())
}

/// `break` behind a last case that can complete.
fn end_last(cases: &mut [SwitchCase]) {
    if let Some(last) = cases.last_mut()
        && !last.cons.iter().any(leaves)
    {
        last.cons.push(Stmt::Break(BreakStmt { span: DUMMY_SP, label: None }));
    }
}

/// Whether a statement surely ends elsewhere than behind itself. A `break` behind it would be unreachable, which
/// TypeScript may be asked to report (TS7027).
fn leaves(statement: &Stmt) -> bool {
    match statement {
        Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_) | Stmt::Throw(_) => true,
        Stmt::Block(block) => block.stmts.iter().any(leaves),
        Stmt::If(choice) => leaves(&choice.cons) && choice.alt.as_deref().is_some_and(leaves),
        Stmt::Try(attempt) => {
            let all_leave = |block: &BlockStmt| block.stmts.iter().any(leaves);
            attempt.finalizer.as_ref().is_some_and(all_leave)
                || all_leave(&attempt.block) && attempt.handler.as_ref().is_none_or(|caught| all_leave(&caught.body))
        }
        _ => false,
    }
}

/// `// @ts-ignore` before a case that was empty: under `noFallthroughCasesInSwitch` TypeScript lets only such cases
/// fall through (TS7029), and nothing else says that this one may. One that a person wrote does as much, and as an
/// `@ts-expect-error` would be unused beside another.
pub(crate) fn allow_fall_through(case: Span, comments: &CommentStore) {
    let leading = comments.get_leading(case.lo).unwrap_or_default();
    if !leading.iter().any(|comment| comment.text.contains("@ts-")) {
        let comment = Comment { kind: CommentKind::Line, span: DUMMY_SP, text: " @ts-ignore".into() };
        comments.add_leading(case.lo, comment);
    }
}

fn take(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, Expr::Invalid(Invalid { span: DUMMY_SP }))
}
