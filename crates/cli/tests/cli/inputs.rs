//! Which files go in.

use crate::tree::Tree;

const PROJECT: &[(&str, &str)] = &[
    (".gitignore", "dist/\n*.gen.js\n"),
    ("package.json", "{}"),
    ("src/index.ts", "export const a = (x: number) => x || 1;\n"),
    ("src/view.tsx", "export const b = () => <p>{a && <b/>}</p>;\n"),
    ("src/types.d.ts", "declare const a: number;\n"),
    ("src/made.gen.js", "f(a || b);\n"),
    ("src/style.css", "p {}\n"),
    ("src/util/old.cjs", "module.exports = (x) => x && 1;\n"),
    ("src/util/new.mjs", "export default (x) => x && 1;\n"),
    ("src/util/.gitignore", "skipped.js\n"),
    ("src/util/skipped.js", "f(a || b);\n"),
    ("src/util/util.test.js", "f(a || b);\n"),
    ("src/node_modules/dep/index.js", "f(a || b);\n"),
    ("dist/bundle.js", "f(a || b);\n"),
];

#[test]
fn a_folder_is_mirrored_without_what_is_ignored() {
    let tree = Tree::new(PROJECT);
    tree.ok(&["instrument", "src", "--out-dir", "out"]);
    insta::assert_snapshot!(tree.list("out"), @r"
    index.ts
    types.d.ts
    util/new.mjs
    util/old.cjs
    util/util.test.js
    view.tsx
    ");
    assert_eq!(tree.read("out/types.d.ts"), tree.read("src/types.d.ts"));
}

#[test]
fn copy_others_gives_a_complete_tree() {
    let tree = Tree::new(PROJECT);
    tree.ok(&["instrument", "src", "--out-dir", "out", "--copy-others", "--exclude", "*.test.js"]);
    assert_eq!(tree.list("out"), tree.list("src"));
    for copied in ["style.css", "made.gen.js", "util/skipped.js", "util/util.test.js", "node_modules/dep/index.js"] {
        assert_eq!(tree.files("out")[copied], tree.files("src")[copied], "{copied}");
    }
    assert!(tree.read("out/index.ts").contains("push"));
}

/// Packages come with maps beside their code: a new one takes the place, and code without probes keeps its own.
#[test]
fn copy_others_meets_source_maps() {
    let map = r#"{"version":3,"sources":["a.ts"],"sourcesContent":["export const f = () => 1;\n"],"names":[],"mappings":"AAAA"}"#;
    let tree = Tree::new(&[
        ("src/a.js", "export const f = () => 1;\n//# sourceMappingURL=a.js.map\n"),
        ("src/a.js.map", map),
        ("src/b.js", "export const b = 1;\n//# sourceMappingURL=b.js.map\n"),
        ("src/b.js.map", map),
        ("src/lonely.js.map", map),
    ]);
    tree.ok(&["instrument", "src", "--out-dir", "out", "--copy-others", "--source-maps", "file"]);
    assert_eq!(tree.list("out"), tree.list("src"));
    assert_ne!(tree.read("out/a.js.map"), map);
    for kept in ["b.js", "b.js.map", "lonely.js.map"] {
        assert_eq!(tree.files("out")[kept], tree.files("src")[kept], "{kept}");
    }
}

#[test]
fn what_is_named_is_taken() {
    let tree = Tree::new(PROJECT);
    tree.ok(&["instrument", "dist", "--out-dir", "out"]);
    assert_eq!(tree.list("out"), "bundle.js");
    tree.ok(&["instrument", "src/node_modules/dep", "--out-dir", "out2"]);
    assert_eq!(tree.list("out2"), "index.js");
    tree.ok(&["instrument", "src/made.gen.js", "--out-dir", "out3"]);
    assert_eq!(tree.list("out3"), "made.gen.js");
    tree.ok(&["instrument", "src", "--no-ignore", "--out-dir", "out4"]);
    assert!(tree.list("out4").contains("made.gen.js"));
}

#[test]
fn include_exclude_and_globs() {
    let tree = Tree::new(PROJECT);
    tree.ok(&["instrument", ".", "--include", "src/util/", "--exclude", "**/*.test.js", "--out-dir", "out"]);
    insta::assert_snapshot!(tree.list("out"), @r"
    src/util/new.mjs
    src/util/old.cjs
    ");
    tree.ok(&["instrument", "src/**/*.mjs", "./src/*.ts", "--out-dir", "out2"]);
    insta::assert_snapshot!(tree.list("out2"), @r"
    index.ts
    types.d.ts
    util/new.mjs
    ");
    tree.ok(&["instrument", "--js", "src/**.cjs", "--js", "!**/new*", "--out-dir", "out3"]);
    assert_eq!(tree.list("out3"), "util/old.cjs");
}

#[test]
fn several_inputs_are_mirrored_from_the_folder_above_them() {
    let tree = Tree::new(&[("a/x.js", "f(a || b);"), ("b/c/y.js", "f(a || b);")]);
    tree.ok(&["instrument", "b", "a", "b/c/y.js", "--out-dir", "out"]);
    insta::assert_snapshot!(tree.list("out"), @r"
    a/x.js
    b/c/y.js
    ");
    // Ids follow the order given.
    insta::assert_snapshot!(tree.ok(&["decode", "pathlight.mapping"]).stdout, @r"
    C  BRANCH          <Anonymous>  b/c/y.js:1:7
    E  BRANCH          <Anonymous>  a/x.js:1:7
    ");
}

#[test]
fn the_output_folder_is_no_input() {
    let tree = Tree::new(&[("a.js", "f(a || b);")]);
    tree.ok(&["instrument", ".", "--out-dir", "build"]);
    tree.ok(&["instrument", ".", "--out-dir", "build"]);
    assert_eq!(tree.list("build"), "a.js");
}

#[test]
fn names_are_relative_to_the_root() {
    let tree = Tree::new(&[("app/src/a.js", "f(a || b);"), ("lib/b.js", "f(a || b);")]);
    tree.ok(&["instrument", "app/src", "lib", "--root", "app", "--out-dir", "out"]);
    insta::assert_snapshot!(tree.ok(&["decode", "pathlight.mapping"]).stdout, @r"
    C  BRANCH          <Anonymous>  src/a.js:1:7
    E  BRANCH          <Anonymous>  ../lib/b.js:1:7
    ");
}

#[test]
fn standard_input_to_standard_output() {
    let tree = Tree::new(&[]);
    let run = tree.run_with_input(&["instrument", "-", "--stdin-name", "in.ts"], b"let a = <T>(b: T) => b || 1;");
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
    assert!(tree.read("pathlight.mapping").contains("in.ts"));
}
