//! The global array: the statement that makes sure of it, and who else uses its name.

use swc_core::common::comments::{Comment, CommentKind, Comments};
use swc_core::common::{BytePos, DUMMY_SP, Span, Spanned};
use swc_core::ecma::ast::{
    ArrayLit, AssignExpr, AssignOp, AssignTarget, BinExpr, BinaryOp, Decl, Expr, Ident, IdentName, MemberExpr,
    MemberProp, ModuleItem, ParenExpr, Pat, Program, SimpleAssignTarget, Stmt, Str, UnaryExpr, UnaryOp,
};
use swc_core::ecma::ast::{CondExpr, Lit, ModuleDecl};
use swc_core::ecma::atoms::Atom;

use crate::comments::CommentStore;
use crate::completion::{Value, value_of};
use crate::earlier::is_probe_text;
use crate::error::{ErrorKind, InstrumentError, Instrumenter};
use crate::hint;
use crate::parse::{Language, SourceType, parse, range_of};
use crate::pass::{GlobalNames, NameUse};
use crate::plant::{Completion, KEPT, ends_line, statement};
use crate::syntax::directives;

/// Refuses a file that means something else by the array's name, or has probes already.
pub(crate) fn check_uses(uses: &[NameUse], array: &str, may_use: bool, text: &str) -> Result<(), InstrumentError> {
    let error = |kind, span| Err(InstrumentError::new(kind, Some(range_of(span))));
    // `ist_arr.push("mine")` of a function's own `ist_arr` is no probe.
    let is_own = uses.iter().any(|found| found.binds && found.is_local);
    if let Some(found) = uses.iter().find(|found| !is_own && is_probe_text(&text[range_of(found.span).end..])) {
        return error(ErrorKind::AlreadyInstrumented { by: Instrumenter::Pathlight(array.into()) }, found.span);
    }
    match uses.iter().find(|found| found.binds).or(uses.first()) {
        Some(found) if found.binds => error(ErrorKind::BindsArray { array: array.into() }, found.span),
        Some(found) if !may_use => error(ErrorKind::UsesArray { array: array.into() }, found.span),
        _ => Ok(()),
    }
}

/// Puts `globalThis.array || (globalThis.array = [])` before the first statement that is no directive: it makes
/// the array if it is missing and never resets it. No `eval`, no global `var` that a module would not have.
pub(crate) fn declare(
    program: &mut Program,
    array: &Atom,
    names: &GlobalNames,
    is_script: bool,
    comments: &CommentStore,
    text: &str,
) -> Result<(), InstrumentError> {
    let global = global_object(names).ok_or_else(|| InstrumentError::new(ErrorKind::NoGlobalObject, None))?;
    let member = || MemberExpr {
        span: DUMMY_SP,
        obj: global.clone(),
        prop: MemberProp::Ident(IdentName::new(array.clone(), DUMMY_SP)),
    };
    let assign = AssignExpr {
        span: DUMMY_SP,
        op: AssignOp::Assign,
        left: AssignTarget::Simple(SimpleAssignTarget::Member(member())),
        right: Box::new(Expr::Array(ArrayLit { span: DUMMY_SP, elems: Vec::new() })),
    };
    let make = Expr::Paren(ParenExpr { span: DUMMY_SP, expr: Box::new(Expr::Assign(assign)) });
    let ensure = Box::new(Expr::Bin(BinExpr {
        span: DUMMY_SP,
        op: BinaryOp::LogicalOr,
        left: Box::new(Expr::Member(member())),
        right: Box::new(make),
    }));
    match program {
        Program::Module(module) => {
            let at = directives(&module.body);
            let mut first = statement(ensure, Completion::Unseen);
            if let Some(next) = module.body.get(at) {
                let at = next.span_lo();
                keep_file_comments(&mut first, at, comments, text);
            }
            module.body.insert(at, ModuleItem::Stmt(first));
        }
        Program::Script(script) => {
            let at = directives(&script.body);
            let seen = is_script && value_of(&script.body[at..]) != Value::Always;
            let mut first = statement(ensure, if seen { Completion::Empty } else { Completion::Unseen });
            if let Some(next) = script.body.get(at) {
                let at = next.span_lo();
                keep_file_comments(&mut first, at, comments, text);
            }
            script.body.insert(at, first);
        }
    }
    Ok(())
}

/// The comments of a file's head stay at its head: licences, `@jsx`, `@ts-nocheck`, `/// <reference>`. Only what
/// speaks of the first statement stays with it, as does a doc comment that stands directly at it.
fn keep_file_comments(first: &mut Stmt, next: BytePos, comments: &CommentStore, text: &str) {
    let Some(mut head) = comments.take_leading(next) else { return };
    let is_doc = head.last().is_some_and(|last| is_doc_of_next(last, next, text));
    let own = head.iter().position(|comment| speaks_of_next(&comment.text));
    let kept = head.split_off(own.unwrap_or(head.len() - usize::from(is_doc)));
    if !head.is_empty() {
        let at = head[0].span.lo;
        // A position that no node has: the first comment's own.
        comments.add_leading_comments(at, head);
        set_start(first, at);
    }
    if !kept.is_empty() {
        comments.add_leading_comments(next, kept);
    }
}

/// Whether tools apply a comment to the line or the token behind it.
fn speaks_of_next(comment: &str) -> bool {
    const MARKS: [&str; 13] = [
        "@ts-ignore",
        "@ts-expect-error",
        "__PURE__",
        "__NO_SIDE_EFFECTS__",
        "__INLINE__",
        "__NOINLINE__",
        "disable-next-line",
        "prettier-ignore",
        "biome-ignore ",
        "webpackIgnore",
        "webpackChunkName",
        "@vite-ignore",
        "turbopack",
    ];
    MARKS.iter().any(|mark| comment.contains(mark)) || hint::is_of_next(comment)
}

const FILE_TAGS: [&str; 13] = [
    "@license",
    "@preserve",
    "@fileoverview",
    "@file",
    "@module",
    "@externs",
    "@flow",
    "@jsx",
    "@ts-check",
    "@ts-nocheck",
    "@nocoverage",
    "@jest",
    "@copyright",
];

fn is_doc_of_next(comment: &Comment, next: BytePos, text: &str) -> bool {
    let between = text.get(range_of(Span::new(comment.span.hi, next))).unwrap_or_default();
    comment.kind == CommentKind::Block
        && comment.text.starts_with('*')
        && between.matches('\n').count() < 2
        && !FILE_TAGS.iter().any(|tag| comment.text.contains(tag))
}

fn set_start(statement: &mut Stmt, at: BytePos) {
    match statement {
        Stmt::Expr(made) => made.span = Span::new(at, at),
        Stmt::Block(made) => made.span = ends_line(at),
        _ => {}
    }
}

/// The global object by a name that the file does not bind.
fn global_object(names: &GlobalNames) -> Option<Box<Expr>> {
    let ident = |name: &str| Box::new(Expr::Ident(Ident::new_no_ctxt(name.into(), DUMMY_SP)));
    if !names.binds("globalThis") {
        return Some(ident("globalThis"));
    }
    let browser = ["self", "window"].into_iter().find(|name| !names.binds(name))?;
    if names.binds("global") {
        return None;
    }
    // `(typeof self === "undefined" ? global : self)`
    let text = Str { span: DUMMY_SP, value: "undefined".into(), raw: None };
    let test = BinExpr {
        span: DUMMY_SP,
        op: BinaryOp::EqEqEq,
        left: Box::new(Expr::Unary(UnaryExpr { span: DUMMY_SP, op: UnaryOp::TypeOf, arg: ident(browser) })),
        right: Box::new(Expr::Lit(Lit::Str(text))),
    };
    let choice =
        CondExpr { span: DUMMY_SP, test: Box::new(Expr::Bin(test)), cons: ident("global"), alt: ident(browser) };
    Some(Box::new(Expr::Paren(ParenExpr { span: DUMMY_SP, expr: Box::new(Expr::Cond(choice)) })))
}

/// Whether an externs file declares `array` at its top level: `var`, `let`, `const`, a function or a class.
///
/// # Errors
/// A syntax error in the externs file.
pub fn externs_declare(text: &str, language: Language, array: &str) -> Result<bool, InstrumentError> {
    let comments = CommentStore::new(text);
    let program = parse(text, language, SourceType::Auto, &comments)?;
    let declares = |declaration: &Decl| match declaration {
        Decl::Var(declaration) => {
            declaration.decls.iter().any(|one| matches!(&one.name, Pat::Ident(name) if name.id.sym == *array))
        }
        Decl::Fn(function) => function.ident.sym == *array,
        Decl::Class(class) => class.ident.sym == *array,
        Decl::TsModule(module) => global_block_declares(module, array),
        _ => false,
    };
    Ok(match &program {
        Program::Script(script) => script.body.iter().any(|s| matches!(s, Stmt::Decl(d) if declares(d))),
        Program::Module(module) => module.body.iter().any(|item| match item {
            ModuleItem::Stmt(Stmt::Decl(declaration)) => declares(declaration),
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => declares(&export.decl),
            _ => false,
        }),
    })
}

/// `declare global { var array }` of a TypeScript declaration file.
fn global_block_declares(module: &swc_core::ecma::ast::TsModuleDecl, array: &str) -> bool {
    use swc_core::ecma::ast::TsModuleBlock;
    let Some(TsModuleBlock { body, .. }) =
        module.global.then_some(module.body.as_ref()).flatten().and_then(|body| body.as_ts_module_block())
    else {
        return false;
    };
    body.iter().any(|item| {
        matches!(item, ModuleItem::Stmt(Stmt::Decl(Decl::Var(declaration)))
            if declaration.decls.iter().any(|one| matches!(&one.name, Pat::Ident(name) if name.id.sym == *array)))
    })
}

/// Globals of the language, of browsers and of Node, and what a CommonJS module binds: nothing makes an array of
/// them, and pushing to them throws.
const ALWAYS_THERE: &str = "
    undefined NaN Infinity
    AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
    FinalizationRegistry Float16Array Float32Array Float64Array Function Int16Array Int32Array Int8Array Intl Iterator
    JSON Map Math Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String
    Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet
    WebAssembly decodeURI decodeURIComponent encodeURI encodeURIComponent escape isFinite isNaN parseFloat parseInt
    unescape
    console crypto fetch performance queueMicrotask structuredClone setTimeout setInterval clearTimeout clearInterval
    Buffer process setImmediate clearImmediate require module exports __dirname __filename
    alert caches close closed customElements document event external focus frames history indexedDB innerHeight
    innerWidth length localStorage location name navigator open opener origin outerHeight outerWidth parent print
    prompt screen scroll scrollX scrollY sessionStorage status stop top";

/// Whether a name can be a global variable's, so that a probe can say it. `_` cannot: probes whose value must not
/// be seen are written `let _ = array.push("C")`. Neither can what is always there, and no array.
pub fn is_array_name(name: &str) -> bool {
    let is_there =
        GlobalNames::NAMES.contains(&name) || ALWAYS_THERE.split_ascii_whitespace().any(|known| known == name);
    name != KEPT && !is_there && Ident::verify_symbol(name).is_ok()
}
