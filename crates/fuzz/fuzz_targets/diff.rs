//! `cargo xtask fuzz diff`: see the crate's documentation.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pathlight_fuzz::diff(bytes));
