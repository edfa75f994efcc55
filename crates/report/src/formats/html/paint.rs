//! Source text cut into lines and pieces, each with what became of it.
//!
//! A piece has the state of the innermost span around it. Code outside of all spans, at top level, is counted by
//! nothing and has none.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::show::{compact, construct, heat, is_hidden};
use crate::continuation::Counted;
use crate::coverage::{FileCoverage, Point, State};
use crate::lines::source_lines;
use crate::offsets::Offsets;

/// One line of source.
pub(super) struct Line {
    /// From 1.
    pub(super) number: usize,
    /// A class: `run`, `never`, `partly`, `removed`, or empty where nothing is counted.
    pub(super) state: &'static str,
    /// Of the first token, or else of the last function that begins here.
    pub(super) hits: Option<Hits>,
    /// In order.
    pub(super) pieces: Vec<Piece>,
}

/// How often something ran.
pub(super) struct Hits {
    pub(super) exact: u64,
    pub(super) short: String,
    /// 0 to 9.
    pub(super) heat: u32,
}

/// A part of a line.
pub(super) enum Piece {
    /// Text of code that ran or that nothing counts.
    Text(String),
    /// Never run; with a number from 1 where such code begins.
    Never(String, Option<usize>),
    /// Dropped by the minifier or bundler.
    Removed(String),
    /// A character that would not be seen; its code point in hexadecimal.
    Hidden(String),
    /// Where a point counts.
    Probe(Marker),
}

/// A point within the text.
pub(super) struct Marker {
    /// Class: `run`, `never`, `removed`.
    pub(super) state: &'static str,
    /// Nobody wrote the branch: it shows where it would stand.
    pub(super) is_made: bool,
    pub(super) construct: &'static str,
    pub(super) hits: Hits,
    /// As [`Piece::Never`] has it; of branches that nobody wrote only.
    pub(super) stop: Option<usize>,
}

impl Hits {
    pub(super) fn of(exact: u64, most: u64) -> Self {
        Self { exact, short: compact(exact), heat: heat(exact, most) }
    }
}

/// The class of a state.
pub(super) fn class(state: State) -> &'static str {
    match state {
        State::Run => "run",
        State::NeverRun => "never",
        State::Removed => "removed",
    }
}

/// Cuts `text`, the file's source. `most` are the hits of the hottest point of all files. Returns also the number of
/// places where code begins that never ran.
pub(super) fn lines(file: &FileCoverage, text: &str, most: u64) -> (Vec<Line>, usize) {
    let hits: HashMap<usize, u64> = file.lines.iter().map(|line| (line.line as usize, line.hits)).collect();
    let functions = file.functions().into_iter().filter(|point| point.state() != State::Removed);
    let functions: HashMap<usize, u64> = functions.map(|point| (point.at.line as usize, point.hits)).collect();
    let mut painter = Painter { cuts: cuts(file, text), next: 0, state: None, is_new: false, stops: 0, most };
    let mut lines = Vec::new();
    for (index, line) in source_lines(text).enumerate() {
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        let pieces = painter.pieces(text, start, start + line.len());
        let number = index + 1;
        // The first token of a function may well be counted by nothing; that the function was called is what matters.
        let hits = hits.get(&number).or_else(|| functions.get(&number)).copied();
        lines.push(Line {
            number,
            state: line_state(&pieces, hits),
            hits: hits.map(|hits| Hits::of(hits, most)),
            pieces,
        });
    }
    (lines, painter.stops)
}

fn line_state(pieces: &[Piece], hits: Option<u64>) -> &'static str {
    let has = |is: fn(&Piece) -> bool| pieces.iter().any(is);
    let has_never = has(|piece| matches!(piece, Piece::Never(..)));
    // Code that ran with a branch that nobody wrote and that was never taken.
    let lacks_branch = has(|piece| matches!(piece, Piece::Probe(probe) if probe.stop.is_some()));
    match hits {
        Some(1..) if has_never => "partly",
        _ if lacks_branch && !has_never => "partly",
        Some(1..) => "run",
        Some(0) => "never",
        None if has_never => "never",
        None if has(|piece| matches!(piece, Piece::Removed(_))) => "removed",
        None => "",
    }
}

/// A place in the text at which something changes.
struct Cut<'a> {
    /// In bytes.
    at: usize,
    what: Change<'a>,
}

enum Change<'a> {
    /// From here on the text has this state.
    State(Option<State>),
    /// A point counts here.
    Probe(&'a Point),
}

/// All changes, in order of the text: at one place states come before the probes.
fn cuts<'a>(file: &'a FileCoverage, text: &str) -> Vec<Cut<'a>> {
    let offsets = Offsets::of(text);
    let mut spans = Vec::new();
    let mut cuts = Vec::new();
    for (index, point) in file.points.iter().enumerate() {
        let start = offsets.byte(point.span.map_or(point.at, |span| span.start));
        let end = point.span.map_or(start, |span| offsets.byte(span.end));
        if start < end {
            spans.push((start, end, index));
        }
        cuts.push(Cut { at: start, what: Change::Probe(point) });
    }
    // Of two equal spans, as those of an arm and of the arrow in it, the inner one has the lower id.
    spans.sort_unstable_by_key(|&(start, end, index)| (start, Reverse(end), Reverse(index)));
    let of_point = |(start, end, index): (usize, usize, usize)| (start, end, file.points[index].state());
    let of_continuation = |code: Counted| {
        let state = if code.hits > 0 { State::Run } else { State::NeverRun };
        (offsets.byte(code.start), offsets.byte(code.end), state)
    };
    // Nothing that is counted holds a continuation of the same extent.
    let mut spans: Vec<_> =
        file.counted_continuations().map(of_continuation).chain(spans.into_iter().map(of_point)).collect();
    spans.sort_by_key(|(start, end, _)| (*start, Reverse(*end)));
    let mut open: Vec<(usize, State)> = Vec::new();
    for (start, end, state) in spans {
        close(&mut open, start, &mut cuts);
        open.push((end, state));
        cuts.push(Cut { at: start, what: Change::State(Some(state)) });
    }
    close(&mut open, usize::MAX, &mut cuts);
    // Stable: spans that open at one place stay in the order from outside to inside.
    cuts.sort_by_key(|cut| (cut.at, matches!(cut.what, Change::Probe(_))));
    cuts
}

/// Ends the spans that end before `at`.
fn close(open: &mut Vec<(usize, State)>, at: usize, cuts: &mut Vec<Cut<'_>>) {
    while let Some((end, _)) = open.pop_if(|(end, _)| *end <= at) {
        cuts.push(Cut { at: end, what: Change::State(open.last().map(|(_, state)| *state)) });
    }
}

struct Painter<'a> {
    cuts: Vec<Cut<'a>>,
    /// Index of the first cut that was not passed.
    next: usize,
    state: Option<State>,
    /// Code that never ran began, and no text of it has been seen.
    is_new: bool,
    stops: usize,
    most: u64,
}

impl Painter<'_> {
    /// The pieces of the bytes from `start` to `end`, which are one line.
    fn pieces(&mut self, text: &str, start: usize, end: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut at = start;
        while at < end || self.cuts.get(self.next).is_some_and(|cut| cut.at <= end) {
            let to = self.cuts.get(self.next).map_or(end, |cut| cut.at.clamp(at, end));
            self.add_text(&text[at..to], at == start, &mut pieces);
            at = to;
            if self.cuts.get(self.next).is_some_and(|cut| cut.at <= at) {
                pieces.extend(self.pass());
            }
        }
        pieces
    }

    /// Passes one cut.
    fn pass(&mut self) -> Option<Piece> {
        let cut = &self.cuts[self.next];
        self.next += 1;
        match cut.what {
            Change::State(state) => {
                self.is_new = state == Some(State::NeverRun) && (self.is_new || self.state != state);
                self.state = state;
                None
            }
            Change::Probe(point) => {
                let is_made = point.span.is_some_and(|span| span.start == span.end);
                let is_stop = point.state() == State::NeverRun && self.state != Some(State::NeverRun);
                let stop = (is_stop && (is_made || point.span.is_none())).then(|| self.stop());
                let hits = Hits::of(point.hits, self.most);
                let state = class(point.state());
                Some(Piece::Probe(Marker { state, is_made, construct: construct(point), hits, stop }))
            }
        }
    }

    fn stop(&mut self) -> usize {
        self.stops += 1;
        self.stops
    }

    /// The indentation of a line is never painted.
    fn add_text(&mut self, text: &str, is_first: bool, pieces: &mut Vec<Piece>) {
        let code = if is_first { text.trim_start_matches([' ', '\t']) } else { text };
        let (indent, mut rest) = text.split_at(text.len() - code.len());
        if !indent.is_empty() {
            pieces.push(Piece::Text(indent.to_owned()));
        }
        while let Some(first) = rest.chars().next() {
            let is_shown = |c: char| c == '\t' || !is_hidden(c);
            if !is_shown(first) {
                pieces.push(Piece::Hidden(format!("{:04X}", u32::from(first))));
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let (text, after) = rest.split_at(rest.find(|c| !is_shown(c)).unwrap_or(rest.len()));
            rest = after;
            pieces.push(self.painted(text.to_owned()));
        }
    }

    fn painted(&mut self, text: String) -> Piece {
        match self.state {
            None | Some(State::Run) => Piece::Text(text),
            Some(State::Removed) => Piece::Removed(text),
            Some(State::NeverRun) => {
                let stop = std::mem::take(&mut self.is_new).then(|| self.stop());
                Piece::Never(text, stop)
            }
        }
    }
}
