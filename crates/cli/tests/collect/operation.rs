//! Health, metrics, limits and an orderly end.

use std::io::Write as _;
use std::time::Instant;

use serde_json::{Value, json};

use crate::support::{BUILD, Collector, DEADLINE, Site, report, rest};

const PROGRAM: &str = "function f() {}\n";

#[test]
fn health_and_metrics() {
    let (site, collector) = Site::with_build(PROGRAM);
    assert_eq!(collector.get("/healthz", "").status, 200);
    assert_eq!(collector.get("/readyz", "").body, json!({"ready": true}));
    collector.post(report("s", 1, r#"{"C":1,"gB":1}"#));
    collector.post(report("s", 1, r#"{"C":1,"gB":1}"#));
    collector.post(report("s", 3, r#"{"C":-1}"#));
    let metrics = collector.get("/metrics", "").body;
    let metrics = metrics.as_str().unwrap();
    for line in [
        "pathlight_reports_total{result=\"added\"} 1",
        "pathlight_reports_total{result=\"duplicate\"} 1",
        "pathlight_reports_total{result=\"unreadable\"} 1",
        "pathlight_unknown_ids_total 1",
        "pathlight_request_seconds_count 3",
        "pathlight_commits_total{result=\"ok\"} 2",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} in {metrics}");
    }
    drop(collector);
    // A collector that starts learns at once what was lost before.
    collector_that_says(&site, "pathlight_stored_reports 1");
}

fn collector_that_says(site: &Site, line: &str) {
    let collector = Collector::start(site, &[]);
    let started = Instant::now();
    loop {
        let metrics = collector.get("/metrics", "").body;
        if metrics.as_str().unwrap().lines().any(|found| found == line) {
            return;
        }
        assert!(started.elapsed() < DEADLINE, "{metrics}");
    }
}

#[test]
fn requests_under_way_are_answered_before_the_end() {
    let (site, collector) = Site::with_build(PROGRAM);
    let body = report("s", 1, r#"{"C":1}"#);
    let (first, second) = body.split_at(10);
    let head = format!(
        "POST /v1/reports HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = collector.connect(&head);
    // It asks for the body: the request is under way.
    let mut asked = [0; 25];
    std::io::Read::read_exact(&mut stream, &mut asked).unwrap();
    assert!(asked.starts_with(b"HTTP/1.1 100"));
    stream.write_all(first.as_bytes()).unwrap();
    collector.terminate();
    stream.write_all(second.as_bytes()).unwrap();
    let answer = rest(stream);
    assert!(answer.contains("\"added\":1"), "{answer}");
    let (code, log) = collector.wait();
    assert!(code == Some(0) && log.contains("ended"), "{log}");
    let collector = Collector::start(&site, &[]);
    assert_eq!(collector.counts(&site), json!({"C": 1}));
}

#[test]
fn one_client_cannot_take_all() {
    let (site, collector) = Site::with_build(PROGRAM);
    drop(collector);
    let collector = Collector::start(&site, &["--rate", "1", "--behind-proxy"]);
    let from = |client: &str, seq| {
        collector.post_with("/v1/reports", &[("x-forwarded-for", client)], report(client, seq, r#"{"C":1}"#))
    };
    let refused =
        (1..=200).map(|seq| from("10.0.0.1, 192.0.2.1", seq)).find(|answer| answer.status != 200).expect("a limit");
    assert_eq!(refused.status, 429);
    assert!(refused.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    assert_eq!(from("192.0.2.2", 1).status, 200, "another client is not held up");
}

#[test]
fn refused_requests_are_counted_by_cause() {
    let (site, collector) = Site::with_build(PROGRAM);
    drop(collector);
    let collector = Collector::start(&site, &["--body-limit", "1024", "--rate", "1", "--behind-proxy"]);
    let encoded = |encoding| collector.post_with("/v1/reports", &[("content-encoding", encoding)], "x").status;
    assert_eq!(collector.post(" ".repeat(2000)).status, 413);
    assert_eq!((encoded("br"), encoded("gzip")), (415, 400));
    let often = || collector.post_with("/v1/reports", &[("x-forwarded-for", "192.0.2.1")], "").status;
    assert!((0..100).any(|_| often() == 429));
    let metrics = collector.get("/metrics", "").body;
    for cause in ["too_large", "encoding", "bad_gzip", "rate"] {
        let line = format!("pathlight_refused_requests_total{{cause=\"{cause}\"}} 1");
        assert!(metrics.as_str().unwrap().lines().any(|found| found == line), "{line} in {metrics}");
    }
}

#[test]
fn too_much_at_once_is_turned_away() {
    let (site, collector) = Site::with_build(PROGRAM);
    drop(collector);
    let collector = Collector::start(&site, &["--body-limit", "67108864"]);
    let held = collector
        .connect("POST /v1/reports HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ntransfer-encoding: chunked\r\n\r\n");
    let mut asked = [0; 25];
    std::io::Read::read_exact(&mut &held, &mut asked).unwrap();
    let answer = collector.post(report("s", 1, r#"{"C":1}"#));
    assert_eq!(answer.status, 503);
    assert!(answer.headers.contains_key("retry-after"));
    drop(held);
    let started = Instant::now();
    while collector.post(report("s", 1, r#"{"C":1}"#)).status == 503 {
        assert!(started.elapsed() < DEADLINE, "its room is never free again");
    }
    assert_eq!(collector.counts(&site), json!({"C": 1}));
}

#[test]
fn a_store_that_cannot_be_opened_is_said_at_once() {
    let site = Site::new();
    let stores = [
        ("sqlite:no/such/folder.db", "unable to open"),
        ("mysql://x", "sqlite:FILE"),
        ("postgres://me:secret@127.0.0.1:1/x", "refused"),
    ];
    for (store, words) in stores {
        let output = site.pathlight(&["collect", "--store", store]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(words) && !said.contains("secret"), "{said}");
    }
    let memory = site.pathlight(&["collect", "--store", "sqlite::memory:", "--new-token", "x"]);
    assert!(memory.status.code() == Some(2) && memory.stdout.is_empty(), "a token that is forgotten at once");
    let unreadable = site.pathlight(&["collect", "--listen", "localhost:8787"]);
    assert!(String::from_utf8(unreadable.stderr).unwrap().contains("IP:PORT"));
    let collector = Collector::start(&site, &[]);
    let taken = site.pathlight(&["collect", "--listen", collector.address()]);
    assert_eq!(taken.status.code(), Some(2));
    assert!(String::from_utf8(taken.stderr).unwrap().starts_with("error: cannot listen on"));
    // Whoever reads a log of objects finds objects alone.
    for (flag, value, words) in [
        ("--listen", collector.address(), "cannot listen on"),
        ("--store", "sqlite:no/such/folder.db", "unable to open"),
    ] {
        let failed = site.pathlight(&["collect", flag, value, "--log", "json"]);
        assert_eq!(failed.status.code(), Some(2));
        let log = String::from_utf8(failed.stderr).unwrap();
        let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
        let last = lines.last().expect("it says why");
        assert_eq!(last["level"], "ERROR", "{log}");
        assert!(last["error"].as_str().unwrap().contains(words) && last["remedy"].is_string(), "{log}");
    }
    assert_eq!(collector.get(&format!("/v1/builds/{BUILD}/counts"), &site.token).status, 404);
}

#[test]
fn every_flag_has_a_variable() {
    let site = Site::new();
    let variables = [
        ("PATHLIGHT_LISTEN", "127.0.0.1:0"),
        ("PATHLIGHT_ALLOW_ORIGIN", "https://a.example,https://b.example"),
        ("PATHLIGHT_KEEP", "36h"),
        ("PATHLIGHT_BODY_LIMIT", "2048"),
        ("PATHLIGHT_RATE", "1"),
        ("PATHLIGHT_BEHIND_PROXY", "1"),
        ("PATHLIGHT_APART_LIMIT", "0"),
        ("PATHLIGHT_LOG", "json"),
        ("PATHLIGHT_VERBOSE", "yes"),
    ];
    let collector = Collector::start_with_environment(&site, &variables);
    assert_eq!(collector.post(" ".repeat(3000)).status, 413);
    let answer = collector.post_with("/v1/reports", &[("origin", "https://b.example")], report("s", 1, r#"{"C":1}"#));
    assert_eq!(answer.headers["access-control-allow-origin"], "https://b.example");
    assert_eq!(answer.status, 503, "no room for builds that nobody has pushed");
    let from = |client| collector.post_with("/v1/reports", &[("x-forwarded-for", client)], "").status;
    assert!((0..100).any(|_| from("192.0.2.1") == 429), "one client has its rate");
    assert_ne!(from("192.0.2.2"), 429, "and another one its own");
    collector.terminate();
    assert!(collector.wait().1.contains("DEBUG"));
}
