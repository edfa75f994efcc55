//! `pathlight report`: what it writes, what it says, how it ends.

mod builds;
mod inputs;
mod thresholds;

use crate::fixtures::{copy, fixture};
use crate::tree::{Run, Tree};

/// The program of `fixtures/reports/shop` with its mapping and reports.
fn shop() -> Tree {
    let tree = Tree::new(&[]);
    copy(&fixture("shop"), &tree.path(""));
    tree
}

/// All that a person sees.
fn seen(run: &Run) -> String {
    format!("exit {}\n--- stdout\n{}--- stderr\n{}", run.code, run.stdout, run.stderr)
}

#[test]
fn the_table_and_the_lists() {
    let tree = shop();
    insta::assert_snapshot!(seen(&tree.ok(&["report", "--reports", "reports"])));
    let lists = ["report", "--reports", "reports", "--quiet", "--skip-full", "--never-run", "--hot", "3"];
    insta::assert_snapshot!(tree.ok(&lists).stdout);
}

#[test]
fn every_format() {
    let tree = shop();
    let formats =
        ["tsv", "json", "lcov", "istanbul", "json-summary", "cobertura", "sarif", "markdown", "codecov", "sonar"];
    for format in formats.into_iter().chain(["github"]) {
        let run = tree.ok(&["report", "--reports", "reports", "--quiet", "--format", format, "--hot", "2"]);
        insta::assert_snapshot!(format, run.stdout);
    }
}

#[test]
fn v8_names_files_by_where_they_are() {
    let tree = shop();
    let run = tree.ok(&["report", "--reports", "reports", "--quiet", "--format", "v8"]);
    let folder = tree.path("").canonicalize().unwrap();
    let url = format!("file://{}/", folder.display()).replace("//\"", "/\"");
    assert!(run.stdout.contains(url.trim_end_matches('/')), "{}", run.stdout);
    insta::assert_snapshot!(run.stdout.replace(url.trim_end_matches('/'), "file:///folder"));
}

#[test]
fn several_formats_go_into_a_folder() {
    let tree = shop();
    tree.ok(&["report", "--reports", "reports", "--format", "json,tsv", "--format", "lcov", "--out", "coverage"]);
    assert_eq!(tree.list("coverage"), "coverage.json\ncoverage.tsv\nlcov.info");
    tree.ok(&["report", "--reports", "reports", "--format", "tsv", "--out", "coverage/one.tsv"]);
    assert_eq!(tree.read("coverage/one.tsv"), tree.read("coverage/coverage.tsv"));
    let run = tree.run(&["report", "--reports", "reports", "--format", "json,tsv"]);
    insta::assert_snapshot!(seen(&run));
}

#[test]
fn a_summary_for_scripts() {
    let tree = shop();
    let args =
        ["report", "--reports", "reports", "--quiet", "--json", "--out", "coverage.txt", "--fail-under", "lines=90"];
    insta::assert_snapshot!(seen(&tree.run(&args)));
}

#[test]
fn closures_own_flags_and_its_constant_column() {
    let tree = shop();
    tree.ok(&[
        "report",
        "--mapping_file",
        "pathlight.mapping",
        "--reports_directory",
        "reports",
        "--result_output",
        "result.tsv",
        "--format",
        "tsv",
        "--closure-exact",
    ]);
    let table = tree.read("result.tsv");
    assert!(table.lines().skip(1).all(|row| row.ends_with("\t4")), "{table}");
}

#[test]
fn what_cannot_be_done_is_said() {
    let tree = shop();
    tree.write("bad.mapping", b"not one");
    for (name, args) in [
        ("no_reports", &[][..]),
        ("nowhere", &["--reports", "nowhere"]),
        ("nowhere_at_all", &["--reports", "nowhere/**/*.json"]),
        ("no_such_mapping", &["--reports", "reports", "--mapping", "nowhere"]),
        ("folder_as_mapping", &["--reports", "reports", "--mapping", "reports"]),
        ("no_mapping", &["--reports", "reports", "--mapping", "bad.mapping"]),
        ("no_build", &["--reports", "reports", "--build", "reports"]),
        ("no_format", &["--reports", "reports", "--format", "pdf"]),
        ("no_threshold", &["--reports", "reports", "--fail-under", "functions=800"]),
        ("no_bundle", &["--reports", "reports", "--bundle", "pathlight.mapping"]),
        ("no_pattern", &["--reports", "re[ports/*"]),
    ] {
        let run = tree.run(&[&["report"], args].concat());
        assert_eq!(run.code, 2, "{args:?}");
        insta::assert_snapshot!(name, run.stderr);
    }
}

/// Nothing counts such a line, and no other line says that its function never ran.
#[test]
fn the_line_of_a_function_that_never_ran_is_named() {
    let tree = Tree::new(&[("a.js", "const f = () => 1;\n")]);
    tree.ok(&["instrument", "a.js", "--out-dir", "out", "--quiet"]);
    let run = tree.run_with_input(&["report", "--reports", "-", "--quiet"], b"{}");
    assert!(run.stdout.ends_with("\n a.js           0.00         -        -  1\n"), "{}", run.stdout);
}

/// genhtml and others leave out a file without lines.
#[test]
fn lcov_has_lines_of_every_file_that_has_points() {
    let tree = Tree::new(&[("a.js", "const f = (a) => a;\nconst g = (a) => a || f(a);\ng();\n")]);
    tree.ok(&["instrument", "a.js", "--out-dir", "out", "--quiet"]);
    let run = tree.run_with_input(&["report", "--reports", "-", "--quiet", "--format", "lcov"], b"{\"E\":2,\"G\":3}");
    let lines: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with(['D', 'L'])).collect();
    assert_eq!(lines, ["DA:1,0", "DA:2,3", "LF:2", "LH:1"], "{}", run.stdout);
}
