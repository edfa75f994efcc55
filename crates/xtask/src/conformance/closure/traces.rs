//! Generated programs: where Closure Compiler takes one, a run of its output pushes what a run of ours does, one push
//! after another.

use std::fs;
use std::path::Path;

use super::accepted::{self, Found};
use super::cases::{self, Case};
use super::compare::Comparison;
use super::compiler::Compiler;
use super::judge::{self, Judged, Run, Verdict};
use crate::conformance::tally::Tally;
use crate::conformance::{Length, Settle, packages, random};
use crate::{Failure, cores};

/// Programs of the short run, and of the long one.
const SHORT: u64 = 100;
const LONG: u64 = 2_000;

/// Programs that are compiled and then run at once.
const BATCH: usize = 100;

/// What Closure Compiler does not take of valid programs, by its own name for the error.
const REFUSALS: [(&str, &str); 9] = [
    (
        "JSC_PARSE_ERROR",
        "`new.target` in a field, `await` and `yield` in an inner function's parameters: engines take them.",
    ),
    ("JSC_DUPLICATE_MEMBER", "two members of one name, which a class and an object may have."),
    ("JSC_SUPER_CALL_IN_ARROW", "`super()` in an arrow."),
    ("JSC_INVALID_SUPER_ACCESS", "`super` in a field whose name is computed."),
    ("JSC_MISSING_CALL_TO_SUPER", "an error of the run, if the constructor is called at all."),
    ("JSC_REASSIGNED_CONSTANT", "an error of the run, which the program may catch."),
    ("JSC_THIS_BEFORE_SUPER", "an error of the run, which the program may catch."),
    ("JSC_SUPER_ACCESS_BEFORE_SUPER_CONSTRUCTOR", "an error of the run, which the program may catch."),
    ("INTERNAL", "the compiler crashes."),
];

/// Closure takes the directive for its own and prints none.
const DIRECTIVE: &str = "'use strict';\n";

pub(in crate::conformance) fn prove(length: Length, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    let (seeds, name) = match length {
        Length::Short => (SHORT, "traces"),
        Length::Long => (LONG, "traces-long"),
    };
    let packages = packages("closure")?;
    let compiler = Compiler::find(&packages)?;
    let folder = judge::fresh_folder(packages.join("traces"))?;
    let realm = random::realm()?;
    let setup = format!("{}((line) => console.log(line));", realm.trim_end().trim_end_matches(';'));
    let seeds: Vec<u64> = (0..seeds).collect();
    let mut tally = Tally::default();
    for name in ["programs", "compiled by both", "pushes compared", "equal traces"] {
        tally.add(name, 0);
    }
    for seeds in seeds.chunks(BATCH) {
        let cases: Vec<Case> = seeds.iter().map(|seed| cases::generated(*seed, &setup)).collect();
        let verdicts = cores::on_all(&cases, |case| judge::judge(case, &folder, &compiler, pathlight))?;
        compare_all(&cases, verdicts, &folder, &mut tally)?;
    }
    tally.settle(name, settle)
}

fn compare_all(cases: &[Case], verdicts: Vec<Verdict>, folder: &Path, tally: &mut Tally) -> Result<(), Failure> {
    let mut judged = Vec::new();
    for (case, verdict) in cases.iter().zip(verdicts) {
        tally.add("programs", 1);
        match verdict {
            Verdict::Both(mut both) => {
                both.closure_code.insert_str(0, DIRECTIVE);
                judged.push((case, both));
            }
            Verdict::WeRefuse(message) => tally.fail(format!("seed {}: {message}", case.name)),
            Verdict::ClosureRefuses(refusal) => match REFUSALS.iter().find(|(class, _)| *class == refusal.class) {
                Some((class, reason)) => tally.except(&format!("refused by Closure, {class}"), 1, reason),
                None => tally.fail(format!("seed {}: {}: {}", case.name, refusal.class, refusal.message)),
            },
        }
    }
    let judged: Vec<_> = judged.iter().map(|(case, judged)| (*case, &**judged)).collect();
    for ((case, judged), (closure, ours)) in judged.iter().zip(super::run_all(&judged)?.iter().flatten()) {
        compare(case, judged, (closure, ours), folder, tally)?;
    }
    Ok(())
}

fn compare(case: &Case, judged: &Judged, runs: (&Run, &Run), folder: &Path, tally: &mut Tally) -> Result<(), Failure> {
    let (closure, ours) = runs;
    let comparison = Comparison::of_places(&judged.closure, &judged.ours);
    tally.add("compiled by both", 1);
    if closure.pushed.is_empty() && closure.after["error"].as_str().is_some_and(|it| it.starts_with("SyntaxError")) {
        tally.except("output of Closure's", 1, "no engine takes it, where it takes the program.");
        return Ok(());
    }
    tally.add("pushes compared", comparison.shared(&closure.pushed).count() as u64);
    let Some(difference) = comparison.trace(&closure.pushed, &ours.pushed) else {
        tally.add("equal traces", 1);
        return Ok(());
    };
    let found = Found { case, judged, comparison: &comparison, runs: Some(runs), difference: &difference };
    // What the program does, ours does; but an error's message may quote a function's text.
    let rule = accepted::rule(&found).filter(|rule| match rule.name {
        "D2" => true,
        "CHANGED" => ours.before == ours.after,
        _ => false,
    });
    match rule {
        Some(rule) => tally.except(&format!("trace, {}", rule.name), 1, rule.reason),
        None => {
            let folder = folder.join(&case.name);
            fs::write(folder.join("output.js"), &judged.our_code)?;
            tally.fail(format!("seed {}: the traces differ: see {}", case.name, folder.display()));
        }
    }
    Ok(())
}
