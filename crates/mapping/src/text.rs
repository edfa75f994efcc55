//! The mapping file: line grammar and escapes, reader and writer side by side.
//!
//! Source: Closure Compiler's `VariableMap` and `ProductionInstrumentationReporter`, as observed.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use crate::continuation::Continuation;
use crate::error::MappingError;
use crate::mapping::Mapping;
use crate::probe::{Extent, Position, Probe, ProbeId, ProbeKind, Site};
use crate::vlq::{push_vlq, read_all};

/// How much an entry says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum MappingFormat {
    /// Closure's five numbers, pathlight's seven, and continuations.
    #[default]
    Pathlight,
    /// Closure's bytes: exactly five numbers.
    Closure,
}

/// Bytes handed to the writer at once.
const BATCH: usize = 1 << 16;

const HEADERS: [&str; 3] = ["FileNames", "FunctionNames", "Types"];

impl Mapping {
    /// Writes the mapping file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, format: MappingFormat, out: &mut impl Write) -> io::Result<()> {
        let kinds = self.kinds();
        let kind_names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        write_header(out, HEADERS[0], &self.files)?;
        write_header(out, HEADERS[1], &self.functions)?;
        write_header(out, HEADERS[2], &kind_names)?;

        let continuations = self.continuations_by_first();
        let mut lines = Vec::with_capacity(BATCH + 128);
        let mut write_entry = |id: ProbeId| {
            let Some(probe) = self.get(id) else { return Ok(()) };
            push_vlq(&mut lines, i64::from(id.get()));
            lines.push(b':');
            let kind = kinds.iter().position(|kind| *kind == probe.kind).unwrap_or_default();
            for number in [probe.file, probe.function, kind as u32, probe.at.line, probe.at.column] {
                push_vlq(&mut lines, i64::from(number));
            }
            if let (MappingFormat::Pathlight, Some(extent)) = (format, &probe.extent) {
                for number in extent_numbers(extent) {
                    push_vlq(&mut lines, i64::from(number));
                }
                for continuation in continuations.get(&id).copied().unwrap_or_default() {
                    continuation.numbers(|number| push_vlq(&mut lines, i64::from(number)));
                }
            }
            lines.push(b'\n');
            if lines.len() >= BATCH {
                out.write_all(&lines)?;
                lines.clear();
            }
            Ok(())
        };
        let most = self.probes.last().map_or(0, |(id, _)| id.get());
        if self.probes.len() == most as usize {
            each_id_by_text(most, &mut write_entry)?;
        } else {
            // Only mappings of others have gaps.
            let mut ids: Vec<ProbeId> = self.probes.iter().map(|(id, _)| *id).collect();
            ids.sort_by_cached_key(ToString::to_string);
            ids.into_iter().try_for_each(write_entry)?;
        }
        out.write_all(&lines)
    }

    /// Reads a mapping file of either format.
    ///
    /// # Errors
    /// Any [`MappingError`] but those of [`Self::parse_whole`] and of manifests, for the first line that breaks the
    /// grammar. Of two entries with the same id the first wins, as in Closure's reader.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        Self::read(text).map(|(mapping, _)| mapping)
    }

    /// Also the kinds that the header lists.
    pub(crate) fn read(text: &str) -> Result<(Self, Vec<ProbeKind>), MappingError> {
        let mut lines = text
            .strip_prefix('\u{feff}')
            .unwrap_or(text)
            .split('\n')
            .enumerate()
            .map(|(at, line)| (at + 1, line.strip_suffix('\r').unwrap_or(line)))
            .filter(|(_, line)| !line.trim().is_empty());
        let mut list = |name| {
            let (line, text) = lines.next().unwrap_or((1, ""));
            read_header(line, text, name)
        };
        let files = list(HEADERS[0])?;
        let functions = list(HEADERS[1])?;
        let kinds = list(HEADERS[2])?
            .into_iter()
            .map(|name| {
                ProbeKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or(MappingError::UnknownKind { name })
            })
            .collect::<Result<Vec<_>, _>>()?;

        let mut mapping = Self { files, functions, probes: Vec::new(), continuations: Vec::new() };
        // A continuation may name probes of later lines.
        let mut lines_of_continuations = Vec::new();
        for (line, text) in lines {
            mapping.read_entry(line, text, &kinds)?;
            lines_of_continuations.resize(mapping.continuations.len(), line);
        }
        mapping.probes.sort_by_key(|(id, _)| *id);
        mapping.probes.dedup_by_key(|(id, _)| *id);
        for (continuation, line) in mapping.continuations.iter().zip(lines_of_continuations) {
            if let Some(id) = continuation.unknown_id(&mapping.probes) {
                return Err(MappingError::BadContinuation {
                    line,
                    reason: format!("a continuation has the id {id}, of no entry"),
                });
            }
        }
        // The entry that wins may be another than the one that had them.
        let mut continuations = std::mem::take(&mut mapping.continuations);
        let has_extent = |id: ProbeId| mapping.get(id).is_some_and(|probe| probe.extent.is_some());
        continuations.retain(|continuation| continuation.plus.first().is_some_and(|first| has_extent(*first)));
        mapping.continuations = continuations;
        mapping.continuations.sort_by_key(Continuation::key);
        mapping.continuations.dedup_by_key(|continuation| continuation.key());
        Ok((mapping, kinds))
    }

    fn read_entry(&mut self, line: usize, text: &str, kinds: &[ProbeKind]) -> Result<(), MappingError> {
        let bad_id = || MappingError::BadId { line, text: shorten(text) };
        let bad_numbers = || MappingError::BadNumbers { line, text: shorten(text) };
        let (id, numbers) = text.split_once(':').ok_or_else(bad_id)?;
        let id: ProbeId = id.parse().map_err(|()| bad_id())?;
        let numbers = read_all(numbers).ok_or_else(bad_numbers)?;
        let numbers: Vec<u32> =
            numbers.into_iter().map(u32::try_from).collect::<Result<_, _>>().map_err(|_| bad_numbers())?;
        let &[file, function, kind, at_line, at_column, ref surplus @ ..] = numbers.as_slice() else {
            return Err(bad_numbers());
        };
        check_index(line, HEADERS[0], file, self.files.len())?;
        check_index(line, HEADERS[1], function, self.functions.len())?;
        check_index(line, HEADERS[2], kind, kinds.len())?;
        let probe = Probe {
            file,
            function,
            kind: kinds[kind as usize],
            at: Position { line: at_line, column: at_column },
            extent: read_extent(surplus),
        };
        self.probes.push((id, probe));
        if probe.extent.is_some() {
            let mut rest = &surplus[EXTENT_NUMBERS..];
            while !rest.is_empty() {
                let continuation = Continuation::read(id, &mut rest)
                    .map_err(|reason| MappingError::BadContinuation { line, reason })?;
                self.continuations.push(continuation);
            }
        }
        Ok(())
    }
}

const EXTENT_NUMBERS: usize = 7;

/// The numbers after Closure's five.
fn extent_numbers(extent: &Extent) -> [u32; EXTENT_NUMBERS] {
    [
        extent.start.line,
        extent.start.column,
        extent.end.line,
        extent.end.column,
        extent.owner.map_or(0, ProbeId::get),
        extent.site as u32,
        extent.decision.get(),
    ]
}

/// The inverse of [`extent_numbers`]; `None` for what another writer may have appended.
fn read_extent(numbers: &[u32]) -> Option<Extent> {
    let &[start_line, start_column, end_line, end_column, owner, site, decision, ..] = numbers else {
        return None;
    };
    Some(Extent {
        start: Position { line: start_line, column: start_column },
        end: Position { line: end_line, column: end_column },
        owner: ProbeId::new(owner),
        site: *Site::ALL.get(site as usize)?,
        decision: ProbeId::new(decision)?,
    })
}

fn check_index(line: usize, list: &'static str, index: u32, len: usize) -> Result<(), MappingError> {
    if (index as usize) < len {
        Ok(())
    } else {
        Err(MappingError::IndexOutOfRange { line, list, index: i64::from(index) })
    }
}

/// Calls `visit` with the ids 1 to `most` in the order of their texts, without sorting: a walk through the tree
/// that their VLQ digits form, low digits first.
fn each_id_by_text(most: u32, visit: &mut impl FnMut(ProbeId) -> io::Result<()>) -> io::Result<()> {
    walk_digits(0, 0, u64::from(most) << 1, visit)
}

/// Low bits of the digits after which others follow and that stand, in ASCII's order, before those that end a number:
/// `+` `/` `0`–`9`.
const FIRST_BY_TEXT: [u64; 12] = [30, 31, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29];
/// Those of the digits that end a number, but zero: `B`–`Z` `a`–`f`. Zero ends no number but zero itself.
const ENDS_BY_TEXT: RangeInclusive<u64> = 1..=31;
/// Those of the other digits after which others follow: `g`–`z`.
const LAST_BY_TEXT: RangeInclusive<u64> = 0..=19;

/// `folded` holds the digits so far, of which there are `places`: the number doubled, as VLQ folds its sign in.
fn walk_digits(
    folded: u64,
    places: u32,
    most: u64,
    visit: &mut impl FnMut(ProbeId) -> io::Result<()>,
) -> io::Result<()> {
    // The first digit's lowest bit is the sign.
    let is_unsigned = |low: &u64| places > 0 || low & 1 == 0;
    let longer = |low: u64| folded | (low << (places * 5));
    let goes_on = |low: &u64| is_unsigned(low) && longer(*low) | (1 << ((places + 1) * 5)) <= most;
    for low in FIRST_BY_TEXT.into_iter().filter(goes_on) {
        walk_digits(longer(low), places + 1, most, visit)?;
    }
    for low in ENDS_BY_TEXT.filter(is_unsigned).take_while(|low| longer(*low) <= most) {
        if let Some(id) = u32::try_from(longer(low) >> 1).ok().and_then(ProbeId::new) {
            visit(id)?;
        }
    }
    for low in LAST_BY_TEXT.filter(goes_on) {
        walk_digits(longer(low), places + 1, most, visit)?;
    }
    Ok(())
}

fn write_header<S: AsRef<str>>(out: &mut impl Write, name: &str, values: &[S]) -> io::Result<()> {
    write!(out, " {name}:[")?;
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        out.write_all(escape(&closure_json(value.as_ref())?).as_bytes())?;
    }
    out.write_all(b"]\n")
}

/// A JSON string as Closure's writer (Gson) spells it: U+2028 and U+2029 are escaped too.
fn closure_json(value: &str) -> io::Result<String> {
    let json = serde_json::to_string(value)?;
    // Both begin with this byte.
    Ok(if json.as_bytes().contains(&0xe2) {
        json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
    } else {
        json
    })
}

fn read_header(line: usize, text: &str, expected: &'static str) -> Result<Vec<String>, MappingError> {
    let list = text
        .trim_start_matches(' ')
        .strip_prefix(expected)
        .and_then(|rest| rest.strip_prefix(':'))
        .ok_or(MappingError::BadHeader { line, expected })?;
    let list = unescape(list);
    serde_json::from_str(&list).map_err(|error| MappingError::BadList { line, reason: error.to_string() })
}

/// `\` and `:` get a backslash, a line feed becomes `\n`, as in Closure's `VariableMap`.
fn escape(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| matches!(byte, b'\\' | b':' | b'\n')) {
        Cow::Owned(text.replace('\\', "\\\\").replace(':', "\\:").replace('\n', "\\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The inverse of [`escape`].
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some(escaped) => out.push(escaped),
                None => out.push('\\'),
            },
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

pub(crate) fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::MappingBuilder;

    fn sample(names: &[&str]) -> Mapping {
        let mut builder = MappingBuilder::new();
        for (at, name) in names.iter().enumerate() {
            let id = builder.next_id().unwrap();
            let probe = Probe {
                file: builder.file(name),
                function: builder.function(name),
                kind: ProbeKind::ALL[at % 3],
                at: Position { line: at as u32 + 1, column: 7 },
                extent: Some(Extent {
                    start: Position { line: at as u32 + 1, column: 7 },
                    end: Position { line: at as u32 + 9, column: 0 },
                    owner: ProbeId::new(at as u32),
                    site: Site::ALL[at % Site::ALL.len()],
                    decision: id,
                }),
            };
            builder.push(probe);
        }
        builder.build()
    }

    fn text(mapping: &Mapping, format: MappingFormat) -> String {
        let mut out = Vec::new();
        mapping.write(format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_name_is_read_back() {
        let names = [
            "a.js",
            "co:lon.js",
            "quo\"te.js",
            "back\\slash",
            "new\nline",
            "\\n",
            "tab\t",
            "\u{2028}",
            "é",
            "",
            "\u{1}",
            "</script>",
        ];
        let mapping = sample(&names);
        assert_eq!(Mapping::parse(&text(&mapping, MappingFormat::Pathlight)).unwrap(), mapping);
    }

    #[test]
    fn continuations_are_read_back() {
        let mut mapping = sample(&["f"; 3]);
        let [one, two, three] = [1, 2, 3].map(|id| ProbeId::new(id).unwrap());
        let (start, end) = (Position { line: 2, column: 0 }, Position { line: 3, column: 40 });
        mapping.continuations.push(Continuation { start, end, plus: vec![one], minus: vec![two, three] });
        mapping.continuations.push(Continuation { start, end, plus: vec![two, three], minus: Vec::new() });
        assert_eq!(Mapping::parse(&text(&mapping, MappingFormat::Pathlight)).unwrap(), mapping);
        // Of two entries with one id the first wins, and its continuations.
        let written = text(&mapping, MappingFormat::Pathlight);
        let last = written.lines().find(|line| line.starts_with("C:")).unwrap();
        let doubled = written.replace(last, &format!("C:AAACA\n{last}"));
        assert_eq!(Mapping::parse(&doubled).unwrap().continuations(), &mapping.continuations[1..]);
    }

    #[test]
    fn closure_format_has_five_numbers() {
        let mapping = sample(&["f"; 70]);
        let written = text(&mapping, MappingFormat::Closure);
        assert!(written.lines().skip(3).all(|line| read_all(line.split_once(':').unwrap().1).unwrap().len() == 5));
        let read = Mapping::parse(&written).unwrap();
        assert_eq!(read.len(), 70);
        assert!(read.probes().all(|(_, probe)| probe.extent.is_none()));
    }

    #[test]
    fn entries_are_sorted_by_the_text_of_the_id() {
        let written = text(&sample(&["f"; 600]), MappingFormat::Closure);
        let ids: Vec<&str> = written.lines().skip(3).map(|line| line.split_once(':').unwrap().0).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        assert_eq!(ids, sorted);
        assert_eq!(ids[0], "+B");
    }

    #[test]
    fn a_mapping_with_gaps_is_written_in_the_same_order() {
        let mut mapping = sample(&["f"; 600]);
        mapping.probes.retain(|(id, _)| id.get() % 7 != 0);
        let written = text(&mapping, MappingFormat::Pathlight);
        let ids: Vec<&str> = written.lines().skip(3).map(|line| line.split_once(':').unwrap().0).collect();
        assert!(ids.is_sorted());
        assert_eq!(Mapping::parse(&written).unwrap(), mapping);
    }

    #[test]
    fn headers_are_there_without_a_probe() {
        let written = text(&Mapping::default(), MappingFormat::Closure);
        assert_eq!(written, " FileNames:[]\n FunctionNames:[]\n Types:[]\n");
        assert!(Mapping::parse(&written).unwrap().is_empty());
    }

    #[test]
    fn the_wikis_form_is_read() {
        let wiki = "FileNames:[\"fib.js\"]\r\nFunctionNames:[\"fib\"]\r\n\r\nTypes:[\"BRANCH\"]\r\nC:AAAEC\r\n";
        let mapping = Mapping::parse(wiki).unwrap();
        assert_eq!(mapping.get(ProbeId::new(1).unwrap()).unwrap().at, Position { line: 2, column: 1 });
        assert_eq!(mapping.get(ProbeId::new(2).unwrap()), None);
    }

    #[test]
    fn errors_name_the_line() {
        let head = " FileNames:[\"a\"]\n FunctionNames:[\"f\"]\n Types:[\"BRANCH\"]\n";
        let whole = format!("{head}C:AAACACACEAAC");
        for (text, wanted) in [
            (String::new(), "line 1: expected the header `FileNames:"),
            (" FileNames:[1]\n".into(), "line 1: the header's list"),
            (" FileNames:[]\n FunctionNames:[]\n Types:[\"LOOP\"]\n".into(), "Types lists `LOOP`"),
            (format!("{head}nonsense"), "line 4: `nonsense` is not an entry"),
            (format!("{head}A:AAAEC"), "line 4: `A:AAAEC` is not an entry"),
            (format!("{head}C:AAAE"), "line 4: `C:AAAE`: expected at least 5"),
            (format!("{head}C:AAADC"), "line 4: `C:AAADC`: expected at least 5"),
            (format!("{head}C:CAAEC"), "line 4: index 1 is not in FileNames"),
            (format!("{head}C:ACAEC"), "line 4: index 1 is not in FunctionNames"),
            (format!("{head}C:AACEC"), "line 4: index 1 is not in Types"),
            (format!("{whole}CA"), "line 4: 2 numbers are no continuation"),
            (format!("{whole}CACI"), "line 4: a continuation ends before its ids"),
            (format!("{whole}CACI+/////DC"), "line 4: a continuation of 2147483647 ids has 1 numbers behind it"),
            (format!("{whole}CACIA"), "line 4: a continuation ends before its ids"),
            (format!("{whole}CACICAA"), "line 4: a continuation has the id 0"),
            (format!("{whole}ICCAAA"), "line 4: a continuation from 4:1 ends at 1:0"),
            (format!("{whole}CACIACE"), "line 4: a continuation has the id E, of no entry"),
        ] {
            let error = Mapping::parse(&text).unwrap_err().to_string();
            assert!(error.starts_with(wanted), "{text:?}: {error}");
        }
    }
}
