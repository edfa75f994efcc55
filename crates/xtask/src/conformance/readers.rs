//! Standard readers of what we write: source-map readers segment by segment, bundlers and minifiers, tree shaking.
//!
//! The reading itself is done in JavaScript, where those tools are (`conformance/readers/*.mjs`); here the texts
//! are laid out for it, together with swc's own output and map of each.

mod texts;

use std::path::Path;

use super::{Length, Settle, Tally, packages, scripts};
use crate::{Failure, cores};

const PROOF: &str = "readers";

/// The parts, each a script that prints what it counted.
const PARTS: [&str; 5] = ["maps.mjs", "composed.mjs", "bundles.mjs", "weights.mjs", "shaking.mjs"];

/// A short run bundles each program in one of the two forms of ids, tool by tool in turn, and shakes fewer libraries.
pub(crate) fn prove(length: Length, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    let (args, name): (&[&str], _) = match length {
        Length::Short => (&[], "readers"),
        Length::Long => (&["--long"], "readers-long"),
    };
    let folder = packages(PROOF)?;
    let scripts = scripts::lay_out(PROOF, &folder)?;
    texts::lay_out(&folder)?;

    let mut tally = Tally::default();
    for found in cores::on_all(&PARTS, |part| scripts::run(&folder, &scripts.join(part), pathlight, args))? {
        tally.merge(found);
    }
    tally.settle(name, settle)
}
