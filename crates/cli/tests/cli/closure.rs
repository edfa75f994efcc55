//! Closure Compiler's command line.

use crate::tree::Tree;

fn wiki() -> Tree {
    let fixture = |name: &str| {
        let path = format!("{}/../../fixtures/reference/wiki/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    Tree::new(&[
        ("fib.js", &fixture("fib.js")),
        ("InstrumentCode.js", &fixture("InstrumentCode.js")),
        ("externs.js", &fixture("externs.js")),
    ])
}

#[test]
fn the_wikis_command_line_works_as_written() {
    let tree = wiki();
    let run = tree.ok(&[
        "--js",
        "fib.js",
        "--js",
        "InstrumentCode.js",
        "--js_output_file=compiled.js",
        "--externs",
        "externs.js",
        "--compilation_level",
        "SIMPLE",
        "--instrument_for_coverage_option",
        "PRODUCTION",
        "--instrument_mapping_report",
        "%outname%.mapping.txt",
        "--production_instrumentation_array_name=ist_arr",
        "--mapping-format",
        "closure",
    ]);
    assert!(run.stderr.contains("note: --compilation_level SIMPLE has no effect"), "{}", run.stderr);
    let published = include_str!("../../../../fixtures/reference/wiki/wiki-published.mapping.txt");
    let ours: Vec<String> =
        tree.read("compiled.js.mapping.txt").lines().map(|line| line.trim_start().to_owned()).collect();
    let theirs: Vec<String> =
        published.lines().map(|line| line.replace("module$contents$instrument$code_", "")).collect();
    assert_eq!(ours, theirs);
}

#[test]
fn a_collector_may_use_the_array_when_externs_declare_it() {
    let tree = wiki();
    let run = tree.run(&["instrument", "InstrumentCode.js", "--out-dir", "out"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("the file uses `ist_arr`"), "{}", run.stderr);
    tree.ok(&["instrument", ".", "--out-dir", "out", "--externs", "externs.js"]);
    assert_eq!(tree.list("out"), "InstrumentCode.js\nfib.js");
}

#[test]
fn the_externs_of_this_repository_declare_it() {
    let tree = Tree::new(&[("a.js", "ist_arr.length || f();")]);
    for file in ["ist_arr.js", "ist_arr.d.ts"] {
        let externs = format!("{}/../../externs/{file}", env!("CARGO_MANIFEST_DIR"));
        tree.ok(&["instrument", "a.js", "--out-dir", "out", "--externs", &externs]);
    }
}

#[test]
fn none_passes_the_code_through() {
    let tree = wiki();
    tree.ok(&["--js", "fib.js", "--js_output_file", "out.js", "--instrument_for_coverage_option", "none"]);
    assert_eq!(tree.read("out.js"), tree.read("fib.js"));
    assert!(!tree.path("pathlight.mapping").exists());
}

#[test]
fn the_short_flag_is_read_in_every_spelling() {
    let tree = wiki();
    for flag in [&["-O", "ADVANCED"][..], &["-OADVANCED"], &["-O=ADVANCED"]] {
        let run = tree.ok(&[flag, &["--js", "fib.js", "--js_output_file", "out.js"]].concat());
        assert!(run.stderr.contains("note: --compilation_level ADVANCED has no effect"), "{flag:?}: {}", run.stderr);
    }
}
