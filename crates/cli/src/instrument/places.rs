//! Where everything of a run is written: never over an input, nor two things to one place.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use pathlight_mapping::manifest_path;

use super::target::{Target, map_path};
use crate::diagnostic::Failure;
use crate::inputs::InputFile;
use crate::stage::is_stream;

/// Something that is written.
#[derive(Clone, Copy)]
enum Written<'a> {
    /// The code of the input of this name.
    Code(&'a str),
    /// Its source map.
    SourceMap(&'a str),
    JoinedCode,
    JoinedSourceMap,
    Mapping,
    Manifest,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(name) => write!(f, "the output of {name}"),
            Self::SourceMap(name) => write!(f, "the source map of {name}"),
            Self::JoinedCode => f.write_str("the code"),
            Self::JoinedSourceMap => f.write_str("the source map"),
            Self::Mapping => f.write_str("the mapping"),
            Self::Manifest => f.write_str("the build manifest"),
        }
    }
}

impl Written<'_> {
    fn remedy(self) -> &'static str {
        match self {
            Self::Code(_) | Self::SourceMap(_) => "choose another --out-dir",
            Self::JoinedCode | Self::JoinedSourceMap => "choose another --out-file",
            Self::Mapping | Self::Manifest => "choose another --mapping",
        }
    }
}

/// Paths without links, and without asking twice about a folder.
#[derive(Default)]
struct RealPaths {
    folders: HashMap<PathBuf, PathBuf>,
}

impl RealPaths {
    /// Where a file stands that takes this path, which itself may be a link: it is replaced.
    fn replaced(&mut self, path: &Path) -> PathBuf {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return path.to_owned() };
        if let Some(real) = self.folders.get(folder) {
            return real.join(name);
        }
        let real = real_folder(folder);
        let place = real.join(name);
        self.folders.insert(folder.to_owned(), real);
        place
    }

    /// Where a file stands that is read or written through this path.
    fn followed(&mut self, path: &Path) -> PathBuf {
        if path.is_symlink() { fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()) } else { self.replaced(path) }
    }
}

/// A folder without links; what of it does not exist yet has none.
fn real_folder(folder: &Path) -> PathBuf {
    let mut missing: Vec<OsString> = Vec::new();
    let mut at = folder;
    loop {
        if let Ok(real) = fs::canonicalize(at) {
            return missing.iter().rev().fold(real, |path, name| path.join(name));
        }
        match (at.parent(), at.file_name()) {
            (Some(parent), Some(name)) => {
                missing.push(name.to_owned());
                at = parent;
            }
            _ => return folder.to_owned(),
        }
    }
}

/// Refuses what would cost a source, or one output another.
pub(super) fn refuse_to_overwrite(
    target: &Target,
    files: &[InputFile],
    has_maps: bool,
    mapping: Option<&Path>,
) -> Result<(), Failure> {
    let mut real = RealPaths::default();
    let mut places: HashMap<PathBuf, Written<'_>> = HashMap::new();
    let mut claim = |place: PathBuf, written| match places.insert(place, written) {
        Some(other) => {
            let remedy = match (other, written) {
                (Written::Code(_), Written::Code(_)) => {
                    "leave one of them out with --exclude, or run pathlight for each"
                }
                _ => written.remedy(),
            };
            Err(Failure::usage(format!("{other} and {written} would be written to the same place"), remedy))
        }
        None => Ok(()),
    };
    match target {
        Target::Folder(dir) => {
            for file in files {
                claim(real.replaced(&dir.join(&file.output)), Written::Code(&file.name))?;
                if has_maps && file.kind.is_some() {
                    claim(real.replaced(&dir.join(map_path(&file.output))), Written::SourceMap(&file.name))?;
                }
            }
        }
        Target::File(out) if !is_stream(out) => {
            claim(real.followed(out), Written::JoinedCode)?;
            if has_maps {
                claim(real.followed(&map_path(out)), Written::JoinedSourceMap)?;
            }
        }
        Target::File(_) | Target::Stdout => {}
    }
    if let Some(mapping) = mapping.filter(|path| !is_stream(path)) {
        claim(real.followed(mapping), Written::Mapping)?;
        claim(real.followed(&manifest_path(mapping)), Written::Manifest)?;
    }
    for file in files {
        let Some(path) = &file.path else { continue };
        if let Some(written) = places.get(&real.followed(path)) {
            let by = match written {
                Written::Code(name) if *name == file.name => "its own output".to_owned(),
                Written::JoinedCode if files.len() == 1 => "its own output".to_owned(),
                other => other.to_string(),
            };
            return Err(Failure::usage(format!("{} would be overwritten by {by}", file.name), written.remedy()));
        }
    }
    Ok(())
}
