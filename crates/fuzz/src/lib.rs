//! Arbitrary bytes into everything that reads: no panic, no hang, no unbounded memory, and what is read and written
//! is read again.
//!
//! One function a target; a property that does not hold panics. The same functions run in the normal tests over
//! mutated fixtures. A long run, with coverage, needs a nightly compiler and `cargo install cargo-fuzz`:
//!
//! ```text
//! cargo +nightly fuzz run --fuzz-dir crates/fuzz --features fuzzer --sanitizer none <target> <corpus folders> -- \
//!     -max_len=4096 -rss_limit_mb=2048 -timeout=10 -max_total_time=300
//! ```
//!
//! Without a sanitizer: the code holds no `unsafe`, and a sanitizer's frames are too large for the stack that is
//! reckoned for deep programs. Good corpus folders are `fixtures/constructs` and `fixtures/reference`, after a copy,
//! since new inputs are written to the first one. What a run finds becomes a case in `tests/`.

use pathlight_instrument::{
    DecoratorKind, Granularity, Input, InputMap, JsxRuntime, Language, MapReference, NullChecks, Options,
    SourceMapNames, SourceType, StripOptions, instrument as instrument_text, map_reference,
};
use pathlight_mapping::{IdForm, Mapping, MappingBuilder, MappingFormat, write_decoded};

/// Between a source and the JSON of its source map.
const BETWEEN: u8 = 0;

/// The first three bytes are options, then comes a source, and behind a zero byte its source map.
pub fn instrument(bytes: &[u8]) {
    let Some((&[first, second, third], rest)) = bytes.split_first_chunk() else { return };
    let cut = rest.iter().position(|byte| *byte == BETWEEN).unwrap_or(rest.len());
    let text = String::from_utf8_lossy(&rest[..cut]);
    let map = rest.get(cut + 1..).and_then(|json| InputMap::parse(json, str::to_owned).ok());
    let options = options(first, second);
    let input = Input {
        name: "input.js",
        text: &text,
        language: one_of(third, [Language::JavaScript, Language::TypeScript, Language::Tsx]),
        source_type: one_of(
            third / 3,
            [SourceType::Auto, SourceType::Module, SourceType::Script, SourceType::CommonJs],
        ),
        map: map.as_ref(),
    };
    let Ok(instrumented) = instrument_text(input, &options) else { return };
    let probes = instrumented.probe_count();
    let mut builder = MappingBuilder::new();
    let Some(first_id) = instrumented.register(input, &mut builder) else { return };
    let sources = map.as_ref().map_or(1, |map| map.sources().len());
    let names = SourceMapNames { file: "input.js".into(), sources: vec!["source.js".into(); sources] };
    let ids = one_of(third / 12, [IdForm::Vlq, IdForm::Number]);
    let output = instrumented.finish(input, first_id, ids, options.source_map.then_some(&names));
    assert!(str::from_utf8(&output.code).is_ok(), "the output is no text");
    let built = builder.build();
    assert_eq!(built.len(), probes, "a probe has no entry");
    assert_reads_again(&built);
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

/// A mapping file.
pub fn mapping(bytes: &[u8]) {
    if let Ok(mapping) = Mapping::parse(&String::from_utf8_lossy(bytes)) {
        assert_reads_again(&mapping);
    }
}

/// What the library writes, the library reads.
fn assert_reads_again(mapping: &Mapping) {
    let text = written(mapping, MappingFormat::Pathlight);
    let again = Mapping::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(again.files(), mapping.files(), "the names of files");
    assert_eq!(again.functions(), mapping.functions(), "the names of functions");
    assert!(again.probes().eq(mapping.probes()), "the entries differ: {text}");
    assert_eq!(written(&again, MappingFormat::Pathlight), text, "written again it is another");
    let closure = written(mapping, MappingFormat::Closure);
    assert!(Mapping::parse(&closure).is_ok(), "Closure's format: {closure}");
}

fn written(mapping: &Mapping, format: MappingFormat) -> String {
    let mut text = Vec::new();
    // A vector takes everything.
    let _ = mapping.write(format, &mut text);
    String::from_utf8_lossy(&text).into_owned()
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

/// A mapping file, shown with a source of which it need not be true.
pub fn decode(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (text, source) = text.split_once('\0').unwrap_or((&text, "if (a) b();\n\n\u{1F600}\tc"));
    let Ok(mapping) = Mapping::parse(text) else { return };
    let mut shown = Vec::new();
    let _ = write_decoded(&mapping, |_| Some(source.to_owned()), &mut shown);
    assert!(mapping.is_empty() || !shown.is_empty(), "nothing is shown");
}
