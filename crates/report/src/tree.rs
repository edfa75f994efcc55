//! Files by folder.

use crate::coverage::{Coverage, FileCoverage};
use crate::summary::Summary;

/// A folder and all below it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Folder<'a> {
    /// Its own name; empty for the top.
    pub name: String,
    /// Sum over all files below.
    pub summary: Summary,
    /// By name.
    pub folders: Vec<Folder<'a>>,
    /// By name.
    pub files: Vec<Leaf<'a>>,
}

/// A file in its folder.
#[derive(Clone, PartialEq, Debug)]
pub struct Leaf<'a> {
    /// Its own name, without its folder.
    pub name: String,
    /// What is known of it.
    pub file: &'a FileCoverage,
    /// Of this file.
    pub summary: Summary,
}

impl<'a> Folder<'a> {
    /// The tree of all files that `keep` wants.
    pub fn of(coverage: &'a Coverage, keep: impl Fn(&Summary) -> bool) -> Self {
        let mut top = Self::default();
        for file in coverage.sorted_files() {
            let summary = file.summary();
            if keep(&summary) {
                top.add(&file.name, file, summary);
            }
        }
        top.sort();
        top
    }

    fn add(&mut self, path: &str, file: &'a FileCoverage, summary: Summary) {
        self.summary += summary;
        let Some((name, rest)) = path.split_once('/') else {
            self.files.push(Leaf { name: path.to_owned(), file, summary });
            return;
        };
        // The files come sorted, so those of one folder come one after another, nearly always.
        let at = match self.folders.iter().rposition(|folder| folder.name == name) {
            Some(at) => at,
            None => {
                self.folders.push(Self { name: name.to_owned(), ..Self::default() });
                self.folders.len() - 1
            }
        };
        self.folders[at].add(rest, file, summary);
    }

    fn sort(&mut self) {
        self.folders.sort_by(|a, b| a.name.cmp(&b.name));
        self.folders.iter_mut().for_each(Self::sort);
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
    }
}
