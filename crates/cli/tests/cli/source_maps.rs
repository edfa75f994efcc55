//! Source maps, read by Node's own reader and seen in its stack traces.

use crate::tree::Tree;

const PROGRAM: &str = "\
interface Named { name: string }
export function greet(who: Named, mark = \"😀\") {
  if (who) return `hi ${who.name}`;
  else throw new Error(\"nobody\" + mark);
}
greet(undefined as any);
";

/// The place that an error's stack names first.
fn place_of_error(tree: &Tree, file: &str) -> String {
    let run = tree.node(&["--enable-source-maps", file]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    let line = run.stderr.lines().find(|line| line.trim_start().starts_with("at ")).unwrap().to_owned();
    line.rsplit('/').next().unwrap().trim_end_matches(')').to_owned()
}

#[test]
fn stacks_point_to_the_original() {
    for how in ["file", "inline"] {
        let tree = Tree::new(&[("src/a.mts", PROGRAM)]);
        tree.ok(&["instrument", "src", "--out-dir", "out", "--strip-types", "--source-maps", how]);
        assert_eq!(place_of_error(&tree, "out/a.mjs"), "a.mts:4:14", "{how}");
    }
}

#[test]
fn an_input_map_is_followed_back() {
    let tree = Tree::new(&[("src/a.mts", PROGRAM)]);
    // The first run stands for any compiler: its output and map are the second's input.
    tree.ok(&[
        "instrument",
        "src",
        "--out-dir",
        "mid",
        "--strip-types",
        "--source-maps",
        "file",
        "--array-name",
        "first",
    ]);
    // Spelled so that it is not known for ours.
    let code = tree
        .read("mid/a.mjs")
        .replace("|| (globalThis.first = [])", "??= []")
        .replace("first.push(", "first[\"push\"](");
    tree.write("mid/a.mjs", code.as_bytes());
    tree.ok(&["instrument", "mid/a.mjs", "--out-dir", "out", "--source-maps", "file"]);
    assert_eq!(place_of_error(&tree, "out/a.mjs"), "a.mts:4:14");
    // Code that the first run made has no original and gets no probe: its `else` is the only branch by default.
    insta::assert_snapshot!(tree.ok(&["decode", "pathlight.mapping", "--sources", "."]).stdout);
    let map = tree.read("out/a.mjs.map");
    let map: serde_json::Value = serde_json::from_str(&map).unwrap();
    assert_eq!(map["sources"], serde_json::json!(["../src/a.mts"]));
    assert_eq!(map["sourcesContent"][0], PROGRAM);
}

/// What compilers call hidden: the code does not name its map.
#[test]
fn a_map_beside_the_input_is_followed_too() {
    let map = r#"{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}"#;
    let tree = Tree::new(&[("dist/a.js", "if (a) b();\n"), ("dist/a.js.map", map)]);
    tree.ok(&["instrument", "dist/a.js", "--out-dir", "out"]);
    assert!(tree.read("pathlight.mapping").starts_with(" FileNames:[\"dist/a.ts\"]"));
    tree.ok(&["instrument", "dist/a.js", "--out-dir", "out", "--no-input-source-maps"]);
    assert!(tree.read("pathlight.mapping").starts_with(" FileNames:[\"dist/a.js\"]"));
}

#[test]
fn urls_in_an_input_map_are_read_as_urls() {
    let tree = Tree::new(&[
        ("mid/a b.js", "const f = (a) => a;\n//# sourceMappingURL=a%20b.js.map\n"),
        (
            "mid/a b.js.map",
            r#"{"version":3,"sources":["../lib/c.ts","../src/a%20%C3%A4%23.ts"],"ignoreList":[0],"names":[],"mappings":"ACAA"}"#,
        ),
    ]);
    tree.ok(&["instrument", "mid", "--out-dir", "out", "--source-maps", "file"]);
    let map: serde_json::Value = serde_json::from_str(&tree.read("out/a b.js.map")).unwrap();
    assert_eq!(map["sources"], serde_json::json!(["../lib/c.ts", "../src/a%20ä%23.ts"]));
    assert_eq!(map["ignoreList"], serde_json::json!([0]));
    assert!(tree.read("pathlight.mapping").starts_with(" FileNames:[\"src/a ä#.ts\"]"));
}

#[test]
fn joined_files_have_an_index_map() {
    let tree = Tree::new(&[
        ("a.js", "function a(x) { return x || 1; }\n"),
        ("b.js", "function b() {\n  throw new Error(a(0));\n}\nb();\n"),
    ]);
    tree.ok(&["instrument", "a.js", "b.js", "--out-file", "out/all.js", "--source-maps", "file"]);
    assert_eq!(place_of_error(&tree, "out/all.js"), "b.js:2:9");
}

#[test]
fn every_segment_points_to_the_same_text() {
    let source = "\
const naïve = async (ключ, { a = 1, ...rest } = {}) => (await ключ) ?? `t${a}é😀`;\r
class C extends (class {}) { static #p = 1; get q() { return C.#p && /re/g; } }\u{2028}label: for (const [k] of [[1]]) { if (k) continue label; else switch (k) { case 1: break; } }
";
    let tree = Tree::new(&[("a.js", source)]);
    tree.ok(&["instrument", "a.js", "--out-dir", "out", "--source-maps", "file"]);
    let script = r#"
        const { readFileSync } = require("node:fs");
        const { SourceMap } = require("node:module");
        const split = (text) => text.split(/\r\n|[\n\r\u2028\u2029]/);
        const code = split(readFileSync("out/a.js", "utf8"));
        const source = split(readFileSync("a.js", "utf8"));
        const map = new SourceMap(JSON.parse(readFileSync("out/a.js.map", "utf8")));
        let words = 0;
        code.forEach((line, row) => {
          for (const { index, 0: word } of line.matchAll(/[\p{L}_$#][\p{L}\d_$]*/gu)) {
            const entry = map.findEntry(row, index);
            if (entry.generatedLine !== row || entry.generatedColumn !== index) continue;
            const there = source[entry.originalLine].slice(entry.originalColumn);
            words++;
            if (!there.startsWith(word)) console.log(`${row}:${index} ${word} -> ${there}`);
          }
        });
        console.log(words > 30 ? "all words found" : `only ${words} words`);
    "#;
    let run = tree.node(&["-e", script]);
    assert_eq!(run.stdout, "all words found\n", "{}", run.stderr);
}

#[test]
fn a_map_that_names_no_original_is_said() {
    let map = r#"{"version":3,"sources":[],"names":[],"mappings":""}"#;
    let tree = Tree::new(&[("a.js", "f(a || b);\n//# sourceMappingURL=a.js.map\n"), ("a.js.map", map)]);
    let run = tree.ok(&["instrument", "a.js", "--out-dir", "out"]);
    assert!(
        run.stderr.contains("note: a.js: no probes, since its input source map names no original"),
        "{}",
        run.stderr
    );
}

/// What only re-exports has a compiler's functions alone.
#[test]
fn helpers_without_an_original_are_no_news() {
    let map = r#"{"version":3,"sources":["a.ts"],"names":[],"mappings":";;AAAA"}"#;
    let code = "\"use strict\";\nvar pass = function (m) { return m; };\npass(require('./b'));\n//# sourceMappingURL=a.js.map\n";
    let tree = Tree::new(&[("a.js", code), ("a.js.map", map)]);
    let run = tree.ok(&["instrument", "a.js", "--out-dir", "out"]);
    assert!(!run.stderr.contains("note: a.js"), "{}", run.stderr);
    assert_eq!(tree.read("out/a.js"), code);
}

/// A file with a map that has these fields.
fn mapped(fields: &str) -> Tree {
    let map = format!(r#"{{"version":3,{fields},"names":[],"mappings":"AAAA"}}"#);
    Tree::new(&[("mid/a.js", "f(a || b);\n//# sourceMappingURL=a.js.map\n"), ("mid/a.js.map", &map)])
}

#[test]
fn sources_are_named_by_their_place_whatever_their_spelling() {
    for (fields, name) in [
        (r#""sources":["../src/a.ts"]"#, "src/a.ts"),
        (r#""sourceRoot":"../src","sources":["a.ts"]"#, "src/a.ts"),
        (r#""sources":["..\\src\\a.ts"]"#, "src/a.ts"),
        (r#""sources":["http://x.org/a.ts"]"#, "http://x.org/a.ts"),
        (r#""sources":["webpack://app/./a.ts?1"]"#, "webpack://app/./a.ts?1"),
        #[cfg(unix)]
        (r#""sources":["C:\\app\\a.ts"]"#, "file:///C:/app/a.ts"),
        #[cfg(unix)]
        (r#""sources":["file:///C:/app/a.ts"]"#, "file:///C:/app/a.ts"),
    ] {
        let tree = mapped(fields);
        tree.ok(&["instrument", "mid/a.js", "--out-dir", "out", "--source-maps", "file"]);
        let mapping = tree.read("pathlight.mapping");
        let names = mapping.lines().next().unwrap().replace("\\:", ":");
        assert_eq!(names, format!(r#" FileNames:["{name}"]"#), "{fields}");
    }
    let tree = mapped(r#""sources":["file://FOLDER/src/a.ts","file://localhostFOLDER/src/b.ts"]"#);
    let folder = std::fs::canonicalize(tree.path("")).unwrap();
    let map = tree.read("mid/a.js.map").replace("FOLDER", folder.to_str().unwrap());
    tree.write("mid/a.js.map", map.replace("AAAA", "AAAA,GCAA").as_bytes());
    let input = folder.join("mid/a.js");
    let root = folder.to_str().unwrap();
    tree.ok(&["instrument", input.to_str().unwrap(), "--root", root, "--out-dir", "out", "--source-maps", "file"]);
    assert!(tree.read("pathlight.mapping").starts_with(" FileNames:[\"src/b.ts\"]"));
    let map: serde_json::Value = serde_json::from_str(&tree.read("out/a.js.map")).unwrap();
    assert_eq!(map["sources"], serde_json::json!(["../src/a.ts", "../src/b.ts"]));
}

/// A folder is not what it was made from.
#[test]
fn a_source_without_a_name_is_no_original() {
    for source in ["null", "\"\""] {
        let tree = mapped(&format!(r#""sources":[{source}]"#));
        let run = tree.ok(&["instrument", "mid/a.js", "--out-dir", "out", "--source-maps", "file"]);
        assert!(run.stderr.contains("its input source map names no original"), "{}", run.stderr);
        let manifest: serde_json::Value = serde_json::from_str(&tree.read("pathlight.mapping.build.json")).unwrap();
        assert_eq!(manifest["files"], serde_json::json!([]));
    }
}

#[test]
fn a_map_is_found_by_every_url_of_a_file() {
    let json = r#"{"version":3,"sources":["src/a.ts"],"names":[],"mappings":"AAAA"}"#;
    let tree = Tree::new(&[("a.js.map", json), ("bom.js.map", &format!("\u{feff}{json}"))]);
    let file = format!("file://{}", tree.path("a.js.map").display());
    // 65 bytes, so that padding belongs to it.
    let unpadded = "data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbInNyYy9hLnRzIl0sIm5hbWVzIjpbXSwibWFwcGluZ3MiOiJBQUFBIn0";
    for url in ["a.js.map", "bom.js.map", "a.js.map?v=3", "a.js.map#x", &file, unpadded] {
        tree.write("a.js", format!("f(a || b);\n//# sourceMappingURL={url}\n").as_bytes());
        tree.ok(&["instrument", "a.js", "--out-dir", "out"]);
        assert!(tree.read("pathlight.mapping").starts_with(" FileNames:[\"src/a.ts\"]"), "{url}");
    }
    tree.write("a.js", b"f(a || b);\n//# sourceMappingURL=data:application/json;base64,@@@@\n");
    let run = tree.run(&["instrument", "a.js", "--out-dir", "out"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("a.js: the input source map cannot be read"), "{}", run.stderr);
}

/// Sass and others name so what they read from standard input. A name must be short, and hold no source text.
#[test]
fn a_source_that_is_its_own_url_has_a_name() {
    let tree = mapped(r#""sources":["data:text/javascript;charset=utf-8,f(a%20||%20b)"]"#);
    tree.ok(&["instrument", "mid/a.js", "--out-dir", "out", "--source-maps", "file"]);
    let mapping = tree.read("pathlight.mapping");
    let name = mapping.lines().next().unwrap().replace("\\:", ":");
    assert!(name.starts_with(" FileNames:[\"data:text/javascript,") && !name.contains("20"), "{name}");
    assert_eq!(name.len(), " FileNames:[\"data:text/javascript,\"]".len() + 32, "{name}");
    let map: serde_json::Value = serde_json::from_str(&tree.read("out/a.js.map")).unwrap();
    assert_eq!(map["sources"], serde_json::json!(["data:text/javascript;charset=utf-8,f(a%20||%20b)"]));
}

/// A file's own name may have what ends the path of a URL.
#[test]
fn a_map_whose_name_has_a_question_mark_goes_before() {
    let map = |source| format!(r#"{{"version":3,"sources":["{source}"],"names":[],"mappings":"AAAA"}}"#);
    let (plain, marked) = (map("plain.ts"), map("marked.ts"));
    let code = "f(a || b);\n//# sourceMappingURL=a.js.map?v=3\n";
    let tree = Tree::new(&[("src/a.js", code), ("src/a.js.map", &plain), ("src/a.js.map?v=3", &marked)]);
    tree.ok(&["instrument", "src/a.js", "--out-dir", "out"]);
    assert!(tree.read("pathlight.mapping").starts_with(" FileNames:[\"src/marked.ts\"]"));
}

/// What the tag of a template sees is part of the program, whatever it looks like.
#[test]
fn text_of_a_template_at_the_end_is_no_comment() {
    for end in ["//# sourceMappingURL=${url}`", "//# sourceMappingURL=${url}`;\n", "//# sourceMappingURL=a\n//`\n"] {
        let tree = Tree::new(&[("a.js", &format!("export const show = (url) => `\n{end}"))]);
        tree.ok(&["instrument", "a.js", "--out-dir", "out", "--verify"]);
        assert!(tree.read("out/a.js").contains(end.trim_end_matches(['`', ';', '\n'])), "{}", tree.read("out/a.js"));
    }
    let end = "f((a) => a); //# sourceMappingURL=b.js.map\n// end\n//# sourceMappingURL=c.js.map\n";
    let tree = Tree::new(&[("a.js", end)]);
    tree.ok(&["instrument", "a.js", "--out-dir", "out", "--verify"]);
    let code = tree.read("out/a.js");
    assert!(!code.contains("sourceMappingURL") && code.contains("// end"), "{code}");
}
