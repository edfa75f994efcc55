//! TypeScript, JSX and decorators to JavaScript that runs, after the probes are planted: what swc makes has none.
//!
//! The work is swc's own, in the order of its own compiler: resolver, decorators, types, JSX, helpers, hygiene,
//! fixer; only hygiene is another (see `names`). Helpers are written into the file, so that the output imports nothing that the input did not. What an
//! engine can run stays: class fields have the language's meaning (TypeScript's `useDefineForClassFields`), an
//! import whose name is never used as a value goes (its default without `verbatimModuleSyntax`), `export =` and
//! `import x = require()` become `module.exports` and `require`, and `using` is JavaScript.

mod enums;
mod found;
mod legacy;
mod names;
mod namespaces;
mod prepare;
mod probes;
mod references;

use std::sync::{Arc, Mutex, PoisonError};

use swc_core::common::comments::Comments;
use swc_core::common::errors::{DiagnosticBuilder, Emitter, HANDLER, Handler};
use swc_core::common::sync::Lrc;
use swc_core::common::{BytePos, DUMMY_SP, GLOBALS, Globals, Mark, SourceMap, Span, Spanned, SyntaxContext};
use swc_core::ecma::ast::Program;
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::transforms::base::fixer::fixer;
use swc_core::ecma::transforms::base::helpers::{HELPERS, Helpers, inject_helpers};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::transforms::proposal::decorator_2023_11::decorator_2023_11;
use swc_core::ecma::transforms::react::{self, JsxDirectives, Runtime};
use swc_core::ecma::transforms::typescript::{Config as TypeScriptConfig, TsxConfig, tsx, typescript};
use swc_core::ecma::visit::VisitMutWith;

use crate::comments::CommentStore;
use crate::error::{ErrorKind, InstrumentError};
use crate::parse::{Language, range_of};
use crate::strip::found::Found;
use crate::strip::names::Written;
use crate::strip::probes::{CallsToProbes, ProbesToCalls};

/// What is made of the parts that no engine runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StripOptions {
    /// What becomes of JSX.
    pub jsx: JsxRuntime,
    /// Which proposal decorators follow.
    pub decorators: DecoratorKind,
}

/// What becomes of JSX.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum JsxRuntime {
    /// It stays.
    Preserve,
    /// Calls of `react/jsx-runtime`, or what `@jsxImportSource` names.
    #[default]
    Automatic,
    /// Calls of `React.createElement`, or what `@jsx` names.
    Classic,
}

/// Which proposal decorators follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DecoratorKind {
    /// ECMAScript's (stage 3, 2023-11).
    #[default]
    Standard,
    /// TypeScript's `experimentalDecorators`.
    Legacy,
}

/// Whether there is anything to strip: plain JavaScript is left as it is.
pub(crate) fn applies(program: &Program, language: Language, options: &StripOptions) -> bool {
    if language != Language::JavaScript {
        return true;
    }
    Found::of(program, options.jsx == JsxRuntime::Preserve).any()
}

/// Makes JavaScript of `program`, whose probes keep their places.
pub(crate) fn strip(
    mut program: Program,
    options: &StripOptions,
    language: Language,
    comments: &CommentStore,
) -> Result<Program, InstrumentError> {
    let found = Found::of(&program, options.jsx == JsxRuntime::Preserve);
    match (options.decorators, found.legacy_only, found.standard_only) {
        (DecoratorKind::Standard, Some(span), _) => {
            return Err(InstrumentError::new(ErrorKind::LegacyDecorator, Some(range_of(span))));
        }
        (DecoratorKind::Legacy, _, Some((span, on))) => {
            return Err(InstrumentError::new(ErrorKind::StandardDecorator { on }, Some(range_of(span))));
        }
        _ => {}
    }
    program.visit_mut_with(&mut ProbesToCalls);
    let head = head(&program);
    let complaints = Complaints::default();
    let handler = Handler::with_emitter(false, false, Box::new(complaints.clone()));
    // Marks and helpers live in these; every file has its own, on whatever thread.
    GLOBALS.set(&Globals::new(), || {
        HELPERS.set(&Helpers::new(false), || {
            HANDLER.set(&handler, || transform(&mut program, &found, options, language, comments));
        });
    });
    if let Some((message, span)) = complaints.first() {
        return Err(InstrumentError::new(ErrorKind::Strip(message), span.map(range_of)));
    }
    program.visit_mut_with(&mut CallsToProbes);
    keep_head_comments(&mut program, head, comments);
    Ok(program)
}

fn transform(
    program: &mut Program,
    found: &Found,
    options: &StripOptions,
    language: Language,
    comments: &CommentStore,
) {
    // swc's decorators take assignments to names of the first context for globals to be made, as an old test
    // suite expects. In a module that is an error and has to stay one, so that context is given to nothing.
    let _ = SyntaxContext::empty().apply_mark(Mark::new());
    let unresolved = Mark::new();
    let top_level = Mark::new();
    let is_typescript = language != Language::JavaScript;
    program.mutate(resolver(unresolved, top_level, is_typescript));
    let written = Written::of(program);
    if is_typescript {
        enums::spell_out_members(program);
        namespaces::spell_out_members(program, SyntaxContext::empty().apply_mark(unresolved));
    }
    if found.decorators && options.decorators == DecoratorKind::Legacy {
        legacy::lower(program);
    }
    prepare::prepare(program);
    if found.decorators && options.decorators == DecoratorKind::Standard || found.accessors {
        // Also makes a getter and a setter of every accessor field.
        program.mutate(decorator_2023_11());
    }
    // Directives are looked for at the program's own start.
    let (shebang, span) = set_start(program, comments);
    let code_map: Lrc<SourceMap> = Lrc::default();
    let directives = directives(program.span().lo, &code_map, comments, top_level);
    let runtime = runtime(options.jsx, directives.runtime);
    if is_typescript {
        let config = TypeScriptConfig {
            native_class_properties: true,
            // Only a constant enum's members are constants.
            ts_enum_is_mutable: true,
            ..Default::default()
        };
        if runtime == Runtime::Automatic {
            program.mutate(typescript(config, unresolved, top_level));
        } else {
            // Here `React` is used wherever there is JSX, so its import stays.
            let (code_map, jsx) = (code_map.clone(), TsxConfig::default());
            program.mutate(tsx(code_map, config, jsx, comments, unresolved, top_level));
        }
    }
    if found.jsx && runtime != Runtime::Preserve {
        let options = react::Options {
            runtime: Some(runtime),
            throw_if_namespace: Some(false),
            development: Some(false),
            ..Default::default()
        };
        program.mutate(react::react(code_map, Some(comments), options, top_level, unresolved));
    }
    restore_start(program, shebang, span);
    program.mutate(inject_helpers(unresolved));
    written.settle(program, HELPERS.with(Helpers::mark), unresolved);
    program.mutate(fixer(Some(comments)));
}

/// What the file asks for counts more than the option, but nothing undoes `Preserve`.
fn runtime(option: JsxRuntime, directive: Option<Runtime>) -> Runtime {
    match (option, directive) {
        (JsxRuntime::Preserve, _) => Runtime::Preserve,
        (_, Some(directive)) => directive,
        (JsxRuntime::Automatic, None) => Runtime::Automatic,
        (JsxRuntime::Classic, None) => Runtime::Classic,
    }
}

fn directives(at: BytePos, code_map: &SourceMap, comments: &CommentStore, top_level: Mark) -> JsxDirectives {
    let head = comments.get_leading(at).unwrap_or_default();
    JsxDirectives::from_comments(code_map, DUMMY_SP, &head, top_level)
}

/// Makes the program begin where its JSX directives stand, and takes its hashbang away, since with one swc looks
/// elsewhere. Returns what was there.
fn set_start(program: &mut Program, comments: &CommentStore) -> (Option<Atom>, Span) {
    let holds_directive = |at: &BytePos| {
        comments.get_leading(*at).is_some_and(|found| found.iter().any(|comment| comment.text.contains("@jsx")))
    };
    let (shebang, span, starts) = match program {
        Program::Module(module) => {
            let starts: Vec<_> = module.body.iter().take(HEAD).map(Spanned::span_lo).collect();
            (&mut module.shebang, &mut module.span, starts)
        }
        Program::Script(script) => {
            let starts: Vec<_> = script.body.iter().take(HEAD).map(Spanned::span_lo).collect();
            (&mut script.shebang, &mut script.span, starts)
        }
    };
    let before = *span;
    if let Some(start) = std::iter::once(before.lo).chain(starts).find(holds_directive) {
        span.lo = start;
    }
    (shebang.take(), before)
}

/// How many statements may stand before the comments of a file's head: directives, and the header.
const HEAD: usize = 4;

fn restore_start(program: &mut Program, found_shebang: Option<Atom>, found_span: Span) {
    match program {
        Program::Module(module) => (module.shebang, module.span) = (found_shebang, found_span),
        Program::Script(script) => (script.shebang, script.span) = (found_shebang, found_span),
    }
}

/// Position of the first statement, where the comments of the file's head stand.
fn head(program: &Program) -> BytePos {
    let first = match program {
        Program::Module(module) => module.body.first().map(Spanned::span_lo),
        Program::Script(script) => script.body.first().map(Spanned::span_lo),
    };
    first.unwrap_or_default()
}

/// A licence stays at the head though its statement is gone or helpers stand before it.
fn keep_head_comments(program: &mut Program, before: BytePos, comments: &CommentStore) {
    if head(program) == before || !comments.has_leading(before) {
        return;
    }
    // The printer writes the program's own comments before the hashbang.
    let span = match program {
        Program::Module(module) if module.shebang.is_none() => &mut module.span,
        Program::Script(script) if script.shebang.is_none() => &mut script.span,
        _ => return,
    };
    let Some(head) = comments.take_leading(before) else { return };
    if let Some(first) = head.first() {
        // Inside the comment, where no node begins.
        let at = first.span.lo + BytePos(1);
        comments.add_leading_comments(at, head);
        *span = span.with_lo(at);
    }
}

/// Its words, and where.
type Complaint = (String, Option<Span>);

/// What swc says is wrong.
#[derive(Clone, Default)]
struct Complaints(Arc<Mutex<Vec<Complaint>>>);

impl Complaints {
    fn first(&self) -> Option<Complaint> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }
}

impl Emitter for Complaints {
    fn emit(&mut self, complaint: &mut DiagnosticBuilder<'_>) {
        if complaint.is_error() {
            let said = (complaint.message(), complaint.span.primary_span().filter(|span| !span.is_dummy()));
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(said);
        }
    }
}
