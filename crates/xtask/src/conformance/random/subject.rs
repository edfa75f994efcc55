//! A program and what the product made of it.

use std::collections::BTreeMap;

use pathlight_instrument::{Granularity, Input, Language, Options, SourceType, check, instrument};
use pathlight_mapping::{IdForm, MappingBuilder};

use super::excused::{Excuse, excused};
use super::grammar::Kind;
use super::program::Program;
use super::recount::{Recount, recount};
use crate::Failure;

/// Ready to be run before and after.
pub(super) struct Subject {
    pub(super) program: Program,
    pub(super) instrumented: String,
    pub(super) probes: u64,
    pub(super) excused: BTreeMap<String, Excuse>,
    /// `None` where no branch is probed.
    pub(super) recount: Option<Recount>,
}

/// How a program is instrumented; every seed has its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variant {
    pub(super) ids: IdForm,
    pub(super) granularity: Granularity,
}

impl Variant {
    /// Both forms of ids take turns; every eighth program has functions only.
    pub(super) fn of_seed(seed: u64) -> Self {
        Self {
            ids: if seed.is_multiple_of(2) { IdForm::Vlq } else { IdForm::Number },
            granularity: if seed % 8 == 7 { Granularity::Function } else { Granularity::Branch },
        }
    }
}

impl Subject {
    /// Instruments a program.
    ///
    /// # Errors
    /// What the product, its checker or a parser says of its output.
    pub(super) fn new(program: Program, variant: Variant) -> Result<Self, Failure> {
        let source_type = match program.kind {
            Kind::Script => SourceType::Script,
            Kind::CommonJs => SourceType::CommonJs,
            Kind::Module => SourceType::Module,
        };
        let name = "input.js";
        let input = Input { name, text: &program.text, language: Language::JavaScript, source_type, map: None };
        let options = Options { granularity: variant.granularity, stack: crate::STACK, ..Options::default() };
        let instrumented = instrument(input, &options).map_err(|error| format!("refused: {error}"))?;
        let probes = instrumented.probe_count() as u64;
        let mut mapping = MappingBuilder::new();
        let first = instrumented.register(input, &mut mapping).ok_or("too many probes")?;
        let output = instrumented.finish(input, first, variant.ids, None);
        let instrumented = String::from_utf8(output.code)?;
        let mapping = mapping.build();
        let entries: Vec<_> = mapping.probes().map(|(id, probe)| (id, *probe)).collect();
        check(input, &options, &instrumented, variant.ids, &entries)
            .map_err(|error| format!("the checker: {error}"))?;
        let excused = excused(&instrumented, program.kind)?;
        let has_branches = variant.granularity == Granularity::Branch;
        let recount = has_branches.then(|| recount(&program.text, program.kind, variant.ids, &entries)).transpose()?;
        Ok(Self { program, instrumented, probes, excused, recount })
    }
}
