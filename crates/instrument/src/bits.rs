//! A bit for each byte of a text: what the compiler compares many bytes at once for, and a loop over the bits that are
//! set then goes to the bytes that matter without a branch for each of the others.

/// Bytes of text for each mask.
pub(crate) const BITS: usize = u64::BITS as usize;

/// The bits that are numbered `from` and higher; none from [`BITS`] on.
pub(crate) fn from(from: usize) -> u64 {
    u64::MAX.checked_shl(from as u32).unwrap_or_default()
}

/// A bit for each of at most [`BITS`] bytes, the first byte's lowest. `is` is best a few comparisons and no branch.
#[inline]
pub(crate) fn mask(bytes: &[u8], is: impl Fn(u8) -> bool) -> u64 {
    let mut flags = [0; BITS];
    for (flag, byte) in flags.iter_mut().zip(bytes) {
        *flag = u8::from(is(*byte));
    }
    packed(&flags)
}

/// The lowest bits of bytes, the first byte's lowest.
#[inline]
pub(crate) fn packed(flags: &[u8; BITS]) -> u64 {
    /// Moves the lowest bit of the byte number n to bit number 56 + n, and no two bits to one place.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _) = flags.as_chunks::<8>();
    let gathered = eights.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56);
    gathered.enumerate().fold(0, |bits, (number, gathered)| bits | gathered << (8 * number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_its_bit() {
        let text: Vec<u8> = (0..=255).cycle().step_by(37).take(10 * BITS + 5).collect();
        for bytes in text.chunks(BITS) {
            let bits = mask(bytes, |byte| byte % 3 == 0);
            for (at, byte) in bytes.iter().enumerate() {
                assert_eq!(bits >> at & 1 == 1, byte % 3 == 0);
            }
            assert_eq!(bits & from(bytes.len()), 0);
        }
    }
}
