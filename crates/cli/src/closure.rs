//! Closure Compiler's command line: its flags without a subcommand, and what its options mean here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::diagnostic::Failure;
use crate::flags::InstrumentFlags;
use crate::terminal;

/// Flags of Closure Compiler that `instrument` knows; a command line that begins with one needs no subcommand.
const FLAGS: [&str; 8] = [
    "--js",
    "--js_output_file",
    "--externs",
    "--instrument_for_coverage_option",
    "--instrument_mapping_report",
    "--production_instrumentation_array_name",
    "--compilation_level",
    "-O",
];

/// Puts `instrument` in front of Closure Compiler's flags.
pub(crate) fn with_subcommand(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    let first = args.get(1).and_then(|first| first.to_str()).unwrap_or_default();
    let name = first.split_once('=').map_or(first, |(name, _)| name);
    // Its value may follow the short flag without a blank: `-OADVANCED`.
    if FLAGS.contains(&name) || name.starts_with("-O") {
        args.insert(1, "instrument".into());
    }
    args
}

/// What `--instrument_for_coverage_option` asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CoverageOption {
    /// Code passes through.
    None,
    /// Probes.
    Production,
}

impl CoverageOption {
    /// Any case, as in Closure Compiler.
    pub(crate) fn parse(option: Option<&str>) -> Result<Self, Failure> {
        match option.map(str::to_ascii_uppercase).as_deref() {
            None | Some("PRODUCTION") => Ok(Self::Production),
            Some("NONE") => Ok(Self::None),
            Some(old @ ("LINE" | "BRANCH")) => Err(Failure::usage(
                format!(
                    "--instrument_for_coverage_option {old} is another instrumentation, with bit masks in `window.top.__jscov`"
                ),
                "use PRODUCTION: it counts functions and branches, and reports are made from its mapping; --granularity function leaves branches out",
            )),
            Some(_) => Err(Failure::usage(
                format!("bad value for --instrument_for_coverage_option: {}", option.unwrap_or_default()),
                "the values are NONE and PRODUCTION",
            )),
        }
    }
}

/// Says that nothing is optimised.
pub(crate) fn note_compilation_level(level: &str) {
    terminal::show(&format!(
        "note: --compilation_level {level} has no effect: pathlight instruments and does not optimise; minify its output"
    ));
}

/// The mapping's path, in which `%outname%` stands for the output file.
pub(crate) fn mapping_path(flags: &InstrumentFlags) -> PathBuf {
    match (flags.mapping.to_str(), flags.out_file.as_deref().and_then(Path::to_str)) {
        (Some(path), Some(out)) => path.replace("%outname%", out).into(),
        _ => flags.mapping.clone(),
    }
}
