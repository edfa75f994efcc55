//! What Closure Compiler was seen to do, entry by entry: every difference is a row of
//! `fixtures/reference/differences.tsv` with its reason, and everything else is the same.
//!
//! A case is `<case>.js` with the mapping Closure wrote for it (`<case>.mapping.txt`) and the ids that Closure's
//! output pushed when it ran (`<case>.trace.json`).

// clippy.toml allows it in tests, and the functions that tests call are tests too.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pathlight_instrument::{Input, InstrumentError, Language, Options, SourceType, instrument};
use pathlight_mapping::{IdForm, Mapping, MappingBuilder, MappingFormat, Probe, ProbeId, ProbeKind};

use crate::support::{Program, Run, fixtures, instrument_into, read_text, run_in_node, usual_options};

const DIFFERENCES: &str = "differences.tsv";

/// A case that is more than one file, in Closure's order.
const TWO_FILES: (&str, &str) = ("export-forms", "import-export.js");

/// A row of the list without its reason: case, Closure's id (or `-`), field, Closure's value, ours.
type Difference = [String; 5];

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
        // Equal headers overwrite one another in Closure's table (D11): an empty program has the last one alone.
        let closure = if text == " Types:[]\n" { Mapping::default() } else { Mapping::parse(&text).unwrap() };
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

    fn difference(&self, id: Option<ProbeId>, field: &str, closure: impl ToString, ours: impl ToString) -> Difference {
        let id = id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        [self.name.clone(), id, field.to_owned(), closure.to_string(), ours.to_string()]
    }

    fn entry_differences(&self, ours: &Mapping, pairs: &[(ProbeId, ProbeId)]) -> Vec<Difference> {
        let mut found = Vec::new();
        for (rank, (theirs_id, our_id)) in pairs.iter().enumerate() {
            let (theirs, our) = (self.closure.get(*theirs_id).unwrap(), ours.get(*our_id).unwrap());
            let id = Some(*theirs_id);
            let (their_name, our_name) = (self.closure.function_name(theirs), ours.function_name(our));
            if their_name != our_name {
                found.push(self.difference(id, "function", their_name, our_name));
            }
            if theirs.at != our.at {
                found.push(self.difference(id, "position", theirs.at, our.at));
            }
            // Ids are compared by their rank among the entries that both have: one more entry shifts all others.
            let our_rank = pairs.iter().filter(|(_, other)| other < our_id).count();
            if our_rank != rank {
                found.push(self.difference(id, "order", rank + 1, our_rank + 1));
            }
        }
        let describe = |mapping: &Mapping, probe: &Probe| {
            format!("{} {} {}", probe.kind.name(), mapping.function_name(probe), probe.at)
        };
        for (id, probe) in self.closure.probes().filter(|(id, _)| pairs.iter().all(|(theirs, _)| theirs != id)) {
            found.push(self.difference(Some(id), "missing", describe(&self.closure, probe), "-"));
        }
        for (_, probe) in ours.probes().filter(|(id, _)| pairs.iter().all(|(_, our)| our != id)) {
            found.push(self.difference(None, "extra", "-", describe(ours, probe)));
        }
        found
    }
}

fn input<'a>(name: &'a str, text: &'a str) -> Input<'a> {
    Input { name, text, language: Language::JavaScript, source_type: SourceType::Auto, map: None }
}

/// Closure's entries with ours, in Closure's order: first those that agree in all, then those that differ in
/// least. The kind and the file always agree.
fn pair(closure: &Mapping, ours: &Mapping) -> Vec<(ProbeId, ProbeId)> {
    type Agree = fn(&Key, &Key) -> bool;
    let steps: [Agree; 5] = [
        |a, b| a == b,
        |a, b| a.line == b.line && a.column == b.column,
        |a, b| a.line == b.line && a.function == b.function,
        |a, b| a.line == b.line && a.column.abs_diff(b.column) < 30,
        |a, b| a.function == b.function && a.line.abs_diff(b.line) < 2,
    ];
    let mut left: Vec<_> = ours.probes().map(|(id, probe)| (id, Key::of(ours, probe))).collect();
    let mut pairs = BTreeMap::new();
    for agree in steps {
        for (id, probe) in closure.probes() {
            let key = Key::of(closure, probe);
            let fits =
                |(_, other): &(ProbeId, Key)| (key.file, key.kind) == (other.file, other.kind) && agree(&key, other);
            if !pairs.contains_key(&id)
                && let Some(at) = left.iter().position(fits)
            {
                pairs.insert(id, left.remove(at).0);
            }
        }
    }
    pairs.into_iter().collect()
}

#[derive(PartialEq, Eq)]
struct Key<'a> {
    file: &'a str,
    kind: ProbeKind,
    function: &'a str,
    line: u32,
    column: u32,
}

impl<'a> Key<'a> {
    fn of(mapping: &'a Mapping, probe: &Probe) -> Self {
        let (file, function) = (mapping.file_name(probe), mapping.function_name(probe));
        Self { file, kind: probe.kind, function, line: probe.at.line, column: probe.at.column }
    }
}

/// Our output's pushes as Closure's ids, as far as Closure has such an entry.
fn trace_difference(case: &Case, pushed: &[ProbeId], pairs: &[(ProbeId, ProbeId)]) -> Option<Difference> {
    let closures_id = |ours: &ProbeId| pairs.iter().find(|(_, our)| our == ours).map(|(theirs, _)| *theirs);
    let ours: Vec<_> = pushed.iter().filter_map(closures_id).collect();
    let text = |ids: &[ProbeId]| ids.iter().map(ProbeId::to_string).collect::<Vec<_>>().join(" ");
    (ours != case.trace).then(|| case.difference(None, "trace", text(&case.trace), text(&ours)))
}

/// The list without comments; every row must have a reason that the comments explain.
fn listed() -> BTreeSet<Difference> {
    let text = read_text(&fixtures("reference").join(DIFFERENCES));
    let comments: Vec<_> = text.lines().filter(|line| line.starts_with('#')).collect();
    let mut rows = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = line.split('\t').collect();
        let [case, id, field, closure, ours, reason] = cells.as_slice() else { panic!("six cells are wanted: {line}") };
        let explained = comments.iter().any(|comment| comment.starts_with(&format!("# {reason}: ")));
        assert!(explained, "no comment explains the reason {reason:?}: {line}");
        rows.insert([*case, *id, *field, *closure, *ours].map(str::to_owned));
    }
    rows
}

#[test]
fn every_difference_is_listed() {
    let cases = cases();
    let mut found = BTreeSet::new();
    let mut programs = Vec::new();
    let mut alignments = Vec::new();
    for case in &cases {
        let (code, ours) = match case.instrument() {
            Ok(done) => done,
            Err(error) => {
                found.insert(case.difference(None, "refused", "-", error));
                continue;
            }
        };
        let pairs = pair(&case.closure, &ours);
        found.extend(case.entry_differences(&ours, &pairs));
        let before = case.files[0].1.clone();
        let kind = if before.contains("export ") { Run::Module } else { Run::Script };
        let name = case.name.clone();
        // Closure's output was run where `window` is the global object, and makes the array in every case.
        let setup = "var window = globalThis; globalThis.ist_arr = [];";
        programs.push(Program { name, before, after: code, kind, array: "ist_arr".into(), declared: true, setup });
        alignments.push((case, pairs));
    }
    for ((case, pairs), seen) in alignments.iter().zip(run_in_node(&programs)) {
        found.extend(trace_difference(case, &seen.trace(), pairs));
    }

    let listed = listed();
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
