//! Which numbered reports have been read, so that one that was sent twice counts once.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hasher};
use std::sync::{Mutex, PoisonError};

use pathlight_mapping::Report;
use rustc_hash::FxBuildHasher;

/// Reports remembered: 8 bytes each, so some 200 MB at the most. Beyond that a resent report may count twice.
const MOST: usize = 1 << 24;

const SHARDS: usize = 64;

/// The fingerprints of what was read.
pub(super) struct Seen {
    shards: Vec<Mutex<HashSet<u64, FxBuildHasher>>>,
    most_each: usize,
}

/// What is known of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Novelty {
    New,
    Resent,
    /// There is no room to remember it.
    Untold,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self::with_room(MOST)
    }

    fn with_room(most: usize) -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), most_each: most / SHARDS }
    }

    /// Whether the report was read before. One without session or number is always new.
    pub(super) fn check(&self, report: &Report) -> Novelty {
        let (Some(session), Some(seq)) = (&report.session, report.seq) else { return Novelty::New };
        let fingerprint = fingerprint(report, session, seq);
        let shard = &self.shards[(fingerprint % SHARDS as u64) as usize];
        // A panic while the lock is held leaves a set behind that is still good.
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.contains(&fingerprint) {
            Novelty::Resent
        } else if shard.len() >= self.most_each {
            Novelty::Untold
        } else {
            shard.insert(fingerprint);
            Novelty::New
        }
    }
}

/// The content is part of it. Otherwise, of two different reports under one number, the one that happens to be read
/// first would count, and the result would depend on the order.
fn fingerprint(report: &Report, session: &str, seq: u64) -> u64 {
    let mut content = 0_u64;
    let mix = FxBuildHasher;
    for hit in &report.hits {
        content = content.wrapping_add(mix.hash_one(hit));
    }
    let mut hasher = BuildHasherDefault::<DefaultHasher>::default().build_hasher();
    for part in [report.build.as_deref().unwrap_or_default(), session] {
        hasher.write_usize(part.len());
        hasher.write(part.as_bytes());
    }
    hasher.write_u64(seq);
    hasher.write_u64(content);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use pathlight_mapping::ProbeId;

    use super::*;

    fn report(session: &str, seq: u64, hits: &[(u32, u64)]) -> Report {
        let hits = hits.iter().filter_map(|&(id, hits)| Some((ProbeId::new(id)?, hits))).collect();
        Report { session: Some(session.into()), seq: Some(seq), hits, ..Report::default() }
    }

    #[test]
    fn the_same_report_is_resent_in_any_order_of_its_hits() {
        let seen = Seen::new();
        assert_eq!(seen.check(&report("s", 1, &[(1, 5), (2, 6)])), Novelty::New);
        assert_eq!(seen.check(&report("s", 1, &[(2, 6), (1, 5)])), Novelty::Resent);
        assert_eq!(seen.check(&report("s", 2, &[(1, 5), (2, 6)])), Novelty::New);
        assert_eq!(seen.check(&report("t", 1, &[(1, 5), (2, 6)])), Novelty::New);
        assert_eq!(seen.check(&report("s", 1, &[(1, 6), (2, 5)])), Novelty::New);
    }

    #[test]
    fn without_a_number_nothing_is_resent() {
        let seen = Seen::new();
        let report = Report { session: Some("s".into()), ..Report::default() };
        assert_eq!([seen.check(&report), seen.check(&report)], [Novelty::New; 2]);
    }

    #[test]
    fn what_there_is_no_room_for_is_said() {
        let seen = Seen::with_room(SHARDS);
        let untold = (0..1000).filter(|seq| seen.check(&report("s", *seq, &[])) == Novelty::Untold).count();
        assert!(untold >= 1000 - SHARDS, "{untold}");
    }
}
