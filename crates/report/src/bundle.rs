//! Which probes are left in what was shipped: the others were dropped by the minifier or by tree shaking.
//!
//! ```text
//! ist_arr.push("C")          r["push"]('E'), f()          t.push(a ? "G" : "I")
//! ```
//!
//! Minifiers change quotes, put several probes into one call, and write `1e3` for 1000; so everything within the
//! parentheses of a `push` counts. To take a probe for shipped that is not hides a removal; the reverse would call
//! code removed that was not. Where in doubt it is shipped: with VLQ ids any receiver is taken for the array.

use std::collections::HashSet;

use memchr::memmem;
use pathlight_mapping::{IdForm, ProbeId};

/// A call longer than this holds no probes.
const LONGEST_CALL: usize = 1 << 16;

/// A call within [`DEEPEST`] others is that of a probe itself, or it holds no probes that those do not hold. So no
/// text is read more often than that.
const LONGEST_DEEP_CALL: usize = 1 << 8;
const DEEPEST: usize = 16;

/// The ids that one build's bundles hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shipped {
    of_array: HashSet<ProbeId>,
    of_others: HashSet<ProbeId>,
}

impl Shipped {
    /// Adds the ids in the text of a bundle. `array` and `form` are those of the build, as far as they are known.
    pub fn add(&mut self, text: &[u8], array: Option<&str>, form: Option<IdForm>) {
        // Where the calls that are read at this place end.
        let mut ends: Vec<usize> = Vec::new();
        for at in memmem::find_iter(text, b"push") {
            ends.retain(|end| *end > at);
            let longest = if ends.len() < DEEPEST { LONGEST_CALL } else { LONGEST_DEEP_CALL };
            let call = &text[at + 4..text.len().min(at + longest)];
            let Some(open) = opened(call) else { continue };
            let arguments = arguments_of(&call[open..]);
            ends.push(at + 4 + arguments.map_or(call.len(), |arguments| open + arguments.len()));
            let Some(arguments) = arguments else { continue };
            let is_array = array.is_some_and(|array| receiver_is(&text[..at], array.as_bytes()));
            let ids = if is_array { &mut self.of_array } else { &mut self.of_others };
            add_literals(arguments, form, ids);
        }
    }

    /// Whether a bundle holds the probe. Other arrays get numbers pushed too; so of numbers only those count that go
    /// to the array, if it occurs under its name at all.
    pub fn contains(&self, id: ProbeId, form: Option<IdForm>) -> bool {
        let counts_others = form != Some(IdForm::Number) || self.of_array.is_empty();
        self.of_array.contains(&id) || (counts_others && self.of_others.contains(&id))
    }

    /// Whether no probe was found at all.
    pub fn is_empty(&self) -> bool {
        self.of_array.is_empty() && self.of_others.is_empty()
    }
}

/// Whether `before`, which ends with the `.` or `["` in front of `push`, ends with the array's name.
fn receiver_is(before: &[u8], array: &[u8]) -> bool {
    let end = before.iter().rposition(|byte| !matches!(byte, b'.' | b'?' | b'[' | b'"' | b'\'' | b'`'));
    let before = &before[..end.map_or(0, |last| last + 1)];
    before.strip_suffix(array).is_some_and(|rest| !rest.last().copied().is_some_and(is_word))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// Where the arguments of the call begin whose `push` stands before `rest`.
fn opened(rest: &[u8]) -> Option<usize> {
    let open = rest.iter().take(16).position(|byte| *byte == b'(')?;
    let is_plain = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b']' | b'?' | b'.');
    rest[..open].iter().all(is_plain).then_some(open + 1)
}

/// What stands before the parenthesis that closes the call.
fn arguments_of(rest: &[u8]) -> Option<&[u8]> {
    let (mut depth, mut at) = (0_u32, 0);
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(&rest[..at]),
            b')' => depth -= 1,
            b'"' | b'\'' | b'`' => at += string_length(&rest[at..])? - 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Length of the string that `rest` begins with, both quotes included.
fn string_length(rest: &[u8]) -> Option<usize> {
    let mut at = 1;
    while rest.get(at)? != &rest[0] {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    Some(at + 1)
}

fn add_literals(arguments: &[u8], form: Option<IdForm>, ids: &mut HashSet<ProbeId>) {
    let mut at = 0;
    while let Some(&byte) = arguments.get(at) {
        let rest = &arguments[at..];
        let length = match byte {
            b'"' | b'\'' | b'`' => {
                let Some(length) = string_length(rest) else { return };
                if form != Some(IdForm::Number) {
                    ids.extend(ProbeId::from_spelling(&rest[1..length - 1]));
                }
                length
            }
            _ if is_word(byte) => {
                let length = rest.iter().position(|byte| !is_word(*byte) && *byte != b'.').unwrap_or(rest.len());
                if form != Some(IdForm::Vlq) && byte.is_ascii_digit() {
                    ids.extend(number(&rest[..length]).and_then(ProbeId::new));
                }
                length
            }
            _ => 1,
        };
        at += length;
    }
}

/// A numeric literal in any of the ways that minifiers write whole numbers.
fn number(text: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(text).ok()?.replace('_', "").to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return u32::from_str_radix(digits, radix).ok();
        }
    }
    let number: f64 = text.parse().ok()?;
    (number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number)).then_some(number as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, array: Option<&str>, form: Option<IdForm>) -> Vec<u32> {
        let mut shipped = Shipped::default();
        shipped.add(text.as_bytes(), array, form);
        let holds = |number: &u32| ProbeId::new(*number).is_some_and(|id| shipped.contains(id, form));
        (1..3000).filter(holds).collect()
    }

    /// No word of a text may be followed to the text's end.
    #[test]
    fn words_without_a_call_end_soon() {
        assert!(found(&"push,".repeat(1_000_000), None, None).is_empty());
    }

    /// No call in calls may be read as often as there are calls around it.
    #[test]
    fn deep_calls_are_read_a_few_times() {
        let deep = |depth: usize, array: &str| {
            let text = format!("{}{array}.push(1){}", "x.push(".repeat(depth), ")".repeat(depth));
            found(&text, Some("ist_arr"), Some(IdForm::Number))
        };
        assert_eq!(deep(100_000, "ist_arr"), [1]);
        assert_eq!(deep(DEEPEST, "x"), [1]);
        assert!(found(&"push(".repeat(100_000), None, None).is_empty());
    }

    #[test]
    fn what_minifiers_make_of_a_probe() {
        let vlq = Some(IdForm::Vlq);
        for text in [
            "ist_arr.push(\"C\")",
            "a.push('C')",
            "globalThis.ist_arr.push(`C`)",
            "x=(r.push(\"C\"),y)",
            "t.push ( /* one */ 'C' )",
            "r[\"push\"]('C')",
            "r?.push?.('C')",
            "r.push(g(')')?\"C\":z)",
        ] {
            assert_eq!(found(text, Some("ist_arr"), vlq), [1], "{text}");
        }
        assert_eq!(found("a.push(b?'C':'E'),a.push('gB')", None, vlq), [1, 2, 16]);
        for text in
            ["push='C'", "a.pushed('C')", "f('C')", "a.push(C)", "a.push('CC')", "'push', x, ('C')", "a.push('C'"]
        {
            assert!(found(text, Some("ist_arr"), vlq).is_empty(), "{text}");
        }
    }

    #[test]
    fn numbers_in_every_spelling() {
        let form = Some(IdForm::Number);
        assert_eq!(found("a.push(1),a.push(1e3),a.push(0x10),a.push(2_0)", None, form), [1, 16, 20, 1000]);
        // The array is known by its name here, so what others get pushed says nothing.
        assert_eq!(found("ist_arr.push(1);x.push(2);my_ist_arr.push(3)", Some("ist_arr"), form), [1]);
        assert_eq!(found("x.push(2)", Some("ist_arr"), form), [2]);
    }
}
