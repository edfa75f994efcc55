//! What comes in, in the ways in which it comes.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::support::{BUILD, Collector, Site, report};

/// Its probes: C and E for the `if`, G for the function.
const PROGRAM: &str = "function f(x) { if (x) { return 1; } }\n";

#[test]
fn batches_beacons_gzip_and_closures_shapes_are_summed() {
    let (site, collector) = Site::with_build(PROGRAM);
    let batch = [report("s", 1, r#"{"C":1}"#), "not a report".into(), report("s", 2, r#"{"2":5,"zz":1,"gB":1}"#)];
    let answer = collector.post(batch.join("\r\n") + "\n\n");
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        json!({"added": 2, "duplicate": 0, "apart": 0, "unknownIds": 2, "refused": 1,
               "reasons": [{"line": 2, "reason": "byte 0: expected a report: a JSON object of ids and counts"}]})
    );
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(report("s", 3, r#"{"G":7}"#).as_bytes()).unwrap();
    let gzip = [("content-encoding", "gzip")];
    assert_eq!(collector.post_with("/v1/reports", &gzip, packed.finish().unwrap()).status, 200);
    for (seq, closure) in [(4, r#"{"C":{"frequency":10}}"#), (5, "{\n  \"C\": 100\n}")] {
        let path = format!("/v1/reports?build={BUILD}&session=s&seq={seq}");
        assert_eq!(collector.post_with(&path, &[], closure).status, 200);
        assert_eq!(collector.post_with(&path, &[], closure).body["duplicate"], 1);
    }
    assert_eq!(collector.counts(&site), json!({"C": 111, "E": 5, "G": 7}));
}

#[test]
fn a_resend_changes_nothing_even_after_a_restart() {
    let (site, mut collector) = Site::with_build(PROGRAM);
    assert_eq!(collector.post(report("s", 1, r#"{"C":1}"#)).body["added"], 1);
    let address = collector.address().to_owned();
    collector.kill();
    let collector = Collector::start_at(&site, &address, &[]);
    assert_eq!(collector.post(report("s", 1, r#"{"C":1}"#)).body["duplicate"], 1);
    assert_eq!(collector.counts(&site), json!({"C": 1}));
}

#[test]
fn reports_of_a_build_that_is_pushed_later_count() {
    let site = Site::new();
    let collector = Collector::start(&site, &[]);
    let answer = collector.post(report("s", 1, r#"{"C":3}"#));
    assert_eq!((answer.status, &answer.body["apart"]), (200, &json!(1)));
    let builds = collector.get("/v1/builds", &site.token).body;
    assert_eq!(builds, json!({"builds": [], "apart": [{"build": BUILD, "reports": 1}]}));
    assert_eq!(collector.get(&format!("/v1/builds/{BUILD}/counts"), &site.token).status, 404);
    site.instrument(PROGRAM);
    assert!(site.push(&collector).status.success());
    assert_eq!(collector.counts(&site), json!({"C": 3}));
    assert_eq!(collector.get("/v1/builds", &site.token).body, json!({"builds": [BUILD], "apart": []}));
}

#[test]
fn the_sums_are_a_report_for_the_reporter() {
    let (site, collector) = Site::with_build(PROGRAM);
    collector.post(report("s", 1, r#"{"G":7,"C":3}"#));
    let sums = collector.get(&format!("/v1/builds/{BUILD}/counts"), &site.token).body;
    std::fs::write(site.path().join("sums.json"), sums.to_string()).unwrap();
    let shown = site.pathlight(&["report", "--reports", "sums.json", "--format", "json"]);
    assert!(shown.status.success(), "{shown:?}");
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(text.contains("program.js") && text.contains('7'), "{text}");
}

#[test]
fn pages_of_configured_origins_may_read_the_answer() {
    let (site, other) = Site::with_build(PROGRAM);
    let collector = Collector::start(&site, &["--allow-origin", "https://shop.example"]);
    let allowed = |collector: &Collector, origin: &str, seq| {
        let answer = collector.post_with("/v1/reports", &[("origin", origin)], report("s", seq, r#"{"C":1}"#));
        assert_eq!(answer.status, 200);
        answer.headers.get("access-control-allow-origin").map(|origin| origin.to_str().unwrap().to_owned())
    };
    assert_eq!(allowed(&collector, "https://shop.example", 1).as_deref(), Some("https://shop.example"));
    assert_eq!(allowed(&collector, "https://evil.example", 2), None);
    assert_eq!(allowed(&other, "https://shop.example", 3), None);
}
