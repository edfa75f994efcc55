//! V8's script coverage, as Node writes it to `NODE_V8_COVERAGE` and the DevTools protocol describes it.
//!
//! Rules: the first range of a function is the whole function; the others nest in it, and one has the count of the
//! range around it unless it is listed; offsets are UTF-16 code units from the start of the script; a range's end is
//! exclusive. The script itself comes first, as a function without a name: it is not counted, so 1 means that
//! something in it ran.

use std::io::{self, Write};

use serde::Serialize;

use super::{FormatOptions, live_functions};
use crate::coverage::{Coverage, FileCoverage, Point, State};
use crate::offsets::Offsets;

#[derive(Serialize)]
struct Report<'a> {
    result: Vec<Script<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Script<'a> {
    script_id: String,
    url: String,
    functions: Vec<Function<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Function<'a> {
    function_name: &'a str,
    ranges: Vec<Range>,
    is_block_coverage: bool,
}

#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
struct Range {
    start_offset: u32,
    end_offset: u32,
    count: u64,
}

pub(super) fn write(coverage: &Coverage, options: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    let files = coverage.sorted_files().into_iter().filter_map(|file| Some((file, file.source.text()?)));
    let scripts = files.enumerate().map(|(id, (file, text))| Script {
        script_id: id.to_string(),
        url: format!("{}{}", options.root_url, file.name.replace('%', "%25").replace('#', "%23").replace('?', "%3F")),
        functions: functions(file, text),
    });
    serde_json::to_writer(&mut *out, &Report { result: scripts.collect() })?;
    out.write_all(b"\n")
}

fn functions<'a>(file: &'a FileCoverage, text: &str) -> Vec<Function<'a>> {
    let offsets = Offsets::of(text);
    let range = |point: &Point| {
        point.span.map(|span| Range {
            start_offset: offsets.unit(span.start),
            end_offset: offsets.unit(span.end),
            count: point.hits,
        })
    };
    // By owner, with the script itself behind all points.
    let mut blocks: Vec<Vec<Range>> = vec![Vec::new(); file.points.len() + 1];
    for point in file.points.iter().filter(|point| !point.is_function() && point.state() != State::Removed) {
        let owner = point.span.and_then(|span| span.owner).unwrap_or(file.points.len());
        blocks[owner].extend(range(point).filter(|range| range.start_offset < range.end_offset));
    }
    for code in file.counted_code() {
        let (start_offset, end_offset) = (offsets.unit(code.start), offsets.unit(code.end));
        blocks[code.owner.unwrap_or(file.points.len())].push(Range { start_offset, end_offset, count: code.hits });
    }
    let count = u64::from(file.points.iter().any(|point| point.hits > 0));
    let script = Range { start_offset: 0, end_offset: offsets.units(), count };
    let mut functions = vec![function("", script, std::mem::take(&mut blocks[file.points.len()]))];
    for point in live_functions(file) {
        let Some(whole) = range(point) else { continue };
        let index = file.points.binary_search_by_key(&point.id, |point| point.id).unwrap_or(file.points.len());
        functions.push(function(&point.function, whole, std::mem::take(&mut blocks[index])));
    }
    functions
}

fn function(name: &str, whole: Range, mut blocks: Vec<Range>) -> Function<'_> {
    blocks.sort_by_key(|range| (range.start_offset, std::cmp::Reverse(range.end_offset)));
    let mut ranges = vec![whole];
    let mut open = vec![whole];
    for block in blocks {
        while open.len() > 1 && open.last().is_some_and(|around| around.end_offset <= block.start_offset) {
            open.pop();
        }
        if open.last().is_some_and(|around| around.count != block.count) {
            ranges.push(block);
        }
        open.push(block);
    }
    Function { function_name: name, ranges, is_block_coverage: true }
}
