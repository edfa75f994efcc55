//! TypeScript, JSX and decorators to JavaScript that runs, after the probes are planted: what swc makes has none.
//!
//! The work is swc's, in the order of its own compiler: resolver, decorators, types, JSX, helpers, hygiene, fixer.
//! Legacy decorators and accessor fields are pathlight's (see `legacy`, `metadata`, `accessors`), and hygiene is another (see
//! `names`); what swc would get wrong is spelled out for it before (see `namespaces`, `enums`, `prepare`). Helpers
//! are written into the file, so that the output imports nothing that the input did not, but the JSX runtime. What an
//! engine can run stays: class fields have the language's meaning (TypeScript's `useDefineForClassFields`), an
//! import whose name is never used as a value goes (its default without `verbatimModuleSyntax`), `export =` and
//! `import x = require()` become `module.exports` and `require`, and `using` is JavaScript.

mod accessors;
mod enums;
mod found;
mod head;
mod keys;
mod legacy;
mod metadata;
mod module;
mod names;
mod namespaces;
mod pairs;
mod parentheses;
mod prepare;
mod probes;
mod references;
mod shapes;
mod spaces;
mod standard;
mod types;

use std::sync::{Arc, Mutex, PoisonError};

use pathlight_mapping::ContentHash;
use swc_core::common::errors::{DiagnosticBuilder, Emitter, HANDLER, Handler};
use swc_core::common::sync::Lrc;
use swc_core::common::{GLOBALS, Globals, Mark, SourceMap, Span, Spanned, SyntaxContext};
use swc_core::ecma::ast::Program;
use swc_core::ecma::transforms::base::fixer::fixer;
use swc_core::ecma::transforms::base::helpers::{HELPERS, Helpers, inject_helpers};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::transforms::react::{self, Runtime};
use swc_core::ecma::transforms::typescript::{Config as TypeScriptConfig, TsxConfig, tsx, typescript};
use swc_core::ecma::visit::VisitMutWith;

use crate::Input;
use crate::comments::CommentStore;
use crate::error::{ErrorKind, InstrumentError};
use crate::parse::{self, Language, SourceType, range_of};
use crate::strip::enums::Enums;
use crate::strip::found::Found;
use crate::strip::names::Written;
use crate::strip::probes::{CallsToProbes, ProbesToCalls};
use crate::strip::types::Types;

/// What is made of the parts that no engine runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StripOptions {
    /// What becomes of JSX.
    pub jsx: JsxRuntime,
    /// Which proposal decorators follow.
    pub decorators: DecoratorKind,
    /// Whether legacy decorators are told the types of what they stand on (TypeScript's `emitDecoratorMetadata`), and
    /// what `null` and `undefined` are in them. It means nothing to standard decorators.
    pub metadata: Option<NullChecks>,
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

/// What `null` and `undefined` are in a type: TypeScript's `strictNullChecks`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum NullChecks {
    /// Types of their own: `string | null` is more than a string.
    #[default]
    Strict,
    /// Part of every type: `string | null` is a string.
    Loose,
}

/// Whether there is anything to strip: plain JavaScript is left as it is.
pub(crate) fn applies(program: &Program, language: Language, options: &StripOptions) -> bool {
    if language != Language::JavaScript {
        return true;
    }
    Found::of(program, options.jsx == JsxRuntime::Preserve).any()
}

/// Reads a program, as a module if it becomes one by what `options` make of it.
pub(crate) fn parse(
    input: Input<'_>,
    options: Option<&StripOptions>,
    comments: &CommentStore,
) -> Result<Program, InstrumentError> {
    let Input { text, language, source_type, .. } = input;
    let program = parse::parse(text, language, source_type, comments)?;
    if !options.is_some_and(|options| module::becomes_module(&program, source_type, options, text)) {
        return Ok(program);
    }
    comments.clear();
    parse::parse(text, language, SourceType::Module, comments)
}

/// Makes JavaScript of `program`, which was read from `text`. Its probes keep their places.
pub(crate) fn strip(
    mut program: Program,
    options: &StripOptions,
    language: Language,
    source_type: SourceType,
    text: &str,
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
    let is_script = matches!(program, Program::Script(_)) && source_type != SourceType::CommonJs;
    program.visit_mut_with(&mut ProbesToCalls);
    let head = head::position(&program);
    let complaints = Complaints::default();
    let handler = Handler::with_emitter(false, false, Box::new(complaints.clone()));
    // Marks and helpers live in these; every file has its own, on whatever thread.
    GLOBALS.set(&Globals::new(), || {
        HELPERS.set(&Helpers::new(false), || {
            HANDLER.set(&handler, || transform(&mut program, &found, options, language, is_script, text, comments));
        });
    });
    if let Some((message, span)) = complaints.first() {
        return Err(InstrumentError::new(ErrorKind::Strip(message), span.map(range_of)));
    }
    program.visit_mut_with(&mut CallsToProbes);
    head::keep_comments(&mut program, head, comments);
    Ok(program)
}

fn transform(
    program: &mut Program,
    found: &Found,
    options: &StripOptions,
    language: Language,
    is_script: bool,
    text: &str,
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
    let outside = SyntaxContext::empty().apply_mark(unresolved);
    if let (true, DecoratorKind::Legacy, Some(nulls)) = (found.decorators, options.decorators, options.metadata) {
        // What it adds names members of namespaces, so it comes before those are spelled out.
        let types = Types::of(program, &evaluate_enums(&mut program.clone(), outside), nulls);
        metadata::add(program, &types, outside);
    }
    let enums = if is_typescript { evaluate_enums(program, outside) } else { Enums::default() };
    if found.decorators && options.decorators == DecoratorKind::Legacy {
        legacy::lower(program);
    }
    let class_names = prepare::prepare(program, found, is_typescript.then_some(text));
    if found.decorators && options.decorators == DecoratorKind::Standard {
        standard::lower(program, outside);
    } else if found.accessors {
        accessors::lower(program);
    }
    // Directives are looked for at the program's own start.
    let (shebang, span) = head::set_start(program, comments);
    let code_map: Lrc<SourceMap> = Lrc::default();
    let directives = head::directives(program.span().lo, &code_map, comments, top_level);
    let runtime = head::runtime(options.jsx, directives.runtime);
    if is_typescript {
        module::keep_strings(program);
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
        module::place_mark(program);
        enums.settle(program);
    }
    if found.common_js {
        module::settle_common_js(program);
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
    head::restore_start(program, shebang, span);
    program.mutate(inject_helpers(unresolved));
    let declares = found.decorators && options.decorators == DecoratorKind::Standard;
    let suffix = if declares && is_script { suffix(text) } else { String::new() };
    written.settle(program, &class_names, &suffix, HELPERS.with(Helpers::mark), unresolved);
    parentheses::keeping(program, |program| program.mutate(fixer(Some(comments))));
}

/// What ends the names that standard decorators declare at the top of a script, where all scripts of a page see them:
/// a second `let _initClass` would be a syntax error, and a second `_initProto` another class's.
fn suffix(text: &str) -> String {
    let hash = ContentHash::of(text.as_bytes()).short();
    format!("_{}", &hash[..8])
}

/// The enums of `program` with their values, for which what initializers name has to be spelled out.
fn evaluate_enums(program: &mut Program, outside: SyntaxContext) -> Enums {
    let mut enums = Enums::of(program, outside);
    enums.spell_out_members(program);
    namespaces::spell_out_members(program, outside);
    enums.evaluate(program);
    enums
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
