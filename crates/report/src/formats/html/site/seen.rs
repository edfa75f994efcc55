//! Times and sums as pages show them.

use crate::evidence::Time;
use crate::formats::html::show::{grouped, percent};
use crate::summary::Tally;

/// A moment, for people and for machines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Moment {
    /// `2026-11-25T20:00:00Z`.
    pub(super) exact: String,
    /// `3 h ago`.
    pub(super) ago: String,
}

impl Moment {
    pub(super) fn of(then: Time, now: Time) -> Self {
        Self { exact: then.rfc3339(), ago: ago(now.0.saturating_sub(then.0)) }
    }

    /// `2026-11-25 20:00 UTC`.
    pub(super) fn long(&self) -> String {
        format!("{} {} UTC", self.day(), self.exact.get(11..16).unwrap_or_default())
    }

    /// `2026-11-25`.
    pub(super) fn day(&self) -> &str {
        self.exact.get(..10).unwrap_or_default()
    }
}

fn ago(seconds: u64) -> String {
    match seconds {
        ..5 => "just now".to_owned(),
        5..120 => format!("{seconds} s ago"),
        120..7200 => format!("{} min ago", seconds / 60),
        7200..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// `12 bytes`, `3.4 kB`: as the pages' script has it.
pub(super) fn bytes(number: &u64) -> String {
    let units = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if *number < 1000 {
        return if *number == 1 { "1 byte".to_owned() } else { format!("{number} bytes") };
    }
    let mut unit = 0;
    let mut value = *number as f64 / 1000.0;
    while value >= 999.95 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", units[unit])
}

/// `2.50 %` of `part` and the rest; a dash if there is neither.
pub(super) fn share(part: &u64, all: &u64) -> String {
    percent(&Tally { covered: *part, total: *all, removed: 0 })
}

/// `1 session`, `2 sessions`.
pub(super) fn number_of(number: &u64, what: &str) -> String {
    let s = if *number == 1 { "" } else { "s" };
    format!("{} {what}{s}", grouped(number))
}

/// How much code that is: bytes where its text is at hand, else lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Size {
    pub(super) bytes: Option<u64>,
    pub(super) lines: u64,
}

impl Size {
    /// For comparing: a line whose text is not at hand weighs as much as most lines do.
    pub(super) fn weight(&self) -> u64 {
        self.bytes.unwrap_or(self.lines.saturating_mul(40))
    }

    pub(super) fn text(&self) -> String {
        match (self.bytes, self.lines) {
            (Some(number), _) => bytes(&number),
            (None, 0) => "–".to_owned(),
            (None, lines) => number_of(&lines, "line"),
        }
    }
}

impl std::ops::AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.bytes = match (self.bytes, other.bytes) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            _ => None,
        };
        self.lines = self.lines.saturating_add(other.lines);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_in_few_characters() {
        assert_eq!([0, 999, 1000, 1_234_567].map(|number| grouped(&number)), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [1, 999, 1000, 999_949, 999_950, 2_500_000].map(|number| bytes(&number)),
            ["1 byte", "999 bytes", "1.0 kB", "999.9 kB", "1.0 MB", "2.5 MB"]
        );
        assert_eq!(
            [4, 119, 7199, 7200, 172_800].map(ago),
            ["just now", "119 s ago", "119 min ago", "2 h ago", "2 days ago"]
        );
        let moment = Moment::of(Time(1_764_100_805), Time(1_764_100_805));
        assert_eq!((moment.exact.as_str(), moment.long().as_str()), ("2025-11-25T20:00:05Z", "2025-11-25 20:00 UTC"));
        assert_eq!(Moment::of(Time(9), Time(0)).ago, "just now");
    }
}
