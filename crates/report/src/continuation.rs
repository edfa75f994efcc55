//! Code that has no point of its own and whose count is known all the same.

use pathlight_mapping::{Position, Site};
use rustc_hash::FxHashSet;

use crate::coverage::{Decision, FileCoverage, Point, Span, State};

/// The rest of a list of statements, behind one that may be left: see [`pathlight_mapping::Continuation`]. All indexes
/// are into the file's points.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Continuation {
    /// Inclusive.
    pub start: Position,
    /// Exclusive.
    pub end: Position,
    /// Points whose hits add up; at least one.
    pub plus: Vec<usize>,
    /// Points whose hits are taken off.
    pub minus: Vec<usize>,
}

/// Code with a count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Counted {
    /// Inclusive.
    pub(crate) start: Position,
    /// Exclusive.
    pub(crate) end: Position,
    /// Index of the entry of the function around.
    pub(crate) owner: Option<usize>,
    pub(crate) hits: u64,
}

impl FileCoverage {
    /// How often a continuation ran; `None` if points that it needs were removed from what was shipped.
    pub fn continuation_hits(&self, continuation: &Continuation) -> Option<u64> {
        let sum = |points: &[usize]| points.iter().fold(0_u64, |sum, at| sum.saturating_add(self.points[*at].hits));
        let is_known = continuation.plus.iter().all(|at| self.points[*at].state() != State::Removed);
        is_known.then(|| sum(&continuation.plus).saturating_sub(sum(&continuation.minus)))
    }

    /// Every continuation whose count is known.
    pub(crate) fn counted_continuations(&self) -> impl Iterator<Item = Counted> {
        self.continuations.iter().filter_map(|continuation| {
            let first = *continuation.plus.first()?;
            let owner = match self.points[first].is_function() {
                true => Some(first),
                false => self.points[first].span?.owner,
            };
            Some(Counted {
                start: continuation.start,
                end: continuation.end,
                owner,
                hits: self.continuation_hits(continuation)?,
            })
        })
    }

    /// Continuations that never ran because of a branch that was never taken, though control came to its decision.
    pub(crate) fn named_continuations(&self, decisions: &[Decision]) -> Vec<&Continuation> {
        let passed = decisions.iter().filter(|decision| decision.arms.iter().any(|arm| self.points[*arm].hits > 0));
        let passed: FxHashSet<usize> = passed.flat_map(|decision| &decision.arms).copied().collect();
        let is_named = |continuation: &&Continuation| {
            let is_passed = continuation.plus.iter().any(|point| passed.contains(point));
            is_passed && continuation.minus.is_empty() && self.continuation_hits(continuation) == Some(0)
        };
        self.continuations.iter().filter(is_named).collect()
    }

    /// Continuations, and every `if` both of whose ways have a point, and one of which was taken: how often it was
    /// reached says more than the count of the code around, out of which an `else` may lead. One of which no way was
    /// taken may have been reached all the same, since conditions throw.
    pub(crate) fn counted_code(&self) -> Vec<Counted> {
        let of_decision = |decision: &Decision| {
            let arms: Vec<&Point> = decision.arms.iter().map(|arm| &self.points[*arm]).collect();
            let [then, other] = arms.as_slice() else { return None };
            let (first, second): (Span, Span) = (then.span?, other.span?);
            let is_if = first.site == Site::IfThen && second.site == Site::IfElse;
            let hits = then.hits.saturating_add(other.hits);
            let is_whole = arms.iter().all(|arm| arm.state() != State::Removed);
            let end = first.end.max(second.end);
            (is_if && is_whole && hits > 0).then_some(Counted { start: then.at, end, owner: first.owner, hits })
        };
        self.counted_continuations().chain(self.decisions().iter().filter_map(of_decision)).collect()
    }
}
