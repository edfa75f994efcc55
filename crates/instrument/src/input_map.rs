//! The source map that came with an input: positions and names are followed back to what people wrote.

use std::fmt;
use std::sync::LazyLock;

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use memchr::memchr3;
use memchr::memmem::{self, Finder};
use swc_sourcemap::{DecodedMap, SourceMap, SourceMapIndex, Token, decode_slice};

/// A source map, read and checked.
pub struct InputMap {
    map: SourceMap,
    sources: Vec<OriginalSource>,
}

/// One of the files that an input was made from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OriginalSource {
    /// As the map spells it, with its `sourceRoot`.
    pub url: String,
    /// File name for the mapping; the caller resolves the URL against its folders.
    pub name: String,
    /// The file's text, if the map holds it.
    pub content: Option<String>,
}

/// Where something was written first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Origin {
    /// Index of the source.
    pub(crate) source: u32,
    /// From 0.
    pub(crate) line: u32,
    /// From 0, UTF-16 units.
    pub(crate) column: u32,
    /// Index of the name, if the map has one here.
    pub(crate) name: Option<u32>,
}

/// Where an input says its map is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MapReference {
    /// In the comment itself; the JSON.
    Inline(Vec<u8>),
    /// In another file: a URL or path, relative to the input.
    File(String),
}

/// A map that cannot be read; the reader's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputMapError(pub String);

impl fmt::Display for InputMapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the input source map cannot be read: {}", self.0)
    }
}

impl std::error::Error for InputMapError {}

impl Origin {
    /// Whether both are one place, whatever the map calls it.
    pub(crate) fn is_same_place(&self, other: &Self) -> bool {
        (self.source, self.line, self.column) == (other.source, other.line, other.column)
    }
}

impl fmt::Debug for InputMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InputMap").field("sources", &self.sources.len()).finish_non_exhaustive()
    }
}

impl InputMap {
    /// Reads a version 3 map, indexed or not; `name_of` makes a file name of a source's URL.
    ///
    /// # Errors
    /// [`InputMapError`] if it is not a source map.
    pub fn parse(json: &[u8], mut name_of: impl FnMut(&str) -> String) -> Result<Self, InputMapError> {
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        let map = match decode_slice(json).map_err(|error| InputMapError(error.to_string()))? {
            DecodedMap::Regular(map) => map,
            DecodedMap::Index(index) => {
                check_sections(&index, (0, 0)).map_err(InputMapError)?;
                index.flatten().map_err(|error| InputMapError(error.to_string()))?
            }
            DecodedMap::Hermes(_) => return Err(InputMapError("a Hermes map is not supported".into())),
        };
        let sources = (0..map.get_source_count())
            .map(|at| {
                let url = map.get_source(at).map(|url| url.to_string()).unwrap_or_default();
                let content = map.get_source_contents(at).map(|text| text.to_string());
                OriginalSource { name: name_of(&url), url, content }
            })
            .collect();
        Ok(Self { map, sources })
    }

    /// The sources, in the map's order.
    pub fn sources(&self) -> &[OriginalSource] {
        &self.sources
    }

    /// Indexes of the sources that debuggers are to pass over, rising.
    pub(crate) fn ignored(&self) -> impl Iterator<Item = u32> {
        self.map.ignore_list().copied()
    }

    /// The names, in the map's order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.map.names().map(ToString::to_string).collect()
    }

    /// The original of a generated position (both from 0): that of the last segment at or before it in its
    /// line. `None` where the map points to nothing: code that a compiler made.
    pub(crate) fn trace(&self, line: u32, column: u32) -> Option<Origin> {
        self.segment(line, column).map(|(_, origin)| origin)
    }

    /// The same, behind the generated place where the segment begins.
    pub(crate) fn segment(&self, line: u32, column: u32) -> Option<((u32, u32), Origin)> {
        let token = self.map.lookup_token(line, column)?;
        let from = token.get_dst();
        if from.0 == line { Some((from, self.origin(&token)?)) } else { None }
    }

    /// The originals of the segments that begin at a generated place: some tools write several.
    pub(crate) fn starting_at(&self, line: u32, column: u32) -> impl Iterator<Item = Origin> {
        // The lookup finds the first of them, and seeking leads behind it.
        let mut behind = self.map.tokens();
        behind.seek(line, column);
        let all = self.map.lookup_token(line, column).into_iter().chain(behind);
        all.take_while(move |token| token.get_dst() == (line, column)).filter_map(|token| self.origin(&token))
    }

    /// Every segment in the order of the generated text: its line and column (both from 0) and its original.
    pub(crate) fn segments(&self) -> impl Iterator<Item = ((u32, u32), Option<Origin>)> {
        self.map.tokens().map(|token| (token.get_dst(), self.origin(&token)))
    }

    fn origin(&self, token: &Token<'_>) -> Option<Origin> {
        if !token.has_source() {
            return None;
        }
        let source = token.get_src_id();
        // A step that leads before the first line or column wraps to what no text has.
        let is_nowhere = token.get_src_line().max(token.get_src_col()) > i32::MAX as u32;
        // A source may be `null`: it is not known.
        if is_nowhere || self.sources.get(source as usize).is_none_or(|source| source.url.is_empty()) {
            return None;
        }
        Some(Origin {
            source,
            line: token.get_src_line(),
            column: token.get_src_col(),
            name: token.has_name().then(|| token.get_name_id()),
        })
    }
}

/// Flattening adds where a section begins to its segments: one before the first line or column, which wraps to beyond
/// all text, would overflow. `start` is where `index` begins.
fn check_sections(index: &SourceMapIndex, start: (u32, u32)) -> Result<(), String> {
    let add = |(line, column): (u32, u32), to: (u32, u32)| to.0.checked_add(line).zip(to.1.checked_add(column));
    index.sections().try_for_each(|section| {
        let (line, column) = section.get_offset();
        let outside = || format!("a segment of the section at {line}:{column} lies outside of any text");
        let start = add((line, column), start).ok_or_else(outside)?;
        let fits = |map: &SourceMap| map.tokens().all(|token| add(token.get_dst(), start).is_some());
        match section.get_sourcemap() {
            Some(DecodedMap::Index(index)) => check_sections(index, start),
            Some(DecodedMap::Regular(map)) if !fits(map) => Err(outside()),
            Some(DecodedMap::Hermes(map)) if !fits(map) => Err(outside()),
            // A section whose map is elsewhere is refused by `flatten`.
            _ => Ok(()),
        }
    })
}

/// Finds the `sourceMappingURL` comment in the last lines of a text, as ECMA-426 asks: the last one counts.
pub fn map_reference(text: &str) -> Option<MapReference> {
    let url = reference_comment(text)?.2;
    match url.strip_prefix("data:") {
        Some(data) => {
            let (kind, data) = data.split_once(',')?;
            let json = if kind.ends_with(";base64") {
                // What is not base64 is no JSON either, and its reader says so.
                BASE64_OF_URLS.decode(data.trim_end()).unwrap_or_else(|_| data.as_bytes().to_vec())
            } else {
                percent_decode(data)
            };
            Some(MapReference::Inline(json))
        }
        None => Some(MapReference::File(url.to_owned())),
    }
}

/// As browsers read it: padding may be missing.
const BASE64_OF_URLS: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const REFERENCE: &[u8] = b"sourceMappingURL=";

/// Whether [`REFERENCE`] stands in a text at all.
pub(crate) fn may_name_map(text: &str) -> bool {
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(REFERENCE));
    FINDER.find(text.as_bytes()).is_some()
}

/// Whether the text of a comment, without its marks, names a source map.
pub(crate) fn is_reference(comment: &str) -> bool {
    let url = comment.strip_prefix(['#', '@']).and_then(|text| text.trim_start().as_bytes().strip_prefix(REFERENCE));
    url.is_some_and(|url| url.first().is_some_and(|first| !first.is_ascii_whitespace()))
}

/// Byte offsets of the last `sourceMappingURL` comment, and its URL. Only comments that nothing but blanks and
/// comments follow count, so that a string holding such text is not taken for one; the text is not parsed.
fn reference_comment(text: &str) -> Option<(usize, usize, &str)> {
    // Most files have none, and searching forward is many times faster.
    may_name_map(text).then_some(())?;
    let at = memmem::rfind(text.as_bytes(), REFERENCE)?;
    let start = text[..at].trim_end().strip_suffix(['#', '@'])?;
    let (start, is_block) = match start.strip_suffix("//") {
        Some(before) => (before.len(), false),
        None => (start.strip_suffix("/*")?.len(), true),
    };
    let rest = &text[at + REFERENCE.len()..];
    let url_end = end_of_url(rest);
    let mut url = &rest[..url_end];
    let mut end = at + REFERENCE.len() + url_end;
    if is_block {
        let close = rest.find("*/")?;
        url = url.trim_end_matches("*/");
        end = at + REFERENCE.len() + close + 2;
    }
    let follows_only_trivia = text[end..].lines().all(|line| {
        let line = line.trim();
        line.is_empty() || line.starts_with("//")
    });
    (follows_only_trivia && !url.is_empty()).then_some((start, end, url))
}

/// Where the blank or quote stands that ends a URL. One may hold a whole map.
fn end_of_url(text: &str) -> usize {
    let bytes = text.as_bytes();
    let line = &text[..memchr3(b'\n', b'\'', b'"', bytes).unwrap_or(bytes.len())];
    let line = &line[..memchr3(b' ', b'\t', b'\r', line.as_bytes()).unwrap_or(line.len())];
    // Few URLs have a blank of another kind, and those that are ASCII throughout may be searched as bytes.
    let other = match line.is_ascii() {
        true => memchr3(b'`', b'\x0b', b'\x0c', line.as_bytes()),
        false => line.find(|at: char| at == '`' || at.is_whitespace()),
    };
    other.unwrap_or(line.len())
}

/// The text without the data of an inline map at its end, which is no code and often most of the text. The head of
/// the comment stays.
pub(crate) fn without_inline_map(text: &str) -> &str {
    const DATA: &str = "data:";
    let cut = || {
        let (start, end, url) = reference_comment(text)?;
        let (_, data) = url.strip_prefix(DATA)?.split_once(";base64,")?;
        // What ends a template is no such data.
        let is_base64 = data.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
        let is_last = text[start..].starts_with("//") && text[end..].trim().is_empty();
        (is_base64 && is_last).then(|| &text[..end - url.len() + DATA.len()])
    };
    cut().unwrap_or(text)
}

/// The path that a relative or `file:` URL spells: `a%20b.ts` is `a b.ts`. What would not be text stays as it is.
pub fn unescape_path(url: &str) -> String {
    String::from_utf8(percent_decode(url)).unwrap_or_else(|_| url.to_owned())
}

fn percent_decode(data: &str) -> Vec<u8> {
    let bytes = data.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| data.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        match escaped {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_original_stands_before_the_first_line() {
        let json = br#"{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA,CADD;AAAA"}"#;
        let map = InputMap::parse(json, str::to_owned).unwrap();
        let origins: Vec<_> = map.segments().map(|(_, origin)| origin.map(|origin| origin.line)).collect();
        assert_eq!(origins, [Some(0), None, None]);
    }

    #[test]
    fn a_segment_before_its_section_is_refused() {
        let map = |mappings| {
            format!(
                r#"{{"version":3,"sections":[{{"offset":{{"line":0,"column":5}},"map":
                    {{"version":3,"sources":["a.ts"],"names":[],"mappings":"{mappings}"}}}}]}}"#
            )
        };
        let parse = |json: String| InputMap::parse(json.as_bytes(), str::to_owned);
        assert_eq!(parse(map("HAAA;AACA")).unwrap_err().0, "a segment of the section at 0:5 lies outside of any text");
        let inside = parse(map("GAAA;AACA")).unwrap();
        assert_eq!(inside.segments().map(|(at, _)| at).collect::<Vec<_>>(), [(0, 8), (1, 0)]);
        let nested = |map: String| {
            format!(r#"{{"version":3,"sections":[{{"offset":{{"line":0,"column":4294967295}},"map":{map}}}]}}"#)
        };
        assert!(parse(nested(map("GAAA"))).is_err());
    }

    #[test]
    fn urls_end_at_every_blank_and_quote() {
        for end in [" ", "\t", "\n", "\r\n", "\x0b", "\x0c", "'", "\"", "`", "\u{a0}", "\u{2028}", ""] {
            for url in ["a.js.map", "é.map"] {
                assert_eq!(end_of_url(&format!("{url}{end}")), url.len(), "{end:?}");
            }
        }
    }

    #[test]
    fn the_data_of_a_map_is_left_out_where_it_is_nothing_else() {
        let map = "//# sourceMappingURL=data:application/json;base64,eyJ2+/==";
        assert_eq!(without_inline_map(&format!("f();\n{map}\n")), "f();\n//# sourceMappingURL=data:");
        for text in [
            format!("a = `{map}`;"),
            format!("a = `{map}\n`;"),
            format!("{map}\n// end"),
            format!("/*{}*/", &map[2..]),
            "f(); //# sourceMappingURL=a.js.map".to_owned(),
        ] {
            assert_eq!(without_inline_map(&text), text);
        }
    }

    #[test]
    fn a_template_at_the_end_names_no_map() {
        assert!(map_reference("a = `//# sourceMappingURL=${url}`").is_none());
        assert!(map_reference("a = `\n//# sourceMappingURL=${url}`;\n").is_none());
    }
}
