//! Both compilers over a case, and the program run three ways: as it is, with Closure's probes and with ours.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pathlight_mapping::{Mapping, ProbeId};
use serde_json::{Value, json};

use super::cases::Case;
use super::compare::read_closure;
use super::compiler::{Compiled, Compiler, Refusal};
use crate::{Failure, workspace};

/// A case that both compilers took.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) closure_code: String,
    pub(crate) closure: Mapping,
    pub(crate) our_code: String,
    /// Read from `--mapping-format closure`.
    pub(crate) ours: Mapping,
    /// The same entries with their extents.
    pub(crate) extents: Mapping,
}

/// What the compilers said to a case.
#[derive(Debug)]
pub(crate) enum Verdict {
    Both(Box<Judged>),
    ClosureRefuses(Refusal),
    /// And why.
    WeRefuse(String),
}

/// What a run did.
#[derive(Debug)]
pub(crate) struct Run {
    /// What a user of the program could see, before and after.
    pub(crate) before: Value,
    pub(crate) after: Value,
    pub(crate) pushed: Vec<ProbeId>,
}

/// What the compilers say to a case, whose files go below `folder`.
pub(crate) fn judge(case: &Case, folder: &Path, compiler: &Compiler, pathlight: &Path) -> Result<Verdict, Failure> {
    let folder = prepare(case, folder)?;
    let (our_code, ours) = match instrument(case, &folder, pathlight, "closure")? {
        Ok(done) => done,
        Err(message) => return Ok(Verdict::WeRefuse(message)),
    };
    let (_, extents) = instrument(case, &folder, pathlight, "pathlight")??;
    let compiled = match closure(case, &folder, compiler)? {
        Ok(compiled) => compiled,
        Err(refusal) => return Ok(Verdict::ClosureRefuses(refusal)),
    };
    let closure = read_closure(&compiled.mapping)?;
    Ok(Verdict::Both(Box::new(Judged { closure_code: compiled.code, closure, our_code, ours, extents })))
}

/// The externs that declare a case's array.
const EXTERNS: &str = "externs.js";

/// A folder with the case's files.
pub(crate) fn prepare(case: &Case, folder: &Path) -> Result<PathBuf, Failure> {
    let folder = folder.join(&case.name);
    fs::create_dir_all(&folder)?;
    for (name, text) in &case.files {
        fs::write(folder.join(name), text)?;
    }
    let externs = format!("/** @externs */\n/** @const {{!Array<string>}} */\nvar {};\n", case.array);
    fs::write(folder.join(EXTERNS), externs)?;
    Ok(folder)
}

/// What Closure makes of a prepared case.
pub(crate) fn closure(case: &Case, folder: &Path, compiler: &Compiler) -> Result<Result<Compiled, Refusal>, Failure> {
    let names: Vec<_> = case.files.iter().map(|(name, _)| name.as_str()).collect();
    compiler.instrument(folder, &names, &case.array, EXTERNS)
}

/// Runs `pathlight instrument`: the code of all files and the mapping, or what it said.
fn instrument(
    case: &Case,
    folder: &Path,
    pathlight: &Path,
    format: &str,
) -> Result<Result<(String, Mapping), String>, Failure> {
    let mapping = format!("{format}-format.mapping");
    let mut command = Command::new(pathlight);
    // Closure follows no source map, so neither do we here.
    command.current_dir(folder).args(["instrument", "--quiet", "--no-input-source-maps", "--no-ignore"]);
    command.args(["--out-file", "-", "--mapping", &mapping, "--mapping-format", format, "--array-name", &case.array]);
    command.args(["--source-type", case.source_type]);
    if case.may_use_array {
        command.args(["--externs", EXTERNS]);
    }
    let output = command.args(case.files.iter().map(|(name, _)| name)).output()?;
    if !output.status.success() {
        return Ok(Err(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let code = String::from_utf8(output.stdout)?;
    let code = code.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(code);
    Ok(Ok((code, Mapping::parse(&fs::read_to_string(folder.join(mapping))?)?)))
}

/// A program for the runner of the tests: `after` is run with an array called `array` and compared with `before`.
pub(crate) fn program(case: &Case, before: &str, after: &str) -> Option<Value> {
    Some(json!({
        "name": case.name,
        "before": before,
        "after": after,
        "kind": case.run?,
        "array": case.array,
        "declared": true,
        "setup": case.setup,
    }))
}

/// Closure's output with its array where the runner finds it, whatever the kind of the program.
pub(crate) fn with_global_array(code: &str, array: &str) -> Result<String, Failure> {
    let declaration = format!("var {array} = [];\n");
    match code.split_once(&declaration) {
        Some((head, rest)) => Ok(format!("{head}globalThis.{array} = [];\n{rest}")),
        None => Err(format!("Closure's output lacks `{}`", declaration.trim_end()).into()),
    }
}

/// Runs all of them in one Node process.
pub(crate) fn run(programs: &[Value]) -> Result<Vec<Run>, Failure> {
    let runner = workspace().join("crates/instrument/tests/run.mjs");
    let mut node = Command::new("node")
        .args(["--no-warnings", "--experimental-vm-modules"])
        .arg(runner)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = node.stdin.take().ok_or("Node has no standard input")?;
    input.write_all(&serde_json::to_vec(programs)?)?;
    drop(input);
    let output = node.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("the runner failed: {}", output.status).into());
    }
    let seen: Vec<Value> = serde_json::from_slice(&output.stdout)?;
    if seen.len() != programs.len() {
        return Err("the runner lost a program".into());
    }
    seen.into_iter().map(read_run).collect()
}

fn read_run(mut seen: Value) -> Result<Run, Failure> {
    let pushed = seen["pushed"].as_array().ok_or("the runner names no ids")?;
    let id = |pushed: &Value| pushed.as_str().and_then(|id| id.parse().ok()).ok_or_else(|| format!("pushed {pushed}"));
    let pushed = pushed.iter().map(id).collect::<Result<_, _>>()?;
    Ok(Run { before: seen["before"].take(), after: seen["after"].take(), pushed })
}

/// An empty folder for this run's files.
pub(crate) fn fresh_folder(path: PathBuf) -> Result<PathBuf, Failure> {
    if path.exists() {
        fs::remove_dir_all(&path)?;
    }
    fs::create_dir_all(&path)?;
    Ok(path)
}
