//! Packages' TypeScript, stripped by pathlight and by TypeScript: the modules of both trees are loaded in Node, have
//! to export the same things, and do the same work (`conformance/strip/judge.mjs`).

use std::path::Path;

use super::{Length, Settle, Tally, packages, scripts};
use crate::Failure;

/// Less than a minute.
pub(crate) fn prove(_length: Length, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    let folder = packages("strip")?;
    let scripts = scripts::lay_out("strip", &folder)?;
    let mut tally = Tally::default();
    scripts::run(&folder, &scripts.join("judge.mjs"), pathlight, &mut tally)?;
    tally.settle("strip", settle)
}
