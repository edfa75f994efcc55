//! The source map of the output, version 3.
//!
//! Source: ECMA-426. Written from the printed segments in one pass: both sides mostly go forward, so a lookup
//! is a step and not a search.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use json_escape_simd::escape_into;
use pathlight_mapping::push_vlq;
use swc_sourcemap::{SourceMap, SourceMapBuilder};

use crate::input_map::InputMap;
use crate::lines::LineTable;
use crate::refine::refine;

/// What a source map says beside its segments.
#[derive(Clone, Debug)]
pub struct SourceMapNames {
    /// Name of the generated file, without folder.
    pub file: String,
    /// From the map to each source: the input, or the input map's sources in their order.
    pub sources: Vec<String>,
}

/// A source map, ready to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceMapText(String);

impl SourceMapText {
    /// The JSON.
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// The comment that carries the whole map, LF at its end.
    pub fn as_inline_comment(&self) -> String {
        let mut comment = "//# sourceMappingURL=data:application/json;charset=utf-8;base64,".to_owned();
        comment.reserve(self.0.len() / 3 * 4 + 5);
        BASE64_STANDARD.encode_string(&self.0, &mut comment);
        comment.push('\n');
        comment
    }
}

/// The map of several outputs joined to one; each comes with the line (from 0) at which it begins.
///
/// `None` without outputs. One flat map and no sections: Node reads those in source maps' own interface, but not
/// for stack traces.
pub fn join_maps(file: &str, parts: &[(usize, SourceMapText)]) -> Option<SourceMapText> {
    let mut joined = SourceMapBuilder::new(Some(file.to_owned().into()));
    for (line, part) in parts {
        let map = SourceMap::from_slice(part.0.as_bytes()).ok()?;
        for token in map.tokens() {
            let to = joined.add(
                token.get_dst_line() + *line as u32,
                token.get_dst_col(),
                token.get_src_line(),
                token.get_src_col(),
                token.get_source().cloned(),
                token.get_name().cloned(),
                false,
            );
            if token.has_source() && !joined.has_source_contents(to.src_id) {
                let content = map.get_source_contents(token.get_src_id()).cloned();
                joined.set_source_contents(to.src_id, content);
            }
        }
    }
    let mut json = Vec::new();
    joined.into_sourcemap().to_writer(&mut json).ok()?;
    (!parts.is_empty()).then(|| String::from_utf8(json).ok().map(SourceMapText)).flatten()
}

/// Makes the map of `generated` out of `segments` (offset in it, offset in `source`), through `input_map` if
/// the source was generated itself.
pub(crate) fn source_map(
    generated: &str,
    segments: &[(u32, u32)],
    source: &str,
    source_lines: &LineTable,
    input_map: Option<&InputMap>,
    names: &SourceMapNames,
) -> SourceMapText {
    let mut mappings = Mappings::default();
    let generated_lines = LineTable::new(generated);
    let mut generated_at = generated_lines.cursor();
    let mut source_at = source_lines.cursor();
    match input_map {
        None => refine(generated, source, segments, |to, from| {
            mappings.push(generated_at.line_column(to), Some((0, source_at.line_column(from), None)));
        }),
        Some(map) => refine(generated, source, segments, |to, from| {
            let (line, column) = source_at.line_column(from);
            let original = map.trace(line, column).map(|at| (at.source, (at.line, at.column), at.name));
            mappings.push(generated_at.line_column(to), original);
        }),
    }

    let mappings = mappings.finish();

    let contents: usize = match input_map {
        None => source.len(),
        Some(map) => map.sources().iter().filter_map(|source| source.content.as_deref()).map(str::len).sum(),
    };
    let mut json = Vec::with_capacity(mappings.len() + contents + contents / 8 + 200);
    json.extend_from_slice(b"{\"version\":3,\"file\":");
    escape_into(&names.file, &mut json);
    json.extend_from_slice(b",\"sources\":");
    push_list(&mut json, &names.sources, |json, source| escape_into(source, json));
    json.extend_from_slice(b",\"sourcesContent\":");
    match input_map {
        None => {
            json.push(b'[');
            push_content(&mut json, source);
            json.extend_from_slice(b"],\"names\":[]");
        }
        Some(map) => {
            push_list(&mut json, map.sources(), |json, source| match &source.content {
                Some(content) => push_content(json, content),
                None => json.extend_from_slice(b"null"),
            });
            json.extend_from_slice(b",\"names\":");
            push_list(&mut json, &map.names(), |json, name| escape_into(name, json));
        }
    }
    // Digits, commas and semicolons need no escape.
    json.extend_from_slice(b",\"mappings\":\"");
    json.extend_from_slice(&mappings);
    json.push(b'"');
    let ignored: Vec<u32> = input_map.map_or_else(Vec::new, |map| map.ignored().collect());
    if !ignored.is_empty() {
        json.extend_from_slice(b",\"ignoreList\":");
        push_list(&mut json, &ignored, |json, source| json.extend_from_slice(source.to_string().as_bytes()));
    }
    json.push(b'}');
    SourceMapText(String::from_utf8(json).unwrap_or_default())
}

/// A string in pieces: what escapes it asks for six times its length.
fn push_content(json: &mut Vec<u8>, content: &str) {
    const PIECE: usize = 64 << 10;
    let mut rest = content;
    let mut escaped = Vec::new();
    json.push(b'"');
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(PIECE));
        escaped.clear();
        escape_into(piece, &mut escaped);
        json.extend_from_slice(&escaped[1..escaped.len() - 1]);
        rest = behind;
    }
    json.push(b'"');
}

fn push_list<T>(json: &mut Vec<u8>, items: &[T], mut push: impl FnMut(&mut Vec<u8>, &T)) {
    json.push(b'[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            json.push(b',');
        }
        push(json, item);
    }
    json.push(b']');
}

/// The `mappings` field, each number relative to the one before.
#[derive(Default)]
struct Mappings {
    text: Vec<u8>,
    /// The last segment, not written yet: another one may come for the same place.
    pending: Option<((u32, u32), Original)>,
    line: u32,
    column: u32,
    source: u32,
    source_line: u32,
    source_column: u32,
    name: u32,
    /// The current line has a segment.
    occupied: bool,
    /// What the last segment of this line pointed to; repeating it says nothing.
    last: Option<Original>,
}

/// Source, line and column from 0, name.
type Original = Option<(u32, (u32, u32), Option<u32>)>;

impl Mappings {
    /// Adds a segment; of two for one place the later counts.
    ///
    /// Without the blank in `(a )` the end of `a` and the parenthesis meet, and readers differ in which of two
    /// segments they find. What begins at a place says more of it than what ended there.
    fn push(&mut self, at: (u32, u32), original: Original) {
        match self.pending.replace((at, original)) {
            Some((before, original)) if before != at => self.write(before, original),
            _ => {}
        }
    }

    fn finish(mut self) -> Vec<u8> {
        if let Some((at, original)) = self.pending.take() {
            self.write(at, original);
        }
        self.text
    }

    fn write(&mut self, (line, column): (u32, u32), original: Original) {
        while self.line < line {
            self.text.push(b';');
            self.line += 1;
            self.column = 0;
            self.occupied = false;
            self.last = None;
        }
        if self.last == Some(original) || (original.is_none() && !self.occupied) {
            return;
        }
        if self.occupied {
            self.text.push(b',');
        }
        self.occupied = true;
        self.last = Some(original);
        let Self { text, .. } = self;
        step(text, &mut self.column, column);
        if let Some((source, (source_line, source_column), name)) = original {
            step(text, &mut self.source, source);
            step(text, &mut self.source_line, source_line);
            step(text, &mut self.source_column, source_column);
            if let Some(name) = name {
                step(text, &mut self.name, name);
            }
        }
    }
}

fn step(text: &mut Vec<u8>, from: &mut u32, to: u32) {
    push_vlq(text, i64::from(to) - i64::from(*from));
    *from = to;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_in_pieces_is_the_same() {
        for content in [String::new(), "a\"\\\n\u{1}é😀".repeat(20_000)] {
            let (mut pieces, mut whole) = (Vec::new(), Vec::new());
            push_content(&mut pieces, &content);
            escape_into(&content, &mut whole);
            assert_eq!(pieces, whole);
        }
    }

    #[test]
    fn one_place_has_one_segment() {
        let mut mappings = Mappings::default();
        // `(a )` printed as `(a)`: what ends and what begins at column 2.
        for (column, original) in [(1, 1), (2, 2), (2, 3)] {
            mappings.push((0, column), Some((0, (0, original), None)));
        }
        assert_eq!(String::from_utf8_lossy(&mappings.finish()), "CAAC,CAAE");
    }
}
