//! The page of one file.

use askama::Template;
use pathlight_mapping::ProbeId;

use super::index::ChangedLines;
use super::notes::Notes;
use super::paint::{Hits, Line, Piece, class, lines};
use super::show::{breaks, construct, function_name, grouped, percent, visible};
use crate::coverage::{FileCoverage, Point};
use crate::diff::Changes;
use crate::source::Source;
use crate::summary::{Summary, Tally};
use crate::weight::{Weight, bundle_weight, bytes_never_run};

/// The browser lays out so many lines at once, and only those in sight.
const CHUNK: usize = 100;

#[derive(Template)]
#[template(path = "file.html")]
pub(super) struct FilePage {
    pub(super) name: String,
    /// The folders around it: what to search for in the index, and the name.
    folders: Vec<(String, String)>,
    pub(super) base_name: String,
    pub(super) summary: Summary,
    bytes_never_run: u64,
    /// Of what the bundles have of it.
    bundle: Option<Weight>,
    changed: Option<ChangedLines>,
    /// Lines that a change touches, rising.
    pub(super) changed_lines: Vec<u32>,
    /// Where the first of them is that never ran: a link.
    first_changed: String,
    pub(super) source: Shown,
    /// Entries of functions, in source order.
    pub(super) functions: Vec<Row>,
    /// Mappings in Closure's format know where code begins, not where it ends.
    pub(super) has_spans: bool,
    /// What more is known of the points, by line; of none where nothing but hits is known.
    pub(super) notes: Notes,
}

/// What the page shows of the source.
pub(super) enum Shown {
    /// Its lines, and the number of places where code begins that never ran.
    Lines(Vec<Vec<Line>>, usize),
    /// No text that the positions belong to: all points, by place.
    Points { why: &'static str, points: Vec<Row> },
}

/// A point in a table.
pub(super) struct Row {
    pub(super) id: ProbeId,
    pub(super) line: u32,
    /// Whether it is the table's first row of this line, which links lead to.
    pub(super) is_anchor: bool,
    pub(super) column: u32,
    pub(super) construct: &'static str,
    pub(super) function: String,
    pub(super) state: &'static str,
    pub(super) hits: Hits,
}

impl FilePage {
    pub(super) fn of(file: &FileCoverage, most: u64, changes: Option<&Changes>) -> Self {
        let name = visible(&file.name);
        let source = match &file.source {
            Source::Text(text) => {
                let (lines, stops) = lines(file, text, most);
                Shown::Lines(chunks(lines), stops)
            }
            Source::Changed => without_text("The file is not what was built: it has changed since.", file, most),
            Source::Missing => without_text("The source is not at hand.", file, most),
        };
        Self {
            base_name: name.rsplit('/').next().unwrap_or_default().to_owned(),
            folders: folders(&name),
            summary: file.summary(),
            bytes_never_run: bytes_never_run(file),
            bundle: bundle_weight(file),
            changed: changes.map(|changes| ChangedLines::of(&changes.summary_of(file))),
            first_changed: changes
                .and_then(|changes| changes.never_run(file).next())
                .map_or_else(String::new, |line| format!("#L{line}")),
            changed_lines: changes.map_or_else(Vec::new, |changes| changes.lines_of(&file.name).to_vec()),
            source,
            functions: file.functions().into_iter().map(|point| row(point, most)).collect(),
            has_spans: file.points.iter().any(|point| point.span.is_some()),
            notes: Notes::default(),
            name: name.into_owned(),
        }
    }

    pub(super) fn is_changed(&self, line: &Line) -> bool {
        u32::try_from(line.number).is_ok_and(|number| self.changed_lines.binary_search(&number).is_ok())
    }

    /// Whether the bundler dropped anything of it.
    pub(super) fn has_removed(&self) -> bool {
        self.summary.functions.removed + self.summary.branches.removed > 0
    }

    pub(super) fn tallies(&self) -> [(&'static str, &Tally); 3] {
        [("functions", &self.summary.functions), ("branches", &self.summary.branches), ("lines", &self.summary.lines)]
    }
}

fn chunks(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let mut lines = lines.into_iter();
    std::iter::from_fn(|| Some(lines.by_ref().take(CHUNK).collect::<Vec<_>>()).filter(|chunk| !chunk.is_empty()))
        .collect()
}

fn without_text(why: &'static str, file: &FileCoverage, most: u64) -> Shown {
    let mut points: Vec<&Point> = file.points.iter().collect();
    points.sort_by_key(|point| (point.at, point.id));
    let mut points: Vec<Row> = points.into_iter().map(|point| row(point, most)).collect();
    let mut last = None;
    for row in &mut points {
        row.is_anchor = last.replace(row.line) != Some(row.line);
    }
    Shown::Points { why, points }
}

pub(super) fn row(point: &Point, most: u64) -> Row {
    Row {
        id: point.id,
        line: point.at.line,
        is_anchor: false,
        column: point.at.column,
        construct: construct(point),
        function: function_name(&point.function).into_owned(),
        state: class(point.state()),
        hits: Hits::of(point.hits, most),
    }
}

fn folders(name: &str) -> Vec<(String, String)> {
    let ends = name.match_indices('/').map(|(end, _)| end);
    let start = |end: usize| name[..end].rfind('/').map_or(0, |slash| slash + 1);
    ends.map(|end| (name[..=end].to_owned(), name[start(end)..end].to_owned())).collect()
}
