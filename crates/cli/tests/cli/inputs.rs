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

/// As in git, the deepest .gitignore file that names a path decides, whichever folder the walk begins in.
#[test]
fn a_gitignore_file_may_take_back_what_one_above_it_says() {
    let tree = Tree::new(&[
        (".gitignore", "*.gen.js\nmade/\n"),
        ("src/.gitignore", "!kept.gen.js\n"),
        ("src/a.js", "f(a || b);\n"),
        ("src/kept.gen.js", "f(a || b);\n"),
        ("src/other.gen.js", "f(a || b);\n"),
        ("src/made/.gitignore", "!*.js\n"),
        ("src/made/b.js", "f(a || b);\n"),
    ]);
    for (input, args) in [(".", &[][..]), ("src", &[]), (".", &["--copy-others"]), ("src", &["--copy-others"])] {
        tree.ok(&[&["instrument", input, "--out-dir", "out", "--root", "."], args].concat());
        let mapping = tree.read("pathlight.mapping");
        let names = mapping.lines().next().unwrap();
        assert_eq!(names, r#" FileNames:["src/a.js","src/kept.gen.js"]"#, "{input} {args:?}");
    }
}

#[test]
fn a_glob_is_one_of_the_shell() {
    let tree = Tree::new(&[
        ("a.js", "f(a || b);\n"),
        ("src/b.js", "f(a || b);\n"),
        ("src/deep/c.js", "f(a || b);\n"),
        ("src/made.js", "f(a || b);\n"),
        (".gitignore", "made.js\n"),
    ]);
    let absolute = tree.path("src/*.js");
    for (glob, found) in [
        ("*.js", "a.js"),
        ("src/*.js", "b.js"),
        ("src/../src/*.{js,ts}", "b.js"),
        (absolute.to_str().unwrap(), "b.js"),
        ("src/**/*.js", "b.js\ndeep/c.js"),
        ("**/c.js", "src/deep/c.js"),
    ] {
        let out = tempfile::tempdir_in(tree.path("")).unwrap();
        let out = out.path().file_name().unwrap().to_str().unwrap();
        tree.ok(&["instrument", glob, "--out-dir", out]);
        assert_eq!(tree.list(out), found, "{glob}");
    }
}

#[test]
fn patterns_also_speak_of_inputs_outside_of_the_working_folder() {
    let tree = Tree::new(&[]);
    let other = Tree::new(&[("src/a.js", "f(a || b);"), ("src/b/c.js", "f(a || b);"), ("src/b/d.js", "f(a || b);")]);
    let src = other.path("src");
    let whole = other.path("src/b/c.js");
    for (flag, pattern, found) in [
        ("--exclude", "c.js", "a.js\nb/d.js"),
        ("--exclude", "b/", "a.js"),
        ("--include", "**/b/*.js", "b/c.js\nb/d.js"),
        ("--include", whole.to_str().unwrap(), "b/c.js"),
    ] {
        let out = tempfile::tempdir_in(tree.path("")).unwrap();
        let out = out.path().file_name().unwrap().to_str().unwrap();
        tree.ok(&["instrument", src.to_str().unwrap(), flag, pattern, "--out-dir", out]);
        assert_eq!(tree.list(out), found, "{flag} {pattern}");
    }
}

/// It names the sources, so it must not get into what is shipped.
#[test]
fn the_mapping_of_an_earlier_run_is_not_copied() {
    let tree = Tree::new(&[("a.js", "f(a || b);"), ("b.json", "{}")]);
    for _ in 0..2 {
        tree.ok(&["instrument", ".", "--out-dir", "out", "--copy-others", "--embed-sources"]);
        assert_eq!(tree.list("out"), "a.js\nb.json");
    }
}

#[test]
fn what_another_run_has_not_finished_is_no_input() {
    let tree = Tree::new(&[("a.js", "f(a || b);"), (".pathlight-Ab12cd/tree/a.js", "const =")]);
    tree.ok(&["instrument", ".", "--out-dir", "out"]);
    assert_eq!(tree.list("out"), "a.js");
}

/// It may not even be readable.
#[cfg(unix)]
#[test]
fn an_excluded_folder_is_not_entered() {
    let tree = Tree::new(&[("a.js", "f(a || b);"), ("closed/b.js", "f(a || b);")]);
    std::os::unix::fs::symlink("nowhere", tree.path("closed/link.js")).unwrap();
    let run = tree.ok(&["instrument", ".", "--out-dir", "out", "--exclude", "closed"]);
    assert!(!run.stderr.contains("passed over"), "{}", run.stderr);
    let run = tree.ok(&["instrument", ".", "--out-dir", "out", "--exclude", "closed/*", "--exclude", "!closed/b.js"]);
    assert!(run.stderr.contains("passed over closed/link.js"), "{}", run.stderr);
    assert_eq!(tree.list("out"), "a.js\nclosed/b.js");
}

/// The shell makes names of `src/*.js`, and errors advise to leave a file out so.
#[test]
fn a_named_file_may_be_excluded() {
    let tree =
        Tree::new(&[("src/a.js", "f(a || b);"), ("src/a.test.js", "const ="), ("src/deep/b.test.js", "const =")]);
    let named = ["instrument", "src/a.js", "src/a.test.js", "--out-dir", "out"];
    tree.ok(&[&named[..], &["--exclude", "*.test.js"]].concat());
    assert_eq!(tree.list("out"), "a.js");
    tree.ok(&[&named[..], &["--include", "src/a.js", "--copy-others"]].concat());
    assert_eq!(tree.list("out"), "a.js\na.test.js");
    tree.ok(&["--js", "src/**.js", "--js", "!src/**.test.js", "--js_output_file", "one.js"]);
    assert!(tree.read("pathlight.mapping").starts_with(" FileNames:[\"src/a.js\"]"));
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

#[cfg(unix)]
#[test]
fn the_output_folder_behind_a_link_is_no_input() {
    let tree = Tree::new(&[("a.js", "f(a || b);"), ("real/old.txt", "")]);
    std::os::unix::fs::symlink("real", tree.path("build")).unwrap();
    for _ in 0..2 {
        tree.ok(&["instrument", ".", "--out-dir", "build"]);
        assert_eq!(tree.list("real"), "a.js\nold.txt");
    }
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

#[test]
fn hints_that_are_none_are_said_once_each() {
    let map =
        r#"{"version":3,"sources":["c.ts"],"names":[],"mappings":"AAAA","sourcesContent":["f(); // c8 ignore stop"]}"#;
    let mapped = "f(a || b);\n//# sourceMappingURL=m.map\n";
    let tree = Tree::new(&[
        ("a.js", "/* c8 ignore next */ f(a || b);\n\n\n\n\n\n\n\n\n  // istanbul ignore nxt\n"),
        ("b.js", "/* pathlight ignore start */ f(a || b);\n/* v8 disable */\n"),
        ("c1.js", mapped),
        ("c2.js", mapped),
        ("m.map", map),
    ]);
    let run = tree.ok(&["instrument", ".", "--out-dir", "out"]);
    insta::assert_snapshot!(run.stderr.split(", build ").next().unwrap());
    let run = tree.ok(&["instrument", ".", "--out-dir", "out", "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(summary["notes"].as_array().unwrap().len(), 3);
}
