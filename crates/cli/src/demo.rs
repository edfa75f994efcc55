//! `pathlight demo`: two small programs instrumented, run and explained.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use anstyle::{AnsiColor, Style};
use pathlight_instrument::{FileKind, Input, Options, instrument};
use pathlight_mapping::{IdForm, Mapping, MappingBuilder, MappingFormat, decode};

use crate::diagnostic::Failure;
use crate::flags::DemoFlags;

const PROGRAMS: [(&str, &str); 2] =
    [("fib.js", include_str!("demo/fib.js")), ("shipping.js", include_str!("demo/shipping.js"))];

const RUNNER: &str = include_str!("demo/runner.cjs");

const TITLE: Style = Style::new().bold();
const NEVER: Style = AnsiColor::Red.on_default();
const FAINT: Style = Style::new().dimmed();

pub(crate) fn run(_: &DemoFlags) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    for (name, source) in PROGRAMS {
        explain(name, source, &mut out)?;
    }
    write_all(&mut out, "Now yours:  pathlight instrument src --out-dir build\n")
}

fn explain(name: &str, source: &str, out: &mut impl Write) -> Result<(), Failure> {
    let options = Options::default();
    let kind = FileKind::of(name).ok_or_else(|| Failure::usage(name, ""))?;
    let input = Input { name, text: source, language: kind.language, source_type: kind.source_type, map: None };
    let failed = |error: pathlight_instrument::InstrumentError| Failure::usage(error.to_string(), "");
    let instrumented = instrument(input, &options).map_err(failed)?;
    let mut builder = MappingBuilder::new();
    let first = instrumented.register(input, &mut builder).unwrap_or(1);
    let code = instrumented.finish(input, first, IdForm::Vlq, None).code;
    let mapping = builder.build();

    let mut text = Vec::new();
    mapping.write(MappingFormat::Closure, &mut text).map_err(Failure::Output)?;
    section(out, &format!("{name}, instrumented"), &String::from_utf8_lossy(&code))?;
    section(out, "Its mapping, as Closure Compiler writes it", &String::from_utf8_lossy(&text))?;

    match run_in_node(name, &code)? {
        Some(run) => {
            section(out, "What it prints", &run.output)?;
            write_all(out, &format!("{TITLE}What ran{TITLE:#}\n\n{}\n", hits(&mapping, source, &run.hits)))
        }
        None => {
            let mut view = String::new();
            for row in decode(&mapping) {
                view.push_str(&format!("{:3} {:14} {}:{}:{}\n", row.id, row.kind, row.file, row.line, row.column));
            }
            section(out, "What each id stands for (node is not installed, so it was not run)", &view)
        }
    }
}

fn section(out: &mut impl Write, title: &str, text: &str) -> Result<(), Failure> {
    let indented: String = text.lines().map(|line| format!("  {line}\n")).collect();
    write_all(out, &format!("{TITLE}{title}{TITLE:#}\n\n{indented}\n"))
}

fn write_all(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    out.write_all(text.as_bytes()).map_err(Failure::Output)
}

struct ProgramRun {
    output: String,
    /// How often each id was pushed.
    hits: HashMap<String, u64>,
}

/// `None` if there is no node.
fn run_in_node(name: &str, code: &[u8]) -> Result<Option<ProgramRun>, Failure> {
    let folder = tempfile::tempdir().map_err(Failure::io("write", Path::new("a temporary folder")))?;
    let program = folder.path().join(name);
    let runner = folder.path().join("runner.cjs");
    let trace = folder.path().join("trace.json");
    fs::write(&program, code).map_err(Failure::io("write", &program))?;
    fs::write(&runner, RUNNER).map_err(Failure::io("write", &runner))?;
    let output = match Command::new("node").arg(&runner).arg(&program).arg(&trace).output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::Io("run", "node".into(), error)),
    };
    let pushed = fs::read_to_string(&trace).ok().and_then(|trace| serde_json::from_str::<Vec<String>>(&trace).ok());
    let Some(pushed) = pushed else {
        return Err(Failure::usage(
            format!("`node` did not run {name} to its end: {}", output.status),
            "check that `node --version` prints a version of Node.js",
        ));
    };
    let mut hits = HashMap::new();
    for id in pushed {
        *hits.entry(id).or_insert(0) += 1;
    }
    let output = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Ok(Some(ProgramRun { output, hits }))
}

/// Every probe with its hit count and the source line it stands for.
fn hits(mapping: &Mapping, source: &str, hits: &HashMap<String, u64>) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let mut text = format!("  {FAINT}  hits  id  what{:25}where{FAINT:#}\n", "");
    for row in decode(mapping) {
        let count = hits.get(&row.id).copied().unwrap_or(0);
        let (count, style) = if count == 0 { ("never".to_owned(), NEVER) } else { (count.to_string(), Style::new()) };
        let what = format!("{} {}", row.site.unwrap_or(row.kind), row.function);
        let line = lines.get(row.line as usize - 1).map_or("", |line| line.trim());
        text.push_str(&format!(
            "  {style}{count:>6}  {:2}  {what:29}{:>2}:{:<3}{style:#} {FAINT}{line}{FAINT:#}\n",
            row.id, row.line, row.column
        ));
    }
    text
}
