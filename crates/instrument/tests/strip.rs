//! `--strip-types`: what the output looks like, that it is the stripped input with probes, and that it runs and says
//! what the program says.
//!
//! A case is `fixtures/strip/<case>/input.*`. `expected.txt` is what it prints, by TypeScript's rules; without one
//! it is not run, since no engine here takes it. To write or accept snapshots: `INSTA_UPDATE=always cargo test -p
//! pathlight_instrument --test strip`, then read the difference.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use insta::{Settings, assert_snapshot};
use pathlight_instrument::{
    DecoratorKind, ErrorKind, FileKind, Input, InstrumentError, JsxRuntime, NullChecks, Options, SourceMapNames,
    SourceType, StripOptions, check, instrument,
};
use pathlight_mapping::{IdForm, MappingBuilder};
use serde::Deserialize;

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CaseOptions {
    jsx: Jsx,
    decorators: Decorators,
    metadata: Option<Nulls>,
    /// A CommonJS module when it runs.
    commonjs: bool,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Jsx {
    #[default]
    Automatic,
    Classic,
    Preserve,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decorators {
    #[default]
    Standard,
    Legacy,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Nulls {
    Strict,
    Loose,
}

impl CaseOptions {
    fn strip(self) -> StripOptions {
        StripOptions {
            jsx: match self.jsx {
                Jsx::Automatic => JsxRuntime::Automatic,
                Jsx::Classic => JsxRuntime::Classic,
                Jsx::Preserve => JsxRuntime::Preserve,
            },
            decorators: match self.decorators {
                Decorators::Standard => DecoratorKind::Standard,
                Decorators::Legacy => DecoratorKind::Legacy,
            },
            metadata: self.metadata.map(|nulls| match nulls {
                Nulls::Strict => NullChecks::Strict,
                Nulls::Loose => NullChecks::Loose,
            }),
        }
    }
}

struct Case {
    folder: PathBuf,
    name: String,
    file: String,
    text: String,
    options: CaseOptions,
    expected: Option<String>,
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/strip");
    let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.into_iter().map(case).collect()
}

fn case(folder: PathBuf) -> Case {
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let file = files.into_iter().find(|file| file.starts_with("input.")).unwrap();
    let text = fs::read_to_string(folder.join(&file)).unwrap();
    let options = fs::read_to_string(folder.join("options.json"));
    let options = options.map(|json| serde_json::from_str(&json).unwrap()).unwrap_or_default();
    let expected = fs::read_to_string(folder.join("expected.txt")).ok();
    Case { folder, name, file, text, options, expected }
}

struct Done {
    code: String,
}

fn strip(file: &str, text: &str, options: StripOptions) -> Result<Done, InstrumentError> {
    let kind = FileKind::of(file).unwrap();
    let source_type = SourceType::Auto;
    let input = Input { name: file, text, language: kind.language, source_type, map: None };
    let options = Options { strip: Some(options), source_map: true, ..Options::default() };
    let instrumented = instrument(input, &options)?;
    let mut mapping = MappingBuilder::new();
    let first = instrumented.register(input, &mut mapping).unwrap();
    let names = SourceMapNames { file: "output.js".into(), sources: vec![file.to_owned()] };
    let output = instrumented.finish(input, first, IdForm::Number, Some(&names));
    let code = String::from_utf8(output.code).unwrap();
    check(input, &options, &code, IdForm::Number, mapping.probes_from(first))
        .unwrap_or_else(|error| panic!("{file}: {error} in\n{code}"));
    Ok(Done { code })
}

/// swc's helpers are long and not what a case shows.
fn without_helpers(code: &str, source: &str) -> String {
    let mut shown = String::new();
    let mut in_helper = false;
    for line in code.lines() {
        let name = line.split("function ").nth(1).and_then(|rest| rest.split('(').next());
        if !line.starts_with(' ') && line.ends_with('{') && name.is_some_and(|name| !source.contains(name)) {
            in_helper = true;
            shown.push_str(line);
            shown.push_str(" … }\n");
        }
        if !in_helper {
            shown.push_str(line);
            shown.push('\n');
        }
        in_helper &= line != "}";
    }
    shown
}

#[test]
fn snapshots() {
    for case in cases() {
        let done = strip(&case.file, &case.text, case.options.strip()).unwrap();
        let mut settings = Settings::clone_current();
        settings.set_snapshot_path(case.folder.canonicalize().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| assert_snapshot!("output", without_helpers(&done.code, &case.text)));
    }
}

#[test]
fn the_bytes_are_the_same_on_every_thread() {
    for case in cases() {
        let work = || strip(&case.file, &case.text, case.options.strip()).unwrap().code;
        let here = work();
        let there = std::thread::scope(|scope| [scope.spawn(work), scope.spawn(work)].map(|t| t.join().unwrap()));
        assert_eq!(there, [here.clone(), here], "{}", case.name);
    }
}

/// What stands in for React: elements that can be printed.
const REACT: [(&str, &str); 3] = [
    ("package.json", r#"{ "type": "module", "exports": { ".": "./index.js", "./jsx-runtime": "./runtime.js" } }"#),
    (
        "index.js",
        "export const Fragment = 'fragment';\n\
         export const createElement = (type, props, ...children) => ({ type, props, children });\n\
         export default { Fragment, createElement };\n",
    ),
    (
        "runtime.js",
        "export const Fragment = 'fragment';\n\
         export const jsx = (type, props, key) => ({ type, props, key });\n\
         export const jsxs = (type, props, key) => ({ type, many: true, props, key });\n",
    ),
];

#[test]
fn output_runs_and_prints_what_the_program_prints() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("strip");
    let react = folder.join("node_modules/react");
    fs::create_dir_all(&react).unwrap();
    for (file, text) in REACT {
        fs::write(react.join(file), text).unwrap();
    }
    for case in cases() {
        let Some(expected) = &case.expected else { continue };
        let done = strip(&case.file, &case.text, case.options.strip()).unwrap();
        let file = folder.join(format!("{}.{}", case.name, if case.options.commonjs { "cjs" } else { "mjs" }));
        fs::write(&file, done.code).unwrap();
        let run = Command::new("node").arg("--no-warnings").arg(&file).output();
        let run = run.unwrap_or_else(|error| panic!("this test runs its cases in Node 20 or later: node: {error}"));
        let errors = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{} ({}):\n{errors}", case.name, file.display());
        assert_eq!(String::from_utf8_lossy(&run.stdout), *expected, "{}", case.name);
    }
}

#[test]
fn what_cannot_be_stripped() {
    let error = |file: &str, text: &str, decorators: DecoratorKind| {
        let error =
            strip(file, text, StripOptions { jsx: JsxRuntime::Automatic, decorators, metadata: None }).err().unwrap();
        (error.kind, text[error.span.unwrap()].to_owned())
    };
    for parameter in ["m(@inject() x) {}", "constructor(@inject() public x: number) {}"] {
        let (kind, at) = error("a.ts", &format!("class A {{ {parameter} }}"), DecoratorKind::Standard);
        assert_eq!((kind, at.as_str()), (ErrorKind::LegacyDecorator, "@inject()"));
    }
    for (class, on) in [
        ("class A { @dec #x = 1; }", "a private member"),
        ("class A { @dec #m() {} }", "a private member"),
        ("class A { @dec accessor #x = 1; }", "a private member"),
        ("x = @dec class {}", "a class that is an expression"),
        ("x = class { @dec m() {} }", "a class that is an expression"),
    ] {
        let (kind, at) = error("a.ts", class, DecoratorKind::Legacy);
        assert_eq!((kind, at.as_str()), (ErrorKind::StandardDecorator { on }, "@dec"), "{class}");
    }
}

/// The scripts of a page see one another's top-level names: what is made for the decorators of one is not the other's.
#[test]
fn scripts_with_standard_decorators_share_a_page() {
    let script = |name: &str| {
        let text = format!(
            "function all{name}(c, x) {{ return x.kind === 'class' ? c : undefined; }}\n\
             @all{name} class {name} {{ @all{name} me() {{ return {name}; }} @all{name} x = '{name}'; }}\n"
        );
        strip("script.js", &text, CaseOptions::default().strip()).unwrap().code
    };
    // As scripts of one page, a name that both declare is a syntax error in the second.
    let page = format!(
        "const vm = require('vm');\nfor (const script of {}) vm.runInThisContext(script);\n\
         console.log(vm.runInThisContext('[new A().me() === A, new B().me() === B, A.name, new A().x, new B().x].join()'));",
        serde_json::to_string(&[script("A"), script("B")]).unwrap()
    );
    let ran = Command::new("node").args(["-e", &page]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "true,true,A,A,B\n", "{}", String::from_utf8_lossy(&ran.stderr));
}
