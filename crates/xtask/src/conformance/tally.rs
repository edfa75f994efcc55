//! The counters of a proof: a text file that a person reads and a test compares.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use super::Settle;
use crate::{Failure, workspace};

/// What one proof counted. Nothing in it depends on the machine or on time.
#[derive(Default, Debug)]
pub(crate) struct Tally {
    /// Named counts, as they are to be read: the first is the number of cases.
    counts: Vec<(String, u64)>,
    /// Name, count, and the reason that an expert would accept.
    exceptions: Vec<(String, u64, String)>,
    failures: Vec<String>,
}

/// So many failures are shown.
const SHOWN: usize = 20;

impl Tally {
    /// Adds to a count; a new name goes below those that are there.
    pub(crate) fn add(&mut self, name: &str, count: u64) {
        match self.counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += count,
            None => self.counts.push((name.to_owned(), count)),
        }
    }

    /// A difference that is right, and why.
    pub(crate) fn except(&mut self, name: &str, count: u64, reason: &str) {
        match self.exceptions.iter_mut().find(|(known, ..)| known == name) {
            Some((_, sum, _)) => *sum += count,
            None => self.exceptions.push((name.to_owned(), count, reason.to_owned())),
        }
    }

    /// A difference that is not.
    pub(crate) fn fail(&mut self, failure: String) {
        self.failures.push(failure);
    }

    /// Adds all that another one holds.
    pub(crate) fn merge(&mut self, other: Self) {
        other.counts.iter().for_each(|(name, count)| self.add(name, *count));
        other.exceptions.iter().for_each(|(name, count, reason)| self.except(name, *count, reason));
        self.failures.extend(other.failures);
    }

    /// Fails if anything failed, or if the counters are not the committed ones.
    pub(crate) fn settle(self, proof: &str, settle: Settle) -> Result<(), Failure> {
        let text = self.text();
        eprint!("conformance: {proof}\n{text}");
        if !self.failures.is_empty() {
            let shown = self.failures.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n  ");
            return Err(format!("{} failures:\n  {shown}", self.failures.len()).into());
        }
        let path = path(proof);
        if settle == Settle::Bless {
            return Ok(fs::write(path, text)?);
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        if committed == text {
            return Ok(());
        }
        Err(format!("{} differs:\n{committed}---\n{text}\naccept with `--bless`", path.display()).into())
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (name, count) in &self.counts {
            let _ = writeln!(text, "{name}: {count}");
        }
        for (name, count, reason) in &self.exceptions {
            let _ = writeln!(text, "except {name}: {count} ({reason})");
        }
        text
    }
}

fn path(proof: &str) -> PathBuf {
    workspace().join("fixtures/conformance").join(format!("{proof}.txt"))
}

/// The committed counters of a proof as a row of the README's table: those that `headline` names, and how many kinds
/// of exceptions there are.
pub(crate) fn row(proof: &str, headline: &[&str]) -> Result<String, Failure> {
    let path = path(proof);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let count = |name: &&str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(|count| format!("{name}: {count}")).ok_or_else(|| format!("{proof} counts no {name}"))
    };
    let counts = headline.iter().map(count).collect::<Result<Vec<_>, _>>()?.join("; ");
    let exceptions = text.lines().filter(|line| line.starts_with("except ")).count();
    Ok(format!("| [{proof}](fixtures/conformance/{proof}.txt) | {counts} | {exceptions} |\n"))
}
