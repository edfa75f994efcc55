//! The output formats: one file each, and one row in the table.

mod json;
mod text;
mod tsv;

use std::io::{self, Write};

use crate::coverage::Coverage;

/// One way to write coverage.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// As `--format` spells it.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Its file below `--out`.
    pub file: &'static str,
    /// Writes it whole.
    pub write: fn(&Coverage, &FormatOptions, &mut dyn Write) -> io::Result<()>,
}

/// What people may choose; each format looks at what it knows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FormatOptions {
    /// `text`: with colour.
    pub colour: bool,
    /// `text`: leave files out of which everything ran.
    pub skip_full: bool,
    /// `tsv`: the number of all reports in every row, as Closure's reporter has it.
    pub closure_exact: bool,
}

/// Every format.
pub const FORMATS: [Format; 3] = [
    Format { name: "text", about: "A table for the terminal", file: "coverage.txt", write: text::write },
    Format { name: "json", about: "As Closure Compiler's wiki shows it", file: "coverage.json", write: json::write },
    Format { name: "tsv", about: "As Closure Compiler's reporter writes it", file: "coverage.tsv", write: tsv::write },
];
