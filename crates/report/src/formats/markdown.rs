//! Markdown for pull requests and job summaries.

use std::io::{self, Write};

use super::names::one_line;
use super::{FormatOptions, findings, plural};
use crate::coverage::{Coverage, FileCoverage};
use crate::ranking::hottest;
use crate::summary::{Summary, Tally};
use crate::weight::{BundleShare, Heavy, Weight, heaviest};

/// Rows of each list; a summary that nobody reads to its end says nothing.
const ROWS: usize = 20;

pub(super) fn write(coverage: &Coverage, options: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Coverage from {}\n", coverage.basis())?;
    writeln!(out, "| | functions | branches | lines |\n|---|--:|--:|--:|")?;
    write_row("all files", &coverage.summary(), out)?;
    if let Some(changes) = &options.changes {
        write_row("changed lines", &changes.summary(coverage), out)?;
    }
    // Of a change, what it touches is what its readers can mend.
    let summary = |file: &FileCoverage| match &options.changes {
        Some(changes) => changes.summary_of(file),
        None => file.summary(),
    };
    let mut files: Vec<_> = coverage.sorted_files().into_iter().map(|file| (file, summary(file))).collect();
    files.retain(|(_, summary)| !summary.is_full());
    // Those with most to gain first.
    files.sort_by_key(|(_, summary)| std::cmp::Reverse(summary.branches.total - summary.branches.covered));
    for (file, summary) in files.iter().take(ROWS) {
        write_row(&code(&file.name), summary, out)?;
    }
    let what = match options.changes {
        Some(_) => "changed files in which something that changed never ran",
        None => "files in which something never ran",
    };
    write_more(files.len(), what, out)?;

    let findings = findings(coverage, options);
    if !findings.is_empty() {
        let what = if options.changes.is_some() { "Changed and never run" } else { "Never run" };
        writeln!(out, "\n### {what}\n\n| where | what | why |\n|---|---|---|")?;
    }
    for finding in findings.iter().take(ROWS) {
        let place = format!("{}:{}", finding.file.name, finding.point.at.line);
        let passed =
            if finding.passed > 0 { format!(", passed {}", plural(finding.passed, "time")) } else { String::new() };
        writeln!(out, "| {} | {} | {}{passed} |", code(&place), code(&finding.subject()), finding.verdict.about())?;
    }
    write_more(findings.len(), "findings", out)?;

    write_bundle(coverage, out)?;

    let hot = hottest(coverage, options.hot);
    if !hot.is_empty() {
        writeln!(out, "\n### Hot\n\n| hits | where | what |\n|--:|---|---|")?;
    }
    for (file, point) in hot {
        let place = format!("{}:{}", file.name, point.at.line);
        writeln!(out, "| {} | {} | {} |", point.hits, code(&place), code(&point.function))?;
    }
    Ok(())
}

/// The modules that people load most of and never run.
fn write_bundle(coverage: &Coverage, out: &mut dyn Write) -> io::Result<()> {
    let Some(share) = BundleShare::of(coverage) else { return Ok(()) };
    let percent = Tally { covered: share.never_run, total: share.modules, removed: 0 }.percent();
    let (never, all) = (share.never_run, plural(share.modules, "byte"));
    writeln!(out, "\n### Never run, in the bundle\n\n{never} of {all} ({percent:.2} %), without probes.")?;
    let mut files = heaviest(coverage);
    files.retain(|file| file.bundle.is_some_and(|bundle| bundle.never_run > 0));
    if !files.is_empty() {
        writeln!(out, "\n| bytes of bundle | of source | module |\n|--:|--:|---|")?;
    }
    for Heavy { file, source, bundle } in files.iter().take(ROWS) {
        let cell = |weight: Weight| format!("{} of {}", weight.never_run, weight.all);
        writeln!(out, "| {} | {} | {} |", cell(bundle.unwrap_or_default()), cell(*source), code(&file.name))?;
    }
    write_more(files.len(), "modules", out)
}

fn write_row(name: &str, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let cell = |tally: &Tally| match tally.total {
        0 => "–".to_owned(),
        total => format!("{:.2} % ({}/{total})", tally.percent(), tally.covered),
    };
    let (functions, branches, lines) = (cell(&summary.functions), cell(&summary.branches), cell(&summary.lines));
    writeln!(out, "| {name} | {functions} | {branches} | {lines} |")
}

fn write_more(all: usize, what: &str, out: &mut dyn Write) -> io::Result<()> {
    match all.saturating_sub(ROWS) {
        0 => Ok(()),
        _ => writeln!(out, "\n{ROWS} of {all} {what}."),
    }
}

/// A name as HTML code in a table cell: nothing in it can end the cell or begin an element.
fn code(name: &str) -> String {
    let mut text = String::from("<code>");
    for c in one_line(name).chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '/' | '-' | ' ' | ':' => text.push(c),
            c if c.is_alphanumeric() => text.push(c),
            c => text.push_str(&format!("&#{};", c as u32)),
        }
    }
    text + "</code>"
}
