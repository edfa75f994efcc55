//! The built binary from outside: files in, files out, exit codes, messages.

// A test that cannot set itself up has failed.
#![allow(clippy::unwrap_used)]

mod closure;
mod errors;
mod extremes;
#[path = "../support/reports.rs"]
mod fixtures;
mod inputs;
mod outputs;
mod pages;
mod report;
mod signals;
mod source_maps;
mod tree;
mod verify;
