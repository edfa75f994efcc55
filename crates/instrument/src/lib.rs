//! JavaScript and TypeScript in, instrumented code and probes out.
//!
//! [`instrument`] reads as a recipe: parse, read the hints, plant, check the array's name, declare it, strip the
//! types if asked, print. What it returns still lacks its ids, since they count over all files; [`Instrumented`]
//! is first registered in a [`MappingBuilder`] and then finished with the number of its first probe. It does not
//! hold its input: the caller keeps it and hands it to each step.
//!
//! The crate reads and writes no file, knows no clock, and gives the same bytes for the same input.

mod array;
mod bits;
mod check;
mod comments;
mod completion;
mod earlier;
mod error;
mod hint;
mod input_map;
mod lines;
mod name;
mod needles;
mod parse;
mod pass;
mod plain;
mod plant;
mod print;
mod reexport;
mod refine;
mod repair;
pub mod site;
mod source_map;
mod specifiers;
mod stack;
mod strip;
mod syntax;
mod wrapper;

use pathlight_mapping::{Continuation, Extent, IdForm, MappingBuilder, Position, Probe, ProbeId};
use swc_core::ecma::ast::Program;
use swc_core::ecma::atoms::Atom;

use crate::comments::CommentStore;
use crate::lines::{Cursor, LineTable};
use crate::needles::Needles;
use crate::pass::{NotAllowed, PassInput, PlantedContinuation, PlantedProbe};
use crate::print::Printed;
use crate::wrapper::Wrappers;

pub use array::{externs_declare, is_array_name};
pub use check::{CheckError, CheckErrorKind, CommentFate, check};
pub use error::{ErrorKind, InstrumentError, Instrumenter};
pub use hint::{HintWarning, HintWarningKind};
pub use input_map::{InputMap, InputMapError, MapReference, OriginalSource, map_reference, unescape_path};
pub use parse::{FileKind, Language, SourceType};
pub use pass::Granularity;
pub use source_map::{SourceMapNames, SourceMapText, join_maps};
pub use strip::{DecoratorKind, JsxRuntime, NullChecks, StripOptions};

/// The largest text that can be read; positions above are the printer's.
pub const MAX_BYTES: usize = (1 << 30) - 2;

/// Bytes of stack for a thread that instruments: enough to take hardly any program for one that may be nested too deep.
/// It is reserved, not used.
pub const STACK: usize = 2 << 30;

/// How files are instrumented.
#[derive(Clone, Debug)]
pub struct Options {
    /// Name of the global that probes push to; see [`is_array_name`].
    pub array: String,
    /// Whether every file makes sure that the array exists.
    pub declare: bool,
    /// Whether files may read the array: an externs file declares it.
    pub may_use_array: bool,
    /// How much is probed.
    pub granularity: Granularity,
    /// Turns TypeScript and JSX into JavaScript that runs; they stay as they are if `None`.
    pub strip: Option<StripOptions>,
    /// Whether a source map will be asked for.
    pub source_map: bool,
    /// Bytes of stack that the calling thread has, best [`STACK`]; programs that may be nested too deep for it are read
    /// for how deep they are, and get a thread of their own.
    pub stack: usize,
}

impl Default for Options {
    /// As the command line has them; for a thread with Rust's usual stack.
    fn default() -> Self {
        Self {
            array: "ist_arr".to_owned(),
            declare: true,
            may_use_array: false,
            granularity: Granularity::default(),
            strip: None,
            source_map: false,
            stack: 2 << 20,
        }
    }
}

/// One file.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Name in the mapping.
    pub name: &'a str,
    /// Text without BOM.
    pub text: &'a str,
    /// Its language.
    pub language: Language,
    /// How its top level is read.
    pub source_type: SourceType,
    /// The source map that came with it.
    pub map: Option<&'a InputMap>,
}

/// A file with its probes planted and its ids still missing.
#[derive(Debug)]
pub struct Instrumented {
    lines: LineTable,
    /// `None`: nothing was planted or stripped, and the text stays as it is.
    printed: Option<Printed>,
    probes: Vec<Placed>,
    continuations: Vec<PlacedContinuation>,
    names: Vec<String>,
    is_without_origin: bool,
    hint_warnings: Vec<HintWarning>,
}

/// A probe with its original place.
#[derive(Debug)]
struct Placed {
    planted: PlantedProbe,
    /// Index into the input map's sources; 0 without one.
    source: u32,
    at: Position,
    start: Position,
    end: Position,
}

/// A continuation with its original place, in the file of its first probe.
#[derive(Debug)]
struct PlacedContinuation {
    planted: PlantedContinuation,
    start: Position,
    end: Position,
}

/// A finished file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Output {
    /// The code, without a comment for its source map.
    pub code: Vec<u8>,
    /// The source map, if one was asked for and the code is not the input itself.
    pub source_map: Option<SourceMapText>,
}

/// Instruments one file.
///
/// # Errors
/// [`InstrumentError`] for what cannot be parsed, what uses the array's name, and what is instrumented already.
pub fn instrument(input: Input<'_>, options: &Options) -> Result<Instrumented, InstrumentError> {
    let input = Input { text: input_map::without_inline_map(input.text), ..input };
    stack::with_enough(input.text, options.stack, || instrument_here(input, options))
}

fn instrument_here(input: Input<'_>, options: &Options) -> Result<Instrumented, InstrumentError> {
    let Input { text, .. } = input;
    let comments = CommentStore::new(text);
    let mut program = strip::parse(input, options.strip.as_ref(), &comments)?;
    let lines = LineTable::new(text);
    let needles = Needles::new(text);
    let ignored = hint::ignored(&program, text, &needles, &comments, &lines, input.map);
    let is_script = matches!(program, Program::Script(_)) && input.source_type != SourceType::CommonJs;
    let array: Atom = options.array.as_str().into();
    let wrappers = input.map.map(|map| Wrappers::new(map, &lines));

    let has_origin = |offset: u32| match input.map {
        None => true,
        Some(map) => {
            let (line, column) = lines.cursor().line_column(offset);
            map.trace(line, column).is_some()
        }
    };
    let is_typed = input.language != Language::JavaScript;
    let done = pass::run(
        &mut program,
        PassInput {
            array: &array,
            granularity: options.granularity,
            is_script,
            text,
            comments: &comments,
            ignored: &ignored,
            is_typed,
            keeps_types: is_typed && options.strip.is_none(),
            has_origin: &has_origin,
            wrappers: wrappers.as_ref(),
        },
    );
    // Where people wrote statements, what has no original is a compiler's helpers.
    let is_without_origin = done.probes.is_empty()
        && done.lacks_origin
        && !syntax::item_starts(&program).any(|start| has_origin(parse::offset(start) as u32));
    if let Some(NotAllowed { what, span }) = done.not_allowed {
        return Err(InstrumentError::new(ErrorKind::Syntax(what.to_owned()), Some(parse::range_of(span))));
    }
    earlier::check_text(text, &needles)?;
    array::check_uses(&done.name_uses, &options.array, options.may_use_array, text)?;
    let strips = options.strip.as_ref().filter(|strip| strip::applies(&program, input.language, strip));
    let mut changed = !done.probes.is_empty() || strips.is_some();
    if options.declare && !done.probes.is_empty() {
        array::declare(&mut program, &array, &done.global_names, is_script, &comments, text)?;
    }
    if let Some(strip) = strips {
        program = strip::strip(program, strip, input.language, input.source_type, text, &comments)?;
    }
    if let Some(strip) = &options.strip {
        changed |= specifiers::rename(&mut program, strip.jsx == JsxRuntime::Preserve);
    }
    if done.needs_repair || strips.is_some() {
        repair::repair(&mut program);
    }
    if changed {
        comments.drop_map_references();
        if strips.is_none() {
            comments.begin_printing();
        }
    }
    let printed = changed.then(|| print::print(&program, text, &comments, &options.array, options.source_map));
    // The tree is many times the size of all that is left to do.
    drop(program);
    let probes = place(&done.probes, &lines, input.map);
    let continuations = place_continuations(done.continuations, &probes, &lines, input.map);
    Ok(Instrumented {
        lines,
        printed,
        probes,
        continuations,
        names: done.names,
        is_without_origin,
        hint_warnings: ignored.warnings,
    })
}

/// Number of line breaks in a text, as ECMAScript counts them.
pub fn line_breaks(text: &str) -> usize {
    LineTable::new(text).len() - 1
}

/// Finds every probe's place in its original source.
fn place(planted: &[PlantedProbe], lines: &LineTable, map: Option<&InputMap>) -> Vec<Placed> {
    // Starts rise and fall with the nesting; a cursor for each role stays close to its last lookup.
    let (mut at_cursor, mut start_cursor, mut end_cursor) = (lines.cursor(), lines.cursor(), lines.cursor());
    let trace = |(line, column): (u32, u32)| {
        map.and_then(|map| map.trace(line, column))
            .map(|origin| (origin.source, Position { line: origin.line + 1, column: origin.column }))
    };
    planted
        .iter()
        .map(|probe| {
            let placed = |source, at, start, end| Placed { planted: *probe, source, at, start, end };
            if map.is_none() {
                let at = at_cursor.position(probe.at);
                return placed(0, at, start_cursor.position(probe.start), end_cursor.position(probe.end));
            }
            // The pass planted nothing that has no original.
            let (source, at) = trace(at_cursor.line_column(probe.at)).unwrap_or_default();
            let same_source =
                |found: Option<(u32, Position)>| found.filter(|(other, _)| *other == source).map(|(_, at)| at);
            let start = same_source(trace(start_cursor.line_column(probe.start))).unwrap_or(at);
            let end =
                same_source(trace(end_cursor.line_column(probe.end))).filter(|end| *end >= start).unwrap_or(start);
            placed(source, at, start, end)
        })
        .collect()
}

/// Finds every continuation's place in its original source; one that does not lie there in one piece is left out.
fn place_continuations(
    planted: Vec<PlantedContinuation>,
    probes: &[Placed],
    lines: &LineTable,
    map: Option<&InputMap>,
) -> Vec<PlacedContinuation> {
    let (mut start_cursor, mut end_cursor) = (lines.cursor(), lines.cursor());
    let place = |planted: PlantedContinuation| {
        let Some(map) = map else {
            let (start, end) = (start_cursor.position(planted.start), end_cursor.position(planted.end));
            return Some(PlacedContinuation { planted, start, end });
        };
        let source = probes[*planted.plus.first()? as usize].source;
        let trace = |cursor: &mut Cursor<'_>, offset| {
            let (line, column) = cursor.line_column(offset);
            let origin = map.trace(line, column).filter(|origin| origin.source == source)?;
            Some(Position { line: origin.line + 1, column: origin.column })
        };
        let (start, end) = (trace(&mut start_cursor, planted.start)?, trace(&mut end_cursor, planted.end)?);
        (start < end).then_some(PlacedContinuation { planted, start, end })
    };
    planted.into_iter().filter_map(place).collect()
}

impl Instrumented {
    /// Number of probes.
    pub fn probe_count(&self) -> usize {
        self.probes.len()
    }

    /// Whether there is code to probe and none of it has a probe, since the input source map names no original for
    /// any statement of the top level.
    pub fn is_without_origin(&self) -> bool {
        self.is_without_origin
    }

    /// Comments that look like hints and are none, or are half of one.
    pub fn hint_warnings(&self) -> &[HintWarning] {
        &self.hint_warnings
    }

    /// Number of probes in each original file: the input itself, or the input map's sources in their order.
    pub fn probes_by_source(&self, input: Input<'_>) -> Vec<u32> {
        let mut counts = vec![0; input.map.map_or(1, |map| map.sources().len())];
        for probe in &self.probes {
            counts[probe.source as usize] += 1;
        }
        counts
    }

    /// Adds the probes of `input` to a mapping; returns the number of the first. `None` when ids run out.
    pub fn register(&self, input: Input<'_>, mapping: &mut MappingBuilder) -> Option<u32> {
        let first = mapping.next_id()?.get();
        ProbeId::new(first.checked_add(self.probes.len() as u32)?)?;
        mapping.reserve(self.probes.len());
        // Names are looked up once a file, not once a probe.
        let mut files = vec![None; input.map.map_or(1, |map| map.sources().len())];
        let mut functions = vec![None; self.names.len()];
        for probe in &self.probes {
            let planted = &probe.planted;
            let file = *files[probe.source as usize].get_or_insert_with(|| {
                mapping.file(match input.map {
                    None => input.name,
                    Some(map) => &map.sources()[probe.source as usize].name,
                })
            });
            let function = *functions[planted.function as usize]
                .get_or_insert_with(|| mapping.function(&self.names[planted.function as usize]));
            let entry = Probe {
                file,
                function,
                kind: planted.site.kind(),
                at: probe.at,
                extent: Some(Extent {
                    start: probe.start,
                    end: probe.end,
                    owner: planted.owner.and_then(|owner| ProbeId::new(first + owner)),
                    site: planted.site,
                    decision: ProbeId::new(first + planted.decision)?,
                }),
            };
            mapping.push(entry)?;
        }
        for PlacedContinuation { planted, start, end } in &self.continuations {
            let ids = |probes: &[u32]| probes.iter().map(|probe| ProbeId::new(first + probe)).collect::<Option<_>>();
            let (plus, minus) = (ids(&planted.plus)?, ids(&planted.minus)?);
            mapping.push_continuation(Continuation { start: *start, end: *end, plus, minus });
        }
        Some(first)
    }

    /// Fills the ids in and makes the source map if `names` ask for one.
    pub fn finish(self, input: Input<'_>, first: u32, ids: IdForm, names: Option<&SourceMapNames>) -> Output {
        let Some(mut printed) = self.printed else {
            return Output { code: input.text.as_bytes().to_vec(), source_map: None };
        };
        printed.fill(first, ids);
        let code = printed.text;
        let source_map = names.map(|names| {
            let text = str::from_utf8(&code).unwrap_or_default();
            source_map::source_map(text, &printed.segments, input.text, &self.lines, input.map, names)
        });
        Output { code, source_map }
    }
}
