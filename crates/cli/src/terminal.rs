//! All that is said to a person: standard error, with colour where the terminal has it.

use std::fmt;
use std::io::Write;
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Writes a message. That standard error is closed is no reason to fail.
pub(crate) fn show(message: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = writeln!(stderr, "{}", message.trim_end());
}

/// Names of files and words of servers may hold anything; a terminal must not act on them.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// A bar over `files`; it shows itself only on a terminal, and only when it takes a while.
pub(crate) fn progress(files: u64, is_quiet: bool) -> ProgressBar {
    if is_quiet || files < 2 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(files), ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} files {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}

/// A count of reports, of which no one knows how many there are; shown as [`progress`] is.
pub(crate) fn counter(is_quiet: bool) -> ProgressBar {
    if is_quiet {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} reports {rate} {elapsed}") {
        let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
            let _ = write!(out, "{}/s", HumanCount(state.per_sec() as u64));
        };
        bar.set_style(style.with_key("rate", rate));
    }
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}
