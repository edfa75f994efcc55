//! One integer to Base64 VLQ and back, as in source maps.
//!
//! Source: ECMA-426, "Base64 VLQ".

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Value of each digit by its byte, [`NO_DIGIT`] for all other bytes.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 64 {
        values[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    values
};
const NO_DIGIT: u8 = 255;

/// Appends `value` to `out`: the sign in the lowest bit, five bits a digit, low digits first.
///
/// Mappings and source maps are millions of small numbers; the `vlq` crate hands each digit to an `io::Write`,
/// which costs several times as much. A test holds the two together.
#[inline]
pub fn push_vlq(out: &mut Vec<u8>, value: i64) {
    let mut rest = (value.unsigned_abs() << 1) | u64::from(value < 0);
    loop {
        let digit = (rest & 31) as usize;
        rest >>= 5;
        if rest == 0 {
            out.push(DIGITS[digit]);
            return;
        }
        out.push(DIGITS[digit | 32]);
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

/// Reads `text` as exactly one number from 0, of at most 12 digits; the names in reports are millions of these.
#[inline]
pub(crate) fn single_vlq(text: &[u8]) -> Option<u64> {
    let (last, before) = text.split_last()?;
    if before.len() > 11 {
        return None;
    }
    let mut folded = 0;
    for (place, byte) in before.iter().enumerate() {
        let digit = VALUES[usize::from(*byte)];
        if digit & 32 == 0 || digit == NO_DIGIT {
            return None;
        }
        folded |= u64::from(digit & 31) << (5 * place);
    }
    let digit = VALUES[usize::from(*last)];
    if digit >= 32 {
        return None;
    }
    folded |= u64::from(digit) << (5 * before.len());
    (folded & 1 == 0).then_some(folded >> 1)
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
            assert_eq!(single_vlq(text.as_bytes()), u64::try_from(value).ok());
        }
    }

    #[test]
    fn writes_what_the_vlq_crate_writes() {
        let mut value = 1_i64;
        for at in 0..4000 {
            value = value.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(at) >> (at % 62);
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            push_vlq(&mut ours, value);
            vlq::encode(value, &mut theirs).unwrap();
            assert_eq!(ours, theirs, "{value}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["g", "C!", "é", "gggggggggggggggggggggggB"] {
            assert_eq!(read_all(text), None, "{text}");
            assert_eq!(single_vlq(text.as_bytes()), None, "{text}");
        }
    }
}
