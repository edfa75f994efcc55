//! JSON as lenient as Closure's reader (Gson) takes it, turned into strict JSON.
//!
//! ```text
//! {C:{frequency:1}, // note          {"C":{"frequency":1},
//!  'G':{'frequency':2}}        →     "G":{"frequency":2}}
//! ```

use super::scan::DEPTH;

/// A longer comment belongs to no report, nor does one with a line that begins with `{`, where a reader goes on behind
/// a bad report. Without these bounds, hostile text would be searched to its end for every line.
const LONGEST_COMMENT: usize = 4096;

/// The first value of `text` as strict JSON, and its length in `text`; `None` if it cannot be made such. What is
/// returned is yet to be checked.
pub(super) fn to_json(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut reader = Lenient { text, at: 0, json: Vec::new(), open: Vec::new(), is_value_done: false };
    loop {
        reader.skip_space_and_comments()?;
        reader.token()?;
        if reader.open.is_empty() {
            return Some((reader.json, reader.at));
        }
    }
}

struct Lenient<'a> {
    text: &'a [u8],
    at: usize,
    json: Vec<u8>,
    /// Closing brackets of what is open.
    open: Vec<u8>,
    /// A comma, a colon or a closing bracket must follow.
    is_value_done: bool,
}

impl Lenient<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_space_and_comments(&mut self) -> Option<()> {
        loop {
            let rest = &self.text[self.at..];
            let within = &rest[..rest.len().min(LONGEST_COMMENT)];
            self.at += match rest {
                [b' ' | b'\n' | b'\r' | b'\t', ..] => 1,
                [b'#', ..] | [b'/', b'/', ..] => match within.iter().position(|byte| *byte == b'\n') {
                    Some(length) => length,
                    None if within.len() == rest.len() => rest.len(),
                    None => return None,
                },
                [b'/', b'*', ..] => {
                    let comment = &within[..4 + within.get(2..)?.windows(2).position(|end| end == b"*/")?];
                    if comment.windows(2).any(|pair| pair == b"\n{") {
                        return None;
                    }
                    comment.len()
                }
                _ => return Some(()),
            };
        }
    }

    /// Copies one token, with its quotes mended. That tokens may follow one another is checked only as far as it
    /// keeps a broken report from reaching into the next one.
    fn token(&mut self) -> Option<()> {
        let byte = self.peek()?;
        let opens = matches!(byte, b'{' | b'[');
        let separates = matches!(byte, b',' | b':' | b'}' | b']');
        if self.is_value_done != separates && !(separates && matches!(byte, b'}' | b']')) {
            return None;
        }
        if opens {
            if self.open.len() > DEPTH as usize {
                return None;
            }
            self.open.push(byte + 2);
        } else if matches!(byte, b'}' | b']') {
            (self.open.pop()? == byte).then_some(())?;
            self.is_value_done = true;
        } else if separates {
            self.is_value_done = false;
        } else {
            self.is_value_done = true;
            return if matches!(byte, b'"' | b'\'') { self.string(byte) } else { self.word() };
        }
        self.json.push(byte);
        self.at += 1;
        Some(())
    }

    fn string(&mut self, quote: u8) -> Option<()> {
        self.json.push(b'"');
        loop {
            self.at += 1;
            match self.peek()? {
                byte if byte == quote => break,
                b'"' => self.json.extend_from_slice(b"\\\""),
                b'\\' => {
                    self.at += 1;
                    match self.peek()? {
                        b'\'' => self.json.push(b'\''),
                        escaped => self.json.extend_from_slice(&[b'\\', escaped]),
                    }
                }
                ..0x20 => return None,
                byte => self.json.push(byte),
            }
        }
        self.json.push(b'"');
        self.at += 1;
        Some(())
    }

    /// A word without quotes: a name, or a value that means the same in strict JSON.
    fn word(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.' | b'_' | b'$')) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        if word.is_empty() {
            return None;
        }
        self.skip_space_and_comments()?;
        if self.peek() == Some(b':') {
            self.json.push(b'"');
            self.json.extend_from_slice(word);
            self.json.push(b'"');
        } else {
            self.json.extend_from_slice(word);
        }
        Some(())
    }
}
