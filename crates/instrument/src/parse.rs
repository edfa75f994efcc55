//! Text to syntax tree.

mod decorators;

use std::borrow::Cow;
use std::ops::Range;

use swc_core::common::comments::Comments;
use swc_core::common::sync::Lrc;
use swc_core::common::{BytePos, FileName, SourceFile, Span, Spanned};
use swc_core::ecma::ast::{
    EsVersion, ExportDefaultSpecifier, ExportNamedSpecifier, ExportSpecifier, Ident, Invalid, ModuleDecl,
    ModuleExportName, ModuleItem, Program,
};
use swc_core::ecma::parser::{
    EsSyntax, Syntax, TsSyntax, error::Error, error::SyntaxError, parse_file_as_commonjs, parse_file_as_module,
    parse_file_as_program, parse_file_as_script,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use crate::comments::CommentStore;
use crate::error::{ErrorKind, InstrumentError};

/// Position of a text's first byte; 0 is swc's "no position".
pub(crate) const FIRST: u32 = 1;

/// The language of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// JavaScript, with or without JSX and decorators.
    JavaScript,
    /// TypeScript: `<T>x` is a cast.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
}

/// How top-level code is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SourceType {
    /// By what the file holds: `import`, `export`, `import.meta` or top-level `await` make a module.
    #[default]
    Auto,
    /// ECMAScript module.
    Module,
    /// Script.
    Script,
    /// Body of Node's module function: `return` is allowed.
    CommonJs,
}

/// What an extension says of a file's content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FileKind {
    /// How it is parsed.
    pub language: Language,
    /// What the extension settles; `.js`, `.ts` and the like leave it open.
    pub source_type: SourceType,
    /// `.d.ts`, `.d.css.ts`: types only, nothing to probe.
    pub is_declaration: bool,
}

impl FileKind {
    /// By the file's name; `None` for what is no JavaScript or TypeScript.
    pub fn of(name: &str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        let (language, source_type) = match extension {
            "js" | "jsx" => (Language::JavaScript, SourceType::Auto),
            "mjs" => (Language::JavaScript, SourceType::Module),
            "cjs" => (Language::JavaScript, SourceType::CommonJs),
            "ts" => (Language::TypeScript, SourceType::Auto),
            "mts" => (Language::TypeScript, SourceType::Module),
            "cts" => (Language::TypeScript, SourceType::Auto),
            "tsx" => (Language::Tsx, SourceType::Auto),
            _ => return None,
        };
        // `style.d.css.ts` says what importing `style.css` gives.
        let declares_other = |(stem, other): (&str, &str)| stem.ends_with(".d") && !other.contains('/');
        let is_declaration = language == Language::TypeScript
            && (stem.ends_with(".d") || extension == "ts" && stem.rsplit_once('.').is_some_and(declares_other));
        Some(Self { language, source_type, is_declaration })
    }
}

impl Language {
    fn syntax(self) -> Syntax {
        match self {
            Self::JavaScript => Syntax::Es(EsSyntax {
                jsx: true,
                decorators: true,
                decorators_before_export: true,
                auto_accessors: true,
                explicit_resource_management: true,
                import_attributes: true,
                export_default_from: true,
                allow_super_outside_method: true,
                allow_return_outside_function: true,
                ..Default::default()
            }),
            Self::TypeScript | Self::Tsx => {
                Syntax::Typescript(TsSyntax { tsx: self == Self::Tsx, decorators: true, ..Default::default() })
            }
        }
    }
}

/// Parses `text`, which has no BOM. Comments as in HTML become line comments, since swc's spans, and the text of
/// literals, begin with such a comment before the token; a module with one is refused. Most of what the parser
/// recovers from is no error here: the engine that runs the output says what it thinks of it, as it would of the input.
pub(crate) fn parse(
    text: &str,
    language: Language,
    source_type: SourceType,
    comments: &CommentStore,
) -> Result<Program, InstrumentError> {
    if text.len() > crate::MAX_BYTES {
        return Err(InstrumentError::new(ErrorKind::TooLarge { bytes: text.len() }, None));
    }
    let mut parsed = parse_text(text, language, source_type, comments);
    let mut plain = Cow::Borrowed(text);
    for _ in 0..MOST_ATTEMPTS {
        let marks = comments.html_marks();
        let Some(first) = marks.iter().min_by_key(|mark| mark.start) else { break };
        if matches!(parsed, Ok(Program::Module(_))) {
            // To the grammar they are operators there, and engines refuse them.
            let message = "a comment as in HTML, which modules do not have".to_owned();
            return Err(InstrumentError::new(ErrorKind::Syntax(message), Some(first.clone())));
        }
        for mark in marks {
            let line_comment = format!("{:1$}", "//", mark.len());
            plain.to_mut().replace_range(mark, &line_comment);
        }
        comments.clear();
        parsed = parse_text(&plain, language, source_type, comments);
    }
    parsed
}

/// How often a text is parsed anew. A regular expression behind a comment as in HTML is read wrongly, so the comments
/// behind that are not known yet.
const MOST_ATTEMPTS: usize = 16;

fn parse_text(
    text: &str,
    language: Language,
    source_type: SourceType,
    comments: &CommentStore,
) -> Result<Program, InstrumentError> {
    let name: Lrc<FileName> = FileName::Anon.into();
    let file = SourceFile::new(name.clone(), false, name, text.to_owned().into(), BytePos(FIRST));
    let taken: Option<&dyn Comments> = Some(comments);
    let mut recovered = Vec::new();
    let (syntax, target) = (language.syntax(), EsVersion::latest());
    let parsed = match source_type {
        SourceType::Auto => parse_file_as_program(&file, syntax, target, taken, &mut recovered),
        SourceType::Module => parse_file_as_module(&file, syntax, target, taken, &mut recovered).map(Program::Module),
        SourceType::Script => parse_file_as_script(&file, syntax, target, taken, &mut recovered).map(Program::Script),
        SourceType::CommonJs => {
            parse_file_as_commonjs(&file, syntax, target, taken, &mut recovered).map(Program::Script)
        }
    };
    let mut program = parsed.map_err(|error| syntax_error(&error, text))?;
    let error = recovered.iter().find(|error| changes_the_program(error.kind())).or_else(|| {
        // Whatever is wrong with the operand of `delete`, `typeof` or `!` leaves a hole in the tree.
        let hole = if recovered.is_empty() { None } else { first_hole(&program) }?;
        recovered.iter().find(|error| error.span().lo >= hole).or(recovered.last())
    });
    if let Some(error) = error {
        return Err(syntax_error(error, text));
    }
    if let Some(at) = decorators::first_forgotten(&mut program, text, comments) {
        let message = "a decorator is not valid here, only before a class or a member of one".to_owned();
        return Err(InstrumentError::new(ErrorKind::Syntax(message), Some(at)));
    }
    Ok(with_spelled_out_exports(program))
}

/// `export v from "x"`, a proposal that Babel knows and the printer does not, means
/// `export { default as v } from "x"`.
fn with_spelled_out_exports(mut program: Program) -> Program {
    let is_default = |specifier: &ExportSpecifier| matches!(specifier, ExportSpecifier::Default(_));
    let has_default = |item: &ModuleItem| match item {
        ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(export)) => export.specifiers.iter().any(is_default),
        _ => false,
    };
    let Program::Module(module) = &mut program else { return program };
    let mut from = 0;
    while let Some(at) = module.body[from..].iter().position(has_default).map(|found| from + found) {
        from = at + 1;
        let ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(export)) = &mut module.body[at] else { break };
        for specifier in &mut export.specifiers {
            if let ExportSpecifier::Default(ExportDefaultSpecifier { exported }) = specifier {
                let orig = Ident::new_no_ctxt("default".into(), exported.span);
                *specifier = ExportSpecifier::Named(ExportNamedSpecifier {
                    span: exported.span,
                    exported: (exported.sym != orig.sym).then(|| ModuleExportName::Ident(exported.clone())),
                    orig: ModuleExportName::Ident(orig),
                    is_type_only: false,
                });
            }
        }
        // `export v, * as ns from "x"` cannot be one statement then.
        let is_space = |specifier: &ExportSpecifier| matches!(specifier, ExportSpecifier::Namespace(_));
        if let Some(space) = export.specifiers.iter().position(is_space) {
            let mut second = export.clone();
            second.specifiers = vec![export.specifiers.remove(space)];
            module.body.insert(from, ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(second)));
        }
    }
    program
}

/// Where the tree lacks an expression or a pattern.
fn first_hole(program: &Program) -> Option<BytePos> {
    struct Holes(Option<BytePos>);

    impl Visit for Holes {
        noop_visit_type!();

        fn visit_invalid(&mut self, n: &Invalid) {
            self.0.get_or_insert(n.span.lo);
        }
    }

    let mut holes = Holes(None);
    program.visit_with(&mut holes);
    holes.0
}

/// Whether the parser recovered by reading something that is not there, or by passing over what is: printed, the
/// program would be another one, and perhaps one that runs. All other recovered errors are judgements on a
/// program that was read as it stands.
fn changes_the_program(error: &SyntaxError) -> bool {
    match error {
        SyntaxError::Eof
        | SyntaxError::InvalidPat
        // A module's `await` with its operand on the next line is read as a name, and the operand as a statement.
        | SyntaxError::InvalidIdentInAsync
        | SyntaxError::InvalidUnicodeEscape
        | SyntaxError::InvalidIdentChar
        | SyntaxError::NonLastRestParam
        | SyntaxError::CommaAfterRestElement
        | SyntaxError::TS1003
        | SyntaxError::TS1005
        | SyntaxError::TS1014
        | SyntaxError::TS1109
        | SyntaxError::TS1141 => true,
        other => ["Expected", "Unexpected", "Unterminated"].iter().any(|start| other.msg().starts_with(start)),
    }
}

fn message(error: &SyntaxError) -> String {
    match error {
        SyntaxError::InvalidIdentInAsync => {
            "`await` without an operand on the same line, at the top level of a module".to_owned()
        }
        other => other.msg().into_owned(),
    }
}

fn syntax_error(error: &Error, text: &str) -> InstrumentError {
    let span = error.span();
    let mut range = if span.is_dummy() { text.len()..text.len() } else { range_of(span) };
    range.end = range.end.min(text.len());
    range.start = range.start.min(range.end);
    // Flow looks for its word in the comments of the head alone, too.
    let head = text.get(..skip_trivia(text, 0) as usize).unwrap_or_default();
    let kind = if head.contains("@flow") { ErrorKind::Flow } else { ErrorKind::Syntax };
    InstrumentError::new(kind(message(error.kind())), Some(range))
}

/// Byte offsets of a span.
pub(crate) fn range_of(span: Span) -> Range<usize> {
    offset(span.lo)..offset(span.hi)
}

/// Byte offset of a position.
#[inline]
pub(crate) fn offset(at: BytePos) -> usize {
    at.0.saturating_sub(FIRST) as usize
}

/// The first byte from `from` on, between two tokens, that is neither blank nor comment.
pub(crate) fn skip_trivia(text: &str, from: u32) -> u32 {
    let mut at = from as usize;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let token = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        at += rest.len() - token.len();
        let comment = if token.starts_with("/*") {
            token.find("*/").map(|end| end + 2)
        } else if token.starts_with("//") || starts_with_html_comment(token) {
            token.find(['\n', '\r', '\u{2028}', '\u{2029}'])
        } else {
            None
        };
        match comment {
            Some(length) => at += length,
            None => return at as u32,
        }
    }
}

/// Whether a comment as in HTML begins here, which no token does.
fn starts_with_html_comment(text: &str) -> bool {
    text.starts_with("<!--") || text.starts_with("-->")
}
