//! What a walk leaves out.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::gitignore::Gitignore;
use ignore::{DirEntry, Match};

use super::patterns::Patterns;
use crate::stage::WAITING_ROOM;

/// The .gitignore files that speak of what is below a folder. As in git the deepest one that names a path decides.
pub(super) struct IgnoreFiles {
    /// Those above the folder, the outermost first.
    above: Vec<Gitignore>,
    folder: PathBuf,
    /// Those in the folder and below, by their folders, as they are asked for.
    below: Mutex<HashMap<PathBuf, Option<Arc<Gitignore>>>>,
}

impl IgnoreFiles {
    /// Those above the folder count from `root` on, unless they name the folder itself: naming it as an input says
    /// otherwise.
    pub(super) fn new(root: &Path, folder: &Path) -> Self {
        let mut above = Vec::new();
        let mut names_it = false;
        if let Ok(below) = folder.strip_prefix(root) {
            let mut at = root.to_owned();
            for part in below.components() {
                above.extend(gitignore_in(&at));
                at.push(part);
                names_it |= decision_of(&above, &at, true) == Some(true);
            }
        }
        if names_it {
            above.clear();
        }
        Self { above, folder: folder.to_owned(), below: Mutex::default() }
    }

    /// Whether they name a path whose folders they do not name.
    fn ignore(&self, path: &Path, is_folder: bool) -> bool {
        let mut folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.folder));
        let below = folders.find_map(|folder| decision(&*self.in_folder(folder)?, path, is_folder));
        below.or_else(|| decision_of(&self.above, path, is_folder)) == Some(true)
    }

    /// Whether they name a file or a folder that it is in.
    fn cover(&self, file: &Path) -> bool {
        let mut folders = file.ancestors().skip(1).take_while(|at| *at != self.folder && at.starts_with(&self.folder));
        folders.any(|folder| self.ignore(folder, true)) || self.ignore(file, false)
    }

    fn in_folder(&self, folder: &Path) -> Option<Arc<Gitignore>> {
        let mut below = self.below.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = below.get(folder) {
            return known.clone();
        }
        let found = gitignore_in(folder).map(Arc::new);
        below.insert(folder.to_owned(), found.clone());
        found
    }
}

fn gitignore_in(folder: &Path) -> Option<Gitignore> {
    let file = folder.join(".gitignore");
    file.is_file().then(|| Gitignore::new(file).0)
}

fn decision_of(files: &[Gitignore], path: &Path, is_folder: bool) -> Option<bool> {
    files.iter().rev().find_map(|file| decision(file, path, is_folder))
}

/// Whether a .gitignore file says to ignore a path; `None` if it does not name it.
fn decision(file: &Gitignore, path: &Path, is_folder: bool) -> Option<bool> {
    match file.matched(path, is_folder) {
        Match::None => None,
        Match::Ignore(_) => Some(true),
        Match::Whitelist(_) => Some(false),
    }
}

/// What a walk does not even look at.
pub(super) struct Filter {
    pub(super) skipped_folders: Vec<PathBuf>,
    pub(super) ignores: Option<IgnoreFiles>,
    pub(super) exclude: Option<Patterns>,
    pub(super) skips_node_modules: bool,
}

impl Filter {
    pub(super) fn accepts(&self, entry: &DirEntry) -> bool {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let name = entry.file_name();
        if is_folder {
            let is_skipped = name == ".git"
                // That of another run, or of one that was killed.
                || name.to_string_lossy().starts_with(WAITING_ROOM)
                || (name == "node_modules" && self.skips_node_modules && entry.depth() > 0)
                || self.skipped_folders.iter().any(|folder| folder == entry.path())
                || self.exclude.as_ref().is_some_and(|exclude| exclude.cover_folder(entry.path()));
            if is_skipped {
                return false;
            }
        }
        !self.ignores.as_ref().is_some_and(|ignores| ignores.ignore(entry.path(), is_folder))
    }
}

/// What the usual walk would have left out; `--copy-others` copies it.
pub(super) struct PassedOver {
    pub(super) ignores: Option<IgnoreFiles>,
    pub(super) skips_node_modules: bool,
    pub(super) folder: PathBuf,
}

impl PassedOver {
    pub(super) fn covers(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.folder).unwrap_or(path);
        (self.skips_node_modules && below.components().any(|part| part.as_os_str() == "node_modules"))
            || self.ignores.as_ref().is_some_and(|ignores| ignores.cover(path))
    }
}
