//! `cargo xtask fuzz decode`: see the crate's documentation.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pathlight_fuzz::decode(bytes));
