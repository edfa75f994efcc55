//! What came in, and what of it could not be used.

use std::collections::BTreeSet;
use std::{fmt, io};

use pathlight_mapping::ReportErrorKind;

use crate::build::Stray;

/// So many bad reports are named; all are counted.
const NAMED: usize = 1000;

/// What was read. Sums that commute, so that the order of reading cannot be seen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Intake {
    /// Reports that were added to the counts of a build.
    pub merged: u64,
    /// Reports that had been read before: the same build, session and number, and the same content.
    pub resent: u64,
    /// Reports that name a build of which there is no mapping.
    pub other_build: u64,
    /// Reports that name no build, where there are mappings of several.
    pub no_build: u64,
    /// Bad reports.
    pub bad: u64,
    /// Bad reports by name and place, the first ones.
    pub bad_reports: BTreeSet<BadReport>,
    /// Whether there were too many numbered reports to notice every resent one.
    pub forgot_resent: bool,
}

/// A report that was left out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BadReport {
    /// Its file.
    pub source: String,
    /// Line and column in the file, from 1, columns in bytes; `None` for the whole file.
    pub place: Option<(u64, u64)>,
    /// Why.
    pub problem: Problem,
}

/// Why a report was left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// Its text is bad.
    Report(ReportErrorKind),
    /// Its file holds nothing.
    Empty,
    /// Its file cannot be read; the system's words.
    Io(String),
    /// What was to be imported is not of that kind; what is wrong.
    Import(String),
}

impl Intake {
    pub(crate) fn add_bad(&mut self, bad: BadReport) {
        self.bad += 1;
        self.bad_reports.insert(bad);
        if self.bad_reports.len() > NAMED {
            self.bad_reports.pop_last();
        }
    }

    pub(crate) fn add_stray(&mut self, stray: Stray) {
        match stray {
            Stray::OtherBuild => self.other_build += 1,
            Stray::NoBuild => self.no_build += 1,
        }
    }

    /// Adds what else was read.
    pub fn add(&mut self, other: Self) {
        self.merged += other.merged;
        self.resent += other.resent;
        self.other_build += other.other_build;
        self.no_build += other.no_build;
        self.bad += other.bad;
        self.bad_reports.extend(other.bad_reports);
        while self.bad_reports.len() > NAMED {
            self.bad_reports.pop_last();
        }
        self.forgot_resent |= other.forgot_resent;
    }
}

impl Problem {
    /// With the system's words, without its number.
    pub(crate) fn unreadable(error: &io::Error) -> Self {
        let text = error.to_string();
        let words = match (error.raw_os_error(), text.split_once(" (os error")) {
            (Some(_), Some((words, _))) => words.to_lowercase(),
            _ => text,
        };
        Self::Io(format!("cannot be read: {words}"))
    }
}

impl fmt::Display for BadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "{}:{line}:{column}: {}", self.source, self.problem),
            None => write!(f, "{}: {}", self.source, self.problem),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(kind) => kind.fmt(f),
            Self::Empty => f.write_str("it is empty"),
            Self::Io(words) | Self::Import(words) => f.write_str(words),
        }
    }
}

impl Ord for Problem {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.to_string().cmp(&other.to_string())
    }
}

impl PartialOrd for Problem {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
