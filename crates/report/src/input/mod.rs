//! From files to counts: find them, read them in blocks, and add up reports on all cores.
//!
//! ```text
//! paths ─▶ files ─▶ blocks ─▶ thread: reports ─▶ counts ┐
//!                         ├─▶ thread: reports ─▶ counts ┼─▶ counts of each build
//!                         └─▶ thread: reports ─▶ counts ┘
//! ```
//!
//! What V8 or Istanbul counted in code without probes is turned into hits too ([`import`]), so that a team can begin
//! without a build step.
//!
//! Memory is that of the counts, a few blocks for each thread, and what `seen` keeps; how many reports there are
//! does not matter. The sums are the same whatever thread reads what.

mod blocks;
mod files;
mod import;
mod intake;
mod istanbul;
mod merge;
mod seen;
mod v8;

pub use files::{ReportPath, ReportPathError};
pub use import::{Import, import};
pub use intake::{BadReport, Intake, Problem};
pub use merge::{MergeOptions, merge_reports};
