//! What needs a token, and where a token is not found.

use serde_json::json;

use crate::support::{BUILD, Collector, Site, report, rest};

const PROGRAM: &str = "function f() {}\n";

#[test]
fn nothing_but_counts_without_a_token() {
    let (site, collector) = Site::with_build(PROGRAM);
    for token in ["", "x", &site.token[1..], &format!("{}0", site.token), "pathlight_"] {
        for path in ["/v1/builds".to_owned(), format!("/v1/builds/{BUILD}/counts")] {
            assert_eq!(collector.get(&path, token).status, 401, "{path} with {token:?}");
        }
        let push = ureq::put(collector.url("/v1/builds/other")).header("authorization", format!("Bearer {token}"));
        assert!(matches!(push.send("{}"), Err(ureq::Error::StatusCode(401))));
    }
    assert_eq!(collector.get("/v1/builds", &site.token).body["builds"], json!([BUILD]));
}

#[test]
fn a_token_that_was_replaced_or_removed_is_none() {
    let site = Site::new();
    let collector = Collector::start(&site, &[]);
    assert_eq!(collector.get("/v1/builds", &site.token).status, 200);
    let made = site.pathlight(&["collect", "--new-token", "test"]);
    let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    assert_ne!(token, site.token);
    assert_eq!(collector.get("/v1/builds", &site.token).status, 401);
    assert_eq!(collector.get("/v1/builds", &token).status, 200);
    assert!(site.pathlight(&["collect", "--remove-token", "test"]).status.success());
    assert_eq!(collector.get("/v1/builds", &token).status, 401);
    assert_eq!(site.pathlight(&["collect", "--remove-token", "test"]).status.code(), Some(2));
}

#[test]
fn the_scheme_is_read_in_any_case() {
    let (site, collector) = Site::with_build(PROGRAM);
    let status = |path, authorization: String| collector.get_with(path, &[("authorization", &authorization)]).status;
    for path in ["/v1/builds", "/"] {
        for scheme in ["Bearer", "bearer", "BEARER", "bEARER", "Bearer  "] {
            assert_eq!(status(path, format!("{scheme} {}", site.token)), 200, "{path} with {scheme}");
        }
        for other in ["Basic ", "Bearer:", "Bearers ", "Bearer", "", "Bearer x "] {
            assert_eq!(status(path, format!("{other}{}", site.token)), 401, "{path} with {other}");
        }
    }
}

#[test]
fn tokens_are_neither_stored_nor_logged() {
    let (site, collector) = Site::with_build(PROGRAM);
    let token = &site.token;
    collector.get("/v1/builds", token);
    for path in ["/v1/builds?token=", "/v1/builds/", "/build?id=", "/login?token=", "/assets/", "/", "/no/such/page/"] {
        collector.get(&format!("{path}{token}"), token);
        collector.get(&format!("{path}{token}"), "");
    }
    collector.get(&format!("/v1/builds/{token}/counts"), token);
    collector.post_with(&format!("/v1/reports?token={token}"), &[], report("s", 1, "{}"));
    rest(collector.connect(&format!("{token} / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")));
    let mapping = std::fs::read_to_string(site.path().join("pathlight.mapping")).unwrap();
    let push = collector.put(&format!("/v1/builds/{token}"), token, json!({"mapping": mapping}).to_string());
    assert!(push.status == 400 && !push.body.to_string().contains(token), "{}", push.body);
    collector.terminate();
    let (_, log) = collector.wait();
    assert!(log.contains("/v1/builds/{build}") && !log.contains(token.as_str()), "{log}");
    for entry in std::fs::read_dir(site.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(token.len()).any(|part| part == token.as_bytes()), "{}", path.display());
    }
}

#[test]
fn what_clients_write_is_not_logged() {
    let (_, collector) = Site::with_build(PROGRAM);
    let long = "MARK".repeat(5000);
    for request in [
        format!("GET /{long} HTTP/1.1\r\nhost: x\r\n"),
        format!("GET /build?{long} HTTP/1.1\r\nhost: x\r\n"),
        format!("GET /assets/{long} HTTP/1.1\r\nhost: x\r\n"),
        "GET /MARK%0a%1b%5b31mMARK HTTP/1.1\r\nhost: x\r\n".to_owned(),
        "GET /v1/builds/MARK%0aERROR HTTP/1.1\r\nhost: x\r\n".to_owned(),
        "GET /MARK\u{9b}31m\u{202e} HTTP/1.1\r\nhost: x\r\n".to_owned(),
        "GET /\u{1b}[31mMARK HTTP/1.1\r\nhost: x\r\n".to_owned(),
        "GET http://MARK/MARK HTTP/1.1\r\nhost: MARK\r\n".to_owned(),
        "CONNECT MARK:80 HTTP/1.1\r\nhost: MARK\r\n".to_owned(),
        format!("{} / HTTP/1.1\r\nhost: x\r\n", &long[..400]),
        "GET / HTTP/1.1\r\nMARK: MARK\r\ncookie: pathlight=MARK\r\nauthorization: MARK\r\n".to_owned(),
        "POST /login HTTP/1.1\r\nx-forwarded-for: MARK\r\ncontent-length: 20\r\n\r\ntoken=MARK%0a&to=MAR".to_owned(),
        "POST /v1/reports HTTP/1.1\r\ncontent-encoding: MARK\r\ncontent-length: 4\r\n\r\nMARK".to_owned(),
    ] {
        rest(collector.connect(&format!("{request}connection: close\r\n\r\n")));
    }
    collector.terminate();
    let (_, log) = collector.wait();
    let longest = log.lines().map(str::len).max().unwrap();
    assert!(log.lines().count() > 10 && !log.contains("MARK") && longest < 300, "{log}");
}

#[test]
fn who_starts_without_a_token_is_told_how_to_make_one() {
    let site = Site::new();
    let log = |site: &Site| {
        let collector = Collector::start(site, &[]);
        collector.terminate();
        collector.wait().1
    };
    assert!(!log(&site).contains("--new-token"));
    assert!(site.pathlight(&["collect", "--remove-token", "test"]).status.success());
    assert!(log(&site).contains("--new-token"));
}

#[test]
fn push_says_what_is_wrong() {
    let (site, collector) = Site::with_build(PROGRAM);
    let fails = |arguments: &[&str], words: &str| {
        let output = site.pathlight(&[&["push", "--server", &collector.url("")], arguments].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(words), "{arguments:?}: {said}");
        assert!(!said.contains(&site.token));
    };
    fails(&["--mapping", "missing.mapping"], "cannot read missing.mapping");
    fails(&["--mapping", "program.js"], "program.js");
    std::fs::write(site.path().join("bad-token"), "pathlight_0\n").unwrap();
    fails(&["--token-file", "bad-token"], "401");
    std::fs::write(site.path().join("no-token"), "\n").unwrap();
    fails(&["--token-file", "no-token"], "there is no token");
    site.instrument("function other() {}\n");
    fails(&[], "is there with another mapping");
    fails(&["--build-id", "b2"], "pathlight.mapping.build.json: it is of build build-1, not of b2");
    let mapping = std::fs::read_to_string(site.path().join("pathlight.mapping")).unwrap();
    std::fs::write(site.path().join("pathlight.mapping"), &mapping[..mapping.len() - 1]).unwrap();
    fails(&[], "pathlight.mapping: it is not whole: its last line does not end");
    collector.terminate();
    let address = collector.url("");
    collector.wait();
    let output = site.pathlight(&["push", "--server", &address]);
    assert_eq!(output.status.code(), Some(2));
}
