//! What one collector has told the database already, so that it does not say it with every report. What another one
//! has said may be said again: the tables take it.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Seconds;
use super::tables::{DAY, LoadRow};

#[derive(Default)]
pub(super) struct Known {
    /// The day of what is known of files.
    day: Seconds,
    builds: FxHashMap<String, KnownBuild>,
}

#[derive(Default)]
struct KnownBuild {
    /// Points that were ever hit.
    points: FxHashSet<i64>,
    /// Files in which something ran on the day.
    files: FxHashSet<u32>,
}

impl Known {
    /// Those of the points that are not known to have been hit.
    pub(super) fn new_points(&mut self, build: &str, points: impl Iterator<Item = i64>) -> Vec<i64> {
        let known = &mut self.build(build).points;
        points.filter(|point| known.insert(*point)).collect()
    }

    /// Files, with their new sessions, that have any or are not known to have run on the day of `now`.
    pub(super) fn new_loads(&mut self, loads: &BTreeMap<(&str, u32), i64>, now: Seconds) -> Vec<LoadRow> {
        let day = now - now.rem_euclid(DAY);
        if day > self.day {
            self.day = day;
            self.builds.values_mut().for_each(|known| known.files.clear());
        }
        // Reports of earlier days are few: they were kept apart.
        let is_today = day == self.day;
        let mut news = Vec::new();
        for (&(build, file), &sessions) in loads {
            let is_new = !is_today || self.build(build).files.insert(file);
            if sessions > 0 || is_new {
                news.push(LoadRow { build: build.to_owned(), file: i64::from(file), sessions });
            }
        }
        news
    }

    fn build(&mut self, build: &str) -> &mut KnownBuild {
        self.builds.entry(build.to_owned()).or_default()
    }
}
