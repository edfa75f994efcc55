//! `cargo xtask fuzz instrument`: see the crate's documentation.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

/// Bytes before the program.
const HEAD: usize = 3;

fuzz_target!(|bytes: &[u8]| pathlight_fuzz::instrument(bytes));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    pathlight_fuzz::mutate_in_place(data, size, HEAD, max_size, seed, fuzzer_mutate)
});
