//! The source map of a bundle, followed to the files that were built.

use std::fmt;

use pathlight_mapping::Position;
use swc_sourcemap::{DecodedMap, SourceMap, SourceMapIndex, Token, decode_slice};

/// A version 3 source map whose sources are known by what they are.
pub struct ModuleMap {
    map: SourceMap,
    /// In the map's order.
    modules: Vec<Module>,
}

/// What a source of a source map is.
pub enum Module {
    /// A file of the mapping, by its index there.
    Original(usize),
    /// Made of others, such as instrumented code: what its own map leads to.
    Generated(Box<ModuleMap>),
    /// None of what was built.
    Foreign,
}

/// A place in a file of the mapping.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Origin {
    /// Index in the mapping.
    pub(super) file: usize,
    pub(super) at: Position,
}

/// From where to where in the generated text a segment leads; it ends with the next one, or with its line.
pub(super) struct Segment {
    /// From 0.
    pub(super) line: u32,
    /// From 0, in UTF-16 code units.
    pub(super) column: u32,
    pub(super) origin: Option<Origin>,
}

/// What is no source map; the reader's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadModuleMap(pub String);

impl fmt::Display for BadModuleMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a source map that can be read: {}", self.0)
    }
}

impl std::error::Error for BadModuleMap {}

/// Whether `index`, which begins at `start`, can be flattened: that adds where a section begins to its segments, and one
/// before the first line or column, which wraps to beyond all text, would overflow.
fn has_places(index: &SourceMapIndex, start: (u32, u32)) -> bool {
    let add = |(line, column): (u32, u32), to: (u32, u32)| to.0.checked_add(line).zip(to.1.checked_add(column));
    index.sections().all(|section| {
        let Some(start) = add(section.get_offset(), start) else { return false };
        let fits = |map: &SourceMap| map.tokens().all(|token| add(token.get_dst(), start).is_some());
        match section.get_sourcemap() {
            Some(DecodedMap::Index(index)) => has_places(index, start),
            Some(DecodedMap::Regular(map)) => fits(map),
            Some(DecodedMap::Hermes(map)) => fits(map),
            // `flatten` refuses a section whose map is elsewhere.
            None => true,
        }
    })
}

impl ModuleMap {
    /// Reads a map, of one piece or of sections. `module_of` is asked about each source: its URL, with the map's
    /// `sourceRoot`, and its text if the map holds it.
    ///
    /// # Errors
    /// [`BadModuleMap`].
    pub fn parse(json: &[u8], mut module_of: impl FnMut(&str, Option<&str>) -> Module) -> Result<Self, BadModuleMap> {
        let bad = |error: swc_sourcemap::Error| BadModuleMap(error.to_string());
        let map = match decode_slice(json).map_err(bad)? {
            DecodedMap::Regular(map) => map,
            DecodedMap::Index(index) if !has_places(&index, (0, 0)) => {
                return Err(BadModuleMap("a section has a segment that lies outside of any text".to_owned()));
            }
            DecodedMap::Index(index) => index.flatten().map_err(bad)?,
            DecodedMap::Hermes(_) => return Err(BadModuleMap("it is Hermes's".to_owned())),
        };
        let module = |at: u32| {
            let url = map.get_source(at).map(|url| url.as_str()).unwrap_or_default();
            module_of(url, map.get_source_contents(at).map(|text| text.as_str()))
        };
        let modules = (0..map.get_source_count()).map(module).collect();
        Ok(Self { map, modules })
    }

    /// All segments in order of the generated text.
    pub(super) fn segments(&self) -> impl Iterator<Item = Segment> {
        self.map.tokens().map(|token| {
            let (line, column) = token.get_dst();
            Segment { line, column, origin: self.origin(&token) }
        })
    }

    fn origin(&self, token: &Token<'_>) -> Option<Origin> {
        let (line, column) = token.get_src();
        match self.modules.get(token.get_src_id() as usize)? {
            Module::Original(file) => {
                Some(Origin { file: *file, at: Position { line: line.saturating_add(1), column } })
            }
            Module::Generated(inner) => inner.trace(line, column),
            Module::Foreign => None,
        }
    }

    /// Of a place in the generated text, line and column from 0: what the last segment at or before it in its line says.
    fn trace(&self, line: u32, column: u32) -> Option<Origin> {
        let token = self.map.lookup_token(line, column).filter(|token| token.get_dst_line() == line)?;
        self.origin(&token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_before_its_section_is_refused() {
        let parse = |mappings| {
            let json = format!(
                r#"{{"version":3,"sections":[{{"offset":{{"line":0,"column":5}},"map":
                    {{"version":3,"sources":["a.ts"],"names":[],"mappings":"{mappings}"}}}}]}}"#
            );
            ModuleMap::parse(json.as_bytes(), |_, _| Module::Foreign)
        };
        assert!(parse("HAAA;AACA").is_err());
        let places = parse("GAAA;AACA").map(|map| map.segments().map(|at| (at.line, at.column)).collect::<Vec<_>>());
        assert_eq!(places, Ok(vec![(0, 8), (1, 0)]));
    }
}
