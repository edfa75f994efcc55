//! Where reports come from, and what becomes of bad ones.

use std::process::{Command, Stdio};

use super::{seen, shop};
use crate::tree::Tree;

/// The table of all reports, whatever way they come in.
fn table(tree: &Tree, args: &[&str]) -> String {
    tree.ok(&[&["report", "--quiet", "--format", "tsv"], args].concat()).stdout
}

#[test]
fn a_report_is_the_same_from_wherever_it_comes() {
    let tree = shop();
    let expected = table(&tree, &["--reports", "reports"]);
    let all: Vec<u8> =
        ["a.json", "b.json", "c.ndjson"].map(|name| tree.read(&format!("reports/{name}"))).concat().into();
    tree.write("one/deep/.hidden", &all);
    tree.write("bom.json", &[b"\xef\xbb\xbf", &all[..]].concat());
    let gzip = Command::new("gzip").arg("-kr").arg(tree.path("one")).stdout(Stdio::null()).status();
    assert!(gzip.expect("the tests need `gzip` on the PATH").success());
    std::fs::remove_file(tree.path("one/deep/.hidden")).unwrap();
    for reports in [
        &["reports/a.json", "reports/b.json", "reports/c.ndjson"][..],
        &["reports/*.json", "reports/c.*"],
        &["reports/{a,b,c}.*json"],
        &["reports/**"],
        &["one"],
        &["one/deep/.hidden.gz"],
        &["bom.json"],
    ] {
        assert_eq!(table(&tree, &[&["--reports"], reports].concat()), expected, "{reports:?}");
    }
    let piped = tree.run_with_input(&["report", "--quiet", "--format", "tsv", "--reports", "-"], &all);
    assert_eq!((piped.code, piped.stdout), (0, expected));
}

#[test]
fn long_streams_give_the_same_on_any_number_of_threads() {
    let tree = shop();
    let line = "{\"C\":3,\"E\":{\"frequency\":5},\"7\":2,\"zzC\":1}\n{\"C\":\n";
    let long = line.repeat(60_000);
    assert!(long.len() > 2 << 20);
    tree.write("long.ndjson", long.as_bytes());
    let runs = ["1", "2", "5"].map(|threads| {
        let run = tree.ok(&["report", "--reports", "long.ndjson", "reports", "--format", "tsv", "--threads", threads]);
        (run.stdout, run.stderr)
    });
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0], runs[2]);
    let row = |start: &str| runs[0].0.lines().find(|row| row.starts_with(start)).unwrap().to_owned();
    assert_eq!(row("src/cart.js\ttotal\t6\tBRANCH\t"), "src/cart.js\ttotal\t6\tBRANCH\t300082\t60003");
    assert!(runs[0].1.contains("59991 bad reports more left out"), "{}", runs[0].1);
    assert!(runs[0].1.contains("60004 reports, 1 more sent twice"), "{}", runs[0].1);
}

#[test]
fn bad_reports_cost_only_themselves() {
    let tree = shop();
    tree.write(
        "reports/bad.json",
        b"oops\n{\"C\":1}\n{\"C\":-1}\n{\"C\":1,\"1\":2}\n{\"C\":1e400}\n\n{\"schema\":9,\"counts\":{}}\n",
    );
    tree.write("reports/empty.json", b"");
    tree.write("reports/\u{1b}[31m.json", b"[]");
    tree.write("reports/broken.gz", b"\x1f\x8b\x08\x00nonsense");
    let run = tree.run(&["report", "--reports", "reports"]);
    insta::assert_snapshot!(seen(&run));
    let strict = tree.run(&["report", "--reports", "reports", "--strict"]);
    assert_eq!((strict.code, strict.stdout), (2, run.stdout));
    std::fs::remove_dir_all(tree.path("reports")).unwrap();
    tree.write("reports/good.json", b"{\"C\":1}");
    assert_eq!(tree.run(&["report", "--reports", "reports", "--strict"]).code, 0);
}

#[test]
fn no_report_is_said() {
    let tree = shop();
    std::fs::create_dir(tree.path("empty")).unwrap();
    for reports in ["empty", "empty/*.json", "src/**/*.json"] {
        let run = tree.run(&["report", "--reports", reports]);
        assert_eq!(run.code, 0);
        assert_eq!(run.stderr, "warning: no report was found: all code is shown as never run\n0 reports\n");
    }
}

#[test]
fn ids_that_the_mapping_does_not_have_are_counted_and_said() {
    let tree = shop();
    tree.write("odd.json", b"{\"C\":1,\"99\":1,\"zzzC\":2,\"constructor\":3,\"E\":18446744073709551615}\n{\"E\":1}\n");
    insta::assert_snapshot!(tree.ok(&["report", "--reports", "odd.json"]).stderr);
}

#[test]
fn counts_of_others_come_in_too() {
    let tree = shop();
    let coverage = tree.path("v8");
    let run = Command::new("node")
        .args(["drive.mjs", "."])
        .current_dir(tree.path(""))
        .env("NODE_V8_COVERAGE", &coverage)
        .status()
        .expect("the tests need `node` on the PATH");
    assert!(run.success());
    let hits = |table: String| table.lines().map(|row| row.rsplit_once('\t').unwrap().0.to_owned()).collect::<Vec<_>>();
    assert_eq!(hits(table(&tree, &["--v8", "v8"])), hits(table(&tree, &["--reports", "reports"])));
    tree.ok(&["report", "--reports", "reports", "--quiet", "--format", "istanbul", "--out", "final.json"]);
    let both = table(&tree, &["--istanbul", "final.json", "--reports", "reports"]);
    assert!(both.contains("src/cart.js\ttotal\t4\tFUNCTION\t86\t4"), "{both}");
}

/// What V8 counts in a program is what its probes count.
fn assert_v8_counts_alike(program: &str) {
    let tree = Tree::new(&[("a.js", program)]);
    tree.ok(&["instrument", "a.js", "--out-dir", "out", "--quiet"]);
    let print = "const counts = {};\nfor (const id of ist_arr) counts[id] = (counts[id] || 0) + 1;\n\
        console.log(JSON.stringify(counts));\n";
    tree.write("counted.js", (tree.read("out/a.js") + print).as_bytes());
    let node = |file: &str| {
        let mut node = Command::new("node");
        node.arg(file).current_dir(tree.path("")).env("NODE_V8_COVERAGE", tree.path(file.trim_end_matches(".js")));
        let output = node.output().expect("the tests need `node` on the PATH");
        assert!(output.status.success());
        output.stdout
    };
    node("a.js");
    tree.write("report.json", &node("counted.js"));
    assert_eq!(table(&tree, &["--v8", "a"]), table(&tree, &["--reports", "report.json"]));
}

/// How often a function was called is not how often the branch that makes it was taken.
#[test]
fn a_branch_that_is_a_function_has_its_own_count() {
    assert_v8_counts_alike(
        "const pick = process.argv[2] ? () => 1 : () => 2;\n\
        const or = process.argv[2] || function () {};\n\
        const never = process.argv[2] || (() => 3);\n\
        for (let i = 0; i < 5; i++) { pick(); or(); }\n",
    );
}

/// V8 has no range for the code behind a `?:` that stands behind a `return`.
#[test]
fn an_else_that_nobody_wrote_is_not_counted_where_the_if_was_not_reached() {
    assert_v8_counts_alike(
        "function f(a) {\n\
        \x20 if (a > 5) return 1;\n\
        \x20 const b = a ? 1 : 2;\n\
        \x20 if (a > 2) { throw b; }\n\
        \x20 const c = b || a ? 3 : 4;\n\
        \x20 if (c > 3) return 1;\n\
        \x20 const d = c ? 3 : 4;\n\
        \x20 switch (a) { case 1: return d; }\n\
        \x20 return b;\n\
        }\n\
        for (let i = 0; i < 10; i++) { try { f(i); } catch {} }\n",
    );
}
