//! The parser's tests of ECMAScript's committee, read by V8 and by pathlight (`conformance/parser/judge.mjs`).
//!
//! Each program on which they differ in effect has a row with a reason in `conformance/parser/accepted.tsv`; a
//! difference without a row fails, and so does a row without a difference.

use std::path::Path;

use super::{Length, Settle, Tally, packages, scripts};
use crate::Failure;

/// A matter of seconds.
pub(crate) fn prove(_length: Length, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    let folder = packages("parser")?;
    let scripts = scripts::lay_out("parser", &folder)?;
    let mut tally = Tally::default();
    scripts::run(&folder, &scripts.join("judge.mjs"), pathlight, &mut tally)?;
    tally.settle("parser", settle)
}
