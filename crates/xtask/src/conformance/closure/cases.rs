//! Every JavaScript program among the fixtures, as Closure Compiler and pathlight are given it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::conformance::random;
use crate::{Failure, workspace};

/// A program that is compiled and, if Node takes it as it is, run.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Folder below `fixtures`, or `reference/<case>`.
    pub(crate) name: String,
    /// Name and text of its files, in Closure's order.
    pub(crate) files: Vec<(String, String)>,
    /// Name of the array.
    pub(crate) array: String,
    /// Whether the program itself uses the array.
    pub(crate) may_use_array: bool,
    /// The value of `--source-type`.
    pub(crate) source_type: &'static str,
    /// `script`, `module` or `commonjs`; `None` if no engine takes it.
    pub(crate) run: Option<&'static str>,
    /// What is run before it.
    pub(crate) setup: String,
}

/// Some reference cases use `window`.
const SETUP: &str = "var window = globalThis;";

/// Extensions that Closure Compiler reads.
const EXTENSIONS: [&str; 3] = ["js", "mjs", "cjs"];

/// A reference case that is more than one file, in Closure's order.
const TWO_FILES: (&str, &str) = ("export-forms", "import-export.js");

impl Case {
    /// The text of its first file, without BOM.
    pub(crate) fn text(&self) -> &str {
        let text = self.files[0].1.as_str();
        text.strip_prefix('\u{feff}').unwrap_or(text)
    }

    fn fixture(name: String, file: &Path) -> Result<Self, Failure> {
        let options = file.with_file_name("options.json");
        let options = match options.exists() {
            true => serde_json::from_str(&fs::read_to_string(options)?)?,
            false => Value::Null,
        };
        let by_extension = match file.extension().and_then(|extension| extension.to_str()) {
            Some("mjs") => "module",
            Some("cjs") => "commonjs",
            _ => "script",
        };
        let source_type = match options["source_type"].as_str() {
            Some("module") => "module",
            Some("commonjs") => "commonjs",
            Some("script") => "script",
            _ => "auto",
        };
        let run = match (options["run"].as_str(), source_type) {
            (Some("no"), _) => None,
            (None, "auto") => Some(by_extension),
            (None, source_type) => Some(source_type),
            (Some(other), _) => return Err(format!("{name}: options.json runs it as {other}").into()),
        };
        let (file_name, mut text) = read(file)?;
        if name.starts_with("hints/") {
            text = without_hints(&text);
        }
        let array = options["array"].as_str().unwrap_or("ist_arr").to_owned();
        let may_use_array = options["may_use_array"].as_bool().unwrap_or(false);
        Ok(Self { name, files: vec![(file_name, text)], array, may_use_array, source_type, run, setup: SETUP.into() })
    }

    fn reference(folder: &Path, name: &str) -> Result<Self, Failure> {
        let mut files = vec![read(&folder.join(format!("{name}.js")))?];
        if name == TWO_FILES.0 {
            files.push(read(&folder.join(TWO_FILES.1))?);
        }
        let is_module = files[0].1.contains("export ");
        Ok(Self {
            name: format!("reference/{name}"),
            files,
            array: "ist_arr".into(),
            may_use_array: true,
            source_type: "auto",
            run: Some(if is_module { "module" } else { "script" }),
            setup: SETUP.into(),
        })
    }
}

/// A generated script, behind the one that makes its realm.
pub(crate) fn generated(seed: u64, setup: &str) -> Case {
    Case {
        name: seed.to_string(),
        files: vec![("input.js".into(), random::script_for_closure(seed))],
        array: "ist_arr".into(),
        may_use_array: false,
        source_type: "script",
        run: Some("script"),
        setup: setup.to_owned(),
    }
}

/// The constructs, the programs and the hints.
pub(crate) fn fixtures() -> Result<Vec<Case>, Failure> {
    let root = workspace().join("fixtures");
    let mut cases = Vec::new();
    let mut folders = vec![root.join("hints"), root.join("programs")];
    folders.extend(entries(&root.join("constructs"))?);
    for folder in folders {
        for case in entries(&folder)? {
            let input =
                EXTENSIONS.iter().map(|extension| case.join(format!("input.{extension}"))).find(|file| file.exists());
            let Some(input) = input else { continue };
            let name = case.strip_prefix(&root)?.to_string_lossy().into_owned();
            cases.push(Case::fixture(name, &input)?);
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

/// The cases whose answers are recorded.
pub(crate) fn reference() -> Result<Vec<Case>, Failure> {
    let folder = workspace().join("fixtures/reference");
    let mut cases = Vec::new();
    for path in entries(&folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(name) = name.strip_suffix(".mapping.txt") {
            cases.push(Case::reference(&folder, name)?);
        }
    }
    Ok(cases)
}

/// A file's name and text.
fn read(path: &Path) -> Result<(String, String), Failure> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text))
}

/// Closure knows no hints, so that both compilers get the program with each hint misspelled, which moves nothing.
fn without_hints(text: &str) -> String {
    text.replace("ignore", "ignora").replace("@nocoverage", "@nocoveraga").replace("node:coverage", "node:coveraga")
}

/// What is in a folder, in sorted order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, Failure>>()?;
    found.sort();
    Ok(found)
}
