//! Every format, read back by a reader of its field that others wrote (`readers/read.mjs`): npm's packages, installed
//! into `target/` on first use from the lock file.

// A test that cannot set itself up has failed.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use pathlight_mapping::{Extent, MappingBuilder, Position, Probe, ProbeId, Site};
use pathlight_report::formats::{FORMATS, FormatOptions};
use pathlight_report::input::{MergeOptions, ReportPath, merge_reports};
use pathlight_report::{Build, Coverage, SourceFolder};
use support::{crate_folder, packages, shop, shop_build};

/// Read by themselves in other tests: no one else has a reader of them.
const WITHOUT_READER: [&str; 4] = ["text", "json", "tsv", "html"];

fn read_back(coverage: &Coverage, sources: &Path) {
    let outputs = tempfile::tempdir().unwrap();
    let root_url = format!("file://{}/", sources.display());
    for format in &FORMATS {
        let mut out = Vec::new();
        (format.write)(coverage, &FormatOptions { root_url: root_url.clone(), ..FormatOptions::default() }, &mut out)
            .unwrap();
        fs::write(outputs.path().join(format.file), out).unwrap();
    }
    let expected: BTreeMap<&str, _> = coverage.files.iter().map(|file| (&*file.name, file.summary())).collect();
    let mut node = Command::new("node")
        .args([crate_folder().join("tests/readers/read.mjs"), outputs.path().to_owned(), sources.to_owned()])
        .current_dir(packages())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the tests need `node` on the PATH");
    node.stdin.take().unwrap().write_all(&serde_json::to_vec(&expected).unwrap()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    let mut read: Vec<&str> = std::str::from_utf8(&output.stdout).unwrap().lines().collect();
    read.extend(WITHOUT_READER);
    read.sort_unstable();
    let mut all: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    all.sort_unstable();
    assert_eq!(read, all, "a format without a reader");
}

#[test]
fn a_program() {
    let folder = shop();
    let mut builds = [shop_build()];
    let reports = ReportPath::parse(&folder.join("reports").to_string_lossy()).unwrap();
    let options = MergeOptions { threads: std::num::NonZeroUsize::MIN, progress: &|_| {} };
    let intake = merge_reports(&mut builds, &[reports], &options);
    assert_eq!((intake.merged, intake.resent, intake.other_build, intake.bad), (4, 1, 1, 1));
    let coverage = Coverage::new(&builds, &SourceFolder { folder: Some(folder.clone()) });
    assert!(coverage.files.iter().all(|file| file.source.text().is_some()));
    read_back(&coverage, &folder);
}

/// Names of files and functions may hold anything.
#[test]
fn hostile_names() {
    let names =
        ["<script>alert(1)</script>", "a|b", "c,d:e", "%0A", "\u{1}\u{1b}[31m", "ünï😀", "x\n::error::y", "&amp;\"'"];
    let mut builder = MappingBuilder::new();
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        // What a file system takes: no `/`, and the readers want the files to be there.
        let file = name.replace(['/', '\n', '\u{1}', '\u{1b}'], "_") + ".js";
        fs::write(folder.path().join(&file), "function f() {\n  return 1;\n}\n").unwrap();
        let (file, function) = (builder.file(&file), builder.function(name));
        let branch = builder.next_id().unwrap();
        let owner = ProbeId::new(branch.get() + 1);
        let at = |line, column| Position { line, column };
        for (site, start, end, owner, decision) in [
            (Site::IfThen, at(2, 2), at(2, 11), owner, Some(branch)),
            (Site::Function, at(1, 0), at(3, 1), None, owner),
        ] {
            let extent = Some(Extent { start, end, owner, site, decision: decision.unwrap() });
            builder.push(Probe { file, function, kind: site.kind(), at: start, extent }).unwrap();
        }
    }
    let builds = [Build::new(builder.build(), None)];
    let coverage = Coverage::new(&builds, &SourceFolder { folder: Some(folder.path().to_owned()) });
    read_back(&coverage, folder.path());
}
