//! What was shipped: which probes are left in the bundles, and how many bytes of them each module has.
//!
//! ```text
//! ist_arr.push("C")          r["push"]('E'), f()          t.push(a ? "G" : "I")
//! ```
//!
//! Probes that are left in no bundle were dropped by the minifier or by tree shaking. Minifiers change quotes, put
//! several probes into one call, and write `1e3` for 1000; so everything within the parentheses of a `push` counts. To
//! take a probe for shipped that is not hides a removal; the reverse would call code removed that was not. Where in
//! doubt it is shipped: with VLQ ids any receiver is taken for the array.
//!
//! Bytes are what the bundle's source map says ([`bytes`]): without one there is no figure.

pub mod bytes;
mod calls;
pub mod module_map;
pub mod modules;

use std::collections::HashSet;
use std::ops::Range;

use pathlight_mapping::{IdForm, ProbeId};

use calls::{calls, is_word, string_length};

/// The ids that one build's bundles hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shipped {
    of_array: HashSet<ProbeId>,
    of_others: HashSet<ProbeId>,
}

impl Shipped {
    /// Adds the ids in the text of a bundle. `array` and `form` are those of the build, as far as they are known.
    pub fn add(&mut self, text: &[u8], array: Option<&str>, form: Option<IdForm>) {
        for call in calls(text, array) {
            let ids = if call.is_of_array { &mut self.of_array } else { &mut self.of_others };
            add_literals(call.arguments, form, ids);
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

/// Where the probes stand in the text of a bundle, in bytes, rising: calls that hold one id and nothing else, with the
/// comma or semicolon behind them. If the array occurs under its name, what others get pushed is no probe.
pub(crate) fn probes_in(
    text: &[u8],
    array: Option<&str>,
    form: Option<IdForm>,
    is_known: impl Fn(ProbeId) -> bool,
) -> Vec<Range<usize>> {
    let mut of_array = Vec::new();
    let mut of_others = Vec::new();
    let mut end = 0;
    for call in calls(text, array) {
        let is_probe = only_literal(call.arguments, form).is_some_and(&is_known) && call.range.start >= end;
        if is_probe {
            end = call.range.end + usize::from(matches!(text.get(call.range.end), Some(b',' | b';')));
            let ranges = if call.is_of_array { &mut of_array } else { &mut of_others };
            ranges.push(call.range.start..end);
        }
    }
    if of_array.is_empty() { of_others } else { of_array }
}

/// The id, if there is no more than that.
fn only_literal(arguments: &[u8], form: Option<IdForm>) -> Option<ProbeId> {
    let arguments = arguments.trim_ascii();
    let is_one = match arguments.first()? {
        b'"' | b'\'' | b'`' => string_length(arguments) == Some(arguments.len()),
        _ => arguments.iter().all(|byte| is_word(*byte)),
    };
    let mut ids = HashSet::new();
    add_literals(arguments, form, &mut ids);
    ids.into_iter().next().filter(|_| is_one)
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
        assert_eq!(deep(100_000, "x"), [1]);
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
    fn a_probe_ends_with_what_parts_it_from_the_next() {
        let text = "x(a.push('C'),b),globalThis.ist_arr.push(\"E\");c?t.push(d?'C':'E'):o.push('G')";
        let shown = |array: &str, ids: &[u32]| {
            let ranges = probes_in(text.as_bytes(), Some(array), Some(IdForm::Vlq), |id| ids.contains(&id.get()));
            ranges.into_iter().map(|range| &text[range]).collect::<Vec<_>>()
        };
        assert_eq!(shown("ist_arr", &[1, 2]), ["globalThis.ist_arr.push(\"E\");"]);
        assert_eq!(shown("renamed", &[1, 2]), ["a.push('C'),", "globalThis.ist_arr.push(\"E\");"]);
        assert_eq!(shown("renamed", &[3]), ["o.push('G')"]);
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
