//! From files to counts: find them, read them in blocks, and add up reports on all cores.
//!
//! ```text
//! paths ─▶ files ─▶ blocks ─▶ thread: reports ─▶ counts ┐
//!                         ├─▶ thread: reports ─▶ counts ┼─▶ counts of each build
//!                         └─▶ thread: reports ─▶ counts ┘
//! ```
//!
//! Memory is that of the counts, a few blocks for each thread, and what [`seen`] keeps; how many reports there are
//! does not matter. The sums are the same whatever thread reads what.

mod blocks;
mod files;
mod intake;
mod merge;
mod seen;

pub use files::{ReportPath, ReportPathError};
pub use intake::{BadReport, Intake, Problem};
pub use merge::{MergeOptions, merge_reports};
