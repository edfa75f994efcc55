//! The first stage of a file: from bytes to instrumented code without ids.

use std::fs;
use std::io::{self, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pathlight_instrument::{ErrorKind, InputMap, Instrumented, instrument};
use pathlight_mapping::Position;

use super::job::{Code, Run, Waiting};
use super::panics::panic_text;
use crate::diagnostic::{Excerpt, Problem, reason};
use crate::inputs::InputFile;
use crate::paths::relative;
use crate::source_maps::{self, FoundMap};

impl Run<'_> {
    pub(super) fn read_and_instrument(&self, file: usize) -> Result<Waiting, Problem> {
        let InputFile { path, kind, .. } = &self.files[file];
        let bytes = match path {
            Some(path) => fs::read(path),
            None => {
                let mut bytes = Vec::new();
                io::stdin().read_to_end(&mut bytes).map(|_| bytes)
            }
        }
        .map_err(|error| Problem::Io("read", error))?;
        if kind.is_none() {
            return Ok(Waiting::Copy(bytes));
        }

        let (text, has_bom) = match decode_text(bytes) {
            Ok(decoded) => decoded,
            Err((bytes, problem)) => return self.copy_or_fail(file, bytes, problem),
        };
        let done = catch_unwind(AssertUnwindSafe(|| self.instrument_text(file, &text)))
            .unwrap_or_else(|panic| Err(Problem::Internal(panic_text(&*panic))));
        match done {
            Ok((map, instrumented)) => {
                if instrumented.is_without_origin() {
                    self.note(file, format!("{}: no probes, since its input source map names no original for any of the code; --no-input-source-maps probes the file itself", self.files[file].name));
                }
                for warning in instrumented.hint_warnings() {
                    let original = warning.source.zip(map.as_ref()).map(|(at, map)| &map.sources()[at as usize].name);
                    let name = original.unwrap_or(&self.files[file].name);
                    let Position { line, column } = warning.at;
                    self.note(file, format!("{name}:{line}:{}: {warning}", column + 1));
                }
                Ok(Waiting::Code(Box::new(Code { text, has_bom, map, instrumented })))
            }
            Err(problem) => self.copy_or_fail(file, with_bom(text, has_bom), problem),
        }
    }

    fn instrument_text(&self, file: usize, text: &str) -> Result<(Option<InputMap>, Instrumented), Problem> {
        let map = if self.follows_maps { self.input_map(file, text)? } else { None };
        let done = instrument(self.input(file, text, map.as_ref()), &self.options);
        match done {
            Ok(instrumented) => Ok((map, instrumented)),
            Err(error) => {
                let excerpt = error.span.clone().map(|span| Excerpt::new(text, span));
                Err(Problem::Instrument(Box::new(error), excerpt))
            }
        }
    }

    /// With `--keep-going` a file that cannot be instrumented is copied, and that is said.
    fn copy_or_fail(&self, file: usize, bytes: Vec<u8>, problem: Problem) -> Result<Waiting, Problem> {
        if !self.keeps_going {
            return Err(problem);
        }
        self.note(file, format!("copied without probes: {}:{}", self.files[file].name, in_a_line(&problem)));
        Ok(Waiting::Copy(bytes))
    }

    /// The source map that `text` names, or that stands beside it.
    fn input_map(&self, file: usize, text: &str) -> Result<Option<InputMap>, Problem> {
        let found = match &self.files[file].path {
            Some(path) => source_maps::of_file(path, text),
            None => source_maps::named_by(text, self.root),
        };
        let found = found.map_err(|(path, error)| {
            Problem::Map(format!("cannot read {}: {}", relative(&path, self.root), reason(&error)))
        })?;
        let Some(FoundMap { json, folder }) = found else { return Ok(None) };
        let name_of = |url: &str| source_maps::source_name(url, &folder, self.root);
        InputMap::parse(&json, name_of).map(Some).map_err(|error| Problem::Map(error.to_string()))
    }
}

/// Where in the file, and what; also what to do if another option is all that it takes.
fn in_a_line(problem: &Problem) -> String {
    match problem {
        Problem::Instrument(error, excerpt) | Problem::Externs(error, excerpt) => {
            let place = excerpt.as_ref().map(|excerpt| format!("{excerpt:?}:")).unwrap_or_default();
            let remedy = match error.kind {
                ErrorKind::NoGlobalObject
                | ErrorKind::LegacyDecorator
                | ErrorKind::StandardDecorator { .. }
                | ErrorKind::Strip(_) => error.remedy().map(|remedy| format!("; {remedy}")),
                _ => None,
            };
            format!("{place} {error}{}", remedy.unwrap_or_default())
        }
        Problem::Encoding(what, _) | Problem::Map(what) => format!(" {what}"),
        Problem::Internal(what) => format!(" pathlight failed: {what}"),
        Problem::Io(what, error) => format!(" cannot {what}: {}", reason(error)),
        Problem::Check(error) => format!(" {error}"),
    }
}

pub(super) const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Bytes to text without BOM.
fn decode_text(bytes: Vec<u8>) -> Result<(String, bool), (Vec<u8>, Problem)> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let problem = Problem::Encoding("the text is UTF-16".into(), "save the file as UTF-8");
        return Err((bytes, problem));
    }
    let has_bom = bytes.starts_with(&BOM);
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if has_bom {
                text.drain(..BOM.len());
            }
            Ok((text, has_bom))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
            let what = format!("the text is not UTF-8: byte 0x{:02x} at offset {at}, line {line}", bytes[at]);
            Err((bytes, Problem::Encoding(what, "save the file as UTF-8")))
        }
    }
}

fn with_bom(text: String, has_bom: bool) -> Vec<u8> {
    let mut bytes = text.into_bytes();
    if has_bom {
        bytes.splice(0..0, BOM);
    }
    bytes
}
