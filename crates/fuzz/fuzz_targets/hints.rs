//! `cargo xtask fuzz hints`: see the crate's documentation.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

/// Bytes before the program.
const HEAD: usize = 1;

fuzz_target!(|bytes: &[u8]| pathlight_fuzz::hints(bytes));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    // Bytes know what tokens do not: escapes, odd characters, what is cut off.
    if seed.is_multiple_of(8) {
        return fuzzer_mutate(data, size, max_size);
    }
    let mutant = pathlight_fuzz::mutate(&data[..size], HEAD, max_size, seed);
    data[..mutant.len()].copy_from_slice(&mutant);
    mutant.len()
});
