//! Probe, its id, kind, site and place.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use crate::vlq::{push_vlq, read_all, single_vlq};

/// Identity of a probe in one build: dense, from 1, at most `i32::MAX`.
///
/// Displayed as source-map VLQ (`C`, `E`, `G` … `e`, `gB`), the spelling of the mapping file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProbeId(NonZeroU32);

impl ProbeId {
    /// The id with this number; `None` for 0 and for numbers above `i32::MAX`, which Closure's VLQ cannot hold.
    pub fn new(number: u32) -> Option<Self> {
        if number > i32::MAX as u32 { None } else { NonZeroU32::new(number).map(Self) }
    }

    /// The number, from 1.
    pub fn get(self) -> u32 {
        self.0.get()
    }

    /// Reads either spelling, as reports have them. No text is both: a VLQ number never ends with a digit.
    #[inline]
    pub fn from_spelling(text: &[u8]) -> Option<Self> {
        let (last, before) = text.split_last()?;
        // Ids have at most ten decimal digits; all that is longer is no id, and cannot overflow below.
        if before.len() > 9 {
            return None;
        }
        let number = if last.is_ascii_digit() { decimal(text)? } else { single_vlq(text)? };
        u32::try_from(number).ok().and_then(Self::new)
    }

    /// Appends the id as running code spells it, without quotes: `C` or `1`.
    pub fn push(self, form: IdForm, out: &mut Vec<u8>) {
        match form {
            IdForm::Vlq => push_vlq(out, i64::from(self.get())),
            IdForm::Number => out.extend_from_slice(self.get().to_string().as_bytes()),
        }
    }
}

fn decimal(text: &[u8]) -> Option<u64> {
    if text[0] == b'0' {
        return None;
    }
    text.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0')))
}

impl fmt::Display for ProbeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(7);
        push_vlq(&mut text, i64::from(self.get()));
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

impl FromStr for ProbeId {
    type Err = ();

    /// Reads the VLQ spelling: exactly one positive number.
    fn from_str(text: &str) -> Result<Self, ()> {
        match read_all(text).as_deref() {
            Some(&[number]) => u32::try_from(number).ok().and_then(Self::new).ok_or(()),
            _ => Err(()),
        }
    }
}

/// How instrumented code spells ids. The numbering is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum IdForm {
    /// `push("C")`: Closure's.
    #[default]
    Vlq,
    /// `push(1)`: far cheaper at run time, since a counter table can be indexed by it.
    Number,
}

impl IdForm {
    /// The name in flags and in the build manifest.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vlq => "vlq",
            Self::Number => "number",
        }
    }
}

/// What a probe's hit means. Spelled in the mapping as Closure does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProbeKind {
    /// A function was entered.
    Function,
    /// A branch was taken.
    Branch,
    /// The other branch was taken: `else` or `default`, written or made.
    BranchDefault,
}

impl ProbeKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Function, Self::Branch, Self::BranchDefault];

    /// The spelling in the mapping file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Function => "FUNCTION",
            Self::Branch => "BRANCH",
            Self::BranchDefault => "BRANCH_DEFAULT",
        }
    }
}

/// A place in the grammar that gets a probe. The numbers are part of the mapping file: never reuse one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Site {
    /// Function declaration or expression, method, accessor, constructor.
    Function = 0,
    /// Arrow function.
    Arrow = 1,
    /// `if (a) ▸`
    IfThen = 2,
    /// `else ▸`, written or made.
    IfElse = 3,
    /// `case a: ▸`
    SwitchCase = 4,
    /// `default: ▸` as written.
    SwitchDefault = 5,
    /// The `default` made for a `switch` that has none.
    SwitchNoMatch = 6,
    /// Body of `for`, `for-in`, `for-of`, `for await`, `while` or `do`.
    Loop = 7,
    /// `a ? ▸b : ▸c`
    Ternary = 8,
    /// `a && ▸b`, also `||` and `??`.
    Logical = 9,
    /// `a &&= ▸b`, also `||=` and `??=`.
    LogicalAssign = 10,
}

impl Site {
    /// Every site; the index is the number in the mapping file.
    pub const ALL: [Self; 11] = [
        Self::Function,
        Self::Arrow,
        Self::IfThen,
        Self::IfElse,
        Self::SwitchCase,
        Self::SwitchDefault,
        Self::SwitchNoMatch,
        Self::Loop,
        Self::Ternary,
        Self::Logical,
        Self::LogicalAssign,
    ];

    /// The kind recorded in the mapping.
    pub const fn kind(self) -> ProbeKind {
        match self {
            Self::Function | Self::Arrow => ProbeKind::Function,
            Self::IfElse | Self::SwitchDefault | Self::SwitchNoMatch => ProbeKind::BranchDefault,
            Self::IfThen | Self::SwitchCase | Self::Loop | Self::Ternary | Self::Logical | Self::LogicalAssign => {
                ProbeKind::Branch
            }
        }
    }

    /// The spelling of the fixture folder and of the decoded view.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Arrow => "arrow",
            Self::IfThen => "if_then",
            Self::IfElse => "if_else",
            Self::SwitchCase => "switch_case",
            Self::SwitchDefault => "switch_default",
            Self::SwitchNoMatch => "switch_no_match",
            Self::Loop => "loop",
            Self::Ternary => "ternary",
            Self::Logical => "logical",
            Self::LogicalAssign => "logical_assign",
        }
    }
}

/// A place in an original source file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Position {
    /// From 1. Lines end where ECMAScript ends them (LF, CR, CRLF, U+2028, U+2029).
    pub line: u32,
    /// From 0, in UTF-16 code units; a tab is 1, a BOM is 0.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// What one id stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Probe {
    /// Index into [`crate::Mapping::files`].
    pub file: u32,
    /// Index into [`crate::Mapping::functions`].
    pub function: u32,
    /// What a hit means.
    pub kind: ProbeKind,
    /// Start of the construct.
    pub at: Position,
    /// What pathlight records beyond Closure's five numbers; absent in Closure's format.
    pub extent: Option<Extent>,
}

/// The code that a probe counts, and its neighbours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Extent {
    /// Start of the code that runs when the probe is hit, inclusive.
    pub start: Position,
    /// Its end, exclusive; equal to `start` for an `else` or `default` that was made.
    pub end: Position,
    /// Probe of the nearest function around; `None` at top level.
    pub owner: Option<ProbeId>,
    /// The place in the grammar.
    pub site: Site,
    /// First probe of the same decision; the probe itself if it stands alone.
    pub decision: ProbeId,
}
