//! Which lines a change touches: from a unified diff, as `git diff` and `diff -u` write it.

use std::collections::{BTreeMap, HashSet};

use crate::coverage::{Coverage, FileCoverage};
use crate::summary::{Summary, Tally};

/// Lines that were added or changed, by file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changes {
    /// Path in the new tree, and its lines, rising, from 1.
    files: BTreeMap<String, Vec<u32>>,
}

/// A text that is no unified diff, and its line, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadDiff(pub usize);

/// How lines begin that name a file. One of which only the mode or the name is new has no `+++`.
const FILE_HEADS: [&str; 4] = ["+++ ", "diff ", "Only in ", "Binary files "];

impl Changes {
    /// Reads a diff. What stands between its files, such as a commit's message, is passed over.
    ///
    /// # Errors
    /// A hunk without a file, or one that is not as long as its head says; a text that says nothing of any file.
    pub fn parse(diff: &str) -> Result<Self, BadDiff> {
        let mut changes = Self::default();
        // `None` before the first file; an empty path for a file that is gone.
        let mut path: Option<String> = None;
        let mut lines = diff.split('\n').enumerate();
        while let Some((index, line)) = lines.next() {
            if let Some(name) = line.strip_prefix("+++ ") {
                path = Some(new_path(name));
            } else if line.starts_with("@@ ") {
                let bad = BadDiff(index + 1);
                let (mut old, mut line, mut new) = hunk_head(line).ok_or(bad)?;
                let path = path.as_ref().ok_or(bad)?;
                let touched = changes.files.entry(path.clone()).or_default();
                while old > 0 || new > 0 {
                    let (index, text) = lines.next().ok_or(bad)?;
                    let bad = BadDiff(index + 1);
                    match text.bytes().next() {
                        Some(b'+') => {
                            touched.push(line);
                            line = line.checked_add(1).ok_or(bad)?;
                            new = new.checked_sub(1).ok_or(bad)?;
                        }
                        Some(b'-') => old = old.checked_sub(1).ok_or(bad)?,
                        Some(b'\\') => {}
                        // Some tools strip the blank of an empty line.
                        Some(b' ' | b'\r') | None => {
                            line = line.checked_add(1).ok_or(bad)?;
                            (old, new) = (old.checked_sub(1).ok_or(bad)?, new.checked_sub(1).ok_or(bad)?);
                        }
                        Some(_) => return Err(bad),
                    }
                }
            }
        }
        let names_a_file = |line: &str| FILE_HEADS.iter().any(|head| line.starts_with(head));
        if let Some(first) = diff.lines().position(|line| !line.trim().is_empty())
            && !diff.lines().any(names_a_file)
        {
            return Err(BadDiff(first + 1));
        }
        changes.files.remove("");
        // A file comes again in the diffs of a series of commits, and not every tool writes hunks in order.
        for lines in changes.files.values_mut() {
            lines.sort_unstable();
            lines.dedup();
        }
        Ok(changes)
    }

    /// The changed lines of a file, rising. A path in the diff may have folders in front that the names do not have,
    /// as long as only one fits.
    pub fn lines_of(&self, name: &str) -> &[u32] {
        if let Some(lines) = self.files.get(name) {
            return lines;
        }
        let is_below = |path: &str| path.strip_suffix(name).is_some_and(|folder| folder.ends_with('/'));
        let mut fitting = self.files.iter().filter(|(path, _)| is_below(path));
        match (fitting.next(), fitting.next()) {
            (Some((_, lines)), None) => lines,
            _ => &[],
        }
    }

    /// Whether a line of a file was changed.
    pub fn touches(&self, name: &str, line: u32) -> bool {
        self.lines_of(name).binary_search(&line).is_ok()
    }

    /// A changed path that looks like a file of the mapping, if none of all paths is one: they are relative to another
    /// folder, then.
    pub fn astray<'a>(&'a self, coverage: &Coverage) -> Option<&'a str> {
        let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let known: HashSet<String> = coverage.files.iter().map(|file| base(&file.name)).collect();
        let is_any = coverage.files.iter().any(|file| !self.lines_of(&file.name).is_empty());
        let mut alike = self.files.keys().filter(|path| known.contains(&base(path)));
        alike.next().map(String::as_str).filter(|_| !is_any)
    }

    /// What ran of the changed lines, and of the functions and branches that begin on them.
    pub fn summary_of(&self, file: &FileCoverage) -> Summary {
        let touched = self.lines_of(&file.name);
        let is_touched = |line: u32| touched.binary_search(&line).is_ok();
        let mut summary = Summary::default();
        for point in file.points.iter().filter(|point| is_touched(point.at.line)) {
            match point.is_function() {
                true => summary.functions.add(point.state()),
                false => summary.branches.add(point.state()),
            }
        }
        for line in file.lines.iter().filter(|line| is_touched(line.line)) {
            summary.lines += Tally { covered: u64::from(line.hits > 0), total: 1, removed: 0 };
        }
        summary
    }

    /// Changed lines of a file that never ran, rising.
    pub fn never_run<'a>(&'a self, file: &'a FileCoverage) -> impl Iterator<Item = u32> + 'a {
        let touched = self.lines_of(&file.name);
        let never_ran = file.lines.iter().filter(|line| line.hits == 0).map(|line| line.line);
        never_ran.filter(|line| touched.binary_search(line).is_ok())
    }

    /// As [`Self::summary_of`], over all files.
    pub fn summary(&self, coverage: &Coverage) -> Summary {
        coverage.files.iter().map(|file| self.summary_of(file)).sum()
    }
}

/// `@@ -1,2 +3,4 @@`: number of old lines, first new line, number of new lines.
fn hunk_head(line: &str) -> Option<(u32, u32, u32)> {
    let (ranges, _) = line.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| match text.split_once(',') {
        Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    };
    let ((_, old), (start, new)): ((u32, u32), (u32, u32)) = (range(old)?, range(new)?);
    Some((old, start, new))
}

/// The path behind `+++`, without git's prefix; empty for `/dev/null`.
fn new_path(text: &str) -> String {
    let text = text.trim_end_matches('\r');
    let path = match text.strip_prefix('"').and_then(|rest| rest.rsplit_once('"')) {
        Some((quoted, _)) => unquote(quoted),
        // Behind a tab stands the time, or nothing if the path has a blank.
        None => text.split('\t').next().unwrap_or_default().to_owned(),
    };
    match path.as_str() {
        "/dev/null" => String::new(),
        _ => path.strip_prefix("b/").map(str::to_owned).unwrap_or(path),
    }
}

/// Undoes the escapes of C, as git writes them: bytes in octal, and letters.
fn unquote(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(digit @ b'0'..=b'7') => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    if let Some(digit) = rest.next_if(|byte| (b'0'..=b'7').contains(byte)) {
                        value = value * 8 + u32::from(digit - b'0');
                    }
                }
                bytes.push(value as u8);
            }
            Some(b'n') => bytes.push(b'\n'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'r') => bytes.push(b'\r'),
            Some(other) => bytes.push(other),
            None => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_of_a_git_diff() {
        let diff = "commit 1\n\n    +++ not a path\n\ndiff --git a/x/a.js b/x/a.js\n--- a/x/a.js\n+++ b/x/a.js\n\
            @@ -1,3 +1,4 @@ function f\n one\n-two\n+2\n+++ b/in the text\n three\n@@ -9 +10,0 @@\n-gone\n\
            @@ -20,0 +21,2 @@\n+x\n+y\n\\ No newline at end of file\n\
            --- a/gone.js\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n\
            --- \"a/\\303\\274 \\\"q\\\".js\"\n+++ \"b/\\303\\274 \\\"q\\\".js\"\n@@ -1 +1 @@\n-a\n+b\n\
            --- a/with blank.js\t\n+++ b/with blank.js\t\n@@ -0,0 +5 @@\n+b\n";
        let changes = Changes::parse(diff).unwrap_or_default();
        assert_eq!(changes.lines_of("x/a.js"), [2, 3, 21, 22]);
        assert_eq!(changes.lines_of("a.js"), [2, 3, 21, 22]);
        assert_eq!(changes.lines_of("ü \"q\".js"), [1]);
        assert_eq!(changes.lines_of("with blank.js"), [5]);
        assert!(changes.lines_of("gone.js").is_empty());
        assert_eq!(changes.files.len(), 3);

        let series = "+++ b/a.js\n@@ -0,0 +7,2 @@\n+a\n+b\n+++ b/a.js\n@@ -0,0 +3 @@\n+a\n@@ -7 +7 @@\n-a\n+b\n";
        assert_eq!(Changes::parse(series).unwrap_or_default().lines_of("a.js"), [3, 7, 8]);

        let both = "+++ b/x/a.js\n@@ -0,0 +1 @@\n+a\n+++ b/y/a.js\n@@ -0,0 +1 @@\n+a\n";
        assert!(Changes::parse(both).unwrap_or_default().lines_of("a.js").is_empty());
    }

    #[test]
    fn what_is_no_diff_is_said() {
        for (diff, line) in [
            ("@@ -1 +1 @@\n-a\n+b\n", 1),
            ("+++ b/a.js\n@@ x @@\n", 2),
            ("+++ b/a.js\n@@ -1 +1,3 @@\n-a\n+b\n", 5),
            ("+++ b/a.js\n@@ -1 +1 @@\nnone\n", 3),
            ("+++ b/a.js\n@@ -1 +4294967295,2 @@\n-a\n+b\n+c\n", 4),
            ("\n{}\n", 2),
        ] {
            assert_eq!(Changes::parse(diff), Err(BadDiff(line)), "{diff}");
        }
        for diff in ["", "\n", "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n"] {
            assert_eq!(Changes::parse(diff), Ok(Changes::default()), "{diff}");
        }
    }
}
