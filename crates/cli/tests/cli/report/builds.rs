//! Several builds, bundles, and sources that are no longer what was built.

use super::{seen, shop};
use crate::tree::Tree;

/// Two builds of two files, of which one changed in between, and one report of each.
fn two_builds() -> Tree {
    let tree = Tree::new(&[("src/same.js", "f(a || b);\n"), ("src/other.js", "f(a || b);\n")]);
    tree.ok(&["instrument", "src", "--out-dir", "out", "--mapping", "one/pathlight.mapping", "--build-id", "one"]);
    tree.write("src/other.js", b"g();\nf(a || b);\n");
    tree.ok(&["instrument", "src", "--out-dir", "out", "--mapping", "two/pathlight.mapping", "--build-id", "two"]);
    tree.write("reports/one.json", br#"{"build":"one","counts":{"C":10,"E":1}}"#);
    tree.write("reports/two.json", br#"{"build":"two","counts":{"C":200,"E":2}}"#);
    tree.write("reports/none.json", br#"{"C":4000}"#);
    tree.write("reports/other.json", br#"{"build":"three","counts":{"C":50000}}"#);
    tree
}

#[test]
fn each_report_finds_its_build() {
    let tree = two_builds();
    let run = tree.run(&["report", "--build", "one", "two", "--reports", "reports", "--format", "tsv"]);
    insta::assert_snapshot!(seen(&run));
    let strict = ["report", "--build", "one", "--build", "two", "--reports", "reports", "--strict", "--quiet"];
    assert_eq!(tree.run(&strict).code, 2);
}

#[test]
fn of_versions_of_a_file_tools_get_the_one_at_hand() {
    let tree = two_builds();
    let report = |builds: [&str; 2], formats| {
        let args =
            ["report", "--build", builds[0], builds[1], "--reports", "reports", "--format", formats, "--out", "o"];
        tree.ok(&args).stderr
    };
    let warnings = report(["two", "one"], "text,lcov,codecov,sarif,github");
    assert!(
        warnings.contains("one of them is in lcov, codecov, sarif, github; not there: src/other.js@one"),
        "{warnings}"
    );
    let lcov = tree.read("o/lcov.info");
    assert_eq!(lcov.matches("SF:src/other.js\n").count(), 1, "{lcov}");
    // Line 2 is that of build two, with its hits.
    assert!(lcov.contains("DA:2,200\n") && !lcov.contains('@'), "{lcov}");
    for file in ["codecov.json", "coverage.sarif", "annotations.txt"] {
        assert!(!tree.read(&format!("o/{file}")).contains("@one"), "{file}");
    }
    assert!(tree.read("o/coverage.txt").contains("other.js@one"));
    // With no text at hand, the last build's.
    std::fs::remove_file(tree.path("src/other.js")).unwrap();
    assert!(report(["one", "two"], "lcov").contains("not there: src/other.js@one"));
    assert!(report(["two", "one"], "lcov").contains("not there: src/other.js@two"));
    assert!(!report(["two", "one"], "text,html").contains("not there"));
}

#[test]
fn a_change_is_that_of_the_text_at_hand() {
    let tree = two_builds();
    tree.write("change.diff", b"--- a/src/other.js\n+++ b/src/other.js\n@@ -1 +1,2 @@\n+g();\n f(a || b);\n");
    tree.write("reports/one.json", br#"{"build":"one","counts":{"C":0,"E":0}}"#);
    let args = ["report", "--build", "one", "two", "--reports", "reports", "--diff", "change.diff"];
    let strict = [&args[..], &["--fail-under", "branches=100"]].concat();
    // The change has no branch, whatever stands on line 1 of the older text.
    assert_eq!(tree.run(&strict).code, 0);
    assert!(!tree.ok(&args).stderr.contains("changes no file"));
}

#[test]
fn a_source_that_changed_is_said() {
    let tree = two_builds();
    let run =
        tree.run(&["report", "--build", "one", "--reports", "reports/one.json", "--format", "text,v8", "--out", "o"]);
    insta::assert_snapshot!(seen(&run));
    assert!(!tree.read("o/v8.json").contains("other.js"));
}

#[test]
fn a_manifest_of_another_build_is_refused() {
    let tree = two_builds();
    tree.write("src/third.js", b"f(a || b);\n");
    tree.ok(&["instrument", "src", "--out-dir", "out", "--mapping", "three/pathlight.mapping"]);
    tree.write("one/pathlight.mapping", tree.read("three/pathlight.mapping").as_bytes());
    insta::assert_snapshot!(seen(&tree.run(&["report", "--build", "one", "--reports", "reports"])));
}

#[test]
fn what_the_bundler_dropped_is_removed_not_never_run() {
    let tree = shop();
    // All but `refund` with its `if`, in the spellings of a minifier.
    let ids = "C E G I K M O Q S U W Y a iB kB mB oB qB sB uB wB yB 0B 2B";
    let pushes: Vec<String> = ids.split(' ').map(|id| format!("r.push('{id}')")).collect();
    tree.write("dist/app.js", format!("var r=globalThis.ist_arr;{}", pushes.join(",")).as_bytes());
    let args = ["report", "--reports", "reports", "--bundle", "dist/app.js", "--never-run", "--quiet"];
    insta::assert_snapshot!(tree.ok(&args).stdout);
    let lcov = tree.ok(&["report", "--reports", "reports", "--bundle", "dist/app.js", "--format", "lcov", "--quiet"]);
    assert!(!lcov.stdout.contains("refund"), "{}", lcov.stdout);
    tree.write("dist/app.js", b"r.push('C')");
    let few = tree.ok(&["report", "--reports", "reports", "--bundle", "dist/app.js"]).stderr;
    assert!(few.contains("13 probes ran that no file of --bundle holds"), "{few}");
    tree.write("dist/app.js", b"no probes");
    let run = tree.run(&["report", "--reports", "reports", "--bundle", "dist/app.js"]);
    insta::assert_snapshot!(seen(&run));
}

#[test]
fn bytes_of_the_bundle_are_those_that_its_map_says() {
    let code = "export function used(n) {\n  return n > 0 ? \"more\" : \"less\";\n}\nexport function unused() {\n  return used(-1);\n}\n";
    let tree = Tree::new(&[("src/app.js", code)]);
    tree.ok(&["instrument", "src", "--out-dir", "dist", "--source-maps", "file"]);
    tree.write("report.json", br#"{"G":2,"E":2}"#);
    let args = ["report", "--reports", "report.json", "--bundle", "dist/app.js", "--never-run"];
    insta::assert_snapshot!(seen(&tree.run(&args)));
    let markdown = [&args[..5], &["--format", "markdown", "--quiet"]].concat();
    insta::assert_snapshot!(tree.ok(&markdown).stdout);

    let map = tree.read("dist/app.js.map");
    tree.write("dist/app.js.map", b"x");
    let bad = tree.run(&args);
    assert_eq!(bad.code, 2);
    insta::assert_snapshot!(bad.stderr);
    // The map holds the text that was built, whatever became of the file.
    tree.write("dist/app.js.map", map.as_bytes());
    tree.write("src/app.js", b"// Written since.\n");
    insta::assert_snapshot!(tree.run(&args).stderr);
    std::fs::remove_file(tree.path("dist/app.js.map")).unwrap();
    assert!(tree.run(&args).stderr.starts_with("warning: no source map of 1 bundle"));
}
