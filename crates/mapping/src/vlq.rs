//! One integer to Base64 VLQ and back, as in source maps.
//!
//! Source: ECMA-426, "Base64 VLQ". The coding itself is the `vlq` crate's.

/// Appends `value` to `out`: the sign in the lowest bit, five bits a digit, low digits first.
#[inline]
pub fn push_vlq(out: &mut Vec<u8>, value: i64) {
    // Most numbers in mappings and source maps fit one digit; the crate writes digit by digit through `io::Write`.
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef";
    let folded = if value < 0 { (value.unsigned_abs() << 1) | 1 } else { (value as u64) << 1 };
    match DIGITS.get(folded as usize) {
        Some(&digit) => out.push(digit),
        // `i64::MIN` is the one number without a form; no position or id comes near it.
        None => vlq::encode(value.max(-i64::MAX), out).unwrap_or(()),
    }
}

/// Reads all numbers of `text`; `None` if it is not a whole sequence of VLQ numbers.
pub(crate) fn read_all(text: &str) -> Option<Vec<i64>> {
    let mut bytes = text.bytes().peekable();
    let mut numbers = Vec::with_capacity(12);
    while bytes.peek().is_some() {
        numbers.push(vlq::decode(&mut bytes).ok()?);
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_numbers_seen_in_closures_mappings() {
        for (value, text) in
            [(0, "A"), (1, "C"), (15, "e"), (16, "gB"), (31, "+B"), (32, "gC"), (512, "ggB"), (-1, "D")]
        {
            let mut out = Vec::new();
            push_vlq(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), text);
            assert_eq!(read_all(text), Some(vec![value]));
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["g", "C!", "é", "gggggggggggggggggggggggB"] {
            assert_eq!(read_all(text), None, "{text}");
        }
    }
}
