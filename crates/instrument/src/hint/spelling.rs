//! How hints are written.

use crate::needles::{Needle, Needles};

/// What a comment asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Hint {
    /// `ignore next`
    Next,
    /// `ignore next 3`
    Lines(u32),
    /// `ignore if`, `ignore else`
    Branch(Branch),
    /// `ignore start`
    Start,
    /// `ignore stop`
    Stop,
    /// `ignore file`
    File,
}

/// A branch of an `if`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Branch {
    Then,
    Else,
}

/// Whose hints are read.
pub(super) const TOOLS: [&str; 5] = ["pathlight", "istanbul", "c8", "v8", NODE];
pub(super) const NODE: &str = "node:coverage";
const NO_COVERAGE: &str = "@nocoverage";

/// Whether it is worth looking at a text's comments. Most texts have no hint.
pub(super) fn may_hold_hint(text: &str, needles: &Needles) -> bool {
    let follows_tool = |at: usize| {
        let before = text[..at].trim_end();
        TOOLS.iter().any(|tool| before.ends_with(tool))
    };
    [Needle::Ignore, Needle::Disable, Needle::Enable].into_iter().any(|word| needles.of(word).any(follows_tool))
        || [Needle::NoCoverage, Needle::NodeCoverage].into_iter().any(|word| needles.first(word).is_some())
}

/// A comment without the signs around it.
pub(super) fn inner_text(comment: &str) -> &str {
    let pairs = [("/*", "*/"), ("//", ""), ("<!--", "-->")];
    let found = pairs.iter().find_map(|(open, close)| {
        let inner = comment.strip_prefix(open)?;
        Some(inner.strip_suffix(close).unwrap_or(inner))
    });
    found.unwrap_or(comment)
}

/// Whether a comment before the first token keeps the whole file out, as Closure reads it.
pub(super) fn is_file_comment(comment: &str) -> bool {
    let ends_word = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    comment.starts_with("/*")
        && comment.match_indices(NO_COVERAGE).any(|(at, tag)| ends_word(&comment[at + tag.len()..]))
}

/// Reads the text of a comment; whatever follows the words is a reason and means nothing.
pub(super) fn hint_in(text: &str) -> Option<Hint> {
    let (tool, rest) = words(text)?;
    if tool == NODE {
        if word(rest, "disable").is_some() {
            return Some(Hint::Start);
        }
        if word(rest, "enable").is_some() {
            return Some(Hint::Stop);
        }
    }
    let rest = word(rest, "ignore")?;
    let words = [
        ("if", Hint::Branch(Branch::Then)),
        ("else", Hint::Branch(Branch::Else)),
        ("start", Hint::Start),
        ("stop", Hint::Stop),
        ("file", Hint::File),
    ];
    if let Some((_, hint)) = words.iter().find(|(name, _)| word(rest, name).is_some()) {
        return Some(*hint);
    }
    let rest = word(rest, "next")?;
    Some(line_count(rest).map_or(Hint::Next, Hint::Lines))
}

/// The tool that the text of a comment begins with, and what follows.
pub(super) fn words(text: &str) -> Option<(&'static str, &str)> {
    let text = text.trim_start_matches(is_ornament);
    TOOLS.iter().find_map(|tool| Some((*tool, text.strip_prefix(tool)?)))
}

/// What may stand before the words: `/** c8 ignore next */`, `/*! … */`.
pub(super) fn is_ornament(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '!')
}

/// What follows `name`, which follows a blank and ends there.
pub(super) fn word<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text.trim_start();
    if rest.len() == text.len() {
        return None;
    }
    rest.strip_prefix(name).filter(|rest| !rest.starts_with(continues_word))
}

fn line_count(text: &str) -> Option<u32> {
    let number = text.trim_start();
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let (digits, rest) = number.split_at(end);
    if digits.is_empty() || number.len() == text.len() || rest.starts_with(continues_word) {
        return None;
    }
    // Nothing but too many digits can be wrong.
    Some(digits.parse().unwrap_or(u32::MAX))
}

fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let next = Some(Hint::Next);
        for tool in TOOLS {
            assert_eq!(hint_in(&format!(" {tool} ignore next ")), next, "{tool}");
            assert_eq!(hint_in(&format!("{tool} ignore file")), Some(Hint::File), "{tool}");
            let text = format!("/* {tool} ignore next */");
            assert!(may_hold_hint(&text, &Needles::new(&text)), "{tool}");
        }
        assert_eq!(hint_in("* istanbul\tignore\n next"), next);
        assert_eq!(hint_in(" v8 ignore next -- @preserve"), next);
        assert_eq!(hint_in(" istanbul ignore next: 3 reasons"), next);
        assert_eq!(hint_in(" istanbul ignore next 2nd branch"), next);
        assert_eq!(hint_in(" c8 ignore next 3 -- why"), Some(Hint::Lines(3)));
        assert_eq!(hint_in(" c8 ignore next 99999999999999999999"), Some(Hint::Lines(u32::MAX)));
        assert_eq!(hint_in(" istanbul ignore if"), Some(Hint::Branch(Branch::Then)));
        assert_eq!(hint_in(" istanbul ignore else"), Some(Hint::Branch(Branch::Else)));
        assert_eq!(hint_in(" node:coverage disable "), Some(Hint::Start));
        assert_eq!(hint_in(" node:coverage enable "), Some(Hint::Stop));
        assert_eq!(hint_in(" v8 ignore start "), Some(Hint::Start));
        assert_eq!(hint_in(" v8 ignore stop "), Some(Hint::Stop));
    }

    #[test]
    fn other_comments() {
        let others = [
            "",
            "*",
            " c8",
            " c8 ignore",
            " c8 ignored next",
            " c8ignore next",
            " c8 ignore nextly",
            " c8 ignoré",
            " eslint-disable c8 ignore next",
            " v8 disable ",
            " istanbul ignore class methods",
            " c8 ignore filename",
        ];
        for other in others {
            assert_eq!(hint_in(other), None, "{other}");
        }
        let text = "ignore it; // prettier-ignore, @ts-ignore";
        assert!(!may_hold_hint(text, &Needles::new(text)));
    }

    #[test]
    fn file_comments() {
        assert!(is_file_comment("/** @fileoverview x\n * @nocoverage */"));
        assert!(!is_file_comment("/** @nocoverages */"));
        assert!(!is_file_comment("// @nocoverage"));
    }
}
