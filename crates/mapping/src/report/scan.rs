//! JSON text by its tokens, as fast as bytes can be looked at: reports come by the million.

use std::borrow::Cow;

use super::error::{ReportError, ReportErrorKind};

/// As deep as `serde_json` goes.
pub(super) const DEPTH: u32 = 128;

pub(super) struct Scanner<'a> {
    text: &'a [u8],
    pub(super) at: usize,
}

type Result<T> = std::result::Result<T, ReportError>;

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8], at: usize) -> Self {
        Self { text, at }
    }

    pub(super) fn error<T>(&self, kind: ReportErrorKind) -> Result<T> {
        Err(ReportError { at: self.at, kind })
    }

    /// Something else than `what` stands here, or nothing.
    pub(super) fn expected<T>(&self, what: &'static str) -> Result<T> {
        self.error(if self.at < self.text.len() { ReportErrorKind::Expected(what) } else { ReportErrorKind::CutShort })
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline]
    pub(super) fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes `byte` if it is next, after white space.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        if self.peek() != Some(byte) {
            self.skip_space();
            if self.peek() != Some(byte) {
                return false;
            }
        }
        self.at += 1;
        true
    }

    /// Takes these very bytes if they are next.
    #[inline]
    pub(super) fn take_all(&mut self, bytes: &[u8]) -> bool {
        let is_next = self.text.get(self.at..self.at + bytes.len()) == Some(bytes);
        if is_next {
            self.at += bytes.len();
        }
        is_next
    }

    /// Whether an object has another member: calls from its `{` on, with `is_first` for the first one. Takes the
    /// member's name, the colon and the white space around.
    #[inline]
    pub(super) fn next_member(&mut self, is_first: bool) -> Result<Option<Cow<'a, [u8]>>> {
        if self.take(b'}') {
            return Ok(None);
        }
        if !is_first && !self.take(b',') {
            return self.expected("`,` or `}`");
        }
        if !self.take(b'"') {
            return self.expected("a name in double quotes");
        }
        let name = self.string_after_quote()?;
        if !self.take(b':') {
            return self.expected("`:`");
        }
        self.skip_space();
        Ok(Some(name))
    }

    /// The content of a string whose first quote was taken.
    #[inline]
    pub(super) fn string_after_quote(&mut self) -> Result<Cow<'a, [u8]>> {
        let start = self.at;
        let mut bits = 0;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => return self.string_with_escapes(start),
                Some(byte @ 0x20..) => bits |= byte,
                Some(_) => return self.error(ReportErrorKind::BadString),
                None => return self.error(ReportErrorKind::CutShort),
            }
            self.at += 1;
        }
        let content = &self.text[start..self.at];
        if bits >= 0x80 && std::str::from_utf8(content).is_err() {
            return self.error(ReportErrorKind::BadString);
        }
        self.at += 1;
        Ok(Cow::Borrowed(content))
    }

    #[cold]
    fn string_with_escapes(&mut self, start: usize) -> Result<Cow<'a, [u8]>> {
        let mut is_escaped = false;
        loop {
            match self.peek() {
                Some(_) if is_escaped => is_escaped = false,
                Some(b'\\') => is_escaped = true,
                Some(b'"') => break,
                Some(_) => {}
                None => return self.error(ReportErrorKind::CutShort),
            }
            self.at += 1;
        }
        self.at += 1;
        match serde_json::from_slice::<String>(&self.text[start - 1..self.at]) {
            Ok(content) => Ok(Cow::Owned(content.into_bytes())),
            Err(_) => {
                self.at = start;
                self.error(ReportErrorKind::BadString)
            }
        }
    }

    /// A whole number from 0.
    #[inline]
    pub(super) fn whole_number(&mut self) -> Result<u64> {
        let start = self.at;
        let mut number: u64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            // 19 digits always fit.
            if self.at - start == 19 {
                return self.any_number(start);
            }
            number = number * 10 + u64::from(digit - b'0');
            self.at += 1;
        }
        let is_plain = self.at > start
            && !matches!(self.peek(), Some(b'.' | b'e' | b'E'))
            && (self.text[start] != b'0' || self.at == start + 1);
        if is_plain { Ok(number) } else { self.any_number(start) }
    }

    /// A number in any of JSON's spellings; how it is read is `serde_json`'s business.
    #[cold]
    fn any_number(&mut self, start: usize) -> Result<u64> {
        self.at = start;
        while let Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E') = self.peek() {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        let is_cut_short = self.at == self.text.len();
        let Ok(number) = serde_json::from_slice::<serde_json::Number>(text) else {
            if !is_cut_short {
                self.at = start;
            }
            return self.expected("a number");
        };
        let kind = match (number.as_u64(), number.as_f64()) {
            (Some(number), _) => return Ok(number),
            (_, Some(number)) if number < 0.0 => ReportErrorKind::NegativeCount,
            (_, Some(number)) if number.fract() != 0.0 => ReportErrorKind::FractionalCount,
            // Up to here every whole number has a double of its own.
            (_, Some(number)) if number <= 9_007_199_254_740_992.0 => return Ok(number as u64),
            _ => ReportErrorKind::CountTooLarge,
        };
        self.at = start;
        self.error(kind)
    }

    /// Passes over any value, checking it.
    pub(super) fn skip_value(&mut self, depth: u32) -> Result<()> {
        if depth > DEPTH {
            return self.error(ReportErrorKind::TooDeep);
        }
        self.skip_space();
        match self.peek() {
            Some(b'{') => {
                self.at += 1;
                let mut is_first = true;
                while self.next_member(is_first)?.is_some() {
                    self.skip_value(depth + 1)?;
                    is_first = false;
                }
                Ok(())
            }
            Some(b'[') => {
                self.at += 1;
                if self.take(b']') {
                    return Ok(());
                }
                loop {
                    self.skip_value(depth + 1)?;
                    if self.take(b']') {
                        return Ok(());
                    }
                    if !self.take(b',') {
                        return self.expected("`,` or `]`");
                    }
                }
            }
            Some(b'"') => {
                self.at += 1;
                self.string_after_quote().map(drop)
            }
            Some(b'-' | b'0'..=b'9') => match self.whole_number() {
                // As a value that nobody reads, any number is as good.
                Err(ReportError {
                    kind:
                        ReportErrorKind::NegativeCount | ReportErrorKind::FractionalCount | ReportErrorKind::CountTooLarge,
                    ..
                }) => {
                    while let Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E') = self.peek() {
                        self.at += 1;
                    }
                    Ok(())
                }
                other => other.map(drop),
            },
            _ if [&b"null"[..], b"true", b"false"].iter().any(|word| self.take_all(word)) => Ok(()),
            _ => self.expected("a value"),
        }
    }
}
