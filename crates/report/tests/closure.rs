//! The cases observed with Closure Compiler's two reporters: the same figures line by line, except for what
//! `fixtures/reports/closure/differences.tsv` lists with a reason.

// A test that cannot set itself up has failed.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use pathlight_mapping::Mapping;
use pathlight_report::formats::{FORMATS, FormatOptions};
use pathlight_report::input::{Intake, MergeOptions, ReportPath, merge_reports};
use pathlight_report::{Build, Coverage, SourceFolder};

/// Their output, and our format that is to equal it.
const OUTPUTS: [(&str, &str); 2] = [("out.v20210106.json", "json"), ("out.v20260927.tsv", "tsv")];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/reports/closure")
}

#[test]
fn figures_are_those_of_closures_reporters() {
    let mut cases: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    assert!(cases.len() > 40, "{}", cases.len());
    let found: Vec<String> = cases.iter().flat_map(|case| differences(case)).collect();
    let committed = fs::read_to_string(folder().join("differences.tsv")).unwrap();
    let mut listed = Vec::new();
    for row in committed.lines().filter(|line| !line.starts_with('#')) {
        let (difference, reason) = row.rsplit_once('\t').unwrap();
        assert!(reason.len() > 10, "no reason: {row}");
        listed.push(difference.to_owned());
    }
    assert!(found == listed, "differences.tsv should list\n{}", found.join("\n"));
}

/// Rows without their reason: case, output, theirs, ours.
fn differences(case: &Path) -> Vec<String> {
    let name = case.file_name().unwrap().to_string_lossy();
    let result = join(case);
    let mut rows = Vec::new();
    let mut has_expected = false;
    for (file, format) in OUTPUTS {
        let Ok(theirs) = fs::read_to_string(case.join(file)) else { continue };
        has_expected = true;
        let (coverage, _) = result.as_ref().unwrap_or_else(|error| panic!("{name}: {error}"));
        let ours = render(coverage, format);
        assert_eq!(theirs.lines().count(), ours.lines().count(), "{name}: {ours}");
        for (theirs, ours) in theirs.lines().zip(ours.lines()).filter(|(theirs, ours)| theirs != ours) {
            rows.push(format!("{name}\t{format}\t{}\t{}", cell(theirs), cell(ours)));
        }
    }
    if !has_expected {
        let ours = match result {
            Err(error) => error,
            Ok((_, intake)) => {
                let bad = intake.bad_reports.iter().map(|bad| format!("; {bad}"));
                format!("reports: {}{}", intake.merged, bad.collect::<String>())
            }
        };
        rows.push(format!("{name}\tboth\tcrash\t{}", cell(&ours)));
    }
    rows
}

fn cell(line: &str) -> String {
    line.trim().replace('\\', "\\\\").replace('\t', "\\t")
}

fn join(case: &Path) -> Result<(Coverage, Intake), String> {
    let text = fs::read_to_string(case.join("mapping.txt")).unwrap();
    let mut builds = [Build::new(Mapping::parse(&text).map_err(|error| error.to_string())?, None)];
    let reports = ReportPath::parse(&case.join("reports").to_string_lossy()).unwrap();
    let options = MergeOptions { threads: NonZeroUsize::new(3).unwrap(), progress: &|_| {} };
    let mut intake = merge_reports(&mut builds, &[reports], &options);
    // Named for the folder, which differs from machine to machine.
    intake.bad_reports = std::mem::take(&mut intake.bad_reports)
        .into_iter()
        .map(|mut bad| {
            bad.source = Path::new(&bad.source).file_name().unwrap().to_string_lossy().into_owned();
            bad
        })
        .collect();
    Ok((Coverage::new(&builds, &SourceFolder::default()), intake))
}

fn render(coverage: &Coverage, name: &str) -> String {
    let format = FORMATS.iter().find(|format| format.name == name).unwrap();
    let mut out = Vec::new();
    (format.write)(coverage, &FormatOptions { closure_exact: true, ..FormatOptions::default() }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
