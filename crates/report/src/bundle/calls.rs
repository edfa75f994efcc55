//! Calls of `push` in the text of a bundle, found without a parser.

use std::ops::Range;

use memchr::memmem;

/// A call longer than this holds no probes.
const LONGEST_CALL: usize = 1 << 16;

/// One call.
pub(super) struct Call<'a> {
    /// Whether what is pushed to ends with the array's name.
    pub(super) is_of_array: bool,
    /// What stands in the parentheses.
    pub(super) arguments: &'a [u8],
    /// From what is pushed to until the closing parenthesis, in bytes of the text.
    pub(super) range: Range<usize>,
}

/// Every call in order of the text.
pub(super) fn calls<'a>(text: &'a [u8], array: Option<&'a str>) -> impl Iterator<Item = Call<'a>> {
    memmem::find_iter(text, b"push").filter_map(move |at| {
        let arguments = arguments_of(text, at + 4)?;
        let receiver = receiver_of(&text[..at]);
        let is_of_array = array.is_some_and(|array| ends_with_name(&text[receiver.clone()], array.as_bytes()));
        let start = if receiver.is_empty() { at } else { receiver.start };
        Some(Call { is_of_array, range: start..arguments.end + 1, arguments: &text[arguments] })
    })
}

/// Names and dots in front of the `.` or `["` that `before` ends with.
fn receiver_of(before: &[u8]) -> Range<usize> {
    let is_access = |byte: &u8| matches!(byte, b'.' | b'?' | b'[' | b'"' | b'\'' | b'`');
    let end = before.iter().rposition(|byte| !is_access(byte)).map_or(0, |last| last + 1);
    let start = before[..end].iter().rposition(|byte| !is_word(*byte) && *byte != b'.');
    start.map_or(0, |before| before + 1)..end
}

fn ends_with_name(receiver: &[u8], name: &[u8]) -> bool {
    receiver.strip_suffix(name).is_some_and(|rest| !rest.last().copied().is_some_and(is_word))
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// What stands in the parentheses of the call whose `push` ends at `at`.
fn arguments_of(text: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    let open = rest.iter().take(16).position(|byte| *byte == b'(')?;
    let is_plain = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b']' | b'?' | b'.');
    if !rest[..open].iter().all(is_plain) {
        return None;
    }
    let rest = &rest[..rest.len().min(open + 1 + LONGEST_CALL)];
    let (mut depth, mut end) = (0_u32, open + 1);
    while let Some(&byte) = rest.get(end) {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at + open + 1..at + end),
            b')' => depth -= 1,
            b'"' | b'\'' | b'`' => end += string_length(&rest[end..])? - 1,
            _ => {}
        }
        end += 1;
    }
    None
}

/// Length of the string that `rest` begins with, both quotes included.
pub(super) fn string_length(rest: &[u8]) -> Option<usize> {
    let mut at = 1;
    while rest.get(at)? != &rest[0] {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    Some(at + 1)
}
