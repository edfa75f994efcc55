//! What a store knows beside sums: how long was looked, and at how much. "Never run" is worth as much as that.

use std::time::{Duration, UNIX_EPOCH};

use crate::coverage::Coverage;

/// A time in seconds since 1970, UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Time(pub u64);

/// When something was seen, in reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The first time.
    pub first: Time,
    /// The last time; it may be older than the hits that are still counted.
    pub last: Time,
    /// Days with a hit; of several builds the most that one of them has.
    pub days: u64,
}

/// What stands behind the counts of a build, or of several.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Evidence {
    /// Sessions that sent a report.
    pub sessions: u64,
    /// Of any probe.
    pub seen: Option<Seen>,
}

/// What a store knows of one build.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BuildEvidence {
    /// Of the whole build.
    pub whole: Evidence,
    /// For every file of the mapping.
    pub files: Vec<FileSeen>,
    /// By position in the mapping; `None` if it was never hit.
    pub points: Vec<Option<Seen>>,
}

/// How much was seen of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FileSeen {
    /// Sessions that ran something in it.
    pub sessions: u64,
    /// Days on which something in it ran; of several builds the most that one of them has.
    pub days: u64,
}

impl Time {
    /// Before 1970 there were no reports.
    pub fn of(seconds: i64) -> Self {
        Self(u64::try_from(seconds).unwrap_or_default())
    }

    /// As RFC 3339 has it: `2026-11-25T20:01:02Z`. Years end at 9999.
    pub fn rfc3339(self) -> String {
        humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(self.0.min(LAST))).to_string()
    }

    /// The day: `2026-11-25`.
    pub fn day(self) -> String {
        self.rfc3339().chars().take_while(|c| *c != 'T').collect()
    }
}

/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

impl Seen {
    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last), days: self.days.max(other.days) }
    }
}

/// Both together, where one may be missing.
pub(crate) fn together(one: Option<Seen>, other: Option<Seen>) -> Option<Seen> {
    one.into_iter().chain(other).reduce(Seen::with)
}

impl FileSeen {
    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { sessions: self.sessions.saturating_add(other.sessions), days: self.days.max(other.days) }
    }
}

impl BuildEvidence {
    /// `sessions`, `days`: of the build.
    pub fn new(sessions: u64, days: u64, files: Vec<FileSeen>, points: Vec<Option<Seen>>) -> Self {
        let seen = points.iter().flatten().copied().reduce(Seen::with).map(|seen| Seen { days, ..seen });
        Self { whole: Evidence { sessions, seen }, files, points }
    }

    /// Of the file with this index in the mapping.
    pub(crate) fn file(&self, index: usize) -> FileSeen {
        self.files.get(index).copied().unwrap_or_default()
    }
}

impl Evidence {
    /// Both together.
    #[must_use]
    pub fn with(self, other: &Self) -> Self {
        Self { sessions: self.sessions.saturating_add(other.sessions), seen: together(self.seen, other.seen) }
    }
}

impl Coverage {
    /// What was looked at, for a person: `9 reports of 3 sessions on 2 days, 2026-11-24 to 2026-11-25`.
    pub fn basis(&self) -> String {
        let reports = plural(self.reports, "report");
        let Some(evidence) = &self.evidence else { return reports };
        let sessions = format!("{reports} of {}", plural(evidence.sessions, "session"));
        match evidence.seen {
            None => sessions,
            Some(seen) if seen.first.day() == seen.last.day() => format!("{sessions} on {}", seen.first.day()),
            Some(seen) => {
                let (days, first, last) = (plural(seen.days, "day"), seen.first.day(), seen.last.day());
                format!("{sessions} on {days}, {first} to {last}")
            }
        }
    }
}

/// `1 byte`, `2 bytes`.
pub(crate) fn plural(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_everybody_reads_them() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_636_862, "2026-11-25T20:01:02Z"),
            (u64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Time(seconds).rfc3339(), expected);
        }
        assert_eq!(Time(1_795_636_862).day(), "2026-11-25");
    }

    #[test]
    fn what_is_known_of_two_builds_is_put_together() {
        let seen = |first, last, days| Seen { first: Time(first), last: Time(last), days };
        let one = Evidence { sessions: 3, seen: Some(seen(10, 20, 1)) };
        let other = Evidence { sessions: 4, seen: Some(seen(5, 15, 2)) };
        assert_eq!(one.clone().with(&other), Evidence { sessions: 7, seen: Some(seen(5, 20, 2)) });
        assert_eq!(one.clone().with(&Evidence::default()), one);
    }
}
