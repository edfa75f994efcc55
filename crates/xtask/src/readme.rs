//! The README's example is real output: what stands between its markers is what `pathlight demo` prints.

use std::fs;
use std::process::Command;

use crate::{Failure, workspace};

const BEGIN: &str = "<!-- demo -->\n```text\n";
const END: &str = "```\n<!-- /demo -->";

pub(crate) fn check() -> Result<(), Failure> {
    let (readme, wanted) = rendered()?;
    if readme == wanted {
        Ok(())
    } else {
        Err("README.md does not show what `pathlight demo` prints: run `cargo xtask bless`".into())
    }
}

pub(crate) fn bless() -> Result<(), Failure> {
    let (_, wanted) = rendered()?;
    Ok(fs::write(workspace().join("README.md"), wanted)?)
}

/// The README as it is, and as it should be.
fn rendered() -> Result<(String, String), Failure> {
    let readme = fs::read_to_string(workspace().join("README.md"))?;
    let (head, rest) = readme.split_once(BEGIN).ok_or("README.md has no place for the demo's output")?;
    let (_, tail) = rest.split_once(END).ok_or("README.md does not end the demo's output")?;
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--package", "pathlight", "--", "demo"])
        .current_dir(workspace())
        .output()?;
    if !output.status.success() {
        return Err(format!("`pathlight demo` failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let shown = String::from_utf8(output.stdout)?;
    // The first program is enough for a first look.
    let first = shown.find("shipping.js, instrumented").map_or(shown.as_str(), |end| &shown[..end]);
    let wanted = format!("{head}{BEGIN}{}\n{END}{tail}", first.trim_end());
    Ok((readme, wanted))
}
