//! What never ran, the most telling first; and what ran most.
//!
//! Whole files come first, then functions of files that run, then branches of functions that run, among which are
//! conditions that were always true or always false. What lies within something that never ran is not named again.

use std::cmp::Reverse;

use pathlight_mapping::{Position, Site};

use crate::bundle::bytes::ModuleBytes;
use crate::continuation::Continuation;
use crate::coverage::{Coverage, FileCoverage, Point, State};
use crate::offsets::Offsets;
use crate::weight::bytes_between;

/// Code that never ran.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding<'a> {
    /// Where.
    pub file: &'a FileCoverage,
    /// What.
    pub verdict: Verdict,
    /// The function or branch; of a file its first point.
    pub point: &'a Point,
    /// UTF-8 bytes of source that never ran; 0 if the source is not at hand.
    pub bytes: u64,
    /// UTF-8 bytes that the bundles have of it, without its probes; `None` if no bundle has a source map.
    pub bundle: Option<u64>,
    /// Times that control came to it and passed by, as far as that is known.
    pub passed: u64,
}

/// What is known of code that never ran.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// Nothing in the file that is counted.
    File,
    /// A function, of a file that runs.
    Function,
    /// `then` or a `?:` arm: the condition was false whenever it was looked at.
    AlwaysFalse,
    /// `else`, written or not, or the second arm: the condition was true whenever it was looked at.
    AlwaysTrue,
    /// Another branch of a function that runs.
    Branch,
}

impl Verdict {
    /// Every verdict, in order of rank.
    pub const ALL: [Self; 5] = [Self::File, Self::Function, Self::AlwaysFalse, Self::AlwaysTrue, Self::Branch];

    /// A name for rules and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "never-run-file",
            Self::Function => "never-run-function",
            Self::AlwaysFalse => "always-false",
            Self::AlwaysTrue => "always-true",
            Self::Branch => "never-run-branch",
        }
    }

    /// What it means, in a few words.
    pub const fn about(self) -> &'static str {
        match self {
            Self::File => "no function and no branch of the file ran",
            Self::Function => "the function was never called",
            Self::AlwaysFalse => "the condition was never true",
            Self::AlwaysTrue => "the condition was never false",
            Self::Branch => "the branch was never taken",
        }
    }

    /// Branches rank by how often they were passed, whatever their kind.
    fn rank(self) -> u8 {
        match self {
            Self::File => 0,
            Self::Function => 1,
            Self::AlwaysFalse | Self::AlwaysTrue | Self::Branch => 2,
        }
    }
}

impl Finding<'_> {
    /// What it is, for a person: `function f`, `if_then in f`.
    pub fn subject(&self) -> String {
        match (self.verdict, &self.point.span) {
            (Verdict::File, _) => "the whole file".to_owned(),
            (Verdict::Function, _) => format!("function {}", self.point.function),
            (_, Some(span)) => format!("{} in {}", span.site.name(), self.point.function),
            (_, None) => format!("{} in {}", self.point.kind.name(), self.point.function),
        }
    }
}

/// Everything that never ran, ranked.
pub fn never_run(coverage: &Coverage) -> Vec<Finding<'_>> {
    let mut findings: Vec<Finding<'_>> = coverage.files.iter().flat_map(findings_in).collect();
    // Files and functions by their size; branches by how sure it is that they do not run.
    findings.sort_by(|a, b| {
        let weight = |finding: &Finding<'_>| match finding.verdict.rank() {
            2 => Reverse((finding.passed, finding.bytes)),
            _ => Reverse((finding.bytes, finding.passed)),
        };
        (a.verdict.rank(), weight(a), &a.file.name, a.point.at, a.point.id).cmp(&(
            b.verdict.rank(),
            weight(b),
            &b.file.name,
            b.point.at,
            b.point.id,
        ))
    });
    findings
}

/// The points that were hit most.
pub fn hottest(coverage: &Coverage, most: usize) -> Vec<(&FileCoverage, &Point)> {
    let all = coverage.files.iter().flat_map(|file| file.points.iter().map(move |point| (file, point)));
    let mut points: Vec<_> = all.filter(|(_, point)| point.hits > 0).collect();
    points.sort_by_key(|(file, point)| (Reverse(point.hits), &file.name, point.at, point.id));
    points.truncate(most);
    points
}

/// What never ran in one file: the file as a whole, or its functions, then its branches.
pub(crate) fn findings_in(file: &FileCoverage) -> Vec<Finding<'_>> {
    let shipped = || file.points.iter().filter(|point| point.state() != State::Removed);
    let Some(first) = shipped().min_by_key(|point| point.at) else { return Vec::new() };
    let offsets = Offsets::of(file.source.text().unwrap_or_default());
    if shipped().all(|point| point.hits == 0) {
        let bytes = file.source.text().map_or(0, |text| text.len() as u64);
        let bundle = file.bundle.as_ref().map(ModuleBytes::total);
        return vec![Finding { file, verdict: Verdict::File, point: first, bytes, bundle, passed: 0 }];
    }
    let decisions = file.decisions();
    let named = file.named_continuations(&decisions);
    let finding = |verdict, index: usize, passed| {
        let code = code_of(file, &named, index);
        let bytes = code.map_or(0, |(start, end)| bytes_between(&offsets, start, end));
        let bundle = file.bundle.as_ref().map(|bundle| code.map_or(0, |(start, end)| bundle.between(start, end)));
        Finding { file, verdict, point: &file.points[index], bytes, bundle, passed }
    };
    let around = Around { file, parents: file.parents(), named: &named };
    let mut findings = Vec::new();
    for (index, point) in file.points.iter().enumerate() {
        let never_runs = point.is_function() && point.state() == State::NeverRun;
        if never_runs && around.hits(index) != Some(0) {
            findings.push(finding(Verdict::Function, index, 0));
        }
    }
    for decision in &decisions {
        let passed = passed(file, &around, &decision.arms);
        let arms: Vec<&Point> = decision.arms.iter().map(|index| &file.points[*index]).collect();
        for (at, index) in decision.arms.iter().enumerate() {
            if arms[at].state() == State::NeverRun && passed > 0 {
                findings.push(finding(branch_verdict(&arms, at), *index, passed));
            }
        }
    }
    findings
}

/// The code around points.
struct Around<'a> {
    file: &'a FileCoverage,
    /// As [`FileCoverage::parents`].
    parents: Vec<Option<usize>>,
    /// Continuations that never ran, and of which a finding says so.
    named: &'a [&'a Continuation],
}

impl Around<'_> {
    /// Of the code directly around a point; `None` at top level, which is taken to have run.
    fn hits(&self, index: usize) -> Option<u64> {
        let point = &self.file.points[index];
        let parent = self.parents[index].map(|parent| &self.file.points[parent]);
        let start = point.span.map_or(point.at, |span| span.start);
        let begin = parent.and_then(|parent| Some(parent.span?.start)).unwrap_or_default();
        let is_dead = self.named.iter().any(|dead| (begin..=start).contains(&dead.start) && start < dead.end);
        if is_dead { Some(0) } else { parent.map(|parent| parent.hits) }
    }
}

/// The code that a point stands for: its own, or the continuation that an `else` that nobody wrote alone leads to.
fn code_of(file: &FileCoverage, named: &[&Continuation], index: usize) -> Option<(Position, Position)> {
    let span = file.points[index].span.filter(|span| span.start < span.end).map(|span| (span.start, span.end));
    let continuation = || {
        named
            .iter()
            .find(|continuation| continuation.plus == [index])
            .map(|continuation| (continuation.start, continuation.end))
    };
    span.or_else(continuation)
}

/// Times that control came to a decision. Where each way through it has one arm, the sum of them; else that of the code
/// around: an arm may be passed by, and a case falls through into the next one.
fn passed(file: &FileCoverage, around: &Around<'_>, arms: &[usize]) -> u64 {
    let sum = arms.iter().fold(0_u64, |sum, arm| sum.saturating_add(file.points[*arm].hits));
    match file.points[arms[0]].span.map(|span| span.site) {
        None | Some(Site::IfThen | Site::IfElse | Site::Ternary) => sum,
        Some(_) => around.hits(arms[0]).unwrap_or(sum),
    }
}

fn branch_verdict(arms: &[&Point], index: usize) -> Verdict {
    let site = arms[index].span.map(|span| span.site);
    match (site, index, arms.len()) {
        (Some(Site::IfThen), ..) | (Some(Site::Ternary), 0, 2) => Verdict::AlwaysFalse,
        (Some(Site::IfElse), ..) | (Some(Site::Ternary), 1, 2) => Verdict::AlwaysTrue,
        (None, 0, 2) => Verdict::AlwaysFalse,
        (None, 1, 2) => Verdict::AlwaysTrue,
        _ => Verdict::Branch,
    }
}
