//! Bad input gets an error with place, cause and remedy, exit code 2, and an output folder as it was.

use std::fs;

use crate::tree::Tree;

/// Runs, expects exit code 2, and returns the message.
fn refused(tree: &Tree, args: &[&str]) -> String {
    let before = tree.files("out");
    let run = tree.run(args);
    assert_eq!(run.code, 2, "{args:?}: {}{}", run.stdout, run.stderr);
    assert_eq!(tree.files("out"), before, "the output folder changed");
    assert!(!tree.path("pathlight.mapping").exists(), "a mapping was written");
    let leftovers: Vec<_> = fs::read_dir(tree.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".pathlight-"))
        .collect();
    assert!(leftovers.is_empty(), "left behind: {leftovers:?}");
    run.stderr
}

#[test]
fn all_bad_files_are_reported_in_one_run() {
    let tree = Tree::new(&[
        ("src/good.js", "f();\n"),
        ("src/expected.js", "let a = 1;\nconst b = ;\n"),
        ("src/unclosed.ts", "function f(a: number) {\n  return a;\n"),
        ("src/deep/jsx.tsx", "const a = <b>\n  <c></d>\n</b>;\n"),
        ("out/kept.txt", "as it was"),
    ]);
    insta::assert_snapshot!(refused(&tree, &["instrument", "src", "--out-dir", "out"]));
}

#[test]
fn a_cut_off_program_is_not_completed() {
    for (name, source) in [
        ("brace", "if (a) { b();"),
        ("semicolon", "let a = 1 let b"),
        ("string", "f('abc"),
        ("comment", "f(); /* abc"),
        ("pattern", "[a + 1] = 3;"),
        ("operand", "f(delete (), 1);"),
        ("operand in a pattern", "[a = typeof ()] = b;"),
    ] {
        let tree = Tree::new(&[("in.js", source)]);
        let message = refused(&tree, &["instrument", "in.js", "--out-dir", "out"]);
        assert!(message.starts_with("error: syntax error: "), "{name}: {message}");
    }
}

/// The parser reads them as comments also in modules, where they are operators: `a < !(--b)`.
#[test]
fn comments_as_in_html_are_refused_in_modules_only() {
    for source in ["a <!--b;", "a\n--> b"] {
        let module = format!("export {{}};\n{source}");
        let tree = Tree::new(&[("in.mjs", module.as_str()), ("in.js", source)]);
        let message = refused(&tree, &["instrument", "in.mjs", "--out-dir", "out"]);
        assert!(message.contains("a comment as in HTML, which modules do not have"), "{source}: {message}");
        assert_eq!(tree.run(&["instrument", "in.js", "--out-dir", "out"]).code, 0, "{source}");
    }
}

/// Printed without them, programs that are none would become programs. The parser reads and forgets them.
#[test]
fn decorators_are_refused_where_nothing_can_be_decorated() {
    let programs = [
        ("@d function f() {}", 1),
        ("export default @d function () {}", 16),
        ("a(); @d { b() }", 6),
        ("@(d) if (a) b();", 1),
        ("@d\nexport const a = 1;", 1),
        ("'a @b'; /* @c */ `${'@d'} @e`; @ /* @f */ g let h;", 32),
        ("class C { @d constructor() {} }", 11),
        ("class C { @d static {} }", 11),
        ("f = (@d a) => a;", 6),
        ("2 / @d a;", 5),
        ("class C { @d [key: string]: any }", 11),
    ];
    for (source, column) in programs {
        let tree = Tree::new(&[("in.ts", source)]);
        let message = refused(&tree, &["instrument", "in.ts", "--out-dir", "out"]);
        assert!(message.contains("a decorator is not valid here"), "{source}: {message}");
        assert!(message.contains(&format!("in.ts:1:{column}")), "{source}: {message}");
    }
}

/// Engines refuse them too. In the block that a probe needs they would run.
#[test]
fn declarations_are_refused_where_only_a_statement_may_stand() {
    let programs = [
        ("if (a) class C {}", false),
        ("if (a); else class C {}", false),
        ("if (a) function* f() {}", false),
        ("if (a) async function f() {}", false),
        ("if (a) l: function f() {}", false),
        ("if (a) let [b] = c;", false),
        ("if (a) let/**/[b] = c;", false),
        ("'use strict'; if (a) function f() {}", false),
        ("() => { 'use strict'; if (a) function f() {} }", false),
        ("class C { m() { if (a) function f() {} } }", false),
        ("while (a) function f() {}", false),
        ("while (a) l: function f() {}", false),
        ("do function f() {} while (a);", false),
        ("for (;;) function f() {}", false),
        ("for (b in a) class C {}", false),
        ("for (b of a) function f() {}", false),
        ("with (a) function f() {}", false),
        ("l: class C {}", false),
        ("l: async function f() {}", false),
        ("'use strict'; l: function f() {}", false),
        ("if (a) function f() {} else function f() {}", true),
        ("l: m: function f() {}", true),
        ("('use strict'); if (a) function f() {}", true),
        ("class C {} if (a) function f() {}", true),
        ("() => { 'use strict'; }; if (a) function f() {}", true),
        ("'use str\\ict'; if (a) function f() {}", true),
        ("if (a) let\n;", true),
        ("if (a) lets[0] = 1;", true),
    ];
    for (source, is_program) in programs {
        let tree = Tree::new(&[("in.cjs", source)]);
        assert_eq!(tree.node(&["--check", "in.cjs"]).code == 0, is_program, "{source}");
        if is_program {
            tree.ok(&["instrument", "in.cjs", "--verify", "--out-dir", "out"]);
            assert_eq!(tree.node(&["--check", "out/in.cjs"]).code, 0, "{source}");
        } else {
            let message = refused(&tree, &["instrument", "in.cjs", "--out-dir", "out"]);
            assert!(message.contains("a declaration where only a statement may stand"), "{source}: {message}");
        }
    }
}

/// What swc takes of TypeScript and no compiler should: it has no meaning, or loses it without its types.
#[test]
fn what_only_the_parser_takes_is_refused() {
    let programs = [
        ("for (const of a) {}", "a declaration without a variable"),
        ("let a; var;", "a declaration without a variable"),
        ("var this = 1;", "`this` is no name"),
        ("var { a: this } = 1, b;", "`this` is no name"),
        ("function f(a, { this }) {}", "`this` is no name"),
        ("try {} catch (this) {}", "`this` is no name"),
        ("class A { static constructor() {} }", "TypeScript has no static `constructor`"),
        ("class A { public /**/ static 'constructor'(a: B) {} }", "TypeScript has no static `constructor`"),
        ("class A { constructor(private [a] = b) {} }", "a parameter property is a pattern"),
        ("module 'a' { f(); }", "a module with a quoted name is not declared"),
        ("a<B>`${(() || 4)}`;", "an expression is missing"),
        ("a<B>`${(() * 4)}`;", "an expression is missing"),
        ("a = b ? (c): D => (() * 4) : d;", "an expression is missing"),
        ("class A { constructor(this: B) {} }", "a constructor has no parameter `this`"),
        ("'a' as B = c;", "an assignment to what is neither a variable nor a member"),
        ("f()! satisfies B += 1;", "an assignment to what is neither a variable nor a member"),
        ("a ?? b || c;", "`??` stands beside `||` or `&&` without parentheses"),
        ("a && b ?? c;", "`??` stands beside `||` or `&&` without parentheses"),
        ("a ?? (b && c ?? d);", "`??` stands beside `||` or `&&` without parentheses"),
    ];
    for (source, message) in programs {
        let tree = Tree::new(&[("in.cts", source)]);
        let said = refused(&tree, &["instrument", "in.cts", "--strip-types", "--out-dir", "out"]);
        assert!(said.contains(message), "{source}: {said}");
    }
    for source in [
        "function f(this: A, a) {} class A { m(this) {} set a(b) {} }",
        "class A { /* static */ constructor() {} } class B { private constructor() {} static ['constructor']() {} }",
        "a ?? (b || c); (a && b) ?? c; a || b && c; a ?? b ?? c;",
        "declare module 'a' { const b; } class A { constructor(private a = b, readonly c) {} }",
        "class A { @b static #h(): void; @b static #h() {} }",
        "a! = 1; a.b as C += 1; (a as B)! = 1; (a as B) &&= 1; (a! as B)++;",
        "(let[a]); (let[a].b)(); (let[a]());",
    ] {
        let tree = Tree::new(&[("in.cts", source)]);
        tree.ok(&["instrument", "in.cts", "--strip-types", "--verify", "--out-dir", "out"]);
        assert_eq!(tree.node(&["--check", "out/in.cjs"]).code, 0, "{source}: {}", tree.read("out/in.cjs"));
    }
}

/// The file is a module by what stands behind.
#[test]
fn yield_is_no_name_in_a_module() {
    for source in ["yield;", "a(yield\n+ 2);", "let yield;", "yield: for (;;) break yield;"] {
        let tree = Tree::new(&[("in.js", &format!("{source} export const b = 1;")), ("in.cjs", source)]);
        let said = refused(&tree, &["instrument", "in.js", "--out-dir", "out"]);
        assert!(said.contains("`yield` is no name in strict mode code"), "{source}: {said}");
        tree.ok(&["instrument", "in.cjs", "--verify", "--out-dir", "out"]);
        assert_eq!(tree.node(&["--check", "out/in.cjs"]).code, 0, "{source}");
    }
}

/// A file that imports its JSX runtime is a module, where `yield` is no name.
#[test]
fn what_is_no_module_cannot_import_a_runtime() {
    let tree = Tree::new(&[("in.jsx", "yield;\nview = <p/>;")]);
    let said = refused(&tree, &["instrument", "in.jsx", "--strip-types", "--out-dir", "out"]);
    assert!(said.contains("in.jsx:1:1"), "{said}");
    tree.ok(&["instrument", "in.jsx", "--strip-types", "--jsx", "classic", "--verify", "--out-dir", "out"]);
    assert!(tree.read("out/in.js").contains("createElement"));
}

/// What is written in a block there by TypeScript's compiler would be bound in another one.
#[test]
fn enums_and_namespaces_are_refused_where_only_a_statement_may_stand() {
    for source in
        ["if (a) enum E { A }", "with (a) enum E { A }", "l: const enum E { A }", "while (a) namespace N { f(); }"]
    {
        let tree = Tree::new(&[("in.ts", source)]);
        let message = refused(&tree, &["instrument", "in.ts", "--strip-types", "--out-dir", "out"]);
        assert!(message.contains("a declaration where only a statement may stand"), "{source}: {message}");
    }
    // Nothing is left of these.
    let types = "if (a) declare enum E { A }\nif (a) interface I {}\nwhile (a) type T = 1;\nl: function f(): void;";
    let tree = Tree::new(&[("in.ts", types)]);
    tree.ok(&["instrument", "in.ts", "--strip-types", "--verify", "--out-dir", "out"]);
    assert_eq!(tree.node(&["--check", "out/in.js"]).code, 0);
}

#[test]
fn methods_of_objects_are_refused_without_a_body() {
    for source in ["f({ m(); });", "f({ m(a: number): void\n});", "f({ get m(); });"] {
        let tree = Tree::new(&[("in.ts", source)]);
        let message = refused(&tree, &["instrument", "in.ts", "--out-dir", "out"]);
        assert!(message.contains("an object's method without a body"), "{source}: {message}");
    }
}

/// The parser reads `await` there as a name and the operand as a statement of its own.
#[test]
fn an_await_that_would_lose_its_operand_is_refused() {
    for source in ["await\nf();", "if (a) await\nf();", "const a = await\nf();", "export {};\nawait\n\n`a`;"] {
        let tree = Tree::new(&[("in.mjs", source)]);
        let message = refused(&tree, &["instrument", "in.mjs", "--out-dir", "out"]);
        assert!(message.contains("`await` without an operand on the same line"), "{source}: {message}");
    }
}

#[test]
fn types_of_flow_are_told_from_mistakes() {
    let tree = Tree::new(&[
        ("flow.js", "/**\n * @flow strict\n */\n'use strict';\nconst f = (a: mixed) => a;\n"),
        ("comments.js", "// @flow\nconst f = (a /*: mixed */) => a;\n"),
        ("mistake.js", "const f = (a: mixed) => a; // no @flow here\n"),
    ]);
    tree.ok(&["instrument", "comments.js", "--out-dir", "out"]);
    fs::remove_file(tree.path("pathlight.mapping")).unwrap();
    let error = refused(&tree, &["instrument", "flow.js", "--out-dir", "out"]);
    assert!(error.contains("--> flow.js:5:13") && error.contains("flow-remove-types"), "{error}");
    let error = refused(&tree, &["instrument", "mistake.js", "--out-dir", "out"]);
    assert!(!error.contains("flow-remove-types"), "{error}");
}

#[test]
fn a_long_line_is_shown_around_the_place() {
    let source = format!("{}const a = ;{}\n", "f(1);".repeat(2000), "g(2);".repeat(2000));
    let tree = Tree::new(&[("long.js", &source)]);
    insta::assert_snapshot!(refused(&tree, &["instrument", "long.js", "--out-dir", "out"]));
}

#[test]
fn output_of_another_array_is_refused() {
    let tree = Tree::new(&[
        ("in.js", "f(a || b);\n"),
        ("minified.js", "(()=>{globalThis.$hits||(globalThis.$hits=[]);f(a||($hits.push(\"C\"),b))})();\n"),
        ("closure.js", "var a=[];function b(){a.push(\"G\");return c?(a.push(\"C\"),1):(a.push(\"E\"),2)}b();\n"),
        (
            "lines.js",
            "var __jscov=window.top.__jscov||(window.top.__jscov={fileNames:[]}),d=[];function e(){d[0]=!0}\n",
        ),
        ("queue.js", "globalThis.layer || (globalThis.layer = []);\nlayer.push('event', a || b);\n"),
    ]);
    tree.ok(&["instrument", "in.js", "--array-name", "hits", "--out-file", "first.js", "--mapping", "first.mapping"]);
    insta::assert_snapshot!(refused(
        &tree,
        &["instrument", "first.js", "minified.js", "closure.js", "lines.js", "--out-dir", "out"]
    ));
    tree.ok(&["instrument", "queue.js", "--out-dir", "out"]);
}

#[test]
fn bytes_that_are_no_text() {
    let tree = Tree::new(&[]);
    tree.write("latin.js", b"// line 1\nf('caf\xe9');\n");
    tree.write("utf16.js", b"\xff\xfef\x00(\x00)\x00");
    tree.write("surrogate.js", b"'\xed\xa0\x80'");
    insta::assert_snapshot!(refused(&tree, &["instrument", ".", "--out-dir", "out"]));
}

#[test]
fn the_arrays_name_is_taken() {
    let tree = Tree::new(&[
        ("binds.js", "function f(ist_arr) {\n  return ist_arr;\n}\n"),
        ("escaped.js", "const \\u0069st_arr = 1;\n"),
        ("imports.mjs", "import { ist_arr } from './x.mjs';\n"),
        ("with.js", "function f(o) {\n  with (o) {\n    var ist_arr = 1;\n  }\n}\n"),
        ("uses.js", "setInterval(() => send(ist_arr), 500);\n"),
        ("fine.js", "({ ist_arr: 1 }).ist_arr;\nist_arr: for (;;) break ist_arr;\n"),
        ("again.js", "globalThis.ist_arr || (globalThis.ist_arr = []);\nfunction f() {\n  ist_arr.push(\"C\");\n}\n"),
        (
            "istanbul.js",
            "function cov_1abc2d() {\n  var coverageData = { s: {}, _coverageSchema: \"1a1c\" };\n  return coverageData;\n}\ncov_1abc2d().s[0]++;\n",
        ),
        ("closure.js", "var ist_arr=[];function f(){ist_arr.push(\"C\")}f();\n"),
    ]);
    insta::assert_snapshot!(refused(&tree, &["instrument", ".", "--out-dir", "out"]));
}

#[test]
fn flags_that_make_no_sense() {
    let tree = Tree::new(&[
        ("a.js", "f();"),
        ("b.js", "g();"),
        ("x/a.js", "h();"),
        ("externs.js", "window.ist_arr;"),
        ("bad.js", "var = 1;"),
    ]);
    let mut messages = String::new();
    for args in [
        &["instrument"][..],
        &["instrument", "nowhere.js"],
        &["instrument", "a.js", "b.js"],
        &["instrument", "*.tsx", "--out-dir", "out"],
        &["instrument", "a.js", "--array-name", "a.b"],
        &["instrument", "a.js", "--array-name", "class"],
        &["instrument", "a.js", "--externs", "externs.js"],
        &["instrument", "a.js", "--externs", "nowhere.js"],
        &["instrument", "a.js", "--externs", "bad.js"],
        &["instrument", "a.js", "--array-name", "undefined"],
        &["instrument", "a.js", "--array-name", "Array"],
        &["instrument", "a.js", "--mapping", "-"],
        &["instrument", "a.js", "--root", "nowhere"],
        &["instrument", "a.js", "--jsx", "preserve"],
        &["instrument", "a.js", "--decorators", "standard"],
        &["instrument", "a.js", "--emit-decorator-metadata"],
        &["instrument", "a.js", "--build-id", ""],
        &["instrument", "-", "-", "--out-dir", "out"],
        &["instrument", "a.js", "--out-file", "a.js"],
        &["instrument", ".", "--out-dir", "."],
        &["instrument", "-", "--stdin-name", "code.py"],
        &["decode", "nowhere.mapping"],
        &["decode", "a.js"],
        &["decode", "a.js", "--sources", "nowhere"],
        &["--js", "a.js", "--instrument_for_coverage_option", "LINE"],
        &["--js", "a.js", "--instrument_for_coverage_option", "branch"],
        &["--js", "a.js", "--instrument_for_coverage_option", "SOME"],
    ] {
        messages.push_str(&format!("$ pathlight {}\n{}\n", args.join(" "), refused(&tree, args)));
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn places_that_cannot_be_written() {
    let tree = Tree::new(&[("a.js", "f(x || y);"), ("file.txt", "")]);
    for args in [
        ["instrument", "a.js", "--out-dir", "file.txt/below"],
        ["instrument", "a.js", "--out-dir", "/proc/pathlight"],
        ["instrument", "a.js", "--out-file", "/proc/pathlight/out.js"],
    ] {
        let message = refused(&tree, &args);
        assert!(message.starts_with("error: cannot write "), "{message}");
    }
    let message = refused(&tree, &["instrument", "a.js", "--out-dir", "out", "--mapping", "file.txt/a.mapping"]);
    assert!(message.contains("cannot write"), "{message}");
}

/// Neither a source nor another output is worth less than the one that comes last.
#[cfg(unix)]
#[test]
fn nothing_is_written_over_an_input_or_another_output() {
    let files = [("src/a.js", "f(x || y);"), ("src/sub/a.js", "g(x || y);"), ("real/b.js", "h(x || y);")];
    let tree = Tree::new(&files);
    tree.write("more/a.ts", b"f();");
    tree.write("more/a.js", b"g();");
    // All of it goes to one place anyway.
    let joined = ["instrument", "more", "--out-file", "joined.js", "--strip-types", "--mapping", "/dev/null"];
    tree.ok(&joined);
    for (target, link) in [("src", "link"), ("src/a.js", "link.js"), ("../real/b.js", "src/b.js")] {
        std::os::unix::fs::symlink(target, tree.path(link)).unwrap();
    }
    for (args, what) in [
        (&["src", "--out-dir", "link"][..], "src/a.js would be overwritten by its own output"),
        (&["src/a.js", "--out-file", "link.js"], "src/a.js would be overwritten by its own output"),
        (&["src/a.js", "src/sub/a.js", "--out-dir", "src/sub"], "src/sub/a.js would be overwritten by the output of"),
        (&["src/b.js", "--out-dir", "real"], "src/b.js would be overwritten by its own output"),
        (
            &["src", "more/a.ts", "more/a.js", "--out-dir", "out", "--strip-types"],
            "the output of more/a.ts and the output of more/a.js would be written to the same place",
        ),
        (&["src", "--out-dir", "out", "--mapping", "src/sub/a.js"], "src/sub/a.js would be overwritten by the mapping"),
        (&["src", "--out-dir", "out", "--mapping", "out/a.js"], "the output of src/a.js and the mapping would be"),
        (&["src", "--out-file", "c.js", "--mapping", "./c.js"], "the code and the mapping would be"),
        (
            &["src", "--out-file", "c.js", "--source-maps", "file", "--mapping", "c.js.map"],
            "the source map and the mapping would be",
        ),
    ] {
        let message = refused(&tree, &[&["instrument"], args].concat());
        assert!(message.contains(what), "{args:?}: {message}");
        assert!(files.iter().all(|(path, text)| tree.read(path) == *text), "{args:?}: a source changed");
    }
}

/// `-o dist` for `-d dist` must not cost what is in there.
#[test]
fn a_folder_is_never_replaced_by_a_file() {
    let tree = Tree::new(&[
        ("src/a.js", "f(x || y);"),
        ("src/b.js", "g(x || y);"),
        ("out/a.js", "the old a"),
        ("out/b.js/in_the_way.txt", "kept"),
        ("other/kept.txt", "kept"),
    ]);
    for args in [
        &["instrument", "src", "--out-dir", "out"][..],
        &["instrument", "src", "--out-file", "out"],
        &["instrument", "src", "--out-file", "."],
        &["instrument", "src", "--out-file", "code.js", "--mapping", "out"],
    ] {
        let message = refused(&tree, args);
        assert!(message.contains(": is a directory") || message.contains(": it is a folder"), "{message}");
    }
    assert!(!tree.path("code.js").exists());
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_in_circles() {
    let tree = Tree::new(&[("src/a.js", "f(x || y);"), ("src/deep/b.js", "g();")]);
    // As Emacs locks a file.
    for (target, link) in [("..", "deep/up"), ("someone@somewhere.12", ".#a.js"), ("self.js", "self.js")] {
        std::os::unix::fs::symlink(target, tree.path("src").join(link)).unwrap();
    }
    let run = tree.ok(&["instrument", "src", "--out-dir", "out"]);
    for link in ["src/deep/up: the link leads back", "src/.#a.js: the link leads nowhere", "src/self.js: the link"] {
        assert!(run.stderr.contains(&format!("note: passed over {link}")), "{}", run.stderr);
    }
    assert_eq!(tree.list("out"), "a.js\ndeep/b.js");

    fs::remove_file(tree.path("pathlight.mapping")).unwrap();
    std::os::unix::fs::symlink("itself.js", tree.path("itself.js")).unwrap();
    let message = refused(&tree, &["instrument", "itself.js"]);
    assert!(message.starts_with("error: cannot read itself.js:"), "{message}");
}

#[test]
fn keep_going_copies_what_cannot_be_instrumented() {
    let tree = Tree::new(&[("src/bad.js", "const = 1;\n"), ("src/good.js", "f(a || b);\n")]);
    tree.write("src/latin.js", b"'\xe9'");
    tree.write("src/own.js", b"var ist_arr = [];\n");
    tree.write("src/twice.js", b"globalThis.a || (globalThis.a = []);\na.push(\"C\");\n");
    tree.write("src/globals.js", b"let globalThis, self, window, global;\nf(a || b);\n");
    tree.write("src/mapped.js", b"f(a || b);\n//# sourceMappingURL=data:application/json,{\n");
    let run = tree.ok(&["instrument", "src", "--out-dir", "out", "--keep-going"]);
    insta::assert_snapshot!(run.stderr.split(", build ").next().unwrap());
    let (input, mut output) = (tree.files("src"), tree.files("out"));
    assert!(String::from_utf8(output.remove("good.js").unwrap()).unwrap().contains("ist_arr.push(\"C\")"));
    assert!(output.iter().all(|(name, bytes)| input[name] == *bytes) && output.len() == input.len() - 1);
}

/// What cannot be stripped keeps the name that says what it is.
#[test]
fn keep_going_copies_what_cannot_be_stripped() {
    let tree = Tree::new(&[
        ("src/bad.ts", "const x: = 1;\n"),
        ("src/good.ts", "f(a as T || b);\n"),
        ("src/injected.ts", "class A { m(@inject() x: B) {} }\n"),
    ]);
    let run = tree.ok(&["instrument", "src", "--out-dir", "out", "--strip-types", "--keep-going"]);
    insta::assert_snapshot!(run.stderr.split(", build ").next().unwrap());
    assert_eq!(tree.list("out"), "bad.ts\ngood.js\ninjected.ts");
    assert_eq!(tree.files("out")["injected.ts"], tree.files("src")["injected.ts"]);
}

#[test]
fn a_broken_input_map_is_an_error_and_a_missing_one_is_not() {
    let tree = Tree::new(&[("a.js", "f(x || y);\n//# sourceMappingURL=a.js.map\n"), ("a.js.map", "{\"version\":3,")]);
    let message = refused(&tree, &["instrument", "a.js", "--out-dir", "out"]);
    assert!(message.contains("a.js: the input source map cannot be read"), "{message}");
    tree.ok(&["instrument", "a.js", "--out-dir", "out", "--no-input-source-maps"]);
    fs::remove_file(tree.path("a.js.map")).unwrap();
    tree.ok(&["instrument", "a.js", "--out-dir", "out"]);
}
