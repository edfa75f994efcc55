//! Patterns as in .gitignore files, with the shell's braces.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::diagnostic::Failure;
use crate::paths::{absolute, relative};

/// The patterns of one flag.
#[derive(Clone)]
pub(super) struct Patterns {
    /// For what is in the working folder and for what is in the inputs' own: a matcher may only be asked about paths
    /// below its folder.
    matchers: [(PathBuf, Gitignore); 2],
}

impl Patterns {
    /// `base` is the folder that holds all inputs. `None` without patterns.
    ///
    /// # Errors
    /// A bad pattern.
    pub(super) fn new(working: &Path, base: &Path, texts: &[String], flag: &str) -> Result<Option<Self>, Failure> {
        if texts.is_empty() {
            return Ok(None);
        }
        let matcher = |folder: &Path| {
            let mut builder = GitignoreBuilder::new(folder);
            for pattern in texts.iter().flat_map(|text| expand_braces(text)) {
                let bad = |error: ignore::Error| {
                    Failure::usage(format!("{flag} {pattern}: {error}"), "patterns are written as in .gitignore files")
                };
                if let Some(line) = seen_from(folder, working, &pattern) {
                    builder.add_line(None, &line).map_err(bad)?;
                }
            }
            let built = builder.build();
            built.map_err(|error| Failure::usage(format!("{flag}: {error}"), "use simpler patterns"))
        };
        Ok(Some(Self { matchers: [(working.to_owned(), matcher(working)?), (base.to_owned(), matcher(base)?)] }))
    }

    /// Whether they name a file or a folder that it is in.
    pub(super) fn cover(&self, file: &Path) -> bool {
        self.matcher(file).is_some_and(|matcher| matcher.matched_path_or_any_parents(file, false).is_ignore())
    }

    /// Whether they name all that is in a folder.
    pub(super) fn cover_folder(&self, folder: &Path) -> bool {
        self.matcher(folder).is_some_and(|matcher| {
            matcher.num_whitelists() == 0 && matcher.matched_path_or_any_parents(folder, true).is_ignore()
        })
    }

    fn matcher(&self, path: &Path) -> Option<&Gitignore> {
        self.matchers.iter().find(|(folder, _)| path.starts_with(folder)).map(|(_, matcher)| matcher)
    }
}

/// A pattern with a slash is a path from the working folder, any other a name in any folder. `None` if it names
/// nothing below `folder`.
fn seen_from(folder: &Path, working: &Path, pattern: &str) -> Option<String> {
    let (not, path) = pattern.strip_prefix('!').map_or(("", pattern), |path| ("!", path));
    let is_name = !path.trim_end_matches('/').contains('/') || path.starts_with("**/");
    if is_name {
        return Some(pattern.to_owned());
    }
    // In .gitignore files `/a` is `a` beside them; no one there writes a whole path.
    let is_whole = [folder, working].iter().any(|known| known.parent().is_some() && Path::new(path).starts_with(known));
    let path = if is_whole { path } else { path.trim_start_matches('/') };
    let place = absolute(working, Path::new(path));
    if !place.starts_with(folder) {
        return None;
    }
    let below = relative(&place, folder);
    let end = match path.ends_with('/') {
        _ if below.is_empty() => "**",
        true => "/",
        false => "",
    };
    Some(format!("{not}/{below}{end}"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_seen_from_other_folders() {
        let from = |folder, pattern| seen_from(Path::new(folder), Path::new("/w/app"), pattern);
        for (pattern, here, beside) in [
            ("*.js", Some("*.js"), Some("*.js")),
            ("dist/", Some("dist/"), Some("dist/")),
            ("**/a/*.js", Some("**/a/*.js"), Some("**/a/*.js")),
            ("!src/a.js", Some("!/src/a.js"), None),
            ("./src/b/", Some("/src/b/"), None),
            (r"/src/\[id\]/a.js", Some(r"/src/\[id\]/a.js"), None),
            ("../lib/*.js", None, Some("/*.js")),
            ("/w/lib/a.js", Some("/w/lib/a.js"), Some("/a.js")),
            ("/w/lib/", Some("/w/lib/"), Some("/**")),
            ("/w/app/a.js", Some("/a.js"), None),
        ] {
            assert_eq!(from("/w/app", pattern).as_deref(), here, "{pattern}");
            assert_eq!(from("/w/lib", pattern).as_deref(), beside, "{pattern}");
        }
    }

    #[test]
    fn braces_are_expanded_as_the_shell_does() {
        assert_eq!(expand_braces("*.{js,ts}"), ["*.js", "*.ts"]);
        assert_eq!(expand_braces("{a,{b,c}d}/{e,}"), ["a/e", "a/", "bd/e", "bd/", "cd/e", "cd/"]);
        for literal in ["a", "{a}", "{a,b", "a}"] {
            assert_eq!(expand_braces(literal), [literal]);
        }
    }
}
