//! Programs, their hints and the source maps that came with them.

use std::collections::HashSet;

use pathlight_instrument::{
    DecoratorKind, Granularity, Input, InputMap, JsxRuntime, Language, MapReference, NullChecks, Options,
    SourceMapNames, SourceType, StripOptions, check, instrument as instrument_text, map_reference,
};
use pathlight_mapping::{Extent, IdForm, Mapping, MappingBuilder, Position, Probe, Site};

use crate::assert_reads_again;

/// Between a source and the JSON of its source map.
pub(crate) const BETWEEN: u8 = 0;

/// The first three bytes are options, then comes a source, and behind a zero byte its source map.
pub fn instrument(bytes: &[u8]) {
    let Some((&[first, second, third], rest)) = bytes.split_first_chunk() else { return };
    let cut = rest.iter().position(|byte| *byte == BETWEEN).unwrap_or(rest.len());
    let text = String::from_utf8_lossy(&rest[..cut]);
    if has_colon_and_dot(&text) {
        return;
    }
    let map = rest.get(cut + 1..).and_then(|json| InputMap::parse(json, str::to_owned).ok());
    let ids = one_of(third / 12, [IdForm::Vlq, IdForm::Number]);
    instrumented(input(&text, third, map.as_ref()), &options(first, second), ids);
}

/// Whether a tag's name may have a colon and a dot, as in `<a:b.c>`, on which swc's parser panics.
fn has_colon_and_dot(text: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
    text.match_indices(':').any(|(at, colon)| {
        let before = text[..at].trim_end().trim_end_matches(is_name).trim_end();
        let behind = text[at + colon.len()..].trim_start().trim_start_matches(is_name).trim_start();
        before.ends_with('<') && behind.starts_with('.')
    })
}

fn input<'a>(text: &'a str, choice: u8, map: Option<&'a InputMap>) -> Input<'a> {
    Input {
        name: "input.js",
        text,
        language: one_of(choice, [Language::JavaScript, Language::TypeScript, Language::Tsx]),
        source_type: one_of(
            choice / 3,
            [SourceType::Auto, SourceType::Module, SourceType::Script, SourceType::CommonJs],
        ),
        map,
    }
}

fn options(first: u8, second: u8) -> Options {
    let bit = |at: u8| first >> at & 1 == 1;
    let jsx = one_of(second, [JsxRuntime::Preserve, JsxRuntime::Automatic, JsxRuntime::Classic]);
    let decorators = one_of(second / 3, [DecoratorKind::Standard, DecoratorKind::Legacy]);
    let metadata = one_of(second / 6, [None, Some(NullChecks::Strict), Some(NullChecks::Loose)]);
    Options {
        declare: bit(0),
        may_use_array: bit(1),
        granularity: if bit(2) { Granularity::Function } else { Granularity::Branch },
        strip: bit(3).then_some(StripOptions { jsx, decorators, metadata }),
        source_map: bit(4),
        ..Options::default()
    }
}

fn one_of<T: Copy, const N: usize>(choice: u8, of: [T; N]) -> T {
    of[choice as usize % N]
}

/// The mapping of a program that is taken, after the checker has found the input in the output again.
fn instrumented(input: Input<'_>, options: &Options, ids: IdForm) -> Option<Mapping> {
    let instrumented = instrument_text(input, options).ok()?;
    let probes = instrumented.probe_count();
    let mut builder = MappingBuilder::new();
    let first_id = instrumented.register(input, &mut builder)?;
    let sources = input.map.map_or(1, |map| map.sources().len());
    let names = SourceMapNames { file: "input.js".into(), sources: vec!["source.js".into(); sources] };
    let output = instrumented.finish(input, first_id, ids, options.source_map.then_some(&names));
    let code = str::from_utf8(&output.code).expect("the output is text");
    let built = builder.build();
    assert_eq!(built.len(), probes, "a probe has no entry");
    assert_reads_again(&built);
    let entries: Vec<_> = built.probes().map(|(id, probe)| (id, *probe)).collect();
    if let Err(error) = check(input, options, code, ids, &entries) {
        panic!("the checker says {error:?}: {code}");
    }
    if let Some(map) = output.source_map {
        let json = map.as_json();
        assert!(InputMap::parse(json.as_bytes(), str::to_owned).is_ok(), "our source map is none: {json}");
    }
    Some(built)
}

/// A program: what it has without its hints, and only that, may get a probe with them.
pub fn hints(bytes: &[u8]) {
    let Some((&choice, text)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let options = Options::default();
    let Some(hinted) = instrumented(input(&text, choice, None), &options, IdForm::Vlq) else { return };
    // As long as before, so that every place stays where it is.
    let plain =
        text.replace("ignore", "ignora").replace("nocoverage", "nocoverago").replace("node:coverage", "node:coverago");
    let plain = instrumented(input(&plain, choice, None), &options, IdForm::Vlq).expect("comments hold no code");
    let plain: HashSet<_> = plain.probes().map(|(_, probe)| place(probe)).collect();
    for (id, probe) in hinted.probes() {
        assert!(plain.contains(&place(probe)), "a hint gave a probe: {id}");
    }
}

fn place(probe: &Probe) -> (Position, Option<(Position, Position, Site)>) {
    let extent = |extent: Extent| (extent.start, extent.end, extent.site);
    (probe.at, probe.extent.map(extent))
}

/// A source map that came with an input: in the input's comment, or as JSON.
pub fn input_map(bytes: &[u8]) {
    let json = match map_reference(&String::from_utf8_lossy(bytes)) {
        Some(MapReference::Inline(json)) => json,
        _ => bytes.to_vec(),
    };
    let Ok(map) = InputMap::parse(&json, str::to_owned) else { return };
    assert!(map.sources().len() <= json.len(), "sources come from nowhere");
    // Every place of a small program is looked up in it.
    let mut with_program = vec![0b1_0001, 0, 0];
    with_program.extend_from_slice(b"function f(a) {\n  return a ? 1 : () => 2;\n}\nif (f) f();\n\0");
    with_program.extend_from_slice(&json);
    instrument(&with_program);
}
