//! What comes out: the same bytes everywhere, whole or not at all.

use std::fs;
use std::path::Path;

use crate::tree::Tree;

fn many() -> Vec<(String, String)> {
    (0..60)
        .map(|at| {
            let body = "if (a) b(); else c(a || d);".repeat(at % 7 * at % 23);
            (format!("src/{}/f{at}.js", at % 5), format!("function f{at}(a) {{ {body} }}\n"))
        })
        .collect()
}

#[test]
fn the_same_bytes_whatever_the_threads_and_the_folder() {
    let files = many();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let outputs = ["1", "2", "7"].map(|threads| {
        let tree = Tree::new(&files);
        let flags = ["instrument", "src", "--out-dir", "out", "--threads", threads, "--source-maps", "file"];
        tree.ok(&flags);
        let mut files = tree.files("out");
        files.insert("mapping".into(), tree.read("pathlight.mapping").into());
        files.insert("manifest".into(), tree.read("pathlight.mapping.build.json").into());
        files
    });
    assert_eq!(outputs[0], outputs[1]);
    assert_eq!(outputs[0], outputs[2]);
}

#[test]
fn ids_count_over_all_files() {
    let tree = Tree::new(&[("a.js", "f(a || b);\n"), ("b.js", "f(a || b, c && d);\n"), ("c.js", "f();\n")]);
    tree.ok(&["instrument", "a.js", "b.js", "c.js", "--out-file", "out.js", "--ids", "number"]);
    insta::assert_snapshot!(tree.read("out.js"));
    tree.ok(&["instrument", "a.js", "b.js", "c.js", "--out-file", "out.js", "--no-declare"]);
    insta::assert_snapshot!(tree.read("out.js"));
    insta::assert_snapshot!(tree.read("pathlight.mapping.build.json"));
}

#[test]
fn the_manifest_names_the_build() {
    let tree = Tree::new(&[("a.js", "f(a || b);\n")]);
    let build = |args: &[&str]| {
        tree.ok(&[&["instrument", "a.js", "--out-file", "out.js"], args].concat());
        let manifest: serde_json::Value = serde_json::from_str(&tree.read("pathlight.mapping.build.json")).unwrap();
        manifest["build"].as_str().unwrap().to_owned()
    };
    let plain = build(&[]);
    assert_eq!(plain, build(&[]));
    assert_ne!(plain, build(&["--ids", "number"]));
    assert_ne!(plain, build(&["--array-name", "hits"]));
    assert_eq!("v1.2.3", build(&["--build-id", "v1.2.3"]));
    tree.ok(&["instrument", "a.js", "--out-file", "out.js", "--embed-sources"]);
    assert!(tree.read("pathlight.mapping.build.json").contains("f(a || b);\\n"));
}

#[test]
fn files_without_probes_pass_through_as_they_are() {
    let odd = "\u{feff}var  a = [ 1,\n2 ] // kept\r\n//# sourceMappingURL=gone.js.map";
    let tree =
        Tree::new(&[("src/odd.js", odd), ("src/empty.js", ""), ("src/shebang.js", "#!/usr/bin/env node\nf()\n")]);
    tree.ok(&["instrument", "src", "--out-dir", "out"]);
    assert_eq!(tree.files("out"), tree.files("src"));
}

#[test]
fn directives_hashbang_and_bom_stay_first() {
    let tree = Tree::new(&[
        ("a.js", "\u{feff}'use client';\n'use strict';\nimport x from 'y';\nx || y;\n"),
        ("b.cjs", "#!/usr/bin/env node\n// licence\nx || y;\n"),
    ]);
    tree.ok(&["instrument", "a.js", "b.cjs", "--out-dir", "out"]);
    assert!(tree.read("out/a.js").starts_with("\u{feff}'use client';\n'use strict';\n"), "{}", tree.read("out/a.js"));
    assert!(tree.read("out/b.cjs").starts_with("#!/usr/bin/env node\n// licence\n"), "{}", tree.read("out/b.cjs"));
}

#[test]
fn earlier_output_is_replaced_and_the_rest_of_the_folder_stays() {
    let tree = Tree::new(&[("src/a.js", "f(a || b);"), ("out/a.js", "old"), ("out/other.txt", "stays")]);
    tree.ok(&["instrument", "src", "--out-dir", "out"]);
    assert_eq!(tree.list("out"), "a.js\nother.txt");
    assert!(tree.read("out/a.js").contains("push"));
}

#[test]
fn strip_types_names_and_makes_javascript_that_runs() {
    let tree = Tree::new(&[
        (
            "src/main.ts",
            "import { Color, area } from './shape.ts';\nconsole.log(Color.Red, area({ w: 2, h: 3 } as const));\n",
        ),
        (
            "src/shape.ts",
            "export enum Color { Red = 'r' }\nexport const area = (s: { w: number; h: number }) => s.w * s.h || 0;\n",
        ),
        ("src/package.json", "{\"type\":\"module\"}"),
    ]);
    tree.ok(&["instrument", "src", "--out-dir", "out", "--strip-types", "--copy-others"]);
    assert_eq!(tree.list("out"), "main.js\npackage.json\nshape.js");
    let run = tree.node(&["out/main.js"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "r 6\n"), "{}", run.stderr);
}

/// A proposal that Babel knows, and no engine.
#[test]
fn exports_of_a_default_are_spelled_out() {
    let tree = Tree::new(&[
        ("src/x.mjs", "export default 7;\nexport const a = 8;\n"),
        ("src/one.mjs", "export one from './x.mjs';\nexport two, { a } from './x.mjs';\nf;\nfunction f() {}\n"),
        (
            "src/space.mjs",
            "export three, * as x from './x.mjs';\nexport default from './x.mjs';\nexport const f = () => 9;\n",
        ),
        (
            "src/main.mjs",
            "import { one, two, a } from './one.mjs';\nimport four, { three, x, f } from './space.mjs';\nconsole.log(one, two, a, three, x.a, four, f());\n",
        ),
    ]);
    tree.ok(&["instrument", "src", "--out-dir", "out", "--verify", "--source-maps", "file"]);
    let run = tree.node(&["out/main.mjs"]);
    assert_eq!(run.stdout, "7 7 8 7 8 7 9\n", "{}", run.stderr);
}

#[test]
fn summary_for_scripts_and_silence() {
    let tree = Tree::new(&[("a.js", "f(a || b);")]);
    let run = tree.ok(&["instrument", "a.js", "--out-dir", "out", "--json", "--quiet"]);
    let summary: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(summary["probes"], 1);
    assert_eq!(summary["mapping"], "pathlight.mapping");
    assert_eq!(run.stderr, "");
}

#[test]
fn decode_for_people_and_for_scripts() {
    let tree = Tree::new(&[("src/a.js", "\tif (a) b();\n"), ("src/é\u{7}.js", "x = () => '😀' || y;\n")]);
    tree.ok(&["instrument", "src", "--out-dir", "out"]);
    insta::assert_snapshot!(tree.ok(&["decode", "pathlight.mapping", "--sources", "."]).stdout);
    insta::assert_snapshot!(tree.ok(&["decode", "pathlight.mapping", "--json"]).stdout);
    let mapping = tree.read("pathlight.mapping");
    let piped = tree.run_with_input(&["decode", "-"], mapping.as_bytes());
    assert_eq!(piped.stdout, tree.ok(&["decode", "pathlight.mapping"]).stdout);
}

#[test]
fn decode_says_that_a_source_has_changed() {
    let tree = Tree::new(&[("a.js", "f();\nlet longer = (a) => a || b;\n\n\ng(a && b);\n")]);
    tree.ok(&["instrument", "a.js", "--out-dir", "out"]);
    tree.write("a.js", "f();\nlet é😀 = 0;".as_bytes());
    insta::assert_snapshot!(tree.ok(&["decode", "pathlight.mapping", "--sources", "."]).stdout);
}

#[test]
fn the_demo_shows_what_ran() {
    let tree = Tree::new(&[]);
    insta::assert_snapshot!(tree.ok(&["demo"]).stdout);
}

/// A `node` of another kind, such as a wrapper that finds no version.
#[cfg(unix)]
#[test]
fn the_demo_says_when_node_does_not_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let tree = Tree::new(&[("bin/node", "#!/bin/sh\nexit 3\n")]);
    std::fs::set_permissions(tree.path("bin/node"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_pathlight"))
        .arg("demo")
        .env("PATH", tree.path("bin"))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("`node` did not run fib.js to its end: exit status: 3"), "{stderr}");
}

/// What no line break ends would wait to be written when no one looks any more.
#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_an_error() {
    let tree = Tree::new(&[("a.js", "f()")]);
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_pathlight"))
        .args(["instrument", "a.js", "--quiet"])
        .current_dir(tree.path(""))
        .stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
        .stderr(std::process::Stdio::null())
        .status();
    assert_eq!(status.unwrap().code(), Some(2));
    assert!(!tree.path("pathlight.mapping").exists());
}

#[cfg(unix)]
#[test]
fn no_manifest_stands_beside_a_device() {
    let tree = Tree::new(&[("a.js", "f(a || b);\n")]);
    let run = tree.ok(&["instrument", "a.js", "--out-file", "/dev/null", "--mapping", "/dev/null"]);
    assert!(run.stderr.contains("→ /dev/null; mapping /dev/null"), "{}", run.stderr);
    assert!(!std::path::Path::new("/dev/null.build.json").exists());
}

#[cfg(unix)]
#[test]
fn a_pipe_is_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt as _;
    let tree = Tree::new(&[("a.js", "f(a || b);\n")]);
    let pipe = tree.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || std::fs::read_to_string(pipe).unwrap())
    };
    tree.ok(&["instrument", "a.js", "--out-file", "pipe"]);
    assert!(reader.join().unwrap().contains("ist_arr.push"));
    assert!(std::fs::metadata(pipe).unwrap().file_type().is_fifo());
}

/// Its path is that of a file where it is sent to one.
#[cfg(target_os = "linux")]
#[test]
fn standard_output_may_be_named_by_its_path() {
    let tree = Tree::new(&[("a.js", "f(a || b);\n"), ("seen.js", "")]);
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_pathlight"))
        .args(["instrument", "a.js", "--out-file", "/proc/self/fd/1", "--quiet"])
        .current_dir(tree.path(""))
        .stdout(std::fs::File::create(tree.path("seen.js")).unwrap())
        .status();
    assert!(status.unwrap().success());
    assert!(tree.read("seen.js").contains("ist_arr.push"));
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_stays_one() {
    let tree = Tree::new(&[("a.js", "f(a || b);\n"), ("real/code.js", "old")]);
    std::os::unix::fs::symlink("real/code.js", tree.path("link.js")).unwrap();
    tree.ok(&["instrument", "a.js", "--out-file", "link.js"]);
    assert!(tree.path("link.js").is_symlink());
    assert!(tree.read("real/code.js").contains("ist_arr.push"));
}

/// Packages have scripts that a shell starts.
#[cfg(unix)]
#[test]
fn what_may_be_run_still_may() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    let tree = Tree::new(&[
        ("src/cli.js", "#!/usr/bin/env node\nf(a || b);\n"),
        ("src/run.sh", "#!/bin/sh\n"),
        ("src/a.js", "g();\n"),
    ]);
    for script in ["src/cli.js", "src/run.sh"] {
        fs::set_permissions(tree.path(script), fs::Permissions::from_mode(0o755)).unwrap();
    }
    tree.ok(&["instrument", "src", "--out-dir", "out", "--copy-others"]);
    tree.ok(&["instrument", "src/cli.js", "--out-file", "one.js"]);
    let may_run = |path: &str| fs::metadata(tree.path(path)).unwrap().permissions().mode() & 0o100 != 0;
    let files = ["out/cli.js", "out/run.sh", "one.js", "out/a.js", "pathlight.mapping"];
    assert_eq!(files.map(may_run), [true, true, true, false, false]);
}

/// A mount or a link may stand anywhere in the output folder.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_of_the_output_may_be_another_file_system() {
    use std::os::unix::fs::{MetadataExt, symlink};
    let tree = Tree::new(&[("src/a.js", "f(a || b);\n"), ("src/sub/b.js", "f(c || d);\n"), ("src/sub/deep/c.js", "")]);
    let other = tempfile::tempdir_in("/dev/shm").unwrap();
    let device = |path: &Path| fs::metadata(path).unwrap().dev();
    assert_ne!(device(other.path()), device(&tree.path("src")), "the test needs two file systems");
    fs::write(other.path().join("b.js"), "the old b").unwrap();
    fs::create_dir(tree.path("out")).unwrap();
    symlink(other.path(), tree.path("out/sub")).unwrap();
    let names = || {
        let names = fs::read_dir(other.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
    };

    // All or nothing there too, also in the folders that the run makes.
    tree.write("src/z.js", b"g();\n");
    tree.write("out/z.js/kept.txt", b"in the way");
    let run = tree.run(&["instrument", "src", "--out-dir", "out", "--threads", "1"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("z.js: is a directory"), "{}", run.stderr);
    assert_eq!((names().as_str(), tree.read("out/sub/b.js").as_str()), ("b.js", "the old b"));
    assert_eq!(tree.list("out"), "sub/b.js\nz.js/kept.txt");

    fs::remove_file(tree.path("src/z.js")).unwrap();
    tree.ok(&["instrument", "src", "--out-dir", "out"]);
    assert_eq!(names(), "b.js deep");
    assert!(tree.read("out/sub/b.js").contains("ist_arr.push("));
    assert_eq!(tree.list("out"), "a.js\nsub/b.js\nsub/deep/c.js\nz.js/kept.txt");
}
