//! `pathlight report --server`: every format from the store, and whatever may answer at an address.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;
use std::thread;

use serde_json::{Value, json};

use crate::fixtures::{copy, fixture};
use crate::support::{BUILD, Collector, Site, report};

/// Its probes: C and E for the `if`, G for the function.
const PROGRAM: &str = "function f(x) { if (x) { return 1; } }\n";
const FORMATS: [&str; 14] = [
    "text",
    "json",
    "tsv",
    "html",
    "lcov",
    "istanbul",
    "json-summary",
    "cobertura",
    "v8",
    "sarif",
    "markdown",
    "codecov",
    "sonar",
    "github",
];

/// The shop of the report's fixtures; its reports are in `reports`, and in the collector.
fn shop() -> (Site, Collector) {
    let site = Site::new();
    copy(&fixture("shop"), site.path());
    let collector = Collector::start(&site, &[]);
    assert!(site.push(&collector).status.success());
    for (seq, name) in (1..).zip(["a.json", "b.json", "c.ndjson"]) {
        let body = fs::read(site.path().join("reports").join(name)).unwrap();
        let answer = collector.post_with(&format!("/v1/reports?build=shop-1&session=page&seq={seq}"), &[], body);
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    (site, collector)
}

fn reported(site: &Site, collector: &Collector, flags: &[&str]) -> Output {
    site.pathlight(&[&["report", "--server", &collector.url("")], flags].concat())
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it says with exit code 2.
fn failure(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Without what files do not know.
fn without_evidence(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !["sessions", "firstSeen", "lastSeen", "days"].contains(&name.as_str()));
            members.values_mut().for_each(without_evidence);
        }
        Value::Array(items) => items.iter_mut().for_each(without_evidence),
        _ => {}
    }
}

/// Names below a folder, and contents.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn every_format_is_the_one_from_files() {
    let (site, collector) = shop();
    let formats = FORMATS.join(",");
    let flags = ["--quiet", "--hot", "--diff", "change.patch", "--format", &formats];
    let patch = "--- a/src/cart.js\n+++ b/src/cart.js\n@@ -1,0 +1,3 @@\n+a\n+b\n+c\n";
    fs::write(site.path().join("change.patch"), patch).unwrap();
    let from_files = site.pathlight(&[&["report", "--reports", "reports", "--out", "files/"], &flags[..]].concat());
    assert!(from_files.status.success(), "{from_files:?}");
    let from_store = reported(&site, &collector, &[&["--out", "store/"], &flags[..]].concat());
    assert!(from_store.status.success(), "{from_store:?}");
    let (expected, found) = (files(&site.path().join("files")), files(&site.path().join("store")));
    assert!(expected.len() > FORMATS.len());
    assert_eq!(expected.len(), found.len());
    for ((name, mut expected), (found_name, mut found)) in expected.into_iter().zip(found) {
        assert_eq!(name, found_name);
        if name == "coverage.md" {
            let title = found.lines().next().unwrap().to_owned();
            assert!(title.starts_with("## Coverage from ") && title.contains(" of 2 sessions on "), "{title}");
            for text in [&mut expected, &mut found] {
                *text = text.lines().skip(1).collect();
            }
        } else if name == "coverage.json" {
            let mut value: Value = serde_json::from_str(&found).unwrap();
            assert_eq!(value["sessions"], 2);
            without_evidence(&mut value);
            assert_eq!(value, serde_json::from_str::<Value>(&expected).unwrap());
            continue;
        }
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn never_run_says_what_was_looked_at() {
    let (site, collector) = shop();
    let output = reported(&site, &collector, &["--never-run", "--build", "shop-1"]);
    let (said, shown) = (String::from_utf8(output.stderr.clone()).unwrap(), text(&output));
    for text in [&said, &shown] {
        assert!(text.contains(" of 2 sessions on 2"), "{text}");
    }
    assert!(shown.contains(" of the file"), "{shown}");
    assert!(!shown.contains("last run"), "nothing ran before what is counted: {shown}");
}

#[test]
fn sums_and_thresholds_are_exact() {
    let (site, collector) = Site::with_build(PROGRAM);
    let most = 1_u64 << 53;
    for seq in 1..=3 {
        collector.post(report("s", seq, &format!(r#"{{"C":{most},"G":1}}"#)));
    }
    let tsv = text(&reported(&site, &collector, &["--format", "tsv", "--quiet"]));
    assert!(tsv.contains(&format!("\t{}\t3\n", 3 * most)), "{tsv}");
    let json: Value =
        serde_json::from_str(&text(&reported(&site, &collector, &["--format", "json", "--quiet"]))).unwrap();
    assert_eq!((&json["totalReportsParsed"], &json["percentOfBranchesExecuted"]), (&json!(3), &json!(50.0)));
    let missed = reported(&site, &collector, &["--fail-under", "branches=51", "--quiet"]);
    assert_eq!(missed.status.code(), Some(1));
    assert!(reported(&site, &collector, &["--fail-under", "branches=50", "--quiet"]).status.success());
    let dropped = reported(&site, &collector, &["--bundle", "output.js", "--format", "tsv"]);
    assert!(dropped.status.success(), "{dropped:?}");
    // What was not sent may be added.
    fs::write(site.path().join("more.json"), r#"{"E":4}"#).unwrap();
    let more = text(&reported(&site, &collector, &["--reports", "more.json", "--format", "tsv", "--quiet"]));
    assert!(more.contains("\t4\t1\n") && more.contains(&format!("\t{}\t3\n", 3 * most)), "{more}");
}

#[test]
fn sources_that_changed_are_said() {
    let (site, collector) = Site::with_build(PROGRAM);
    collector.post(report("s", 1, r#"{"C":1,"G":1}"#));
    let same = reported(&site, &collector, &[]);
    assert!(!String::from_utf8_lossy(&same.stderr).contains("changed"), "{same:?}");
    fs::write(site.path().join("program.js"), "// other\n").unwrap();
    let changed = reported(&site, &collector, &[]);
    assert!(String::from_utf8_lossy(&changed.stderr).contains("changed since the build"), "{changed:?}");
}

#[test]
fn the_build_that_is_meant() {
    let site = Site::new();
    let collector = Collector::start(&site, &[]);
    let none = failure(&reported(&site, &collector, &[]));
    assert!(none.contains("nobody has pushed a build") && none.contains("pathlight push"), "{none}");
    collector.post(report("s", 1, r#"{"C":3}"#));
    let waiting = failure(&reported(&site, &collector, &["--build", BUILD]));
    assert!(waiting.contains(&format!("1 report of build {BUILD} wait")) && waiting.contains("push"), "{waiting}");
    let push = |id: &str| {
        site.instrument_as(id, PROGRAM);
        assert!(site.push(&collector).status.success());
    };
    push(BUILD);
    assert!(text(&reported(&site, &collector, &["--format", "tsv"])).contains("\t3\t1\n"), "the only one");
    // The store orders pushes by their second.
    thread::sleep(std::time::Duration::from_millis(1100));
    push("a/second ?build");
    let several = failure(&reported(&site, &collector, &[]));
    assert!(several.contains(&format!("2 builds, newest first: a/second ?build, {BUILD}")), "{several}");
    assert!(several.contains("--build latest"), "{several}");
    let unknown = failure(&reported(&site, &collector, &["--build", "other"]));
    assert!(unknown.contains("no build other") && unknown.contains(BUILD), "{unknown}");
    assert!(!text(&reported(&site, &collector, &["--build", "latest", "--format", "tsv"])).contains("\t3\t1\n"));
    let both = reported(&site, &collector, &["--build", BUILD, "--build", "a/second ?build", "--format", "tsv"]);
    assert!(text(&both).contains("\t3\t1\n"));
    for flags in [&["--mapping", "pathlight.mapping"][..], &["--build", BUILD, "--token-file", "missing"]] {
        failure(&reported(&site, &collector, flags));
    }
    fs::write(site.path().join("bad-token"), "pathlight_0").unwrap();
    let refused = failure(&reported(&site, &collector, &["--token-file", "bad-token"]));
    assert!(refused.contains("401") && refused.contains("PATHLIGHT_TOKEN"), "{refused}");
}

/// Gives every request one of these answers, in turn.
fn impostor(answers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn whoever_answers_is_not_believed() {
    let site = Site::new();
    let listed = ok(r#"{"builds":["b"],"apart":[]}"#);
    let mapping =
        " FileNames:[\\\"../../etc/passwd\\\"]\\n FunctionNames:[\\\"\\\"]\\n Types:[\\\"FUNCTION\\\"]\\nC:AAACA\\n";
    let outside = ok(&format!(r#"{{"mapping":"{mapping}","manifest":null}}"#));
    let mapping = mapping.replace("../../etc/passwd", "a.js");
    let good = ok(&format!(r#"{{"mapping":"{mapping}","manifest":null}}"#));
    let cases: Vec<(Vec<String>, &str)> = vec![
        (vec![ok("<html>")], "does not answer as a collector does"),
        (vec![ok("[]")], "does not answer as a collector does"),
        (vec![ok(&"[".repeat(100_000))], "does not answer as a collector does"),
        (vec!["HTTP/1.1 404 Not Found\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>".into()], "answered 404"),
        (
            vec!["HTTP/1.1 302 Found\r\nlocation: https://x.example/\r\ncontent-length: 0\r\n\r\n".into()],
            "the address that it sends to",
        ),
        (vec!["nothing of HTTP\r\n\r\n".into()], "see that --server is a collector"),
        (vec!["HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".into()], "see that --server is a collector"),
        (
            vec!["HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 7\r\n\r\nno gzip".into()],
            "see that --server is a collector",
        ),
        (vec![listed.clone(), ok(r#"{"mapping":"no mapping"}"#)], "build b: "),
        (vec![listed.clone(), outside], "outside of its folder"),
        (vec![listed.clone(), good.clone(), ok(r#"{"counts":{"C":-1}}"#)], "does not answer as a collector does"),
    ];
    for (answers, words) in cases {
        let output = site.pathlight(&["report", "--server", &impostor(answers)]);
        let said = failure(&output);
        assert!(said.contains(words), "{words}: {said}");
    }
    let strange = ok(concat!(
        r#"{"counts":{"C":18446744073709551615,"zz":1,"gB":7,"__proto__":1},"seen":{"C":{"reports":1,"first":-5,"#,
        r#""last":9223372036854775807,"days":1}},"reports":18446744073709551615,"sessions":1,"days":1,"#,
        r#""fileSessions":[1,2,3,4],"fileDays":[1]}"#
    ));
    let answers = vec![listed, good, strange];
    let flags = ["report", "--format", "tsv", "--never-run", "--server", &impostor(answers)];
    let output = site.pathlight(&flags);
    assert!(text(&output).contains("\t18446744073709551615\t1\n"), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("that its mapping does not have"), "{output:?}");
    for address in ["collect.example", "ftp://x", "http://me:secret@127.0.0.1:1", "", "http://127.0.0.1:1/?q"] {
        let said = failure(&site.pathlight(&["report", "--server", address]));
        assert!(said.contains("no address of a collector") && !said.contains("secret"), "{said}");
    }
    failure(&site.pathlight(&["report", "--server", "http://127.0.0.1:1"]));
}
