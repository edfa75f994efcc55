//! `cargo xtask`: builds the developer's commands as a part of the whole workspace and runs them.
//!
//! `cargo run --package xtask` would build them with the features that this one package asks for, and swc with all
//! that it needs once more for the product and the tests. This package needs nothing, so it is there at once.

// It talks to a person.
#![allow(clippy::print_stderr)]

use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};

fn main() -> ExitCode {
    match run() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How cargo ended or, once it is built, the command.
fn run() -> std::io::Result<ExitStatus> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let build = ["build", "--release", "--workspace", "--bin", "xtask"];
    let built = Command::new(cargo).args(build).current_dir(workspace).status()?;
    if !built.success() {
        return Ok(built);
    }
    // In the target folder beside this program's profile.
    let program = std::env::current_exe()?.with_file_name("../release/xtask");
    Command::new(program).args(std::env::args_os().skip(1)).status()
}
