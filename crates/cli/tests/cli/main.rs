//! The built binary from outside: files in, files out, exit codes, messages.

mod closure;
mod errors;
mod extremes;
mod inputs;
mod outputs;
mod source_maps;
mod tree;
