//! Which file of a build a source of a source map is.

use std::borrow::Cow;
use std::collections::HashMap;

use pathlight_mapping::ContentHash;

use crate::build::Build;

/// The files of one build, by name and by content.
pub struct Modules<'a> {
    names: HashMap<&'a str, usize>,
    /// Files with the same text are several.
    hashes: HashMap<&'a str, Vec<usize>>,
    build: &'a Build,
}

impl<'a> Modules<'a> {
    /// Those of `build`.
    pub fn new(build: &'a Build) -> Self {
        let files = build.mapping.files();
        let mut hashes: HashMap<&str, Vec<usize>> = HashMap::new();
        for index in 0..files.len() {
            if let Some(hash) = build.listed(index).and_then(|listed| listed.hash.as_deref()) {
                hashes.entry(hash).or_default().push(index);
            }
        }
        let names = files.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
        Self { names, hashes, build }
    }

    /// The file whose content is `text`, whatever it is called. Of several the one that is called `path`, or whose
    /// name has most in common with its end.
    pub fn with_text(&self, text: &str, path: &str) -> Option<usize> {
        // Tools that write maps drop a BOM, and some write line ends anew.
        let spellings: [fn(&str) -> Cow<'_, str>; 3] =
            [|text| text.into(), |text| format!("\u{feff}{text}").into(), |text| text.replace('\n', "\r\n").into()];
        let hash = |text: Cow<'_, str>| ContentHash::of(text.as_bytes()).to_string();
        let same = spellings.iter().find_map(|spell| self.hashes.get(hash(spell(text)).as_str()))?;
        same.iter().copied().max_by_key(|index| common_end(&self.build.mapping.files()[*index], path))
    }

    /// The file that is called `path`, or the only one whose name `path` ends with.
    pub fn with_name(&self, path: &str) -> Option<usize> {
        if let Some(index) = self.names.get(path) {
            return Some(*index);
        }
        // Every end of the path that begins behind a slash.
        let ends = path.match_indices('/').map(|(slash, _)| &path[slash + 1..]);
        let mut found = ends.filter_map(|end| self.names.get(end));
        match (found.next(), found.next()) {
            (Some(index), None) => Some(*index),
            _ => None,
        }
    }

    /// Whether it is known what the file with this index held.
    pub fn has_hash(&self, index: usize) -> bool {
        self.build.listed(index).is_some_and(|listed| listed.hash.is_some())
    }
}

/// Number of bytes that two names have in common at their ends.
fn common_end(one: &str, other: &str) -> usize {
    one.bytes().rev().zip(other.bytes().rev()).take_while(|(one, other)| one == other).count()
}
