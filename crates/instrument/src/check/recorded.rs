//! What the mapping says of the probes, against what their places say.

use std::fmt::Display;

use pathlight_mapping::{Extent, Position, Probe, ProbeId};
use rustc_hash::FxHashSet;
use swc_core::common::BytePos;

use super::error::CheckErrorKind;
use super::walk::{Finding, Found, Same, Walk};
use crate::lines::LineTable;
use crate::parse::FIRST;

/// Every id in the code once, in the mapping once, and, if asked for, in post-order.
pub(super) fn check_ids(walk: &Walk<'_>, entries: &[(ProbeId, Probe)], in_order: bool) -> Same {
    let wrong = |kind, found: Option<&Found>| {
        Err(Box::new(Finding { kind, output: found.map(|found| found.place), input: found.map(|found| found.at) }))
    };
    let recorded: FxHashSet<ProbeId> = entries.iter().map(|(id, _)| *id).collect();
    let mut seen = FxHashSet::default();
    for found in &walk.found {
        if !recorded.contains(&found.id) {
            return wrong(CheckErrorKind::IdNotInMapping(found.id), Some(found));
        }
        if !seen.insert(found.id) {
            return wrong(CheckErrorKind::IdTwice(found.id), Some(found));
        }
    }
    if let Some((id, _)) = entries.iter().find(|(id, _)| !seen.contains(id)) {
        return wrong(CheckErrorKind::IdNotInCode(*id), None);
    }
    for (found, (expected, _)) in walk.found.iter().zip(entries) {
        if in_order && found.id != *expected {
            return wrong(CheckErrorKind::OutOfOrder { id: found.id, expected: *expected }, Some(found));
        }
    }
    Ok(())
}

/// The kind alone, in any order. Ids are checked already.
pub(super) fn check_kinds(walk: &Walk<'_>, entries: &[(ProbeId, Probe)]) -> Same {
    walk.found.iter().try_for_each(|found| match entries.binary_search_by_key(&found.id, |(id, _)| *id) {
        Ok(at) => equal(found, "kind", &entries[at].1.kind.name(), &found.site.kind().name()),
        Err(_) => Ok(()),
    })
}

/// Kind, site, owner and decision; with `has_positions`, where they are too. Ids are checked already.
pub(super) fn check_values(
    walk: &Walk<'_>,
    entries: &[(ProbeId, Probe)],
    lines: &LineTable,
    has_positions: bool,
) -> Same {
    // Starts rise and fall with the nesting; a cursor for each role stays close to its last lookup.
    let mut cursors = [lines.cursor(), lines.cursor(), lines.cursor()];
    for (found, (_, probe)) in walk.found.iter().zip(entries) {
        equal(found, "kind", &probe.kind.name(), &found.site.kind().name())?;
        let mut position = |role: usize, at: BytePos| cursors[role].position(at.0 - FIRST);
        if has_positions {
            equal(found, "position", &probe.at, &position(0, found.at))?;
        }
        let Some(Extent { start, end, owner, site, decision }) = probe.extent else { continue };
        equal(found, "site", &site.name(), &found.site.name())?;
        equal(found, "owner", &name(owner), &name(owner_of(walk, found)))?;
        equal(found, "decision", &decision, &walk.found[found.decision].id)?;
        if has_positions {
            let counted: [Position; 2] = [position(1, found.counted.lo), position(2, found.counted.hi)];
            equal(found, "start", &start, &counted[0])?;
            equal(found, "end", &end, &counted[1])?;
        }
    }
    Ok(())
}

/// The probe of the nearest function around that has one.
fn owner_of(walk: &Walk<'_>, found: &Found) -> Option<ProbeId> {
    let mut function = found.owner;
    while let Some(index) = function {
        let (around, probe) = walk.functions[index];
        if let Some(probe) = probe {
            return Some(walk.found[probe].id);
        }
        function = around;
    }
    None
}

fn name(owner: Option<ProbeId>) -> String {
    owner.map_or_else(|| "none".to_owned(), |owner| owner.to_string())
}

fn equal<T: PartialEq + Display>(found: &Found, value: &'static str, mapping: &T, code: &T) -> Same {
    if mapping == code {
        return Ok(());
    }
    let (mapping, code) = (mapping.to_string(), code.to_string());
    let kind = CheckErrorKind::Recorded { id: found.id, value, mapping, code };
    Err(Box::new(Finding { kind, output: Some(found.place), input: Some(found.at) }))
}
