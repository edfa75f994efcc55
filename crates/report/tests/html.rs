//! The pages of the `html` format in Chromium (`pages/pages.test.js`), with the browser's set-up of `crates/npm`.

// A test that cannot set itself up has failed.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pathlight_mapping::{
    BuildManifest, Counts, Extent, Hits, MANIFEST_SCHEMA, ManifestFile, MappingBuilder, Position, Probe, ProbeId, Site,
};
use pathlight_report::bundle::module_map::{Module, ModuleMap};
use pathlight_report::diff::Changes;
use pathlight_report::formats::{FORMATS, FormatOptions};
use pathlight_report::{Build, Coverage, SourceFolder};

const SOURCE: &str = "function ran(a) {\n  if (a) {\n    return 1;\n  }\n  return a ? \"<b>\" : 2;\n}\n";
const MISSING: &str = "a/missing.js";

/// Every one a name that files have somewhere, or that a hostile mapping may hold.
const HOSTILE: [&str; 9] = [
    "../../../escape.js",
    "/absolute/\"><script>fired()</script>.js",
    "a/<img src=x onerror=fired()>.js",
    "a/'onmouseover='fired().js",
    "a/[x](javascript:fired()).js",
    "a/what?is#this%2e.js",
    "a/nul\u{0}bidi\u{202e}sj.exe",
    "__proto__/constructor.js",
    "</script><script>fired()</script>",
];

/// A function that ran with an `if` that was always taken and an arm that never was; its probes in post-order.
fn add_file(builder: &mut MappingBuilder, name: &str, function: &str) {
    let (file, function) = (builder.file(name), builder.function(function));
    let first = builder.next_id().unwrap().get();
    let id = |offset: u32| ProbeId::new(first + offset).unwrap();
    let at = |line, column| Position { line, column };
    for (site, start, end, decision) in [
        (Site::IfThen, at(2, 9), at(4, 3), id(0)),
        (Site::IfElse, at(4, 3), at(4, 3), id(0)),
        (Site::Ternary, at(5, 13), at(5, 18), id(2)),
        (Site::Ternary, at(5, 21), at(5, 22), id(2)),
        (Site::Function, at(1, 0), at(6, 1), id(4)),
    ] {
        let owner = (site != Site::Function).then(|| id(4));
        let extent = Some(Extent { start, end, owner, site, decision });
        builder.push(Probe { file, function, kind: site.kind(), at: start, extent }).unwrap();
    }
}

fn coverage(names: &[String], function: &str) -> Coverage {
    Coverage::new(&[build(names, function)], &SourceFolder::default())
}

fn build(names: &[String], function: &str) -> Build {
    let mut builder = MappingBuilder::new();
    names.iter().for_each(|name| add_file(&mut builder, name, function));
    let file = |name: &String| {
        let source = (name != MISSING).then(|| SOURCE.to_owned());
        ManifestFile { name: name.clone(), hash: None, probes: 5, source }
    };
    let manifest = BuildManifest {
        schema: MANIFEST_SCHEMA,
        build: "b".to_owned(),
        array: "ist_arr".to_owned(),
        ids: "vlq".to_owned(),
        granularity: "branch".to_owned(),
        probes: 5 * names.len() as u32,
        files: names.iter().map(file).collect(),
    };
    let mut build = Build::new(builder.build(), Some(manifest));
    for index in 0..names.len() {
        // Each seventh file never ran; of the others the second arm of the `?:` and the `else` did not.
        let hits = if index % 7 == 3 { [0; 5] } else { [5, 0, 5, 0, 5 + index as u64] };
        for (probe, hits) in hits.into_iter().enumerate() {
            build.counts.add_hits(5 * index + probe, Hits { hits, reports: 1 });
        }
    }
    build
}

/// The bundler dropped the second of two files, in which nothing ran.
fn shipped() -> Coverage {
    let mut build = build(&["kept.js", "dropped.js"].map(str::to_owned), "f");
    build.counts = Counts::new(&build.mapping);
    // Twenty bytes of the kept file's function, twenty of top-level code behind it.
    let map = r#"{"version":3,"sources":["kept.js"],"names":[],"mappings":";AAAA,oBAMA"}"#;
    let map = ModuleMap::parse(map.as_bytes(), |_, _| Module::Original(0)).unwrap();
    let text = format!("ist_arr.push('C','E','G','I','K')\n{}", "x".repeat(40));
    build.add_bundle(&text, Some(&map));
    Coverage::new(&[build], &SourceFolder::default())
}

/// Lines 1 to 3 of one file are new, and all of a file that never ran.
fn changed() -> Changes {
    let lines = |path: &str, count: usize| format!("+++ b/{path}\n@@ -0,0 +1,{count} @@\n{}", "+\n".repeat(count));
    Changes::parse(&(lines("a/one.js", 3) + &lines("b/four.js", 6))).unwrap()
}

/// Writes the pages below `folder`, which is new; hands back the paths that the format named.
fn write(coverage: &Coverage, changes: Option<Changes>, folder: &Path) -> Vec<(String, Vec<u8>)> {
    let format = FORMATS.iter().find(|format| format.name == "html").unwrap();
    let mut files = vec![(format.file.to_owned(), Vec::new())];
    let options = FormatOptions { changes, ..FormatOptions::default() };
    (format.write)(coverage, &options, &mut files[0].1).unwrap();
    let mut emit = |path: &str, text: &[u8]| {
        files.push((path.to_owned(), text.to_owned()));
        Ok(())
    };
    format.pages.unwrap()(coverage, &options, &mut emit).unwrap();
    let _ = fs::remove_dir_all(folder);
    for (path, text) in &files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    files
}

fn many() -> Vec<String> {
    (0..10_000).map(|i| format!("packages/p{}/src/f{}/module{i}.js", i % 23, i % 7)).collect()
}

fn run(program: &str, folder: &Path, args: &[&str], pages: &Path) {
    let mut command = Command::new(program);
    let status = command.args(args).current_dir(folder).env("PAGES", pages).status();
    let status = status.unwrap_or_else(|error| panic!("the tests need `{program}` on the PATH: {error}"));
    assert!(status.success(), "{program} {args:?}: {status}");
}

#[test]
fn in_chromium() {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let npm = crate_folder.join("../npm");
    let pages = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    let small = ["a/one.js", "a/two.js", "b/three.js", "b/four.js", "top.js", MISSING].map(str::to_owned);
    write(&coverage(&small, "ran"), None, &pages.join("small"));
    write(&coverage(&small, "ran"), Some(changed()), &pages.join("changed"));
    write(&coverage(&HOSTILE.map(str::to_owned), "<script>fired()</script>"), None, &pages.join("hostile"));
    write(&shipped(), None, &pages.join("shipped"));
    write(&coverage(&many(), "ran"), None, &pages.join("many"));
    if !npm.join("node_modules/playwright-core").is_dir() {
        run("npm", &npm, &["ci", "--no-audit", "--no-fund", "--silent"], &pages);
    }
    run("node", &npm, &["scripts/chromium.js"], &pages);
    run("node", crate_folder, &["--test", "tests/pages/pages.test.js"], &pages);
}

#[test]
fn the_same_bytes_every_time_and_no_path_leads_out() {
    let folder = tempfile::tempdir().unwrap();
    let coverage = coverage(&HOSTILE.map(str::to_owned), "f");
    let files = write(&coverage, None, folder.path());
    assert_eq!(files, write(&coverage, None, folder.path()));
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-./".contains(c);
    for (path, _) in &files {
        assert!(path.chars().all(is_safe) && !path.contains("..") && !path.starts_with('/'), "{path}");
    }
    let mut paths: Vec<String> = files.iter().map(|(path, _)| path.to_lowercase()).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), files.len());
}
