//! The reports in a body: each line for itself, checked before any of them reaches the store.

use std::fmt;

use pathlight_mapping::{LONGEST_ORIGIN_ID, ProbeId, Report, ReportErrorKind, is_origin_id};
use serde::Deserialize;

use crate::store::Arrival;

/// Up to here JavaScript counts in whole numbers: no runtime sends more.
const LARGEST_NUMBER: u64 = 1 << 53;

/// What the address of a request may say where its one report does not: Closure's two shapes have no place for it.
#[derive(Deserialize, Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Identity {
    build: Option<String>,
    session: Option<String>,
    seq: Option<u64>,
}

/// The reports of one body.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// Those to store, with the line of each, from 1, and the number of its members that are no ids.
    pub(crate) arrivals: Vec<(Arrival, Origin)>,
    /// The lines of the others, from 1, and why.
    pub(crate) refused: Vec<(usize, Refusal)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Origin {
    pub(crate) line: usize,
    pub(crate) strange: u64,
}

/// Why a report is not taken, now or later.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Refusal {
    Unreadable(pathlight_mapping::ReportError),
    TextBehind,
    Missing(&'static str),
    BadName(&'static str),
    TooLarge(&'static str),
    IdTwice(ProbeId),
    TooManyGaps,
}

impl Refusal {
    /// For the metrics: one of few words.
    pub(crate) fn cause(&self) -> &'static str {
        match self {
            Self::Unreadable(_) | Self::TextBehind => "unreadable",
            Self::Missing(_) => "no_identity",
            Self::BadName(_) => "bad_name",
            Self::TooLarge(_) => "too_large",
            Self::IdTwice(_) => "id_twice",
            Self::TooManyGaps => "too_many_gaps",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::TextBehind => f.write_str("more text behind the report; give one report a line"),
            Self::Missing(what) => write!(f, "`{what}` is missing; a resend could not be told from a new report"),
            Self::BadName(what) => {
                write!(f, "`{what}` must be 1 to {LONGEST_ORIGIN_ID} bytes long and have no control characters")
            }
            Self::TooLarge(what) => write!(f, "a {what} above 2^53"),
            Self::IdTwice(id) => ReportErrorKind::IdTwice(*id).fmt(f),
            Self::TooManyGaps => f.write_str("too many reports are missing before this one in its session"),
        }
    }
}

/// Reads a body: one report, or one a line.
pub(crate) fn parse(body: &[u8], identity: &Identity) -> Parsed {
    let mut parsed = Parsed::default();
    let mut report = Report::default();
    if report.read(body, 0).is_ok_and(|end| is_blank(&body[end..])) {
        parsed.push(1, arrival(&mut report, identity));
        return parsed;
    }
    for (line, text) in (1..).zip(body.split(|byte| *byte == b'\n')) {
        if is_blank(text) {
            continue;
        }
        let read = match report.read(text, 0) {
            Ok(end) if is_blank(&text[end..]) => arrival(&mut report, &Identity::default()),
            Ok(_) => Err(Refusal::TextBehind),
            Err(error) => Err(Refusal::Unreadable(error)),
        };
        parsed.push(line, read);
    }
    parsed
}

impl Parsed {
    fn push(&mut self, line: usize, read: Result<(Arrival, u64), Refusal>) {
        match read {
            Ok((arrival, strange)) => self.arrivals.push((arrival, Origin { line, strange })),
            Err(refusal) => self.refused.push((line, refusal)),
        }
    }
}

fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

fn arrival(report: &mut Report, identity: &Identity) -> Result<(Arrival, u64), Refusal> {
    let name = |own: Option<String>, given: &Option<String>, what| {
        let name = own.or_else(|| given.clone()).ok_or(Refusal::Missing(what))?;
        if is_origin_id(&name) { Ok(name) } else { Err(Refusal::BadName(what)) }
    };
    let build = name(report.build.take(), &identity.build, "build")?;
    let session = name(report.session.take(), &identity.session, "session")?;
    let seq = report.seq.or(identity.seq).ok_or(Refusal::Missing("seq"))?;
    let mut hits = std::mem::take(&mut report.hits);
    hits.sort_unstable();
    if let Some(twice) = hits.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(Refusal::IdTwice(twice[0].0));
    }
    if seq > LARGEST_NUMBER {
        return Err(Refusal::TooLarge("seq"));
    }
    if hits.iter().any(|(_, count)| *count > LARGEST_NUMBER) {
        return Err(Refusal::TooLarge("count"));
    }
    Ok((Arrival { build, session, seq, hits }, report.strange))
}
