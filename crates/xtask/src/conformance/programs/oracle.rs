//! What V8 counted against what the probes counted.

use std::fs;
use std::path::Path;

use pathlight_mapping::{Mapping, Probe, ProbeId, Site};
use serde::Deserialize;

use super::Tally;
use super::trees::Variant;
use crate::Failure;

/// What `oracle.cjs` writes.
#[derive(Deserialize, Debug)]
pub(super) struct Findings {
    /// Scripts with probes that were read from a file.
    files: u64,
    /// Scripts with probes that running code made.
    made: u64,
    /// Probes in the text of all scripts that ran.
    probes: u64,
    /// Those that counted at least one hit.
    hit: u64,
    /// Sum of all hits. Some packages ask for the time, so that it is not quite the same in every run.
    pub(super) hits: u64,
    differences: Vec<Difference>,
}

/// A probe and V8 do not agree.
#[derive(Deserialize, Debug)]
#[serde(rename_all = "camelCase")]
struct Difference {
    id: u32,
    /// The probe's own count.
    counted: u64,
    /// The count of the innermost of V8's ranges around the probe; `None`: V8 knows no script with it.
    expected: Option<u64>,
    /// The beginning of the innermost function around it, as V8 delimits functions.
    head: String,
    /// No range but the function's own is around it.
    is_body: bool,
}

impl Findings {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let json = fs::read(path).map_err(|error| format!("V8's counts were not taken: {error}"))?;
        Ok(serde_json::from_slice(&json)?)
    }
}

/// Where V8's block coverage cannot say what a probe must count; all other counts must be equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Exception {
    GeneratorEntry,
    LogicalAssignment,
}

impl Exception {
    fn of(difference: &Difference, probe: &Probe) -> Option<Self> {
        let at_most = difference.expected.is_some_and(|expected| difference.counted <= expected);
        match probe.extent.as_ref()?.site {
            Site::Function if at_most && difference.is_body && is_generator(&difference.head) => {
                Some(Self::GeneratorEntry)
            }
            Site::LogicalAssign if at_most => Some(Self::LogicalAssignment),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::GeneratorEntry => "entries of generators",
            Self::LogicalAssignment => "right sides of `||=`, `&&=`, `??=`",
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::GeneratorEntry => {
                "V8 counts the call, the probe the first `next()`: a generator that is never started runs no code"
            }
            Self::LogicalAssignment => "V8 has no range for them, only the one around: its count is never below ours",
        }
    }
}

/// Whether a function, from its first token as V8 sees it, is a generator.
fn is_generator(head: &str) -> bool {
    let head = head.strip_prefix("async ").unwrap_or(head);
    head.strip_prefix("function").unwrap_or(head).trim_start().starts_with('*')
}

/// Judges all findings in one variant.
pub(super) struct Judge<'a> {
    variant: &'a Variant,
    mapping: Mapping,
}

impl<'a> Judge<'a> {
    pub(super) fn new(variant: &'a Variant) -> Result<Self, Failure> {
        let mapping = Mapping::parse(&fs::read_to_string(variant.mapping_path())?)?;
        Ok(Self { variant, mapping })
    }

    pub(super) fn variant(&self) -> &str {
        self.variant.name
    }

    pub(super) fn compare(&self, program: &str, findings: &Findings, tally: &mut Tally) {
        tally.add("scripts run", findings.files + findings.made);
        tally.add("probes compared", findings.probes);
        tally.add("probes hit", findings.hit);
        if findings.probes == 0 || findings.hit == 0 {
            tally.fail(format!("{program}, {}: nothing was counted", self.variant.name));
        }
        for difference in &findings.differences {
            let Some(probe) = ProbeId::new(difference.id).and_then(|id| self.mapping.get(id)) else {
                tally.fail(format!("{program}, {}: probe {} is not in the mapping", self.variant.name, difference.id));
                continue;
            };
            match Exception::of(difference, probe) {
                Some(exception) => tally.except(exception.name(), 1, exception.reason()),
                None => tally.fail(format!(
                    "{program}, {}: {}:{}: {:?} counted {}, V8 {:?}, in `{}`",
                    self.variant.name,
                    self.mapping.file_name(probe),
                    probe.at,
                    probe.extent.as_ref().map(|extent| extent.site),
                    difference.counted,
                    difference.expected,
                    difference.head.lines().next().unwrap_or_default(),
                )),
            }
        }
    }
}
