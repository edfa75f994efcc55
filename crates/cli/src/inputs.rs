//! Which files go in, under which name, and where they come out.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::OverrideBuilder;
use ignore::{DirEntry, WalkBuilder};
use pathlight_instrument::FileKind;

use crate::diagnostic::Failure;
use crate::flags::{InstrumentFlags, JsxFlag};

/// One file of the run, in the order of the ids.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct InputFile {
    /// Where it is read; `None`: standard input.
    pub(crate) path: Option<PathBuf>,
    /// Its name in the mapping: relative to the root, with `/`.
    pub(crate) name: String,
    /// Its path below the output folder.
    pub(crate) output: PathBuf,
    /// `None`: it is copied as it is.
    pub(crate) kind: Option<FileKind>,
}

/// All files of the run.
#[derive(Debug, Default)]
pub(crate) struct InputFiles {
    /// In the order given; those of a folder by name.
    pub(crate) files: Vec<InputFile>,
    /// What was passed over and is worth saying.
    pub(crate) notes: Vec<String>,
}

/// What an argument names.
enum Argument {
    Stdin,
    File(PathBuf),
    Folder(PathBuf),
    /// A pattern and the folder that its first part names.
    Glob(String, PathBuf),
}

/// Finds every input file.
///
/// # Errors
/// An argument that names nothing, a bad pattern, two files with one place in the output.
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
            Some(excluded) => exclude.push(excluded.to_owned()),
            None => arguments.push(argument(text, &working)?),
        }
    }
    if arguments.is_empty() {
        return Err(Failure::usage("no input", "name files, folders or globs, or `-` for standard input"));
    }
    let base = common_folder(&arguments).unwrap_or_else(|| working.clone());
    let out_dir = flags.out_dir.as_ref().map(|dir| absolute(&working, dir));
    let mut finder = Finder {
        root,
        base,
        skipped_folders: out_dir.into_iter().collect(),
        include: patterns(&working, &flags.include, "--include")?,
        exclude: patterns(&working, &exclude, "--exclude")?,
        is_ignoring: !flags.no_ignore,
        copies_others: flags.copy_others,
        names_node_modules: flags.include.iter().any(|pattern| pattern.contains("node_modules")),
        strips_types: flags.strip_types,
        keeps_jsx: flags.jsx == JsxFlag::Preserve,
        found: InputFiles::default(),
        // They only declare; a folder may hold them beside the sources.
        seen: flags.externs.iter().map(|path| absolute(&working, path)).collect(),
    };
    for argument in arguments {
        finder.add(argument, flags)?;
    }
    finder.found.check_outputs()?;
    Ok(finder.found)
}

fn argument(text: &str, working: &Path) -> Result<Argument, Failure> {
    if text == "-" {
        return Ok(Argument::Stdin);
    }
    let path = absolute(working, Path::new(text));
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => Ok(Argument::Folder(path)),
        Ok(_) => Ok(Argument::File(path)),
        // A file of that very name comes first: `[id].js` is a name in some frameworks.
        Err(error) if text.contains(['*', '?', '[', '{']) => {
            let _ = error;
            let literal: PathBuf = Path::new(text)
                .components()
                .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
                .collect();
            Ok(Argument::Glob(with_whole_stars(text), absolute(working, &literal)))
        }
        Err(error) => Err(Failure::Io("read", text.into(), error)),
    }
}

/// Closure Compiler writes `src/**.js` for all files below `src`; elsewhere that is spelled `src/**/*.js`.
fn with_whole_stars(pattern: &str) -> String {
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
fn common_folder(arguments: &[Argument]) -> Option<PathBuf> {
    let mut folders = arguments.iter().filter_map(|argument| match argument {
        Argument::Stdin => None,
        Argument::File(path) => path.parent().map(Path::to_owned),
        Argument::Folder(path) | Argument::Glob(_, path) => Some(path.clone()),
    });
    let first = folders.next()?;
    Some(folders.fold(first, |common, folder| {
        common.components().zip(folder.components()).take_while(|(a, b)| a == b).map(|(part, _)| part).collect()
    }))
}

fn patterns(working: &Path, patterns: &[String], flag: &str) -> Result<Option<Gitignore>, Failure> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let mut builder = GitignoreBuilder::new(working);
    for pattern in patterns.iter().flat_map(|pattern| expand_braces(pattern)) {
        let bad = |error: ignore::Error| {
            Failure::usage(format!("{flag} {pattern}: {error}"), "patterns are written as in .gitignore files")
        };
        builder.add_line(None, pattern.strip_prefix("./").unwrap_or(&pattern)).map_err(bad)?;
    }
    builder.build().map(Some).map_err(|error| Failure::usage(format!("{flag}: {error}"), "use simpler patterns"))
}

/// `a.{js,ts}` as the shell expands it: .gitignore files know no braces, but everyone writes them.
fn expand_braces(pattern: &str) -> Vec<String> {
    let Some(open) = pattern.find('{') else { return vec![pattern.to_owned()] };
    let mut depth = 0;
    let mut borders = vec![open];
    for (at, c) in pattern.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            borders.push(at);
        }
        if depth == 0 {
            break;
        }
    }
    let (Some(&close), true) = (borders.last(), depth == 0 && borders.len() > 2) else {
        return vec![pattern.to_owned()];
    };
    let choices = borders.windows(2).map(|border| &pattern[border[0] + 1..border[1]]);
    choices
        .flat_map(|choice| expand_braces(&format!("{}{choice}{}", &pattern[..open], &pattern[close + 1..])))
        .collect()
}

struct Finder {
    root: PathBuf,
    /// The folder that is mirrored.
    base: PathBuf,
    skipped_folders: Vec<PathBuf>,
    include: Option<Gitignore>,
    exclude: Option<Gitignore>,
    is_ignoring: bool,
    copies_others: bool,
    /// An --include names a folder of packages.
    names_node_modules: bool,
    strips_types: bool,
    keeps_jsx: bool,
    found: InputFiles,
    seen: HashSet<PathBuf>,
}

impl Finder {
    fn add(&mut self, argument: Argument, flags: &InstrumentFlags) -> Result<(), Failure> {
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
                self.found.files.push(InputFile { path: None, name, output, kind: Some(kind) });
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
                self.push(path);
                Ok(())
            }
            Argument::Folder(path) => self.walk(&path, None),
            Argument::Glob(pattern, folder) => {
                let before = self.found.files.len();
                if folder.is_dir() {
                    self.walk(&folder, Some(&pattern))?;
                }
                if self.found.files.len() == before {
                    return Err(Failure::usage(
                        format!("no file matches `{pattern}`"),
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
        builder
            .standard_filters(false)
            .git_ignore(self.is_ignoring && !self.copies_others)
            .require_git(false)
            .follow_links(true);
        if let Some(pattern) = pattern {
            let mut overrides = OverrideBuilder::new(std::env::current_dir().unwrap_or_default());
            let bad = |error| Failure::usage(format!("`{pattern}`: {error}"), "check the pattern");
            overrides.add(pattern.strip_prefix("./").unwrap_or(pattern)).map_err(bad)?;
            builder.overrides(overrides.build().map_err(bad)?);
        }
        let ancestors = if self.is_ignoring { self.ignore_files_above(folder) } else { Vec::new() };
        let may_enter_node_modules = pattern.is_some_and(|pattern| pattern.contains("node_modules"))
            || self.names_node_modules
            || folder.components().any(|part| part.as_os_str() == "node_modules");
        let filter = Filter {
            skipped_folders: self.skipped_folders.clone(),
            ancestors,
            skips_node_modules: !may_enter_node_modules && !self.copies_others,
            skips_ignored: !self.copies_others,
        };
        builder.filter_entry(move |entry| filter.accepts(entry));

        let mut paths = Vec::new();
        for entry in builder.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => paths.push(entry.into_path()),
                Ok(_) => {}
                // Everything in a loop is found on the way that does not loop.
                Err(error) if is_loop(&error) => {
                    self.found.notes.push(format!("passed over a link that leads back to a folder above it: {error}"));
                }
                Err(error) => {
                    let path = error_path(&error).unwrap_or(folder).to_owned();
                    let reason = error.into_io_error().unwrap_or_else(|| std::io::Error::other("cannot be walked"));
                    return Err(Failure::Io("read", relative(&path, &self.root).into(), reason));
                }
            }
        }
        paths.sort_by_cached_key(|path| relative(path, &self.root));
        // With --copy-others everything is walked, and what would have been passed over is copied.
        let passed_over = self.copies_others.then(|| self.ignored_below(folder, may_enter_node_modules));
        for path in paths {
            let is_copy = passed_over.as_ref().is_some_and(|ignored| ignored.covers(&path));
            self.push_walked(path, is_copy);
        }
        Ok(())
    }

    /// What the usual walk leaves out of `folder`.
    fn ignored_below(&self, folder: &Path, may_enter_node_modules: bool) -> PassedOver {
        let mut ignores = if self.is_ignoring { self.ignore_files_above(folder) } else { Vec::new() };
        if self.is_ignoring {
            let mut builder = WalkBuilder::new(folder);
            builder.standard_filters(false).follow_links(true);
            for entry in builder.build().flatten() {
                if entry.file_name() == ".gitignore" {
                    ignores.push(Gitignore::new(entry.path()).0);
                }
            }
        }
        PassedOver { ignores, skips_node_modules: !may_enter_node_modules, folder: folder.to_owned() }
    }

    /// The .gitignore files from the root down to the folder above `folder`, unless they name the folder
    /// itself: naming it as an input says otherwise.
    fn ignore_files_above(&self, folder: &Path) -> Vec<Gitignore> {
        let Ok(below) = folder.strip_prefix(&self.root) else { return Vec::new() };
        let mut ignores = Vec::new();
        let mut at = self.root.clone();
        for part in below.components() {
            let file = at.join(".gitignore");
            if file.is_file() {
                ignores.push(Gitignore::new(file).0);
            }
            at.push(part);
        }
        let names_it = ignores.iter().any(|ignore| ignore.matched_path_or_any_parents(folder, true).is_ignore());
        if names_it { Vec::new() } else { ignores }
    }

    fn push_walked(&mut self, path: PathBuf, is_copy: bool) {
        let is_wanted = |patterns: &Option<Gitignore>, default| match patterns {
            Some(patterns) => {
                is_below(patterns, &path) && patterns.matched_path_or_any_parents(&path, false).is_ignore()
            }
            None => default,
        };
        let is_source = !is_copy
            && FileKind::of(&path.to_string_lossy()).is_some()
            && is_wanted(&self.include, true)
            && !is_wanted(&self.exclude, false);
        if is_source {
            self.push(path);
        } else if self.copies_others {
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
        let mut output = match path.strip_prefix(&self.base) {
            Ok(below) => below.to_owned(),
            Err(_) => path.file_name().map(PathBuf::from).unwrap_or_default(),
        };
        if kind.is_some() && self.strips_types {
            output = with_runnable_extension(&output, self.keeps_jsx);
        }
        let name = relative(&path, &self.root);
        self.found.files.push(InputFile { path: Some(path), name, output, kind });
    }
}

/// What a walk leaves out.
struct Filter {
    skipped_folders: Vec<PathBuf>,
    ancestors: Vec<Gitignore>,
    skips_node_modules: bool,
    skips_ignored: bool,
}

impl Filter {
    fn accepts(&self, entry: &DirEntry) -> bool {
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
struct PassedOver {
    ignores: Vec<Gitignore>,
    skips_node_modules: bool,
    folder: PathBuf,
}

impl PassedOver {
    fn covers(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.folder).unwrap_or(path);
        (self.skips_node_modules && below.components().any(|part| part.as_os_str() == "node_modules"))
            || self
                .ignores
                .iter()
                .any(|ignore| is_below(ignore, path) && ignore.matched_path_or_any_parents(path, false).is_ignore())
    }
}

/// The matcher may only be asked about paths below its own folder.
fn is_below(patterns: &Gitignore, path: &Path) -> bool {
    path.starts_with(patterns.path())
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

    fn check_outputs(&self) -> Result<(), Failure> {
        let mut by_output: HashMap<&Path, &str> = HashMap::new();
        for file in &self.files {
            if let Some(other) = by_output.insert(&file.output, &file.name) {
                return Err(Failure::usage(
                    format!("{other} and {} would be written to the same place, {}", file.name, file.output.display()),
                    "give folders that are mirrored from one folder above, or run pathlight once for each",
                ));
            }
        }
        Ok(())
    }
}

/// What TypeScript itself would call its output.
fn with_runnable_extension(path: &Path, keeps_jsx: bool) -> PathBuf {
    let extension = match path.extension().and_then(|extension| extension.to_str()) {
        Some("ts") => "js",
        Some("mts") => "mjs",
        Some("cts") => "cjs",
        Some("tsx" | "jsx") if keeps_jsx => "jsx",
        Some("tsx" | "jsx") => "js",
        _ => return path.to_owned(),
    };
    path.with_extension(extension)
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

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        _ => None,
    }
}

/// Without `.` and `..`, so that one file has one path; links stay as they are.
pub(crate) fn absolute(working: &Path, path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in working.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The path from `root`, with `/`, whatever the machine.
pub(crate) fn relative(path: &Path, root: &Path) -> String {
    let common = path.components().zip(root.components()).take_while(|(a, b)| a == b).count();
    let up = root.components().skip(common).map(|_| "..".to_owned());
    let down = path.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_expanded_as_the_shell_does() {
        assert_eq!(expand_braces("*.{js,ts}"), ["*.js", "*.ts"]);
        assert_eq!(expand_braces("{a,{b,c}d}/{e,}"), ["a/e", "a/", "bd/e", "bd/", "cd/e", "cd/"]);
        for literal in ["a", "{a}", "{a,b", "a}"] {
            assert_eq!(expand_braces(literal), [literal]);
        }
    }
}
