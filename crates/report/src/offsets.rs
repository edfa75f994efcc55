//! Positions of a source text as offsets into it.

use pathlight_mapping::Position;

use crate::lines::{source_lines, units};

/// The lines of one text.
pub(crate) struct Offsets<'a> {
    lines: Vec<Line<'a>>,
    bytes: usize,
    units: u32,
}

struct Line<'a> {
    text: &'a str,
    /// Of its start, in bytes.
    byte: usize,
    /// Of its start, in UTF-16 code units.
    unit: u32,
    /// Length in UTF-16 code units.
    units: u32,
}

impl<'a> Offsets<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let mut lines = Vec::new();
        let (mut byte, mut unit) = (0, 0);
        for line in source_lines(text) {
            // What lies between two lines is the end of the first one.
            let start = line.as_ptr() as usize - text.as_ptr() as usize;
            unit += units(&text[byte..start]);
            let length = units(line);
            lines.push(Line { text: line, byte: start, unit, units: length });
            (byte, unit) = (start + line.len(), unit + length);
        }
        Self { lines, bytes: text.len(), units: unit }
    }

    /// Length of the text, in UTF-16 code units.
    pub(crate) fn units(&self) -> u32 {
        self.units
    }

    /// Offset in UTF-16 code units. A column behind the end of its line is that end.
    pub(crate) fn unit(&self, at: Position) -> u32 {
        self.line(at).map_or(self.units, |line| line.unit + at.column.min(line.units))
    }

    /// Offset in bytes. A column behind the end of its line is that end.
    pub(crate) fn byte(&self, at: Position) -> usize {
        let Some(line) = self.line(at) else { return self.bytes };
        if line.units as usize == line.text.len() {
            return line.byte + line.text.len().min(at.column as usize);
        }
        let mut column = 0;
        let before = line.text.chars().take_while(|c| {
            column += c.len_utf16();
            column <= at.column as usize
        });
        line.byte + before.map(char::len_utf8).sum::<usize>()
    }

    fn line(&self, at: Position) -> Option<&Line<'a>> {
        self.lines.get((at.line as usize).checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_units_differ_and_lines_end_in_many_ways() {
        let offsets = Offsets::of("aé😀b\r\nc\u{2028}d\n");
        let both = |line, column| {
            let at = Position { line, column };
            (offsets.byte(at), offsets.unit(at))
        };
        assert_eq!([both(1, 0), both(1, 2), both(1, 4), both(1, 99)], [(0, 0), (3, 2), (7, 4), (8, 5)]);
        assert_eq!([both(2, 0), both(2, 1), both(3, 0), both(4, 0)], [(10, 7), (11, 8), (14, 9), (16, 11)]);
        assert_eq!([both(9, 0), both(0, 0)], [(16, 11), (16, 11)]);
        assert_eq!(offsets.units(), 11);
    }
}
