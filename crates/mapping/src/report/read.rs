//! One report from strict JSON, in one pass over its bytes.

use super::error::{ReportError, ReportErrorKind};
use super::scan::Scanner;
use super::{REPORT_SCHEMA, Report};
use crate::probe::ProbeId;

type Result<T> = std::result::Result<T, ReportError>;

/// The members of pathlight's own shape that are read, as bits of what has been seen.
const OWN: [(&str, u8); 5] = [("schema", SCHEMA), ("build", 2), ("session", 4), ("seq", 8), ("counts", COUNTS)];
const SCHEMA: u8 = 1;
const COUNTS: u8 = 16;

impl Report {
    pub(super) fn read_strict(&mut self, text: &[u8], start: usize) -> Result<usize> {
        self.clear();
        let mut scanner = Scanner::new(text, start);
        if !scanner.take(b'{') {
            return scanner.expected("a report: a JSON object of ids and counts");
        }
        let mut seen = 0;
        let mut schema = None;
        let mut is_first = true;
        while let Some(name) = scanner.next_member(is_first)? {
            is_first = false;
            let Some(&(name, bit)) = OWN.iter().find(|(own, _)| own.as_bytes() == &*name) else {
                if seen & COUNTS == 0 {
                    self.read_count(&name, &mut scanner)?;
                } else {
                    scanner.skip_value(1)?;
                }
                continue;
            };
            if seen & bit != 0 {
                return scanner.error(ReportErrorKind::MemberTwice(name));
            }
            seen |= bit;
            match name {
                "schema" => schema = number(&mut scanner)?,
                "build" => self.build = string(&mut scanner)?,
                "session" => self.session = string(&mut scanner)?,
                "seq" => self.seq = number(&mut scanner)?,
                _ => self.read_counts(&mut scanner)?,
            }
        }
        if seen & (SCHEMA | COUNTS) == SCHEMA {
            return scanner.error(ReportErrorKind::Expected("a member `counts` in a report with a `schema`"));
        } else if seen & COUNTS == 0 {
            // Closure's shape, then, where these are no ids.
            OWN.iter().filter(|(_, bit)| seen & bit != 0).for_each(|(name, _)| self.add_strange(name.as_bytes()));
            (self.build, self.session, self.seq) = (None, None, None);
        } else if let Some(schema) = schema.filter(|schema| *schema != REPORT_SCHEMA) {
            return scanner.error(ReportErrorKind::UnknownSchema(schema));
        }
        Ok(scanner.at)
    }

    /// The object behind `counts`. What was taken for ids outside of it was none.
    fn read_counts(&mut self, scanner: &mut Scanner<'_>) -> Result<()> {
        if !scanner.take(b'{') {
            return scanner.expected("an object of ids and counts");
        }
        self.hits.clear();
        self.clear_strange();
        let mut is_first = true;
        while let Some(name) = scanner.next_member(is_first)? {
            is_first = false;
            self.read_count(&name, scanner)?;
        }
        Ok(())
    }

    /// What stands behind `name`, which should be an id.
    #[inline]
    fn read_count(&mut self, name: &[u8], scanner: &mut Scanner<'_>) -> Result<()> {
        let Some(id) = ProbeId::from_spelling(name) else {
            self.add_strange(name);
            return scanner.skip_value(1);
        };
        if let Some(count) = count(scanner)? {
            self.hits.push((id, count));
        }
        Ok(())
    }
}

/// A count in any of its shapes; `None` for `null`.
#[inline]
fn count(scanner: &mut Scanner<'_>) -> Result<Option<u64>> {
    match scanner.peek() {
        Some(b'0'..=b'9') => scanner.whole_number().map(Some),
        // As Closure's collector writes it.
        Some(b'{') if scanner.take_all(FREQUENCY) => {
            scanner.skip_space();
            let count = number(scanner)?;
            if scanner.take(b'}') { Ok(Some(count.unwrap_or(0))) } else { rest_of_frequency(scanner, Some(count)) }
        }
        Some(b'{') => {
            scanner.at += 1;
            rest_of_frequency(scanner, None)
        }
        _ => number(scanner),
    }
}

const FREQUENCY: &[u8] = b"{\"frequency\":";

/// The members of `{"frequency":5}`; `found` is the one that was read already.
#[cold]
fn rest_of_frequency(scanner: &mut Scanner<'_>, mut found: Option<Option<u64>>) -> Result<Option<u64>> {
    let mut is_first = found.is_none();
    while let Some(name) = scanner.next_member(is_first)? {
        is_first = false;
        if *name != *b"frequency" {
            scanner.skip_value(2)?;
        } else if found.is_some() {
            return scanner.error(ReportErrorKind::MemberTwice("frequency"));
        } else {
            found = Some(number(scanner)?);
        }
    }
    Ok(Some(found.flatten().unwrap_or(0)))
}

/// A whole number, as itself or in a string; `None` for `null`.
fn number(scanner: &mut Scanner<'_>) -> Result<Option<u64>> {
    match scanner.peek() {
        Some(b'0'..=b'9' | b'-') => scanner.whole_number().map(Some),
        Some(b'"') => {
            scanner.at += 1;
            let at = scanner.at;
            let content = scanner.string_after_quote()?;
            let mut inner = Scanner::new(&content, 0);
            let number = inner.whole_number().map_err(|error| ReportError { at, ..error })?;
            if inner.peek().is_some() {
                return Err(ReportError { at, kind: ReportErrorKind::Expected("a number") });
            }
            Ok(Some(number))
        }
        _ if scanner.take_all(b"null") => Ok(None),
        _ => scanner.expected("a count"),
    }
}

fn string(scanner: &mut Scanner<'_>) -> Result<Option<String>> {
    if scanner.take_all(b"null") {
        return Ok(None);
    }
    if !scanner.take(b'"') {
        return scanner.expected("a string");
    }
    let content = scanner.string_after_quote()?.into_owned();
    match String::from_utf8(content) {
        Ok(content) => Ok(Some(content)),
        Err(_) => scanner.error(ReportErrorKind::BadString),
    }
}
