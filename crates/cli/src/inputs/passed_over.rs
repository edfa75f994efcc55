//! What a walk leaves out.

use std::path::{Path, PathBuf};

use ignore::DirEntry;
use ignore::gitignore::Gitignore;

use super::patterns::is_below;

/// What a walk leaves out.
pub(super) struct Filter {
    pub(super) skipped_folders: Vec<PathBuf>,
    pub(super) ancestors: Vec<Gitignore>,
    pub(super) skips_node_modules: bool,
    pub(super) skips_ignored: bool,
}

impl Filter {
    pub(super) fn accepts(&self, entry: &DirEntry) -> bool {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let name = entry.file_name();
        if is_folder {
            let is_skipped = name == ".git"
                || (name == "node_modules" && self.skips_node_modules && entry.depth() > 0)
                || self.skipped_folders.iter().any(|folder| folder == entry.path());
            if is_skipped {
                return false;
            }
        }
        !self.skips_ignored || !self.ancestors.iter().any(|ignore| ignore.matched(entry.path(), is_folder).is_ignore())
    }
}

/// What the usual walk would have left out; `--copy-others` copies it.
pub(super) struct PassedOver {
    pub(super) ignores: Vec<Gitignore>,
    pub(super) skips_node_modules: bool,
    pub(super) folder: PathBuf,
}

impl PassedOver {
    pub(super) fn covers(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.folder).unwrap_or(path);
        (self.skips_node_modules && below.components().any(|part| part.as_os_str() == "node_modules"))
            || self
                .ignores
                .iter()
                .any(|ignore| is_below(ignore, path) && ignore.matched_path_or_any_parents(path, false).is_ignore())
    }
}
