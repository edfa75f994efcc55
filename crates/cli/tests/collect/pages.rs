//! The collector's pages, as a browser gets them.

use std::fmt::Write as _;

use crate::cluster::Cluster;
use crate::support::{BUILD, Collector, Site, report, rest};

/// Of every kind, with a query that each of them takes.
const PAGES: [&str; 6] = [
    "/",
    "/build?id=build-1",
    "/never-run?id=build-1",
    "/file?build=build-1&name=program.js",
    "/changes?before=build-1&after=build-1",
    "/ingest",
];
/// Without styles, scripts or frames of anybody, and nothing that is sent elsewhere.
const POLICY: [&str; 6] = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
];

struct Page {
    status: u16,
    /// Lower case.
    head: String,
    body: String,
}

impl Page {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// `name=value` of the cookie that it sets.
    fn cookie(&self) -> &str {
        self.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap()
    }
}

fn ask(collector: &Collector, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", collector.address());
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    let _ = write!(head, "content-length: {}\r\n\r\n{body}", body.len());
    let text = rest(collector.connect(&head));
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Page { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
}

fn get(collector: &Collector, site: &Site, path: &str) -> String {
    let page = ask(collector, "GET", path, &[("authorization", &format!("Bearer {}", site.token))], "");
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    page.body
}

fn log_in(collector: &Collector, token: &str, headers: &[(&str, &str)]) -> Page {
    ask(collector, "POST", "/login", headers, &format!("token={token}&to=build%3Fid%3Dbuild-1"))
}

#[test]
fn nobody_sees_a_page_without_a_token() {
    let (site, collector) = Site::with_build("function secretName() {}\n");
    collector.post(report("s", 1, r#"{"C":1}"#));
    for path in PAGES {
        for (name, value) in [
            ("accept", "text/html"),
            ("authorization", "Bearer x"),
            ("cookie", "pathlight=x"),
            ("cookie", "__Host-pathlight=x; pathlight="),
            // The token itself is no cookie.
            ("cookie", &format!("pathlight={}", site.token)),
        ] {
            let page = ask(&collector, "GET", path, &[(name, value)], "");
            assert_eq!(page.status, 401, "{path}");
            assert!(page.body.contains("type=\"password\"") && !page.body.contains("secretName"), "{}", page.body);
        }
        let page = ask(&collector, "GET", path, &[("authorization", &format!("Bearer {}", site.token))], "");
        assert_eq!(page.status, 200, "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(POLICY.iter().all(|rule| policy.contains(rule)) && !policy.contains("unsafe"), "{policy}");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "deny"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(page.header(name), Some(value), "{path}");
        }
        for inline in ["<style", " style=", " onclick=", " onerror=", "javascript:", "<script>"] {
            assert!(!page.body.contains(inline), "{inline} in {path}");
        }
    }
    assert_eq!(ask(&collector, "GET", "/assets/site.css", &[], "").status, 200);
    for path in ["/assets/..%2f..%2fpathlight.db", "/assets/pathlight.db", "/assets/", "/pages"] {
        assert_eq!(ask(&collector, "GET", path, &[], "").status, 404, "{path}");
    }
}

#[test]
fn a_login_is_a_cookie_that_ends() {
    let (site, collector) = Site::with_build("function f() {}\n");
    let (other_site, other) = Site::with_build("function f() {}\n");
    assert_eq!(log_in(&collector, "pathlight_wrong", &[]).status, 401);
    assert_eq!(log_in(&collector, &other_site.token, &[]).status, 401, "a token of another store");
    assert_eq!(log_in(&collector, &site.token, &[("sec-fetch-site", "cross-site")]).status, 403);
    let open = |collector: &Collector, cookie: &str| ask(collector, "GET", "/", &[("cookie", cookie)], "").status;

    let page = log_in(&collector, &site.token, &[("sec-fetch-site", "same-origin")]);
    assert_eq!((page.status, page.header("location")), (303, Some("./build?id=build-1")));
    let set = page.header("set-cookie").unwrap();
    assert!(["httponly", "samesite=strict", "path=/", "max-age="].iter().all(|part| set.contains(part)), "{set}");
    let cookie = page.cookie();
    assert!(!cookie.contains(&site.token));
    assert_eq!((open(&collector, cookie), open(&other, cookie)), (200, 401));
    // Who can look cannot push, and a page of another site that makes the browser ask gets nothing done.
    for path in ["/v1/builds", "/v1/builds/build-1", "/v1/builds/build-1/counts"] {
        assert_eq!(ask(&collector, "GET", path, &[("cookie", cookie)], "").status, 401);
        assert_eq!(ask(&collector, "PUT", "/v1/builds/x", &[("cookie", cookie)], "{}").status, 401);
    }
    let leave = |headers: &[(&str, &str)]| ask(&collector, "POST", "/logout", headers, "").status;
    assert_eq!(leave(&[("cookie", cookie), ("sec-fetch-site", "cross-site")]), 403);
    assert_eq!(open(&collector, cookie), 200);
    assert_eq!(leave(&[("cookie", cookie)]), 303);
    assert_eq!(open(&collector, cookie), 401);

    let over_tls = log_in(&collector, &site.token, &[("x-forwarded-proto", "https")]);
    let set = over_tls.header("set-cookie").unwrap();
    assert!(set.starts_with("__host-pathlight=") && set.contains("; secure"), "{set}");
    let cookie = over_tls.cookie().replace("__host-", "__Host-");
    assert_eq!(open(&collector, &cookie), 200);
    assert!(site.pathlight(&["collect", "--remove-token", "test"]).status.success());
    assert_eq!(open(&collector, &cookie), 401, "a login ends with its token");
    collector.terminate();
    let (_, log) = collector.wait();
    assert!(!log.contains(&site.token) && !log.contains(cookie.rsplit('=').next().unwrap()), "{log}");
}

#[test]
fn a_login_leads_nowhere_else() {
    let site = Site::new();
    let collector = Collector::start(&site, &[]);
    for to in ["//evil.example", "https%3A%2F%2Fevil.example", "%0d%0aset-cookie%3A+x", "..%2Fx", "login"] {
        let page = ask(&collector, "POST", "/login", &[], &format!("to={to}&token={}", site.token));
        assert_eq!((page.status, page.header("location")), (303, Some("./")), "{to}");
    }
    let large = "x".repeat(1 << 20);
    assert_eq!(ask(&collector, "POST", "/login", &[], &format!("token={large}")).status, 400);
}

#[test]
fn names_are_text() {
    const SCRIPT: &str = "\"'><script>fired()</script><img src=x onerror=fired()>";
    let site = Site::new();
    let collector = Collector::start(&site, &[]);
    let name = "<img src=x onerror=fired()>&amp;.js";
    let source =
        format!("({{ {}() {{ if (x) y(); }} }}); // </code><script>fired()</script>\n", serde_json::json!(SCRIPT));
    std::fs::write(site.path().join(name), source).unwrap();
    let flags = ["--out-file", "output.js", "--build-id", SCRIPT, "--embed-sources", "--quiet"];
    let made = site.pathlight(&[&["instrument", name][..], &flags].concat());
    assert!(made.status.success(), "{made:?}");
    assert!(site.push(&collector).status.success());
    let report = |build: &str| {
        let build = serde_json::json!(build);
        format!(r#"{{"schema":1,"build":{build},"session":"<b>","seq":1,"from":1,"to":2,"counts":{{"E":1}}}}"#)
    };
    collector.post(report(SCRIPT));
    collector.post(report("<script>fired()</script>"));
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let (id, file) = (encoded(SCRIPT), encoded(name));
    let pages = [
        "/".to_owned(),
        format!("/build?id={id}&q={id}&path={id}&sort={id}&show={id}&page={id}"),
        format!("/build?id={id}"),
        format!("/never-run?id={id}&q={id}&sort={id}&kind={id}"),
        format!("/never-run?id={id}&kind=branches"),
        format!("/file?build={id}&name={file}"),
        format!("/changes?before={id}&after={id}&q={id}"),
    ];
    for path in pages {
        let body = get(&collector, &site, &path);
        assert!(!body.contains("<script>") && !body.contains("<img src=x"), "{path}: {body}");
        assert!(body.contains("&#60;script&#62;") || body.contains("&#60;img"), "{path} shows it: {body}");
    }
    let token = format!("Bearer {}", site.token);
    for path in
        [format!("/build?id={id}x"), format!("/file?build={id}&name={id}"), format!("/{id}"), "/build".to_owned()]
    {
        let page = ask(&collector, "GET", &path, &[("authorization", &token), ("accept", "text/html")], "");
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.body.contains("<script>") && !page.body.contains("<img src=x"), "{path}: {}", page.body);
    }
    let host = "x\"><script>fired()</script>";
    let page = ask(&collector, "GET", "/", &[("authorization", &token), ("x-forwarded-host", host)], "");
    assert!(!page.body.contains("<script>"));
}

#[test]
fn what_ran_and_what_never_did_sqlite() {
    shows_what_ran(Site::new());
}

#[test]
fn what_ran_and_what_never_did_postgres() {
    let cluster = Cluster::start();
    shows_what_ran(Site::with_store(&cluster.database("pages")));
}

fn shows_what_ran(site: Site) {
    let instrument = |source: &str, build: &str| {
        std::fs::write(site.path().join("program.js"), source).unwrap();
        let flags = ["--out-file", "output.js", "--build-id", build, "--embed-sources", "--quiet"];
        let made = site.pathlight(&[&["instrument", "program.js"][..], &flags].concat());
        assert!(made.status.success(), "{made:?}");
    };
    let collector = Collector::start(&site, &[]);
    instrument("function greet(x) {\n  if (x) return 1;\n  return 2;\n}\nfunction idle() {}\n", BUILD);
    assert!(site.push(&collector).status.success());
    // The else of the `if`, `greet`.
    collector.post(report("s", 1, r#"{"E":7,"G":7}"#));
    collector.post(report("t", 2, r#"{"E":1234,"G":1234}"#));
    let waiting = report("s", 1, r#"{"C":1}"#).replace(BUILD, "not-pushed");
    collector.post(&waiting);

    let home = get(&collector, &site, "/");
    assert!(home.contains(">build-1<") && home.contains("not-pushed"), "{home}");
    let build = get(&collector, &site, "/build?id=build-1");
    assert!(build.contains("2 sessions on 1 day · 2 reports (<a href=\"ingest\">33.33 % lost</a>)"), "{build}");
    assert!(build.contains("program.js") && build.contains("1/2"), "{build}");
    let never = get(&collector, &site, "/never-run?id=build-1");
    assert!(never.contains("function idle") && !never.contains("function greet"), "{never}");
    let branches = get(&collector, &site, "/never-run?id=build-1&kind=branches");
    assert!(branches.contains("if in greet") && branches.contains("1,241"), "{branches}");
    let file = get(&collector, &site, "/file?build=build-1&name=program.js");
    assert!(file.contains("greet") && file.contains("1,241") && file.contains("2 of 2 sessions"), "{file}");
    let ingest = get(&collector, &site, "/ingest");
    assert!(ingest.contains("33.33 %") && (ingest.contains("SQLite 3") || ingest.contains("PostgreSQL 1")), "{ingest}");

    instrument("function greet(x) {\n  if (x) return 1;\n  return 3;\n}\nfunction fresh() {}\n", "build-2");
    assert!(site.push(&collector).status.success());
    collector.post(report("s", 1, r#"{"C":1,"G":1}"#).replace(BUILD, "build-2"));
    let changes = |kind: &str| get(&collector, &site, &format!("/changes?before=build-1&after=build-2&kind={kind}"));
    assert!(changes("new").contains("function fresh"), "{}", changes("new"));
    assert!(changes("removed").contains("function idle"), "{}", changes("removed"));
}
