//! The flags of `pathlight report`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use pathlight_report::formats::{FORMATS, Format};
use pathlight_report::threshold::Thresholds;

use crate::server::TokenFlags;

pub(crate) const REPORT_EXAMPLES: &str = "\
Examples:
  pathlight report --reports reports/
  pathlight report --mapping build/pathlight.mapping --reports 'logs/**/*.json.gz' --skip-full
  PATHLIGHT_TOKEN=… pathlight report --server https://collect.example --build latest --never-run
  pathlight report --build builds/monday --build builds/tuesday --reports reports.ndjson
  pathlight report --reports reports/ --format json,tsv --out coverage/
  pathlight report --reports reports/ --bundle dist/app.js --never-run
  pathlight report --reports reports/ --fail-under functions=80,branches=70 --diff origin/main
  cat report.json | pathlight report --reports -
  git diff main | pathlight report --reports reports/ --diff - --format markdown

As Closure Compiler's reporter:
  pathlight report --mapping_file mapping.txt --reports_directory reports --result_output result.json --format json";

#[derive(Args, Debug)]
pub(crate) struct ReportFlags {
    /// The mapping of the build that sent the reports [default: pathlight.mapping]
    #[arg(
        long,
        short = 'm',
        value_name = "FILE",
        alias = "mapping_file",
        conflicts_with_all = ["build", "server"],
        help_heading = "Input"
    )]
    pub(crate) mapping: Option<PathBuf>,

    /// A folder with a mapping and its manifest; each report finds its build by id; may be repeated
    #[arg(long, value_name = "DIR", num_args = 1.., help_heading = "Input")]
    pub(crate) build: Vec<PathBuf>,

    /// A collector: takes mapping, sources and counts from there; --build then names a build by its id, or the one
    /// that was pushed last by `latest`
    #[arg(long, value_name = "URL", help_heading = "Collector")]
    pub(crate) server: Option<String>,

    #[command(flatten)]
    pub(crate) token: TokenFlags,

    /// Reports: files, folders, globs, or `-` for standard input; JSON, one or many, gzip or not
    #[arg(long, short = 'r', value_name = "PATH", num_args = 1.., alias = "reports_directory", help_heading = "Input")]
    pub(crate) reports: Vec<String>,

    /// Count what V8 counted in code without probes: the folder of NODE_V8_COVERAGE
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Input")]
    pub(crate) v8: Vec<String>,

    /// Count what Istanbul counted in code without probes: coverage-final.json
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Input")]
    pub(crate) istanbul: Vec<String>,

    /// The folder that the files' names are relative to [default: the working folder]
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub(crate) sources: Option<PathBuf>,

    /// Shipped code: probes that none of these files holds were removed by the minifier or bundler, and with the source
    /// maps beside them --never-run says how many of their bytes never ran; may be repeated
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "Input")]
    pub(crate) bundle: Vec<PathBuf>,

    /// Exit with 2 if a report is bad or belongs to no build
    #[arg(long, help_heading = "Input")]
    pub(crate) strict: bool,

    /// What to write; several with commas
    #[arg(
        long,
        short = 'f',
        value_name = "FORMAT",
        value_delimiter = ',',
        default_value = "text",
        value_parser = format_parser(),
        help_heading = "Output"
    )]
    pub(crate) format: Vec<Format>,

    /// A file for one format, a folder for several [default: standard output]
    #[arg(long, short = 'o', value_name = "PATH", alias = "result_output", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,

    /// text: leave files out of which everything ran
    #[arg(long, help_heading = "Output")]
    pub(crate) skip_full: bool,

    /// tsv: the number of all reports in every row, as Closure's reporter has it
    #[arg(long, help_heading = "Output")]
    pub(crate) closure_exact: bool,

    /// text: name so much of what never ran, the most telling first
    #[arg(long, value_name = "N", num_args = 0..=1, default_value_t = 0, default_missing_value = "20", help_heading = "Output")]
    pub(crate) never_run: usize,

    /// text, markdown: name so much of what ran most
    #[arg(long, value_name = "N", num_args = 0..=1, default_value_t = 0, default_missing_value = "20", help_heading = "Output")]
    pub(crate) hot: usize,

    /// Exit with 1 if less ran, in percent, such as functions=80,branches=70,lines=75
    #[arg(long, value_name = "KIND=PERCENT,…", help_heading = "Thresholds")]
    pub(crate) fail_under: Option<Thresholds>,

    /// --fail-under holds for each file too
    #[arg(long, requires = "fail_under", help_heading = "Thresholds")]
    pub(crate) per_file: bool,

    /// Look at what a change touches: a git revision to compare with, a patch file, or `-` for a patch on standard input;
    /// --fail-under then holds for the changed lines
    #[arg(long, value_name = "BASE", help_heading = "Thresholds")]
    pub(crate) diff: Option<String>,

    /// Number of threads [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Say nothing but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,

    /// Print what came in and what ran as JSON to standard output
    #[arg(long, requires = "out")]
    pub(crate) json: bool,
}

/// The table of formats is the list of values.
fn format_parser() -> impl clap::builder::TypedValueParser<Value = Format> {
    let values = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(values).try_map(|name| {
        FORMATS.iter().find(|format| format.name == name).copied().ok_or_else(|| format!("no format is called {name}"))
    })
}
