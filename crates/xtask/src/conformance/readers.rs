//! Standard readers of what we write: source-map readers segment by segment, bundlers and minifiers, tree shaking.
//!
//! The reading itself is done in JavaScript, where those tools are (`conformance/readers/*.mjs`); here the texts
//! are laid out for it, together with swc's own output and map of each.

mod texts;

use std::fs;
use std::path::Path;

use super::{Length, Settle, Tally, node, packages, sources};
use crate::Failure;

const PROOF: &str = "readers";

/// The parts, each a script that prints what it counted.
const PARTS: [&str; 5] = ["maps.mjs", "composed.mjs", "bundles.mjs", "weights.mjs", "shaking.mjs"];

/// All of it each time: it takes less than two minutes.
pub(crate) fn prove(_length: Length, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    let folder = packages(PROOF)?;
    // Beside node_modules, so that plain import specifiers find the packages.
    let scripts = folder.join("scripts");
    if scripts.exists() {
        fs::remove_dir_all(&scripts)?;
    }
    copy_tree(&sources(PROOF), &scripts)?;
    texts::lay_out(&folder)?;

    let mut tally = Tally::default();
    for part in PARTS {
        let script = scripts.join(part);
        let printed = node(&folder, &[script.as_os_str(), pathlight.as_os_str()])?;
        absorb(&mut tally, &printed).map_err(|error| format!("{part}: {error}"))?;
    }
    tally.settle(PROOF, settle)
}

/// Adds what a script counted: `{ counts: [[name, n]], exceptions: [[name, n, reason]], failures: [text] }`.
fn absorb(tally: &mut Tally, printed: &[u8]) -> Result<(), Failure> {
    type Counted = (Vec<(String, u64)>, Vec<(String, u64, String)>, Vec<String>);
    let mut value: serde_json::Value = serde_json::from_slice(printed)?;
    let (counts, exceptions, failures): Counted = serde_json::from_value(serde_json::json!([
        value["counts"].take(),
        value["exceptions"].take(),
        value["failures"].take(),
    ]))?;
    counts.iter().for_each(|(name, count)| tally.add(name, *count));
    exceptions.iter().for_each(|(name, count, reason)| tally.except(name, *count, reason));
    failures.into_iter().for_each(|failure| tally.fail(failure));
    Ok(())
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
