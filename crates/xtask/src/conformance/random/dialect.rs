//! How much of the grammar a program may hold.

use super::grammar::Kind;

/// A part of the grammar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dialect {
    /// All of it.
    Whole,
    /// What Closure Compiler reads as engines do: scripts that say they are strict, as it takes every program for, and
    /// without forms that it does not know.
    Closures,
}

/// Forms that Closure Compiler refuses: regular expressions with `v`, and escapes that only a tag may have.
const UNKNOWN_TO_CLOSURE: [&str; 2] = ["regular expression", "tagged template"];

impl Dialect {
    pub(super) fn has(self, form: &str) -> bool {
        self == Self::Whole || !UNKNOWN_TO_CLOSURE.contains(&form)
    }

    pub(super) fn has_private_names(self) -> bool {
        self == Self::Whole
    }

    pub(super) const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Whole => &[Kind::Script, Kind::Script, Kind::Script, Kind::CommonJs, Kind::Module],
            Self::Closures => &[Kind::Script],
        }
    }

    /// What names begin with.
    pub(super) const fn name_starts(self) -> &'static [&'static str] {
        match self {
            Self::Whole => &["v", "v", "v", "$", "_", "é", "\u{10400}"],
            Self::Closures => &["v", "v", "v", "$", "_", "é"],
        }
    }
}
