//! How much must have run.

use std::fmt;
use std::str::FromStr;

use crate::summary::{Summary, Tally};

/// The least that must have run, by kind; `None`: any share will do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Thresholds {
    functions: Option<Percent>,
    branches: Option<Percent>,
    lines: Option<Percent>,
}

/// In hundredths of a percent, so that comparing is exact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Percent(u64);

/// A threshold that was missed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Miss {
    /// `functions`, `branches` or `lines`.
    pub kind: &'static str,
    /// What ran.
    pub tally: Tally,
    wanted: Percent,
}

impl Thresholds {
    /// Those that `summary` misses. Where there is nothing to run, nothing is missed.
    pub fn missed_by(&self, summary: &Summary) -> Vec<Miss> {
        let rows = [
            ("functions", self.functions, summary.functions),
            ("branches", self.branches, summary.branches),
            ("lines", self.lines, summary.lines),
        ];
        let is_missed = |wanted: Percent, tally: &Tally| {
            u128::from(tally.covered) * 10_000 < u128::from(tally.total) * u128::from(wanted.0)
        };
        rows.into_iter()
            .filter_map(|(kind, wanted, tally)| Some(Miss { kind, tally, wanted: wanted? }))
            .filter(|miss| is_missed(miss.wanted, &miss.tally))
            .collect()
    }
}

impl FromStr for Thresholds {
    type Err = String;

    /// `functions=80,branches=70.5`: each kind at most once, 0 to 100 with up to two decimals.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut thresholds = Self::default();
        for part in text.split(',') {
            let (kind, percent) = part.split_once('=').ok_or_else(|| format!("`{part}` is not KIND=PERCENT"))?;
            let place = match kind.trim() {
                "functions" => &mut thresholds.functions,
                "branches" => &mut thresholds.branches,
                "lines" => &mut thresholds.lines,
                other => return Err(format!("`{other}` is none of functions, branches, lines")),
            };
            let percent = percent.trim().parse()?;
            if place.replace(percent).is_some() {
                return Err(format!("`{kind}` comes twice"));
            }
        }
        Ok(thresholds)
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is no percentage from 0 to 100 with up to two decimals");
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits(whole) || !are_digits(decimals) || whole.is_empty() || decimals.len() > 2 {
            return Err(bad());
        }
        let hundredths: u64 = format!("{whole}{decimals:0<2}").parse().map_err(|_| bad())?;
        if hundredths > 10_000 { Err(bad()) } else { Ok(Self(hundredths)) }
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { covered, total, .. } = self.tally;
        let (percent, wanted) = (self.tally.percent(), self.wanted.0 as f64 / 100.0);
        write!(f, "{} {percent:.2} % ({covered}/{total}), wanted {wanted} %", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_threshold_is_said() {
        for (text, wanted) in [
            ("functions", "`functions` is not KIND=PERCENT"),
            ("statements=1", "`statements` is none of functions, branches, lines"),
            ("lines=1,lines=2", "`lines` comes twice"),
            ("lines=101", "`101` is no percentage from 0 to 100 with up to two decimals"),
            ("lines=-1", "`-1` is no percentage from 0 to 100 with up to two decimals"),
            ("lines=1.234", "`1.234` is no percentage from 0 to 100 with up to two decimals"),
        ] {
            assert_eq!(text.parse::<Thresholds>(), Err(wanted.to_owned()));
        }
    }

    #[test]
    fn shares_are_compared_exactly() {
        let tally = |covered, total| Tally { covered, total, removed: 0 };
        let missed = |text: &str, summary: &Summary| {
            let missed = text.parse::<Thresholds>().unwrap_or_default().missed_by(summary);
            missed.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let third = Summary { functions: tally(1, 3), branches: tally(2, 3), lines: tally(0, 0) };
        assert!(missed("functions=33.33,branches=66.66,lines=100", &third).is_empty());
        assert_eq!(missed("functions=33.34", &third), ["functions 33.33 % (1/3), wanted 33.34 %"]);
        let huge = Summary { lines: tally(u64::MAX - 1, u64::MAX), ..Summary::default() };
        assert_eq!(missed("lines=100", &huge).len(), 1);
    }
}
