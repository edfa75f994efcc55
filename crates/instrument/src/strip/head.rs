//! The head of a file: its comments, and what they ask of the JSX transform.

use swc_core::common::comments::Comments;
use swc_core::common::{BytePos, DUMMY_SP, Mark, SourceMap, Span, Spanned};
use swc_core::ecma::ast::{Decl, Module, ModuleDecl, ModuleItem, Program, Script, Stmt};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::transforms::react::{JsxDirectives, Runtime};

use crate::comments::CommentStore;
use crate::strip::JsxRuntime;
use crate::syntax::item_starts;

/// What the file asks for counts more than the option, but nothing undoes `Preserve`.
pub(super) fn runtime(option: JsxRuntime, directive: Option<Runtime>) -> Runtime {
    match (option, directive) {
        (JsxRuntime::Preserve, _) => Runtime::Preserve,
        (_, Some(directive)) => directive,
        (JsxRuntime::Automatic, None) => Runtime::Automatic,
        (JsxRuntime::Classic, None) => Runtime::Classic,
    }
}

pub(super) fn directives(at: BytePos, code_map: &SourceMap, comments: &CommentStore, top_level: Mark) -> JsxDirectives {
    let head = comments.get_leading(at).unwrap_or_default();
    JsxDirectives::from_comments(code_map, DUMMY_SP, &head, top_level)
}

/// Makes the program begin where its JSX directives stand, and takes its hashbang away, since with one swc looks
/// elsewhere. Returns what was there.
pub(super) fn set_start(program: &mut Program, comments: &CommentStore) -> (Option<Atom>, Span) {
    let holds_directive = |at: &BytePos| {
        comments.get_leading(*at).is_some_and(|found| found.iter().any(|comment| comment.text.contains("@jsx")))
    };
    let before = program.span();
    let start = std::iter::once(before.lo).chain(item_starts(program).take(HEAD)).find(holds_directive);
    let (shebang, span) = match program {
        Program::Module(module) => (&mut module.shebang, &mut module.span),
        Program::Script(script) => (&mut script.shebang, &mut script.span),
    };
    span.lo = start.unwrap_or(before.lo);
    (shebang.take(), before)
}

/// How many statements may stand before the comments of a file's head: directives, and the header.
const HEAD: usize = 4;

pub(super) fn restore_start(program: &mut Program, found_shebang: Option<Atom>, found_span: Span) {
    match program {
        Program::Module(module) => (module.shebang, module.span) = (found_shebang, found_span),
        Program::Script(script) => (script.shebang, script.span) = (found_shebang, found_span),
    }
}

/// Position of the first statement, where the comments of the file's head stand.
pub(super) fn position(program: &Program) -> BytePos {
    item_starts(program).next().unwrap_or_default()
}

/// A licence stays at the head though its statement is gone or helpers stand before it.
pub(super) fn keep_comments(program: &mut Program, before: BytePos, comments: &CommentStore) {
    let now = position(program);
    if now == before {
        return;
    }
    let Some(mut head) = comments.take_leading(before) else { return };
    let Some(first) = head.first() else { return };
    if !now.is_dummy() {
        head.extend(comments.take_leading(now).unwrap_or_default());
        return comments.add_leading_comments(now, head);
    }
    // Inside the comment, where no node begins.
    let at = first.span.lo + BytePos(1);
    comments.add_leading_comments(at, head);
    *made_span(program) = Span::new(at, at);
}

/// The span of a made first statement: at its start, unlike the program's, comments stand behind the hashbang.
fn made_span(program: &mut Program) -> &mut Span {
    match program {
        Program::Module(Module { span, body, .. }) => match body.first_mut() {
            Some(ModuleItem::ModuleDecl(ModuleDecl::Import(n))) => &mut n.span,
            Some(ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(n))) => &mut n.span,
            Some(ModuleItem::Stmt(stmt)) => made_span_of(stmt).unwrap_or(span),
            _ => span,
        },
        Program::Script(Script { span, body, .. }) => body.first_mut().and_then(made_span_of).unwrap_or(span),
    }
}

fn made_span_of(stmt: &mut Stmt) -> Option<&mut Span> {
    match stmt {
        Stmt::Expr(n) => Some(&mut n.span),
        Stmt::Decl(Decl::Var(n)) => Some(&mut n.span),
        Stmt::Decl(Decl::Fn(n)) => Some(&mut n.function.span),
        Stmt::Decl(Decl::Class(n)) => Some(&mut n.class.span),
        _ => None,
    }
}
