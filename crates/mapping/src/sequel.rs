//! Sequels: how often code runs that has no probe of its own, because not all ways lead to it.
//!
//! ```js
//! function f(a) {
//!   if (a) return 1;
//!   log(a);           // runs as often as the `else` that nobody wrote
//! }
//! ```

use crate::probe::{Position, ProbeId};

/// The rest of a list of statements, behind one that `return`, `throw`, `break` or `continue` may leave. It runs as
/// often as the sum of some hits less the sum of others says; less often where a call throws.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sequel {
    /// Start of the first statement in it.
    pub start: Position,
    /// End of the last one, exclusive.
    pub end: Position,
    /// Probes whose hits add up. At least one: the entry of the first holds the sequel.
    pub plus: Vec<ProbeId>,
    /// Probes whose hits are taken off.
    pub minus: Vec<ProbeId>,
}

impl Sequel {
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

    /// The inverse of [`Self::numbers`], which it takes off the front; `None` at the end, and for what another writer
    /// may have appended.
    pub(crate) fn read(first: ProbeId, numbers: &mut &[u32]) -> Option<Self> {
        let [start_line, start_column, end_line, end_column, rest @ ..] = *numbers else { return None };
        let mut rest = rest;
        let mut ids = || {
            let (length, after) = rest.split_first()?;
            let (ids, after) = after.split_at_checked(*length as usize)?;
            rest = after;
            ids.iter().map(|id| ProbeId::new(*id)).collect::<Option<Vec<ProbeId>>>()
        };
        let mut plus = vec![first];
        plus.extend(ids()?);
        let minus = ids()?;
        *numbers = rest;
        let position = |line: &u32, column: &u32| Position { line: *line, column: *column };
        Some(Self { start: position(start_line, start_column), end: position(end_line, end_column), plus, minus })
    }
}
