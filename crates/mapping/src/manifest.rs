//! The build manifest: what was built, beside the mapping.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::MappingError;
use crate::mapping::Mapping;
use crate::text::shorten;

/// Version of the manifest's shape.
pub const MANIFEST_SCHEMA: u32 = 1;

/// Path of the manifest that belongs to a mapping file: `<mapping>.build.json`.
pub fn manifest_path(mapping: &Path) -> PathBuf {
    let mut path = mapping.as_os_str().to_owned();
    path.push(".build.json");
    path.into()
}

/// What one build consists of. Holds no clock and no path of a machine: same input, same bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BuildManifest {
    /// [`MANIFEST_SCHEMA`].
    pub schema: u32,
    /// The build id that reports carry.
    pub build: String,
    /// Name of the global that probes push to.
    pub array: String,
    /// Spelling of the ids in the code: `vlq` or `number`.
    pub ids: String,
    /// `branch` or `function`.
    pub granularity: String,
    /// Number of probes; ids are 1 to this number.
    pub probes: u32,
    /// The original files, in the order of the mapping's FileNames; then those without a probe, in input order.
    pub files: Vec<ManifestFile>,
}

/// One original file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ManifestFile {
    /// As in the mapping's FileNames.
    pub name: String,
    /// Of the file's bytes; absent when the original behind an input source map is not at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Number of probes in it.
    pub probes: u32,
    /// The file's text, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl BuildManifest {
    /// The manifest as JSON text, LF at its end.
    pub fn to_json(&self) -> String {
        // The types hold strings and integers only: there is nothing that JSON cannot express.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Whether it is of this mapping, as far as the two say: one that was cut has fewer probes.
    ///
    /// # Errors
    /// [`MappingError::OtherMapping`].
    pub fn check(&self, mapping: &Mapping) -> Result<(), MappingError> {
        if self.probes as usize != mapping.len() {
            return Err(MappingError::OtherMapping { what: format!("{} probes, not {}", self.probes, mapping.len()) });
        }
        let listed = self.files.iter().map(|file| Some(file.name.as_str())).chain(std::iter::repeat(None));
        match mapping.files().iter().zip(listed).find(|(name, listed)| *listed != Some(name.as_str())) {
            Some((name, _)) => {
                let what = format!("`{}` is not in its place among the files", shorten(name));
                Err(MappingError::OtherMapping { what })
            }
            None => Ok(()),
        }
    }
}

impl FromStr for BuildManifest {
    type Err = MappingError;

    fn from_str(json: &str) -> Result<Self, MappingError> {
        let manifest: Self =
            serde_json::from_str(json).map_err(|error| MappingError::BadManifest { reason: error.to_string() })?;
        if manifest.schema == MANIFEST_SCHEMA {
            Ok(manifest)
        } else {
            Err(MappingError::BadManifest {
                reason: format!("schema {} is not known, only {MANIFEST_SCHEMA}", manifest.schema),
            })
        }
    }
}

/// SHA-256, so that anyone can check it with a standard tool. Displayed as `sha256-<hex>`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of several parts; each part's length is hashed with it, so that moving a border changes the hash.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The first 16 bytes in hexadecimal: long enough to be unique, short enough for reports.
    pub fn short(&self) -> String {
        self.0[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256-")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
