//! Ignore hints: which probes they leave.
//!
//! A case is `fixtures/hints/<case>/input.*`, with `input.*.map` where the hint stands in an original. Its
//! snapshot is the decoded view of the probes that are left. To write or accept snapshots:
//! `INSTA_UPDATE=always cargo test -p pathlight_instrument --test hints`, then read the difference.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use insta::{Settings, assert_snapshot};
use pathlight_instrument::{FileKind, HintWarning, Input, InputMap, Options, check, instrument};
use pathlight_mapping::{IdForm, MappingBuilder, write_decoded};

struct Case {
    folder: PathBuf,
    file: String,
    text: String,
    map: Option<InputMap>,
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/hints");
    let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.into_iter().map(case).collect()
}

fn case(folder: PathBuf) -> Case {
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let file = files.into_iter().find(|file| file.starts_with("input.") && !file.ends_with(".map")).unwrap();
    let text = fs::read_to_string(folder.join(&file)).unwrap();
    let map = fs::read(folder.join(format!("{file}.map"))).ok();
    let map = map.map(|json| InputMap::parse(&json, ToOwned::to_owned).unwrap());
    Case { folder, file, text, map }
}

fn options() -> Options {
    Options::default()
}

fn input<'a>(file: &'a str, text: &'a str, map: Option<&'a InputMap>) -> Input<'a> {
    let FileKind { language, source_type, .. } = FileKind::of(file).unwrap();
    Input { name: file, text, language, source_type, map }
}

/// The decoded view of what is planted, and the code.
fn probes(file: &str, text: &str, map: Option<&InputMap>) -> (String, String) {
    let input = input(file, text, map);
    let instrumented = instrument(input, &options()).unwrap();
    let mut mapping = MappingBuilder::new();
    let first = instrumented.register(input, &mut mapping).unwrap();
    let code = String::from_utf8(instrumented.finish(input, first, IdForm::Vlq, None).code).unwrap();
    check(input, &options(), &code, IdForm::Vlq, mapping.probes_from(first))
        .unwrap_or_else(|error| panic!("{file}: {error} in\n{code}"));
    let original = |name: &str| {
        let mut sources = map.map(|map| map.sources().iter()).into_iter().flatten();
        map.map_or(Some(text.to_owned()), |_| sources.find(|source| source.name == name)?.content.clone())
    };
    let mut decoded = Vec::new();
    write_decoded(&mapping.build(), original, &mut decoded).unwrap();
    (String::from_utf8(decoded).unwrap(), code)
}

#[test]
fn snapshots() {
    for case in cases() {
        let (decoded, code) = probes(&case.file, &case.text, case.map.as_ref());
        if decoded.is_empty() {
            assert_eq!(code, case.text, "{}: without probes nothing changes", case.folder.display());
        }
        let mut settings = Settings::clone_current();
        settings.set_snapshot_path(case.folder.canonicalize().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| assert_snapshot!("decoded", decoded));
    }
}

#[test]
fn every_tool_and_both_kinds_of_comment() {
    for tool in ["pathlight", "istanbul", "c8", "v8", "node:coverage"] {
        for (open, close) in [("/*", "*/"), ("/**", " -- reason */"), ("//", "\n"), ("//", " -- @preserve\n")] {
            let text = format!("a() || {open} {tool} ignore next{close} b();");
            assert_eq!(probes("a.js", &text, None).0, "", "{text}");
        }
    }
}

/// Neither the pass nor the checker waits for the word `ignore`.
#[test]
fn words_of_node_alone() {
    let text = "a || b();\n/* node:coverage disable */\na || b();\n/* node:coverage enable */\na || b();\n";
    assert_eq!(probes("a.js", text, None).1.matches("ist_arr.push(").count(), 2);
}

/// What is wrong with the hints of a file.
fn warnings(text: &str, map: Option<&InputMap>) -> Vec<String> {
    let instrumented = instrument(input("a.js", text, map), &options()).unwrap();
    let place = |warning: &HintWarning| {
        let source = warning.source.map_or("a.js", |at| map.unwrap().sources()[at as usize].name.as_str());
        format!("{source}:{}:{} {:?} {}", warning.at.line, warning.at.column, warning.kind, warning.words)
    };
    instrumented.hint_warnings().iter().map(place).collect()
}

#[test]
fn what_looks_like_a_hint_and_is_none_is_said() {
    let text = "é(); /* istanbul ignore nxt */ f();\r\n// pathlight ignore nextt\ng();\n\
        /* c8 ignore stop */\n/* v8 ignore start */\n/* v8 ignore start */ h();\n/* c8 disable */";
    let found = [
        "a.js:1:5 Unknown istanbul ignore nxt",
        "a.js:2:0 Unknown pathlight ignore nextt",
        "a.js:4:0 NotStarted c8 ignore stop",
        "a.js:5:0 NotStopped v8 ignore start",
        "a.js:7:0 Unknown c8 disable",
    ];
    assert_eq!(warnings(text, None), found);
}

#[test]
fn hints_and_ordinary_comments_are_no_cause_for_a_warning() {
    for words in ["next", "next 3", "next -- @preserve", "next-line", "if: why", "else, because", "file"] {
        for tool in ["pathlight", "istanbul", "c8", "v8", "node:coverage"] {
            assert_eq!(warnings(&format!("/* {tool} ignore {words} */ f();"), None), [""; 0], "{tool} {words}");
        }
    }
    for text in [
        "/* c8 ignore start - why */ f(); /* c8 ignore stop */",
        "/* node:coverage disable */ f(); /* node:coverage enable */",
        "f(); /* node:coverage disable */ g();",
        "// v8 disable inlining\n// istanbul ignores it\n// see c8 ignore hints\n'c8 ignore nxt'; `/* c8 ignore nxt */`;",
        "/* eslint-disable */ // prettier-ignore\n/** Some words\n * c8 ignore nxt */",
    ] {
        assert_eq!(warnings(text, None), [""; 0], "{text}");
    }
}

/// A person mends them where they wrote them.
#[test]
fn warnings_are_given_where_the_original_is() {
    let json = r#"{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA;AACA","sourcesContent":["/* c8 ignore nxt */\nf(); // c8 ignore stop\n"]}"#;
    let map = InputMap::parse(json.as_bytes(), ToOwned::to_owned).unwrap();
    let text = "/* c8 ignore nxt */\nf(); // c8 ignore stop\n";
    let found = ["a.ts:1:0 Unknown c8 ignore nxt", "a.ts:2:5 NotStarted c8 ignore stop"];
    assert_eq!(warnings(text, Some(&map)), found);
    // A compiler dropped the stop.
    assert_eq!(warnings("/* v8 ignore start */ f();", Some(&map))[0], "a.js:1:0 NotStopped v8 ignore start");
}

#[test]
fn odd_texts_do_not_panic() {
    let texts = [
        "/* c8 ignore next 3 */",
        "// c8 ignore next",
        "/* c8 ignore start */",
        "a /* c8 ignore next 4294967295 */ && b",
        "/* c8 ignore if */ if (a) b; /* c8 ignore else */",
        "/* c8 ignore stop */ a && b",
        "é\u{2028}/* c8 ignore next 1 */\u{2028}é && 😀x\u{2029}",
        "#!/x\n/* @nocoverage",
        "/* istanbul ignore next *//* istanbul ignore next */",
        "",
    ];
    for text in texts {
        // Some are no programs at all.
        let _ = instrument(input("a.js", text, None), &options());
    }
}
