//! SonarQube's generic test coverage.

use std::io::{self, Write};

use super::names::xml;
use super::{FormatOptions, branch_lines};
use crate::coverage::Coverage;

pub(super) fn write(coverage: &Coverage, _: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<coverage version=\"1\">")?;
    for file in coverage.sorted_files() {
        writeln!(out, "  <file path=\"{}\">", xml(&file.name))?;
        for (number, line) in branch_lines(file) {
            write!(out, "    <lineToCover lineNumber=\"{number}\" covered=\"{}\"", line.hits > 0)?;
            if line.branches.total > 0 {
                let branches = line.branches;
                write!(out, " branchesToCover=\"{}\" coveredBranches=\"{}\"", branches.total, branches.covered)?;
            }
            writeln!(out, "/>")?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</coverage>")
}
