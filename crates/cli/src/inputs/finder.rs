//! From arguments to files: what is walked, what is passed over, where each file comes out.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;
use pathlight_instrument::FileKind;

use super::argument::Argument;
use super::passed_over::{Filter, IgnoreFiles, PassedOver};
use super::patterns::Patterns;
use super::{InputFile, InputFiles};
use crate::diagnostic::Failure;
use crate::flags::InstrumentFlags;
use crate::paths::relative;

pub(super) struct Finder {
    pub(super) root: PathBuf,
    /// The folder that is mirrored.
    pub(super) base: PathBuf,
    pub(super) skipped_folders: Vec<PathBuf>,
    /// The mapping and its manifest, as a run before this one may have left them.
    pub(super) earlier_mapping: [PathBuf; 2],
    pub(super) include: Option<Patterns>,
    pub(super) exclude: Option<Patterns>,
    pub(super) is_ignoring: bool,
    pub(super) copies_others: bool,
    /// An --include names a folder of packages.
    pub(super) names_node_modules: bool,
    pub(super) strips_types: bool,
    pub(super) keeps_jsx: bool,
    pub(super) found: InputFiles,
    pub(super) seen: HashSet<PathBuf>,
}

impl Finder {
    pub(super) fn add(&mut self, argument: Argument, flags: &InstrumentFlags) -> Result<(), Failure> {
        match argument {
            Argument::Stdin => {
                let name = flags.stdin_name.clone();
                let kind = FileKind::of(&name).ok_or_else(|| {
                    Failure::usage(
                        format!("--stdin-name {name}: the extension says no language"),
                        "use one of .js .mjs .cjs .jsx .ts .mts .cts .tsx",
                    )
                })?;
                let output = Path::new(&name).file_name().map(PathBuf::from).unwrap_or_default();
                let kind = Some(kind).filter(|kind| !kind.is_declaration);
                self.found.files.push(InputFile { path: None, name, output: self.code_output(output, kind), kind });
                Ok(())
            }
            Argument::File(path) => {
                let kind = FileKind::of(&path.to_string_lossy());
                if kind.is_none() && !self.copies_others {
                    return Err(Failure::File(
                        relative(&path, &self.root).into(),
                        "the extension says no language".into(),
                        "use one of .js .mjs .cjs .jsx .ts .mts .cts .tsx, or standard input with --stdin-name".into(),
                    ));
                }
                // A shell may have made the name of a pattern.
                self.push_wanted(path, false);
                Ok(())
            }
            Argument::Folder(path) => self.walk(&path, None),
            Argument::Glob { text, folder, pattern } => {
                let before = self.found.files.len();
                if folder.is_dir() {
                    self.walk(&folder, Some(&pattern))?;
                }
                if self.found.files.len() == before {
                    return Err(Failure::usage(
                        format!("no file matches `{text}`"),
                        "quote the pattern, and check its folder",
                    ));
                }
                Ok(())
            }
        }
    }

    /// All files below `folder` in the order of their names, by the rules of what is ignored.
    fn walk(&mut self, folder: &Path, pattern: Option<&str>) -> Result<(), Failure> {
        let mut builder = WalkBuilder::new(folder);
        // Only the tree itself may decide: not the machine's own settings, nor folders above the root.
        builder.standard_filters(false).follow_links(true);
        if let Some(pattern) = pattern {
            let mut overrides = OverrideBuilder::new(folder);
            let bad = |error| Failure::usage(format!("`{pattern}`: {error}"), "check the pattern");
            overrides.add(pattern).map_err(bad)?;
            builder.overrides(overrides.build().map_err(bad)?);
        }
        let ignores = self.is_ignoring.then(|| IgnoreFiles::new(&self.root, folder));
        let skips_node_modules = !pattern.is_some_and(|pattern| pattern.contains("node_modules"))
            && !self.names_node_modules
            && !folder.components().any(|part| part.as_os_str() == "node_modules");
        // With --copy-others everything is walked, and what would have been passed over is copied.
        let (ignores, passed_over) = match self.copies_others {
            true => (None, Some(PassedOver { ignores, skips_node_modules, folder: folder.to_owned() })),
            false => (ignores, None),
        };
        let filter = Filter {
            skipped_folders: self.skipped_folders.clone(),
            ignores,
            exclude: self.exclude.clone().filter(|_| !self.copies_others),
            skips_node_modules: skips_node_modules && !self.copies_others,
        };
        builder.filter_entry(move |entry| filter.accepts(entry));

        let mut paths = Vec::new();
        for entry in builder.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => paths.push(entry.into_path()),
                Ok(_) => {}
                Err(error) => {
                    let path = error_path(&error).unwrap_or(folder);
                    let name = relative(path, &self.root);
                    // Everything in a loop is found on the way that does not loop.
                    if is_loop(&error) {
                        self.found.notes.push(format!("passed over {name}: the link leads back to a folder above it"));
                    } else if leads_nowhere(path) {
                        self.found.notes.push(format!("passed over {name}: the link leads nowhere"));
                    } else {
                        let kind = error.io_error().map_or(ErrorKind::Other, std::io::Error::kind);
                        return Err(Failure::Io("read", name.into(), kind.into()));
                    }
                }
            }
        }
        paths.sort_by_cached_key(|path| relative(path, &self.root));
        for path in paths {
            let is_copy = passed_over.as_ref().is_some_and(|passed| passed.covers(&path));
            self.push_wanted(path, is_copy);
        }
        Ok(())
    }

    fn push_wanted(&mut self, path: PathBuf, is_copy: bool) {
        let is_source = !is_copy
            && FileKind::of(&path.to_string_lossy()).is_some()
            && self.include.as_ref().is_none_or(|include| include.cover(&path))
            && !self.exclude.as_ref().is_some_and(|exclude| exclude.cover(&path));
        if is_source {
            self.push(path);
        } else if self.copies_others && !self.earlier_mapping.contains(&path) {
            self.push_as(path, None);
        }
    }

    fn push(&mut self, path: PathBuf) {
        let kind = FileKind::of(&path.to_string_lossy()).filter(|kind| !kind.is_declaration);
        self.push_as(path, kind);
    }

    fn push_as(&mut self, path: PathBuf, kind: Option<FileKind>) {
        if !self.seen.insert(path.clone()) {
            return;
        }
        let output = match path.strip_prefix(&self.base) {
            Ok(below) => below.to_owned(),
            Err(_) => path.file_name().map(PathBuf::from).unwrap_or_default(),
        };
        let (output, name) = (self.code_output(output, kind), relative(&path, &self.root));
        self.found.files.push(InputFile { path: Some(path), name, output, kind });
    }

    /// What TypeScript itself would call its output.
    fn code_output(&self, path: PathBuf, kind: Option<FileKind>) -> PathBuf {
        let extension = match path.extension().and_then(|extension| extension.to_str()) {
            _ if kind.is_none() || !self.strips_types => return path,
            Some("ts") => "js",
            Some("mts") => "mjs",
            Some("cts") => "cjs",
            Some("tsx" | "jsx") if self.keeps_jsx => "jsx",
            Some("tsx" | "jsx") => "js",
            _ => return path,
        };
        path.with_extension(extension)
    }
}

fn is_loop(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithPath { err, .. }
        | ignore::Error::WithDepth { err, .. }
        | ignore::Error::WithLineNumber { err, .. } => is_loop(err),
        _ => false,
    }
}

/// Editors lock files with such links, beside the files.
fn leads_nowhere(path: &Path) -> bool {
    path.is_symlink() && fs::metadata(path).is_err_and(|error| error.kind() != ErrorKind::PermissionDenied)
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        _ => None,
    }
}
