//! Words by which hints and earlier probes are known, all looked for in one pass: a search for each would take several
//! times as long, and most texts hold hardly one of them.

use std::array;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// A word that is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Needle {
    Ignore,
    Disable,
    Enable,
    NoCoverage,
    NodeCoverage,
    CoverageSchema,
    StatementMap,
    ClosureLines,
    GlobalThis,
    Push,
}

/// In the order of their declaration.
const NEEDLES: [(Needle, &str); 10] = [
    (Needle::Ignore, "ignore"),
    (Needle::Disable, "disable"),
    (Needle::Enable, "enable"),
    (Needle::NoCoverage, "@nocoverage"),
    (Needle::NodeCoverage, "node:coverage"),
    (Needle::CoverageSchema, "_coverageSchema"),
    (Needle::StatementMap, "statementMap"),
    (Needle::ClosureLines, "__jscov"),
    (Needle::GlobalThis, "globalThis"),
    (Needle::Push, ".push("),
];

impl Needle {
    pub(crate) fn text(self) -> &'static str {
        NEEDLES[self as usize].1
    }
}

/// Where each of them stands in a text. Of two that overlap, as in `disablenable`, only the first is found.
#[derive(Debug)]
pub(crate) struct Needles([Vec<u32>; NEEDLES.len()]);

impl Needles {
    pub(crate) fn new(text: &str) -> Self {
        static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
            let texts = NEEDLES.map(|(_, text)| text);
            AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(texts).ok()
        });
        let mut found = array::from_fn(|_| Vec::new());
        for needle in FINDER.iter().flat_map(|finder| finder.find_iter(text)) {
            found[needle.pattern()].push(needle.start() as u32);
        }
        Self(found)
    }

    /// Byte offsets, rising.
    pub(crate) fn of(&self, needle: Needle) -> impl Iterator<Item = usize> {
        self.0[needle as usize].iter().map(|at| *at as usize)
    }

    pub(crate) fn first(&self, needle: Needle) -> Option<usize> {
        self.of(needle).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_wherever_it_stands() {
        let once = NEEDLES.map(|(_, text)| text).join(" ") + &NEEDLES.map(|(_, text)| text).concat();
        let text = format!("{once}{}{once}", " ".repeat(99));
        let needles = Needles::new(&text);
        for (at, (needle, word)) in NEEDLES.into_iter().enumerate() {
            assert_eq!((needle as usize, needle.text()), (at, word));
            let wanted: Vec<_> = text.match_indices(word).map(|(at, _)| at).collect();
            assert_eq!(needles.of(needle).collect::<Vec<_>>(), wanted, "{word}");
            assert_eq!(wanted.len(), 4, "{word}");
        }
    }
}
