//! Arbitrary bytes into everything that reads: no panic, no hang, no unbounded memory, and what is read and written
//! is read again.
//!
//! One function a target; a property that does not hold panics. [`TARGETS`] lists them with their seeds, which are
//! fixtures. The same functions run in the normal tests over mutated fixtures; a long run, guided by coverage, needs
//! a C++ compiler for libFuzzer, but no nightly Rust:
//!
//! ```text
//! cargo xtask fuzz                            every target for a minute
//! cargo xtask fuzz instrument --seconds 3600
//! ```
//!
//! | target | reads |
//! |---|---|
//! | `instrument` | a program, whose tokens are mutated, and its source map; the checker judges what is made of it |
//! | `hints` | a program with ignore hints: they only take probes away |
//! | `input_map` | a source map that came with an input |
//! | `mapping`, `decode` | a mapping file |
//! | `reports` | a file of reports in any shape, plain or gzip |
//! | `v8`, `istanbul` | what others counted |
//! | `formats` | a mapping, a source and a report that need not fit together, written in every format |
//! | `diff`, `bundle` | a unified diff; a bundle |
//! | `body` | what is posted to the collector |
//!
//! There is no sanitizer: the code holds no `unsafe`, and a sanitizer's frames are too large for the stack that is
//! reckoned for deep programs. Whole numbers that overflow are found, which they are not in released code. What a
//! run finds lies in `target/fuzz/<target>/artifacts`, and becomes a fixture or a test.

mod programs;
mod reports;
mod seeds;
mod tokens;

use pathlight_mapping::{Mapping, MappingFormat, write_decoded};

pub use programs::{hints, input_map, instrument};
pub use reports::{body, bundle, diff, formats, istanbul, reports, v8};
pub use seeds::{PROGRAMS, files_below, fixtures, mapped_programs};
pub use tokens::{Random, mutate_in_place};

/// Something that reads, and what it is given at first.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Name of its program in `fuzz_targets`.
    pub name: &'static str,
    /// Reads one input; panics where a property does not hold.
    pub run: fn(&[u8]),
    /// Inputs made of fixtures.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Words that inputs are made of, if there are such: a file in this crate.
    pub dictionary: Option<&'static str>,
}

/// All targets.
pub const TARGETS: [Target; 12] = [
    Target { name: "instrument", run: instrument, seeds: seeds::programs, dictionary: Some("javascript.dict") },
    Target { name: "hints", run: hints, seeds: seeds::hints, dictionary: Some("javascript.dict") },
    Target { name: "input_map", run: input_map, seeds: seeds::input_maps, dictionary: Some("json.dict") },
    Target { name: "mapping", run: mapping, seeds: seeds::mappings, dictionary: Some("json.dict") },
    Target { name: "decode", run: decode, seeds: seeds::mappings, dictionary: Some("json.dict") },
    Target { name: "reports", run: reports, seeds: seeds::reports, dictionary: Some("json.dict") },
    Target { name: "v8", run: v8, seeds: seeds::v8, dictionary: Some("json.dict") },
    Target { name: "istanbul", run: istanbul, seeds: seeds::istanbul, dictionary: Some("json.dict") },
    Target { name: "formats", run: formats, seeds: seeds::formats, dictionary: Some("json.dict") },
    Target { name: "diff", run: diff, seeds: seeds::diffs, dictionary: None },
    Target { name: "bundle", run: bundle, seeds: seeds::bundles, dictionary: None },
    Target { name: "body", run: body, seeds: seeds::bodies, dictionary: Some("json.dict") },
];

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
    assert_eq!(again.continuations(), mapping.continuations(), "the continuations: {text}");
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

/// A mapping file, shown with a source of which it need not be true.
pub fn decode(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (text, source) = text.split_once('\0').unwrap_or((&text, "if (a) b();\n\n\u{1F600}\tc"));
    let Ok(mapping) = Mapping::parse(text) else { return };
    let mut shown = Vec::new();
    let _ = write_decoded(&mapping, |_| Some(source.to_owned()), &mut shown);
    assert!(mapping.is_empty() || !shown.is_empty(), "nothing is shown");
}
