//! What every store does. A case gets the address of a database of its own that is empty.

use std::collections::BTreeSet;
use std::thread;

use pathlight_collector::{Arrival, BuildCounts, Losses, Outcome, Point, Store, StoreError};
use pathlight_mapping::ProbeId;

use super::facts::manifest;
use super::open;

pub(crate) type Case = fn(address: &str);

pub(crate) const CASES: &[(&str, Case)] = &[
    ("counts_are_summed", counts_are_summed),
    ("reports_are_counted", reports_are_counted),
    ("a_resend_changes_nothing", a_resend_changes_nothing),
    ("any_order_and_grouping_gives_the_same", any_order_and_grouping_gives_the_same),
    ("reports_that_come_one_by_one_are_in_at_once", reports_that_come_one_by_one_are_in_at_once),
    ("many_collectors_count_each_report_once", many_collectors_count_each_report_once),
    ("ids_beyond_the_mapping_count_nothing", ids_beyond_the_mapping_count_nothing),
    ("builds_are_kept_apart_from_one_another", builds_are_kept_apart_from_one_another),
    ("a_build_that_comes_late_gets_its_reports", a_build_that_comes_late_gets_its_reports),
    ("room_for_builds_not_pushed_is_bounded", room_for_builds_not_pushed_is_bounded),
    ("ids_mean_one_thing", ids_mean_one_thing),
    ("sessions_are_counted_for_each_file", sessions_are_counted_for_each_file),
    ("first_and_last_seen", first_and_last_seen),
    ("points_far_apart_are_told_apart", points_far_apart_are_told_apart),
    ("hours_become_days_and_days_go", hours_become_days_and_days_go),
    ("sums_stay_at_the_top", sums_stay_at_the_top),
    ("gaps_are_lost_reports", gaps_are_lost_reports),
    ("sessions_with_many_gaps_are_bounded", sessions_with_many_gaps_are_bounded),
    ("tokens_are_replaced_and_removed", tokens_are_replaced_and_removed),
    ("what_is_in_stays_in", what_is_in_stays_in),
];

/// Probes 1 and 2 in a.js, 3 in b.js.
pub(crate) const MAPPING: &str = " FileNames:[\"a.js\",\"b.js\"]\n FunctionNames:[\"f\"]\n Types:[\"FUNCTION\"]\n\
                       C:AAACA\nE:AAAEA\nG:CAACA\n";
pub(crate) const HOUR: i64 = 3600;
pub(crate) const DAY: i64 = 24 * HOUR;
/// A midnight.
pub(crate) const NOW: i64 = 20_000 * DAY;

pub(crate) fn with_build(address: &str) -> Store {
    let mut store = open(address);
    store.push("b", MAPPING, None, NOW).unwrap();
    store
}

/// Rows of the first version of the tables, for [`is_the_first_version`].
pub(crate) const FIRST_VERSION: &str = "
    INSERT INTO builds (build, mapping, manifest, pushed) VALUES ('b', ' FileNames:[\"a.js\",\"b.js\"]
 FunctionNames:[\"f\"]\n Types:[\"FUNCTION\"]\nC:AAACA\nE:AAAEA\nG:CAACA\n', NULL, 1728000000);
    INSERT INTO sessions (build, session, seqs, files, received, missing, last_seen)
        VALUES ('b', 's', '1-3', '0', 3, 0, 1728090000);
    INSERT INTO hits (build, point, width, start, hits) VALUES ('b', 1, 3600, 1728000000, 5), ('b', 1, 86400, 1727913600, 7),
        ('b', 40, 3600, 1728000000, 9), ('b', 64, 3600, 1728000000, 4);
    INSERT INTO points (build, point, first_seen, last_seen)
        VALUES ('b', 1, 1727913700, 1728000005), ('b', 3, 1700000000, 1700000001),
        ('b', 40, 1728000001, 1728000004), ('b', 64, 1728000002, 1728000002);
    INSERT INTO loads (build, file, day, sessions) VALUES ('b', 0, 1728000000, 1);
";

/// What was kept then is kept, and counting goes on.
pub(crate) fn is_the_first_version(address: &str) {
    let mut store = open(address);
    let point = |id, hits, reports, first_seen, last_seen, days| Point {
        id: ProbeId::new(id).unwrap(),
        hits,
        reports,
        first_seen,
        last_seen,
        days,
    };
    let before = counts(&mut store);
    let old = point(3, 0, 0, 1_700_000_000, 1_700_000_001, 0);
    let far = [point(40, 9, 1, NOW + 1, NOW + 4, 1), point(64, 4, 1, NOW + 2, NOW + 2, 1)];
    assert_eq!(before.points, [point(1, 12, 2, NOW - DAY + 100, NOW + 5, 2), old, far[0], far[1]]);
    assert_eq!((before.traffic.sessions, before.traffic.losses.received, before.file_sessions), (1, 3, vec![1, 0]));
    assert_eq!(
        store.add(&[report("s", 3, &[(1, 1)]), report("s", 4, &[(1, 1)])], NOW + 9).unwrap(),
        [Outcome::Duplicate, ADDED]
    );
    assert_eq!(counts(&mut store).points, [point(1, 13, 3, NOW - DAY + 100, NOW + 9, 2), old, far[0], far[1]]);
}

pub(crate) fn report(session: &str, seq: u64, hits: &[(u32, u64)]) -> Arrival {
    let hits = hits.iter().map(|(id, hits)| (ProbeId::new(*id).unwrap(), *hits)).collect();
    Arrival { build: "b".into(), session: session.into(), seq, hits }
}

/// Reports, for whoever reads the tables: one of points 1, 2 and 3, and more of 1 and 3, all in one hour.
pub(crate) fn add_rows(address: &str, more: u64) {
    let mut store = with_build(address);
    store.add(&[report("s", 1, &[(1, 5), (2, 7), (3, i64::MAX as u64)])], NOW + 10).unwrap();
    for seq in 2..2 + more {
        store.add(&[report("s", seq, &[(1, 5), (3, 1)])], NOW + 20).unwrap();
    }
}

pub(crate) fn counts(store: &mut Store) -> BuildCounts {
    store.counts("b").unwrap().expect("the build was pushed")
}

/// Ids and sums.
pub(crate) fn hits(store: &mut Store) -> Vec<(u32, u64)> {
    counts(store).points.iter().map(|point| (point.id.get(), point.hits)).collect()
}

const ADDED: Outcome = Outcome::Added { unknown_ids: 0 };

fn counts_are_summed(address: &str) {
    let mut store = with_build(address);
    assert_eq!(hits(&mut store), []);
    let outcomes = store.add(&[report("s", 1, &[(1, 2), (3, 5)]), report("t", 1, &[(1, 1), (2, 0)])], NOW).unwrap();
    assert_eq!(outcomes, [ADDED, ADDED]);
    store.add(&[report("s", 2, &[(1, 10)])], NOW + HOUR).unwrap();
    assert_eq!(hits(&mut store), [(1, 13), (3, 5)]);
    assert_eq!(counts(&mut store).traffic.sessions, 2);
    assert_eq!(store.add(&[], NOW).unwrap(), []);
}

fn reports_are_counted(address: &str) {
    let mut store = with_build(address);
    store.add(&[report("s", 1, &[(1, 2), (2, 0)]), report("s", 2, &[(1, 5), (3, 1)])], NOW).unwrap();
    store.add(&[report("s", 2, &[(1, 5)]), report("t", 1, &[(1, 1)]), report("t", 2, &[])], NOW + DAY).unwrap();
    let counts = counts(&mut store);
    let reports: Vec<_> = counts.points.iter().map(|point| (point.id.get(), point.reports)).collect();
    assert_eq!(reports, [(1, 3), (3, 1)], "those with a hit");
    assert_eq!((counts.traffic.losses.received, counts.traffic.sessions, counts.traffic.days), (4, 2, 2));
}

fn a_resend_changes_nothing(address: &str) {
    let mut store = with_build(address);
    let sent = report("s", 3, &[(1, 2)]);
    assert_eq!(store.add(&[sent.clone(), sent.clone()], NOW).unwrap(), [ADDED, Outcome::Duplicate]);
    assert_eq!(store.add(std::slice::from_ref(&sent), NOW).unwrap(), [Outcome::Duplicate]);
    assert_eq!(hits(&mut store), [(1, 2)]);
    // The same number in another session is another report.
    assert_eq!(store.add(&[report("t", 3, &[(1, 2)])], NOW).unwrap(), [ADDED]);
    assert_eq!(hits(&mut store), [(1, 4)]);
}

fn any_order_and_grouping_gives_the_same(address: &str) {
    let mut store = with_build(address);
    let all: Vec<_> = (1..=40).map(|seq| report(["s", "t"][seq as usize % 2], seq, &[(1, seq), (3, 1)])).collect();
    let mut reversed = all.clone();
    reversed.reverse();
    for group in reversed.chunks(7) {
        store.add(group, NOW).unwrap();
    }
    let backwards = counts(&mut store);
    store.push("c", MAPPING, None, NOW).unwrap();
    let again: Vec<_> = all.into_iter().map(|report| Arrival { build: "c".into(), ..report }).collect();
    store.add(&again, NOW).unwrap();
    assert_eq!(store.counts("c").unwrap().unwrap(), backwards);
    assert_eq!(hits(&mut store), [(1, 40 * 41 / 2), (3, 40)]);
}

/// However a store puts together what many commits bring, and who brought them.
fn reports_that_come_one_by_one_are_in_at_once(address: &str) {
    let mut collectors = [with_build(address), open(address)];
    let mut expected: Vec<(u64, u64, i64, i64, BTreeSet<i64>)> = vec![(0, 0, i64::MAX, 0, BTreeSet::new()); 3];
    for seq in 1..=100 {
        // Three days in no order.
        let at = NOW + (seq as i64 * 7919) % (3 * DAY);
        let hits: Vec<_> = (1..=3).filter(|id| seq % u64::from(*id) == 0).map(|id| (id, seq)).collect();
        let store = &mut collectors[usize::from(seq % 5 == 0)];
        store.add(&[report("s", seq, &hits)], at).unwrap();
        for (id, count) in hits {
            let (hits, reports, first, last, days) = &mut expected[id as usize - 1];
            (*hits, *reports) = (*hits + count, *reports + 1);
            (*first, *last) = ((*first).min(at), (*last).max(at));
            days.insert(at / DAY);
        }
        let found = counts(store).points.into_iter().map(|point| (point.id.get() as usize - 1, point));
        for (index, Point { hits, reports, first_seen, last_seen, days, .. }) in found {
            let (of_hits, of_reports, first, last, of_days) = &expected[index];
            assert_eq!((hits, reports, first_seen, last_seen), (*of_hits, *of_reports, *first, *last), "after {seq}");
            assert_eq!(days, of_days.len() as u64, "after {seq}");
        }
    }
    let [store, other] = &mut collectors;
    let before = counts(store);
    assert_eq!(before.points.len(), 3);
    other.sweep(NOW + 20 * DAY, 90 * DAY).unwrap();
    assert_eq!(counts(store), before);
}

fn many_collectors_count_each_report_once(address: &str) {
    let mut store = with_build(address);
    // Every collector gets every report, each in an order of its own.
    thread::scope(|scope| {
        for collector in 0..4 {
            scope.spawn(move || {
                let mut store = open(address);
                let mut reports: Vec<_> = (1..=30)
                    .flat_map(|seq| ["s", "t", "u"].map(|session| report(session, seq, &[(1, 1), (2, seq)])))
                    .collect();
                reports.rotate_left(collector * 17);
                for group in reports.chunks(5) {
                    store.add(group, NOW).unwrap();
                }
            });
        }
    });
    assert_eq!(hits(&mut store), [(1, 90), (2, 3 * 30 * 31 / 2)]);
    assert_eq!(counts(&mut store).file_sessions, [3, 0]);
    assert_eq!(store.losses().unwrap(), Losses { received: 90, missing: 0 });
}

fn ids_beyond_the_mapping_count_nothing(address: &str) {
    let mut store = with_build(address);
    let outcomes = store.add(&[report("s", 1, &[(1, 1), (4, 9), (i32::MAX as u32, 9)])], NOW).unwrap();
    assert_eq!(outcomes, [Outcome::Added { unknown_ids: 2 }]);
    assert_eq!(hits(&mut store), [(1, 1)]);
}

fn builds_are_kept_apart_from_one_another(address: &str) {
    let mut store = with_build(address);
    store.push("c", MAPPING, None, NOW + 1).unwrap();
    let other = Arrival { build: "c".into(), ..report("s", 1, &[(1, 7)]) };
    assert_eq!(store.add(&[report("s", 1, &[(1, 1)]), other], NOW).unwrap(), [ADDED, ADDED]);
    assert_eq!(hits(&mut store), [(1, 1)]);
    assert_eq!(store.counts("c").unwrap().unwrap().points[0].hits, 7);
    assert_eq!(store.builds().unwrap(), ["b", "c"]);
    assert_eq!(store.counts("d").unwrap(), None);
}

fn a_build_that_comes_late_gets_its_reports(address: &str) {
    let mut store = open(address);
    let early = report("s", 1, &[(1, 2), (9, 1)]);
    assert_eq!(store.add(&[early.clone(), report("s", 2, &[(3, 1)])], NOW).unwrap(), [Outcome::Apart; 2]);
    assert_eq!(
        store.add(std::slice::from_ref(&early), NOW + 5).unwrap(),
        [Outcome::Apart],
        "a resend is answered alike"
    );
    assert_eq!(store.builds_apart().unwrap(), [("b".to_owned(), 2)]);
    store.push("b", MAPPING, None, NOW + 2 * DAY).unwrap();
    assert_eq!(hits(&mut store), [(1, 2), (3, 1)]);
    assert_eq!(counts(&mut store).points[0].first_seen, NOW, "when it came, not when it could be counted");
    assert_eq!(store.add(&[early], NOW).unwrap(), [Outcome::Duplicate]);
    assert_eq!(store.builds_apart().unwrap(), []);
}

fn room_for_builds_not_pushed_is_bounded(address: &str) {
    let mut store = open(address);
    // 9 bytes each as JSON: 22 of them are what the limit of the tests holds.
    let outcomes: Vec<_> = (1..=30).map(|seq| store.add(&[report("s", seq, &[(1, 123)])], NOW).unwrap()[0]).collect();
    let kept = outcomes.iter().filter(|outcome| **outcome == Outcome::Apart).count();
    assert_eq!(kept, 22, "{outcomes:?}");
    assert!(outcomes[kept..].iter().all(|outcome| *outcome == Outcome::NoRoom));
    store.push("c", MAPPING, None, NOW).unwrap();
    let known = Arrival { build: "c".into(), ..report("s", 1, &[(1, 1)]) };
    assert_eq!(store.add(&[report("s", 99, &[(1, 123)]), known], NOW).unwrap(), [Outcome::NoRoom, ADDED]);
}

fn ids_mean_one_thing(address: &str) {
    let mut store = with_build(address);
    store.push("b", MAPPING, None, NOW).unwrap();
    let other = MAPPING.replace("a.js", "z.js");
    assert!(matches!(store.push("b", &other, None, NOW), Err(StoreError::OtherMapping { .. })));
    assert!(matches!(store.push("c", "no mapping", None, NOW), Err(StoreError::BadMapping(_))));
    assert!(matches!(store.push("c", MAPPING.trim_end(), None, NOW), Err(StoreError::BadMapping(_))));
    assert!(matches!(store.push("c", MAPPING, Some("{}"), NOW), Err(StoreError::BadManifest(_))));
    let manifest = manifest([None, None]);
    assert!(matches!(store.push("c", MAPPING, Some(&manifest), NOW), Err(StoreError::OtherManifest { .. })));
    let one_less = manifest.replace("\"probes\": 3", "\"probes\": 2");
    assert!(matches!(store.push("b", MAPPING, Some(&one_less), NOW), Err(StoreError::BadManifest(_))));
    assert_eq!(store.builds().unwrap(), ["b"]);
    assert_eq!(store.mapping("b").unwrap().unwrap().files(), ["a.js", "b.js"]);
    let pushed = store.build("b").unwrap().expect("it was pushed");
    assert_eq!((pushed.mapping.as_str(), pushed.manifest, pushed.pushed), (MAPPING, None, NOW));
    assert_eq!(store.build("c").unwrap(), None);
}

fn sessions_are_counted_for_each_file(address: &str) {
    let mut store = with_build(address);
    store.add(&[report("s", 1, &[(1, 1), (2, 1)]), report("s", 2, &[(1, 1)])], NOW).unwrap();
    store.add(&[report("s", 3, &[(1, 1), (3, 1)]), report("t", 1, &[(2, 1), (3, 0)])], NOW + 2 * DAY).unwrap();
    let counts = counts(&mut store);
    assert_eq!((counts.file_sessions, counts.traffic.sessions), (vec![2, 1], 2));
}

fn first_and_last_seen(address: &str) {
    let mut store = with_build(address);
    for (seq, at) in [(1, NOW + 5), (2, NOW - 3 * HOUR), (3, NOW + DAY + HOUR), (4, NOW + 6)] {
        store.add(&[report("s", seq, &[(2, 1)])], at).unwrap();
    }
    let point = counts(&mut store).points[0];
    assert_eq!((point.id.get(), point.hits), (2, 4));
    assert_eq!((point.first_seen, point.last_seen, point.days), (NOW - 3 * HOUR, NOW + DAY + HOUR, 3));
}

/// Those that stand in one row, and those that do not.
fn points_far_apart_are_told_apart(address: &str) {
    let mut store = open(address);
    let lines = (1..=100).map(|number| format!("{}:AAACA\n", ProbeId::new(number).unwrap()));
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    let (head, _) = MAPPING.split_at(MAPPING.find("C:").unwrap());
    let head = head.replace(",\"b.js\"", "");
    store.push("b", &format!("{head}{}", lines.concat()), None, NOW).unwrap();
    let ids = [1, 31, 32, 33, 63, 64, 100];
    let hits: Vec<_> = ids.iter().map(|id| (*id, u64::from(*id))).collect();
    store.add(&[report("s", 1, &hits)], NOW).unwrap();
    store.add(&[report("s", 2, &hits[2..4]), report("s", 3, &[(65, 1)])], NOW + 5).unwrap();
    store.add(&[report("s", 4, &hits[..3])], NOW + HOUR + 7).unwrap();
    let expected = |id: u32| {
        let (reports, last_seen) = match id {
            1 | 31 => (2, NOW + HOUR + 7),
            32 => (3, NOW + HOUR + 7),
            33 => (2, NOW + 5),
            65 => (1, NOW + 5),
            _ => (1, NOW),
        };
        let (hits, first_seen) = if id == 65 { (1, NOW + 5) } else { (u64::from(id) * reports, NOW) };
        Point { id: ProbeId::new(id).unwrap(), hits, reports, first_seen, last_seen, days: 1 }
    };
    let expected: Vec<_> = [1, 31, 32, 33, 63, 64, 65, 100].map(expected).into();
    assert_eq!(counts(&mut store).points, expected);
    store.sweep(NOW + 20 * DAY, 90 * DAY).unwrap();
    assert_eq!(counts(&mut store).points, expected);
    // A late one joins the hours of a day that is kept as a whole.
    store.add(&[report("s", 5, &[(1, 1)])], NOW + 2 * HOUR).unwrap();
    let late = Point { hits: 3, reports: 3, last_seen: NOW + 2 * HOUR, ..expected[0] };
    assert_eq!(counts(&mut store).points[0], late);
    store.sweep(NOW + 20 * DAY, 90 * DAY).unwrap();
    assert_eq!(counts(&mut store).points[0], late);
}

fn hours_become_days_and_days_go(address: &str) {
    let mut store = with_build(address);
    store.add(&[report("s", 1, &[(1, 1), (3, 1)])], NOW).unwrap();
    store.add(&[report("s", 2, &[(1, 10)])], NOW + 3 * HOUR).unwrap();
    store.add(&[report("t", 1, &[(1, 100)])], NOW + 20 * DAY).unwrap();
    let before = counts(&mut store);
    store.sweep(NOW + 20 * DAY, 90 * DAY).unwrap();
    store.sweep(NOW + 20 * DAY, 90 * DAY).unwrap();
    assert_eq!(counts(&mut store), before, "days hold what their hours held");
    store.sweep(NOW + 20 * DAY, 15 * DAY).unwrap();
    let after = counts(&mut store);
    let of = |point: &Point| (point.hits, point.reports, point.days, point.first_seen, point.last_seen);
    assert_eq!(
        after.points.iter().map(of).collect::<Vec<_>>(),
        [(100, 1, 1, NOW, NOW + 20 * DAY), (0, 0, 0, NOW, NOW)],
        "when it was seen is still known"
    );
    assert_eq!(
        (after.traffic.sessions, after.traffic.losses.received, after.traffic.days, after.file_sessions),
        (1, 1, 1, vec![1, 0])
    );
    store.add(&[report("u", 1, &[(3, 1)])], NOW + 20 * DAY).unwrap();
    assert_eq!(of(&counts(&mut store).points[1]), (1, 1, 1, NOW, NOW + 20 * DAY));
}

fn sums_stay_at_the_top(address: &str) {
    let mut store = with_build(address);
    for seq in 1..=3 {
        store.add(&[report("s", seq, &[(1, i64::MAX as u64 / 2), (2, u64::MAX)])], NOW).unwrap();
    }
    assert_eq!(hits(&mut store), [(1, i64::MAX as u64), (2, i64::MAX as u64)]);
    store.add(&[report("s", 4, &[(1, 1)])], NOW + 1).unwrap();
    store.add(&[report("s", 5, &[(2, 1)])], NOW + HOUR).unwrap();
    assert_eq!(hits(&mut store), [(1, i64::MAX as u64), (2, i64::MAX as u64 + 1)]);
    store.sweep(NOW + 30 * DAY, 90 * DAY).unwrap();
    assert_eq!(hits(&mut store), [(1, i64::MAX as u64), (2, i64::MAX as u64)]);
}

fn gaps_are_lost_reports(address: &str) {
    let mut store = with_build(address);
    assert_eq!(store.losses().unwrap(), Losses::default());
    store.add(&[report("s", 2, &[]), report("s", 5, &[]), report("t", 1, &[])], NOW).unwrap();
    // The beginning of a session that begins this high was forgotten.
    store.add(&[report("u", 5000, &[])], NOW).unwrap();
    assert_eq!(store.losses().unwrap(), Losses { received: 4, missing: 3 });
    store.add(&[report("s", 3, &[])], NOW).unwrap();
    assert_eq!(store.losses().unwrap(), Losses { received: 5, missing: 2 });
    store.add(&[report("t", 1 << 52, &[])], NOW).unwrap();
    assert_eq!(store.losses().unwrap(), Losses { received: 6, missing: 1002 });
}

fn sessions_with_many_gaps_are_bounded(address: &str) {
    let mut store = with_build(address);
    let odd: Vec<_> = (0..400).map(|seq| report("s", 2 * seq + 1, &[(1, 1)])).collect();
    let outcomes = store.add(&odd, NOW).unwrap();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == ADDED).count(), 256);
    assert_eq!(outcomes.last(), Some(&Outcome::TooManyGaps));
    assert_eq!(store.add(&[report("s", 2, &[(1, 1)])], NOW).unwrap(), [ADDED], "what closes a gap is welcome");
    assert_eq!(hits(&mut store), [(1, 257)]);
}

fn tokens_are_replaced_and_removed(address: &str) {
    let mut store = open(address);
    store.save_token("ci", "one").unwrap();
    store.save_token("me", "two").unwrap();
    store.save_token("ci", "three").unwrap();
    assert_eq!(store.token_hashes().unwrap(), ["three", "two"]);
    assert!(store.remove_token("ci").unwrap());
    assert!(!store.remove_token("ci").unwrap());
    assert_eq!(store.token_hashes().unwrap(), ["two"]);
}

fn what_is_in_stays_in(address: &str) {
    let mut store = with_build(address);
    store.add(&[report("s", 1, &[(1, 1)])], NOW).unwrap();
    let before = counts(&mut store);
    drop(store);
    let mut store = open(address);
    assert_eq!(counts(&mut store), before);
    assert_eq!(store.add(&[report("s", 1, &[(1, 1)])], NOW).unwrap(), [Outcome::Duplicate]);
}
