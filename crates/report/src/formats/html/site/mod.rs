//! The pages of a collector: builds, coverage by file with source, what never ran with its evidence, what changed
//! between two builds, and how reports come in.
//!
//! ```text
//! rows, BuildInput, FileInput, IngestInput ─▶ one view for each page ─▶ HTML
//! ```
//!
//! They share the style, the scripts and the painting of sources with the pages that are written to disk. Here every
//! page is rendered when it is asked for, and lists go by folder and by page, so that a build of ten thousand files
//! weighs no more than a small one. Addresses are relative and one level deep, and what they speak of stands in their
//! query: names may hold `/` and `..`, and a proxy may put the collector below a path of its own.
//!
//! | file | page |
//! |---|---|
//! | `home` | `.`: builds, and reports of builds that nobody has pushed |
//! | `folder` | `build`: totals, files by folder |
//! | `ranking` | `never-run`: what never ran, and how sure that is |
//! | `source` | `file`: one file's source, with what is known of each point |
//! | `changes` | `changes`: two builds side by side |
//! | `ingest` | `ingest`: reports that came, and that did not |
//! | `notices` | the way in, and what went wrong |

mod changes;
mod facts;
mod folder;
mod home;
mod ingest;
mod list;
mod notices;
mod ranking;
mod seen;
mod source;

pub use changes::ChangesPage;
pub use facts::{BuildFacts, BuildInput};
pub use home::{BuildRow, HomeInput, WaitingRow, home};
pub use ingest::{IngestInput, Latency, ingest};
pub use list::Asked;
pub use notices::{LoginProblem, login, notice, unknown_build};
pub use source::{FileInput, file};

use askama::Template;

/// A file that pages load: its media type and its content.
pub type Asset = (&'static str, &'static [u8]);

/// The file of this name below `assets/`.
pub fn asset(name: &str) -> Option<Asset> {
    let own = match name {
        "site.css" => ("text/css; charset=utf-8", include_str!("../assets/site.css")),
        "icon.svg" => ("image/svg+xml", include_str!("../assets/icon.svg")),
        _ => {
            let kind =
                if name.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
            let shared = |(path, _): &&(&str, &str)| path.strip_prefix("html/") == Some(name);
            (kind, super::ASSETS.iter().find(shared)?.1)
        }
    };
    Some((own.0, own.1.as_bytes()))
}

/// A page as text. Writing to a string fails only where a template does, and none of these can.
fn html(page: &impl Template) -> String {
    page.render().unwrap_or_default()
}
