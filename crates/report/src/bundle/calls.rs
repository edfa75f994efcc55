//! Calls of `push` in the text of a bundle, found without a parser.

use std::ops::Range;

use memchr::memmem;

/// A call longer than this holds no probes.
const LONGEST_CALL: usize = 1 << 16;

/// One within [`DEEPEST`] others that is longer than this holds none that those do not hold: so no text is read more
/// often than that.
const LONGEST_DEEP_CALL: usize = 1 << 8;
const DEEPEST: usize = 16;

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
    // Where the calls end that are read at this place.
    let mut ends: Vec<usize> = Vec::new();
    memmem::find_iter(text, b"push").filter_map(move |at| {
        let open = opened(text, at + 4)?;
        ends.retain(|end| *end > at);
        let longest = if ends.len() < DEEPEST { LONGEST_CALL } else { LONGEST_DEEP_CALL };
        let rest = &text[open..text.len().min(open + longest)];
        let length = length_of_arguments(rest);
        ends.push(open + length.unwrap_or(rest.len()));
        let arguments = open..open + length?;
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

/// Where the arguments begin of the call whose `push` ends at `at`.
fn opened(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    let open = rest.iter().take(16).position(|byte| *byte == b'(')?;
    let is_plain = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b']' | b'?' | b'.');
    rest[..open].iter().all(is_plain).then_some(at + open + 1)
}

/// What stands before the parenthesis that closes the call.
fn length_of_arguments(rest: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0_u32, 0);
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            b'"' | b'\'' | b'`' => at += string_length(&rest[at..])? - 1,
            _ => {}
        }
        at += 1;
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
