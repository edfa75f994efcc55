//! The mapping and the build manifest as texts.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use pathlight_mapping::{BuildManifest, ContentHash, IdForm, MANIFEST_SCHEMA, ManifestFile, Mapping, MappingFormat};

use super::job::{Code, Run};
use super::read::BOM;
use crate::flags::{GranularityFlag, InstrumentFlags};
use crate::paths::absolute;

impl Run<'_> {
    pub(super) fn note_manifest(&self, file: usize, code: &Code) {
        let input_file = &self.files[file];
        let counts = code.instrumented.probes_by_source(self.input(file, &code.text, code.map.as_ref()));
        let entry = |name: &str, content: Option<&[u8]>, probes| ManifestFile {
            name: name.to_owned(),
            hash: content.map(|content| ContentHash::of(content).to_string()),
            probes,
            source: content.filter(|_| self.embeds_sources).map(|text| String::from_utf8_lossy(text).into_owned()),
        };
        let entries: Vec<ManifestFile> = match &code.map {
            None if code.has_bom => {
                vec![entry(&input_file.name, Some(&[&BOM, code.text.as_bytes()].concat()), counts[0])]
            }
            None => vec![entry(&input_file.name, Some(code.text.as_bytes()), counts[0])],
            Some(map) => map
                .sources()
                .iter()
                .zip(counts)
                // One without a name has no probes.
                .filter(|(source, _)| !source.name.is_empty())
                .map(|(source, probes)| match &source.content {
                    Some(content) => entry(&source.name, Some(content.as_bytes()), probes),
                    None => {
                        let on_disk = fs::read(absolute(self.root, Path::new(&source.name))).ok();
                        entry(&source.name, on_disk.as_deref(), probes)
                    }
                })
                .collect(),
        };
        self.shared().manifest.extend(entries.into_iter().map(|entry| (file, entry)));
    }
}

pub(super) fn mapping_text(mapping: &Mapping, format: MappingFormat) -> Vec<u8> {
    /// Bytes of an entry, a little more than most have.
    const ENTRY: usize = 36;
    let mut text = Vec::with_capacity(mapping.len() * ENTRY + 1024);
    // Writing to memory cannot fail.
    let _ = mapping.write(format, &mut text);
    text
}

/// The manifest: files in the order of the mapping, then those without a probe in the order of the inputs.
pub(super) fn build_manifest(
    mapping: &Mapping,
    mapping_text: &[u8],
    entries: Vec<(usize, ManifestFile)>,
    flags: &InstrumentFlags,
) -> BuildManifest {
    let mut files: Vec<ManifestFile> = Vec::with_capacity(entries.len());
    let mut places: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    for name in mapping.files() {
        places.insert(name.clone(), files.len());
        files.push(ManifestFile { name: name.clone(), hash: None, probes: 0, source: None });
    }
    for (_, mut entry) in entries {
        match places.get(&entry.name) {
            Some(&at) => {
                // One original may have gone into several inputs.
                entry.probes += files[at].probes;
                files[at] = entry;
            }
            None => {
                places.insert(entry.name.clone(), files.len());
                files.push(entry);
            }
        }
    }
    let mut manifest = BuildManifest {
        schema: MANIFEST_SCHEMA,
        build: String::new(),
        array: flags.array_name.clone(),
        ids: IdForm::from(flags.ids).name().to_owned(),
        granularity: match flags.granularity {
            GranularityFlag::Branch => "branch",
            GranularityFlag::Function => "function",
        }
        .to_owned(),
        probes: mapping.len() as u32,
        files,
    };
    manifest.build = flags
        .build_id
        .clone()
        .unwrap_or_else(|| ContentHash::of_parts([mapping_text, manifest.to_json().as_bytes()]).short());
    manifest
}
