//! Plain code: what the pass need not walk through.
//!
//! Most expressions are names, members and calls that hold no site and nothing else that the pass looks for. Their
//! text says so at a fraction of the cost of a walk through their nodes, which lie all over the memory.

use memchr::memmem;
use swc_core::common::Span;

use crate::bits::{self, BITS, packed};
use crate::parse::offset;

/// Where a text holds none of what every site in an expression is written with, nor what else the pass looks for in
/// one.
#[derive(Debug)]
pub(crate) struct PlainCode {
    /// A bit for each byte, set where code is not plain. It may be set in strings and comments, too.
    odd: Vec<u64>,
    /// No bit is set from the first of these offsets to below the second.
    plain: (usize, usize),
}

impl PlainCode {
    /// `text` is JavaScript. Uses of the name `array` are not plain.
    pub(crate) fn new(text: &str, array: &str) -> Self {
        let bytes = text.as_bytes();
        let mut odd = odd_bytes(bytes);
        for at in memmem::find_iter(bytes, array) {
            odd[at / BITS] |= 1 << (at % BITS);
        }
        Self { odd, plain: (0, 0) }
    }

    /// Whether all of an expression or a declaration is plain. Fast for spans in the order of the text.
    #[inline]
    pub(crate) fn covers(&mut self, span: Span) -> bool {
        if span.is_dummy() {
            return false;
        }
        let (start, end) = (offset(span.lo), offset(span.hi));
        if start < self.plain.0 || start >= self.plain.1 {
            self.plain = (start, self.first_odd(start));
        }
        end <= self.plain.1
    }

    /// The first byte from `start` on that is not plain.
    fn first_odd(&self, start: usize) -> usize {
        let mut at = start / BITS;
        let mut mask = bits::from(start % BITS);
        while let Some(bits) = self.odd.get(at) {
            if bits & mask != 0 {
                return at * BITS + (bits & mask).trailing_zeros() as usize;
            }
            mask = u64::MAX;
            at += 1;
        }
        usize::MAX
    }
}

/// Sets a bit for every byte that is not plain.
fn odd_bytes(text: &[u8]) -> Vec<u64> {
    let bits = |start: usize| match start.checked_sub(1).and_then(|before| text[before..].first_chunk()) {
        Some(around) => odd_bits(around),
        // Zeros stand before the text and behind it.
        None => {
            let mut around = [0; BITS + 2];
            let (first, end) = (start.saturating_sub(1), text.len().min(start + BITS + 1));
            around[first + 1 - start..][..end - first].copy_from_slice(&text[first..end]);
            odd_bits(&around)
        }
    };
    (0..text.len()).step_by(BITS).map(bits).collect()
}

/// `around`: the bytes, the one before and the one behind them.
#[inline]
fn odd_bits(around: &[u8; BITS + 2]) -> u64 {
    let mut flags = [0; BITS];
    // Comparisons and no branch: the compiler does many at once.
    for (at, flag) in flags.iter_mut().enumerate() {
        *flag = u8::from(is_odd(around[at], around[at + 1], around[at + 2]));
    }
    packed(&flags)
}

#[inline]
fn is_odd(before: u8, byte: u8, behind: u8) -> bool {
    // Functions but for arrows, classes, objects, substitutions, ternaries, logical and optional operators.
    (byte == b'{') | (byte == b'?') | (byte == b'&') | (byte == b'|')
        // Arrows.
        | (byte == b'=') & (behind == b'>')
        // `1 .a`
        | (byte == b'.') & (behind != b'.') & ((before <= b' ') | (before == b'/') | (before >= 0x80))
        // Escapes in names.
        | (byte == b'\\') & (behind == b'u')
        // `yield`, which strict mode code may not call a variable.
        | (byte == b'y') & (behind == b'i')
}

#[cfg(test)]
mod tests {
    use swc_core::common::BytePos;

    use super::*;
    use crate::parse::FIRST;

    fn odd(text: &str) -> Vec<usize> {
        let mut code = PlainCode::new(text, "ist_arr");
        let span = |at: usize| Span::new(BytePos(FIRST + at as u32), BytePos(FIRST + at as u32 + 1));
        (0..text.len()).filter(|at| !code.covers(span(*at))).collect()
    }

    #[test]
    fn what_is_not_plain_is_found_wherever_it_stands() {
        let cases = [
            ("a.b(c[1.5], ...d) + e ** f >= g", vec![]),
            ("a = b += c == d === e != f !== g <= h", vec![]),
            ("a => b", vec![2]),
            ("{?&|", vec![0, 1, 2, 3]),
            ("1 .a", vec![2]),
            ("\\n \\u0061", vec![3]),
            ("yields + ist_arr / try", vec![0, 9]),
        ];
        for (text, wanted) in cases {
            for blanks in 0..2 * BITS {
                let text = " ".repeat(blanks) + text;
                assert_eq!(odd(&text), wanted.iter().map(|at| at + blanks).collect::<Vec<_>>(), "{text}");
            }
        }
    }

    #[test]
    fn spans_may_come_in_any_order() {
        let text = format!("{}?{}", "a".repeat(300), "b".repeat(100));
        let mut code = PlainCode::new(&text, "ist_arr");
        for (start, end, is_plain) in [
            (0, 300, true),
            (0, 301, false),
            (301, 401, true),
            (300, 401, false),
            (5, 6, true),
            (299, 302, false),
            (400, 401, true),
            (0, 401, false),
        ] {
            let span = Span::new(BytePos(FIRST + start), BytePos(FIRST + end));
            assert_eq!(code.covers(span), is_plain, "{start}..{end}");
        }
        assert!(!code.covers(Span::default()), "nothing is known of what was made");
    }
}
