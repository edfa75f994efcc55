//! `--diff`: a patch file, or what `git diff` says.

use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;
use std::process::Command;

use pathlight_report::diff::Changes;

use super::ReportFlags;
use crate::diagnostic::Failure;

/// Paths as names have them, below the folder of the sources; no setting of the user's may change what is written.
const GIT_DIFF: [&str; 9] = [
    "diff",
    "--no-color",
    "--no-ext-diff",
    "--unified=0",
    "--relative",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--no-renames",
    "--end-of-options",
];

/// The change that the flags name.
///
/// # Errors
/// A patch that is none; git's own words.
pub(super) fn load(flags: &ReportFlags, sources: &Path) -> Result<Option<Changes>, Failure> {
    let Some(base) = &flags.diff else { return Ok(None) };
    let text = if base == "-" {
        let mut text = Vec::new();
        io::stdin().read_to_end(&mut text).map_err(Failure::io("read", Path::new("standard input")))?;
        text
    } else if Path::new(base).is_file() {
        fs::read(base).map_err(Failure::io("read", Path::new(base)))?
    } else {
        git(base, sources)?
    };
    let text = String::from_utf8_lossy(&text);
    let bad = |line: usize| {
        Failure::File(
            base.into(),
            format!("line {line} does not belong to a unified diff"),
            "give a file as `git diff` or `diff -u` write it".into(),
        )
    };
    Changes::parse(&text).map(Some).map_err(|error| bad(error.0))
}

fn git(base: &str, sources: &Path) -> Result<Vec<u8>, Failure> {
    let output = Command::new("git").current_dir(sources).args(GIT_DIFF).args([base, "--"]).output();
    let output = output.map_err(|error: io::Error| match error.kind() {
        ErrorKind::NotFound => Failure::usage("git is not installed", "give --diff a patch file"),
        _ => Failure::Io("run", "git".into(), error),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(Failure::usage(
        format!("--diff {base}: git says: {}", words.lines().next().unwrap_or_default()),
        "give a revision of the repository that holds the sources, or a patch file",
    ))
}
