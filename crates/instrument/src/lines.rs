//! Byte offsets to lines and columns, in linear time for a text and constant time for a lookup.

use memchr::{memchr_iter, memchr2, memchr3_iter};
use pathlight_mapping::Position;

/// Where the lines of a text begin and where its characters are not ASCII.
///
/// Lines end as ECMAScript ends them (section 12.3, LineTerminatorSequence), which is also how V8 counts.
#[derive(Debug)]
pub(crate) struct LineTable {
    /// Byte offset of every line's first byte; the first is 0.
    starts: Vec<u32>,
    /// For every [`BLOCK`] bytes of text: the index of the line that holds the first of them.
    blocks: Vec<u32>,
    /// For every character beyond ASCII: the byte offset after it, and by how much bytes exceed UTF-16 units so far.
    wide: Vec<(u32, u32)>,
}

/// Bytes that most lines have at least, on average.
const LINE: usize = 24;

/// Bytes in which a lookup steps from line to line.
const BLOCK: usize = 64;

impl LineTable {
    pub(crate) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(bytes.len() / LINE + 1);
        starts.push(0);
        let mut blocks = Vec::with_capacity(bytes.len() / BLOCK + 1);
        let mut begin = |start: usize| {
            blocks.resize(start.div_ceil(BLOCK), starts.len() as u32 - 1);
            starts.push(start as u32);
        };
        // 0xE2 begins U+2028 and U+2029 (E2 80 A8, E2 80 A9). Most texts have none, and one byte is found faster.
        if memchr2(b'\r', 0xe2, bytes).is_none() {
            memchr_iter(b'\n', bytes).for_each(|at| begin(at + 1));
        } else {
            for at in memchr3_iter(b'\n', b'\r', 0xe2, bytes) {
                match bytes[at] {
                    b'\r' if bytes.get(at + 1) == Some(&b'\n') => {}
                    b'\n' | b'\r' => begin(at + 1),
                    0xe2 if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])) => begin(at + 3),
                    _ => {}
                }
            }
        }
        blocks.resize(bytes.len() / BLOCK + 1, starts.len() as u32 - 1);
        Self { starts, blocks, wide: wide_characters(text) }
    }

    /// Index of the line that holds a byte.
    fn line_of(&self, offset: u32) -> usize {
        let block = self.blocks.get(offset as usize / BLOCK).or(self.blocks.last());
        let from = block.map_or(0, |line| *line as usize);
        from + self.starts[from + 1..].iter().take_while(|start| **start <= offset).count()
    }

    /// Number of lines, at least 1.
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Byte offset of a line (from 0).
    pub(crate) fn start(&self, line: u32) -> Option<usize> {
        self.starts.get(line as usize).map(|start| *start as usize)
    }

    /// Byte offset of a line and a column (both from 0, in UTF-16 units). A column that the line does not have leads
    /// beyond it, one in a character into it.
    pub(crate) fn offset(&self, line: u32, column: u32) -> Option<usize> {
        let start = *self.starts.get(line as usize)?;
        let (before, inside) = self.wide.split_at(self.wide.partition_point(|(end, _)| *end <= start));
        let excess = before.last().map_or(0, |(_, excess)| *excess);
        let column_behind = |(end, until): (u32, u32)| end - start - (until - excess);
        let passed = inside[..inside.partition_point(|wide| column_behind(*wide) <= column)].last();
        let (from, at) = passed.map_or((start, 0), |wide| (wide.0, column_behind(*wide)));
        Some(from as usize + (column - at) as usize)
    }

    /// A cursor for lookups that mostly go forward.
    pub(crate) fn cursor(&self) -> Cursor<'_> {
        Cursor { table: self, from: 0, until: 0, base: 0, line: 0, line_excess: 0, wide: 0 }
    }
}

fn wide_characters(text: &str) -> Vec<(u32, u32)> {
    let mut wide = Vec::new();
    if text.is_ascii() {
        return wide;
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut excess = 0;
    while at < bytes.len() {
        let (length, units) = match bytes[at] {
            0..0x80 => {
                at += ascii_run(&bytes[at..]);
                continue;
            }
            0x80..0xe0 => (2, 1),
            0xe0..0xf0 => (3, 1),
            0xf0.. => (4, 2),
        };
        at += length;
        excess += (length - units) as u32;
        wide.push((at as u32, excess));
    }
    wide
}

/// Number of ASCII bytes at the head of `bytes`, in steps that the processor takes at once.
fn ascii_run(bytes: &[u8]) -> usize {
    const STEP: usize = 64;
    let whole = bytes.chunks_exact(STEP).take_while(|chunk| chunk.is_ascii()).count() * STEP;
    whole + bytes[whole..].iter().take_while(|byte| byte.is_ascii()).count()
}

/// Remembers the last lookup: the next one is nearly always in the same line or shortly after.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    table: &'a LineTable,
    /// Offsets from the first of these and below the second are in one line, and no wide character ends between them.
    from: u32,
    until: u32,
    /// By how much an offset there exceeds its column.
    base: u32,
    /// Index of the line.
    line: usize,
    /// Excess of bytes over units at the line's start.
    line_excess: u32,
    /// Number of wide characters that end at or before `from`.
    wide: usize,
}

impl Cursor<'_> {
    /// Line (from 0) and column (from 0, in UTF-16 units) of a byte offset.
    #[inline]
    pub(crate) fn line_column(&mut self, offset: u32) -> (u32, u32) {
        if offset < self.from || offset >= self.until {
            self.enter(offset);
        }
        (self.line as u32, offset - self.base)
    }

    /// The same, as the mapping counts: line from 1.
    pub(crate) fn position(&mut self, offset: u32) -> Position {
        let (line, column) = self.line_column(offset);
        Position { line: line + 1, column }
    }

    fn enter(&mut self, offset: u32) {
        let LineTable { starts, wide, .. } = self.table;
        let line = self.table.line_of(offset);
        let start = starts[line];
        if line != self.line {
            self.line = line;
            self.wide = count_passed(wide, self.wide, |(end, _)| *end <= start);
            self.line_excess = self.excess();
        }
        self.wide = count_passed(wide, self.wide, |(end, _)| *end <= offset);
        self.base = start + (self.excess() - self.line_excess);
        self.from = self.wide.checked_sub(1).map_or(start, |last| start.max(wide[last].0));
        let line_end = starts.get(line + 1).copied().unwrap_or(u32::MAX);
        self.until = wide.get(self.wide).map_or(line_end, |next| line_end.min(next.0));
    }

    /// Excess of bytes over units behind the last wide character that was passed.
    fn excess(&self) -> u32 {
        self.wide.checked_sub(1).map_or(0, |last| self.table.wide[last].1)
    }
}

/// How far a lookup walks before it searches.
const STEPS: usize = 8;

/// How many of `items`, which are sorted, are passed: `guess` or little more as a rule.
fn count_passed<T>(items: &[T], guess: usize, is_passed: impl Fn(&T) -> bool) -> usize {
    let is_count = |count: usize| {
        (count == 0 || is_passed(&items[count - 1])) && items.get(count).is_none_or(|item| !is_passed(item))
    };
    let near = (guess..=items.len().min(guess + STEPS)).find(|count| is_count(*count));
    near.unwrap_or_else(|| items.partition_point(is_passed))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line and column by walking the text, as one would explain it.
    fn slow(text: &str, offset: usize) -> (u32, u32) {
        let (mut line, mut column) = (0, 0);
        for (at, c) in text.char_indices().take_while(|(at, _)| *at < offset) {
            let ends_line = match c {
                '\r' => !text[at + 1..].starts_with('\n'),
                '\n' | '\u{2028}' | '\u{2029}' => true,
                _ => false,
            };
            (line, column) = if ends_line { (line + 1, 0) } else { (line, column + c.len_utf16() as u32) };
        }
        (line, column)
    }

    #[test]
    fn agrees_with_a_walk_in_any_order() {
        let text = "a\nbé\r\nc😀d\re\u{2028}f\u{2029}ключ = '变量'; x\n\n😀😀y";
        let table = LineTable::new(text);
        assert_eq!(table.len(), 8);
        let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for order in [offsets.clone(), offsets.iter().rev().copied().collect()] {
            let mut cursor = table.cursor();
            for at in order {
                let (line, column) = slow(text, at);
                assert_eq!(cursor.line_column(at as u32), (line, column), "offset {at}");
                assert_eq!(table.offset(line, column), Some(at));
            }
        }
    }
}
