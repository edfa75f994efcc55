//! Which files an argument names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use walkdir::WalkDir;

/// Where reports come from.
#[derive(Clone, Debug)]
pub enum ReportPath {
    /// Standard input.
    Stdin,
    /// One file.
    File(PathBuf),
    /// Every file below a folder, whatever its name.
    Folder(PathBuf),
    /// Every file below a folder that matches.
    Glob(PathBuf, GlobMatcher),
}

/// An argument that names nothing.
#[derive(Debug)]
pub enum ReportPathError {
    /// No such file, or one that cannot be looked at.
    Io(PathBuf, io::Error),
    /// A pattern that is none; why.
    Pattern(String, String),
}

/// What makes an argument a pattern, if there is no file of that very name.
const WILD: [char; 4] = ['*', '?', '[', '{'];

impl ReportPath {
    /// `-`, a file, a folder or a glob.
    ///
    /// # Errors
    /// Any [`ReportPathError`].
    pub fn parse(text: &str) -> Result<Self, ReportPathError> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        match fs::metadata(text) {
            Ok(metadata) if metadata.is_dir() => Ok(Self::Folder(text.into())),
            Ok(_) => Ok(Self::File(text.into())),
            Err(_) if text.contains(WILD) => {
                let glob = GlobBuilder::new(text).literal_separator(true).build();
                let glob = glob.map_err(|error| ReportPathError::Pattern(text.into(), error.kind().to_string()))?;
                let is_literal = |part: &std::path::Component<'_>| !part.as_os_str().to_string_lossy().contains(WILD);
                let folder: PathBuf = Path::new(text).components().take_while(is_literal).collect();
                if !folder.as_os_str().is_empty() {
                    fs::metadata(&folder).map_err(|error| ReportPathError::Io(folder.clone(), error))?;
                }
                Ok(Self::Glob(folder, glob.compile_matcher()))
            }
            Err(error) => Err(ReportPathError::Io(text.into(), error)),
        }
    }

    /// Every file, as it is found; a folder that cannot be read is an error among them.
    pub(crate) fn files(&self) -> Box<dyn Iterator<Item = Result<PathBuf, (PathBuf, io::Error)>> + Send> {
        match self {
            Self::Stdin => Box::new(std::iter::empty()),
            Self::File(path) => Box::new(std::iter::once(Ok(path.clone()))),
            Self::Folder(folder) => walk(folder, None),
            Self::Glob(folder, glob) => walk(folder, Some(glob.clone())),
        }
    }
}

fn walk(
    folder: &Path,
    glob: Option<GlobMatcher>,
) -> Box<dyn Iterator<Item = Result<PathBuf, (PathBuf, io::Error)>> + Send> {
    let (start, is_here) = match folder.as_os_str().is_empty() {
        true => (Path::new("."), true),
        false => (folder, false),
    };
    Box::new(WalkDir::new(start).follow_links(true).into_iter().filter_map(move |entry| match entry {
        Ok(entry) if entry.file_type().is_dir() => None,
        Ok(entry) => {
            let path = entry.into_path();
            let path = if is_here { path.strip_prefix(".").map(Path::to_owned).unwrap_or(path) } else { path };
            glob.as_ref().is_none_or(|glob| glob.is_match(&path)).then_some(Ok(path))
        }
        Err(error) => {
            let path = error.path().unwrap_or(Path::new("")).to_owned();
            Some(Err((path, error.into_io_error().unwrap_or_else(|| io::Error::other("the links go in a circle")))))
        }
    }))
}
