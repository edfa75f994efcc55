//! Node with the batch runner: many programs, one process.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::recount::Recount;
use super::subject::Subject;
use crate::Failure;
use crate::conformance::sources;

/// A running process.
pub(super) struct Engine {
    child: Child,
    input: ChildStdin,
    verdicts: Receiver<String>,
    batches: u32,
}

/// What was seen of one program; see the runner.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) failure: Option<Disagreement>,
    pub(super) requoted: u64,
    pub(super) unequal: Vec<Unequal>,
    /// Id, hits of the probe, the program's own count.
    pub(super) miscounted: Vec<(String, u64, u64)>,
    /// Of every continuation the count by its probes, and the program's own.
    pub(super) continuations: Vec<(i64, i64)>,
    pub(super) printed: u64,
    /// Probes that were hit.
    pub(super) hit: u64,
    pub(super) hits: u64,
    pub(super) threw: bool,
}

/// A probe whose hits are not V8's count; see the runner.
#[derive(Deserialize, Debug)]
pub(super) struct Unequal {
    /// The text of the probe's id.
    pub(super) id: String,
    pub(super) hits: u64,
    /// V8's, of the innermost range around the probe.
    pub(super) count: u64,
    /// V8's, in front of the probe.
    pub(super) before: u64,
    /// The functions that V8 sees around the probe, inner ones first.
    pub(super) around: Vec<Around>,
}

/// A function of V8's, and what its ranges alone say of a probe.
#[derive(Deserialize, Debug)]
pub(super) struct Around {
    pub(super) name: String,
    /// UTF-16 offsets.
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) count: u64,
    /// In front of the probe.
    pub(super) before: u64,
}

/// What kind of disagreement: shrinking keeps it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Disagreement {
    /// The engine does not take the program, before or after.
    Invalid(String),
    /// Both runs do different things.
    Behavior(String),
    /// The program that counts for itself does something else: a fault of the proof.
    Recount(String),
}

/// Programs are bounded by their steps, see `realm.js`: what takes so long hangs.
const PATIENCE: Duration = Duration::from_secs(600);

/// The process is replaced after so many batches: scripts that are done are kept by V8's coverage.
const BATCHES: u32 = 40;

impl Engine {
    pub(super) fn start() -> Result<Self, Failure> {
        let mut child = Command::new("node")
            // Recursion ends by the count of its calls, never at the stack: there, instrumented code comes less far.
            .args(["--experimental-vm-modules", "--no-warnings", "--stack-size=3600"])
            .arg(sources("random").join("runner.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().ok_or("no standard input")?;
        let output = child.stdout.take().ok_or("no standard output")?;
        let (sender, verdicts) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, input, verdicts, batches: 0 })
    }

    /// Runs programs before and after.
    ///
    /// # Errors
    /// If the process died or hung; it is replaced.
    pub(super) fn judge(&mut self, subjects: &[Subject]) -> Result<Vec<Verdict>, Failure> {
        if self.batches == BATCHES {
            *self = Self::start()?;
        }
        self.batches += 1;
        let programs: Vec<Value> = subjects
            .iter()
            .map(|subject| {
                let kind = subject.program.kind.name();
                let Recount { text, ids, continuations } = &subject.recount;
                let continuations: Vec<_> =
                    continuations.iter().map(|one| json!({ "plus": one.plus, "minus": one.minus })).collect();
                let recount = json!({ "text": text, "ids": ids, "continuations": continuations });
                let (before, after) = (&subject.program.text, &subject.instrumented);
                json!({ "kind": kind, "before": before, "after": after, "recount": recount })
            })
            .collect();
        let answer = writeln!(self.input, "{}", Value::from(programs))
            .and_then(|()| self.input.flush())
            .map_err(Failure::from)
            .and_then(|()| Ok(self.verdicts.recv_timeout(PATIENCE)?));
        match answer {
            Ok(line) => serde_json::from_str::<Vec<Value>>(&line)?.iter().map(verdict).collect(),
            Err(error) => {
                *self = Self::start()?;
                Err(format!("Node died or hung: {error}").into())
            }
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn verdict(value: &Value) -> Result<Verdict, Failure> {
    let count = |name: &str| value[name].as_u64().ok_or_else(|| format!("the runner says no {name}"));
    let seen = |both: &Value| format!("before {}, after {}", both[0], both[1]);
    let failure = match (&value["invalid"], &value["difference"], &value["recount"]) {
        (Value::String(message), ..) => Some(Disagreement::Invalid(message.clone())),
        (_, Value::Null, Value::Null) => None,
        (_, Value::Null, both) => Some(Disagreement::Recount(seen(both))),
        (_, both, _) => Some(Disagreement::Behavior(seen(both))),
    };
    Ok(Verdict {
        failure,
        requoted: count("requoted")?,
        unequal: serde_json::from_value(value["unequal"].clone())?,
        miscounted: serde_json::from_value(value["miscounted"].clone())?,
        continuations: serde_json::from_value(value["continuations"].clone())?,
        printed: count("printed")?,
        hit: count("hit")?,
        hits: count("hits")?,
        threw: value["threw"] == Value::Bool(true),
    })
}
