//! Input that has probes already, of an earlier run or of another tool, recognised by its text: bundled and minified
//! output too, whatever wraps it.
//!
//! What is recognised is what no one writes by hand. One or two probes of an array that the file does not make are
//! not: `queue.push("C")` may as well be a program's own.

use std::collections::BTreeMap;
use std::ops::Range;

use memchr::memmem;
use pathlight_mapping::ProbeId;

use crate::error::{ErrorKind, InstrumentError, Instrumenter};
use crate::needles::{Needle, Needles};

/// Whose probes, and where one can see it.
type Found = (Instrumenter, Range<usize>);

/// Refuses what has probes already.
pub(crate) fn check_text(text: &str, needles: &Needles) -> Result<(), InstrumentError> {
    let found = [istanbul, closure_lines, made_array, bare_array].iter().find_map(|find| find(text, needles));
    match found {
        Some((by, span)) => Err(InstrumentError::new(ErrorKind::AlreadyInstrumented { by }, Some(span))),
        None => Ok(()),
    }
}

/// Istanbul, or a tool with its counters: `function cov_1x2y3z() { … _coverageSchema: … }`, or whatever name that has,
/// with the file's statements, the global that holds all files, and the first counter going up. Up to version 0.4 the
/// global is a property of its own name, and counters are strings from 1.
fn istanbul(text: &str, needles: &Needles) -> Option<Found> {
    const FUNCTION: &str = "function cov_";
    let named = || {
        let schema = needles.first(Needle::CoverageSchema)?;
        let at = text[..schema].rfind(FUNCTION)?;
        let name = &text[at + FUNCTION.len()..];
        name[end_of_name(name)..].starts_with("()").then_some(at..at + FUNCTION.len())
    };
    let by_its_counters = || {
        let at = needles.first(Needle::StatementMap)?;
        let has_global = ["\"__coverage__\"", "'__coverage__'", ".__coverage__"].iter().any(|name| text.contains(name));
        let counts = [".s[0]", ".f[0]", ".s['1']", ".f['1']"].iter().any(|counter| {
            memmem::find_iter(text.as_bytes(), counter).any(|at| {
                let before = text[..at].trim_end_matches("()");
                text[at + counter.len()..].starts_with("++") || before[..start_of_name(before)].ends_with("++")
            })
        });
        (has_global && counts).then_some(at..at + Needle::StatementMap.text().len())
    };
    named().or_else(by_its_counters).map(|span| (Instrumenter::Istanbul, span))
}

/// Closure Compiler's LINE and BRANCH: `window.top.__jscov || (window.top.__jscov = {fileNames: [], …})`.
fn closure_lines(text: &str, needles: &Needles) -> Option<Found> {
    const MAKING: &str = "||(windowtop__jscov={";
    let length = Needle::ClosureLines.text().len();
    let at = needles.of(Needle::ClosureLines).find(|at| {
        // `.name` and `["name"]` are one thing.
        let rest = text[at + length..].chars().filter(|c| !c.is_whitespace() && !".[]\"'".contains(*c));
        rest.take(MAKING.len()).eq(MAKING.chars())
    })?;
    Some((Instrumenter::ClosureLines, at..at + length))
}

/// Probes of any array: the statement that [`crate::array::declare`] makes, and a probe of the array that it makes.
fn made_array(text: &str, needles: &Needles) -> Option<Found> {
    let global = Needle::GlobalThis.text();
    needles.of(Needle::GlobalThis).find_map(|at| {
        let start = at + global.len() + ".".len();
        let name = text[at + global.len()..].strip_prefix('.')?;
        let (name, rest) = name.split_at(end_of_name(name));
        let rest = ["||", "(", global, ".", name, "=", "[", "]", ")"]
            .iter()
            .try_fold(rest, |rest, token| rest.trim_start().strip_prefix(token))?;
        let mut uses = memmem::find_iter(rest.as_bytes(), name);
        let has_probe = !name.is_empty() && uses.any(|at| is_probe_text(&rest[at + name.len()..]));
        has_probe.then(|| (Instrumenter::Pathlight(name.into()), at..start + name.len()))
    })
}

/// The calls `name.push(id)` of a text.
#[derive(Default)]
struct Pushes {
    /// Byte offset of the first.
    first: usize,
    ids: Vec<u32>,
    /// Those that are the first thing in a block, a case or a parenthesis.
    opening: Vec<u32>,
}

impl Pushes {
    /// Whether these stand at the head of several blocks, with ids of which hardly one is missing or there twice.
    fn look_planted(&self) -> bool {
        /// Fewer may be anything.
        const LEAST: usize = 3;
        let distinct = |ids: &[u32]| {
            let mut ids = ids.to_vec();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        if distinct(&self.opening).len() < LEAST {
            return false;
        }
        let ids = distinct(&self.ids);
        let range = (ids[ids.len() - 1] - ids[0]) as usize + 1;
        range <= 2 * ids.len() && self.ids.len() < 2 * ids.len()
    }
}

/// Probes of an array that the file does not make, or makes as Closure Compiler does: `var hits=[]`. It is used for
/// nothing else in the file.
fn bare_array(text: &str, needles: &Needles) -> Option<Found> {
    let mut arrays: BTreeMap<&str, Pushes> = BTreeMap::new();
    for at in needles.of(Needle::Push) {
        let Some(id) = id_in_parentheses(&text[at + Needle::Push.text().len()..]) else { continue };
        let start = start_of_name(&text[..at]);
        let before = text[..start].trim_end();
        if start == at || before.ends_with('.') {
            continue;
        }
        let pushes = arrays.entry(&text[start..at]).or_insert_with(|| Pushes { first: start, ..Pushes::default() });
        pushes.ids.push(id.get());
        if before.ends_with(['{', '(', ':']) {
            pushes.opening.push(id.get());
        }
    }
    // Where there are probes, nothing else is pushed as often: one look at the whole text is enough.
    let planted = arrays.into_iter().filter(|(_, pushes)| pushes.look_planted());
    let (name, pushes) = planted.max_by_key(|(_, pushes)| pushes.ids.len())?;
    if uses(text, name) != pushes.ids.len() {
        return None;
    }
    Some((Instrumenter::Pathlight(name.into()), pushes.first..pushes.first + name.len()))
}

/// How often a name stands in a text, but for members of that name and one `name = []`.
fn uses(text: &str, name: &str) -> usize {
    let continues = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii();
    let (mut uses, mut makings) = (0, 0);
    for at in memmem::find_iter(text.as_bytes(), name) {
        let (before, behind) = (&text.as_bytes()[..at], &text[at + name.len()..]);
        let is_member = before.ends_with(b".") && !before.ends_with(b"...");
        let is_part = before.last().copied().is_some_and(continues) || behind.bytes().next().is_some_and(continues);
        if is_member || is_part {
            continue;
        }
        let made = ["=", "[", "]"].iter().try_fold(behind, |rest, token| rest.trim_start().strip_prefix(token));
        if made.is_some() {
            makings += 1;
        } else {
            uses += 1;
        }
    }
    if makings > 1 { usize::MAX } else { uses }
}

/// Length of the identifier that `text` begins with, if it is one of ASCII characters.
fn end_of_name(text: &str) -> usize {
    text.find(|c| !is_of_name(c)).unwrap_or(text.len())
}

/// Where the identifier begins that `text` ends with, if it is one of ASCII characters.
fn start_of_name(text: &str) -> usize {
    text.trim_end_matches(is_of_name).len()
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// Whether the text behind the array's name makes it a probe: `.push("C")` or `.push(1)`.
pub(crate) fn is_probe_text(rest: &str) -> bool {
    let arguments = [".", "push", "("].iter().try_fold(rest, |rest, token| rest.trim_start().strip_prefix(token));
    arguments.and_then(id_in_parentheses).is_some()
}

/// The id that stands alone before the closing parenthesis.
fn id_in_parentheses(arguments: &str) -> Option<ProbeId> {
    /// Bytes; an id has at most 10, beside quotes and blanks.
    const LONGEST: usize = 32;
    let end = arguments.bytes().take(LONGEST).position(|byte| byte == b')')?;
    let argument = arguments[..end].trim();
    let quoted = ['"', '\''].into_iter().find_map(|quote| argument.strip_prefix(quote)?.strip_suffix(quote));
    match quoted {
        Some(id) => id.parse().ok(),
        None => argument.parse().ok().and_then(ProbeId::new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(text: &str) -> Option<String> {
        match check_text(text, &Needles::new(text)).err()?.kind {
            ErrorKind::AlreadyInstrumented { by } => Some(by.to_string()),
            _ => None,
        }
    }

    #[test]
    fn arrays_of_probes() {
        let hits = Some("probes of the array `hits`".to_owned());
        for text in [
            // Closure Compiler's PRODUCTION, ADVANCED.
            r#"var hits=[];function b(a){hits.push("G");if(a<2)return hits.push("C"),a;hits.push("E");return b(a-1)}const c=a=>{hits.push("M");return a?(hits.push("I"),1):(hits.push("K"),2)};window.h=c;"#,
            // Ours with --no-declare, and the second of two files with numbers.
            "function f() {\n  hits.push(\"G\");\n  if (a) {\n    hits.push(\"C\");\n  } else {\n    hits.push(\"E\");\n  }\n}\n",
            "function f() {\n  hits.push(9);\n  if (a.hits) {\n    hits.push(7);\n  } else {\n    hits.push(8);\n  }\n}\n",
        ] {
            assert_eq!(by(text), hits, "{text}");
        }
    }

    #[test]
    fn programs_of_their_own() {
        for text in [
            // Too few.
            "function f(){queue.push(\"C\")}function g(){queue.push(\"E\")}",
            // Read.
            "var log=[];function a(){log.push(1)}function b(){log.push(2)}function c(){log.push(3)}check(log);",
            "f(()=>{log.push(1)});f(()=>{log.push(2)});f(()=>{log.push(3)});f(...log);",
            // No ids.
            "f(()=>{log.push('a')});f(()=>{log.push('b')});f(()=>{log.push('d')});",
            // Far apart.
            "f(()=>{log.push(1)});f(()=>{log.push(20)});f(()=>{log.push(300)});",
            // The same again and again.
            "f(()=>{q.push(1)});f(()=>{q.push(2)});f(()=>{q.push(3)});q.push(1);q.push(2);q.push(3)",
            // Not at the head of a block.
            "a();log.push(1);log.push(2);log.push(3);",
            // Of an object, of a parameter, of a new array each time.
            "f(()=>{a.log.push(1)});f(()=>{a.log.push(2)});f(()=>{a.log.push(3)});",
            "f((log)=>{if(a){log.push(1)}else{log.push(2)}return()=>{log.push(3)}});",
            "f(()=>{{log.push(1)}{log.push(2)}log=[]});f(()=>{log=[];{log.push(3)}});",
            // What reads and merges the counters of others.
            "const all = window.top.__jscov || {};\nconst c = { statementMap: {}, s: {} };\nglobal['__coverage__'] = c;",
            "const c = { '_coverageSchema': x, statementMap: {} }; c.s[0] += 1; g('__coverage__');",
        ] {
            assert_eq!(by(text), None, "{text}");
        }
    }

    #[test]
    fn counters_of_others() {
        let istanbul = Some("Istanbul".to_owned());
        for text in [
            "function n(){var o=\"__coverage__\",c={statementMap:{0:{}},_coverageSchema:\"1a1c\"};return c}n().s[0]++;",
            "var __cov_a = (Function('return this'))();\nif (!__cov_a.__coverage__) { __cov_a.__coverage__ = {}; }\n\
             __cov_a = __cov_a.__coverage__;\n__cov_a['a.js'] = {\"statementMap\":{}};\n__cov_a.s['1']++;f();",
            "var cov_5 = (function () { var gcv = '__coverage__'; return {\"statementMap\":{}}; })();\n++cov_5.f[0];",
        ] {
            assert_eq!(by(text), istanbul, "{text}");
        }
        let closure = Some("Closure Compiler's LINE or BRANCH".to_owned());
        for text in [
            "var c=window.top.__jscov||(window.top.__jscov={fileNames:[],instrumentedLines:[],executedLines:[]}),d=[];",
            "var __jscov = window.top['__jscov'] ||\n    (window.top['__jscov'] =\n         {'fileNames': []});",
        ] {
            assert_eq!(by(text), closure, "{text}");
        }
    }
}
