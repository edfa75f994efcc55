//! `pathlight report`: from mappings and reports to what a person decides.

mod builds;
mod flags;
mod outputs;

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use pathlight_report::input::{Intake, MergeOptions, ReportPath, ReportPathError, merge_reports};
use pathlight_report::{Build, Coverage, SourceFolder};

pub(crate) use flags::{REPORT_EXAMPLES, ReportFlags};

use crate::diagnostic::Failure;
use crate::terminal;

/// So many bad reports are shown.
const SHOWN: usize = 10;

pub(crate) fn run(flags: &ReportFlags) -> Result<ExitCode, Failure> {
    let target = outputs::Target::new(flags)?;
    let paths = report_paths(&flags.reports)?;
    let mut builds = builds::load(flags)?;
    let intake = merge(&mut builds, &paths, flags);
    let folder = flags.sources.clone().unwrap_or_else(|| Path::new(".").to_owned());
    let coverage = Coverage::new(&builds, &SourceFolder { folder: Some(folder) });
    let is_clean = say(&builds, &intake, flags);
    target.write(&coverage, flags)?;
    Ok(if flags.strict && !is_clean { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

fn report_paths(arguments: &[String]) -> Result<Vec<ReportPath>, Failure> {
    if arguments.is_empty() {
        return Err(Failure::usage("no reports", "name files, folders or globs with --reports, or `-`"));
    }
    let parsed = arguments.iter().map(|argument| ReportPath::parse(argument));
    parsed.collect::<Result<_, _>>().map_err(|error| match error {
        ReportPathError::Io(path, error) => Failure::Io("read", path, error),
        ReportPathError::Pattern(pattern, why) => {
            Failure::usage(format!("--reports {pattern}: {why}"), "quote the pattern, and check its brackets")
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

/// Says what came in. Returns whether every report could be used.
fn say(builds: &[Build], intake: &Intake, flags: &ReportFlags) -> bool {
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
        builds.iter().for_each(say_counts);
        let resent = match intake.resent {
            0 => String::new(),
            resent => format!(", {resent} more sent twice"),
        };
        terminal::show(&format!("{}{resent}", count(intake.merged, "report")));
    }
    intake.bad + strays == 0
}

fn say_counts(build: &Build) {
    let name = match &build.manifest {
        Some(manifest) => format!(" of build {}", manifest.build),
        None => String::new(),
    };
    if build.counts.unknown() > 0 {
        let example = match build.counts.lowest_unknown() {
            Some(id) => format!(", such as {id} (number {})", id.get()),
            None => String::new(),
        };
        let ids = count(build.counts.unknown(), "id");
        warn(&format!("{ids} in reports{name} that its mapping does not have{example}: not counted"));
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
    // Names of files may hold anything; a terminal must not act on them.
    let text: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    terminal::show(&format!("{WARNING}warning{WARNING:#}: {text}"));
}
