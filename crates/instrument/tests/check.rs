//! The checker finds what is wrong: outputs that were tampered with, and mappings.
//!
//! Each case is a program, what is replaced in its output, and what the checker has to say. The pass makes none of
//! these: the checker is all that would see them.

// clippy.toml allows it in tests, and the functions that tests call are tests too.
#![allow(clippy::unwrap_used)]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use pathlight_instrument::{
    CheckError, CheckErrorKind, CommentFate, Input, InputMap, Language, Options, SourceType, check, instrument,
};
use pathlight_mapping::{IdForm, MappingBuilder, Position, Probe, ProbeId, ProbeKind, Site};

use crate::support::{Case, file_name, fixtures, folders};

struct Done {
    text: &'static str,
    language: Language,
    source_type: SourceType,
    options: Options,
    code: String,
    entries: Vec<(ProbeId, Probe)>,
}

impl Done {
    fn of(text: &'static str, language: Language, source_type: SourceType) -> Self {
        let mut done =
            Self { text, language, source_type, options: Options::default(), code: String::new(), entries: Vec::new() };
        let mut mapping = MappingBuilder::new();
        let instrumented = instrument(done.input(), &done.options).unwrap();
        let first = instrumented.register(done.input(), &mut mapping).unwrap();
        done.entries = mapping.probes_from(first).to_vec();
        done.code = String::from_utf8(instrumented.finish(done.input(), first, IdForm::Vlq, None).code).unwrap();
        assert_eq!(done.check(&done.code), Ok(()), "{text}");
        done
    }

    fn module(text: &'static str) -> Self {
        Self::of(text, Language::JavaScript, SourceType::Module)
    }

    fn script(text: &'static str) -> Self {
        Self::of(text, Language::JavaScript, SourceType::Script)
    }

    fn typescript(text: &'static str) -> Self {
        Self::of(text, Language::TypeScript, SourceType::Module)
    }

    fn input(&self) -> Input<'static> {
        let Self { text, language, source_type, .. } = *self;
        Input { name: "input.js", text, language, source_type, map: None }
    }

    fn check(&self, code: &str) -> Result<(), CheckError> {
        check(self.input(), &self.options, code, IdForm::Vlq, &self.entries)
    }

    /// What the checker says when the first `from` of the output is `to`.
    fn replaced(&self, from: &str, to: &str) -> CheckErrorKind {
        assert!(self.code.contains(from), "{from:?} is not in\n{}", self.code);
        let code = self.code.replacen(from, to, 1);
        match self.check(&code) {
            Ok(()) => panic!("not caught: {from:?} → {to:?} in\n{code}"),
            Err(error) => error.kind,
        }
    }

    fn differs(&self, from: &str, to: &str) {
        let kind = self.replaced(from, to);
        assert!(matches!(kind, CheckErrorKind::Differs { .. }), "{from:?} → {to:?}: {kind:?}");
    }

    /// What the checker says when the entry of `id` is changed.
    fn recorded(&self, id: &str, change: impl Fn(&mut Probe)) -> CheckErrorKind {
        let mut entries = self.entries.clone();
        let entry = entries.iter_mut().find(|(found, _)| found.to_string() == id).unwrap();
        change(&mut entry.1);
        check(self.input(), &self.options, &self.code, IdForm::Vlq, &entries).unwrap_err().kind
    }
}

fn id(text: &str) -> ProbeId {
    text.parse().unwrap()
}

#[test]
fn probes_that_are_lost_or_twice_or_elsewhere() {
    let done = Done::module("function f(a) { if (a) { return 1; } return a && g(a); }\nfunction g() {}");
    assert_eq!(done.replaced("ist_arr.push(\"C\");", ""), CheckErrorKind::MissingProbe(Site::IfThen));
    assert_eq!(done.replaced("ist_arr.push(\"I\");", ""), CheckErrorKind::MissingProbe(Site::Function));
    assert_eq!(done.replaced("(ist_arr.push(\"G\"), g(a))", "g(a)"), CheckErrorKind::MissingProbe(Site::Logical));
    assert_eq!(done.replaced("push(\"C\")", "push(\"E\")"), CheckErrorKind::IdTwice(id("E")));
    assert_eq!(done.replaced("push(\"C\")", "push(\"M\")"), CheckErrorKind::IdNotInMapping(id("M")));
    assert_eq!(done.replaced("if (a)", "if (ist_arr.push(\"C\"), a)"), {
        CheckErrorKind::Differs { part: "Expr", output: "ist_arr.push(\"C\"), a".into(), input: "a".into() }
    });
    done.differs("return 1;", "return 1; ist_arr.push(\"C\");");
    done.differs("return 1;", "{ ist_arr.push(\"C\"); return 1; }");
    done.differs("ist_arr.push(\"C\");", "other.push(\"C\");");
    done.differs("ist_arr.push(\"C\");", "ist_arr.push(\"C\", 1);");
    done.differs("ist_arr.push(\"C\");", "ist_arr?.push(\"C\");");
    done.differs("ist_arr.push(\"C\");", "ist_arr.push(\"\\x43\");");
    done.differs("ist_arr.push(\"C\");", "ist_arr.push(1);");
    done.differs("ist_arr.push(\"C\");", "ist_arr[\"push\"](\"C\");");
    let swapped = done.code.replace("\"I\"", "\"?\"").replace("\"K\"", "\"I\"").replace("\"?\"", "\"K\"");
    let out_of_order = CheckErrorKind::OutOfOrder { id: id("K"), expected: id("I") };
    assert_eq!(done.check(&swapped).unwrap_err().kind, out_of_order);
    // With an ignore hint a probe may be missing in the code, but not only there.
    let ignored = Done::module("/* c8 ignore next */ function h() {}\nfunction f() {}\nfunction g() {}");
    assert_eq!(ignored.replaced("ist_arr.push(\"E\");", ""), CheckErrorKind::IdNotInCode(id("E")));
}

#[test]
fn a_stray_probe() {
    let done = Done::module("function f() { g(1); }");
    assert_eq!(done.replaced("g(1)", "ist_arr.push(\"C\")"), CheckErrorKind::StrayProbe(id("C")));
    let sealed = Done::script("function f(o) { with (o) { if (a) { b(); } } }");
    let in_with = sealed.replaced("b();", "ist_arr.push(\"C\"); b();");
    assert_eq!(in_with, CheckErrorKind::ForbiddenProbe { id: id("C"), place: "the body of a `with`" });
    let asm = Done::module("function m() { 'use asm'; return 1; } function f() {}");
    let in_asm = asm.replaced("'use asm';", "'use asm'; ist_arr.push(\"C\");");
    assert_eq!(in_asm, CheckErrorKind::ForbiddenProbe { id: id("C"), place: "a function with \"use asm\"" });
}

#[test]
fn statements() {
    let done = Done::module("function f(a) { 'use strict'; a.x = 1; if (a) { b(); } else { c(); } return a; }");
    done.differs("a.x = 1;", "");
    done.differs("a.x = 1;", "a.x = 1; a.y = 2;");
    assert_eq!(done.replaced("'use strict';", ""), CheckErrorKind::StrayProbe(id("G")));
    done.differs("'use strict';", "('use strict');");
    let late = done.replaced("'use strict';\n    ist_arr.push(\"G\");", "ist_arr.push(\"G\");\n    'use strict';");
    assert_eq!(late, CheckErrorKind::StrayProbe(id("G")));
    done.differs("return a;", "return;");
    done.differs("b();", "c();");
    done.differs("{\n        ist_arr.push(\"E\");\n        c();\n    }", "{ ist_arr.push(\"E\"); }");
    let swapped = done.code.replace("b()", "?").replace("c()", "b()").replace('?', "c()");
    assert!(matches!(done.check(&swapped).unwrap_err().kind, CheckErrorKind::Differs { .. }));
    // What is made is nothing but its probe, and nothing of the input is made.
    let alone = Done::module("function f(a) { if (a) { let x = 1; } { let y = 2; } }");
    alone.differs("ist_arr.push(\"E\");", "ist_arr.push(\"E\"); g();");
    alone.differs("{\n        let y = 2;\n    }", "let y = 2;");
    alone.differs("let x = 1;", "{ let x = 1; }");
    let emptied = Done::module("function f(a) { if (a) { } else { } a || g(); }");
    assert_eq!(
        emptied.replaced(" else {\n        ist_arr.push(\"E\");\n    }", "").to_string().split(':').next(),
        Some("else")
    );
}

#[test]
fn switches() {
    let done = Done::module("function f(a) { switch (a) { case 1: b(); case 2: c(); } }");
    assert_eq!(done.replaced("c();\n            break;", "c();"), CheckErrorKind::FallsIntoMade);
    done.differs("case 2:", "case 3:");
    done.differs("b();", "b();\n            break;");
    done.differs("ist_arr.push(\"G\");", "ist_arr.push(\"G\"); b();");
    assert_eq!(done.replaced("break;", "break f;"), CheckErrorKind::FallsIntoMade);
    assert_eq!(
        done.replaced("default:\n            ist_arr.push(\"G\");", ""),
        CheckErrorKind::Differs { part: "added", output: "break;".into(), input: String::new() }
    );
    // Where types are kept, what is made is no `default`.
    let typed =
        Done::typescript("function f(a: 1) { switch (a) { case 1: b(); } switch (typeof a) { case 'x': c(); } }");
    typed.differs("throw 0;", "");
    typed.differs("throw 0;", "throw 1;");
    typed.differs("0 / 0", "0");
    typed.differs("0 / 0", "0 / 1");
    typed.differs(" as never", "");
    typed.differs(" as never", " as any");
    typed.differs("(ist_arr.push(\"E\"), 0 / 0 as never)", "0 / 0 as never");
    typed.differs("case (ist_arr.push(\"E\"), 0 / 0 as never):\n            throw 0;", "default: ist_arr.push(\"E\");");
    typed.differs("default:\n            ist_arr.push(\"I\");", "case (ist_arr.push(\"I\"), 0 / 0 as never): throw 0;");
    assert_eq!(typed.replaced("c();\n            break;", "c();"), CheckErrorKind::FallsIntoMade);
    assert_eq!(typed.replaced("b();\n            break;", "b();"), CheckErrorKind::FallsIntoMade);
    let plain = Done::module("function f(a) { switch (a) { case 1: } }");
    plain.differs("default:\n            ist_arr.push(\"E\");", "case (ist_arr.push(\"E\"), 0 / 0): throw 0;");
}

/// What is declared to TypeScript alone binds nothing, and takes no name from the statement that makes the array.
#[test]
fn ambient_declarations() {
    for declared in [
        "declare const ist_arr: any[];",
        "declare const globalThis: any;",
        "declare namespace N { const globalThis: any; }",
        "declare class globalThis {}",
        "declare global { var ist_arr: any[]; }",
    ] {
        let text = format!("{declared} export function f() {{}}").leak();
        Done::typescript(text);
    }
    let bound = Done::typescript("const globalThis = self; function f() {}");
    let header = "(typeof self === \"undefined\" ? global : self)";
    assert_eq!(bound.code.matches(header).count(), 2);
    let code = bound.code.replace(header, "globalThis");
    assert_eq!(bound.check(&code).unwrap_err().kind, CheckErrorKind::WrongHeader);
}

#[test]
fn expressions() {
    let done = Done::module(
        "let f = (a, b) => ({ a, 'k': 1, m: 0x10, s: '\\u{1F600}\\uD800', r: /x/g, big: 10n, t: `a${b}c` });\n\
         let o = (a?.b).c, n = -(1), s = `x\\n`, d = delete a.b, g = async function* () {}, h = a ? b : c;",
    );
    for (from, to) in [
        ("'k': 1", "k: 1"),
        ("0x10", "16"),
        ("\\uD800", "\\uDC00"),
        ("\\uD800", ""),
        ("'\\u{1F600}\\uD800'", "\"\\u{1F600}\\uD800\""),
        ("/x/g", "/x/"),
        ("10n", "11n"),
        ("`a${b}c`", "`a${b}`"),
        ("(a?.b).c", "a?.b.c"),
        ("-1", "+1"),
        ("`x\\n`", "`x\n`"),
        ("delete a.b", "delete a?.b"),
        ("async function*", "async function"),
        ("async function*", "function*"),
        ("let o", "var o"),
        ("let o", "let p"),
        ("(a, b)=>", "(b, a)=>"),
        ("(a, b)=>", "(a)=>"),
        ("a ? ", "b ? "),
        ("\"G\"), b)", "\"G\"), c)"),
    ] {
        if from == "-1" && !done.code.contains(from) {
            done.differs("-(1)", "+(1)");
            continue;
        }
        done.differs(from, to);
    }
    done.differs("(ist_arr.push(\"G\"), b)", "(ist_arr.push(\"G\"), x, b)");
}

#[test]
fn names_of_functions_and_this() {
    let done = Done::module("let f; f ||= function () {}; f &&= g(); let h = function () {}; (a?.b)(); a?.b();");
    assert_eq!(
        done.replaced(
            "{\n    f: function() {\n        ist_arr.push(\"C\");\n    }\n}.f",
            "function() { ist_arr.push(\"C\"); }"
        ),
        { CheckErrorKind::NameLost }
    );
    assert_eq!(done.replaced("    f: function", "    g: function"), CheckErrorKind::NameLost);
    assert_eq!(done.replaced("}.f", "}.g"), CheckErrorKind::NameLost);
    done.differs("h = function() {\n    ist_arr.push(\"I\");\n}", "h = (0, function() { ist_arr.push(\"I\"); })");
    done.differs("(a?.b)()", "a?.b()");
    done.differs("f ||=", "(f) ||=");
}

#[test]
fn classes_and_types() {
    let done = Done::typescript(
        "class A<T> extends B { static x = 1; @dec m?(a: number, b?: 'k'): void {} get y() { return 1; } private z = 2; }\n\
         let u = (v as unknown as { q?: 1 })!; type F = (x?: number) => 0x10;",
    );
    for (from, to) in [
        ("static x", "x"),
        ("extends B", "extends C"),
        ("extends B ", ""),
        ("<T>", ""),
        ("@dec", ""),
        ("a: number", "a: string"),
        ("a: number", "a"),
        ("b?: 'k'", "b: 'k'"),
        ("'k'", "\"k\""),
        (": void", ""),
        ("get y()", "y()"),
        ("private z", "z"),
        ("z = 2", "z"),
        ("q?: 1", "q: 1"),
        ("!;", ";"),
        ("x?: number", "x: number"),
        ("0x10", "16"),
        ("as unknown as", "as"),
    ] {
        done.differs(from, to);
    }
}

#[test]
fn modules_and_headers() {
    let done = Done::module(
        "'use client';\nimport a, { b as c } from 'd';\nexport default function () {}\nexport { c as e };",
    );
    const HEADER: &str = "globalThis.ist_arr || (globalThis.ist_arr = []);\n";
    assert_eq!(done.replaced(HEADER, ""), CheckErrorKind::NoHeader);
    done.differs(HEADER, "globalThis.ist_arr = [];\n");
    done.differs(HEADER, "globalThis.ist_arr || (globalThis.ist_arr = [1]);\n");
    done.differs(HEADER, "globalThis.ist_arr || (globalThis.other = []);\n");
    done.differs("'use client';\n", "");
    done.differs(&format!("'use client';\n{HEADER}"), &format!("{HEADER}'use client';\n"));
    done.differs("{ b as c }", "{ b }");
    done.differs("from 'd'", "from 'e'");
    done.differs("export default function()", "export function x()");
    done.differs("c as e", "c");
    let bound = Done::module("function self() {}");
    assert_eq!(bound.replaced(HEADER, "self.ist_arr || (self.ist_arr = []);\n"), CheckErrorKind::WrongHeader);
    let undeclared = Done::module("let a = 1;");
    assert_eq!(undeclared.check("globalThis.ist_arr || (globalThis.ist_arr = []);\nlet a = 1;").unwrap_err().kind, {
        CheckErrorKind::WrongHeader
    });
    assert!(matches!(undeclared.check("let a = ;").unwrap_err().kind, CheckErrorKind::Unreadable(_)));
}

#[test]
fn completion_values() {
    let done = Done::script("'before'; if (a) { var x; } else { f(); }");
    let kept = "{\n        let _ = ist_arr.push(\"C\");\n    }";
    assert_eq!(done.replaced(kept, "ist_arr.push(\"C\");"), CheckErrorKind::CompletionValue);
    assert_eq!(done.replaced(kept, ""), CheckErrorKind::MissingProbe(Site::IfThen));
    done.differs(kept, "{ var _ = ist_arr.push(\"C\"); }");
    done.differs(kept, "{ let x = ist_arr.push(\"C\"); }");
    let declares = Done::script("function f() {}");
    let kept = "{\n    let _ = globalThis.ist_arr || (globalThis.ist_arr = []);\n}";
    assert_eq!(declares.replaced(kept, "globalThis.ist_arr || (globalThis.ist_arr = []);"), {
        CheckErrorKind::CompletionValue
    });
    let inside = Done::script("function f() {} f();");
    assert_eq!(
        inside.replaced("ist_arr.push(\"C\");", "{ let _ = ist_arr.push(\"C\"); }"),
        CheckErrorKind::NeedlessForm
    );
}

#[test]
fn comments_that_tools_read() {
    let done = Done::module(
        "/*! licence */\nlet a = b && /*#__PURE__*/ c();\nimport(/* webpackChunkName: \"x\" */ './x');\nlet f = () => /* @__PURE__ */ g();",
    );
    let lost = |text: &str| CheckErrorKind::Comment { text: text.into(), fate: CommentFate::Lost };
    assert_eq!(done.replaced("/*! licence */", ""), lost("! licence"));
    assert_eq!(done.replaced("/*#__PURE__*/", ""), lost("#__PURE__"));
    assert_eq!(done.replaced("/* webpackChunkName: \"x\" */", ""), lost("webpackChunkName: \"x\""));
    assert_eq!(done.replaced("/* webpackChunkName: \"x\" */ './x'", "'./x' /* webpackChunkName: \"x\" */"), {
        lost("webpackChunkName: \"x\"")
    });
    assert_eq!(
        done.replaced("(ist_arr.push(\"C\"), /*#__PURE__*/ c())", "/*#__PURE__*/ (ist_arr.push(\"C\"), c())"),
        { CheckErrorKind::Comment { text: "#__PURE__".into(), fate: CommentFate::Parted } }
    );
}

#[test]
fn what_the_mapping_says() {
    let done = Done::module("function f(a) {\n  if (a) b();\n  return a && (() => 1);\n}\nfunction g() {}");
    let value = |kind| match kind {
        CheckErrorKind::Recorded { value, .. } => value,
        other => panic!("{other:?}"),
    };
    let moved = Position { line: 2, column: 3 };
    assert_eq!(value(done.recorded("C", |probe| probe.at = moved)), "position");
    assert_eq!(value(done.recorded("C", |probe| probe.kind = ProbeKind::Function)), "kind");
    let extent = |change: fn(&mut pathlight_mapping::Extent)| {
        value(done.recorded("C", |probe| change(probe.extent.as_mut().unwrap())))
    };
    assert_eq!(extent(|extent| extent.start.column += 1), "start");
    assert_eq!(extent(|extent| extent.end.column += 1), "end");
    assert_eq!(extent(|extent| extent.site = Site::Loop), "site");
    assert_eq!(extent(|extent| extent.owner = None), "owner");
    assert_eq!(extent(|extent| extent.owner = ProbeId::new(6)), "owner");
    assert_eq!(extent(|extent| extent.decision = ProbeId::new(2).unwrap()), "decision");
    let fewer = &done.entries[1..];
    let error = check(done.input(), &done.options, &done.code, IdForm::Vlq, fewer).unwrap_err();
    assert_eq!(error.kind, CheckErrorKind::IdNotInMapping(id("C")));
    assert_eq!(error.to_string(), "id C of the code is not in the mapping (output 5:8, input 2:2)");
    let numbers = check(done.input(), &done.options, &done.code, IdForm::Number, &done.entries);
    assert!(numbers.is_err(), "ids are spelled in the other form");
}

/// A bundler's wrapper has no original and no probe: its functions do not own one another.
#[test]
fn functions_in_one_that_nobody_wrote() {
    let text = "(function () {\nfunction a() {}\nfunction b() { a || b; }\n})();";
    let json = r#"{ "version": 3, "sources": ["a.js"], "names": [], "mappings": ";AAAA;AACA" }"#;
    let map = InputMap::parse(json.as_bytes(), ToOwned::to_owned).unwrap();
    let input = Input {
        name: "input.js",
        text,
        language: Language::JavaScript,
        source_type: SourceType::Auto,
        map: Some(&map),
    };
    let mut mapping = MappingBuilder::new();
    let instrumented = instrument(input, &Options::default()).unwrap();
    let first = instrumented.register(input, &mut mapping).unwrap();
    let code = String::from_utf8(instrumented.finish(input, first, IdForm::Vlq, None).code).unwrap();
    let owners: Vec<_> = mapping.probes_from(first).iter().map(|(_, probe)| probe.extent.unwrap().owner).collect();
    assert_eq!(owners, [None, ProbeId::new(3), None]);
    assert_eq!(check(input, &Options::default(), &code, IdForm::Vlq, mapping.probes_from(first)), Ok(()));
}

/// TypeScript refuses statements there, which is no reason to miss their probes.
#[test]
fn statements_that_are_declared() {
    let done = Done::typescript("declare namespace N { if (a) b(); }\nexport const c = a && b;");
    assert_eq!(done.entries.len(), 1);
    let code = done.code.replace("b();", "{ ist_arr.push(\"C\"); b(); }");
    let kind = done.check(&code).unwrap_err().kind;
    assert_eq!(kind.to_string(), "probe C stands in what is declared to TypeScript alone");
}

/// `let _ = _.push("C")` would read the name before it has a value.
#[test]
fn an_array_that_hides_behind_its_own_name() {
    let text = "if (a) { var x; }";
    let options = Options { array: "_".into(), ..Options::default() };
    let (language, source_type) = (Language::JavaScript, SourceType::Script);
    let input = Input { name: "input.js", text, language, source_type, map: None };
    let code = "globalThis._ || (globalThis._ = []);\nif (a) { { let _ = _.push(\"C\"); } var x; }";
    let kind = check(input, &options, code, IdForm::Vlq, &[]).unwrap_err().kind;
    assert!(matches!(kind, CheckErrorKind::Differs { .. }), "{kind:?}");
}

/// Whatever line of any fixture's output goes, it is missed, but for comments and empty statements.
#[test]
fn no_line_of_an_output_may_go() {
    let mut gone = 0;
    for site in folders(&fixtures("constructs")) {
        for folder in folders(&site) {
            let case = Case::read(&folder, file_name(&folder).to_owned());
            let done = case.instrument(case.id_form());
            let lines: Vec<_> = done.code.split_inclusive('\n').collect();
            for at in 0..lines.len() {
                let line = lines[at].trim();
                let is_comment = ["//", "/*", "* "].iter().any(|open| line.starts_with(open)) || line.ends_with("*/");
                // A `break` that was made behind one that no one passes.
                let is_spare = line == "break;" && folder.ends_with("last_case_leaves");
                if is_comment || is_spare || line.is_empty() || line == ";" || done.mapping.is_empty() {
                    continue;
                }
                let code = [&lines[..at], &lines[at + 1..]].concat().concat();
                // The parser's own assertions refuse some of these first.
                let passed = catch_unwind(AssertUnwindSafe(|| case.check(&code, &done, case.id_form()))).ok();
                assert_ne!(passed, Some(Ok(())), "{}: not missed: {line}", folder.display());
                gone += 1;
            }
        }
    }
    assert!(gone > 4000, "only {gone} lines");
}
