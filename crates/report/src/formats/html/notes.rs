//! What more than hits is known of points: shown beside a line when a reader asks for it.

use std::collections::HashMap;

use pathlight_mapping::ProbeId;

/// What is known of the points of one file.
#[derive(Default)]
pub(super) struct Notes {
    /// By line: all of its points, in source order.
    pub(super) lines: HashMap<usize, Vec<Note>>,
    /// By point: when it was hit; of those that were.
    pub(super) seen: HashMap<ProbeId, NoteSeen>,
    /// Said below the points of a line.
    pub(super) about: String,
}

/// A point.
pub(super) struct Note {
    pub(super) id: ProbeId,
    pub(super) what: String,
    pub(super) state: &'static str,
}

/// When a point was hit. Texts are as people read them.
pub(super) struct NoteSeen {
    pub(super) first: String,
    pub(super) last: String,
    pub(super) days: u64,
    /// Hits of the days that are kept.
    pub(super) hits: String,
}

impl Notes {
    pub(super) fn at(&self, line: &usize) -> Option<&[Note]> {
        self.lines.get(line).map(Vec::as_slice)
    }

    pub(super) fn seen(&self, id: &ProbeId) -> Option<&NoteSeen> {
        self.seen.get(id)
    }

    /// Whether there are columns for it.
    pub(super) fn has_any(&self) -> bool {
        !self.about.is_empty()
    }
}
