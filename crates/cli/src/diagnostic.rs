//! Errors as a person reads them: what, where with the line and a caret, why, and what to do.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use pathlight_instrument::{CheckError, ErrorKind, InstrumentError};

/// Why a command ends with exit code 2.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A flag that makes no sense: what, and what to do.
    Usage(String, String),
    /// A file or folder: what was tried, where, and the system's answer.
    Io(&'static str, PathBuf, io::Error),
    /// Standard output.
    Output(io::Error),
    /// Something about one file's content: where, what, what to do.
    File(PathBuf, String, String),
    /// Input files that could not be instrumented.
    Files(Vec<FileError>),
    /// This signal came.
    Interrupted(i32),
}

/// One input file that could not be instrumented.
#[derive(Debug)]
pub(crate) struct FileError {
    /// Its name in the mapping.
    pub(crate) name: String,
    /// What is wrong with it.
    pub(crate) problem: Problem,
}

/// What is wrong with an input file.
#[derive(Debug)]
pub(crate) enum Problem {
    /// It cannot be read or written.
    Io(&'static str, io::Error),
    /// Its bytes are no text: what, and what to do.
    Encoding(String, &'static str),
    /// Its input source map is bad.
    Map(String),
    /// The library's error, with the line it is on.
    Instrument(Box<InstrumentError>, Option<Excerpt>),
    /// The same of an externs file.
    Externs(Box<InstrumentError>, Option<Excerpt>),
    /// Its output was checked and is wrong.
    Check(Box<CheckError>),
    /// A defect of this program; its words.
    Internal(String),
}

impl Failure {
    pub(crate) fn usage(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Usage(what.into(), remedy.into())
    }

    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io(what, path.to_owned(), error)
    }

    /// The message, with colour.
    pub(crate) fn render(&self) -> String {
        match self {
            Self::Usage(what, remedy) => message(what, None, Some(remedy)),
            Self::Io(what, path, error) => {
                message(&format!("cannot {what} {}: {}", path.display(), reason(error)), None, None)
            }
            Self::Output(error) => message(&format!("cannot write to standard output: {}", reason(error)), None, None),
            Self::File(path, what, remedy) => message(&format!("{}: {what}", path.display()), None, Some(remedy)),
            Self::Interrupted(_) => message("interrupted; nothing was written", None, None),
            Self::Files(files) => {
                let mut text: String = files.iter().map(|file| file.render() + "\n").collect();
                let count = files.len();
                let files = if count == 1 { "1 file has".to_owned() } else { format!("{count} files have") };
                text.push_str(&message(&format!("{files} errors; nothing was written"), None, None));
                text
            }
        }
    }
}

impl FileError {
    /// The message, with colour.
    pub(crate) fn render(&self) -> String {
        match &self.problem {
            Problem::Io(what, error) => message(&format!("cannot {what} {}: {}", self.name, reason(error)), None, None),
            Problem::Encoding(what, remedy) => message(&format!("{}: {what}", self.name), None, Some(remedy)),
            Problem::Map(what) => message(
                &format!("{}: {what}", self.name),
                None,
                Some("mend or remove the map, or pass --no-input-source-maps"),
            ),
            Problem::Check(error) => message(
                &format!("{}: the output is not the input with probes: {error}", self.name),
                None,
                Some("this is a defect of pathlight: please report it; the file can be left out with --exclude"),
            ),
            Problem::Internal(what) => message(
                &format!("{}: pathlight failed: {what}", self.name),
                None,
                Some("this is a defect of pathlight: please report it with the file; --exclude leaves the file out"),
            ),
            Problem::Instrument(error, excerpt) => {
                self.show(error, excerpt.as_ref(), error.why().as_deref(), error.remedy().as_deref())
            }
            Problem::Externs(error, excerpt) => {
                let remedy = "an externs file is a script of its own, such as `var ist_arr;`";
                self.show(error, excerpt.as_ref(), None, Some(remedy))
            }
        }
    }
}

impl FileError {
    fn show(
        &self,
        error: &InstrumentError,
        excerpt: Option<&Excerpt>,
        why: Option<&str>,
        remedy: Option<&str>,
    ) -> String {
        let title = match &error.kind {
            ErrorKind::Syntax(text) | ErrorKind::Flow(text) => format!("syntax error: {text}"),
            _ => error.to_string(),
        };
        match excerpt {
            Some(excerpt) => framed(&title, &self.name, excerpt, why, remedy),
            None => message(&format!("{}: {title}", self.name), why, remedy),
        }
    }
}

/// The system's words without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

fn message(title: &str, why: Option<&str>, remedy: Option<&str>) -> String {
    render(Group::with_title(Level::ERROR.primary_title(title)), why, remedy)
}

fn render<'a>(mut group: Group<'a>, why: Option<&'a str>, remedy: Option<&'a str>) -> String {
    if let Some(why) = why {
        group = group.element(Level::NOTE.message(why));
    }
    if let Some(remedy) = remedy {
        group = group.element(Level::HELP.message(remedy));
    }
    Renderer::styled().render(&[group]).to_string()
}

fn framed(title: &str, name: &str, excerpt: &Excerpt, why: Option<&str>, remedy: Option<&str>) -> String {
    let mut snippet = Snippet::source(&excerpt.text)
        .line_start(excerpt.line)
        .annotation(AnnotationKind::Primary.span(excerpt.span.clone()));
    let mut group = Group::with_title(Level::ERROR.primary_title(title));
    if excerpt.is_cut {
        // The column cannot be seen from the text that is shown.
        group = group.element(Origin::path(name).line(excerpt.line).char_column(excerpt.column));
    } else {
        snippet = snippet.path(name);
    }
    render(group.element(snippet), why, remedy)
}

/// The line an error is on; of a long one only what is around the place.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// Text of the line, shortened.
    text: String,
    /// Byte offsets in `text`.
    span: Range<usize>,
    /// From 1.
    line: usize,
    /// From 1, in characters, as editors count.
    column: usize,
    /// The line goes on before `text`.
    is_cut: bool,
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Characters shown on each side of the place.
const AROUND: usize = 60;

impl Excerpt {
    /// Around the byte offsets `span` of `text`.
    pub(crate) fn new(text: &str, span: Range<usize>) -> Self {
        let is_end = |c: char| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        // At the end of a file that ends with a line break, the last line with something on it says more.
        let mut at = floor(span.start);
        if at == text.len() {
            at = text.trim_end().len();
        }
        let before = &text[..at];
        let start = before.rfind(is_end).map_or(0, |end| end + before[end..].chars().next().map_or(1, char::len_utf8));
        let end = text[at..].find(is_end).map_or(text.len(), |length| at + length);
        let line = 1 + before.replace("\r\n", "\n").matches(is_end).count();
        let column = 1 + text[start..at].chars().count();

        let from = text[start..at].char_indices().rev().nth(AROUND - 1).map_or(start, |(offset, _)| start + offset);
        let to = text[at..end].char_indices().nth(AROUND * 2).map_or(end, |(offset, _)| at + offset);
        let (head, tail) = (if from > start { "…" } else { "" }, if to < end { "…" } else { "" });
        let clean = |part: &str| part.replace(|c: char| c.is_control() && c != '\t', "\u{fffd}");
        let before = format!("{head}{}", clean(&text[from..at]));
        let marked = clean(&text[at..floor(span.end).clamp(at, to)]);
        let rest = clean(&text[floor(span.end).clamp(at, to)..to]);
        let span = before.len()..before.len() + marked.len();
        Self { text: format!("{before}{marked}{rest}{tail}"), span, line, column, is_cut: from > start }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pathlight_instrument::CheckErrorKind;

    #[test]
    fn a_wrong_output_says_where_and_what_to_do() {
        let kind = CheckErrorKind::FallsIntoMade;
        let at = |line| Some(pathlight_mapping::Position { line, column: 2 });
        let error = CheckError { kind, output: at(9), input: at(4) };
        let failure = FileError { name: "src/a.js".into(), problem: Problem::Check(Box::new(error)) }.render();
        for part in [
            "src/a.js: the output is not the input with probes: a case falls into",
            "output 9:2, input 4:2",
            "--exclude",
        ] {
            assert!(failure.contains(part), "{part:?} is not in {failure}");
        }
    }
}
