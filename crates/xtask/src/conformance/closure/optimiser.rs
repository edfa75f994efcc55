//! Closure's optimiser over our output: it says nothing of the array, and what it makes does what the program does and
//! hits the same probes as often.

use std::fs;
use std::path::Path;

use super::cases::Case;
use super::compiler::Compiler;
use super::judge::{self, Judged, Run};
use super::reporters::counts;
use crate::conformance::tally::Tally;
use crate::{Failure, workspace};

const LEVELS: [&str; 2] = ["SIMPLE", "ADVANCED"];

/// A program and our output of it, both optimised.
#[derive(Debug)]
pub(crate) struct Optimised {
    level: &'static str,
    plain: String,
    probed: String,
    /// What the compiler said of our output.
    said: String,
}

/// Optimises one case in both levels, with the externs that pathlight ships; a level that refuses the program itself
/// is left out.
pub(crate) fn optimise(
    case: &Case,
    judged: &Judged,
    compiler: &Compiler,
    folder: &Path,
) -> Result<Vec<Optimised>, Failure> {
    let folder = folder.join(&case.name);
    fs::write(folder.join("probed.js"), &judged.our_code)?;
    let externs = workspace().join("externs/ist_arr.js").canonicalize()?;
    let mut optimised = Vec::new();
    for level in LEVELS {
        let Ok((plain, _)) = compiler.optimise(&folder, &case.files[0].0, level, &externs)? else { continue };
        let probed = compiler.optimise(&folder, "probed.js", level, &externs)?;
        let (probed, said) = probed
            .map_err(|refusal| format!("{}: {level} refuses our output alone: {}", case.name, refusal.message))?;
        optimised.push(Optimised { level, plain, probed, said });
    }
    Ok(optimised)
}

/// Runs what was optimised.
pub(crate) fn check(cases: &[(&Case, &Run, Vec<Optimised>)], tally: &mut Tally) -> Result<(), Failure> {
    let mut programs = Vec::new();
    for (case, _, optimised) in cases {
        for Optimised { plain, probed, .. } in optimised {
            programs.extend([plain, probed].map(|code| judge::program(case, case.text(), code)).into_iter().flatten());
        }
    }
    let mut runs = judge::run(&programs)?.into_iter();
    for (case, our_run, optimised) in cases {
        for Optimised { level, said, .. } in optimised {
            let (Some(plain), Some(probed)) = (runs.next(), runs.next()) else {
                return Err("the runner lost a run".into());
            };
            let fail = |what: String| format!("{} with {level}: {what}", case.name);
            tally.add("optimised by Closure", 1);
            // Below a warning stands the line of code, which may hold a probe.
            if said.lines().any(|line| line.contains(" WARNING - ") && line.contains(&case.array)) {
                tally.fail(fail(format!("the compiler says of the array: {said}")));
            }
            if plain.after != plain.before {
                tally.except("optimised, CHANGED", 1, "the optimiser changes what the program without probes does");
            } else if probed.after != probed.before {
                tally.fail(fail(format!("does {}, with probes {}", probed.before, probed.after)));
            } else if counts(&probed.pushed) != counts(&our_run.pushed) {
                tally.fail(fail(format!("counts {:?}, not {:?}", counts(&probed.pushed), counts(&our_run.pushed))));
            }
        }
    }
    Ok(())
}
