//! Proofs that are judged in JavaScript, where the judges are: scripts that print what they counted.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Settle, Tally, node, packages, sources};
use crate::{Failure, cores};

/// What several proofs need: what scripts count with, and a hook of Node's. They stand beside the proofs' folders.
const SHARED: [&str; 2] = ["tally.mjs", "resolver.mjs"];

/// A proof that is one script, `judge.mjs`, and takes less than a minute.
pub(super) fn prove(proof: &str, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    let folder = packages(proof)?;
    let scripts = lay_out(proof, &folder)?;
    let tally = cores::on_core(|| run(&folder, &scripts.join("judge.mjs"), pathlight, &[]))?;
    tally.settle(proof, settle)
}

/// Copies a proof's scripts to `folder`, beside node_modules, so that plain import specifiers find the packages; and
/// what is shared.
pub(super) fn lay_out(proof: &str, folder: &Path) -> Result<PathBuf, Failure> {
    let scripts = folder.join("scripts");
    if scripts.exists() {
        fs::remove_dir_all(&scripts)?;
    }
    copy_tree(&sources(proof), &scripts)?;
    for shared in SHARED {
        fs::copy(sources(shared), scripts.join(shared))?;
    }
    Ok(scripts)
}

/// Runs a script in `folder`, with the path of `pathlight` and `args`; what it counted, which it prints as
/// `{ counts: [[name, n]], exceptions: [[name, n, reason]], failures: [text] }`.
pub(super) fn run(folder: &Path, script: &Path, pathlight: &Path, args: &[&str]) -> Result<Tally, Failure> {
    let mut all: Vec<_> = ["--no-warnings", "--experimental-vm-modules"].map(OsStr::new).into();
    all.extend([script.as_os_str(), pathlight.as_os_str()]);
    all.extend(args.iter().map(OsStr::new));
    let printed = node(folder, &all)?;
    counted(&printed).map_err(|error| format!("{}: {error}", script.display()).into())
}

fn counted(printed: &[u8]) -> Result<Tally, Failure> {
    type Counted = (Vec<(String, u64)>, Vec<(String, u64, String)>, Vec<String>);
    let mut value: serde_json::Value = serde_json::from_slice(printed)?;
    let (counts, exceptions, failures): Counted = serde_json::from_value(serde_json::json!([
        value["counts"].take(),
        value["exceptions"].take(),
        value["failures"].take(),
    ]))?;
    let mut tally = Tally::default();
    counts.iter().for_each(|(name, count)| tally.add(name, *count));
    exceptions.iter().for_each(|(name, count, reason)| tally.except(name, *count, reason));
    failures.into_iter().for_each(|failure| tally.fail(failure));
    Ok(tally)
}

fn copy_tree(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
