//! Source maps on disk: the one that a text names, and where its sources are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pathlight_instrument::{MapReference, map_reference, unescape_path};
use pathlight_mapping::ContentHash;

use crate::paths::{absolute, relative};

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
        // Packages are often published without the maps that their files name.
        Some(MapReference::File(url)) => {
            let read_at = |url: &str| source_path(url, folder).map_or(Ok(None), |path| read(&path));
            let found = read_at(&url)?;
            // As `a.js.map?v=3` is served. A file may be named so, too.
            let path = url.split(['?', '#']).next().filter(|path| !path.is_empty() && *path != url);
            match (found, path) {
                (None, Some(path)) => read_at(path),
                (found, _) => Ok(found),
            }
        }
    }
}

/// The source map that `text` names, which stands in the file at `path`, or else the one beside that file: what is
/// shipped often does not name its map.
///
/// # Errors
/// As [`named_by`].
pub(crate) fn of_file(path: &Path, text: &str) -> Result<Option<FoundMap>, (PathBuf, io::Error)> {
    let named = named_by(text, path.parent().unwrap_or(Path::new("")))?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".map");
    named.map_or_else(|| read(Path::new(&beside)), |named| Ok(Some(named)))
}

/// The source map in this file; `None` if there is no such file.
fn read(path: &Path) -> Result<Option<FoundMap>, (PathBuf, io::Error)> {
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    match fs::read(path) {
        Ok(json) => Ok(Some(FoundMap { json, folder })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err((path.to_owned(), error)),
    }
}

/// Whether a source is its own URL, as compilers name what they read from standard input.
pub(crate) fn is_data(url: &str) -> bool {
    url.starts_with("data:")
}

/// The name in the mapping of a source, by its URL: its path from `root`, or the URL itself. One that is its own URL
/// is an original as any other, but no text belongs into a name: `data:text/javascript,` and a hash of it.
pub(crate) fn source_name(url: &str, folder: &Path, root: &Path) -> String {
    if url.is_empty() {
        // A source that the map does not name.
        return String::new();
    }
    if is_data(url) {
        let kind = url.split([',', ';']).next().unwrap_or_default();
        return format!("{kind},{}", ContentHash::of(url.as_bytes()).short());
    }
    match source_path(url, folder) {
        Some(path) => relative(&path, root),
        None if is_drive(url) => format!("file:///{}", url.replace('\\', "/")),
        None => url.to_owned(),
    }
}

/// The path that a URL spells; `None` for those of another scheme, such as `webpack://` or `data:`, and of another
/// machine.
pub(crate) fn source_path(url: &str, folder: &Path) -> Option<PathBuf> {
    if let Some(path) = url.strip_prefix("file://") {
        let path = path.strip_prefix("localhost").filter(|path| path.starts_with('/')).unwrap_or(path);
        return match path.strip_prefix('/').filter(|path| is_drive(path)) {
            Some(path) => cfg!(windows).then(|| unescape_path(path).into()),
            None => Some(unescape_path(path).into()),
        };
    }
    if url.contains("://") || is_data(url) || (is_drive(url) && !cfg!(windows)) {
        return None;
    }
    // Some compilers write their paths as they are on Windows.
    Some(absolute(folder, Path::new(&unescape_path(&url.replace('\\', "/")))))
}

/// Whether a path begins with a drive, as in `C:\a.ts`.
fn is_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic())
}
