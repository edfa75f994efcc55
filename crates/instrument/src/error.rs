//! What can keep a file from being instrumented.

use std::fmt;
use std::ops::Range;

/// An error in one input file: what, why, what to do, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InstrumentError {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Byte offsets in the text after a BOM; `None` if the whole file is meant.
    pub span: Option<Range<usize>>,
}

/// The situations.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The parser cannot read the program; its words.
    Syntax(String),
    /// The same, in a file that says that its types are Flow's.
    Flow(String),
    /// More than [`crate::MAX_BYTES`] bytes.
    TooLarge {
        /// Size of the file.
        bytes: usize,
    },
    /// Nested deeper than any stack can hold.
    TooDeep {
        /// Estimated depth.
        depth: usize,
    },
    /// The file declares or assigns the array's name.
    BindsArray {
        /// The name.
        array: String,
    },
    /// The file reads the array, and no externs file says that it may.
    UsesArray {
        /// The name.
        array: String,
    },
    /// The file holds probes already.
    AlreadyInstrumented {
        /// Whose they are.
        by: Instrumenter,
    },
    /// Every name of the global object is bound by the file.
    NoGlobalObject,
    /// A decorator that only the legacy proposal knows.
    LegacyDecorator,
    /// A decorator that only the standard knows, as TypeScript says too.
    StandardDecorator {
        /// What it stands on.
        on: &'static str,
    },
    /// Types, JSX or decorators that cannot be turned into JavaScript; the transform's words.
    Strip(String),
}

/// Who planted the probes that a file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Instrumenter {
    /// This program, with this array.
    Pathlight(String),
    /// Istanbul, or a tool with its counters.
    Istanbul,
    /// Closure Compiler, with bits for lines or branches.
    ClosureLines,
}

impl InstrumentError {
    pub(crate) fn new(kind: ErrorKind, span: Option<Range<usize>>) -> Self {
        Self { kind, span }
    }

    /// Why it is an error, where that is not plain.
    pub fn why(&self) -> Option<String> {
        match &self.kind {
            ErrorKind::BindsArray { array } => {
                Some(format!("probes push to the global `{array}`; here the name would mean something else"))
            }
            ErrorKind::UsesArray { array } => Some(format!(
                "code that walks `{array}` while its own probes push to it never ends, unless it is written with that in mind"
            )),
            ErrorKind::AlreadyInstrumented { .. } => Some("a second set of probes would count everything twice".into()),
            ErrorKind::NoGlobalObject => Some(
                "the statement that makes sure of the array needs `globalThis`, `self`, `window` or `global`".into(),
            ),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> Option<String> {
        match &self.kind {
            ErrorKind::Flow(_) => Some(
                "the file's types are Flow's, which only Flow's own tools read: remove them first, as `flow-remove-types` does, or pass --keep-going"
                    .into(),
            ),
            ErrorKind::Syntax(_) => Some("--keep-going copies files that cannot be instrumented as they are".into()),
            ErrorKind::TooLarge { .. } | ErrorKind::TooDeep { .. } => {
                Some("leave the file out with --exclude, or instrument its sources before they are bundled".into())
            }
            ErrorKind::BindsArray { .. } => {
                Some("choose another name with --array-name, or leave the file out with --exclude".into())
            }
            ErrorKind::UsesArray { array } => Some(format!(
                "if this is your own collector, leave it out with --exclude, or declare `var {array};` in a file given to --externs; otherwise choose another name with --array-name"
            )),
            ErrorKind::AlreadyInstrumented { .. } => {
                Some("give pathlight the original sources, or leave the file out with --exclude".into())
            }
            ErrorKind::NoGlobalObject => Some("use --no-declare and create the array before this file runs".into()),
            ErrorKind::LegacyDecorator => Some("pass --decorators legacy".into()),
            ErrorKind::StandardDecorator { .. } => Some("pass --decorators standard".into()),
            ErrorKind::Strip(_) => Some("leave --strip-types out and let your compiler do it afterwards".into()),
        }
    }
}

impl fmt::Display for Instrumenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pathlight(array) => write!(f, "probes of the array `{array}`"),
            Self::Istanbul => f.write_str("Istanbul"),
            Self::ClosureLines => f.write_str("Closure Compiler's LINE or BRANCH"),
        }
    }
}

impl fmt::Display for InstrumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Syntax(message) | ErrorKind::Flow(message) | ErrorKind::Strip(message) => f.write_str(message),
            ErrorKind::TooLarge { bytes } => {
                write!(f, "the file has {bytes} bytes, more than the {} that can be read", crate::MAX_BYTES)
            }
            ErrorKind::TooDeep { depth } => write!(f, "the program is nested about {depth} levels deep"),
            ErrorKind::BindsArray { array } => write!(f, "the file binds `{array}`, the name of the array"),
            ErrorKind::UsesArray { array } => write!(f, "the file uses `{array}`, the name of the array"),
            ErrorKind::AlreadyInstrumented { by } => write!(f, "the file is already instrumented by {by}"),
            ErrorKind::NoGlobalObject => f.write_str("the file binds every name of the global object"),
            ErrorKind::StandardDecorator { on } => write!(f, "legacy decorators cannot stand on {on}"),
            ErrorKind::LegacyDecorator => f.write_str(
                "decorators of parameters, and of fields that are declared or abstract, are legacy decorators",
            ),
        }
    }
}

impl std::error::Error for InstrumentError {}
