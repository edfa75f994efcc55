//! What looks like a hint and is none, or is half of one.

use std::fmt;

use pathlight_mapping::Position;

use crate::hint::spelling::{NODE, word, words};

/// A comment that says less than its writer thinks: the file is instrumented, and this is worth saying.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HintWarning {
    /// Where the comment stands: an index into the input map's sources, or the input itself if `None`.
    pub source: Option<u32>,
    /// Where the comment begins there.
    pub at: Position,
    /// What is wrong.
    pub kind: HintWarningKind,
    /// The comment's first words, such as `c8 ignore nxt`.
    pub words: String,
}

/// The situations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum HintWarningKind {
    /// It begins as a hint and goes on with a word that means nothing.
    Unknown,
    /// `ignore start` without a stop behind it.
    NotStopped,
    /// `ignore stop` without a start before it.
    NotStarted,
}

impl fmt::Display for HintWarning {
    /// What, and what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = &self.words;
        let tool = words.split(' ').next().unwrap_or_default();
        match self.kind {
            HintWarningKind::Unknown if words.ends_with("able") => write!(
                f,
                "`{words}` is no hint and has no effect: write `{tool} ignore start` and `{tool} ignore stop`"
            ),
            HintWarningKind::Unknown => write!(
                f,
                "`{words}` is no hint and has no effect: behind `ignore` write next, next 3, if, else, start, stop or file"
            ),
            HintWarningKind::NotStopped => write!(
                f,
                "`{words}` has no stop, so that nothing behind it has probes: write `{tool} ignore stop` where they go on, or `{tool} ignore file`"
            ),
            HintWarningKind::NotStarted if tool == NODE => {
                write!(f, "`{words}` has no effect: write `{tool} disable` before it, or remove it")
            }
            HintWarningKind::NotStarted => {
                write!(f, "`{words}` has no effect: write `{tool} ignore start` before it, or remove it")
            }
        }
    }
}

/// The first words of a comment's text that begins as a hint does; it is known to be none.
pub(super) fn unknown_hint(text: &str) -> Option<String> {
    let (tool, rest) = words(text)?;
    if word(rest, "ignore").is_some() {
        return Some(first_words(text));
    }
    // Node's words with another tool's name. What V8 disables is the subject of many an ordinary comment.
    let is_nodes = ["disable", "enable"].iter().any(|name| word(rest, name).is_some());
    (is_nodes && tool != "v8").then(|| first_words(text))
}

/// The tool and what it is asked for, as a line says it.
pub(super) fn first_words(text: &str) -> String {
    /// Characters of a word.
    const LONGEST: usize = 30;
    let Some((tool, rest)) = words(text) else { return String::new() };
    let mut all = vec![tool.to_owned()];
    for next in rest.split_whitespace().filter(|next| next.starts_with(char::is_alphanumeric)) {
        all.push(next.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).take(LONGEST).collect());
        if next != "ignore" {
            break;
        }
    }
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hint::spelling::TOOLS;

    #[test]
    fn what_begins_as_a_hint() {
        for (text, found) in [
            (" istanbul ignore nxt ", "istanbul ignore nxt"),
            (" pathlight ignore nextt", "pathlight ignore nextt"),
            ("* c8 ignore ", "c8 ignore"),
            (" c8 ignore: ", "c8 ignore"),
            (" v8\n * ignore", ""),
            (" c8 disable ", "c8 disable"),
            (" istanbul ignore line: why", "istanbul ignore line"),
            (" node:coverage ignore all", "node:coverage ignore all"),
        ] {
            assert_eq!(unknown_hint(text).unwrap_or_default(), found, "{text}");
        }
        for tool in TOOLS {
            for text in [format!("{tool} ignores it"), format!("{tool}: ignore next"), format!("see {tool} ignore x")] {
                assert_eq!(unknown_hint(&text), None, "{text}");
            }
        }
        assert_eq!(unknown_hint(" v8 disable inlining here"), None);
        assert_eq!(unknown_hint(" pathlight enabled it"), None);
    }
}
