//! Closure's own reporters over our mapping: the JSON one of its wiki, and the TSV one of later releases. What they
//! read from our mapping, in either format, is what they read from Closure's.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pathlight_mapping::ProbeId;
use serde_json::{Map, Value, json};

use super::cases::Case;
use super::compare::{Comparison, Field};
use super::judge::{Judged, Run};
use crate::Failure;
use crate::conformance::tally::Tally;

const CLASS: &str = "com.google.javascript.jscomp.instrumentation.reporter.ProductionInstrumentationReporter";

/// The oldest Java that runs both jars.
const JAVA: u32 = 11;

/// Both reporters, ready to run.
#[derive(Debug)]
pub(crate) struct Reporters {
    packages: PathBuf,
}

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reporter {
    /// `{"C":{"frequency":5}}`, releases to v20210106.
    Json,
    /// `{"C":5}`, releases from v20210202.
    Tsv,
}

/// How often each probe was hit in one session.
pub(crate) type Counts = BTreeMap<ProbeId, u64>;

/// What the JSON reporter says.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct JsonReading {
    /// Percent of functions and of branches, as printed: in all, then file by file.
    pub(crate) percentages: Vec<(String, String)>,
    /// Kind, percent of reports that hold the probe, and mean frequency, as printed.
    pub(crate) points: BTreeMap<ProbeId, [String; 3]>,
}

impl Reporters {
    /// The jars in the proof's packages, and a Java for them.
    pub(crate) fn find(packages: &Path) -> Result<Self, Failure> {
        let remedy =
            format!("install Java {JAVA} or later and put it on the PATH: Closure's reporters are in its jars");
        let output =
            Command::new("java").arg("-version").output().map_err(|_| format!("`java` was not found: {remedy}"))?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let version = said.split('"').nth(1).unwrap_or_default();
        let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
        match major {
            Some(major) if major >= JAVA => Ok(Self { packages: packages.to_owned() }),
            _ => Err(format!("java {version} is too old: {remedy}").into()),
        }
    }

    /// What a reporter prints for a mapping file and a folder of reports.
    pub(crate) fn report(&self, reporter: Reporter, mapping: &Path, reports: &Path) -> Result<String, Failure> {
        let result = reports.with_extension("out");
        let jar = format!("reporter-{}", reporter.name());
        let mut java = Command::new("java");
        java.arg("-cp").arg(self.packages.join("node_modules").join(&jar).join("compiler.jar")).arg(CLASS);
        java.arg("--mapping_file").arg(mapping).arg("--reports_directory").arg(reports);
        let output = java.arg("--result_output").arg(&result).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        let text = fs::read_to_string(&result).map_err(|_| format!("{jar} over {}: {said}", mapping.display()))?;
        // It is a new one next time: the reporter prints an error and ends well where it cannot write.
        fs::remove_file(result)?;
        Ok(text)
    }
}

impl Reporter {
    /// Of the jar, and of our format.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Tsv => "tsv",
        }
    }
}

/// Writes each session as one report of the reporter's shape, to a folder of `folder` that holds nothing else.
pub(crate) fn write_reports(reporter: Reporter, sessions: &[Counts], folder: &Path) -> Result<PathBuf, Failure> {
    let reports = folder.join(reporter.name());
    fs::create_dir_all(&reports)?;
    for (at, counts) in sessions.iter().enumerate() {
        let entry = |(id, &count): (&ProbeId, &u64)| match reporter {
            Reporter::Json => (id.to_string(), json!({ "frequency": count })),
            Reporter::Tsv => (id.to_string(), Value::from(count)),
        };
        let report: Map<_, _> = counts.iter().map(entry).collect();
        fs::write(reports.join(format!("{at}.json")), Value::Object(report).to_string())?;
    }
    Ok(reports)
}

/// Reads what the JSON reporter printed. Numbers stay as they are printed, since they are 32-bit floats.
pub(crate) fn read_json(text: &str) -> Result<JsonReading, Failure> {
    let report: Value = serde_json::from_str(text)?;
    let percentages =
        |of: &Value| (of["percentOfFunctionsExecuted"].to_string(), of["percentOfBranchesExecuted"].to_string());
    let files = report["result"].as_array().ok_or("the JSON reporter names no files")?;
    let functions = files.iter().filter_map(|file| file["profilingResultPerFunction"].as_object());
    let mut points = BTreeMap::new();
    for point in functions.flat_map(Map::values).filter_map(Value::as_array).flatten() {
        let id = point["param"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| format!("no id: {point}"))?;
        points.insert(id, [&point["type"], &point["executed"], &point["data"]["frequency"]].map(Value::to_string));
    }
    let percentages = std::iter::once(&report).chain(files).map(percentages).collect();
    Ok(JsonReading { percentages, points })
}

/// The rows of what the TSV reporter printed, but for the function's name: file, line, kind, total, reports.
pub(crate) fn read_tsv(text: &str) -> Result<Vec<[String; 5]>, Failure> {
    let read = |line: &str| match line.split('\t').collect::<Vec<_>>().as_slice() {
        [file, _, line, kind, total, reports] => Ok([*file, *line, *kind, *total, *reports].map(str::to_owned)),
        _ => Err(format!("not a row of the TSV reporter: {line}")),
    };
    let mut rows = text.lines().skip(1).map(read).collect::<Result<Vec<_>, _>>()?;
    rows.sort();
    Ok(rows)
}

/// Whether Closure's entries and ours are the same points, and a run hit the same ones.
pub(crate) fn is_comparable(judged: &Judged, runs: Option<(&Run, &Run)>) -> bool {
    let comparison = Comparison::new(&judged.closure, &judged.ours);
    let line = |position: &str| position.split(':').next().map(str::to_owned);
    let same_points = comparison.entries().iter().all(|found| match found.field {
        Field::Function | Field::Order => true,
        Field::Position => line(&found.closure) == line(&found.ours),
        Field::Missing | Field::Extra | Field::Trace => false,
    });
    same_points && runs.is_some_and(|(closure, ours)| comparison.trace(&closure.pushed, &ours.pushed).is_none())
}

/// Lets both reporters read Closure's mapping and report, and ours; says what they do not agree on.
pub(crate) fn check(
    case: &Case,
    judged: &Judged,
    (closure_run, our_run): (&Run, &Run),
    reporters: &Reporters,
    folder: &Path,
) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let folder = folder.join(&case.name);
    let comparison = Comparison::new(&judged.closure, &judged.ours);
    let (closure_sessions, our_sessions) = (sessions(&closure_run.pushed), sessions(&our_run.pushed));
    let closure = |reporter| {
        let reports = write_reports(reporter, &closure_sessions, &folder.join("closure"))?;
        reporters.report(reporter, &folder.join("closure.mapping"), &reports)
    };
    let ours = |reporter| {
        let reports = write_reports(reporter, &our_sessions, &folder.join("ours"))?;
        let [five, more] = ["closure-format.mapping", "pathlight-format.mapping"]
            .map(|mapping| reporters.report(reporter, &folder.join(mapping), &reports));
        let (five, more) = (five?, more?);
        if five == more {
            Ok(five)
        } else {
            Err(Failure::from(format!("{reporter:?}: our two formats are read differently")))
        }
    };

    let (theirs, mut our) = (read_json(&closure(Reporter::Json)?)?, read_json(&ours(Reporter::Json)?)?);
    let closures_id = |id| comparison.pairs.iter().find(|(_, ours)| *ours == id).map_or(id, |(theirs, _)| *theirs);
    our.points = our.points.into_iter().map(|(id, point)| (closures_id(id), point)).collect();
    tally.add("read by Closure's reporters", 1);
    tally.add("points read by them", theirs.points.len() as u64);
    if theirs != our {
        tally.fail(format!("{}: the JSON reporter says {theirs:?}, of our mapping {our:?}", case.name));
    }
    let (theirs, our) = (read_tsv(&closure(Reporter::Tsv)?)?, read_tsv(&ours(Reporter::Tsv)?)?);
    if theirs != our {
        tally.fail(format!("{}: the TSV reporter says {theirs:?}, of our mapping {our:?}", case.name));
    }
    Ok(tally)
}

/// The run as one session, its first half as another: means and percentages that are not whole.
fn sessions(pushed: &[ProbeId]) -> Vec<Counts> {
    vec![counts(pushed), counts(&pushed[..pushed.len() / 2])]
}

/// How often each id was pushed.
pub(crate) fn counts(pushed: &[ProbeId]) -> Counts {
    let mut counts = Counts::new();
    for id in pushed {
        *counts.entry(*id).or_default() += 1;
    }
    counts
}
