//! Real programs, before and after, counted by V8.

use std::path::Path;

use super::{Length, Settle};
use crate::Failure;

pub(crate) fn prove(_length: Length, _settle: Settle, _pathlight: &Path) -> Result<(), Failure> {
    Err("not built yet".into())
}
