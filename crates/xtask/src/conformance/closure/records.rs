//! The recorded answers: `fixtures/reference/<case>.mapping.txt` and `<case>.trace.json` are what the compiler of
//! this proof's version says. The test `reference` of `instrument` compares them with ours without the compiler.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::cases::Case;
use super::compiler::Compiler;
use super::judge::{self, Run};
use crate::conformance::Settle;
use crate::conformance::tally::Tally;
use crate::{Failure, cores, workspace};

/// Compares what is recorded, or records it anew.
pub(crate) fn check(
    cases: &[Case],
    folder: &Path,
    compiler: &Compiler,
    settle: Settle,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let answers = cores::on_all(cases, |case| judge::closure(case, &judge::prepare(case, folder)?, compiler))?;
    let mut programs = Vec::new();
    let mut mappings = Vec::new();
    for (case, answer) in cases.iter().zip(answers) {
        let answer = answer.map_err(|refusal| format!("{}: {}", case.name, refusal.message))?;
        let code = judge::with_global_array(&answer.code, &case.array)?;
        // A module that Closure made a script of has no `export` left; it runs as the module that it was.
        programs.extend(judge::program(case, case.text(), &code));
        mappings.push(answer.mapping);
    }
    let runs = judge::run(&programs)?;
    for ((case, mapping), run) in cases.iter().zip(mappings).zip(&runs) {
        tally.add("recorded answers", 2);
        let path = workspace().join("fixtures").join(&case.name);
        check_file(&path.with_extension("mapping.txt"), &mapping, settle, tally)?;
        check_file(&path.with_extension("trace.json"), &trace(run), settle, tally)?;
    }
    Ok(())
}

fn trace(run: &Run) -> String {
    let ids = run.pushed.iter().map(|id| Value::from(id.to_string())).collect();
    format!("{}\n", Value::Array(ids))
}

fn check_file(path: &Path, text: &str, settle: Settle, tally: &mut Tally) -> Result<(), Failure> {
    if fs::read_to_string(path).is_ok_and(|recorded| recorded == text) {
        return Ok(());
    }
    if settle == Settle::Bless {
        return Ok(fs::write(path, text)?);
    }
    tally.fail(format!("{} is not what the compiler says; accept with `--bless`", path.display()));
    Ok(())
}
