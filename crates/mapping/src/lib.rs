//! What each probe id stands for: the vocabulary of the whole workspace and the two files that carry it.
//!
//! A **probe** is one planted call and its entry; the **mapping** says for every id what was planted where.
//! This program
//!
//! ```js
//! function f(x) {
//!   return x || 1;
//! }
//! ```
//!
//! has two probes and this mapping file, in Closure Compiler's five numbers:
//!
//! ```text
//!  FileNames:["a.js"]
//!  FunctionNames:["f"]
//!  Types:["BRANCH","FUNCTION"]
//! C:AAAEY
//! E:AACCA
//! ```
//!
//! | text | meaning |
//! |---|---|
//! | ` FileNames:` | the files, in order of their first probe; the line begins with one space, so that it sorts before every id |
//! | ` FunctionNames:` | names of the functions that own probes, in the same order; of one longer than 1,000 characters its end behind `…` |
//! | ` Types:` | the kinds in use |
//! | `C` | id 1, as source-map VLQ: 1 doubled is 2, digit `C` |
//! | `A` `A` `A` | file 0, function 0, kind 0: `a.js`, `f`, `BRANCH` |
//! | `E` `Y` | line 2 (from 1), column 12 (from 0, UTF-16 code units): the right side of the operator `or` |
//!
//! Every number is absolute. pathlight's own format appends seven more to an entry, which Closure's readers
//! pass over: start line and column, end line and column of the code that the probe counts, the id of the
//! probe of the function around it (0: none), the [`Site`]'s number, and the id of the first probe of the same
//! decision (a `then` and its `else` share one, so do the arms of a `?:` and the cases of a `switch`). Behind them
//! stand the [`Continuation`]s that begin with this probe: start and end, and twice a number of ids and so many ids,
//! those that are added to this one and those that are taken off.
//!
//! ```text
//! file         := header header header entry*
//! header       := " " name ":" json-array LF
//! entry        := id ":" vlq{5} [vlq{7} continuation*] LF       sorted by the text of the id
//! continuation := vlq{4} ids ids
//! ids          := vlq vlq*                       how many, then each
//! escapes      := "\\" for "\",  "\:" for ":",  "\n" for LF     in names and values
//! ```
//!
//! The writer and the reader are symmetric: what was written is read back. The reader also takes what Closure
//! Compiler and its wiki print (no leading space, CRLF, blank lines).
//!
//! This crate knows no parser, no network and no database.
//!
//! ```
//! use pathlight_mapping::{Mapping, Position};
//! let text = " FileNames:[\"a.js\"]\n FunctionNames:[\"f\"]\n Types:[\"BRANCH\",\"FUNCTION\"]\nC:AAAEY\nE:AACCA\n";
//! let mapping = Mapping::parse(text)?;
//! let (id, probe) = mapping.probes().next().unwrap();
//! assert_eq!(id.to_string(), "C");
//! assert_eq!(mapping.function_name(probe), "f");
//! assert_eq!(probe.at, Position { line: 2, column: 12 });
//! # Ok::<(), pathlight_mapping::MappingError>(())
//! ```

mod continuation;
mod counts;
mod decode;
mod error;
mod manifest;
mod mapping;
mod probe;
mod report;
mod text;
mod vlq;
mod whole;

pub use continuation::Continuation;
pub use counts::{Counts, Hits};
pub use decode::{Decoded, decode, write_decoded};
pub use error::MappingError;
pub use manifest::{BuildManifest, ContentHash, MANIFEST_SCHEMA, ManifestFile, manifest_path};
pub use mapping::{Mapping, MappingBuilder};
pub use probe::{Extent, IdForm, Position, Probe, ProbeId, ProbeKind, Site};
pub use report::{LONGEST_ORIGIN_ID, REPORT_SCHEMA, Report, ReportError, ReportErrorKind, is_origin_id};
pub use text::MappingFormat;
pub use vlq::push_vlq;
