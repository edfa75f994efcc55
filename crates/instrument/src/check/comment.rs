//! Comments.

use super::walk::{Same, Walk};
use crate::comments::CommentStore;

pub(super) fn check(_walk: &mut Walk<'_>, _output: &CommentStore, _input: &CommentStore) -> Same {
    Ok(())
}
