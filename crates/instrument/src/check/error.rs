//! What the checker can find.

use std::fmt;

use pathlight_mapping::{Position, ProbeId, Site};

/// The output is not the input with probes, or the mapping does not say what its probes stand for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckError {
    /// What is wrong.
    pub kind: CheckErrorKind,
    /// Where in the output, if it shows there.
    pub output: Option<Position>,
    /// Where in the input, if it shows there.
    pub input: Option<Position>,
}

/// The situations.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CheckErrorKind {
    /// The parser cannot read the input or the output; its words.
    Unreadable(String),
    /// The code without its probes is another.
    Differs {
        /// Part of the syntax tree.
        part: &'static str,
        /// What the output has there.
        output: String,
        /// What the input has there.
        input: String,
    },
    /// A probe stands where none may stand.
    StrayProbe(ProbeId),
    /// A probe counts what must be left alone.
    ForbiddenProbe {
        /// Its id.
        id: ProbeId,
        /// What must be left alone.
        place: &'static str,
    },
    /// Nothing asks for this construct to be left out, and it has no probe.
    MissingProbe(Site),
    /// A case falls into the `default` that was made.
    FallsIntoMade,
    /// Something that was made, or the lack of it, changes a script's completion value.
    CompletionValue,
    /// Something is written in the form that keeps a completion value where there is none to keep.
    NeedlessForm,
    /// A function would lose the name that its assignment gives it.
    NameLost,
    /// The statement that makes sure of the array is missing.
    NoHeader,
    /// The statement that makes sure of the array is there and should not be, or reads a name that the file binds.
    WrongHeader,
    /// The file gives the array's name a meaning of its own.
    ArrayBound,
    /// Two probes have one id.
    IdTwice(ProbeId),
    /// The mapping does not have the id.
    IdNotInMapping(ProbeId),
    /// The code does not have the id.
    IdNotInCode(ProbeId),
    /// Ids do not count up in post-order.
    OutOfOrder {
        /// The id in the code.
        id: ProbeId,
        /// The id that its place has.
        expected: ProbeId,
    },
    /// The mapping says something else of a probe than its place in the code.
    Recorded {
        /// Its id.
        id: ProbeId,
        /// Which of its values.
        value: &'static str,
        /// What the mapping says.
        mapping: String,
        /// What the code says.
        code: String,
    },
    /// A comment of the input is not in the output, or not in its place.
    Comment {
        /// Its text.
        text: String,
        /// What became of it.
        fate: CommentFate,
    },
}

/// What became of a comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CommentFate {
    /// It is gone, or no longer stands before its token.
    Lost,
    /// A probe stands between it and its token.
    Parted,
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        match (self.output, self.input) {
            (Some(output), Some(input)) => write!(f, " (output {output}, input {input})"),
            (Some(output), None) => write!(f, " (output {output})"),
            (None, Some(input)) => write!(f, " (input {input})"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Display for CheckErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(message) => f.write_str(message),
            Self::Differs { part, output, input } => {
                write!(f, "{part}: the output has `{output}` where the input has `{input}`")
            }
            Self::StrayProbe(id) => write!(f, "probe {id} stands where none may stand"),
            Self::ForbiddenProbe { id, place } => write!(f, "probe {id} stands in {place}"),
            Self::MissingProbe(site) => write!(f, "{} has no probe", site.name()),
            Self::FallsIntoMade => f.write_str("a case falls into the `default` that was made"),
            Self::CompletionValue => f.write_str("the completion value of the script is not kept"),
            Self::NeedlessForm => f.write_str("a completion value is kept where there is none"),
            Self::NameLost => f.write_str("a function loses the name that its assignment gives it"),
            Self::NoHeader => f.write_str("nothing makes sure of the array"),
            Self::WrongHeader => f.write_str("the statement that makes sure of the array may not stand here so"),
            Self::ArrayBound => f.write_str("the file binds the array's name"),
            Self::IdTwice(id) => write!(f, "id {id} stands twice in the code"),
            Self::IdNotInMapping(id) => write!(f, "id {id} of the code is not in the mapping"),
            Self::IdNotInCode(id) => write!(f, "id {id} of the mapping is not in the code"),
            Self::OutOfOrder { id, expected } => write!(f, "id {id} stands where {expected} should be"),
            Self::Recorded { id, value, mapping, code } => {
                write!(f, "the mapping says that the {value} of {id} is {mapping}; in the code it is {code}")
            }
            Self::Comment { text, fate: CommentFate::Lost } => {
                write!(f, "the comment `{text}` is lost, or does not stand where it stood")
            }
            Self::Comment { text, fate: CommentFate::Parted } => {
                write!(f, "a probe parts the comment `{text}` from its token")
            }
        }
    }
}

impl std::error::Error for CheckError {}
