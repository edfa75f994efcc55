//! swc as it comes: the measure for everything else.

use pathlight_instrument::{FileKind, Language};
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::sync::Lrc;
use swc_core::common::{FileName, SourceMap};
use swc_core::ecma::ast::{EsVersion, Program};
use swc_core::ecma::codegen::text_writer::JsWriter;
use swc_core::ecma::codegen::{Config, Emitter};
use swc_core::ecma::parser::{EsSyntax, Syntax, TsSyntax, parse_file_as_program};

use crate::Failure;

/// Parses with swc's own comments and source map.
pub(crate) fn parse(name: &str, text: &str) -> Result<(Lrc<SourceMap>, SingleThreadedComments, Program), Failure> {
    let sources: Lrc<SourceMap> = Lrc::default();
    let file = sources.new_source_file(FileName::Anon.into(), text.to_owned());
    let comments = SingleThreadedComments::default();
    let syntax = match FileKind::of(name).map(|kind| kind.language) {
        Some(Language::TypeScript) => Syntax::Typescript(TsSyntax { decorators: true, ..Default::default() }),
        Some(Language::Tsx) => Syntax::Typescript(TsSyntax { tsx: true, decorators: true, ..Default::default() }),
        _ => Syntax::Es(EsSyntax { jsx: true, decorators: true, ..Default::default() }),
    };
    let mut recovered = Vec::new();
    let program = parse_file_as_program(&file, syntax, EsVersion::latest(), Some(&comments), &mut recovered)
        .map_err(|error| format!("{name}: {}", error.kind().msg()))?;
    Ok((sources, comments, program))
}

/// Parses and prints; returns the length of the output.
pub(crate) fn parse_and_print(name: &str, text: &str) -> Result<usize, Failure> {
    let (sources, comments, program) = parse(name, text)?;
    let mut out = Vec::new();
    let mut emitter = Emitter {
        cfg: Config::default(),
        cm: sources.clone(),
        comments: Some(&comments),
        wr: JsWriter::new(sources, "\n", &mut out, None),
    };
    emitter.emit_program(&program)?;
    Ok(out.len())
}
