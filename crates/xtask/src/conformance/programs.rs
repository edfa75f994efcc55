//! Real programs, before and after, counted by V8.
//!
//! Each driver in `crates/xtask/conformance/programs` has a package from npm do real work. The drivers and all of
//! `node_modules` are instrumented, once with each form of ids; what a driver prints, and how it ends, must be the
//! same in all three trees. While the instrumented ones run, V8 counts too (`oracle.cjs`).

mod oracle;
mod trees;

use std::path::Path;
use std::process::Output;

use super::tally::Tally;
use super::{Length, Settle};
use crate::{Failure, cores};
use oracle::{Findings, Judge};
use trees::{Trees, Variant};

/// All of it takes about as long as getting the packages, so every run is a full one.
pub(crate) fn prove(_length: Length, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    let mut tally = Tally::default();
    let trees = Trees::make(pathlight, &mut tally)?;
    let programs = trees.programs()?;
    tally.add("programs", programs.len() as u64);
    let proofs = cores::on_all(&programs, |program| Ok(Proof::of(&trees, program)?))?;

    let judges: Vec<_> = trees.variants().iter().map(Judge::new).collect::<Result<_, _>>()?;
    let mut hits = 0;
    for (program, proof) in programs.iter().zip(proofs) {
        tally.add("outputs equal to the original's", 0);
        for (run, judge) in proof.instrumented.iter().zip(&judges) {
            match difference(&proof.plain, &run.output) {
                None if proof.plain.status.success() => tally.add("outputs equal to the original's", 1),
                None => tally.fail(format!("{program}: {}", String::from_utf8_lossy(&proof.plain.stderr))),
                Some(what) => tally.fail(format!("{program}, {}: {what}", judge.variant())),
            }
            judge.compare(program, &run.findings, &mut tally);
            hits += run.findings.hits;
        }
    }
    tally.add("million hits, rounded down", hits / HIT_STEP * HIT_STEP / 1_000_000);
    tally.settle("programs", settle)
}

/// What differs from run to run is far less.
const HIT_STEP: u64 = 10_000_000;

/// One program in all trees.
struct Proof {
    plain: Output,
    /// In the order of the variants.
    instrumented: Vec<Run>,
}

struct Run {
    output: Output,
    findings: Findings,
}

impl Proof {
    fn of(trees: &Trees, program: &str) -> Result<Self, String> {
        let plain = trees.plain(program).output().map_err(|error| format!("node: {error}"))?;
        let instrumented = trees.variants().iter().map(|variant| Run::of(trees, variant, program));
        Ok(Self { plain, instrumented: instrumented.collect::<Result<_, _>>()? })
    }
}

impl Run {
    fn of(trees: &Trees, variant: &Variant, program: &str) -> Result<Self, String> {
        let path = variant.findings(program);
        let _ = std::fs::remove_file(&path);
        let output = trees.instrumented(variant, program).output().map_err(|error| format!("node: {error}"))?;
        let findings = Findings::read(&path).map_err(|error| {
            format!("{program}, {}: {error}\n{}", variant.name, String::from_utf8_lossy(&output.stderr))
        })?;
        Ok(Self { output, findings })
    }
}

/// What a program does otherwise than the original, in one line.
fn difference(plain: &Output, instrumented: &Output) -> Option<String> {
    if plain.status != instrumented.status {
        let stderr = String::from_utf8_lossy(&instrumented.stderr);
        return Some(format!("{} became {}: {stderr}", plain.status, instrumented.status));
    }
    let streams = [("stdout", &plain.stdout, &instrumented.stdout), ("stderr", &plain.stderr, &instrumented.stderr)];
    streams.into_iter().find(|(_, before, after)| before != after).map(|(name, before, after)| {
        let [before, after] = [before, after].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let lines = before.lines().zip(after.lines()).find(|(before, after)| before != after);
        let (before, after) = lines.unwrap_or(("(end)", "(more or less lines)"));
        format!("{name}: `{before}` became `{after}`")
    })
}
