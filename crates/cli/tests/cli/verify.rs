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

/// TypeScript's compiler makes directives of strings that stand first once types are gone, and of no others.
#[test]
fn a_string_behind_types_is_a_directive() {
    let is_strict = "return a && this === undefined; }";
    let source = format!(
        "interface I {{ b: string }}
        declare const a: any;
        'not strict';
        var a: any = true;
        function types(this: any) {{ type A = 1; 'x'; function f(): void; 'use strict'; {is_strict}
        function space(this: any) {{ interface A {{}} 'use strict'; interface B {{}} {is_strict}
        function first(this: any) {{ 'use strict'; type A = 1; {is_strict}
        function empty(this: any) {{ ; 'use strict'; {is_strict}
        function parentheses(this: any) {{ ('use strict'); {is_strict}
        function behind(this: any) {{ type A = 1; a; 'use strict'; {is_strict}
        namespace N {{ export type A = 1 }}
        console.log(types(), space(), first(), empty(), parentheses(), behind());"
    );
    let tree = Tree::new(&[
        ("in.cts", source.as_str()),
        ("all.cts", "namespace N { export type A = 1 }\n'use strict';\nif (a) console.log(1);"),
        ("empty.mts", ";'use client'; a && b;"),
        ("import.mts", "import { A } from 'a';\n'use client'; a && (b as A);"),
    ]);
    tree.ok(&["instrument", ".", "--verify", "--out-dir", "typed", "--mapping", "typed.mapping"]);
    tree.ok(&["instrument", ".", "--strip-types", "--verify", "--out-dir", "out", "--exclude", "typed"]);
    assert_eq!(tree.node(&["out/in.cjs"]).stdout, "true true true false false false\n");
    assert!(tree.read("out/all.cjs").starts_with("'use strict';"), "{}", tree.read("out/all.cjs"));
    assert!(tree.read("out/empty.mjs").contains("('use client')"), "{}", tree.read("out/empty.mjs"));
    let typed = tree.read("typed/in.cts");
    assert!(typed.find("'not strict'") < typed.find("globalThis"), "{typed}");
}
