//! Reports into rows: each once, summed before they are written.

use std::collections::BTreeMap;
use std::sync::Arc;

use pathlight_mapping::{Mapping, ProbeId};
use rustc_hash::FxHashMap;

use super::error::StoreError;
use super::runs::Runs;
use super::tables::{ApartRow, DayRow, HitRow, Losses, SessionKey, SessionRow};
use super::{Arrival, Outcome, Result, Seconds, Store};

/// Sessions with more gaps belong to no runtime, and each would cost memory and time.
const MOST_RUNS: usize = 256;
/// A gap counts for no more lost reports: a session whose numbers jump has not lost millions.
const LONGEST_GAP: u64 = 1000;
/// So many reports that were kept apart are counted in one transaction.
const ADOPTED_AT_ONCE: i64 = 1000;

impl Store {
    /// Adds reports, in one transaction that is durable on return. What became of each, in their order.
    ///
    /// # Errors
    /// The database's. No report is in then, as far as it is known; sending them again does no harm.
    pub fn add(&mut self, arrivals: &[Arrival], now: Seconds) -> Result<Vec<Outcome>> {
        self.transaction(|store| store.add_within(arrivals, now))
    }

    /// Counts the reports of a build that were kept apart, which has been pushed.
    pub(super) fn adopt(&mut self, build: &str) -> Result<()> {
        loop {
            let adopted = self.transaction(|store| {
                let rows = store.tables.take_apart(build, ADOPTED_AT_ONCE)?;
                // Buckets say when a report came, not when it could be counted.
                for same_time in rows.chunk_by(|a, b| a.received == b.received) {
                    let arrivals = same_time.iter().map(arrival).collect::<Result<Vec<_>>>()?;
                    store.add_within(&arrivals, same_time[0].received)?;
                }
                Ok(rows.len())
            })?;
            if adopted == 0 {
                return Ok(());
            }
        }
    }

    fn add_within(&mut self, arrivals: &[Arrival], now: Seconds) -> Result<Vec<Outcome>> {
        let mut mappings: FxHashMap<&str, Option<Arc<Mapping>>> = FxHashMap::default();
        for arrival in arrivals {
            if !mappings.contains_key(arrival.build.as_str()) {
                mappings.insert(&arrival.build, self.mapping(&arrival.build)?);
            }
        }
        let mapping = |arrival: &Arrival| mappings.get(arrival.build.as_str()).and_then(Option::as_deref);

        let mut keys: Vec<_> = arrivals.iter().filter(|arrival| mapping(arrival).is_some()).map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut sessions =
            self.tables.lock_sessions(&keys)?.into_iter().map(Session::read).collect::<Result<Vec<_>>>()?;

        let mut sums = Sums::default();
        let mut apart = Vec::new();
        let mut outcomes = Vec::with_capacity(arrivals.len());
        for arrival in arrivals {
            let outcome = match (mapping(arrival), keys.binary_search(&key(arrival))) {
                (Some(mapping), Ok(at)) => sums.add(arrival, mapping, &mut sessions[at], now),
                _ => {
                    apart.push(apart_row(arrival, now)?);
                    Outcome::Apart
                }
            };
            outcomes.push(outcome);
        }
        if !self.put_apart(&mut apart)? {
            outcomes
                .iter_mut()
                .filter(|outcome| **outcome == Outcome::Apart)
                .for_each(|outcome| *outcome = Outcome::NoRoom);
        }
        let mut days: BTreeMap<String, DayRow> = BTreeMap::new();
        let mut changed = Vec::new();
        for session in sessions.into_iter().filter(|session| session.is_changed) {
            let before = session.before;
            let row = session.write();
            let day = days.entry(row.key.build.clone()).or_insert_with(|| DayRow::new(&row.key.build));
            day.sessions += i64::from(before.received == 0);
            day.received += row.received - before.received;
            day.missing += row.missing - before.missing;
            changed.push(row);
        }
        self.tables.save_sessions(&changed)?;
        for (build, rows) in sums.hit_rows() {
            self.tables.add_hits(build, &rows, now)?;
            let news = self.known.new_points(build, rows.iter().map(|row| row.point));
            self.tables.insert_points(build, &news, now)?;
        }
        let loads = self.known.new_loads(&sums.loads, now);
        self.tables.add_loads(&loads, now)?;
        // Rows that all collectors change are locked last, and so for the shortest time.
        self.tables.add_days(&days.into_values().collect::<Vec<_>>(), now)?;
        Ok(outcomes)
    }

    /// Whether there was room.
    fn put_apart(&mut self, rows: &mut Vec<ApartRow>) -> Result<bool> {
        if rows.is_empty() {
            return Ok(true);
        }
        let size = rows.iter().map(|row| row.hits.len() as u64).sum::<u64>();
        if self.tables.apart_size()?.unsigned_abs().saturating_add(size) > self.apart_limit {
            return Ok(false);
        }
        rows.sort_by(|a, b| (&a.key, a.seq).cmp(&(&b.key, b.seq)));
        rows.dedup_by(|later, earlier| (&later.key, later.seq) == (&earlier.key, earlier.seq));
        self.tables.insert_apart(rows)?;
        Ok(true)
    }
}

fn key(arrival: &Arrival) -> SessionKey {
    SessionKey { build: arrival.build.clone(), session: arrival.session.clone() }
}

fn apart_row(arrival: &Arrival, now: Seconds) -> Result<ApartRow> {
    let hits: Vec<_> = arrival.hits.iter().map(|(id, hits)| (id.get(), hits)).collect();
    let bad = |what: String| StoreError::BadRow { what };
    Ok(ApartRow {
        key: key(arrival),
        seq: i64::try_from(arrival.seq).map_err(|_| bad(format!("seq {}", arrival.seq)))?,
        hits: serde_json::to_string(&hits).map_err(|error| bad(error.to_string()))?,
        received: now,
    })
}

fn arrival(row: &ApartRow) -> Result<Arrival> {
    let bad = || StoreError::BadRow { what: format!("a report kept apart of build {}", row.key.build) };
    let hits: Vec<(u32, u64)> = serde_json::from_str(&row.hits).map_err(|_| bad())?;
    let hits = hits.into_iter().map(|(id, hits)| Some((ProbeId::new(id)?, hits))).collect::<Option<_>>();
    Ok(Arrival {
        build: row.key.build.clone(),
        session: row.key.session.clone(),
        seq: u64::try_from(row.seq).map_err(|_| bad())?,
        hits: hits.ok_or_else(bad)?,
    })
}

/// A session's row while reports are added.
struct Session {
    row: SessionRow,
    seqs: Runs,
    files: Runs,
    /// What the row says.
    before: Losses,
    is_changed: bool,
}

impl Session {
    fn read(row: SessionRow) -> Result<Self> {
        let runs = |text: &str| {
            Runs::parse(text).ok_or_else(|| StoreError::BadRow { what: format!("session {}", row.key.session) })
        };
        let (seqs, files) = (runs(&row.seqs)?, runs(&row.files)?);
        let before = Losses { received: row.received, missing: row.missing };
        Ok(Self { row, seqs, files, before, is_changed: false })
    }

    fn write(mut self) -> SessionRow {
        // Runtimes count from 1. A session that begins far above is one whose beginning is forgotten, not lost.
        let before =
            self.seqs.lowest().filter(|lowest| *lowest <= LONGEST_GAP).map_or(0, |lowest| lowest.saturating_sub(1));
        self.row.missing = i64::try_from(self.seqs.missing(LONGEST_GAP) + before).unwrap_or(i64::MAX);
        self.row.seqs = self.seqs.to_text();
        self.row.files = self.files.to_text();
        self.row
    }
}

/// What reports add, by key in the order in which it is written.
#[derive(Default)]
struct Sums<'a> {
    hits: BTreeMap<&'a str, FxHashMap<ProbeId, HitSum>>,
    loads: BTreeMap<(&'a str, u32), i64>,
}

#[derive(Clone, Copy, Default)]
struct HitSum {
    hits: u64,
    reports: i64,
}

impl<'a> Sums<'a> {
    fn add(&mut self, arrival: &'a Arrival, mapping: &Mapping, session: &mut Session, now: Seconds) -> Outcome {
        if session.seqs.contains(arrival.seq) {
            return Outcome::Duplicate;
        }
        // A seq that closes a gap is welcome always.
        let mut seqs = session.seqs.clone();
        seqs.insert(arrival.seq);
        if seqs.len() > MOST_RUNS {
            return Outcome::TooManyGaps;
        }
        session.seqs = seqs;
        session.is_changed = true;
        session.row.received += 1;
        session.row.last_seen = session.row.last_seen.max(now);
        let mut unknown_ids = 0;
        let mut file = None;
        let sums = self.hits.entry(&arrival.build).or_default();
        for &(id, hits) in &arrival.hits {
            let Some(probe) = mapping.get(id) else {
                unknown_ids += 1;
                continue;
            };
            if hits > 0 {
                let sum = sums.entry(id).or_default();
                sum.hits = sum.hits.saturating_add(hits);
                sum.reports += 1;
                // Neighbours in a report are neighbours in the source.
                if file.replace(probe.file) != Some(probe.file) {
                    let is_new = session.files.insert(u64::from(probe.file));
                    *self.loads.entry((&arrival.build, probe.file)).or_default() += i64::from(is_new);
                }
            }
        }
        Outcome::Added { unknown_ids }
    }

    fn hit_rows(&self) -> impl Iterator<Item = (&'a str, Vec<HitRow>)> {
        let row = |(id, sum): (&ProbeId, &HitSum)| HitRow {
            point: i64::from(id.get()),
            hits: i64::try_from(sum.hits).unwrap_or(i64::MAX),
            reports: sum.reports,
        };
        self.hits.iter().map(move |(build, sums)| {
            let mut rows: Vec<_> = sums.iter().map(row).collect();
            rows.sort_unstable_by_key(|row| row.point);
            (*build, rows)
        })
    }
}
