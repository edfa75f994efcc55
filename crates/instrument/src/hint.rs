//! Ignore hints: comments that say what is not to be probed.

/// Byte ranges without probes.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    /// Sorted, disjoint, end exclusive.
    ranges: Vec<(u32, u32)>,
    /// Starts of `if` statements whose missing `else` is not to be counted; sorted.
    missing_elses: Vec<u32>,
}

impl Ignored {
    pub(crate) fn covers(&self, offset: u32) -> bool {
        let after = self.ranges.partition_point(|(start, _)| *start <= offset);
        after > 0 && offset < self.ranges[after - 1].1
    }

    pub(crate) fn covers_missing_else(&self, if_start: u32) -> bool {
        self.missing_elses.binary_search(&if_start).is_ok()
    }
}

pub(crate) fn ignored(
    _program: &swc_core::ecma::ast::Program,
    _text: &str,
    _comments: &crate::comments::CommentStore,
    _lines: &crate::lines::LineTable,
    _map: Option<&crate::input_map::InputMap>,
) -> Ignored {
    Ignored::default()
}
