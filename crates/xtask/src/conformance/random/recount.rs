//! A second count of every probe, which needs neither V8 nor the pass.
//!
//! Into the program as it was written goes a count of its own at every place of the probe model's table, put there as
//! text: `(recount(0), x)` around an arm, `{recount(1);…}` around a body. What is counted at a place must be what the
//! mapping's probe of that place counts, and every probe has its place. See [`super::places`] for where they are.

use std::collections::HashMap;

use pathlight_instrument::Granularity;
use pathlight_mapping::{Continuation, IdForm, Position, Probe, ProbeId, ProbeKind};
use swc_core::ecma::visit::VisitWith;

use super::calm::exact_parts;
use super::excused::parse;
use super::grammar::Kind;
use super::places::{Finder, Place, Woven};
use super::subject::Variant;
use crate::Failure;

/// A program that counts for itself.
pub(super) struct Recount {
    pub(super) text: String,
    /// The text of the probe's id at each place, by the number that the program counts.
    pub(super) ids: Vec<String>,
    /// What the mapping says of continuations; the program counts them by the numbers behind those of the places.
    pub(super) continuations: Vec<CountedContinuation>,
}

/// A continuation.
pub(super) struct CountedContinuation {
    /// Byte offset of its start in the program as it was written.
    pub(super) at: usize,
    /// The texts of the ids that add up, and of those that are taken off.
    pub(super) plus: Vec<String>,
    pub(super) minus: Vec<String>,
    /// Whether nothing throws in its function, so that its count is exact.
    pub(super) is_calm: bool,
}

/// # Errors
/// If a place has no entry in the mapping, or an entry no place.
pub(super) fn recount(
    text: &str,
    kind: Kind,
    variant: Variant,
    entries: &[(ProbeId, Probe)],
    continuations: &[Continuation],
) -> Result<Recount, Failure> {
    let (program, start) = parse(text, kind)?;
    let mut finder = Finder::new(text, start, variant.granularity == Granularity::Branch);
    program.visit_with(&mut finder);
    let mut known: HashMap<(ProbeKind, Position), ProbeId> =
        entries.iter().map(|(id, probe)| ((probe.kind, probe.at), *id)).collect();
    if known.len() != entries.len() {
        return Err("two probes of one kind are recorded at one place".into());
    }
    let positions = positions(text);
    let mut ids = Vec::new();
    let id_text = |id: &ProbeId| if variant.ids == IdForm::Vlq { id.to_string() } else { id.get().to_string() };
    for Place { kind, recorded } in finder.places {
        let at = positions[recorded];
        let id = known.remove(&(kind, at)).ok_or_else(|| format!("no {} is recorded at {at}", kind.name()))?;
        ids.push(id_text(&id));
    }
    if let Some((kind, at)) = known.keys().min() {
        return Err(format!("a {} is recorded at {at}, where none should be", kind.name()).into());
    }
    let offsets: HashMap<Position, usize> =
        positions.iter().enumerate().rev().map(|(offset, at)| (*at, offset)).collect();
    let exact = exact_parts(&program, start);
    let mut counted = Vec::new();
    for (continuation, number) in continuations.iter().zip(ids.len()..) {
        let offset = |at: &Position| offsets.get(at).copied().ok_or_else(|| format!("a continuation at {at}, outside"));
        let (at, end) = (offset(&continuation.start)?, offset(&continuation.end)?);
        if at >= end {
            return Err(format!("an empty continuation at {}", continuation.start).into());
        }
        // In front of all that begins there: the continuation begins with a statement of a list.
        finder.woven.push(Woven { at, order: (true, 0), text: format!("recount({number});") });
        let is_calm = exact.iter().any(|part| part.contains(&at));
        let texts = |ids: &[ProbeId]| ids.iter().map(id_text).collect();
        counted.push(CountedContinuation {
            at,
            plus: texts(&continuation.plus),
            minus: texts(&continuation.minus),
            is_calm,
        });
    }
    Ok(Recount { text: weave(text, finder.woven), ids, continuations: counted })
}

/// The text with all that is to be woven in.
fn weave(text: &str, mut woven: Vec<Woven>) -> String {
    woven.sort_by_key(|part| (part.at, part.order));
    let mut counting = String::with_capacity(text.len() * 2);
    let mut from = 0;
    for Woven { at, text: part, .. } in woven {
        counting.push_str(&text[from..at]);
        counting.push_str(&part);
        from = at;
    }
    counting.push_str(&text[from..]);
    counting
}

/// The position of every byte, and of the end: lines from 1, columns from 0 in UTF-16 code units.
fn positions(text: &str) -> Vec<Position> {
    let mut at = Position { line: 1, column: 0 };
    let mut positions = Vec::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        positions.resize(positions.len() + next.len_utf8(), at);
        match next {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => at = Position { line: at.line + 1, column: 0 },
            other => at.column += other.len_utf16() as u32,
        }
    }
    positions.push(at);
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(number: u32, kind: ProbeKind, column: u32) -> (ProbeId, Probe) {
        let at = Position { line: 1, column };
        (ProbeId::new(number).unwrap(), Probe { kind, file: 0, function: 0, at, extent: None })
    }

    fn counting(text: &str, kind: Kind, entries: &[(ProbeKind, u32)]) -> Result<String, String> {
        let entries: Vec<_> = (1..).zip(entries).map(|(number, (kind, at))| probe(number, *kind, *at)).collect();
        let variant = Variant { ids: IdForm::Vlq, granularity: Granularity::Branch, is_stripped: false };
        recount(text, kind, variant, &entries, &[]).map(|made| made.text).map_err(|error| error.to_string())
    }

    use ProbeKind::{Branch, BranchDefault, Function};

    #[test]
    fn every_place_counts_for_itself() {
        let made = counting("a && (b ? c : d);", Kind::Script, &[(Branch, 10), (Branch, 14), (Branch, 6)]);
        assert_eq!(made.unwrap(), "a && (recount(2), (b ? (recount(0), c) : (recount(1), d)));");
        let made = counting(
            "if (a) for (;;) b\nelse if (c) { }",
            Kind::Script,
            &[(Branch, 7), (Branch, 23), (BranchDefault, 23), (Branch, 0)],
        );
        assert!(made.is_err(), "the second `if` is on the second line: {made:?}");
        let made = counting(
            "if (a) for (;;) b; else if (c) { }",
            Kind::Script,
            &[(Branch, 7), (Branch, 24), (BranchDefault, 24), (Branch, 0)],
        );
        assert_eq!(
            made.unwrap(),
            "if (a) {recount(3);for (;;) {recount(0);b;}} else if (c) {recount(1);{ }} else {recount(2);}"
        );
        let made = counting(
            "switch (a) { case 1: case 2: b }",
            Kind::Script,
            &[(Branch, 13), (Branch, 21), (BranchDefault, 0)],
        );
        assert_eq!(made.unwrap(), "switch (a) { case 1:;recount(0); case 2: recount(1);b ;break;default:recount(2);}");
        let made = counting("function f() {'use strict'}", Kind::Script, &[(Function, 0)]);
        assert_eq!(made.unwrap(), "function f() {'use strict';recount(0);}");
        let made = counting("a ||= () => b", Kind::Module, &[(Function, 6), (Branch, 6)]);
        assert_eq!(made.unwrap(), "a ||= (recount(1), {a: () => (recount(0), b)}.a)");
    }

    #[test]
    fn probes_and_places_are_the_same() {
        let missing = counting("a && b", Kind::Script, &[]);
        assert_eq!(missing, Err("no BRANCH is recorded at 1:5".into()));
        let more = counting("a && b", Kind::Script, &[(Branch, 5), (Function, 2)]);
        assert_eq!(more, Err("a FUNCTION is recorded at 1:2, where none should be".into()));
    }
}
