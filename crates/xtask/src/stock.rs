//! swc as it comes: the measure for everything else.

use pathlight_instrument::{FileKind, Language};
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::source_map::{DefaultSourceMapGenConfig, LineCol};
use swc_core::common::sync::Lrc;
use swc_core::common::{BytePos, FileName, SourceMap};
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
    Ok(print(sources, &comments, &program, None)?.len())
}

/// Parses and prints; returns the output and its source map's JSON.
pub(crate) fn print_with_map(name: &str, text: &str) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let (sources, comments, program) = parse(name, text)?;
    let mut segments = Vec::new();
    let code = print(sources.clone(), &comments, &program, Some(&mut segments))?;
    let mut json = Vec::new();
    sources.build_source_map(&segments, None, DefaultSourceMapGenConfig).to_writer(&mut json)?;
    Ok((code, json))
}

fn print(
    sources: Lrc<SourceMap>,
    comments: &SingleThreadedComments,
    program: &Program,
    segments: Option<&mut Vec<(BytePos, LineCol)>>,
) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    let mut emitter = Emitter {
        cfg: Config::default(),
        cm: sources.clone(),
        comments: Some(comments),
        wr: JsWriter::new(sources, "\n", &mut out, segments),
    };
    emitter.emit_program(program)?;
    Ok(out)
}
