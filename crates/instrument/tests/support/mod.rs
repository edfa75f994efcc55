//! What the tests share: cases on disk, a case instrumented, and Node to run it.

// Every test binary uses its own part of this.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pathlight_instrument::{
    CheckError, FileKind, Granularity, Input, InputMap, Options, SourceType, check, instrument,
};
use pathlight_mapping::{IdForm, Mapping, MappingBuilder, ProbeId};
use serde::{Deserialize, Serialize};

/// `fixtures/<name>` of the workspace.
pub(crate) fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// The folders in `folder`, in sorted order.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// Last part of a path.
pub(crate) fn file_name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// A folder with an `input.*`, its `input.*.map` if a compiler made it, and, if it needs other options than the usual ones, an `options.json`; `hits.json`
/// says how often each probe is hit when the program runs once (probes that it does not name: never).
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) folder: PathBuf,
    /// `<site>/<case>`, or the folder's name alone.
    pub(crate) name: String,
    /// `input.js`: its name in the mapping too.
    pub(crate) file: String,
    /// Without BOM.
    pub(crate) text: String,
    pub(crate) map: Option<InputMap>,
    pub(crate) options: CaseOptions,
    pub(crate) hits: Option<BTreeMap<String, u64>>,
}

/// `options.json`: what differs from `pathlight instrument FILE`.
#[derive(Clone, Default, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CaseOptions {
    pub(crate) array: Option<String>,
    pub(crate) declare: Option<bool>,
    pub(crate) may_use_array: bool,
    pub(crate) granularity: CaseGranularity,
    pub(crate) ids: CaseIds,
    pub(crate) source_type: Option<CaseSource>,
    /// How Node runs it; by default as the extension says, and nothing but JavaScript.
    pub(crate) run: Option<Run>,
}

#[derive(Clone, Copy, Default, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CaseGranularity {
    Function,
    #[default]
    Branch,
}

#[derive(Clone, Copy, Default, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CaseIds {
    #[default]
    Vlq,
    Number,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CaseSource {
    Module,
    Script,
    CommonJs,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Run {
    /// Not at all: no engine takes it as it is.
    No,
    Script,
    Module,
    CommonJs,
}

/// A case with its probes.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: String,
    pub(crate) mapping: Mapping,
}

impl Case {
    pub(crate) fn read(folder: &Path, name: String) -> Self {
        let inputs: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|file| file.starts_with("input.") && !file.ends_with(".map"))
            .collect();
        let [file] = inputs.as_slice() else { panic!("{name}: one input.* is wanted, not {inputs:?}") };
        let text = read_text(&folder.join(file));
        let json = |file: &str| fs::read_to_string(folder.join(file)).ok();
        let options = json("options.json")
            .map(|text| serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}/options.json: {error}")));
        let hits = json("hits.json")
            .map(|text| serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}/hits.json: {error}")));
        let map = fs::read(folder.join(format!("{file}.map"))).ok();
        let map = map.map(|json| InputMap::parse(&json, ToOwned::to_owned).unwrap());
        let folder = folder.to_owned();
        Self { folder, name, map, file: file.clone(), text, options: options.unwrap_or_default(), hits }
    }

    pub(crate) fn id_form(&self) -> IdForm {
        match self.options.ids {
            CaseIds::Vlq => IdForm::Vlq,
            CaseIds::Number => IdForm::Number,
        }
    }

    fn kind(&self) -> FileKind {
        FileKind::of(&self.file).unwrap_or_else(|| panic!("{}: {} is no program", self.name, self.file))
    }

    pub(crate) fn instrument(&self, ids: IdForm) -> Done {
        let mut mapping = MappingBuilder::new();
        let code = instrument_into(&mut mapping, self.input(), &self.library_options(), ids);
        Done { code, mapping: mapping.build() }
    }

    /// Checks a code that was made of this case with the mapping of `done`.
    pub(crate) fn check(&self, code: &str, done: &Done, ids: IdForm) -> Result<(), CheckError> {
        let entries: Vec<_> = done.mapping.probes().map(|(id, probe)| (id, *probe)).collect();
        check(self.input(), &self.library_options(), code, ids, &entries)
    }

    fn library_options(&self) -> Options {
        let mut options = usual_options();
        if let Some(array) = &self.options.array {
            options.array.clone_from(array);
        }
        options.declare = self.options.declare.unwrap_or(options.declare);
        options.may_use_array = self.options.may_use_array;
        options.granularity = match self.options.granularity {
            CaseGranularity::Function => Granularity::Function,
            CaseGranularity::Branch => Granularity::Branch,
        };
        options
    }

    /// The text of the file that the mapping names, if it is known.
    pub(crate) fn original(&self, file: &str) -> Option<String> {
        match &self.map {
            Some(map) => map.sources().iter().find(|source| source.name == file)?.content.clone(),
            None => Some(self.text.clone()),
        }
    }

    pub(crate) fn input(&self) -> Input<'_> {
        let kind = self.kind();
        let source_type = self.options.source_type.map_or(kind.source_type, |source| match source {
            CaseSource::Module => SourceType::Module,
            CaseSource::Script => SourceType::Script,
            CaseSource::CommonJs => SourceType::CommonJs,
        });
        Input { name: &self.file, text: &self.text, language: kind.language, source_type, map: self.map.as_ref() }
    }

    pub(crate) fn array(&self) -> &str {
        self.options.array.as_deref().unwrap_or("ist_arr")
    }

    pub(crate) fn run(&self) -> Run {
        let by_extension = match self.file.rsplit_once('.').unwrap().1 {
            "js" => match self.options.source_type {
                None | Some(CaseSource::Script) => Run::Script,
                Some(CaseSource::Module) => Run::Module,
                Some(CaseSource::CommonJs) => Run::CommonJs,
            },
            "mjs" => Run::Module,
            "cjs" => Run::CommonJs,
            _ => Run::No,
        };
        self.options.run.unwrap_or(by_extension)
    }

    /// The case as the runner wants it.
    pub(crate) fn program(&self, done: &Done) -> Program {
        Program {
            name: self.name.clone(),
            before: self.text.clone(),
            after: done.code.clone(),
            kind: self.run(),
            array: self.array().to_owned(),
            declared: self.options.declare.unwrap_or(true) && !done.mapping.is_empty(),
            setup: "",
        }
    }
}

/// The options of `pathlight instrument FILE`.
pub(crate) fn usual_options() -> Options {
    Options::default()
}

/// Instruments one more file of a build, and checks it; returns its code.
pub(crate) fn instrument_into(
    mapping: &mut MappingBuilder,
    input: Input<'_>,
    options: &Options,
    ids: IdForm,
) -> String {
    let done = instrument(input, options).unwrap_or_else(|error| panic!("{}: {error}", input.name));
    let first = done.register(input, mapping).unwrap();
    let code = String::from_utf8(done.finish(input, first, ids, None).code).unwrap();
    check(input, options, &code, ids, mapping.probes_from(first))
        .unwrap_or_else(|error| panic!("{}: {error}", input.name));
    code
}

/// A file's text without BOM.
pub(crate) fn read_text(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}

/// What the runner reads.
#[derive(Debug, Serialize)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) kind: Run,
    pub(crate) array: String,
    /// Whether the code makes the array itself.
    pub(crate) declared: bool,
    /// Script that runs first.
    pub(crate) setup: &'static str,
}

/// What the runner saw.
#[derive(Debug, Deserialize)]
pub(crate) struct Observed {
    pub(crate) name: String,
    pub(crate) before: Observation,
    pub(crate) after: Observation,
    /// The ids in the order pushed.
    pub(crate) pushed: Vec<serde_json::Value>,
}

/// Everything that a user of the program could see.
#[derive(PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct Observation {
    /// Lines printed, an uncaught error last.
    pub(crate) printed: Vec<String>,
    /// The value of a script; the exported names and values of a module.
    pub(crate) value: String,
    /// Kind and message of what was thrown.
    pub(crate) error: Option<String>,
}

impl Observed {
    /// How often each id was pushed, spelled as VLQ.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for id in self.trace() {
            *counts.entry(id.to_string()).or_default() += 1;
        }
        counts
    }

    pub(crate) fn trace(&self) -> Vec<ProbeId> {
        let id = |pushed: &serde_json::Value| match pushed {
            serde_json::Value::String(text) => text.parse().ok(),
            number => ProbeId::new(u32::try_from(number.as_u64()?).ok()?),
        };
        self.pushed
            .iter()
            .map(|pushed| id(pushed).unwrap_or_else(|| panic!("{}: pushed {pushed}", self.name)))
            .collect()
    }
}

/// Runs every program, before and after, in one Node process.
pub(crate) fn run_in_node(programs: &[Program]) -> Vec<Observed> {
    let runner = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run.mjs");
    let mut node = Command::new("node")
        .args(["--no-warnings", "--experimental-vm-modules"])
        .arg(runner)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("these tests run programs in Node 20 or later, and `node` does not start: {error}")
        });
    let request = serde_json::to_vec(programs).unwrap();
    node.stdin.take().unwrap().write_all(&request).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "the runner itself failed; what it said stands above");
    let seen: Vec<Observed> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(seen.len(), programs.len(), "the runner lost a program");
    seen
}
