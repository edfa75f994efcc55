//! The last stage of a file: ids, source map, output.

use std::fs;
use std::path::Path;

use pathlight_instrument::{Input, InputMap, OriginalSource, Output, SourceMapNames, check as check_output};

use super::job::{Code, Run, Waiting};
use super::read::BOM;
use super::target::{Target, map_path, url_escaped};
use crate::diagnostic::Problem;
use crate::flags::SourceMapsFlag;
use crate::inputs::InputFile;
use crate::paths::{absolute, relative};
use crate::source_maps::is_data;

impl Run<'_> {
    pub(super) fn write(&self, file: usize, waiting: Waiting, first: u32) -> Result<(), Problem> {
        let input = &self.files[file];
        let (code, is_copy) = match waiting {
            Waiting::Failed => return Ok(()),
            Waiting::Copy(bytes) => (Output { code: bytes, source_map: None }, true),
            Waiting::Code(code) => {
                // Nothing will be written, but everything is to be verified.
                if self.shared().failed && !self.verifies {
                    return Ok(());
                }
                (self.finish_code(file, *code, first)?, false)
            }
        };
        {
            let mut shared = self.shared();
            let count = if is_copy { &mut shared.counts.copied } else { &mut shared.counts.instrumented };
            *count += 1;
            if !matches!(self.target, Target::Folder(_)) {
                shared.joined.push((file, code));
                return Ok(());
            }
            if shared.failed {
                return Ok(());
            }
        }
        let output = &if is_copy { input.copy_output() } else { input.output.clone() };
        let mut tail = Vec::new();
        if let Some(map) = &code.source_map {
            if !code.code.ends_with(b"\n") {
                tail.push(b'\n');
            }
            match self.source_maps {
                SourceMapsFlag::None => {}
                SourceMapsFlag::Inline => tail.extend_from_slice(map.as_inline_comment().as_bytes()),
                SourceMapsFlag::File => {
                    let map_output = map_path(output);
                    let name = map_output.file_name().unwrap_or_default().to_string_lossy();
                    tail.extend_from_slice(format!("//# sourceMappingURL={}\n", url_escaped(&name)).as_bytes());
                    self.stage
                        .write(&map_output, &[map.as_json().as_bytes()], None)
                        .map_err(|error| Problem::Io("write the output of", error))?;
                }
            }
        } else if let Some(map) = self.maps_beside.get(&map_path(output)) {
            let bytes = fs::read(map).map_err(|error| Problem::Io("read the source map of", error))?;
            let written = self.stage.write(&map_path(output), &[&bytes], None);
            written.map_err(|error| Problem::Io("write the source map of", error))?;
        }
        let written = self.stage.write(output, &[&code.code, &tail], input.path.as_deref());
        written.map_err(|error| Problem::Io("write the output of", error))
    }

    fn finish_code(&self, file: usize, code: Code, first: u32) -> Result<Output, Problem> {
        let input_file = &self.files[file];
        self.note_manifest(file, &code);
        let names =
            (self.source_maps != SourceMapsFlag::None).then(|| self.source_map_names(input_file, code.map.as_ref()));
        let Code { text, has_bom, map, instrumented } = code;
        let input = self.input(file, &text, map.as_ref());
        let probes = instrumented.probe_count();
        let mut output = instrumented.finish(input, first, self.ids, names.as_ref());
        if self.verifies {
            self.verify(input, &output, first, probes)?;
        }
        if has_bom {
            output.code.splice(0..0, BOM);
        }
        Ok(output)
    }

    /// Checks a finished file against its input and its entries in the mapping.
    fn verify(&self, input: Input<'_>, output: &Output, first: u32, probes: usize) -> Result<(), Problem> {
        let entries = self.shared().mapping.probes_from(first)[..probes].to_vec();
        let code = str::from_utf8(&output.code).map_err(|error| Problem::Internal(error.to_string()))?;
        check_output(input, &self.options, code, self.ids, &entries).map_err(|error| Problem::Check(Box::new(error)))
    }

    fn source_map_names(&self, file: &InputFile, map: Option<&InputMap>) -> SourceMapNames {
        let generated = match self.target {
            Target::Folder(dir) => dir.join(&file.output),
            Target::File(path) => path.clone(),
            Target::Stdout => self.root.join(&file.name),
        };
        let folder = generated.parent().unwrap_or(self.root);
        let from_here = |name: &str| match name.is_empty() || name.contains("://") {
            true => name.to_owned(),
            false => url_escaped(&relative(&absolute(self.root, Path::new(name)), folder)),
        };
        let source_of = |source: &OriginalSource| match is_data(&source.url) {
            // It holds its text.
            true => source.url.clone(),
            false => from_here(&source.name),
        };
        SourceMapNames {
            file: generated.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            sources: match map {
                None => vec![from_here(&file.name)],
                Some(map) => map.sources().iter().map(source_of).collect(),
            },
        }
    }
}
