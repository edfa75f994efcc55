//! Continuations: how often code runs that has no probe of its own, because not all ways lead to it.
//!
//! ```js
//! function f(a) {
//!   if (a) return 1;
//!   log(a);           // runs as often as the `else` that nobody wrote
//! }
//! ```

use crate::probe::{Position, Probe, ProbeId};

/// The rest of a list of statements, behind one that `return`, `throw`, `break` or `continue` may leave. It runs as
/// often as the sum of some hits less the sum of others says; less often where a call throws.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Continuation {
    /// Start of the first statement in it.
    pub start: Position,
    /// End of the last one, exclusive.
    pub end: Position,
    /// Probes whose hits add up. At least one: the entry of the first holds the continuation.
    pub plus: Vec<ProbeId>,
    /// Probes whose hits are taken off.
    pub minus: Vec<ProbeId>,
}

impl Continuation {
    /// Its order in the mapping.
    pub(crate) fn key(&self) -> (Option<ProbeId>, Position, Position) {
        (self.plus.first().copied(), self.start, self.end)
    }

    /// Hands its numbers to `push`, as they follow the extent of its first probe.
    pub(crate) fn numbers(&self, mut push: impl FnMut(u32)) {
        [self.start.line, self.start.column, self.end.line, self.end.column].into_iter().for_each(&mut push);
        let others = self.plus.get(1..).unwrap_or_default();
        for ids in [others, self.minus.as_slice()] {
            push(ids.len() as u32);
            ids.iter().for_each(|id| push(id.get()));
        }
    }

    /// The inverse of [`Self::numbers`], which it takes off the front. What is wrong if they are no continuation; that
    /// its ids are there is not looked at.
    pub(crate) fn read(first: ProbeId, numbers: &mut &[u32]) -> Result<Self, String> {
        let [start_line, start_column, end_line, end_column, rest @ ..] = *numbers else {
            return Err(format!("{} numbers are no continuation", numbers.len()));
        };
        let mut rest = rest;
        let mut ids = || {
            let (length, after) = rest.split_first().ok_or("a continuation ends before its ids")?;
            let short = || format!("a continuation of {length} ids has {} numbers behind it", after.len());
            let (ids, after) = after.split_at_checked(*length as usize).ok_or_else(short)?;
            rest = after;
            ids.iter().map(|id| ProbeId::new(*id).ok_or_else(|| format!("a continuation has the id {id}"))).collect()
        };
        let mut plus = vec![first];
        let others: Result<Vec<ProbeId>, String> = ids();
        plus.extend(others?);
        let minus = ids()?;
        *numbers = rest;
        let position = |line: &u32, column: &u32| Position { line: *line, column: *column };
        let (start, end) = (position(start_line, start_column), position(end_line, end_column));
        if start >= end {
            return Err(format!("a continuation from {start} ends at {end}"));
        }
        Ok(Self { start, end, plus, minus })
    }

    /// The first of its ids that is none of `known`, which rise.
    pub(crate) fn unknown_id(&self, known: &[(ProbeId, Probe)]) -> Option<ProbeId> {
        let is_unknown = |id: &&ProbeId| known.binary_search_by_key(*id, |(known, _)| *known).is_err();
        self.plus.iter().chain(&self.minus).find(is_unknown).copied()
    }
}
