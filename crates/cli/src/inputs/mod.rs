//! Which files go in, under which name, and where they come out.

mod argument;
mod finder;
mod passed_over;
mod patterns;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use pathlight_instrument::FileKind;
use pathlight_mapping::manifest_path;

use self::argument::{Argument, common_folder, with_whole_stars};
use self::finder::Finder;
use self::patterns::Patterns;
use crate::closure::mapping_path;
use crate::diagnostic::Failure;
use crate::flags::{InstrumentFlags, JsxFlag};
use crate::paths::absolute;

/// One file of the run, in the order of the ids.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct InputFile {
    /// Where it is read; `None`: standard input.
    pub(crate) path: Option<PathBuf>,
    /// Its name in the mapping: relative to the root, with `/`.
    pub(crate) name: String,
    /// The path of its code below the output folder.
    pub(crate) output: PathBuf,
    /// `None`: it is copied as it is.
    pub(crate) kind: Option<FileKind>,
}

impl InputFile {
    /// Its path below the output folder if it is copied as it is: under its own name, whatever its code's is.
    pub(crate) fn copy_output(&self) -> PathBuf {
        match Path::new(&self.name).extension() {
            Some(extension) if self.kind.is_some() => self.output.with_extension(extension),
            _ => self.output.clone(),
        }
    }
}

/// All files of the run.
#[derive(Debug, Default)]
pub(crate) struct InputFiles {
    /// In the order given; those of a folder by name.
    pub(crate) files: Vec<InputFile>,
    /// What was passed over and is worth saying.
    pub(crate) notes: Vec<String>,
}

/// Finds every input file.
///
/// # Errors
/// An argument that names nothing, a bad pattern.
pub(crate) fn find(flags: &InstrumentFlags) -> Result<InputFiles, Failure> {
    let working = std::env::current_dir().map_err(Failure::io("find", Path::new("the working folder")))?;
    let root = match &flags.root {
        Some(root) => absolute(&working, root),
        None => working.clone(),
    };
    let mut arguments = Vec::new();
    let mut exclude = flags.exclude.clone();
    for text in flags.js.iter().chain(&flags.inputs) {
        match text.strip_prefix('!') {
            // Closure's spelling of an exclusion.
            Some(excluded) => exclude.push(with_whole_stars(excluded)),
            None => arguments.push(Argument::parse(text, &working)?),
        }
    }
    if arguments.is_empty() {
        return Err(Failure::usage("no input", "name files, folders or globs, or `-` for standard input"));
    }
    if arguments.iter().filter(|argument| matches!(argument, Argument::Stdin)).count() > 1 {
        return Err(Failure::usage("standard input is named twice", "name `-` once: it can be read only once"));
    }
    let base = common_folder(&arguments).unwrap_or_else(|| working.clone());
    let out_dir = flags.out_dir.as_ref().map(|dir| absolute(&working, dir));
    // The output folder may be reached through a link too.
    let real_out_dir = out_dir.as_ref().and_then(|dir| fs::canonicalize(dir).ok());
    let mapping = absolute(&working, &mapping_path(flags));
    let mut finder = Finder {
        include: Patterns::new(&working, &base, &flags.include, "--include")?,
        exclude: Patterns::new(&working, &base, &exclude, "--exclude")?,
        root,
        base,
        skipped_folders: out_dir.into_iter().chain(real_out_dir).collect(),
        earlier_mapping: [manifest_path(&mapping), mapping],
        is_ignoring: !flags.no_ignore,
        copies_others: flags.copy_others,
        names_node_modules: flags.include.iter().any(|pattern| pattern.contains("node_modules")),
        strips_types: flags.strip_types,
        keeps_jsx: flags.jsx == Some(JsxFlag::Preserve),
        found: InputFiles::default(),
        // They only declare; a folder may hold them beside the sources.
        seen: flags.externs.iter().map(|path| absolute(&working, path)).collect(),
    };
    for argument in arguments {
        finder.add(argument, flags)?;
    }
    Ok(finder.found)
}

impl InputFiles {
    /// Takes out the files that would be copied to where the source map of an output goes, as place and path.
    pub(crate) fn take_maps_beside(&mut self, map_path: impl Fn(&Path) -> PathBuf) -> HashMap<PathBuf, PathBuf> {
        let sources = self.files.iter().filter(|file| file.kind.is_some());
        let places: HashSet<PathBuf> = sources.map(|file| map_path(&file.output)).collect();
        let (maps, files) = std::mem::take(&mut self.files)
            .into_iter()
            .partition::<Vec<_>, _>(|file| file.kind.is_none() && places.contains(&file.output));
        self.files = files;
        maps.into_iter().filter_map(|file| Some((file.output, file.path?))).collect()
    }
}
