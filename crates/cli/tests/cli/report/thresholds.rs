//! How much must have run: in all, in each file, on the lines of a change.

use std::process::Command;

use super::{seen, shop};
use crate::tree::Tree;

fn git(tree: &Tree, args: &[&str]) {
    let git = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
        .args(args)
        .current_dir(tree.path(""))
        .output()
        .expect("the tests need `git` on the PATH");
    assert!(git.status.success(), "{}", String::from_utf8_lossy(&git.stderr));
}

#[test]
fn a_missed_threshold_ends_with_one_and_a_list() {
    let tree = shop();
    let report = |args: &[&str]| tree.run(&[&["report", "--reports", "reports", "--quiet"], args].concat());
    assert_eq!(report(&["--fail-under", "functions=44.44,branches=55.55"]).code, 0);
    let run = report(&["--fail-under", "functions=44.45,branches=50", "--format", "json-summary", "--out", "s.json"]);
    insta::assert_snapshot!(seen(&run));
    // The report is there all the same.
    assert!(tree.read("s.json").contains("44.44"));
    insta::assert_snapshot!(
        report(&["--fail-under", "functions=40,lines=50", "--per-file", "--format", "codecov"]).stderr
    );
}

#[test]
fn changed_lines_from_a_patch() {
    let tree = shop();
    // Lines 12 to 14 and 31: the `else if` of `total` ran, `refund` did not.
    let patch = "--- a/web/src/cart.js\n+++ b/web/src/cart.js\n@@ -12,2 +12,3 @@\n-x\n-y\n+    sum -= 5;\n+  }\n\
        +  return sum < 0 ? 0 : sum;\n@@ -30,0 +31 @@\n+  const back = total(lines, {});\n";
    tree.write("change.patch", patch.as_bytes());
    let args = ["report", "--reports", "reports", "--diff", "change.patch", "--fail-under", "lines=70,branches=50"];
    insta::assert_snapshot!(seen(&tree.run(&args)));
    let markdown = ["report", "--reports", "reports", "--diff", "change.patch", "--format", "markdown", "--quiet"];
    insta::assert_snapshot!(tree.ok(&markdown).stdout);
    let piped = ["report", "--reports", "reports", "--diff", "-", "--format", "markdown", "--quiet"];
    assert_eq!(tree.run_with_input(&piped, patch.as_bytes()).stdout, tree.ok(&markdown).stdout);
    tree.write("change.patch", b"@@ -1 +1 @@\n-a\n+b\n");
    insta::assert_snapshot!(seen(&tree.run(&args)));
}

#[test]
fn changed_lines_from_git() {
    let tree = shop();
    git(&tree, &["init", "--quiet"]);
    git(&tree, &["add", "src"]);
    git(&tree, &["commit", "--quiet", "--message", "before"]);
    let cart = tree.read("src/cart.js");
    tree.write("src/cart.js", cart.replace("return -back", "return  -back").as_bytes());
    // As built: the change comes before the build.
    tree.ok(&["instrument", "src", "--out-dir", "out", "--build-id", "shop-1"]);
    let args = ["report", "--reports", "reports", "--diff", "HEAD", "--fail-under", "lines=1", "--quiet"];
    insta::assert_snapshot!(seen(&tree.run(&args)));
    let unknown = tree.run(&["report", "--reports", "reports", "--diff", "no-such-revision"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("--diff no-such-revision: git says: "), "{}", unknown.stderr);
}

#[test]
fn a_patch_that_is_none_or_of_another_folder_is_said() {
    let tree = shop();
    tree.write("notes.txt", b"nothing of a patch\n");
    let args = ["report", "--reports", "reports", "--diff", "notes.txt"];
    let none = tree.run(&args);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("notes.txt: line 1 does not belong to a unified diff"), "{}", none.stderr);
    tree.write("notes.txt", b"--- a/cart.js\n+++ b/cart.js\n@@ -0,0 +1 @@\n+new\n");
    let astray = tree.ok(&args).stderr;
    assert!(astray.contains("--diff changes no file of the mapping; its paths"), "{astray}");
    assert!(astray.contains("--sources: cart.js\n"), "{astray}");
}
