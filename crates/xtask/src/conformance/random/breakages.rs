//! Deliberate breakages: what the pass could do wrong is done to its output, all over a program, and must be seen.
//!
//! A proof that cannot fail is none. Each breakage is made in random programs that have a place for it; the checker
//! must refuse every one of them, and running them must show it, without the checker, in some: what is printed or
//! thrown, V8's counts, or the program's own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::breakage::{BREAKAGES, Breakage, Edits, How};
use super::choices::Choices;
use super::engine::Engine;
use super::program::Program;
use super::spots::Spots;
use super::subject::{Output, Subject, Variant};
use super::{fault, verdicts};
use crate::conformance::tally::Tally;
use crate::conformance::{Length, Settle};
use crate::{Failure, cores};

/// Programs of each breakage, taken from the first of so many seeds; as many again as long as none shows it.
const PROGRAMS: usize = 40;
const SEEDS: u64 = 2_000;

pub(crate) fn prove(_length: Length, settle: Settle) -> Result<(), Failure> {
    cores::on_core(count)?.settle("breakages", settle)
}

fn count() -> Result<Tally, Failure> {
    let sound = sound_programs();
    let mut tally = Tally::default();
    let mut engine = Engine::start()?;
    for name in ["breakages", "broken programs", "refused by the checker", "shown by running"] {
        tally.add(name, 0);
    }
    for breakage in &BREAKAGES {
        let mut all = sound.iter().filter_map(|sound| sound.broken(breakage));
        let (mut count, mut refused, mut shown) = (0, 0, 0);
        while shown == 0 {
            let broken: Vec<_> = all.by_ref().take(PROGRAMS).collect();
            if broken.is_empty() {
                break;
            }
            count += broken.len() as u64;
            refused += broken.iter().filter(|broken| broken.is_refused).count() as u64;
            shown += run(&mut engine, broken);
        }
        tally.add("breakages", 1);
        tally.add("broken programs", count);
        tally.add("refused by the checker", refused);
        tally.add("shown by running", shown);
        tally.add(&format!("{}: programs", breakage.name), count);
        tally.add(&format!("{}: shown by running", breakage.name), shown);
        if refused < count {
            tally.fail(format!("{}: the checker lets {} of {count} pass", breakage.name, count - refused));
        }
        if shown == 0 {
            tally.fail(format!("{}: running shows it in none of {count} programs", breakage.name));
        }
    }
    Ok(tally)
}

/// A program, what was made of it, and where that can be broken.
struct Sound {
    program: Program,
    variant: Variant,
    output: Output,
    spots: Spots,
}

/// What a breakage made of a program.
struct Broken {
    is_refused: bool,
    /// `None`: the mapping says what cannot be, which shows without running.
    subject: Option<Subject>,
}

fn sound_programs() -> Vec<Sound> {
    let sound = |seed| {
        let variant = Variant::of_seed(seed);
        let program = variant.program(Choices::of_seed(seed));
        let output = Output::of(&program, variant).ok()?;
        let spots = Spots::of(&output.code, program.kind).ok()?;
        Some(Sound { program, variant, output, spots })
    };
    (0..SEEDS).filter_map(sound).collect()
}

impl Sound {
    /// The program with the breakage; `None` if it has no place for it.
    fn broken(&self, breakage: &Breakage) -> Option<Broken> {
        let mut output = self.output.clone();
        match breakage.how {
            How::Code(break_it) => {
                let mut edits = Edits::new(&self.output.code);
                break_it(&self.spots, &mut edits);
                output.code = edits.applied()?;
            }
            How::Mapping(break_it) => {
                break_it(&mut output.entries);
                if output.entries == self.output.entries {
                    return None;
                }
            }
        }
        let (program, variant) = (self.program.clone(), self.variant);
        let is_refused = catch_unwind(AssertUnwindSafe(|| output.check(&program, variant).is_err())).unwrap_or(false);
        Some(Broken { is_refused, subject: Subject::of(program, variant, output).ok() })
    }
}

/// In how many of these programs a run shows the breakage.
fn run(engine: &mut Engine, broken: Vec<Broken>) -> u64 {
    let without_running = broken.iter().filter(|broken| broken.subject.is_none()).count() as u64;
    let subjects: Vec<_> = broken.into_iter().filter_map(|broken| broken.subject).collect();
    let verdicts = verdicts(engine, &subjects);
    let is_shown = |(subject, verdict): &(&Subject, Result<_, String>)| match verdict {
        Ok(verdict) => fault(subject, verdict).is_some(),
        Err(_) => true,
    };
    without_running + subjects.iter().zip(verdicts).filter(is_shown).count() as u64
}
