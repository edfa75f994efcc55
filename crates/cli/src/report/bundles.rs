//! `--bundle`: shipped code, and what its source maps say of where its bytes come from.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pathlight_report::Build;
use pathlight_report::bundle::module_map::{Module, ModuleMap};
use pathlight_report::bundle::modules::Modules;

use super::{ReportFlags, count, listing, warn};
use crate::diagnostic::Failure;
use crate::paths::{absolute, relative};
use crate::source_maps::{self, FoundMap, source_path};

/// Code made of code made of code: compiled, instrumented, bundled, minified. Maps that lead in a circle end here.
const DEEPEST: usize = 8;

/// Adds every bundle to the build, with its source map if it has one.
///
/// # Errors
/// A bundle or a map that cannot be read.
pub(super) fn add(build: &mut Build, flags: &ReportFlags) -> Result<(), Failure> {
    let working = absolute(Path::new(""), &std::env::current_dir().map_err(Failure::io("find", Path::new(".")))?);
    let root = absolute(&working, flags.sources.as_deref().unwrap_or(Path::new("")));
    let mut without_map = Vec::new();
    let mut changed = BTreeSet::new();
    for path in &flags.bundle {
        let bytes = fs::read(path).map_err(Failure::io("read", path))?;
        let text = String::from_utf8_lossy(&bytes);
        let place = absolute(&working, path);
        let unreadable = |(path, error): (PathBuf, _)| Failure::Io("read", path, error);
        let map = match source_maps::of_file(&place, &text).map_err(unreadable)? {
            Some(found) => {
                let resolver = Resolver { modules: Modules::new(build), root: &root, changed: RefCell::default() };
                let map = resolver.module_map(&found, 0).map_err(|error| {
                    let remedy = "let the bundler write its source map again, or remove it";
                    Failure::File(path.clone(), format!("its source map: {error}"), remedy.into())
                })?;
                changed.append(&mut resolver.changed.take());
                Some(map)
            }
            None => {
                without_map.push(path.to_string_lossy().into_owned());
                None
            }
        };
        build.add_bundle(&text, map.as_ref());
    }
    if !flags.quiet {
        say(&without_map, &changed);
    }
    Ok(())
}

/// What is missing for figures of all bytes.
fn say(without_map: &[String], changed: &BTreeSet<String>) {
    if !without_map.is_empty() {
        let bundles = count(without_map.len() as u64, "bundle");
        warn(&format!(
            "no source map of {bundles}, so which of its bytes never ran is not known: {}",
            listing(without_map.iter().map(String::as_str))
        ));
    }
    if !changed.is_empty() {
        let modules = count(changed.len() as u64, "module");
        warn(&format!(
            "bytes of {modules} in the bundles are not counted: the text is not what was built, and no source map \
             leads from it to that (`pathlight instrument --source-maps`): {}",
            listing(changed.iter().map(String::as_str))
        ));
    }
}

/// Finds what the sources of a map are.
struct Resolver<'a> {
    modules: Modules<'a>,
    /// The folder that names are relative to, absolute.
    root: &'a Path,
    /// Names of files that the map knows with another text.
    changed: RefCell<BTreeSet<String>>,
}

impl Resolver<'_> {
    fn module_map(&self, found: &FoundMap, depth: usize) -> Result<ModuleMap, String> {
        ModuleMap::parse(&found.json, |url, content| self.module(url, content, &found.folder, depth))
            .map_err(|error| error.to_string())
    }

    /// By its text, if that is known, else by its name: bundlers have names of their own for what they read.
    fn module(&self, url: &str, content: Option<&str>, folder: &Path, depth: usize) -> Module {
        let path = source_path(url, folder).or_else(|| below_some_folder(url, content, folder));
        let name = path.as_deref().map_or_else(|| plain_name(url).to_owned(), |path| relative(path, self.root));
        let known = |text: &str| self.modules.with_text(text, &name);
        if let Some(file) = content.and_then(known) {
            return Module::Original(file);
        }
        let on_disk = path.as_deref().and_then(|path| fs::read_to_string(path).ok());
        let on_disk = on_disk.as_deref().filter(|text| Some(*text) != content);
        if let Some(file) = on_disk.and_then(known) {
            return Module::Original(file);
        }
        let texts: Vec<&str> = content.into_iter().chain(on_disk).collect();
        if depth < DEEPEST {
            let folder = path.as_deref().and_then(Path::parent).unwrap_or(folder);
            let maps = texts.iter().filter_map(|text| source_maps::named_by(text, folder).ok().flatten());
            // One that cannot be read is as good as none.
            if let Some(map) = maps.filter_map(|found| self.module_map(&found, depth + 1).ok()).next() {
                return Module::Generated(Box::new(map));
            }
        }
        match self.modules.with_name(&name) {
            Some(file) if !texts.is_empty() && self.modules.has_hash(file) => {
                self.changed.borrow_mut().insert(name);
                Module::Foreign
            }
            Some(file) => Module::Original(file),
            None => Module::Foreign,
        }
    }
}

/// The path in a URL of a bundler's own scheme: `webpack://app/./src/a.js?1f3c` names `src/a.js`.
fn plain_name(url: &str) -> &str {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or(rest, |(_, path)| path));
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.trim_start_matches("./")
}

/// Such a path is relative to a folder that the map does not tell; it is one around the map, most often.
fn below_some_folder(url: &str, content: Option<&str>, folder: &Path) -> Option<PathBuf> {
    let content = content?;
    let has_text = |path: &PathBuf| fs::read(path).is_ok_and(|bytes| bytes == content.as_bytes());
    folder.ancestors().map(|around| absolute(around, Path::new(plain_name(url)))).find(has_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bundlers() {
        for (url, name) in [
            ("webpack://app/./src/a.js?1f3c", "src/a.js"),
            ("webpack:///src/a.js", "src/a.js"),
            ("../src/a.js", "../src/a.js"),
            ("turbopack://[project]/src/a.js", "src/a.js"),
        ] {
            assert_eq!(plain_name(url), name);
        }
    }
}
