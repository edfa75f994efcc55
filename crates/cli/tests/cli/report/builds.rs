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
