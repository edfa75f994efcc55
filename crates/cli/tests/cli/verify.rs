//! `--verify`: every output is checked, and is the same as without.

use crate::tree::Tree;

const FILES: [(&str, &str); 5] = [
    ("src/a.js", "\u{feff}'use strict';\r\nfunction f(a) { if (a) return 1; switch (a) { case 2: } }\r\n"),
    (
        "src/b.ts",
        "class A { constructor(public x: number) {} m?(): void { this.x ||= 2; } }\nenum E { [`c`] = 2 }\na ||= (1, 2);\n(b) ||= () => 1;\nf(a && (!b && (c, d) && (e || (g || h))));\n",
    ),
    ("src/c.tsx", "export const C = ({ a }: { a?: boolean }) => <b>{a ? 1 : 2}</b>;\n"),
    ("src/d.mjs", "import { a } from 'b';\nexport default /*#__PURE__*/ a(() => 1);\n"),
    ("src/e.js", "var nothing = 'to probe';\n"),
];

#[test]
fn outputs_are_checked_and_the_same() {
    for flags in [&[][..], &["--ids", "number"], &["--strip-types"], &["--granularity", "function"]] {
        let outputs = ["--quiet", "--verify"].map(|verify| {
            let tree = Tree::new(&FILES);
            tree.ok(&[&["instrument", "src", "--out-dir", "out", "--source-maps", "inline", verify], flags].concat());
            tree.files("out")
        });
        assert_eq!(outputs[0], outputs[1], "{flags:?}");
        assert_eq!(outputs[0].len(), FILES.len(), "{flags:?}");
    }
}

#[test]
fn an_output_that_was_instrumented_is_followed_back_and_checked() {
    let tree = Tree::new(&[("src/a.ts", "export const f = (a?: number): number => a ?? 1;\n")]);
    let strips = ["instrument", "src/a.ts", "--strip-types", "--out-file", "lib/a.js", "--source-maps", "inline"];
    tree.ok(&[&strips[..], &["--array-name", "first"]].concat());
    // Spelled so that it is not known for ours.
    let code = tree
        .read("lib/a.js")
        .replace("|| (globalThis.first = [])", "??= []")
        .replace("first.push(", "first[\"push\"](");
    tree.write("lib/a.js", code.as_bytes());
    tree.ok(&["instrument", "lib/a.js", "--out-file", "out/a.js", "--verify"]);
    assert!(tree.read("pathlight.mapping").contains("src/a.ts"));
}
