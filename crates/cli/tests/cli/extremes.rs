//! Deep, long, empty and odd input: a result or a clear error, never an abort.

use std::process::Command;

use crate::tree::Tree;

/// Instruments one file; it must succeed and, if it can run, still do what it did.
fn survives(name: &str, source: &str) {
    let tree = Tree::new(&[("in.js", source)]);
    let run = tree.run(&["instrument", "in.js", "--out-file", "out.js", "--quiet"]);
    assert_eq!(run.code, 0, "{name}: {}", run.stderr);
    assert!(tree.path("out.js").exists(), "{name}");
}

#[test]
fn deep_nesting() {
    let nest = |open: &str, inner: &str, close: &str, depth: usize| {
        format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
    };
    survives("parentheses", &nest("(", "0", ")", 5000));
    survives("arrays", &nest("[", "0", "]", 5000));
    survives("objects", &format!("x={}", nest("{a:", "0", "}", 5000)));
    survives("calls", &nest("f(", "0", ")", 5000));
    survives("calls with brackets in strings", &nest("f(')', ", "0", ")", 20_000));
    survives("functions", &nest("function f(){", "", "}", 3000));
    survives("blocks", &nest("{", "", "}", 5000));
    survives("ifs", &nest("if(a){", "", "}", 3000));
    survives("ifs without blocks", &format!("{}b();", "if(a)".repeat(3000)));
    survives("arrows", &format!("{}0", "a=>".repeat(5000)));
    survives("templates", &nest("`${", "0", "}`", 3000));
    survives("unary", &format!("{}0", "!".repeat(20_000)));
    survives("members", &format!("a{}", ".b()".repeat(20_000)));
    survives("sums", &format!("x=a{}", "+a".repeat(50_000)));
    survives("logical", &format!("x=a{}", "&&a".repeat(20_000)));
    survives("conditionals", &format!("x={}0", "a?b:".repeat(20_000)));
    survives("labels", &format!("{};", (0..3000).map(|at| format!("l{at}:")).collect::<String>()));
    let arms: String = (0..10_000).map(|at| format!("else if(a=={at}){{b();}}")).collect();
    survives("else if", &format!("if(a)b();{arms}"));
}

/// So deep that no worker's stack would do, without a bracket that is open or an operator.
#[test]
fn nesting_by_words_alone() {
    let tree = Tree::new(&[
        ("extends.js", &format!("x=class {}{}", "extends class ".repeat(220_000), "{}".repeat(220_001))),
        ("with.js", &format!("{};", "with(a)".repeat(220_000))),
        ("in.js", &format!("x=a&&(b{})", " in b".repeat(4_000_000))),
        ("as.ts", &format!("x=a&&(b{})", " as any".repeat(220_000))),
        ("satisfies.ts", &format!("x=a&&(b{})", " satisfies any".repeat(220_000))),
        ("keyof.ts", &format!("type A={}b;", "keyof ".repeat(220_000))),
        ("readonly.ts", &format!("type A={}b[];", "readonly ".repeat(220_000))),
        ("unique.ts", &format!("type A={}symbol;", "unique ".repeat(220_000))),
    ]);
    let run = tree.run(&["instrument", ".", "--out-dir", "out", "--quiet"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

/// Under a limit that no worker's stack fits in.
#[cfg(target_os = "linux")]
#[test]
fn little_address_space() {
    let tree = Tree::new(&[("a.js", "a || b;"), ("deep.js", &format!("{}0{}", "(".repeat(5000), ")".repeat(5000)))]);
    let script = "ulimit -v 700000; exec \"$0\" instrument . --out-dir out --threads 16";
    let binary = env!("CARGO_BIN_EXE_pathlight");
    let run = Command::new("sh").args(["-c", script, binary]).current_dir(tree.path("")).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(tree.path("out/deep.js").exists());
}

#[test]
fn nesting_without_end_is_an_error() {
    let tree = Tree::new(&[("in.js", &"(".repeat(3_000_000))]);
    let run = tree.run(&["instrument", "in.js", "--out-file", "out.js"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
}

#[test]
fn long_lines_and_large_files() {
    let statement = "if(a){b('é',[1,2,{c:'😀'}])}else d(a&&b);";
    survives("one line of 4 MB", &statement.repeat(4_000_000 / statement.len()));
    let lines = format!("{statement}\n").repeat(4_000_000 / statement.len());
    survives("a file of 4 MB", &lines);
    survives("a string of 9 MB", &format!("x='{}'||y", "é".repeat(4_500_000)));
}

#[test]
fn odd_texts() {
    for (name, source) in [
        ("empty", ""),
        ("a BOM alone", "\u{feff}"),
        ("blanks", " \t\r\n\u{a0}\u{2028}"),
        ("a comment", "// nothing"),
        ("a hashbang", "#!/usr/bin/env node"),
        ("CRLF", "if (a)\r\n  b();\r\nelse\r\n  c(`x\r\ny`);\r\n"),
        ("U+2028", "'\u{2028}' || f();\u{2029}g(a ? b : c);"),
        ("escaped lone surrogates", "f('\\ud800') || '\\udc00' || `\\ud800`;"),
        ("null character", "'\0' || f();"),
        ("HTML comments", "a || b\n<!-- c\n--> d\n"),
        ("only directives", "'use strict'; 'use asm';"),
    ] {
        survives(name, source);
    }
}

/// The parser drops these parentheses.
#[test]
fn a_decorator_calls_what_stands_in_parentheses() {
    let tree = Tree::new(&[("in.ts", "@(a || b)(c) class A { @(() => d)(e) f() {} @(g())(h) i; }")]);
    tree.ok(&["instrument", "in.ts", "--out-dir", "out", "--verify"]);
    let code = tree.read("out/in.ts");
    for decorator in ["@((a || (ist_arr.push(\"C\"), b))(c))", "@((()=>(ist_arr.push(\"E\"), d))(e))", "@(g()(h))"] {
        assert!(code.contains(decorator), "{decorator}: {code}");
    }
}

#[test]
fn what_the_parser_only_recovers_from() {
    for (name, source) in [
        ("function in if", "function f() {}\nif (a) function f() {}\nelse function f() {}\n"),
        ("return at top level", "if (a) return;\nf(a || b);\n"),
        ("octal", "x = 010 || '\\07';\n"),
        ("delete name", "delete a; with (b) c();\n"),
    ] {
        survives(name, source);
    }
}
