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
    /// What is TypeScript too.
    TypeScripts,
}

/// Forms that Closure Compiler refuses: regular expressions with `v`, and escapes that only a tag may have.
const UNKNOWN_TO_CLOSURE: [&str; 2] = ["regular expression", "tagged template"];

impl Dialect {
    pub(super) fn has(self, form: &str) -> bool {
        self != Self::Closures || !UNKNOWN_TO_CLOSURE.contains(&form)
    }

    pub(super) fn has_private_names(self) -> bool {
        self != Self::Closures
    }

    pub(super) const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Whole | Self::TypeScripts => {
                &[Kind::Script, Kind::Script, Kind::Script, Kind::CommonJs, Kind::Module]
            }
            Self::Closures => &[Kind::Script],
        }
    }

    /// What stands between `<` and `>` may be TypeScript's type arguments.
    pub(super) fn has_greater_than(self) -> bool {
        self != Self::TypeScripts
    }

    /// Keys that are literals. Of big integers swc reads no accessors in TypeScript.
    pub(super) const fn literal_keys(self) -> &'static [&'static str] {
        match self {
            Self::Whole | Self::Closures => &["1", "'q-r'", "0x10", "2n", "\"a\"", ".5"],
            Self::TypeScripts => &["1", "'q-r'", "0x10", "2", "\"a\"", ".5"],
        }
    }

    /// What names begin with.
    pub(super) const fn name_starts(self) -> &'static [&'static str] {
        match self {
            Self::Whole | Self::TypeScripts => &["v", "v", "v", "$", "_", "é", "\u{10400}"],
            Self::Closures => &["v", "v", "v", "$", "_", "é"],
        }
    }
}
