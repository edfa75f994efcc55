//! A report of many files.

use crate::tree::Tree;

const REPORT: &[&str] = &["report", "--reports", "report.json", "--format"];

fn tree() -> Tree {
    let tree = Tree::new(&[("src/a.js", "f(a || b);\n"), ("report.json", r#"{"C":5}"#)]);
    tree.ok(&["instrument", "src", "--out-dir", "out"]);
    tree
}

#[test]
fn pages_stand_below_the_folder_and_beside_other_formats() {
    let tree = tree();
    tree.ok(&[REPORT, &["html,lcov", "--out", "site"]].concat());
    let files = tree.files("site");
    assert!(files.contains_key("index.html") && files.contains_key("lcov.info"));
    assert!(files.keys().any(|path| path.starts_with("html/f/")), "{:?}", files.keys());
    tree.ok(&[REPORT, &["html", "--out", "site"]].concat());
    assert_eq!(tree.files("site"), files);
}

#[test]
fn pages_need_a_folder() {
    let tree = tree();
    for out in [&[] as &[&str], &["--out", "-"], &["--out", "report.json"]] {
        let run = tree.run(&[REPORT, &["html"], out].concat());
        assert_eq!(run.code, 2, "{out:?}");
    }
    assert_eq!(tree.read("report.json"), r#"{"C":5}"#);
}
