//! A program and what the product made of it.

use pathlight_instrument::{
    DecoratorKind, Granularity, Input, JsxRuntime, Language, Options, STACK, SourceType, StripOptions, check,
    instrument,
};
use pathlight_mapping::{Continuation, IdForm, MappingBuilder, Probe, ProbeId};

use super::choices::Choices;
use super::dialect::Dialect;
use super::excused::{Excused, excused};
use super::grammar::Kind;
use super::program::Program;
use super::recount::{Recount, recount};
use crate::Failure;

/// Ready to be run before and after.
pub(super) struct Subject {
    pub(super) program: Program,
    pub(super) instrumented: String,
    pub(super) probes: u64,
    pub(super) excused: Excused,
    pub(super) recount: Recount,
}

/// How a program is instrumented; every seed has its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variant {
    pub(super) ids: IdForm,
    pub(super) granularity: Granularity,
    /// The program is read as TypeScript, and its types, of which it has none, are stripped.
    pub(super) is_stripped: bool,
}

/// The first seed whose program is stripped.
pub(super) const STRIPPED: u64 = 1 << 32;

impl Variant {
    /// Both forms of ids take turns; every eighth program has functions only.
    pub(super) fn of_seed(seed: u64) -> Self {
        Self {
            is_stripped: seed >= STRIPPED,
            ids: if seed.is_multiple_of(2) { IdForm::Vlq } else { IdForm::Number },
            granularity: if seed % 8 == 7 { Granularity::Function } else { Granularity::Branch },
        }
    }

    /// What these choices make.
    pub(super) fn program(self, choices: Choices) -> Program {
        Program::generate(choices, if self.is_stripped { Dialect::TypeScripts } else { Dialect::Whole })
    }

    fn options(self) -> Options {
        let strip = StripOptions { jsx: JsxRuntime::Preserve, decorators: DecoratorKind::Standard, metadata: None };
        Options {
            granularity: self.granularity,
            strip: self.is_stripped.then_some(strip),
            stack: STACK,
            ..Options::default()
        }
    }

    fn input(self, program: &Program) -> Input<'_> {
        let source_type = match program.kind {
            Kind::Script => SourceType::Script,
            Kind::CommonJs => SourceType::CommonJs,
            Kind::Module => SourceType::Module,
        };
        let language = if self.is_stripped { Language::TypeScript } else { Language::JavaScript };
        Input { name: "input.js", text: &program.text, language, source_type, map: None }
    }
}

/// What the product made of a program.
#[derive(Clone)]
pub(super) struct Output {
    pub(super) code: String,
    pub(super) entries: Vec<(ProbeId, Probe)>,
    pub(super) continuations: Vec<Continuation>,
}

impl Output {
    /// Instruments a program.
    ///
    /// # Errors
    /// What the product says of it.
    pub(super) fn of(program: &Program, variant: Variant) -> Result<Self, Failure> {
        let input = variant.input(program);
        let instrumented = instrument(input, &variant.options()).map_err(|error| format!("refused: {error}"))?;
        let mut mapping = MappingBuilder::new();
        let first = instrumented.register(input, &mut mapping).ok_or("too many probes")?;
        let code = String::from_utf8(instrumented.finish(input, first, variant.ids, None).code)?;
        let mapping = mapping.build();
        let entries = mapping.probes().map(|(id, probe)| (id, *probe)).collect();
        Ok(Self { code, entries, continuations: mapping.continuations().to_vec() })
    }

    /// # Errors
    /// What the product's checker says.
    pub(super) fn check(&self, program: &Program, variant: Variant) -> Result<(), Failure> {
        check(variant.input(program), &variant.options(), &self.code, variant.ids, &self.entries)
            .map_err(|error| format!("the checker: {error}").into())
    }
}

impl Subject {
    /// Instruments a program and has it checked.
    ///
    /// # Errors
    /// What the product, its checker or a parser says.
    pub(super) fn new(program: Program, variant: Variant) -> Result<Self, Failure> {
        let output = Output::of(&program, variant)?;
        output.check(&program, variant)?;
        Self::of(program, variant, output)
    }

    /// A program with an output, whatever that is.
    ///
    /// # Errors
    /// If the output cannot be read, or its mapping records other places than the program has.
    pub(super) fn of(program: Program, variant: Variant, output: Output) -> Result<Self, Failure> {
        let excused = excused(&output.code, program.kind)?;
        let recount = recount(&program.text, program.kind, variant, &output.entries, &output.continuations)?;
        Ok(Self { program, instrumented: output.code, probes: output.entries.len() as u64, excused, recount })
    }
}
