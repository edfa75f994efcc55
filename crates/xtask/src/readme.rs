//! The README's example is real output: what stands between its markers is what `pathlight demo` prints, and its
//! table of proofs holds the committed counters.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Failure, conformance, workspace};

const DEMO: [&str; 2] = ["<!-- demo -->\n```text\n", "```\n<!-- /demo -->"];
const PROOFS: [&str; 2] = ["<!-- proofs -->\n", "<!-- /proofs -->"];

pub(crate) fn check(pathlight: &Path) -> Result<(), Failure> {
    let (readme, wanted) = rendered(pathlight)?;
    if readme == wanted {
        Ok(())
    } else {
        Err("README.md does not show what `pathlight demo` prints and what the proofs count: run `cargo xtask bless`"
            .into())
    }
}

pub(crate) fn bless(pathlight: &Path) -> Result<(), Failure> {
    let (_, wanted) = rendered(pathlight)?;
    Ok(fs::write(workspace().join("README.md"), wanted)?)
}

/// The README as it is, and as it should be.
fn rendered(pathlight: &Path) -> Result<(String, String), Failure> {
    let readme = fs::read_to_string(workspace().join("README.md"))?;
    let output = Command::new(pathlight).arg("demo").output()?;
    if !output.status.success() {
        return Err(format!("`pathlight demo` failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let shown = String::from_utf8(output.stdout)?;
    // The first program is enough for a first look.
    let first = shown.find("shipping.js, instrumented").map_or(shown.as_str(), |end| &shown[..end]);
    let wanted = replace(&readme, DEMO, &format!("{}\n", first.trim_end()))?;
    let wanted = replace(&wanted, PROOFS, &conformance::table()?)?;
    Ok((readme, wanted))
}

/// The text with other content between two markers.
fn replace(text: &str, [begin, end]: [&str; 2], content: &str) -> Result<String, Failure> {
    let missing = || format!("README.md has no `{}`", begin.trim_end());
    let (head, rest) = text.split_once(begin).ok_or_else(missing)?;
    let (_, tail) = rest.split_once(end).ok_or_else(missing)?;
    Ok(format!("{head}{begin}{content}{end}{tail}"))
}
