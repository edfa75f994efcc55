//! The checker: a second program that knows nothing of the pass.
//!
//! It parses the output, takes out what the probe model allows to be put in, and must find the input again, node by
//! node; ids in the code are the ids in the mapping, each once and in post-order; and what the mapping records of a
//! probe is what its place in the input says. What it recognises is recognised to the letter:
//!
//! | taken out | where |
//! |---|---|
//! | `array.push(id);` | first in a function body after the directives, in a branch, in a loop's body, in a case |
//! | `{ let _ = array.push(id); }` | the same where a script's completion value would be another |
//! | `(array.push(id), x)` | an arrow's result, an arm of `?:`, the right side of `&&` and its like; where types are kept, the first operand of a right side that is such an operation itself |
//! | `{ f: x }.f` | around an anonymous function that `f ||= x` names |
//! | a block | around a single statement behind a probe |
//! | `else { probe }`, `default: probe` | where there is none; `default` last, with a `break` before it |
//! | `case (probe, 0 / 0 as never): throw 0` | instead of such a `default` where types are kept |
//! | `globalThis.array \|\| (globalThis.array = [])` | after the directives of a file with probes |
//!
//! Names of functions are not checked: they say nothing of the code.

mod call;
mod comment;
mod completion;
mod directive;
mod error;
mod function;
mod node;
mod probe;
mod program;
mod recorded;
mod site;
mod walk;

use pathlight_mapping::{IdForm, Position, Probe, ProbeId};
use swc_core::common::BytePos;
use swc_core::ecma::ast::{Module, Program};

pub use error::{CheckError, CheckErrorKind, CommentFate};

use crate::comments::CommentStore;
use crate::input_map::without_inline_map;
use crate::lines::LineTable;
use crate::parse::FIRST;
use crate::pass::Granularity;
use crate::strip::{self, JsxRuntime, StripOptions};
use crate::wrapper::Wrappers;
use crate::{Input, InstrumentError, Language, Options, SourceType, print, repair, specifiers, stack};
use walk::{Finding, Walk};

/// Checks that `output` is `input` with the probes in `entries` and nothing else: what [`crate::instrument`] made of
/// it with the same options. `entries` is what the mapping has of this file, by rising id.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(
    input: Input<'_>,
    options: &Options,
    output: &str,
    ids: IdForm,
    entries: &[(ProbeId, Probe)],
) -> Result<(), CheckError> {
    let result = stack::with_enough(output, options.stack, || Ok(check_here(input, options, output, ids, entries)));
    result.unwrap_or_else(|error| Err(unreadable(&error, output, true)))
}

fn check_here(
    input: Input<'_>,
    options: &Options,
    output: &str,
    ids: IdForm,
    entries: &[(ProbeId, Probe)],
) -> Result<(), CheckError> {
    if entries.is_empty() && output == input.text {
        return Ok(());
    }
    let input = Input { text: without_inline_map(input.text), ..input };
    let strip = options.strip.as_ref();
    let mut before = Parsed::new(input, strip).map_err(|error| unreadable(&error, input.text, false))?;
    if let Some(strip) = strip {
        let stripped =
            stripped(&mut before, input, strip, options).map_err(|error| unreadable(&error, input.text, false))?;
        if let Some((text, language)) = stripped {
            let input = Input { name: input.name, text: &text, language, source_type: input.source_type, map: None };
            let before = Parsed::new(input, None).map_err(|error| unreadable(&error, &text, false))?;
            return compare(input, &before, true, options, output, ids, entries)
                .map_err(|error| CheckError { input: None, ..error });
        }
    }
    compare(input, &before, false, options, output, ids, entries)
}

/// What the input is without its types, and without probes: their like may be moved, copied or wrapped by what
/// makes JavaScript of it, and only the result can be compared. A file without types may still follow the new
/// names of others. `None` if it stays what it is.
fn stripped(
    before: &mut Parsed<'_>,
    input: Input<'_>,
    strip: &StripOptions,
    options: &Options,
) -> Result<Option<(String, Language)>, InstrumentError> {
    let Parsed { program, comments, .. } = before;
    let applies = strip::applies(program, input.language, strip);
    if applies {
        let typed = std::mem::replace(program, Program::Module(Module::default()));
        *program = strip::strip(typed, strip, input.language, input.source_type, input.text, comments)?;
    }
    if !specifiers::rename(program, strip.jsx == JsxRuntime::Preserve) && !applies {
        return Ok(None);
    }
    repair::repair(program);
    let printed = print::print(program, input.text, comments, &options.array, false);
    let language = if applies { Language::JavaScript } else { input.language };
    Ok(Some((String::from_utf8_lossy(&printed.text).into_owned(), language)))
}

fn compare(
    input: Input<'_>,
    before: &Parsed,
    is_stripped: bool,
    options: &Options,
    output: &str,
    ids: IdForm,
    entries: &[(ProbeId, Probe)],
) -> Result<(), CheckError> {
    let after = Parsed::new(Input { text: output, ..input }, None).map_err(|error| unreadable(&error, output, true))?;
    let mut walk = Walk::new(output, input.text, &options.array, ids);
    walk.is_stripped = is_stripped;
    walk.keeps_types = options.strip.is_none() && input.language != Language::JavaScript;
    walk.branches = options.granularity == Granularity::Branch;
    walk.complete = !is_stripped && input.map.is_none() && !asks_to_ignore(input.text);
    walk.completion_seen =
        !is_stripped && matches!(before.program, Program::Script(_)) && input.source_type != SourceType::CommonJs;
    let wrappers = input.map.map(|map| Wrappers::new(map, &before.lines));
    walk.wrappers = wrappers.as_ref();
    comment::prepare(&mut walk, &before.comments);
    let found = program::alike(&after.program, &before.program, options.declare, &mut walk)
        .and_then(|()| recorded::check_ids(&walk, entries, !is_stripped))
        .and_then(|()| match is_stripped {
            true => recorded::check_kinds(&walk, entries),
            false => recorded::check_values(&walk, entries, &before.lines, input.map.is_none()),
        })
        .and_then(|()| comment::check(&mut walk, &after.comments, &before.comments));
    found.map_err(|finding| {
        let Finding { kind, output, input } = *finding;
        CheckError { kind, output: output.map(|at| after.position(at)), input: input.map(|at| before.position(at)) }
    })
}

/// A text, read.
struct Parsed<'a> {
    program: Program,
    comments: CommentStore<'a>,
    lines: LineTable,
}

impl<'a> Parsed<'a> {
    fn new(input: Input<'a>, strip: Option<&StripOptions>) -> Result<Self, InstrumentError> {
        let comments = CommentStore::new(input.text);
        let program = strip::parse(input, strip, &comments)?;
        Ok(Self { program, comments, lines: LineTable::new(input.text) })
    }

    fn position(&self, at: BytePos) -> Position {
        self.lines.cursor().position(at.0.saturating_sub(FIRST))
    }
}

fn unreadable(error: &InstrumentError, text: &str, is_output: bool) -> CheckError {
    let at = error.span.as_ref().map(|span| LineTable::new(text).cursor().position(span.start as u32));
    let kind = CheckErrorKind::Unreadable(error.to_string());
    if is_output { CheckError { kind, output: at, input: None } } else { CheckError { kind, output: None, input: at } }
}

/// Whether a comment may ask for a construct to be left out; rather too often than too rarely.
fn asks_to_ignore(text: &str) -> bool {
    ["ignore", "nocoverage", "node:coverage"]
        .iter()
        .any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}
