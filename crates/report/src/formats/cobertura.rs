//! Cobertura's XML, DTD coverage-04, which GitLab, Azure and Jenkins read.
//!
//! A package is a folder, a class a file. There is no clock in it: the same reports give the same bytes.

use std::io::{self, Write};

use super::names::{Names, xml};
use super::{BranchLine, FormatOptions, branch_lines, live_functions};
use crate::coverage::{Coverage, FileCoverage};
use crate::summary::{Summary, Tally};

const HEADER: &str = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!DOCTYPE coverage SYSTEM \"http://cobertura.sourceforge.net/xml/coverage-04.dtd\">";

pub(super) fn write(coverage: &Coverage, _: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    let all = coverage.summary();
    writeln!(out, "{HEADER}")?;
    writeln!(
        out,
        "<coverage {} lines-covered=\"{}\" lines-valid=\"{}\" branches-covered=\"{}\" branches-valid=\"{}\" \
         complexity=\"0\" version=\"0.1\" timestamp=\"0\">",
        rates(&all),
        all.lines.covered,
        all.lines.total,
        all.branches.covered,
        all.branches.total
    )?;
    writeln!(out, "  <sources>\n    <source>.</source>\n  </sources>\n  <packages>")?;
    let mut files = coverage.sorted_files();
    files.sort_by_key(|file| folder(file));
    for package in files.chunk_by(|a, b| folder(a) == folder(b)) {
        let sum = package.iter().map(|file| file.summary()).sum();
        let name = xml(&folder(package[0]).replace('/', "."));
        writeln!(out, "    <package name=\"{name}\" {} complexity=\"0\">\n      <classes>", rates(&sum))?;
        package.iter().try_for_each(|file| write_class(file, out))?;
        writeln!(out, "      </classes>\n    </package>")?;
    }
    writeln!(out, "  </packages>\n</coverage>")
}

fn folder(file: &FileCoverage) -> &str {
    file.name.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

fn write_class(file: &FileCoverage, out: &mut dyn Write) -> io::Result<()> {
    let name = file.name.rsplit_once('/').map_or(file.name.as_str(), |(_, name)| name);
    let (name, path, rates) = (xml(name), xml(&file.name), rates(&file.summary()));
    writeln!(out, "        <class name=\"{name}\" filename=\"{path}\" {rates} complexity=\"0\">\n          <methods>")?;
    let functions = live_functions(file);
    let names = Names::of(&functions);
    for point in functions {
        let (line, hits) = (point.at.line, point.hits);
        let rate = u8::from(hits > 0);
        let name = xml(&names.of_point(point));
        let rates = format!("line-rate=\"{rate}\" branch-rate=\"1\" complexity=\"0\"");
        writeln!(out, "            <method name=\"{name}\" signature=\"()\" {rates}>")?;
        writeln!(out, "              <lines><line number=\"{line}\" hits=\"{hits}\"/></lines>\n            </method>")?;
    }
    writeln!(out, "          </methods>\n          <lines>")?;
    for (number, line) in branch_lines(file) {
        writeln!(out, "            <line number=\"{number}\" hits=\"{}\" {}/>", line.hits, branch(&line))?;
    }
    writeln!(out, "          </lines>\n        </class>")
}

fn branch(line: &BranchLine) -> String {
    let Tally { covered, total, .. } = line.branches;
    match (covered * 100).checked_div(total) {
        None => "branch=\"false\"".to_owned(),
        Some(percent) => format!("branch=\"true\" condition-coverage=\"{percent}% ({covered}/{total})\""),
    }
}

fn rates(summary: &Summary) -> String {
    let rate = |tally: &Tally| tally.percent() / 100.0;
    format!("line-rate=\"{:.4}\" branch-rate=\"{:.4}\"", rate(&summary.lines), rate(&summary.branches))
}
