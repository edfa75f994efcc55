//! Patterns as in .gitignore files, with the shell's braces.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::diagnostic::Failure;

pub(super) fn patterns(working: &Path, patterns: &[String], flag: &str) -> Result<Option<Gitignore>, Failure> {
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

/// The matcher may only be asked about paths below its own folder.
pub(super) fn is_below(patterns: &Gitignore, path: &Path) -> bool {
    path.starts_with(patterns.path())
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
