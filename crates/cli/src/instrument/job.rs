//! One run over all files: what its workers share, and the stages that each file goes through.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::ProgressBar;
use pathlight_instrument::{Input, InputMap, Instrumented, Language, Options, Output, SourceType};
use pathlight_mapping::{IdForm, ManifestFile, MappingBuilder};

use super::panics::panic_text;
use super::pipeline::Stages;
use super::summary::Counts;
use super::target::Target;
use crate::diagnostic::{FileError, Problem};
use crate::flags::SourceMapsFlag;
use crate::inputs::InputFile;
use crate::interrupt;
use crate::stage::Stage;

/// One run over all files.
pub(super) struct Run<'a> {
    pub(super) files: &'a [InputFile],
    /// Where the map of an output will stand, and the input that would be copied there: it is, for code that gets
    /// no map of its own.
    pub(super) maps_beside: HashMap<PathBuf, PathBuf>,
    pub(super) options: Options,
    pub(super) ids: IdForm,
    pub(super) source_type: SourceType,
    pub(super) source_maps: SourceMapsFlag,
    pub(super) follows_maps: bool,
    pub(super) keeps_going: bool,
    pub(super) verifies: bool,
    pub(super) embeds_sources: bool,
    pub(super) root: &'a Path,
    pub(super) target: &'a Target,
    pub(super) stage: Stage,
    pub(super) bar: ProgressBar,
    pub(super) shared: Mutex<Shared>,
}

/// What all workers add to. Lists carry the file's number, so that their order says nothing of the threads.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) mapping: MappingBuilder,
    pub(super) errors: Vec<(usize, FileError)>,
    pub(super) notes: Vec<(usize, String)>,
    pub(super) joined: Vec<(usize, Output)>,
    pub(super) manifest: Vec<(usize, ManifestFile)>,
    pub(super) counts: Counts,
    /// An error was found: nothing will be written, the rest is only read for more errors.
    pub(super) failed: bool,
}

/// A file between its stages.
pub(super) enum Waiting {
    /// Copied as it is.
    Copy(Vec<u8>),
    /// Instrumented, without ids.
    Code(Box<Code>),
    /// It failed, and the error is noted; or a signal ends the run.
    Failed,
}

pub(super) struct Code {
    pub(super) text: String,
    pub(super) has_bom: bool,
    pub(super) map: Option<InputMap>,
    pub(super) instrumented: Instrumented,
}

impl Stages for Run<'_> {
    type Waiting = Waiting;
    type Number = u32;

    fn prepare(&self, file: usize) -> Waiting {
        if interrupt::caught().is_some() {
            return Waiting::Failed;
        }
        let prepared = self.read_and_instrument(file);
        self.bar.inc(1);
        prepared.unwrap_or_else(|problem| {
            self.fail(file, problem);
            Waiting::Failed
        })
    }

    fn number(&self, file: usize, waiting: &Waiting) -> u32 {
        let Waiting::Code(code) = waiting else { return 0 };
        let first =
            code.instrumented.register(self.input(file, &code.text, code.map.as_ref()), &mut self.shared().mapping);
        first.unwrap_or_else(|| {
            self.fail(file, Problem::Internal("more than 2147483647 probes".into()));
            0
        })
    }

    fn finish(&self, file: usize, waiting: Waiting, first: u32) {
        let result = catch_unwind(AssertUnwindSafe(|| self.write(file, waiting, first)))
            .unwrap_or_else(|panic| Err(Problem::Internal(panic_text(&*panic))));
        if let Err(problem) = result {
            self.fail(file, problem);
        }
    }

    fn weight(waiting: &Waiting) -> usize {
        match waiting {
            Waiting::Copy(bytes) => bytes.len(),
            // Text, code, and the segments of its source map.
            Waiting::Code(code) => code.text.len() * 4,
            Waiting::Failed => 0,
        }
    }
}

impl Run<'_> {
    pub(super) fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, file: usize, problem: Problem) {
        let name = self.files[file].name.clone();
        let mut shared = self.shared();
        shared.errors.push((file, FileError { name, problem }));
        shared.failed = true;
    }

    /// What the library is told about a file, the same at each step.
    pub(super) fn input<'a>(&'a self, file: usize, text: &'a str, map: Option<&'a InputMap>) -> Input<'a> {
        let InputFile { name, kind, .. } = &self.files[file];
        let (language, settled) =
            kind.map_or((Language::JavaScript, SourceType::Auto), |kind| (kind.language, kind.source_type));
        let source_type = if settled == SourceType::Auto { self.source_type } else { settled };
        Input { name, text, language, source_type, map }
    }

    pub(super) fn note(&self, file: usize, note: String) {
        self.shared().notes.push((file, note));
    }
}
