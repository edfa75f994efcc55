//! SIGKILL at moments of work: what was acknowledged is in, once.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::support::{BUILD, Collector, DEADLINE, Site, report};

const CLIENTS: u64 = 4;
const REPORTS: u64 = 60;
const CRASHES: u64 = 8;

#[test]
fn every_acknowledged_report_is_counted_once_though_the_collector_is_killed() {
    let (site, mut collector) = Site::new().into_running("function f() {}\n");
    let address = collector.address().to_owned();
    while_clients_send(&address, || {
        collector.kill();
        collector = Collector::start_at(&site, &address, &[]);
    });
    assert_eq!(collector.counts(&site), all_sent());
}

#[test]
fn every_acknowledged_report_is_counted_once_though_postgres_crashes() {
    let cluster = Cluster::start();
    let site = Site::with_store(&cluster.database("crashes"));
    let (site, collector) = site.into_running("function f() {}\n");
    while_clients_send(collector.address(), || cluster.crash_and_restart());
    assert_eq!(collector.counts(&site), all_sent());
}

#[test]
fn a_postgres_that_hangs_is_said_and_outlived() {
    let cluster = Cluster::start();
    let (site, collector) = Site::with_store(&cluster.database("hangs")).into_running("function f() {}\n");
    let sent = || collector.post(report("s", 1, r#"{"C":1}"#)).status;
    let status = |path| collector.get(path, "").status;
    cluster.signal("-STOP");
    let (refused, ready, healthy) = (sent(), status("/readyz"), status("/healthz"));
    cluster.signal("-CONT");
    assert_eq!((ready, healthy, refused), (503, 200, 503));
    let started = Instant::now();
    while sent() != 200 || status("/readyz") != 200 {
        assert!(started.elapsed() < DEADLINE, "it does not recover");
    }
    assert_eq!(collector.counts(&site), json!({"C": 1}));
    collector.terminate();
    let (code, log) = collector.wait();
    assert!(code == Some(0) && !log.contains("panicked"), "{log}");
    let said = |words| log.matches(words).count();
    assert_eq!((said("the store fails"), said("no answer in 20 s"), said("the store works again")), (1, 1, 1), "{log}");
}

#[test]
fn a_postgres_that_is_down_is_said_once() {
    let cluster = Cluster::start();
    let (site, collector) = Site::with_store(&cluster.database("down")).into_running("function f() {}\n");
    let sent = || collector.post(report("s", 1, r#"{"C":1}"#)).status;
    let asked = |path| collector.get(path, &site.token).status;
    assert_eq!((sent(), asked("/"), asked("/v1/builds")), (200, 200, 200));
    cluster.crash();
    let mut refused = 0;
    for _ in 0..50 {
        for status in [sent(), asked("/"), asked("/v1/builds"), asked("/readyz")] {
            assert_eq!(status, 503);
            refused += 1;
        }
    }
    cluster.start_server();
    assert_eq!((sent(), asked("/"), asked("/v1/builds"), asked("/readyz")), (200, 200, 200, 200));
    collector.terminate();
    let (_, log) = collector.wait();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let lines: Vec<Value> = lines.filter(|line| line["level"] != "DEBUG").collect();
    let said: Vec<_> = lines.iter().map(|line| line["message"].as_str().unwrap()).collect();
    let [pushed, fails, works, ends @ ..] = said.as_slice() else { panic!("{lines:?}") };
    assert!(pushed.contains("pushed") && ends.iter().all(|line| line.contains("end")), "{lines:?}");
    assert!(fails.starts_with("the store fails") && *works == "the store works again", "{lines:?}");
    assert!(lines[1]["error"].as_str().unwrap().starts_with("PostgreSQL: "), "{lines:?}");
    assert!(lines[2]["refused"] == refused && lines[2]["seconds"].is_u64(), "{lines:?}");
}

#[test]
fn a_full_disk_is_said_and_outlived() {
    let (site, collector) = Site::new().into_running("function f() {}\n");
    drop(collector);
    let collector = Collector::start_with_file_limit(&site, 100 << 10);
    let sent = |seq| collector.post(report("s", seq, r#"{"C":1}"#));
    let last = (1..10_000).find(|seq| sent(*seq).status != 200).expect("a full disk");
    let refused = sent(last);
    assert!(refused.status == 503 && refused.headers.contains_key("retry-after"), "{}", refused.body);
    assert_eq!(collector.counts(&site), json!({"C": last - 1}), "what was acknowledged is in");
    collector.lift_file_limit();
    assert!((1..=last).all(|seq| sent(seq).status == 200));
    assert_eq!(collector.counts(&site), json!({"C": last}));
    collector.terminate();
    let (_, log) = collector.wait();
    assert!(log.contains("the store fails") && log.contains("the store works again"), "{log}");
    assert!(!site.path().join("pathlight.db-wal").exists(), "a collector that ends leaves one file");
}

/// Clients send their reports, each until it is acknowledged; `crash` is called at moments of their work.
fn while_clients_send(address: &str, mut crash: impl FnMut()) {
    let acknowledged = AtomicU64::new(0);
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let acknowledged = &acknowledged;
            scope.spawn(move || {
                for seq in 1..=REPORTS {
                    let counts = format!(r#"{{"C":{seq}}}"#);
                    send_until_answered(address, &report(&format!("s{client}"), seq, &counts));
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for crashes in 1..=CRASHES {
            while acknowledged.load(Ordering::Relaxed) < crashes * CLIENTS * REPORTS / (CRASHES + 1) {
                thread::yield_now();
            }
            crash();
        }
    });
}

fn all_sent() -> Value {
    json!({"C": CLIENTS * REPORTS * (REPORTS + 1) / 2})
}

fn send_until_answered(address: &str, body: &str) {
    let started = Instant::now();
    loop {
        if ureq::post(format!("http://{address}/v1/reports")).send(body).is_ok() {
            return;
        }
        assert!(started.elapsed() < DEADLINE, "no collector answers");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Works until its standard input ends, then says how often it did.
const PROGRAM: &str = "
let odd = 0, even = 0;
function work(n) { if (n % 2) { odd++; } else { even++; } }
let n = 0;
const timer = setInterval(() => { for (let i = 0; i < 100; i++) work(n++); }, 1);
process.stdin.on('end', () => { clearInterval(timer); console.log(JSON.stringify({ odd, even })); }).resume();
console.log('works');
";

#[test]
fn a_program_and_the_store_agree_though_the_collector_was_killed() {
    let (site, mut collector) = Site::with_build(PROGRAM);
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../npm/runtime/node/register.cjs");
    let mut program = Command::new("node")
        .arg("--require")
        .arg(runtime)
        .arg("output.js")
        .current_dir(site.path())
        .env("PATHLIGHT_URL", collector.url("/v1/reports"))
        .env("PATHLIGHT_BUILD", BUILD)
        .env("PATHLIGHT_INTERVAL", "10")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the tests need Node.js");
    let mut said = BufReader::new(program.stdout.take().unwrap()).lines();
    assert_eq!(said.next().unwrap().unwrap(), "works");
    for _ in 0..3 {
        let before = hits(&collector.counts(&site), "work");
        let started = Instant::now();
        while hits(&collector.counts(&site), "work") == before {
            assert!(started.elapsed() < DEADLINE, "nothing comes");
            thread::sleep(Duration::from_millis(20));
        }
        let address = collector.address().to_owned();
        collector.kill();
        collector = Collector::start_at(&site, &address, &[]);
    }
    drop(program.stdin.take());
    let own: Value = serde_json::from_str(&said.next().unwrap().unwrap()).unwrap();
    assert!(program.wait().unwrap().success());
    let (odd, even) = (own["odd"].as_u64().unwrap(), own["even"].as_u64().unwrap());
    let counts = collector.counts(&site);
    assert_eq!(
        (hits(&counts, "odd"), hits(&counts, "even"), hits(&counts, "work")),
        (odd, even, odd + even),
        "{counts}"
    );
    assert!(odd > 0);
}

/// Hits of the program's `if`, its `else` and its function: the first three ids.
fn hits(counts: &Value, what: &str) -> u64 {
    let id = match what {
        "odd" => "C",
        "even" => "E",
        _ => "G",
    };
    counts[id].as_u64().unwrap_or(0)
}
