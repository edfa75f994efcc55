//! What a run says at its end.

use std::io::{self, Write as _};
use std::path::PathBuf;

use super::target::Target;
use crate::diagnostic::Failure;
use crate::flags::InstrumentFlags;
use crate::terminal;

/// Files.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Counts {
    pub(super) instrumented: usize,
    pub(super) copied: usize,
}

/// What was done.
pub(super) struct Summary {
    pub(super) counts: Counts,
    pub(super) probes: usize,
    pub(super) build: Option<String>,
    pub(super) mapping: Option<PathBuf>,
}

/// Says what was done.
pub(super) fn report(
    flags: &InstrumentFlags,
    notes: &[String],
    summary: &Summary,
    target: &Target,
) -> Result<(), Failure> {
    let Counts { instrumented, copied } = summary.counts;
    if flags.json {
        let json = serde_json::json!({
            "instrumented": instrumented,
            "copied": copied,
            "probes": summary.probes,
            "build": summary.build,
            "mapping": summary.mapping,
            "notes": notes,
        });
        let mut stdout = io::stdout();
        writeln!(stdout, "{json}").map_err(Failure::Output)?;
    }
    if flags.quiet {
        return Ok(());
    }
    for note in notes {
        terminal::show(&format!("note: {note}"));
    }
    let plural = |count: usize, what: &str| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") };
    let mut line = format!("{} in {}", plural(summary.probes, "probe"), plural(instrumented, "file"));
    if copied > 0 {
        line.push_str(&format!(", {} copied", plural(copied, "file")));
    }
    if let (Target::Folder(_) | Target::File(_), Some(path)) =
        (target, flags.out_dir.as_ref().or(flags.out_file.as_ref()))
    {
        line.push_str(&format!(" → {}", path.display()));
    }
    if let (Some(mapping), Some(build)) = (&summary.mapping, &summary.build) {
        line.push_str(&format!("; mapping {}, build {build}", mapping.display()));
    }
    terminal::show(&line);
    Ok(())
}
