//! What can be wrong with a report.

use std::fmt;

use super::REPORT_SCHEMA;
use crate::probe::ProbeId;

/// A report that cannot be read, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReportError {
    /// Offset in bytes from the start of the text.
    pub at: usize,
    /// What is wrong there.
    pub kind: ReportErrorKind,
}

/// What is wrong with a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ReportErrorKind {
    /// The text ends within the report.
    CutShort,
    /// Something else stands there; what is expected.
    Expected(&'static str),
    /// A string that is no UTF-8, has a bad escape or a control character.
    BadString,
    /// More than 128 objects or arrays within each other.
    TooDeep,
    /// A count below 0.
    NegativeCount,
    /// A count with a fraction.
    FractionalCount,
    /// A count that 64 bits cannot hold.
    CountTooLarge,
    /// A report of pathlight's own shape, of another version.
    UnknownSchema(u64),
    /// A member of pathlight's own shape that comes twice.
    MemberTwice(&'static str),
    /// An id that comes twice, maybe in two spellings.
    IdTwice(ProbeId),
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ReportErrorKind::IdTwice(_) => self.kind.fmt(f),
            _ => write!(f, "byte {}: {}", self.at, self.kind),
        }
    }
}

impl fmt::Display for ReportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutShort => f.write_str("the report is cut short"),
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::BadString => {
                f.write_str("a string with a control character, a bad escape or bytes that are no UTF-8")
            }
            Self::TooDeep => f.write_str("objects nested too deeply"),
            Self::NegativeCount => f.write_str("a count below 0"),
            Self::FractionalCount => f.write_str("a count that is no whole number"),
            Self::CountTooLarge => f.write_str("a count that 64 bits cannot hold"),
            Self::UnknownSchema(schema) => {
                write!(f, "a report of schema {schema}; this version reads schema {REPORT_SCHEMA}")
            }
            Self::MemberTwice(name) => write!(f, "`{name}` comes twice"),
            Self::IdTwice(id) => write!(f, "the id {id} (number {}) comes twice", id.get()),
        }
    }
}

impl std::error::Error for ReportError {}
