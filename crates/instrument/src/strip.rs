//! TypeScript and JSX to JavaScript that runs, after the probes are planted: what swc makes has none.

use swc_core::ecma::ast::Program;

use crate::comments::CommentStore;
use crate::error::InstrumentError;
use crate::parse::Language;

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

/// Whether there is anything to strip.
pub(crate) fn applies(_program: &Program, _language: Language) -> bool {
    true
}

pub(crate) fn strip(
    program: Program,
    options: &StripOptions,
    language: Language,
    comments: &CommentStore,
) -> Result<Program, InstrumentError> {
    Ok(program)
}
