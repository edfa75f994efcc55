//! Pages for people: what ran, what never ran, what can be deleted.
//!
//! ```text
//! index.html            totals, tree of files, never run, hot: a script draws them from JSON in the page
//! html/all.html         the same as plain tables: without script, for paper
//! html/f/NAME-HASH.html one file: its source, painted
//! html/*.css, *.js      shared by all pages
//! ```
//!
//! Styles and scripts are files of their own: a content security policy without `unsafe-inline` refuses them inside
//! of a page, and ten thousand pages need not hold ten thousand copies. For the same reason no page has a `style`
//! attribute or an event handler. The index holds its data as JSON in a `<script type="application/json">`, which is
//! never run, since pages opened from disk may not fetch.
//!
//! Names and sources may hold anything: templates escape, [`show`] makes invisible characters visible.

mod all;
mod file;
mod index;
mod notes;
mod paint;
mod show;
pub mod site;

use std::collections::HashSet;
use std::io::{self, Write};

use askama::Template;

use super::FormatOptions;
use crate::coverage::Coverage;
use crate::ranking::hottest;

/// Takes a file: its path below the output folder, with `/`, and its content.
pub(super) type Emit<'a> = dyn FnMut(&str, &[u8]) -> io::Result<()> + 'a;

const ASSETS: [(&str, &str); 6] = [
    ("html/style.css", include_str!("assets/style.css")),
    ("html/page.js", include_str!("assets/page.js")),
    ("html/model.js", include_str!("assets/model.js")),
    ("html/columns.js", include_str!("assets/columns.js")),
    ("html/index.js", include_str!("assets/index.js")),
    ("html/file.js", include_str!("assets/file.js")),
];

/// The index.
pub(super) fn write(coverage: &Coverage, options: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    render(&index::Index::of(coverage, options.changes.as_ref()), out)
}

/// Everything else.
pub(super) fn pages(coverage: &Coverage, options: &FormatOptions, emit: &mut Emit<'_>) -> io::Result<()> {
    for (path, text) in ASSETS {
        emit(path, text.as_bytes())?;
    }
    let mut page = Vec::new();
    let changes = options.changes.as_ref();
    render(&all::All::of(coverage, changes), &mut page)?;
    emit("html/all.html", &page)?;
    let most = hottest(coverage, 1).first().map_or(0, |(_, point)| point.hits);
    let mut names = HashSet::new();
    for file in &coverage.files {
        // A mapping that lists a file several times must not cost the rest of the report.
        if !names.insert(&file.name) {
            continue;
        }
        page.clear();
        render(&file::FilePage::of(file, most, changes), &mut page)?;
        emit(&format!("html/f/{}.html", show::page_name(&file.name)), &page)?;
    }
    Ok(())
}

fn render(page: &impl Template, out: &mut dyn Write) -> io::Result<()> {
    Template::write_into(page, out)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests;
