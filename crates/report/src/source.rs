//! Source texts, and whether they are what was built.

use std::fs;
use std::path::PathBuf;

use pathlight_mapping::{ContentHash, ManifestFile};

/// The text of an original file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// What was built, or there is no hash that says otherwise. Without a BOM.
    Text(String),
    /// There is a file of that name, but its content is another one than was built. Positions in it mean nothing.
    Changed,
    /// There is no such file.
    Missing,
}

/// Where sources are.
#[derive(Clone, Debug, Default)]
pub struct SourceFolder {
    /// The folder that names are relative to; `None` where no file is to be read.
    pub folder: Option<PathBuf>,
}

impl Source {
    /// The text, if it is what was built.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Changed | Self::Missing => None,
        }
    }
}

impl SourceFolder {
    /// The file's text: as it is in the folder, if that is what was built; else from the manifest.
    pub(crate) fn load(&self, name: &str, listed: Option<&ManifestFile>) -> Source {
        let expected = listed.and_then(|file| file.hash.as_deref());
        let read = self.folder.as_ref().and_then(|folder| fs::read(folder.join(name)).ok());
        let is_changed = match (&read, expected) {
            (Some(bytes), Some(expected)) => ContentHash::of(bytes).to_string() != expected,
            _ => false,
        };
        let embedded = listed.and_then(|file| file.source.as_deref());
        match (read, embedded) {
            (Some(bytes), _) if !is_changed => Source::Text(without_bom(&String::from_utf8_lossy(&bytes))),
            (_, Some(text)) => Source::Text(without_bom(text)),
            (Some(_), None) => Source::Changed,
            (None, None) => Source::Missing,
        }
    }
}

/// A BOM is no column.
fn without_bom(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()
}
