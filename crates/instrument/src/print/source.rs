//! What the emitter may ask of the source: only whether a list ended with a comma.
//!
//! swc's own answer copies the list's whole text and looks at its last characters, which is quadratic for
//! nested data and wrong when a comment follows the comma: `[1, , /* hole */]` would lose its hole.

use swc_core::common::SpanSnippetError;
use swc_core::common::sync::Lrc;
use swc_core::common::{BytePos, FileLines, FileName, Loc, SourceMapper, Span, SpanLinesError};
use swc_core::ecma::ast::SourceMapperExt;

use crate::parse::range_of;

/// The text of one file.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    /// End and start of every comment, byte offsets, sorted.
    pub(super) comments: Vec<(u32, u32)>,
}

impl Source<'_> {
    /// Whether the last thing before the closing bracket at `end - 1` is a comma, blanks and comments aside.
    fn ends_with_comma(&self, start: usize, end: usize) -> bool {
        let Some(mut inner) = self.text.get(start..end.saturating_sub(1)) else { return false };
        loop {
            inner = inner.trim_end();
            let end = (start + inner.len()) as u32;
            match self.comments.binary_search_by_key(&end, |(end, _)| *end) {
                Ok(at) if self.comments[at].1 as usize >= start => {
                    inner = &inner[..self.comments[at].1 as usize - start];
                }
                _ => return inner.ends_with(','),
            }
        }
    }
}

impl SourceMapper for Source<'_> {
    fn span_to_snippet(&self, span: Span) -> std::result::Result<String, Box<SpanSnippetError>> {
        let range = range_of(span);
        Ok(if self.ends_with_comma(range.start, range.end) { "[,]" } else { "[ ]" }.to_owned())
    }

    // The emitter asks for none of these.

    fn lookup_char_pos(&self, _: BytePos) -> Loc {
        unimplemented!("the emitter looks up no position")
    }

    fn span_to_lines(&self, _: Span) -> std::result::Result<FileLines, Box<SpanLinesError>> {
        unimplemented!("the emitter looks up no line")
    }

    fn span_to_string(&self, _: Span) -> String {
        String::new()
    }

    fn span_to_filename(&self, _: Span) -> Lrc<FileName> {
        FileName::Anon.into()
    }

    fn merge_spans(&self, _: Span, _: Span) -> Option<Span> {
        None
    }

    fn call_span_if_macro(&self, span: Span) -> Span {
        span
    }

    fn doctest_offset_line(&self, line: usize) -> usize {
        line
    }
}

impl SourceMapperExt for Source<'_> {
    fn get_code_map(&self) -> &dyn SourceMapper {
        self
    }
}
