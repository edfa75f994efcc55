//! Closure Compiler as judge: its entries against ours, its traces against ours, its reporters over our mapping and
//! against `pathlight report`, and its optimiser over our output.
//!
//! The compiler is the native image from npm (Linux on x64); its reporters are in its jars and need Java 11.

mod accepted;
mod cases;
mod compare;
mod compiler;
mod figures;
mod judge;
mod optimiser;
mod records;
mod reporters;
pub(super) mod traces;

use std::path::Path;

use pathlight_mapping::Probe;

use self::accepted::{Found, List};
use self::cases::Case;
use self::compare::Comparison;
use self::compiler::Compiler;
use self::judge::{Judged, Run, Verdict};
use self::reporters::Reporters;
use super::tally::Tally;
use super::{Length, Settle};
use crate::{Failure, cores};

/// Cases with so many entries are read by the reporters and optimised too.
const LARGE: usize = 20;

/// A case that both compilers took, and the runs of Closure's output and ours where an engine takes it.
type Outcome<'a> = (&'a Case, &'a Judged, Option<(Run, Run)>);

/// All of it takes one minute on two cores, so that short and long are the same.
pub(crate) fn prove(_length: Length, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    let packages = super::packages("closure")?;
    let compiler = Compiler::find(&packages)?;
    let reporters = Reporters::find(&packages)?;
    let folder = judge::fresh_folder(packages.join("cases"))?;
    let mut tally = Tally::default();
    let fixtures = cases::fixtures()?;
    let verdicts = cores::on_all(&fixtures, |case| judge::judge(case, &folder, &compiler, pathlight))?;
    let outcomes = compare_all(&fixtures, &verdicts, &mut tally)?;
    records::check(&cases::reference()?, &folder, &compiler, settle, &mut tally)?;
    let large: Vec<_> = outcomes.iter().filter(|(_, judged, _)| judged.closure.len() >= LARGE).collect();
    read_by_reporters(&large, &reporters, &folder, &mut tally)?;
    figures::compare(&fixtures, &folder, &reporters, pathlight, &mut tally)?;
    optimise(&large, &compiler, &folder, &mut tally)?;
    tally.settle("closure", settle)
}

fn read_by_reporters(
    outcomes: &[&Outcome],
    reporters: &Reporters,
    folder: &Path,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let comparable = |outcome: &&&Outcome| {
        let (_, judged, runs) = outcome;
        reporters::is_comparable(judged, runs.as_ref().map(|(closure, ours)| (closure, ours)))
    };
    let comparable: Vec<_> = outcomes.iter().filter(comparable).collect();
    let tallies = cores::on_all(&comparable, |(case, judged, runs)| match runs {
        Some((closure, ours)) => reporters::check(case, judged, (closure, ours), reporters, folder),
        None => Ok(Tally::default()),
    })?;
    tallies.into_iter().for_each(|found| tally.merge(found));
    Ok(())
}

fn optimise(outcomes: &[&Outcome], compiler: &Compiler, folder: &Path, tally: &mut Tally) -> Result<(), Failure> {
    // Node's module function is not known to the optimiser, which renames `exports`.
    let scripts: Vec<_> = outcomes.iter().filter(|(case, ..)| case.run == Some("script")).collect();
    let optimised = cores::on_all(&scripts, |(case, judged, _)| optimiser::optimise(case, judged, compiler, folder))?;
    let ran = scripts
        .iter()
        .zip(optimised)
        .filter_map(|((case, _, runs), optimised)| runs.as_ref().map(|(_, ours)| (*case, ours, optimised)));
    optimiser::check(&ran.collect::<Vec<_>>(), tally)
}

/// Every difference of entries and traces must have its reason, and every listed reason its difference.
fn compare_all<'a>(cases: &'a [Case], verdicts: &'a [Verdict], tally: &mut Tally) -> Result<Vec<Outcome<'a>>, Failure> {
    let mut list = List::read()?;
    for name in ["cases", "compiled by both", "entries", "equal entries", "traces", "equal traces"] {
        tally.add(name, 0);
    }
    let mut judged = Vec::new();
    for (case, verdict) in cases.iter().zip(verdicts) {
        tally.add("cases", 1);
        match verdict {
            Verdict::Both(both) => judged.push((case, &**both)),
            Verdict::WeRefuse(message) => tally.fail(format!("{}: {message}", case.name)),
            Verdict::ClosureRefuses(refusal) => {
                let row = [&case.name, "-", "refused", &refusal.message, "-"].map(str::to_owned);
                match list.accept(&row) {
                    Ok((class, reason)) if class == refusal.class => {
                        tally.except(&format!("refused by Closure, {class}"), 1, &reason);
                    }
                    Ok((class, _)) => tally.fail(format!("{}: listed as {class}, is {}", case.name, refusal.class)),
                    Err(unlisted) => tally.fail(format!("{unlisted}\t{}", refusal.class)),
                }
            }
        }
    }
    let runs = run_all(&judged)?;
    for ((case, judged), runs) in judged.iter().zip(&runs) {
        compare(case, judged, runs.as_ref().map(|(closure, ours)| (closure, ours)), &mut list, tally);
    }
    list.stale().for_each(|stale| tally.fail(stale));
    Ok(judged.into_iter().zip(runs).map(|((case, judged), runs)| (case, judged, runs)).collect())
}

/// The runs of Closure's output and ours, where an engine takes the program.
fn run_all(judged: &[(&Case, &Judged)]) -> Result<Vec<Option<(Run, Run)>>, Failure> {
    let mut programs = Vec::new();
    for (case, judged) in judged {
        let closure = judge::with_global_array(&judged.closure_code, &case.array)?;
        programs.extend(judge::program(case, case.text(), &closure));
        programs.extend(judge::program(case, case.text(), &judged.our_code));
    }
    let mut runs = judge::run(&programs)?.into_iter();
    let mut pair = |(case, _): &(&Case, &Judged)| case.run.and_then(|_| Some((runs.next()?, runs.next()?)));
    Ok(judged.iter().map(&mut pair).collect())
}

fn compare(case: &Case, judged: &Judged, runs: Option<(&Run, &Run)>, list: &mut List, tally: &mut Tally) {
    let comparison = Comparison::new(&judged.closure, &judged.ours);
    let entries = comparison.entries();
    let differs =
        |ids: &(_, _)| entries.iter().any(|found| (found.closure_id, found.our_id) == (Some(ids.0), Some(ids.1)));
    tally.add("compiled by both", 1);
    tally.add("entries", judged.closure.len() as u64);
    tally.add("equal entries", comparison.pairs.iter().filter(|ids| !differs(ids)).count() as u64);
    let trace = runs.and_then(|(closure, ours)| comparison.trace(&closure.pushed, &ours.pushed));
    if let Some((_, ours)) = runs {
        tally.add("traces", 1);
        tally.add("equal traces", u64::from(trace.is_none()));
        if ours.after != ours.before {
            tally.fail(format!("{}: does {} and, with probes, {}", case.name, ours.before, ours.after));
        }
    }
    let five = |(id, probe): (_, &Probe)| (id, Probe { extent: None, ..*probe });
    if judged.extents.probes().map(five).ne(judged.ours.probes().map(five)) {
        tally.fail(format!("{}: the two mapping formats do not say the same", case.name));
    }
    for difference in entries.iter().chain(&trace) {
        explain(&Found { case, judged, comparison: &comparison, runs, difference }, list, tally);
    }
}

fn explain(found: &Found, list: &mut List, tally: &mut Tally) {
    let field = found.difference.field.name();
    if let Some(rule) = accepted::rule(found) {
        return tally.except(&format!("{field}, {}", rule.name), 1, rule.reason);
    }
    match list.accept(&found.difference.row(&found.case.name)) {
        Ok((name, reason)) => tally.except(&format!("{field}, {name}"), 1, &reason),
        Err(unlisted) => tally.fail(unlisted),
    }
}
