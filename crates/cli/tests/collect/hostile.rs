//! Whatever anybody sends: refused or harmless, and the collector goes on.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::support::{BUILD, Collector, Site, report, rest};

const PROGRAM: &str = "function f() {}\n";
/// In bytes; the flag's default.
const LIMIT: usize = 1 << 20;

fn still_counts(site: &Site, collector: &Collector) {
    assert_eq!(collector.post(report("good", 1, r#"{"C":2}"#)).body["added"], 1);
    assert_eq!(collector.counts(site), json!({"C": 2}));
}

#[test]
fn reports_that_are_none() {
    let (site, collector) = Site::with_build(PROGRAM);
    let deep = "[".repeat(100_000);
    let own = |members: &str| format!(r#"{{"schema":1,"build":"{BUILD}","session":"s","seq":1,{members}}}"#);
    let with = |build: &str, session: &str, seq: &str| {
        format!(r#"{{"schema":1,"build":{build},"session":{session},"seq":{seq},"counts":{{"C":1}}}}"#)
    };
    let long = format!("\"{}\"", "x".repeat(129));
    let bad = [
        String::new(),
        "[]".into(),
        "null".into(),
        "\u{0}".into(),
        r#"{"C":1}"#.into(),
        deep.clone(),
        own(&format!(r#""x":{deep}"#)),
        own(r#""counts":[1]"#),
        own(r#""counts":"C""#),
        own(r#""counts":{"C":-1}"#),
        own(r#""counts":{"C":1.5}"#),
        own(r#""counts":{"C":1e400}"#),
        own(r#""counts":{"C":NaN}"#),
        own(r#""counts":{"C":Infinity}"#),
        own(r#""counts":{"C":true}"#),
        own(r#""counts":{"C":9007199254740993}"#),
        own(r#""counts":{"C":99999999999999999999999}"#),
        own(r#""counts":{"C":1,"C":1}"#),
        own(r#""counts":{"C":1,"1":1}"#),
        own(r#""counts":{"C":1},"counts":{"C":1}"#),
        own(r#""counts":{"C":1}"#).replace(r#""schema":1"#, r#""schema":2"#),
        with("1", "\"s\"", "1"),
        with("null", "\"s\"", "1"),
        with("\"\"", "\"s\"", "1"),
        with(&long, "\"s\"", "1"),
        with(&format!("\"{BUILD}\""), &long, "1"),
        with(&format!("\"{BUILD}\""), r#""a\u0000b""#, "1"),
        with(&format!("\"{BUILD}\""), r#""a\nb""#, "1"),
        with(&format!("\"{BUILD}\""), "\"s\"", "-1"),
        with(&format!("\"{BUILD}\""), "\"s\"", "0.5"),
        with(&format!("\"{BUILD}\""), "\"s\"", "9007199254740993"),
        with(&format!("\"{BUILD}\""), "\"s\"", "null"),
    ];
    for body in &bad {
        let answer = collector.post(body);
        assert!(answer.status == 400, "{}: {} {}", &body[..body.len().min(100)], answer.status, answer.body);
    }
    let all = collector.post(bad[3..].join("\n"));
    assert_eq!((all.status, &all.body["added"]), (400, &json!(0)));
    assert_eq!(all.body["reasons"].as_array().unwrap().len(), 20, "an answer names few");
    still_counts(&site, &collector);
}

#[test]
fn names_that_mean_something_elsewhere() {
    let (site, collector) = Site::with_build(PROGRAM);
    let odd = r#"{"__proto__":1,"constructor":2,"toString":3,"hasOwnProperty":4,"../../etc/passwd":5,"<script>":6,"":7,
        "0":8,"-1":9,"2147483648":10,"99999999999":11}"#;
    let answer = collector.post(report("s", 1, &odd.replace('\n', " ")));
    assert_eq!((answer.status, &answer.body["unknownIds"]), (200, &json!(11)));
    let builds = [
        "__proto__",
        "../../../etc/passwd",
        "<script>alert(1)</script>",
        "'; DROP TABLE hits; --",
        "%2e%2e%00",
        "b\\u202e",
    ];
    for build in builds {
        let answer = collector.post(report("s", 1, r#"{"C":1}"#).replace(BUILD, build));
        assert_eq!((answer.status, &answer.body["apart"]), (200, &json!(1)), "{build}");
    }
    let listed = collector.get("/v1/builds", &site.token);
    assert_eq!(listed.body["apart"].as_array().unwrap().len(), builds.len());
    assert_eq!(
        (&listed.headers["content-type"], &listed.headers["x-content-type-options"]),
        (&"application/json".parse().unwrap(), &"nosniff".parse().unwrap())
    );
    still_counts(&site, &collector);
}

#[test]
fn bodies_that_are_too_large() {
    let (site, collector) = Site::with_build(PROGRAM);
    let bomb = |size: usize| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        for _ in 0..size >> 16 {
            packed.write_all(&[b' '; 1 << 16]).unwrap();
        }
        packed.finish().unwrap()
    };
    let gzip = [("content-encoding", "gzip")];
    let packed = bomb(256 << 20);
    assert!(packed.len() < LIMIT, "as it comes it is small");
    assert_eq!(collector.post_with("/v1/reports", &gzip, &packed).status, 413);
    assert!(collector.peak_memory() < 128 << 20, "it is not unpacked to its end");
    assert_eq!(collector.post_with("/v1/reports", &gzip, "no gzip").status, 400);
    let half = &packed[..packed.len() / 4096];
    assert!(matches!(collector.post_with("/v1/reports", &gzip, half).status, 400 | 413));
    assert_eq!(collector.post_with("/v1/reports", &[("content-encoding", "br")], "x").status, 415);
    let said =
        rest(collector.connect("POST /v1/reports HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999\r\n\r\n"));
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
    let mut chunked = collector.connect("POST /v1/reports HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(1 << 16));
    // It may answer and close before it has all.
    while chunked.write_all(chunk.as_bytes()).is_ok() {}
    let head = "x: y\r\n".repeat(10_000);
    let said = rest(collector.connect(&format!("POST /v1/reports HTTP/1.1\r\nhost: x\r\n{head}\r\n")));
    assert!(said.starts_with("HTTP/1.1 431") || said.is_empty(), "{said}");
    still_counts(&site, &collector);
}

/// To a connection that is closed while the client sends, clients say that it broke, and not what was answered.
#[test]
fn answers_are_seen_by_who_is_still_sending() {
    let (site, collector) = Site::with_build(PROGRAM);
    let half = vec![b' '; LIMIT];
    for (head, status) in [
        ("POST /v1/reports HTTP/1.1", "413"),
        ("POST /v1/reports HTTP/1.1\r\ncontent-encoding: br", "415"),
        ("PUT /v1/builds/b HTTP/1.1", "401"),
        ("POST /nowhere HTTP/1.1", "404"),
        ("PUT /v1/reports HTTP/1.1", "405"),
    ] {
        let mut stream = collector.connect(&format!("{head}\r\nhost: x\r\ncontent-length: {}\r\n\r\n", 2 * LIMIT));
        for _ in 0..2 {
            // Time for an answer that comes too soon.
            std::thread::sleep(std::time::Duration::from_millis(100));
            stream.write_all(&half).unwrap();
        }
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let said = rest(stream);
        assert!(said.starts_with(&format!("HTTP/1.1 {status}")), "{head}: {said}");
        assert!(said.ends_with("\r\n\r\nok\n"), "the connection goes on: {head}: {said}");
    }
    still_counts(&site, &collector);
}

#[test]
fn pushes_that_were_cut_or_mixed_up() {
    let site = Site::new();
    let collector = Collector::start(&site, &[]);
    // The last two functions cannot be told apart but by their places.
    site.instrument("function f(a) {\n  if (a) g();\n}\n(function () {});\n(function () {});\n");
    let read = |name| std::fs::read_to_string(site.path().join(name)).unwrap();
    let (mapping, manifest) = (read("pathlight.mapping"), read("pathlight.mapping.build.json"));
    let push = |build: &str, mapping: &str, manifest: Option<&str>| {
        let body = json!({"mapping": mapping, "manifest": manifest}).to_string();
        collector.put(&format!("/v1/builds/{build}"), &site.token, body)
    };
    let refused = |mapping: &str, manifest: Option<&str>, words: &str| {
        let answer = push(BUILD, mapping, manifest);
        let said = answer.body["error"].as_str().unwrap_or_default().to_owned();
        assert!(answer.status == 400 && said.contains(words), "{}: {said}", answer.status);
    };
    let last = mapping[..mapping.len() - 1].rfind('\n').unwrap() + 1;
    for cut in (0..mapping.len()).filter(|cut| mapping.is_char_boundary(*cut)) {
        refused(&mapping[..cut], Some(&manifest), "");
        if cut != last {
            refused(&mapping[..cut], None, "");
        }
    }
    refused(mapping.trim_end(), None, "its last line does not end; push the file as it was written");
    refused(&mapping[..last], Some(&manifest), "5 probes, not 4; push the two files that were written together");
    refused(&mapping, Some(&manifest.replace("program.js", "other.js")), "`program.js` is not in its place");
    refused(&mapping, Some(&manifest[..manifest.len() / 2]), "the manifest cannot be read");
    let other = push("build-2", &mapping, Some(&manifest));
    let said =
        "the manifest is of build build-1, not of build-2: push it as build-1, or instrument with `--build-id build-2`";
    assert_eq!((other.status, other.body["error"].as_str()), (400, Some(said)));
    assert_eq!(collector.get("/v1/builds", &site.token).body["builds"], json!([]), "none of them is there");
    assert_eq!(push(BUILD, &mapping, Some(&manifest)).status, 200);
    assert_eq!(push("build-2", &mapping, None).status, 200, "without a manifest it may be of any build");
}

#[test]
fn clients_that_never_finish_hold_nobody_up() {
    let (site, collector) = Site::with_build(PROGRAM);
    let slow: Vec<_> = (0..300).map(|_| collector.connect("POST /v1/reports HTTP/1.1\r\nhost:")).collect();
    still_counts(&site, &collector);
    for stream in slow {
        // The collector ends these; waiting in vain would leave the stream open at the deadline.
        let mut byte = [0];
        let read = std::io::Read::read(&mut &stream, &mut byte);
        assert!(!matches!(&read, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock), "{read:?}");
    }
}
