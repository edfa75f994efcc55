//! Covered, total, percent.

use std::iter::Sum;
use std::ops::AddAssign;

use serde::Serialize;

use crate::coverage::State;

/// How many of a kind ran.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Tally {
    /// Those that ran.
    pub covered: u64,
    /// Those that could run: without the removed ones.
    pub total: u64,
    /// Those that the minifier or the bundler dropped.
    pub removed: u64,
}

/// Tallies of one file, one folder or all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Summary {
    /// Functions.
    pub functions: Tally,
    /// Branches, with those that nobody wrote.
    pub branches: Tally,
    /// Lines that hold code whose count is known.
    pub lines: Tally,
}

impl Tally {
    pub(crate) fn add(&mut self, state: State) {
        match state {
            State::Run => self.covered += 1,
            State::NeverRun => {}
            State::Removed => {
                self.removed += 1;
                return;
            }
        }
        self.total += 1;
    }

    /// Share of the covered ones in percent with two decimals, rounded down as Istanbul does: 100 means all. 100
    /// too if there is none.
    pub fn percent(&self) -> f64 {
        match (u128::from(self.covered) * 10_000).checked_div(u128::from(self.total)) {
            Some(hundredths) => hundredths as f64 / 100.0,
            None => 100.0,
        }
    }

    /// Whether everything ran that could.
    pub fn is_full(&self) -> bool {
        self.covered == self.total
    }
}

impl Summary {
    /// Whether everything ran that could.
    pub fn is_full(&self) -> bool {
        self.functions.is_full() && self.branches.is_full() && self.lines.is_full()
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.covered += other.covered;
        self.total += other.total;
        self.removed += other.removed;
    }
}

impl AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.functions += other.functions;
        self.branches += other.branches;
        self.lines += other.lines;
    }
}

impl Sum for Summary {
    fn sum<I: Iterator<Item = Self>>(summaries: I) -> Self {
        summaries.fold(Self::default(), |mut sum, summary| {
            sum += summary;
            sum
        })
    }
}
