//! `cargo xtask show FILE`: the debugging window.

use std::fs;
use std::path::Path;

use pathlight_instrument::{FileKind, Input, Options, Output, STACK, SourceMapNames, instrument};
use pathlight_mapping::{IdForm, MappingBuilder, write_decoded};
use swc_sourcemap::SourceMap;

use crate::{Failure, stock};

/// Instruments one text as the command line would by default, its probes behind those in the mapping.
pub(crate) fn instrument_text(
    name: &str,
    text: &str,
    source_map: bool,
    mapping: &mut MappingBuilder,
) -> Result<Output, Failure> {
    let kind = FileKind::of(name).ok_or("the extension says no language")?;
    let options = Options { source_map, stack: STACK, ..Options::default() };
    let input = Input { name, text, language: kind.language, source_type: kind.source_type, map: None };
    let instrumented = instrument(input, &options).map_err(|error| format!("{name}: {error}"))?;
    let first = instrumented.register(input, mapping).ok_or("too many probes")?;
    let names = SourceMapNames { file: name.into(), sources: vec![name.into()] };
    Ok(instrumented.finish(input, first, IdForm::Vlq, source_map.then_some(&names)))
}

pub(crate) fn run(file: &Path, with_tree: bool) -> Result<(), Failure> {
    let name = file.to_string_lossy();
    let text = fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
    if with_tree {
        println!("== tree\n{:#?}", stock::parse(&name, &text)?.2);
    }
    let mut mapping = MappingBuilder::new();
    let output = instrument_text(&name, &text, true, &mut mapping)?;
    println!("== probes");
    write_decoded(&mapping.build(), |_| Some(text.clone()), &mut std::io::stdout())?;
    let code = String::from_utf8(output.code)?;
    println!("== output\n{code}");
    println!("== source-map segments: output → source");
    let Some(json) = output.source_map else {
        println!("none: nothing was planted");
        return Ok(());
    };
    let map = SourceMap::from_slice(json.as_json().as_bytes())?;
    let (code_lines, source_lines): (Vec<&str>, Vec<&str>) = (code.lines().collect(), text.lines().collect());
    for token in map.tokens() {
        let (to, from) = ((token.get_dst_line(), token.get_dst_col()), (token.get_src_line(), token.get_src_col()));
        println!(
            "{:>5}:{:<4} → {:>5}:{:<4}  {:24} {}",
            to.0 + 1,
            to.1,
            from.0 + 1,
            from.1,
            excerpt(&code_lines, to),
            excerpt(&source_lines, from)
        );
    }
    Ok(())
}

/// The text at a position (from 0, UTF-16 units), shortened.
fn excerpt(lines: &[&str], (line, column): (u32, u32)) -> String {
    let units: Vec<u16> =
        lines.get(line as usize).unwrap_or(&"").encode_utf16().skip(column as usize).take(20).collect();
    format!("{:?}", String::from_utf16_lossy(&units))
}
