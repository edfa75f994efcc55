//! What ran and what never ran: mappings joined with reports, and written in the formats of the field.
//!
//! ```text
//! mapping + manifest ─▶ Build ┐
//! reports ─▶ input ─▶ counts ─┼─▶ Coverage ─▶ formats: json, text, lcov …
//! sources ────────────────────┘           └─▶ tree, …
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`bundle`] | what was shipped: probes, and bytes by module |
//! | [`build`] | one build and its counts |
//! | [`compare`] | what changed between two builds |
//! | [`input`] | from files to counts, on all cores |
//! | [`coverage`] | the model that every format reads: files, their points, what became of each |
//! | [`evidence`] | what a store knows beside counts: sessions, days, when |
//! | [`lines`] | hit counts of lines |
//! | [`source`] | source texts, and whether they are what was built |
//! | [`summary`] | covered, total, percent |
//! | [`tree`] | files by folder |
//! | [`ranking`] | what never ran and what ran most, the most telling first |
//! | [`Continuation`] | code without a point whose count follows from points |
//! | [`weight`] | how many bytes never ran |
//! | [`threshold`] | how much must have run |
//! | [`diff`] | the lines that a change touches |
//! | [`formats`] | one file for each output format, one row in a table |
//! | [`site`] | the pages of a collector |
//!
//! This crate knows no parser of JavaScript and no network: where bytes of a bundle come from it has from source maps. A new format is a file in `formats` and a row in
//! [`formats::FORMATS`].

pub mod build;
pub mod bundle;
pub mod compare;
mod continuation;
pub mod coverage;
pub mod diff;
pub mod evidence;
pub mod formats;
pub mod input;
pub mod lines;
mod offsets;
pub mod ranking;
pub mod source;
pub mod summary;
pub mod threshold;
pub mod tree;
pub mod weight;

pub use build::{Build, Stored, StoredPoint};
pub use continuation::Continuation;
pub use coverage::{Coverage, Decision, FileCoverage, Point, Span, State};
pub use evidence::{BuildEvidence, Evidence, FileSeen, Seen, Time};
pub use formats::site;
pub use source::{Source, SourceFolder};
pub use summary::{Summary, Tally};
