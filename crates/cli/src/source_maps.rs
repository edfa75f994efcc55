//! Source maps on disk: the one that a text names, and where its sources are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pathlight_instrument::{MapReference, map_reference, unescape_path};

use crate::paths::absolute;

/// A source map as it was found.
pub(crate) struct FoundMap {
    pub(crate) json: Vec<u8>,
    /// What the URLs in it are relative to.
    pub(crate) folder: PathBuf,
}

/// The source map that `text`, which stands in `folder`, names; `None` if it names none, or one that is not at hand.
///
/// # Errors
/// A map that is there and cannot be read, with its path.
pub(crate) fn named_by(text: &str, folder: &Path) -> Result<Option<FoundMap>, (PathBuf, io::Error)> {
    match map_reference(text) {
        None => Ok(None),
        Some(MapReference::Inline(json)) => Ok(Some(FoundMap { json, folder: folder.to_owned() })),
        Some(MapReference::File(url)) if url.contains("://") => Ok(None),
        // Packages are often published without the maps that their files name.
        Some(MapReference::File(url)) => read(&absolute(folder, Path::new(&unescape_path(&url)))),
    }
}

/// The source map in this file; `None` if there is no such file.
///
/// # Errors
/// As [`named_by`].
pub(crate) fn read(path: &Path) -> Result<Option<FoundMap>, (PathBuf, io::Error)> {
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    match fs::read(path) {
        Ok(json) => Ok(Some(FoundMap { json, folder })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err((path.to_owned(), error)),
    }
}

/// The path that a source's URL spells; `None` for those of another scheme, such as `webpack://`.
pub(crate) fn source_path(url: &str, folder: &Path) -> Option<PathBuf> {
    match url.strip_prefix("file://") {
        Some(path) => Some(unescape_path(path).into()),
        None if url.contains("://") => None,
        None => Some(absolute(folder, Path::new(&unescape_path(url)))),
    }
}
