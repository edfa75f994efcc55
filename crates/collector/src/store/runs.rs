//! Sets of numbers that mostly follow one another: `1-5,7`.

use std::fmt::Write as _;

/// Inclusive, rising, with at least one number missing between two of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Runs(Vec<(u64, u64)>);

impl Runs {
    /// Reads what [`Self::to_text`] wrote; `None` for other text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for run in text.split(',').filter(|run| !run.is_empty()) {
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            let is_apart = runs.last().is_none_or(|&(_, end)| end < u64::MAX && first > end + 1);
            if first > last || !is_apart {
                return None;
            }
            runs.push((first, last));
        }
        Some(Self(runs))
    }

    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        for &(first, last) in &self.0 {
            let comma = if text.is_empty() { "" } else { "," };
            // Writing to a string cannot fail.
            let _ = if first == last { write!(text, "{comma}{first}") } else { write!(text, "{comma}{first}-{last}") };
        }
        text
    }

    pub(crate) fn contains(&self, number: u64) -> bool {
        let at = self.0.partition_point(|&(_, last)| last < number);
        self.0.get(at).is_some_and(|&(first, _)| first <= number)
    }

    /// Whether it was missing.
    pub(crate) fn insert(&mut self, number: u64) -> bool {
        if self.contains(number) {
            return false;
        }
        // The first run behind the number.
        let at = self.0.partition_point(|&(_, last)| last < number);
        let joins_before = at > 0 && self.0[at - 1].1 + 1 == number;
        let joins_after = self.0.get(at).is_some_and(|&(first, _)| number + 1 == first);
        match (joins_before, joins_after) {
            (true, true) => self.0[at - 1].1 = self.0.remove(at).1,
            (true, false) => self.0[at - 1].1 = number,
            (false, true) => self.0[at].0 = number,
            (false, false) => self.0.insert(at, (number, number)),
        }
        true
    }

    /// Number of runs: what the set costs.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many numbers are missing between the lowest and the highest, counting no gap for more than `cap`.
    pub(crate) fn missing(&self, cap: u64) -> u64 {
        self.0.windows(2).map(|pair| (pair[1].0 - pair[0].1 - 1).min(cap)).fold(0, u64::saturating_add)
    }

    /// The lowest number.
    pub(crate) fn lowest(&self) -> Option<u64> {
        self.0.first().map(|run| run.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Runs;

    #[test]
    fn any_order_makes_the_same_set() {
        let mut numbers = [1, 2, 3, 7, 9, 10, u64::MAX];
        for _ in 0..numbers.len() {
            numbers.rotate_left(1);
            let mut runs = Runs::default();
            assert!(numbers.iter().all(|number| runs.insert(*number)));
            assert!(numbers.iter().all(|number| !runs.insert(*number)));
            assert_eq!(runs.to_text(), "1-3,7,9-10,18446744073709551615");
            assert_eq!(Runs::parse(&runs.to_text()), Some(runs));
        }
    }

    #[test]
    fn a_number_between_joins_two_runs() {
        let mut runs = Runs::parse("1-3,5-9").unwrap();
        assert!(runs.insert(4));
        assert_eq!((runs.to_text().as_str(), runs.len()), ("1-9", 1));
    }

    #[test]
    fn what_is_missing_is_counted_up_to_a_cap() {
        let runs = Runs::parse("1,4,10000").unwrap();
        assert_eq!(runs.missing(1000), 2 + 1000);
        assert_eq!(Runs::default().missing(1000), 0);
    }

    #[test]
    fn other_text_is_no_set() {
        for text in ["a", "2-1", "1,1", "1-2,3", "3,1", "-1", "1-", "18446744073709551615,1"] {
            assert_eq!(Runs::parse(text), None, "{text}");
        }
    }
}
