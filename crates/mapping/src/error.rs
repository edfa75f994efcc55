//! What can be wrong with a mapping file.

use std::fmt;

/// A mapping or build manifest that cannot be read. Lines count from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum MappingError {
    /// One of the three headers is missing, doubled or out of order.
    BadHeader {
        /// Where it was expected.
        line: usize,
        /// Its name.
        expected: &'static str,
    },
    /// A header's list is not a JSON array of strings.
    BadList {
        /// Where.
        line: usize,
        /// The JSON reader's words.
        reason: String,
    },
    /// An entry without `:`, or whose id is not one positive VLQ number.
    BadId {
        /// Where.
        line: usize,
        /// The entry's text, shortened.
        text: String,
    },
    /// An entry whose numbers are not whole VLQ, too few, or out of range.
    BadNumbers {
        /// Where.
        line: usize,
        /// The entry's text, shortened.
        text: String,
    },
    /// Numbers behind an entry's twelve that are no whole continuations, or a continuation of ids that no entry has, of
    /// no code, or of more ids than there are entries.
    BadContinuation {
        /// Where.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A file, function or type index that the headers do not list.
    IndexOutOfRange {
        /// Where.
        line: usize,
        /// Which list.
        list: &'static str,
        /// The index, from 0.
        index: i64,
    },
    /// A type that is none of FUNCTION, BRANCH, BRANCH_DEFAULT.
    UnknownKind {
        /// The spelling found.
        name: String,
    },
    /// A mapping of which something is missing.
    NotWhole {
        /// What shows it.
        what: String,
    },
    /// A build manifest that is not of the mapping.
    OtherMapping {
        /// What shows it.
        what: String,
    },
    /// The build manifest is not the JSON it should be.
    BadManifest {
        /// The JSON reader's words.
        reason: String,
    },
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadHeader { line, expected } => {
                write!(
                    f,
                    "line {line}: expected the header `{expected}:[…]`; a mapping file begins with FileNames, FunctionNames and Types"
                )
            }
            Self::BadList { line, reason } => {
                write!(f, "line {line}: the header's list is not a JSON array of strings: {reason}")
            }
            Self::BadId { line, text } => {
                write!(f, "line {line}: `{text}` is not an entry: expected an id in VLQ, `:`, and VLQ numbers")
            }
            Self::BadNumbers { line, text } => {
                write!(
                    f,
                    "line {line}: `{text}`: expected at least 5 VLQ numbers (file, function, type, line, column), none negative"
                )
            }
            Self::BadContinuation { line, reason } => write!(
                f,
                "line {line}: {reason}; behind an entry's twelve numbers stand continuations, each a start, an end and twice \
                 a number of ids with so many ids"
            ),
            Self::IndexOutOfRange { line, list, index } => write!(f, "line {line}: index {index} is not in {list}"),
            Self::UnknownKind { name } => {
                write!(f, "Types lists `{name}`, which is none of FUNCTION, BRANCH, BRANCH_DEFAULT")
            }
            Self::NotWhole { what } => write!(f, "it is not whole: {what}"),
            Self::OtherMapping { what } => write!(f, "it is of another build than the mapping: {what}"),
            Self::BadManifest { reason } => write!(f, "not a build manifest: {reason}"),
        }
    }
}

impl std::error::Error for MappingError {}
