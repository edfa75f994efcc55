//! `pathlight report` against Closure's own reporters: the same mapping and the same reports, line by line.
//!
//! The fixtures that run are instrumented together, so that one mapping has many files; what each program hits is one
//! report. The flags are those of Closure's reporter, which `pathlight report` takes too.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cases::Case;
use super::judge;
use super::reporters::{Reporter, Reporters, counts, write_reports};
use crate::Failure;
use crate::conformance::tally::Tally;

/// Below the cases' folder: what is made of them.
const ALL: &str = "all";

/// Lets both read every mapping and every report; no line may differ but the heading.
pub(crate) fn compare(
    cases: &[Case],
    folder: &Path,
    reporters: &Reporters,
    pathlight: &Path,
    tally: &mut Tally,
) -> Result<(), Failure> {
    // One mapping has one array and one way to read files.
    let is_plain = |case: &&Case| case.source_type == "auto" && case.array == "ist_arr" && !case.may_use_array;
    let cases: Vec<_> = cases.iter().filter(|case| case.run.is_some()).filter(is_plain).collect();
    let mappings =
        [instrument(&cases, "closure", folder, pathlight)?, instrument(&cases, "pathlight", folder, pathlight)?];
    let mut programs = Vec::new();
    for case in &cases {
        let code = fs::read_to_string(folder.join(ALL).join(path(case)))?;
        programs.extend(judge::program(case, case.text(), code.strip_prefix('\u{feff}').unwrap_or(&code)));
    }
    let sessions: Vec<_> = judge::run(&programs)?.iter().map(|run| counts(&run.pushed)).collect();
    tally.add("reports read by Closure's reporters and ours", sessions.len() as u64);
    for reporter in [Reporter::Json, Reporter::Tsv] {
        let reports = write_reports(reporter, &sessions, &folder.join(ALL))?;
        for mapping in &mappings {
            let theirs = reporters.report(reporter, mapping, &reports)?;
            let ours = report(reporter, mapping, &reports, pathlight)?;
            compare_lines(reporter, &theirs, &ours, tally);
        }
    }
    Ok(())
}

/// How releases of the TSV reporter up to August 2026 spell the last heading, and how later ones and ours do.
const HEADING: [&str; 2] = ["Reports occured", "Reports occurred"];

fn compare_lines(reporter: Reporter, theirs: &str, ours: &str, tally: &mut Tally) {
    let (theirs, ours) = (lines(reporter, theirs), lines(reporter, ours));
    if theirs.len() != ours.len() {
        return tally.fail(format!("{reporter:?}: {} lines of Closure's, {} of ours", theirs.len(), ours.len()));
    }
    for (at, (theirs, ours)) in theirs.into_iter().zip(ours).enumerate() {
        if theirs == ours {
            tally.add("lines that both write", 1);
        } else if (reporter, at) == (Reporter::Tsv, 0) && theirs.replace(HEADING[0], HEADING[1]) == ours {
            let reason = "a letter is missing in releases up to August 2026; later ones have it, and need Java 21";
            tally.except("heading of the TSV reporter", 1, reason);
        } else {
            tally.fail(format!("{reporter:?}, line {}: Closure's reporter says {theirs}, ours {ours}", at + 1));
        }
    }
}

/// The lines to compare: rows of the table that tie stand in any order.
fn lines(reporter: Reporter, text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.lines().collect();
    if reporter == Reporter::Tsv
        && let [_heading, rows @ ..] = lines.as_mut_slice()
    {
        rows.sort_unstable();
    }
    lines
}

/// A case's only file.
fn path(case: &Case) -> String {
    format!("{}/{}", case.name, case.files[0].0)
}

/// The mapping of all cases; their code goes below [`ALL`].
fn instrument(cases: &[&Case], format: &str, folder: &Path, pathlight: &Path) -> Result<PathBuf, Failure> {
    let mapping = folder.join(format!("{ALL}.{format}.mapping"));
    let mut command = Command::new(pathlight);
    command.current_dir(folder).args(["instrument", "--quiet", "--no-input-source-maps", "--no-ignore"]);
    command.args(["--out-dir", ALL, "--mapping-format", format, "--mapping"]).arg(&mapping);
    let output = command.args(cases.iter().map(|case| path(case))).output()?;
    if !output.status.success() {
        return Err(format!("all cases at once: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(mapping)
}

/// What `pathlight report` writes, given what Closure's reporter is given.
fn report(reporter: Reporter, mapping: &Path, reports: &Path, pathlight: &Path) -> Result<String, Failure> {
    let result = reports.with_extension("ours");
    let mut command = Command::new(pathlight);
    command.args(["report", "--quiet", "--strict", "--closure-exact", "--format", reporter.name()]);
    command.arg("--mapping_file").arg(mapping).arg("--reports_directory").arg(reports);
    let output = command.arg("--result_output").arg(&result).output()?;
    if !output.status.success() {
        return Err(format!("pathlight report: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(fs::read_to_string(result)?)
}
