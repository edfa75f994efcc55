//! What the arguments name: files, folders, globs, standard input.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostic::Failure;
use crate::paths::absolute;

/// What an argument names.
pub(super) enum Argument {
    Stdin,
    File(PathBuf),
    Folder(PathBuf),
    Glob {
        /// As it was given.
        text: String,
        /// What its first part names, before anything special.
        folder: PathBuf,
        /// The rest, from the folder on.
        pattern: String,
    },
}

impl Argument {
    /// # Errors
    /// It names nothing that can be read.
    pub(super) fn parse(text: &str, working: &Path) -> Result<Self, Failure> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        let path = absolute(working, Path::new(text));
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => Ok(Self::Folder(path)),
            Ok(_) => Ok(Self::File(path)),
            // A file of that very name comes first: `[id].js` is a name in some frameworks.
            Err(_) if text.contains(['*', '?', '[', '{']) => {
                let literal: PathBuf = Path::new(text)
                    .components()
                    .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
                    .collect();
                let pattern = Path::new(text).strip_prefix(&literal).unwrap_or(Path::new(text)).to_string_lossy();
                Ok(Self::Glob {
                    text: text.to_owned(),
                    folder: absolute(working, &literal),
                    // The slash says that a pattern of one part is none of a name in any folder.
                    pattern: format!("/{}", with_whole_stars(&pattern)),
                })
            }
            Err(error) => Err(Failure::Io("read", text.into(), error)),
        }
    }
}

/// Closure Compiler writes `src/**.js` for all files below `src`; elsewhere that is spelled `src/**/*.js`.
pub(super) fn with_whole_stars(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 2);
    let mut rest = pattern;
    while let Some(at) = rest.find("**") {
        out.push_str(&rest[..at + 2]);
        rest = &rest[at + 2..];
        if !rest.is_empty() && !rest.starts_with('/') {
            out.push_str("/*");
        }
    }
    out + rest
}

/// The deepest folder that holds every argument: a folder counts as itself, a file as its folder.
pub(super) fn common_folder(arguments: &[Argument]) -> Option<PathBuf> {
    let mut folders = arguments.iter().filter_map(|argument| match argument {
        Argument::Stdin => None,
        Argument::File(path) => path.parent().map(Path::to_owned),
        Argument::Folder(path) | Argument::Glob { folder: path, .. } => Some(path.clone()),
    });
    let first = folders.next()?;
    Some(folders.fold(first, |common, folder| {
        common.components().zip(folder.components()).take_while(|(a, b)| a == b).map(|(part, _)| part).collect()
    }))
}
