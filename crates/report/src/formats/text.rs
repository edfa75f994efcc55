//! A table for the terminal: folders and files with what ran in percent, and the lines that never ran.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{FormatOptions, findings, plural};
use crate::coverage::{Coverage, FileCoverage, State};
use crate::ranking::{Finding, hottest};
use crate::summary::{Summary, Tally};
use crate::tree::Folder;
use crate::weight::{BundleShare, Heavy, Weight, heaviest};

/// Below this, in percent, a figure is bad; from [`GOOD`] on it is good. As Istanbul's default watermarks.
const FAIR: f64 = 50.0;
const GOOD: f64 = 80.0;

/// Room for the list of lines.
const LINES_WIDTH: usize = 36;

struct Row {
    /// With its indent.
    name: String,
    summary: Summary,
    lines: String,
}

pub(super) fn write(coverage: &Coverage, options: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    let tree = Folder::of(coverage, |summary| !options.skip_full || !summary.is_full());
    let mut rows = vec![Row { name: "All files".into(), summary: coverage.summary(), lines: String::new() }];
    if let Some(changes) = &options.changes {
        rows.push(Row { name: "Changed lines".into(), summary: changes.summary(coverage), lines: String::new() });
    }
    add_rows(&tree, 1, &mut rows);
    let has_removed = rows[0].summary.functions.removed + rows[0].summary.branches.removed > 0;
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let removed = if has_removed { "  removed" } else { "" };
    writeln!(out, "{:width$}  functions  branches    lines{removed}  never run", "")?;
    for row in &rows {
        let name = &row.name;
        let pad = width - name.chars().count();
        write!(out, "{name}{:pad$}", "")?;
        for (tally, width) in [(&row.summary.functions, 9), (&row.summary.branches, 8), (&row.summary.lines, 7)] {
            write_percent(tally, width, options.colour, out)?;
        }
        if has_removed {
            write!(out, "  {:>7}", row.summary.functions.removed + row.summary.branches.removed)?;
        }
        let lines = if row.lines.is_empty() { String::new() } else { format!("  {}", row.lines) };
        writeln!(out, "{}", lines.trim_end())?;
    }
    write_never_run(coverage, options, out)?;
    write_hot(coverage, options, out)
}

fn write_never_run(coverage: &Coverage, options: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    if options.never_run == 0 {
        return Ok(());
    }
    let findings = findings(coverage, options);
    let (files, share) = (heaviest(coverage), BundleShare::of(coverage));
    let bytes: u64 = files.iter().map(|file| file.source.never_run).sum();
    write!(out, "\nNever run: {}, {} of source", plural(findings.len() as u64, "finding"), plural(bytes, "byte"))?;
    match share {
        Some(share) => writeln!(out, ", {} of bundle", plural(share.never_run, "byte"))?,
        None => writeln!(out)?,
    }
    if coverage.evidence.is_some() {
        writeln!(out, "  in {}", coverage.basis())?;
    }
    for finding in findings.iter().take(options.never_run) {
        let (file, at) = (printable(&finding.file.name), finding.point.at);
        let passed =
            if finding.passed > 0 { format!(", passed {}", plural(finding.passed, "time")) } else { String::new() };
        let bytes = match (finding.bytes, finding.bundle) {
            (0, _) => String::new(),
            (bytes, None) => format!(", {}", plural(bytes, "byte")),
            (bytes, Some(bundle)) => format!(", {}, {bundle} of bundle", plural(bytes, "byte")),
        };
        let subject = printable(&finding.subject());
        let about = finding.verdict.about();
        writeln!(out, "  {file}:{at}  {subject}: {about}{passed}{bytes}{}", evidence(finding))?;
    }
    if findings.len() > options.never_run {
        writeln!(out, "  … and {} more: --never-run={} names all", findings.len() - options.never_run, findings.len())?;
    }
    write_bytes(&files, share, options, out)
}

/// The modules with most bytes that never ran: of bundle where that is known, since these are what people load.
fn write_bytes(
    files: &[Heavy<'_>],
    share: Option<BundleShare>,
    options: &FormatOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(first) = files.first() else { return Ok(()) };
    let shown = &files[..files.len().min(options.never_run)];
    let sources = cells(shown.iter().map(|file| file.source));
    if first.bundle.is_none() {
        writeln!(out, "\nBytes of source that never ran")?;
        for (file, source) in shown.iter().zip(sources) {
            writeln!(out, "  {source}  {}", printable(&file.file.name))?;
        }
        return Ok(());
    }
    let bundles = cells(shown.iter().map(|file| file.bundle.unwrap_or_default()));
    let width = |cells: &[String], title: &str| cells.first().map_or(0, String::len).max(title.len());
    let (bundle_width, source_width) = (width(&bundles, "of bundle"), width(&sources, "of source"));
    writeln!(out, "\nBytes that never ran\n  {:<bundle_width$}  of source", "of bundle")?;
    for (file, (bundle, source)) in shown.iter().zip(bundles.iter().zip(sources)) {
        let name = printable(&file.file.name);
        writeln!(out, "  {bundle:<bundle_width$}  {source:<source_width$}  {name}")?;
    }
    if let Some(share) = share {
        let BundleShare { bytes, modules, never_run, probes } = share;
        let rest = bytes.saturating_sub(modules + probes);
        writeln!(
            out,
            "  The bundles: {bytes} bytes, {modules} of these modules ({never_run} never ran), {probes} of probes, {rest} of neither"
        )?;
    }
    Ok(())
}

/// `12 of 345 `, all of one width.
fn cells(weights: impl Iterator<Item = Weight> + Clone) -> Vec<String> {
    let width = |bytes: fn(Weight) -> u64| weights.clone().map(bytes).max().unwrap_or(0).to_string().len();
    let (never, all) = (width(|weight| weight.never_run), width(|weight| weight.all));
    weights.map(|weight| format!("{:>never$} of {:<all$}", weight.never_run, weight.all)).collect()
}

/// How much was looked at, and that it did run once, before what is counted.
fn evidence(finding: &Finding<'_>) -> String {
    let seen = finding.file.seen.filter(|seen| seen.sessions > 0);
    let seen = seen
        .map(|seen| format!(", in {} of the file on {}", plural(seen.sessions, "session"), plural(seen.days, "day")));
    let last = finding.point.seen.map(|seen| format!(", last run {}", seen.last.day()));
    format!("{}{}", seen.unwrap_or_default(), last.unwrap_or_default())
}

fn write_hot(coverage: &Coverage, options: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    let hot = hottest(coverage, options.hot);
    if hot.is_empty() {
        return Ok(());
    }
    let width = hot[0].1.hits.to_string().len();
    writeln!(out, "\nHot")?;
    for (file, point) in hot {
        let site = point.span.map_or(point.kind.name(), |span| span.site.name());
        let (name, function) = (printable(&file.name), printable(&point.function));
        writeln!(out, "  {:>width$}  {name}:{}  {site} {function}", point.hits, point.at)?;
    }
    Ok(())
}

fn add_rows(folder: &Folder<'_>, depth: usize, rows: &mut Vec<Row>) {
    let indent = |name: &str, end: &str| format!("{:depth$}{}{end}", "", printable(name), depth = depth * 2 - 1);
    for inner in &folder.folders {
        // A folder that holds one folder alone is no news.
        let mut name = inner.name.clone();
        let mut inner = inner;
        while let ([only], []) = (inner.folders.as_slice(), inner.files.as_slice()) {
            name = format!("{name}/{}", only.name);
            inner = only;
        }
        rows.push(Row { name: indent(&name, "/"), summary: inner.summary, lines: String::new() });
        add_rows(inner, depth + 1, rows);
    }
    for leaf in &folder.files {
        let lines = lines_never_run(leaf.file);
        rows.push(Row { name: indent(&leaf.name, ""), summary: leaf.summary, lines });
    }
}

fn write_percent(tally: &Tally, width: usize, has_colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let percent = tally.percent();
    let color = match (tally.total, percent) {
        (0, _) => return write!(out, "  {:>width$}", "-"),
        (_, GOOD..) => AnsiColor::Green,
        (_, FAIR..) => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    };
    let style = if has_colour { color.on_default() } else { Style::new() };
    write!(out, "  {style}{percent:>width$.2}{style:#}")
}

/// The lines that never ran, as `3,7-12`; shortened at its end. A function on a line that nothing counts, as in
/// `const f = () => 1`, would be nowhere else.
fn lines_never_run(file: &FileCoverage) -> String {
    let mut lines: BTreeMap<u32, bool> = file.lines.iter().map(|line| (line.line, line.hits > 0)).collect();
    for function in file.functions().into_iter().filter(|function| function.state() == State::NeverRun) {
        if function.span.is_some_and(|span| span.start.line == span.end.line) {
            lines.entry(function.at.line).or_insert(false);
        }
    }
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    let mut is_open = false;
    for (line, has_run) in lines {
        match ranges.last_mut() {
            _ if has_run => is_open = false,
            // Lines between that hold no code do not end a range.
            Some((_, last)) if is_open => *last = line,
            _ => {
                ranges.push((line, line));
                is_open = true;
            }
        }
    }
    let mut text = String::new();
    for (first, last) in ranges {
        let range = if first == last { first.to_string() } else { format!("{first}-{last}") };
        if text.len() + range.len() >= LINES_WIDTH {
            return text + "…";
        }
        let comma = if text.is_empty() { "" } else { "," };
        text = format!("{text}{comma}{range}");
    }
    text
}

/// Names come from source text and may hold anything; a terminal must not act on them.
pub(crate) fn printable(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
