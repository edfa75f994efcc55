//! What V8 and Istanbul count in code without probes is what probes count.

// A test that cannot set itself up has failed.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;

use pathlight_report::formats::{FORMATS, FormatOptions};
use pathlight_report::input::{Import, MergeOptions, Problem, ReportPath, import, merge_reports};
use pathlight_report::{Build, Coverage, SourceFolder};
use support::{crate_folder, packages, shop, shop_build};

fn probes() -> Build {
    let mut builds = [shop_build()];
    let reports = ReportPath::parse(&shop().join("reports").to_string_lossy()).unwrap();
    merge_reports(&mut builds, &[reports], &MergeOptions { threads: NonZeroUsize::MIN, progress: &|_| {} });
    let [build] = builds;
    build
}

fn imported(kind: Import, path: &Path, root: &Path) -> Build {
    let mut build = shop_build();
    let paths = [ReportPath::parse(&path.to_string_lossy()).unwrap()];
    let intake = import(&mut build, kind, &paths, &SourceFolder { folder: Some(root.to_owned()) }, root);
    assert_eq!(intake.bad_reports.first(), None);
    assert_eq!((intake.merged, build.counts.reports()), (1, 1));
    build
}

fn hits(build: &Build) -> Vec<String> {
    let rows = build.mapping.probes().enumerate().map(|(at, (id, probe))| {
        let name = build.mapping.function_name(probe);
        format!("{id} {} {name} {}: {}", probe.kind.name(), probe.at, build.counts.at(at).hits)
    });
    rows.collect()
}

#[test]
fn v8_counts_what_probes_count() {
    let scratch = tempfile::tempdir().unwrap();
    let status = Command::new("node")
        .args([shop().join("drive.mjs"), shop()])
        .env("NODE_V8_COVERAGE", scratch.path())
        .status()
        .expect("the tests need `node` on the PATH");
    assert!(status.success());
    assert_eq!(hits(&imported(Import::V8, scratch.path(), &shop())), hits(&probes()));
}

#[test]
fn istanbul_counts_what_probes_count() {
    let scratch = tempfile::tempdir().unwrap();
    let status = Command::new("node")
        .args([crate_folder().join("tests/readers/count.mjs"), shop().join("drive.mjs"), shop(), scratch.path().into()])
        .current_dir(packages())
        .status()
        .expect("the tests need `node` on the PATH");
    assert!(status.success());
    let file = scratch.path().join("coverage-final.json");
    assert_eq!(hits(&imported(Import::Istanbul, &file, &shop())), hits(&probes()));
}

/// What is written in their formats is read back point by point.
#[test]
fn our_own_output_comes_back() {
    let builds = [probes()];
    let coverage = Coverage::new(&builds, &SourceFolder { folder: Some(shop()) });
    for (kind, name) in [(Import::V8, "v8"), (Import::Istanbul, "istanbul")] {
        let format = FORMATS.iter().find(|format| format.name == name).unwrap();
        let options = FormatOptions { root_url: format!("file://{}/", shop().display()), ..FormatOptions::default() };
        let mut out = Vec::new();
        (format.write)(&coverage, &options, &mut out).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), out).unwrap();
        assert_eq!(hits(&imported(kind, file.path(), &shop())), hits(&builds[0]), "{name}");
    }
}

#[test]
fn what_cannot_be_imported_is_said() {
    let scratch = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("file://{}", scratch.path().join(name).canonicalize().unwrap().display());
    fs::create_dir(scratch.path().join("src")).unwrap();
    fs::write(scratch.path().join("src/cart.js"), "changed();\n").unwrap();
    let report = |url: &str| format!(r#"{{"result":[{{"url":"{url}","functions":[]}}]}}"#);
    for (kind, text, wanted) in [
        (Import::V8, report(&url("src/cart.js")), "src/cart.js has changed since the build"),
        (Import::V8, report("node:fs"), "none of its files is in the mapping"),
        (Import::V8, "[]".into(), "no coverage of V8's: "),
        (Import::Istanbul, "{}".into(), "none of its files is in the mapping"),
        (Import::Istanbul, r#"{"a":1}"#.into(), "no coverage of Istanbul's: "),
    ] {
        let file = scratch.path().join("report.json");
        fs::write(&file, text).unwrap();
        let mut build = shop_build();
        let paths = [ReportPath::parse(&file.to_string_lossy()).unwrap()];
        let root = scratch.path().canonicalize().unwrap();
        let intake = import(&mut build, kind, &paths, &SourceFolder { folder: Some(root.clone()) }, &root);
        assert_eq!((intake.bad, build.counts.reports()), (1, 0));
        let Problem::Import(words) = &intake.bad_reports.first().unwrap().problem else { panic!("{intake:?}") };
        assert!(words.starts_with(wanted), "{words}");
    }
}
