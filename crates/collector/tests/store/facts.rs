//! What stores know for pages and people. Cases of the contract, too.

use pathlight_collector::{Arrival, ListedBuild, Losses, Store, Traffic};
use pathlight_mapping::{BuildManifest, MANIFEST_SCHEMA, ManifestFile};

use super::contract::{Case, DAY, HOUR, MAPPING, NOW, counts, hits, report, with_build};
use super::open;

pub(crate) const CASES: &[(&str, Case)] = &[
    ("facts_of_a_file_are_its_own", facts_of_a_file_are_its_own),
    ("days_are_observed_while_something_runs", days_are_observed_while_something_runs),
    ("sources_are_those_of_the_last_push", sources_are_those_of_the_last_push),
    ("lists_go_by_page", lists_go_by_page),
    ("logins_end", logins_end),
];

fn facts_of_a_file_are_its_own(address: &str) {
    let mut store = with_build(address);
    // Hours, days, and what is no longer kept.
    store.add(&[report("s", 1, &[(1, 1), (2, 2), (3, 4)])], NOW - 40 * DAY).unwrap();
    store.add(&[report("s", 2, &[(1, 10), (3, 40)])], NOW - 20 * DAY).unwrap();
    store.add(&[report("t", 1, &[(2, 100), (3, 400)])], NOW - HOUR).unwrap();
    store.add(&[report("u", 1, &[(1, 1000), (3, 4000)])], NOW).unwrap();
    store.sweep(NOW, 30 * DAY).unwrap();
    let whole = store.facts("b").unwrap().expect("it was pushed");
    assert_eq!(hits(&mut store), [(1, 1010), (2, 100), (3, 4440)]);
    for (name, ids) in [("a.js", 1..=2), ("b.js", 3..=3)] {
        let file = store.file_facts("b", name).unwrap().expect("it is in the mapping");
        let of_whole = whole.counts.points.iter().filter(|point| ids.contains(&point.id.get()));
        assert_eq!(file.points, of_whole.copied().collect::<Vec<_>>(), "{name}");
        assert_eq!(file.file_sessions, whole.counts.file_sessions[file.file]);
        assert_eq!(file.file_days, whole.counts.file_days[file.file]);
        assert!(file.sessions >= file.file_sessions, "no more than all");
    }
    assert!(store.file_facts("b", "c.js").unwrap().is_none());
    assert!(store.file_facts("c", "a.js").unwrap().is_none() && store.facts("c").unwrap().is_none());
}

fn days_are_observed_while_something_runs(address: &str) {
    let mut store = with_build(address);
    for (seq, day) in [(1, 0), (2, 0), (3, 1), (4, 3)] {
        store.add(&[report("s", seq, &[(1, 1)])], NOW + day * DAY).unwrap();
    }
    store.add(&[report("s", 6, &[(3, 1)])], NOW + 3 * DAY).unwrap();
    let mut counts = counts(&mut store);
    assert_eq!((&counts.file_days, &counts.file_sessions), (&vec![3, 1], &vec![1, 1]));
    let losses = Losses { received: 5, missing: 1 };
    let traffic = Traffic { sessions: 1, losses, last_report: Some(NOW + 3 * DAY), days: 3 };
    assert_eq!((counts.traffic, store.losses().unwrap()), (traffic, losses));
    // What closes a gap, another day.
    store.add(&[report("s", 5, &[(3, 1)])], NOW + 4 * DAY).unwrap();
    counts = store.counts("b").unwrap().unwrap();
    assert_eq!(counts.traffic.losses, Losses { received: 6, missing: 0 });
    assert_eq!((counts.traffic.days, counts.file_days), (4, vec![3, 2]));
    store.sweep(NOW + 4 * DAY, 0).unwrap();
    assert_eq!(store.losses().unwrap(), Losses { received: 1, missing: 0 }, "never below none");
}

/// Of [`MAPPING`] as build `b`.
pub(crate) fn manifest(sources: [Option<&str>; 2]) -> String {
    let file = |(name, source): (&str, Option<&str>)| ManifestFile {
        name: name.to_owned(),
        hash: None,
        probes: 1,
        source: source.map(str::to_owned),
    };
    let files = ["a.js", "b.js"].into_iter().zip(sources).map(file).collect();
    let [build, array, ids, granularity] = ["b", "ist_arr", "vlq", "branch"].map(str::to_owned);
    BuildManifest { schema: MANIFEST_SCHEMA, build, array, ids, granularity, probes: 3, files }.to_json()
}

fn sources_are_those_of_the_last_push(address: &str) {
    let mut store = with_build(address);
    let strange = "a\0<\\\u{2028}é";
    assert!(store.build("b").unwrap().unwrap().manifest.is_none());
    let sources = |store: &mut Store| {
        let manifest = store.build("b").unwrap().unwrap().manifest.expect("it was pushed with one");
        manifest.files.into_iter().map(|file| file.source).collect::<Vec<_>>()
    };
    store.push("b", MAPPING, Some(&manifest([Some(strange), None])), NOW + 5).unwrap();
    assert_eq!(sources(&mut store), [Some(strange.to_owned()), None]);
    assert_eq!(store.build("b").unwrap().unwrap().pushed, NOW, "the first time");
    let of_file = |store: &mut Store, name| store.file_facts("b", name).unwrap().unwrap().manifest.unwrap().files;
    assert!(of_file(&mut store, "b.js").iter().all(|file| file.source.is_none()), "of this file alone");
    assert!(of_file(&mut store, "a.js")[0].source.is_some());
    store.push("b", MAPPING, None, NOW).unwrap();
    assert_eq!(sources(&mut store)[0].as_deref(), Some(strange), "a push without a manifest takes none away");
    store.push("b", MAPPING, Some(&manifest([None, Some("b")])), NOW).unwrap();
    assert_eq!(sources(&mut store), [None, Some("b".to_owned())]);
}

fn lists_go_by_page(address: &str) {
    let mut store = open(address);
    for (index, build) in (0..).zip(["b", "c", "d"]) {
        store.push(build, MAPPING, None, NOW + index).unwrap();
    }
    store.add(&[report("s", 1, &[(1, 1), (2, 0)]), report("s", 3, &[(1, 1), (3, 1)])], NOW + 9).unwrap();
    let names = |(builds, total): (Vec<ListedBuild>, u64)| {
        (builds.into_iter().map(|build| build.build).collect::<Vec<_>>().join(" "), total)
    };
    assert_eq!(names(store.list_builds(2, 0).unwrap()), ("d c".to_owned(), 3));
    assert_eq!(names(store.list_builds(2, 2).unwrap()), ("b".to_owned(), 3));
    assert_eq!(names(store.list_builds(2, u64::MAX).unwrap()), (String::new(), 3));
    let listed = &store.list_builds(1, 2).unwrap().0[0];
    assert_eq!((listed.probes, listed.hit, listed.pushed), (3, 2, NOW));
    assert_eq!(listed.traffic.losses, Losses { received: 2, missing: 1 });
    for (build, at) in [("x", 1_i64), ("y", 3), ("x", 2)] {
        let seq = at.unsigned_abs();
        store.add(&[Arrival { build: build.into(), ..report("s", seq, &[(1, 1)]) }], NOW + at).unwrap();
    }
    let waiting = store.list_apart(1).unwrap();
    assert_eq!((waiting[0].build.as_str(), waiting[0].reports, waiting.len()), ("y", 1, 1));
    let waiting = store.list_apart(9).unwrap();
    assert_eq!((waiting[1].reports, waiting[1].first, waiting[1].last), (2, NOW + 1, NOW + 2));
    assert_eq!(store.database().unwrap().last_report, Some(NOW + 9));
}

fn logins_end(address: &str) {
    let mut store = open(address);
    store.save_token("people", "hash of a token").unwrap();
    store.save_login("cookie", "hash of a token", NOW + 10).unwrap();
    store.save_login("other", "hash of a token", NOW + 20).unwrap();
    let known = |store: &mut Store, at| ["cookie", "other", "none"].map(|hash| store.has_login(hash, at).unwrap());
    assert_eq!(known(&mut store, NOW + 9), [true, true, false]);
    assert_eq!(known(&mut store, NOW + 10), [false, true, false], "with its time");
    store.remove_login("cookie").unwrap();
    assert_eq!(known(&mut store, NOW), [false, true, false]);
    store.sweep(NOW + 10, DAY).unwrap();
    assert_eq!(known(&mut store, NOW), [false, true, false]);
    store.save_token("people", "hash of another token").unwrap();
    assert_eq!(known(&mut store, NOW), [false; 3], "with its token");
}
