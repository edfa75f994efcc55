//! What Closure Compiler was seen to do, entry by entry: every difference is a row of
//! `fixtures/reference/differences.tsv` with its reason, and everything else is the same.
//!
//! A case is `<case>.js` with the mapping Closure wrote for it (`<case>.mapping.txt`) and the ids that Closure's
//! output pushed when it ran (`<case>.trace.json`); `cargo xtask conformance closure` records them.

// clippy.toml allows it in tests, and the functions that tests call are tests too.
#![allow(clippy::unwrap_used)]

// The proof `closure` compares by the same rules, and uses more of them.
#[path = "../../xtask/src/conformance/closure/compare.rs"]
#[allow(dead_code)]
mod compare;
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pathlight_instrument::{Input, InstrumentError, Language, Options, SourceType, instrument};
use pathlight_mapping::{IdForm, Mapping, MappingBuilder, MappingFormat, ProbeId};

use crate::compare::{Comparison, Row, read_closure, read_list};
use crate::support::{Program, Run, fixtures, instrument_into, read_text, run_in_node, usual_options};

const DIFFERENCES: &str = "differences.tsv";

/// A case that is more than one file, in Closure's order.
const TWO_FILES: (&str, &str) = ("export-forms", "import-export.js");

struct Case {
    name: String,
    /// Name and text.
    files: Vec<(String, String)>,
    closure: Mapping,
    /// The ids that Closure's output pushed.
    trace: Vec<ProbeId>,
}

fn cases() -> Vec<Case> {
    let folder = fixtures("reference");
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".mapping.txt").map(str::to_owned))
        .collect();
    names.sort();
    names.into_iter().map(|name| Case::read(&folder, name)).collect()
}

impl Case {
    fn read(folder: &Path, name: String) -> Self {
        let mut files = vec![format!("{name}.js")];
        files.extend((name == TWO_FILES.0).then(|| TWO_FILES.1.to_owned()));
        let files = files.into_iter().map(|file| (file.clone(), read_text(&folder.join(file)))).collect();
        let text = read_text(&folder.join(format!("{name}.mapping.txt")));
        let closure = read_closure(&text).unwrap();
        let trace = read_text(&folder.join(format!("{name}.trace.json")));
        let trace: Vec<String> = serde_json::from_str(&trace).unwrap();
        let trace = trace.iter().map(|id| id.parse().unwrap()).collect();
        Self { name, files, closure, trace }
    }

    fn options(&self) -> Options {
        Options { may_use_array: true, ..usual_options() }
    }

    /// The code of the first file and the mapping, or why there is none.
    fn instrument(&self) -> Result<(String, Mapping), InstrumentError> {
        let mut mapping = MappingBuilder::new();
        let mut codes = Vec::new();
        for (name, text) in &self.files {
            let input = input(name, text);
            instrument(input, &self.options())?;
            codes.push(instrument_into(&mut mapping, input, &self.options(), IdForm::Vlq));
        }
        Ok((codes.swap_remove(0), mapping.build()))
    }
}

fn input<'a>(name: &'a str, text: &'a str) -> Input<'a> {
    Input { name, text, language: Language::JavaScript, source_type: SourceType::Auto, map: None }
}

#[test]
fn every_difference_is_listed() {
    let cases = cases();
    let mut found: BTreeSet<Row> = BTreeSet::new();
    let mut programs = Vec::new();
    let mut instrumented = Vec::new();
    for case in &cases {
        let (code, ours) = match case.instrument() {
            Ok(done) => done,
            Err(error) => {
                found.insert([&case.name, "-", "refused", "-", &error.to_string()].map(str::to_owned));
                continue;
            }
        };
        let before = case.files[0].1.clone();
        let kind = if before.contains("export ") { Run::Module } else { Run::Script };
        let name = case.name.clone();
        // Closure's output was run where `window` is the global object, and makes the array in every case.
        let setup = "var window = globalThis; globalThis.ist_arr = [];";
        programs.push(Program { name, before, after: code, kind, array: "ist_arr".into(), declared: true, setup });
        instrumented.push((case, ours));
    }
    for ((case, ours), seen) in instrumented.iter().zip(run_in_node(&programs)) {
        let comparison = Comparison::new(&case.closure, ours);
        let differences = comparison.entries().into_iter().chain(comparison.trace(&case.trace, &seen.trace()));
        found.extend(differences.map(|difference| difference.row(&case.name)));
    }

    let listed = read_list(&read_text(&fixtures("reference").join(DIFFERENCES))).unwrap();
    let listed: BTreeSet<_> = listed.into_keys().collect();
    let unlisted: Vec<_> = found.difference(&listed).map(|row| format!("{}\t?", row.join("\t"))).collect();
    let stale: Vec<_> = listed.difference(&found).map(|row| row.join("\t")).collect();
    assert!(
        unlisted.is_empty() && stale.is_empty(),
        "not in {DIFFERENCES}:\n{}\n\nin {DIFFERENCES}, but no difference any more:\n{}",
        unlisted.join("\n"),
        stale.join("\n"),
    );
}

/// The mapping on Closure's wiki page, made from the two files of its example.
#[test]
fn wiki_mapping_byte_for_byte() {
    let folder = fixtures("reference").join("wiki");
    let options = Options { may_use_array: true, ..usual_options() };
    let mut mapping = MappingBuilder::new();
    for name in ["fib.js", "InstrumentCode.js"] {
        let text = read_text(&folder.join(name));
        instrument_into(&mut mapping, input(name, &text), &options, IdForm::Vlq);
    }
    let mut ours = Vec::new();
    mapping.build().write(MappingFormat::Closure, &mut ours).unwrap();
    let published = read_text(&folder.join("wiki-published.mapping.txt"));
    // The page lost the space before each header, and has the name that Closure gives a goog.module's function.
    let expected = published
        .replace("module$contents$instrument$code_instrumentCode", "instrumentCode")
        .replace("FileNames:", " FileNames:")
        .replace("FunctionNames:", " FunctionNames:")
        .replace("Types:", " Types:");
    assert_eq!(String::from_utf8(ours).unwrap(), expected);
}
