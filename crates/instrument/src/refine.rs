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
        let (mut to, mut from) = (to as usize, from as usize);
        let start = to;
        loop {
            to += blanks(generated.get(to..end).unwrap_or_default());
            from += blanks(source.get(from..).unwrap_or_default());
            let (Some(&byte), Some(other)) = (generated[..end].get(to), source.get(from)) else { break };
            if byte != *other && byte == b')' {
                // It closes what was made for a probe.
                to += 1;
                continue;
            }
            // Literals hold no such token, and what was made for a probe has no original.
            if byte != *other || (to == start && matches!(byte, b'0'..=b'9' | b'"' | b'\'' | b'`' | b'/')) {
                walk = Walk::default();
                break;
            }
            if walk.step(byte) && to > start {
                segment(to as u32, from as u32);
            }
            to += 1;
            from += 1;
        }
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
    /// Whether a token begins at this byte that an engine may give as a position.
    fn step(&mut self, byte: u8) -> bool {
        let last = std::mem::replace(&mut self.last, byte);
        let is_position = match byte {
            b'[' => true,
            b'.' => self.behind_call,
            b'(' => matches!(last, b')' | b']' | b'}'),
            _ => is_operator(byte) && !is_operator(last),
        };
        self.behind_call = match byte {
            b')' | b']' => true,
            b'.' | b'?' | b'_' | b'$' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | 128.. => self.behind_call,
            _ => false,
        };
        is_position
    }
}

fn is_operator(byte: u8) -> bool {
    matches!(byte, b'=' | b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'<' | b'>' | b'!' | b'?' | b'~')
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
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
