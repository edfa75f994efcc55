//! Codecov's own JSON: hits of each line, or `"1/2"` where only some of its branches ran.

use std::io::{self, Write};

use indexmap::IndexMap;
use serde::Serialize;

use super::{FormatOptions, branch_lines};
use crate::coverage::Coverage;

#[derive(Serialize)]
struct Report<'a> {
    coverage: IndexMap<&'a str, IndexMap<u32, Line>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Line {
    Hits(u64),
    Partial(String),
}

pub(super) fn write(coverage: &Coverage, _: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    let lines = |file| {
        branch_lines(file)
            .into_iter()
            .map(|(number, line)| {
                let is_partial = line.hits > 0 && !line.branches.is_full();
                let partial = || Line::Partial(format!("{}/{}", line.branches.covered, line.branches.total));
                (number, if is_partial { partial() } else { Line::Hits(line.hits) })
            })
            .collect()
    };
    let files = coverage.sorted_files().into_iter().map(|file| (file.name.as_str(), lines(file)));
    serde_json::to_writer_pretty(&mut *out, &Report { coverage: files.collect() })?;
    out.write_all(b"\n")
}
