//! `pathlight report`: from mappings and reports to what a person decides.

mod builds;
mod bundles;
mod change;
mod flags;
mod outputs;
mod stored;

use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use pathlight_report::diff::Changes;
use pathlight_report::input::{Import, Intake, MergeOptions, ReportPath, ReportPathError, import, merge_reports};
use pathlight_report::weight::{BundleShare, bytes_never_run};
use pathlight_report::{Build, Coverage, FileCoverage, Source, SourceFolder, Summary};

pub(crate) use flags::{REPORT_EXAMPLES, ReportFlags};

use crate::diagnostic::Failure;
use crate::terminal::{self, printable};

/// So many bad reports are shown.
const SHOWN: usize = 10;

const ERROR: Style = AnsiColor::Red.on_default().bold();

pub(crate) fn run(flags: &ReportFlags) -> Result<ExitCode, Failure> {
    let target = outputs::Target::new(flags)?;
    check(flags)?;
    let folder = flags.sources.clone().unwrap_or_else(|| Path::new(".").to_owned());
    let sources = SourceFolder { folder: Some(folder.clone()) };
    let paths = report_paths("--reports", &flags.reports)?;
    let mut builds = builds::load(flags)?;
    let stored = builds.iter().fold(0_u64, |sum, build| sum.saturating_add(build.counts.reports()));
    let mut intake = merge(&mut builds, &paths, flags);
    intake.merged = intake.merged.saturating_add(stored);
    for (name, kind, paths) in [("--v8", Import::V8, &flags.v8), ("--istanbul", Import::Istanbul, &flags.istanbul)] {
        intake.add(import_all(&mut builds, (name, kind), paths, &sources)?);
    }
    let changes = change::load(flags, &folder)?;
    let coverage = Coverage::new(&builds, &sources);
    let is_clean = say(&builds, &intake, &coverage, flags);
    if !flags.quiet {
        say_sources(&coverage, flags);
        say_versions(&coverage, flags);
        say_bundle(&coverage);
        if let Some(path) = changes.as_ref().and_then(|changes| changes.astray(&coverage)) {
            warn(&format!(
                "--diff changes no file of the mapping; its paths seem to be relative to another folder than --sources: {path}"
            ));
        }
    }
    target.write(&coverage, changes.as_ref(), flags)?;
    let missed = missed(&coverage, changes.as_ref(), flags);
    if flags.json {
        print_summary(&builds, &intake, &coverage, &missed)?;
    }
    missed.iter().for_each(|miss| terminal::show(&format!("{ERROR}too little ran{ERROR:#}: {miss}")));
    Ok(match (flags.strict && !is_clean, missed.is_empty()) {
        (true, _) => ExitCode::from(2),
        (false, false) => ExitCode::FAILURE,
        (false, true) => ExitCode::SUCCESS,
    })
}

/// Flags that are missing or contradict each other.
fn check(flags: &ReportFlags) -> Result<(), Failure> {
    let has_files = [&flags.reports, &flags.v8, &flags.istanbul].iter().any(|paths| !paths.is_empty());
    if !has_files && flags.server.is_none() {
        let remedy = "name files, folders or globs with --reports, or `-`, or a collector with --server";
        return Err(Failure::usage("no reports", remedy));
    }
    if flags.diff.as_deref() == Some("-") && flags.reports.iter().any(|path| path == "-") {
        return Err(Failure::usage("both --reports and --diff are `-`", "write one of them to a file"));
    }
    if flags.json && flags.out.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage("both --json and --out write to standard output", "give --out a file or folder"));
    }
    Ok(())
}

fn print_summary(builds: &[Build], intake: &Intake, coverage: &Coverage, missed: &[String]) -> Result<(), Failure> {
    let unknown = builds.iter().fold(0_u64, |sum, build| sum.saturating_add(build.counts.unknown()));
    let summary = serde_json::json!({
        "reports": intake.merged,
        "resent": intake.resent,
        "otherBuild": intake.other_build,
        "noBuild": intake.no_build,
        "bad": intake.bad,
        "badReports": intake.bad_reports.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "unknownIds": unknown,
        "neverRunBytes": {
            "source": coverage.files.iter().map(bytes_never_run).sum::<u64>(),
            "bundle": BundleShare::of(coverage),
        },
        "changedSources": coverage.files.iter().filter(|file| file.source == Source::Changed).count(),
        "sessions": coverage.evidence.as_ref().map(|evidence| evidence.sessions),
        "summary": coverage.summary(),
        "missed": missed,
    });
    let mut out = io::stdout().lock();
    writeln!(out, "{summary:#}").map_err(Failure::Output)
}

/// Every threshold that was missed, with where; these are shown even with --quiet, since the exit code says no more.
fn missed(coverage: &Coverage, changes: Option<&Changes>, flags: &ReportFlags) -> Vec<String> {
    let Some(thresholds) = &flags.fail_under else { return Vec::new() };
    let (all, total) = match changes {
        Some(changes) => ("changed lines", changes.summary(coverage)),
        None => ("all files", coverage.summary()),
    };
    let mut scopes = vec![(all.to_owned(), total)];
    if flags.per_file {
        let summary = |file: &FileCoverage| changes.map_or_else(|| file.summary(), |changes| changes.summary_of(file));
        let files = coverage.sorted_files();
        scopes.extend(files.into_iter().map(|file| (printable(&file.name), summary(file))));
    }
    let misses = |(scope, summary): &(String, Summary)| {
        thresholds.missed_by(summary).into_iter().map(|miss| format!("{scope}: {miss}")).collect::<Vec<_>>()
    };
    let mut missed: Vec<String> = scopes.iter().flat_map(misses).collect();
    if let (Some(changes), false) = (changes, missed.is_empty()) {
        let never_run = |file: &FileCoverage| {
            let lines: Vec<String> = changes.never_run(file).map(|line| line.to_string()).collect();
            (!lines.is_empty())
                .then(|| format!("{}: changed and never run: {}", printable(&file.name), lines.join(", ")))
        };
        missed.extend(coverage.sorted_files().into_iter().filter_map(never_run));
    }
    missed
}

/// What ran was shipped; if no bundle holds it, these are not the bundles that ran.
fn say_bundle(coverage: &Coverage) {
    let points = coverage.files.iter().flat_map(|file| &file.points);
    let ran = points.filter(|point| point.is_removed && point.hits > 0).count() as u64;
    if ran > 0 {
        warn(&format!("{} ran that no file of --bundle holds: name all that was shipped", count(ran, "probe")));
    }
}

/// Names the sources that are not what was built, and those that a format misses.
fn say_sources(coverage: &Coverage, flags: &ReportFlags) {
    let of = |wanted: fn(&FileCoverage) -> bool| {
        let names: Vec<&str> = coverage.files.iter().filter(|file| wanted(file)).map(|file| &*file.name).collect();
        (names.len(), listing(names.into_iter()))
    };
    let without = "the text is not shown and lines are counted without it";
    if let (changed @ 1.., names) = of(|file| file.source == Source::Changed) {
        let files = count(changed as u64, "source file");
        warn(&format!("{files} changed since the build; {without}: {names}"));
    }
    if let (missing @ 1.., names) = of(|file| file.source == Source::Missing) {
        let files = count(missing as u64, "source file");
        let folder = flags.sources.as_deref().unwrap_or(Path::new(".")).display();
        warn(&format!("{files} not found below {folder} (--sources names the folder); {without}: {names}"));
    }
    if let (missing @ 1.., names) = of(|file| file.source.text().is_none()) {
        for format in flags.format.iter().filter(|format| format.needs_sources) {
            let files = count(missing as u64, "file");
            warn(&format!("{} leaves out {files} whose source is not at hand: {names}", format.name));
        }
    }
}

/// What formats that know files by their paths cannot hold.
fn say_versions(coverage: &Coverage, flags: &ReportFlags) {
    let others: Vec<&str> = coverage.files.iter().filter(|file| !file.is_current).map(|file| &*file.name).collect();
    let formats: Vec<&str> = flags.format.iter().filter(|format| format.is_by_path).map(|format| format.name).collect();
    if !others.is_empty() && !formats.is_empty() {
        let (formats, names) = (formats.join(", "), listing(others.into_iter()));
        warn(&format!("builds have different texts of a file, and one of them is in {formats}; not there: {names}"));
    }
}

/// Names with commas; of many the first ones.
fn listing<N: Into<String>>(names: impl ExactSizeIterator<Item = N>) -> String {
    let more = if names.len() > SHOWN { ", …" } else { "" };
    names.take(SHOWN).map(Into::into).collect::<Vec<String>>().join(", ") + more
}

fn report_paths(flag: &str, arguments: &[String]) -> Result<Vec<ReportPath>, Failure> {
    let parsed = arguments.iter().map(|argument| ReportPath::parse(argument));
    parsed.collect::<Result<_, _>>().map_err(|error| match error {
        ReportPathError::Io(path, error) => Failure::Io("read", path, error),
        ReportPathError::Pattern(pattern, why) => {
            Failure::usage(format!("{flag} {pattern}: {why}"), "quote the pattern, and check its brackets")
        }
    })
}

fn merge(builds: &mut [Build], paths: &[ReportPath], flags: &ReportFlags) -> Intake {
    let bar = terminal::counter(flags.quiet);
    let threads = flags.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let options = MergeOptions { threads, progress: &|reports| bar.inc(reports) };
    let intake = merge_reports(builds, paths, &options);
    bar.finish_and_clear();
    intake
}

/// What others counted has no build id; its place in the sources says what it means.
fn import_all(
    builds: &mut [Build],
    (flag, kind): (&str, Import),
    arguments: &[String],
    sources: &SourceFolder,
) -> Result<Intake, Failure> {
    if arguments.is_empty() {
        return Ok(Intake::default());
    }
    let [build] = builds else {
        return Err(Failure::usage(format!("{flag} with several builds"), "give the mapping of one build"));
    };
    let folder = sources.folder.as_deref().unwrap_or(Path::new("."));
    let root = folder.canonicalize().map_err(Failure::io("find", folder))?;
    Ok(import(build, kind, &report_paths(flag, arguments)?, sources, &root))
}

/// Says what came in. Returns whether every report could be used.
fn say(builds: &[Build], intake: &Intake, coverage: &Coverage, flags: &ReportFlags) -> bool {
    let strays = intake.other_build + intake.no_build;
    if !flags.quiet {
        for bad in intake.bad_reports.iter().take(SHOWN) {
            warn(&format!("bad report left out: {bad}"));
        }
        let hidden = intake.bad.saturating_sub(SHOWN as u64);
        if hidden > 0 {
            warn(&format!("{} more left out", count(hidden, "bad report")));
        }
        if intake.other_build > 0 {
            warn(&format!("{} of other builds left out: name them with --build", count(intake.other_build, "report")));
        }
        if intake.no_build > 0 {
            let reports = count(intake.no_build, "report");
            warn(&format!(
                "{reports} without a build id left out: with several builds it cannot be told what they mean"
            ));
        }
        if intake.forgot_resent {
            warn("more numbered reports than can be remembered: one that was sent twice may count twice");
        }
        if *intake == Intake::default() {
            warn("no report was found: all code is shown as never run");
        }
        builds.iter().for_each(say_counts);
        let resent = match intake.resent {
            0 => String::new(),
            resent => format!(", {resent} more sent twice"),
        };
        terminal::show(&format!("{}{resent}", coverage.basis()));
    }
    intake.bad + strays == 0
}

fn say_counts(build: &Build) {
    let name = match &build.manifest {
        Some(manifest) => format!(" of build {}", manifest.build),
        None => String::new(),
    };
    if build.counts.unknown() > 0 {
        let unknown = build.counts.lowest_unknown().map(|id| format!("{id} (number {})", id.get()));
        let strange = build.counts.strange_name().map(|name| format!("{name:?}, which is no id"));
        let examples: Vec<String> = unknown.into_iter().chain(strange).collect();
        let ids = count(build.counts.unknown(), "id");
        warn(&format!(
            "{ids} in reports{name} that its mapping does not have, such as {}: not counted",
            examples.join(" or ")
        ));
    }
    if build.counts.has_overflowed() {
        warn(&format!("hit counts{name} beyond 64 bits: shown as {}", u64::MAX));
    }
}

pub(crate) fn count(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn warn(text: &str) {
    const WARNING: Style = AnsiColor::Yellow.on_default().bold();
    terminal::show(&format!("{WARNING}warning{WARNING:#}: {}", printable(text)));
}
