//! Generated programs over the whole grammar, run before and after and counted by V8.
//!
//! A program is made from a sequence of choices, see [`choices`]; its seed alone decides it. For every program:
//! the same lines are printed, the same errors thrown, the value of the script is the same, and every probe's count
//! is V8's block count at its place, but for what [`excused`] tells by the program's structure; those of arms and
//! right sides are what the program counts itself, see [`recount`], as are those of continuations where nothing throws,
//! see [`calm`]; elsewhere these are never lower. A failing program is made smaller and left in
//! `target/conformance/random/<seed>`.

mod access;
mod breakage;
pub(super) mod breakages;
mod calm;
mod choices;
mod class;
mod control;
mod dialect;
mod engine;
mod excused;
mod expression;
mod function;
mod grammar;
mod layout;
mod pattern;
mod places;
mod probes;
mod program;
mod recount;
mod shrink;
mod spots;
mod statement;
mod subject;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::tally::Tally;
use super::{Length, Settle};
use crate::{Failure, cores, workspace};
use choices::Choices;
use dialect::Dialect;
use engine::{Disagreement, Engine, Verdict};
use excused::Excuse;
use program::Program;
use recount::CountedContinuation;
use subject::{STRIPPED, Subject, Variant};

/// Seeds of the short run, and of the long one.
const SHORT: u64 = 2_000;
const LONG: u64 = 40_000;

/// Programs that Node is given at once.
const BATCH: u64 = 25;

/// Node processes at once.
const ENGINES: u64 = 2;

/// Judges these programs alone and says what is wrong with any.
pub(crate) fn judge_seeds(seeds: &[u64]) -> Result<(), Failure> {
    let mut failures = Vec::new();
    let mut engine = Engine::start()?;
    for &seed in seeds {
        let counted = run_with(&mut engine, seed..seed + 1)?;
        eprintln!("seed {seed}: {} of {} probes hit, {} hits", counted.hit, counted.probes, counted.hits);
        failures.extend(counted.failures);
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

pub(crate) fn prove(length: Length, settle: Settle) -> Result<(), Failure> {
    match length {
        Length::Short => prove_range(0..SHORT, "random", settle),
        Length::Long => prove_range(0..LONG, "random-long", settle),
    }
}

/// The same of programs that are read as TypeScript and stripped of their types.
pub(crate) fn prove_stripped(settle: Settle) -> Result<(), Failure> {
    prove_range(STRIPPED..STRIPPED + SHORT / 2, "stripped", settle)
}

fn prove_range(seeds: Range<u64>, name: &str, settle: Settle) -> Result<(), Failure> {
    let (first, count) = (seeds.start, seeds.end - seeds.start);
    let part = |at| first + count * at / ENGINES..first + count * (at + 1) / ENGINES;
    let ranges: Vec<_> = (0..ENGINES).map(part).collect();
    let mut counted = Counted::default();
    cores::on_all(&ranges, |seeds| run(seeds.clone()))?.into_iter().for_each(|found| counted.merge(found));
    counted.tally().settle(name, settle)
}

/// A script that Closure Compiler may take.
pub(super) fn script_for_closure(seed: u64) -> String {
    Program::generate(Choices::of_seed(seed), Dialect::Closures).text
}

/// The script that makes the realm of such programs: a function that takes what prints a line.
pub(super) fn realm() -> Result<String, Failure> {
    Ok(fs::read_to_string(super::sources("random").join("realm.js"))?)
}

/// What a range of seeds showed.
#[derive(Default)]
struct Counted {
    programs: u64,
    bytes: u64,
    printed: u64,
    threw: u64,
    probes: u64,
    compared: u64,
    recounted: u64,
    continuations: u64,
    exact_continuations: u64,
    calm_continuations: u64,
    run_continuations: u64,
    hit: u64,
    hits: u64,
    requoted: u64,
    forms: BTreeMap<&'static str, u64>,
    excused: BTreeMap<Excuse, u64>,
    failures: Vec<String>,
}

impl Counted {
    fn merge(&mut self, other: Self) {
        self.programs += other.programs;
        self.bytes += other.bytes;
        self.printed += other.printed;
        self.threw += other.threw;
        self.probes += other.probes;
        self.compared += other.compared;
        self.recounted += other.recounted;
        self.continuations += other.continuations;
        self.exact_continuations += other.exact_continuations;
        self.calm_continuations += other.calm_continuations;
        self.run_continuations += other.run_continuations;
        self.hit += other.hit;
        self.hits += other.hits;
        self.requoted += other.requoted;
        for (form, count) in other.forms {
            *self.forms.entry(form).or_default() += count;
        }
        for (excuse, count) in other.excused {
            *self.excused.entry(excuse).or_default() += count;
        }
        self.failures.extend(other.failures);
    }

    fn count(&mut self, subject: &Subject, verdict: &Verdict) {
        self.programs += 1;
        self.bytes += subject.program.text.len() as u64;
        self.printed += verdict.printed;
        self.threw += u64::from(verdict.threw);
        self.probes += subject.probes;
        self.compared += subject.probes - verdict.unequal.len() as u64;
        self.recounted += subject.recount.ids.len() as u64;
        self.continuations += verdict.continuations.len() as u64;
        self.exact_continuations += verdict.continuations.iter().filter(|(counted, own)| counted == own).count() as u64;
        self.calm_continuations +=
            subject.recount.continuations.iter().filter(|continuation| continuation.is_calm).count() as u64;
        self.run_continuations += verdict.continuations.iter().filter(|(_, own)| *own > 0).count() as u64;
        self.hit += verdict.hit;
        self.hits += verdict.hits;
        self.requoted += verdict.requoted;
        for (form, count) in &subject.program.forms {
            *self.forms.entry(form).or_default() += count;
        }
        for excuse in verdict.unequal.iter().filter_map(|unequal| subject.excused.explain(unequal)) {
            *self.excused.entry(excuse).or_default() += 1;
        }
    }

    fn tally(self) -> Tally {
        let mut tally = Tally::default();
        tally.add("programs", self.programs);
        tally.add("bytes of them", self.bytes);
        tally.add("forms of the grammar in them", self.forms.len() as u64);
        tally.add("forms written", self.forms.values().sum());
        tally.add("lines printed alike", self.printed);
        tally.add("programs ended alike by an error", self.threw);
        tally.add("probes", self.probes);
        tally.add("counts equal to V8's", self.compared);
        tally.add("counts equal to the program's own", self.recounted);
        tally.add("continuations", self.continuations);
        tally.add("continuations that ran", self.run_continuations);
        tally.add("continuations whose count is the program's own", self.exact_continuations);
        tally.add("continuations that may have no other, since nothing throws around them", self.calm_continuations);
        tally.add("probes that were hit", self.hit);
        tally.add("hits", self.hits);
        for (excuse, count) in self.excused {
            let (name, reason) = excuse.said();
            tally.except(name, count, reason);
        }
        let reason = "the engine quotes the callee's source in an error's message";
        tally.except("quoted source", self.requoted, reason);
        for failure in self.failures {
            tally.fail(failure);
        }
        tally
    }
}

/// Why a program fails.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Fault {
    /// The product refuses it, or its output cannot be read.
    Refused(String),
    Run(Disagreement),
    /// A probe's count is not V8's, or not the program's own.
    Count {
        id: String,
        hits: u64,
        expected: u64,
    },
    /// The count of a continuation is lower than the program's own, or higher where nothing throws.
    Continuation {
        /// Byte offset in the program.
        at: usize,
        counted: i64,
        expected: i64,
    },
}

impl Fault {
    /// What a smaller program must share with the one it was made from.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Run(Disagreement::Invalid(left)), Self::Run(Disagreement::Invalid(right))) => left == right,
            (Self::Refused(left), Self::Refused(right)) => left == right,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

fn run(seeds: Range<u64>) -> Result<Counted, Failure> {
    run_with(&mut Engine::start()?, seeds)
}

fn run_with(engine: &mut Engine, seeds: Range<u64>) -> Result<Counted, Failure> {
    let mut counted = Counted::default();
    let mut next = seeds.start;
    while next < seeds.end && counted.failures.len() < ENOUGH {
        let batch = next..(next + BATCH).min(seeds.end);
        next = batch.end;
        let choices = batch.clone().map(Choices::of_seed).collect();
        let judged = judge(engine, choices, batch.clone().map(Variant::of_seed).collect());
        for (seed, (program, result)) in batch.zip(judged) {
            match result {
                Ok((subject, verdict)) => counted.count(&subject, &verdict),
                Err(_) if counted.failures.len() == ENOUGH => {}
                Err(fault) => counted.failures.push(report(engine, seed, program, fault)?),
            }
        }
    }
    Ok(counted)
}

/// After so many failures the rest need not be known; each takes a while to be made smaller.
const ENOUGH: usize = 4;

type Judged = (Program, Result<(Subject, Verdict), Fault>);

/// Makes, instruments and runs programs.
fn judge(engine: &mut Engine, choices: Vec<Choices>, variants: Vec<Variant>) -> Vec<Judged> {
    let mut subjects = Vec::new();
    let mut prepared = Vec::new();
    for (choices, variant) in choices.into_iter().zip(variants) {
        let program = variant.program(choices);
        let subject = catch_unwind(AssertUnwindSafe(|| Subject::new(program.clone(), variant)));
        match subject.unwrap_or_else(|_| Err("panics".into())) {
            Ok(subject) => {
                subjects.push(subject);
                prepared.push((program, None));
            }
            Err(error) => prepared.push((program, Some(Fault::Refused(error.to_string())))),
        }
    }
    let verdicts = verdicts(engine, &subjects);
    let mut ran = subjects.into_iter().zip(verdicts);
    let settle = |(program, refused): (Program, Option<Fault>)| {
        let result = match (refused, ran.by_ref()) {
            (Some(fault), _) => Err(fault),
            (None, ran) => match ran.next() {
                Some((subject, Ok(verdict))) => match fault(&subject, &verdict) {
                    None => Ok((subject, verdict)),
                    Some(fault) => Err(fault),
                },
                Some((_, Err(error))) => Err(Fault::Run(Disagreement::Invalid(error))),
                None => Err(Fault::Refused("not run".into())),
            },
        };
        (program, result)
    };
    prepared.into_iter().map(settle).collect()
}

/// Runs all at once; if that ends the process, one by one, to know whose fault it was.
fn verdicts(engine: &mut Engine, subjects: &[Subject]) -> Vec<Result<Verdict, String>> {
    if let Ok(verdicts) = engine.judge(subjects) {
        return verdicts.into_iter().map(Ok).collect();
    }
    let alone = |subject| match engine.judge(std::slice::from_ref(subject)) {
        Ok(mut verdicts) => verdicts.pop().ok_or_else(|| "no verdict".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    subjects.iter().map(alone).collect()
}

fn fault(subject: &Subject, verdict: &Verdict) -> Option<Fault> {
    if let Some(disagreement) = &verdict.failure {
        return Some(Fault::Run(disagreement.clone()));
    }
    if let Some((id, hits, expected)) = verdict.miscounted.first().cloned() {
        return Some(Fault::Count { id, hits, expected });
    }
    let continuations = subject.recount.continuations.iter().zip(&verdict.continuations);
    let is_wrong =
        |continuation: &CountedContinuation, counted, own| counted < own || continuation.is_calm && counted != own;
    if let Some((continuation, &(counted, expected))) =
        continuations.into_iter().find(|(continuation, (counted, own))| is_wrong(continuation, counted, own))
    {
        return Some(Fault::Continuation { at: continuation.at, counted, expected });
    }
    let found = verdict.unequal.iter().find(|unequal| subject.excused.explain(unequal).is_none())?;
    Some(Fault::Count { id: found.id.clone(), hits: found.hits, expected: found.count })
}

/// Makes the program smaller and leaves it in its folder; what is to be done about it.
fn report(engine: &mut Engine, seed: u64, program: Program, fault: Fault) -> Result<String, Failure> {
    eprintln!("seed {seed}: {fault:?}; it is made smaller");
    let variant = Variant::of_seed(seed);
    let folder = workspace().join("target/conformance/random").join(seed.to_string());
    // Making it smaller may take long.
    leave(&folder, &program, variant)?;
    let mut last = fault.clone();
    let mut seen = BTreeSet::from([program.text.clone()]);
    let smallest = shrink::shrink(program.choices, |candidates| {
        let programs: Vec<_> = candidates.iter().map(|choices| variant.program(Choices::replay(choices))).collect();
        // What was tried once is not tried again.
        let new: Vec<bool> = programs.iter().map(|program| seen.insert(program.text.clone())).collect();
        let tried = programs.iter().zip(&new).filter(|(_, new)| **new);
        let choices: Vec<_> = tried.map(|(program, _)| Choices::replay(&program.choices)).collect();
        let variants = vec![variant; choices.len()];
        let mut judged = judge(engine, choices, variants).into_iter();
        new.into_iter()
            .map(|new| {
                let (program, result) = if new { judged.next()? } else { return None };
                let found = result.err().filter(|found| found.is_like(&fault))?;
                last = found;
                Some(program.choices)
            })
            .collect()
    });
    let program = variant.program(Choices::replay(&smallest));
    if let Some(subject) = leave(&folder, &program, variant)?
        && let Ok([verdict]) = engine.judge(std::slice::from_ref(&subject)).as_deref()
        && let Some(found) = self::fault(&subject, verdict)
    {
        last = found;
    }
    let input = folder.join("input.js");
    Ok(format!(
        "seed {seed}: {last:?} ({}, {variant:?})\n    {} is the program, made smaller, with its output beside it; \
         copy it to `fixtures/constructs/<site>/<twist>/input.js` and run `cargo xtask bless`",
        program.kind.name(),
        input.display()
    ))
}

/// Writes the program, what is made of it, and how it counts for itself.
fn leave(folder: &Path, program: &Program, variant: Variant) -> Result<Option<Subject>, Failure> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("input.js"), &program.text)?;
    let Ok(Ok(subject)) = catch_unwind(AssertUnwindSafe(|| Subject::new(program.clone(), variant))) else {
        return Ok(None);
    };
    fs::write(folder.join("output.js"), &subject.instrumented)?;
    fs::write(folder.join("recount.js"), &subject.recount.text)?;
    Ok(Some(subject))
}
