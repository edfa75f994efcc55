//! Finer segments than the emitter gives.
//!
//! An engine says where an error came from by the position of a token: that of `=` for a setter, of `+` for an
//! operand, of `.` or `[` behind a call, of `(` where the result of a call is called. swc's emitter marks where
//! nodes begin and end, and these tokens are no nodes; a stack would point some columns beside the original.

/// Calls `segment` with (offset in `generated`, offset in `source`) for each of `segments`, and for each of those
/// tokens that stands in both texts behind the same text.
pub(crate) fn refine(generated: &str, source: &str, segments: &[(u32, u32)], mut segment: impl FnMut(u32, u32)) {
    let (generated, source) = (generated.as_bytes(), source.as_bytes());
    let mut walk = Walk::default();
    for (at, &(to, from)) in segments.iter().enumerate() {
        segment(to, from);
        // A comment that names the input's map was taken off the end, behind which segments may stand.
        let end = segments.get(at + 1).map_or(generated.len(), |next| generated.len().min(next.0 as usize));
        let gap = generated.get(to as usize..end).unwrap_or_default();
        let original = source.get(from as usize..).unwrap_or_default();
        walk.pass(gap, original, |passed, other| segment(to + passed as u32, from + other as u32));
    }
}

/// What stood before.
#[derive(Default)]
struct Walk {
    last: u8,
    /// In a chain of members behind a call.
    behind_call: bool,
}

impl Walk {
    /// Goes through the text from one segment to the next, as long as it is that of `source`; `token` gets the
    /// offsets in both.
    #[inline]
    fn pass(&mut self, text: &[u8], source: &[u8], mut token: impl FnMut(usize, usize)) {
        if text.first().is_some_and(|first| is(LITERAL, *first)) {
            // Literals hold no such token.
            *self = Self::default();
            return;
        }
        let same = self.pass_same(text, source, &mut token);
        if same < text.len() {
            self.pass_other(text, source, same, token);
        }
    }

    /// Goes as far as both are the same byte by byte, as nearly all is; returns how far.
    #[inline]
    fn pass_same(&mut self, text: &[u8], source: &[u8], token: &mut impl FnMut(usize, usize)) -> usize {
        for (at, (&byte, &other)) in text.iter().zip(source).enumerate() {
            if byte != other {
                return at;
            }
            if is(WORD, byte) {
                self.last = byte;
            } else if !is(BLANK, byte) && self.step(byte) && at > 0 {
                token(at, at);
            }
        }
        text.len().min(source.len())
    }

    /// Goes on where the texts begin to differ, at `same` in both: in blanks, or in what was made for a probe.
    fn pass_other(&mut self, text: &[u8], source: &[u8], same: usize, mut token: impl FnMut(usize, usize)) {
        let (mut to, mut from) = (same, same);
        while let Some(&byte) = text.get(to) {
            if is(BLANK, byte) {
                to += 1;
                continue;
            }
            let Some(&other) = source.get(from) else { return };
            if byte == other {
                if is(WORD, byte) {
                    self.last = byte;
                } else if self.step(byte) && to > 0 {
                    token(to, from);
                }
                to += 1;
                from += 1;
            } else if is(BLANK, other) {
                from += 1;
            } else if byte == b')' {
                // It closes what was made for a probe.
                to += 1;
            } else {
                // What was made for a probe has no original.
                *self = Self::default();
                return;
            }
        }
    }

    /// Whether a token begins at this byte, of no word, that an engine may give as a position.
    fn step(&mut self, byte: u8) -> bool {
        let last = std::mem::replace(&mut self.last, byte);
        let is_position = match byte {
            b'[' => true,
            b'.' => self.behind_call,
            b'(' => matches!(last, b')' | b']' | b'}'),
            _ => is(OPERATOR, byte) && !is(OPERATOR, last),
        };
        self.behind_call = match byte {
            b')' | b']' => true,
            b'.' | b'?' => self.behind_call,
            _ => false,
        };
        is_position
    }
}

const BLANK: u8 = 1;
const WORD: u8 = 2;
const OPERATOR: u8 = 4;
/// Where a number, string, template or regular expression begins.
const LITERAL: u8 = 8;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        if byte.is_ascii_whitespace() {
            classes[at] |= BLANK;
        }
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 128..) {
            classes[at] |= WORD;
        }
        if matches!(
            byte,
            b'=' | b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'<' | b'>' | b'!' | b'?' | b'~'
        ) {
            classes[at] |= OPERATOR;
        }
        if matches!(byte, b'0'..=b'9' | b'"' | b'\'' | b'`' | b'/') {
            classes[at] |= LITERAL;
        }
        at += 1;
    }
    classes
};

fn is(class: u8, byte: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

#[cfg(test)]
mod tests {
    use super::refine;

    /// The source with `▸` before each token found.
    fn marked(generated: &str, source: &str, segments: &[(u32, u32)]) -> String {
        let mut found = Vec::new();
        refine(generated, source, segments, |to, from| {
            if !segments.contains(&(to, from)) {
                assert_eq!(generated.as_bytes()[to as usize], source.as_bytes()[from as usize]);
                found.push(from as usize);
            }
        });
        let mut text = source.to_owned();
        found.into_iter().rev().for_each(|at| text.insert(at, '▸'));
        text
    }

    #[test]
    fn tokens_that_engines_report_are_found() {
        for (source, wanted) in [
            ("a.b=c", "a.b▸=c"),
            ("a . b  +=  c", "a . b  ▸+=  c"),
            ("a().b.c(d)(e)[f]", "a()▸.b▸.c(d)▸(e)▸[f]"),
            ("a.b.c", "a.b.c"),
            ("\"a = b\".c", "\"a = b\".c"),
            ("a ?? b && c", "a ▸?? b ▸&& c"),
        ] {
            let generated = source.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(marked(&generated, source, &[(0, 0)]), wanted);
        }
    }

    #[test]
    fn probes_have_no_original() {
        let generated = "a && (ist_arr.push(\"C\"), b = c)";
        let segments = [(0, 0), (24 + 1, 5)];
        assert_eq!(&generated[25..26], "b");
        assert_eq!(marked(generated, "a && b = c", &segments), "a ▸&& b ▸= c");
    }
}
