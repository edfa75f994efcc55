//! Syntax tree to text, with holes where the ids go.
//!
//! An id depends on the number of probes in all files before, so a file is printed without its ids; they are
//! filled in when the number is known. What printing records is enough for that and for the source map.

mod source;

use pathlight_mapping::{IdForm, ProbeId};
use swc_core::common::comments::{CommentKind, Comments as _};
use swc_core::common::sync::Lrc;
use swc_core::common::{BytePos, Span};
use swc_core::ecma::ast::Program;
use swc_core::ecma::codegen::text_writer::WriteJs;
use swc_core::ecma::codegen::{Config, Emitter, Result};

use self::source::Source;
use crate::comments::CommentStore;
use crate::parse::{FIRST, offset, skip_trivia};
use crate::plant::{LAST_OF_LINE, probe_at};

/// The text of one file before its ids are known.
#[derive(Debug, Default)]
pub(crate) struct Printed {
    /// The text without ids.
    pub(crate) text: Vec<u8>,
    /// Where an id is missing, by rising offset.
    pub(crate) holes: Vec<Hole>,
    /// Offset in `text` and offset in the source, in the order printed; empty if no source map is wanted.
    pub(crate) segments: Vec<(u32, u32)>,
}

/// A missing id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hole {
    /// Byte offset in the text.
    pub(crate) at: u32,
    /// Number of the probe in its file, from 0.
    pub(crate) probe: u32,
}

/// Prints `program`; comments are taken out of the store.
pub(crate) fn print(
    program: &Program,
    source: &str,
    comments: &CommentStore,
    array: &str,
    with_segments: bool,
) -> Printed {
    let mut writer = Writer {
        printed: Printed { text: Vec::with_capacity(source.len() * EXPANSION), ..Printed::default() },
        with_segments,
        probe_head: [array, ".push("].concat(),
        indent: 0,
        line_start: true,
        pending_segment: None,
        pending_probe: None,
        announced: BytePos(0),
        ends_line: false,
        comments_from: 0,
        comments_to: 0,
        are_comments_late: false,
        line_ends: comments.line_ends(),
        comments,
        source,
    };
    let mut emitter = Emitter {
        // Nothing may be rewritten: raw text of templates can be seen by tags.
        cfg: Config::default().with_reduce_escaped_newline(false),
        cm: Lrc::new(Source { text: source, comments: comments.spans_by_end() }),
        comments: Some(comments),
        wr: &mut writer,
    };
    // The writer appends to memory and never fails.
    let _ = emitter.emit_program(program);
    writer.printed
}

impl Printed {
    /// Fills the ids in: the file's first probe gets `first`. Moves the segments along.
    ///
    /// In place, from the end to the start: the text of a large file is not held twice.
    pub(crate) fn fill(&mut self, first: u32, form: IdForm) {
        let Self { text, holes, segments } = self;
        let mut ids = Vec::with_capacity(holes.len() * 6);
        // End of each hole's id in `ids`.
        let mut ends = Vec::with_capacity(holes.len());
        for hole in holes.iter() {
            let quote: &[u8] = if form == IdForm::Vlq { b"\"" } else { b"" };
            ids.extend_from_slice(quote);
            if let Some(id) = ProbeId::new(first + hole.probe) {
                id.push(form, &mut ids);
            }
            ids.extend_from_slice(quote);
            ends.push(ids.len());
        }

        let mut passed = 0;
        for (offset, _) in segments {
            while holes.get(passed).is_some_and(|hole| hole.at < *offset) {
                passed += 1;
            }
            *offset += passed.checked_sub(1).map_or(0, |last| ends[last]) as u32;
        }

        let mut from = text.len();
        text.resize(from + ids.len(), 0);
        let mut to = text.len();
        for (at, hole) in holes.iter().enumerate().rev() {
            let start = hole.at as usize;
            text.copy_within(start..from, to - (from - start));
            to -= from - start;
            from = start;
            let id = &ids[at.checked_sub(1).map_or(0, |before| ends[before])..ends[at]];
            to -= id.len();
            text[to..to + id.len()].copy_from_slice(id);
        }
        holes.clear();
    }
}

/// Appends to memory; records segments where swc's own writer does.
struct Writer<'a> {
    printed: Printed,
    with_segments: bool,
    /// `array.push(`
    probe_head: String,
    indent: usize,
    line_start: bool,
    /// The emitter has announced a probe's position; its identifier or parenthesis comes next.
    pending_probe: Option<u32>,
    /// The position that the emitter announced last.
    announced: BytePos,
    /// What is written next closes a made block, or a comment that speaks of the next line.
    ends_line: bool,
    /// Where the last comments with nothing between them begin in the text, with the blanks before them, …
    comments_from: usize,
    /// … and end, without those behind.
    comments_to: usize,
    /// They stand before what is printed before them.
    are_comments_late: bool,
    /// Ends of the comments behind which the line ends, rising.
    line_ends: Vec<BytePos>,
    comments: &'a CommentStore<'a>,
    source: &'a str,
    /// A segment asked for at a line's start belongs behind the indentation.
    pending_segment: Option<BytePos>,
}

/// By how much a minified file may grow when it is laid out in lines; what is not used is never touched.
const EXPANSION: usize = 3;

const INDENT: &[u8] = b"                                                                                ";
const INDENT_WIDTH: usize = 4;
/// Deeper lines start here too: no one reads them, and blanks must not grow with the square of the depth.
const MOST_INDENT: usize = 160;

impl Writer<'_> {
    #[inline]
    fn write(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.line_start {
            self.begin_line();
        }
        self.printed.text.extend_from_slice(text.as_bytes());
    }

    #[inline]
    fn write_spanned(&mut self, span: Option<Span>, text: &str) {
        match span {
            Some(span) if self.with_segments && !text.is_empty() => {
                if self.line_start {
                    self.begin_line();
                }
                self.segment(span.lo);
                self.printed.text.extend_from_slice(text.as_bytes());
                self.segment(span.hi);
            }
            _ => self.write(text),
        }
    }

    /// `array.push(id)` without its id: the only function that spells a probe.
    fn write_probe(&mut self, probe: u32) {
        if self.line_start {
            self.begin_line();
        }
        let Printed { text, holes, .. } = &mut self.printed;
        text.extend_from_slice(self.probe_head.as_bytes());
        holes.push(Hole { at: text.len() as u32, probe });
        text.push(b')');
    }

    /// The comments before a node for which the emitter does not ask for them.
    fn write_comments(&mut self) -> Result {
        let node = self.announced;
        let Some(comments) = self.comments.take_leading(node) else { return Ok(()) };
        self.pending_segment = None;
        for comment in comments {
            self.add_srcmap(comment.span.lo)?;
            let is_line = comment.kind == CommentKind::Line;
            self.write_comment(if is_line { "//" } else { "/*" })?;
            self.write_comment(&comment.text)?;
            self.add_srcmap(comment.span.hi - BytePos(if is_line { 0 } else { 2 }))?;
            if is_line {
                self.write_line()?;
            } else {
                self.write_comment("*/")?;
                self.write_space()?;
            }
        }
        self.add_srcmap(node)
    }

    /// What ends a statement, or a parenthesis that the source has not, belongs before the comments behind it: they may
    /// speak of what follows. Returns whether there are such comments.
    fn write_before_comments(&mut self, end: u8) -> bool {
        let stands_behind = !self.are_comments_late
            && self.comments_from < self.comments_to
            && self.comments_to == self.printed.text.trim_ascii_end().len()
            && !self.source_has_behind_comments(end);
        if stands_behind {
            let Printed { text, segments, .. } = &mut self.printed;
            text.insert(self.comments_from, end);
            let moved = segments.iter_mut().rev().take_while(|(offset, _)| *offset as usize > self.comments_from);
            moved.for_each(|(offset, _)| *offset += 1);
            self.comments_from += 1;
            self.comments_to += 1;
        }
        stands_behind
    }

    /// Whether this is the token that stands in the source behind the comments that were written last.
    fn source_has_behind_comments(&self, token: u8) -> bool {
        let announced = offset(self.announced);
        // Of a block comment the emitter announces the last two bytes.
        let is_block = self.source.get(announced..).is_some_and(|rest| rest.starts_with("*/"));
        let at = skip_trivia(self.source, (announced + if is_block { 2 } else { 0 }) as u32);
        self.source.as_bytes().get(at as usize) == Some(&token)
    }

    fn begin_line(&mut self) {
        self.line_start = false;
        let mut width = (self.indent * INDENT_WIDTH).min(MOST_INDENT);
        while width > 0 {
            let part = width.min(INDENT.len());
            self.printed.text.extend_from_slice(&INDENT[..part]);
            width -= part;
        }
        if let Some(pos) = self.pending_segment.take() {
            self.segment(pos);
        }
    }

    #[inline]
    fn segment(&mut self, pos: BytePos) {
        // Above the text stand probes and what swc makes, `/*#__PURE__*/` for one.
        if !self.with_segments || pos.0 < FIRST || pos.0 as usize > crate::MAX_BYTES {
            return;
        }
        let segment = (self.printed.text.len() as u32, pos.0 - FIRST);
        if self.printed.segments.last() != Some(&segment) {
            self.printed.segments.push(segment);
        }
    }
}

impl WriteJs for Writer<'_> {
    fn increase_indent(&mut self) -> Result {
        self.indent += 1;
        Ok(())
    }

    fn decrease_indent(&mut self) -> Result {
        self.indent -= 1;
        Ok(())
    }

    fn write_semi(&mut self, span: Option<Span>) -> Result {
        if !self.write_before_comments(b';') {
            self.write_spanned(span, ";");
        }
        Ok(())
    }

    fn write_space(&mut self) -> Result {
        if !self.line_start {
            self.write(" ");
        }
        Ok(())
    }

    fn write_keyword(&mut self, span: Option<Span>, text: &'static str) -> Result {
        if matches!(text, "break" | "continue" | "with") {
            self.write_comments()?;
        }
        match span.and_then(|span| probe_at(span.lo)) {
            Some(probe) => self.write_probe(probe),
            None => self.write_spanned(span, text),
        }
        Ok(())
    }

    fn write_operator(&mut self, span: Option<Span>, text: &str) -> Result {
        self.write_spanned(span, text);
        Ok(())
    }

    fn write_param(&mut self, text: &str) -> Result {
        self.write(text);
        Ok(())
    }

    fn write_property(&mut self, text: &str) -> Result {
        self.write(text);
        Ok(())
    }

    fn write_line(&mut self) -> Result {
        let pending = self.pending_segment.take();
        if !self.line_start {
            self.printed.text.push(b'\n');
            self.line_start = true;
            if let Some(pos) = pending {
                self.segment(pos);
            }
        }
        Ok(())
    }

    fn write_lit(&mut self, span: Span, text: &str) -> Result {
        self.write_spanned(Some(span), text);
        Ok(())
    }

    /// Comments keep a distance from the token before, whose end would else be the comment's start as well.
    fn write_comment(&mut self, text: &str) -> Result {
        if text == " " {
            self.write(text);
            return Ok(());
        }
        let Printed { text: printed, segments, .. } = &mut self.printed;
        let token_end = printed.trim_ascii_end().len();
        if token_end != self.comments_to {
            self.comments_from = token_end;
            self.are_comments_late = self.comments.were_late();
        }
        let follows_token = printed.last().is_some_and(|last| !matches!(last, b' ' | b'\n' | b'(' | b'[' | b'{'));
        if !self.line_start && follows_token && matches!(text, "//" | "/*") {
            if let Some((offset, _)) = segments.last_mut().filter(|(offset, _)| *offset as usize == printed.len()) {
                *offset += 1;
            }
            printed.push(b' ');
        }
        self.write(text);
        self.comments_to = self.printed.text.trim_ascii_end().len();
        if text == "*/" && std::mem::take(&mut self.ends_line) {
            self.write_line()?;
        }
        Ok(())
    }

    fn write_str_lit(&mut self, span: Span, text: &str) -> Result {
        self.write_spanned(Some(span), text);
        Ok(())
    }

    fn write_str(&mut self, text: &str) -> Result {
        self.write(text);
        Ok(())
    }

    fn write_symbol(&mut self, span: Span, text: &str) -> Result {
        match self.pending_probe.take() {
            Some(probe) => self.write_probe(probe),
            None => self.write_spanned(Some(span), text),
        }
        Ok(())
    }

    fn write_punct(&mut self, span: Option<Span>, text: &'static str, _commit_pending_semi: bool) -> Result {
        if text == "[" && self.source.as_bytes().get(offset(self.announced)) == Some(&b'[') {
            // A key in brackets has no node of its own that the emitter would ask for.
            self.write_comments()?;
        }
        if text != ")" || !self.write_before_comments(b')') {
            self.write_spanned(span, text);
        }
        if let Some(probe) = self.pending_probe.take() {
            self.write_probe(probe);
            self.write(", ");
        }
        if std::mem::take(&mut self.ends_line) {
            self.write_line()?;
        }
        Ok(())
    }

    fn care_about_srcmap(&self) -> bool {
        self.with_segments
    }

    fn add_srcmap(&mut self, pos: BytePos) -> Result {
        if let Some(probe) = probe_at(pos) {
            self.pending_probe = Some(probe);
        } else if pos == LAST_OF_LINE {
            self.ends_line = true;
        } else {
            self.announced = pos;
            if !self.line_ends.is_empty() {
                // The emitter announces a comment's last two bytes.
                let end = BytePos(pos.0.wrapping_add(2));
                self.ends_line |= self.line_ends.binary_search(&end).is_ok();
            }
            if self.with_segments && self.line_start {
                self.pending_segment = Some(pos);
            } else if self.with_segments {
                self.segment(pos);
            }
        }
        Ok(())
    }

    fn commit_pending_semi(&mut self) -> Result {
        Ok(())
    }

    /// Names with such escapes are syntax errors, so no tree holds one: not searching each name for them is
    /// worth some percent.
    fn can_ignore_invalid_unicodes(&mut self) -> bool {
        true
    }
}
