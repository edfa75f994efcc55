//! The decoded view of a mapping: one probe a row, for people and for scripts.

use std::io::{self, Write};

use serde::Serialize;

use crate::mapping::Mapping;
use crate::probe::{Position, Probe, ProbeId};

/// One probe with its names filled in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Decoded<'a> {
    /// As VLQ.
    pub id: String,
    /// As a number, from 1.
    pub number: u32,
    /// FUNCTION, BRANCH or BRANCH_DEFAULT.
    pub kind: &'static str,
    /// Name of the owning function.
    pub function: &'a str,
    /// File name.
    pub file: &'a str,
    /// From 1.
    pub line: u32,
    /// From 0, UTF-16 code units.
    pub column: u32,
    /// Place in the grammar; absent in Closure's format, like all that follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<&'static str>,
    /// Start of the counted code, `[line, column]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<[u32; 2]>,
    /// End of the counted code, exclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<[u32; 2]>,
    /// Number of the owning function's probe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<u32>,
    /// Number of the decision's first probe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<u32>,
}

/// Every probe of `mapping`, by rising id.
pub fn decode(mapping: &Mapping) -> impl Iterator<Item = Decoded<'_>> {
    mapping.probes().map(|(id, probe)| decode_probe(mapping, id, probe))
}

fn decode_probe<'a>(mapping: &'a Mapping, id: ProbeId, probe: &Probe) -> Decoded<'a> {
    let pair = |at: Position| [at.line, at.column];
    let extent = probe.extent.as_ref();
    Decoded {
        id: id.to_string(),
        number: id.get(),
        kind: probe.kind.name(),
        function: mapping.function_name(probe),
        file: mapping.file_name(probe),
        line: probe.at.line,
        column: probe.at.column,
        site: extent.map(|extent| extent.site.name()),
        start: extent.map(|extent| pair(extent.start)),
        end: extent.map(|extent| pair(extent.end)),
        owner: extent.and_then(|extent| extent.owner).map(ProbeId::get),
        decision: extent.map(|extent| extent.decision.get()),
    }
}

/// Writes the view for a person: id, kind, function and place in columns and, for each file whose text
/// `source` returns, the source line with a caret below the recorded position. Where there is no such position, the
/// source is not the one that was instrumented, and that is said.
///
/// # Errors
/// Those of `out`.
pub fn write_decoded(
    mapping: &Mapping,
    mut source: impl FnMut(&str) -> Option<String>,
    out: &mut impl Write,
) -> io::Result<()> {
    let id_width = decode(mapping).map(|row| row.id.len()).max().unwrap_or(0);
    let name_width = decode(mapping).map(|row| printable(row.function).chars().count()).max().unwrap_or(0).min(40);
    let mut open: Option<(u32, Option<Source>)> = None;
    for (id, probe) in mapping.probes() {
        let row = decode_probe(mapping, id, probe);
        let name = printable(row.function);
        let pad = name_width.saturating_sub(name.chars().count());
        let file = printable(row.file);
        writeln!(out, "{:id_width$}  {:14}  {name}{:pad$}  {file}:{}:{}", row.id, row.kind, "", row.line, row.column)?;
        if open.as_ref().is_none_or(|(file, _)| *file != probe.file) {
            open = Some((probe.file, source(row.file).map(Source::new)));
        }
        if let Some((_, Some(source))) = &open {
            source.write_frame(probe.at, id_width, out)?;
        }
    }
    Ok(())
}

/// Names come from source text and may hold anything; a terminal must not act on them.
fn printable(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// A file's text and where its lines begin, so that a row costs a lookup and not a walk.
struct Source {
    text: String,
    line_starts: Vec<usize>,
}

/// A longer line is shown from here on around the caret, so that minified code stays readable.
const WINDOW: usize = 100;

impl Source {
    fn new(text: String) -> Self {
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        };
        let mut line_starts = vec![0];
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let ends = match c {
                '\r' => chars.peek().is_none_or(|(_, next)| *next != '\n'),
                '\n' | '\u{2028}' | '\u{2029}' => true,
                _ => false,
            };
            if ends {
                line_starts.push(at + c.len_utf8());
            }
        }
        Self { text, line_starts }
    }

    fn write_frame(&self, at: Position, indent: usize, out: &mut impl Write) -> io::Result<()> {
        let Some(&start) = (at.line as usize).checked_sub(1).and_then(|line| self.line_starts.get(line)) else {
            let lines = self.line_starts.len();
            return writeln!(out, "{:indent$}  (the source has changed: its last line is {lines})", "");
        };
        let end = self.line_starts.get(at.line as usize).copied().unwrap_or(self.text.len());
        let line = self.text[start..end].trim_end_matches(['\n', '\r', '\u{2028}', '\u{2029}']);
        let mut units = 0;
        let mut caret = line.len();
        for (offset, c) in line.char_indices() {
            if units >= at.column as usize {
                caret = offset;
                break;
            }
            units += c.len_utf16();
        }
        if units < at.column as usize {
            let shown: String = line.chars().take(WINDOW).collect();
            writeln!(out, "{:indent$}  {}", "", tame(&shown))?;
            return writeln!(out, "{:indent$}  (the source has changed: this line ends at column {units})", "");
        }
        let before: Vec<char> = line[..caret].chars().rev().take(WINDOW / 2).collect();
        let cut_front = before.len() < line[..caret].chars().count();
        let before: String = before.into_iter().rev().collect();
        let room = WINDOW.saturating_sub(before.chars().count());
        let after: String = line[caret..].chars().take(room).collect();
        let cut_back = after.len() < line.len() - caret;
        let front = if cut_front { "…" } else { "" };
        let back = if cut_back { "…" } else { "" };
        let shown = tame(&format!("{front}{before}{after}{back}"));
        let blank: String = format!("{front}{before}").chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        writeln!(out, "{:indent$}  {shown}", "")?;
        writeln!(out, "{:indent$}  {blank}^", "")
    }
}

/// As [`printable`], but a tab stays, since the caret's line repeats it.
fn tame(line: &str) -> String {
    line.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}
