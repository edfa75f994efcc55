//! Reports, what others counted, and what is said about them.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use pathlight_mapping::{BuildManifest, IdForm, MANIFEST_SCHEMA, ManifestFile, Mapping, ProbeId, Report};
use pathlight_report::bundle::Shipped;
use pathlight_report::diff::Changes;
use pathlight_report::formats::{FORMATS, FormatOptions};
use pathlight_report::input::{Import, Intake, MergeOptions, ReportPath, import, merge_reports};
use pathlight_report::{Build, Coverage, SourceFolder};
use tempfile::TempDir;

use crate::fixtures;

/// The build of `fixtures/reports/shop`, without reports.
fn shop() -> Build {
    static SHOP: OnceLock<(Mapping, BuildManifest)> = OnceLock::new();
    let (mapping, manifest) = SHOP.get_or_init(|| {
        let read = |name| fs::read_to_string(fixtures().join("reports/shop").join(name)).expect("the fixture is there");
        let manifest = read("pathlight.mapping.build.json").parse().expect("a manifest");
        (Mapping::parse(&read("pathlight.mapping")).expect("a mapping"), manifest)
    });
    Build::new(mapping.clone(), Some(manifest.clone()))
}

/// What `read` makes of a file with this content.
fn with_file<T>(bytes: &[u8], read: impl FnOnce(ReportPath) -> T) -> T {
    static FOLDER: OnceLock<Mutex<TempDir>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| Mutex::new(tempfile::tempdir().expect("a folder for one file")));
    let folder = folder.lock().unwrap_or_else(PoisonError::into_inner);
    let path = folder.path().join("input");
    fs::write(&path, bytes).expect("the file can be written");
    read(ReportPath::File(path))
}

/// A file of reports. Whatever is in it, a good report on its last line is read.
pub fn reports(bytes: &[u8]) {
    let mut builds = [shop()];
    let merge = |builds: &mut [Build], bytes: &[u8]| -> Intake {
        let options = MergeOptions { threads: NonZeroUsize::MIN, progress: &|_| {} };
        with_file(bytes, |path| merge_reports(builds, &[path], &options))
    };
    let alone = merge(&mut builds, bytes);
    let named = alone.bad_reports.len() as u64;
    assert!(named <= alone.bad && (named > 0) == (alone.bad > 0), "{named} of {} are named", alone.bad);
    let is_gzip = bytes.starts_with(&[0x1f, 0x8b]);
    if !is_gzip {
        let mut builds = [shop()];
        let with_last = merge(&mut builds, &[bytes, b"\n{\"yB\":7}\n"].concat());
        assert_eq!(with_last.merged, alone.merged + 1, "a bad report has cost another one: {alone:?}, {with_last:?}");
    }
}

/// V8's coverage of the shop.
pub fn v8(bytes: &[u8]) {
    import_shop(Import::V8, bytes);
}

/// Istanbul's coverage of the shop.
pub fn istanbul(bytes: &[u8]) {
    import_shop(Import::Istanbul, bytes);
}

fn import_shop(kind: Import, bytes: &[u8]) {
    let mut build = shop();
    let sources = SourceFolder { folder: Some(fixtures().join("reports/shop")) };
    let intake = with_file(bytes, |path| import(&mut build, kind, &[path], &sources, Path::new("/app")));
    assert_eq!(intake.merged + intake.bad, 1, "one file is one report");
    if intake.merged == 1 {
        let summary = Coverage::new(&[build], &sources).summary();
        assert!(summary.branches.covered <= summary.branches.total && summary.lines.covered <= summary.lines.total);
    }
}

/// A mapping, a source for all its files, and reports, with a zero byte between: every format writes something.
pub fn formats(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.splitn(3, '\0');
    let Some(Ok(mapping)) = parts.next().map(Mapping::parse) else { return };
    let (source, reports) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let file = |name: &String| ManifestFile { name: name.clone(), hash: None, probes: 0, source: Some(source.into()) };
    let manifest = BuildManifest {
        schema: MANIFEST_SCHEMA,
        build: "b".into(),
        array: "r".into(),
        ids: "vlq".into(),
        granularity: "branch".into(),
        probes: u32::try_from(mapping.len()).unwrap_or(u32::MAX),
        files: mapping.files().iter().map(file).collect(),
    };
    let mut build = Build::new(mapping, Some(manifest));
    let mut report = Report::default();
    for line in reports.lines() {
        if report.read(line.as_bytes(), 0).is_ok() && build.counts.check(&build.mapping, &report).is_ok() {
            build.counts.add(&build.mapping, &report);
        }
    }
    let changes = Changes::parse("+++ b/input.js\n@@ -0,0 +2,2 @@\n+a\n+b\n").ok().filter(|_| reports.len() % 2 == 0);
    let coverage = Coverage::new(&[build], &SourceFolder::default());
    let options = FormatOptions { never_run: 9, hot: 9, changes, ..FormatOptions::default() };
    for format in &FORMATS {
        let mut out = Vec::new();
        (format.write)(&coverage, &options, &mut out).unwrap_or_else(|error| panic!("{}: {error}", format.name));
        let out = String::from_utf8(out).unwrap_or_else(|error| panic!("{}: {error}", format.name));
        if format.file.ends_with(".json") || format.file.ends_with(".sarif") {
            let read = serde_json::from_str::<serde_json::Value>(&out);
            assert!(read.is_ok(), "{}: {read:?}: {out}", format.name);
        }
        if let Some(pages) = format.pages {
            pages(&coverage, &options, &mut |_, _| Ok(())).unwrap_or_else(|error| panic!("{}: {error}", format.name));
        }
    }
}

/// A unified diff.
pub fn diff(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(changes) = Changes::parse(&text) else { return };
    let added = text.lines().filter(|line| line.starts_with('+')).count();
    for name in text.lines().filter_map(|line| line.strip_prefix("+++ b/")) {
        let lines = changes.lines_of(name);
        assert!(lines.len() <= added, "more lines than were added");
        assert!(lines.is_sorted_by(|a, b| a < b), "not rising: {lines:?}");
        assert!(lines.iter().all(|line| changes.touches(name, *line)));
    }
}

/// A bundle; its first byte says what is known of the build.
pub fn bundle(bytes: &[u8]) {
    let Some((&choice, text)) = bytes.split_first() else { return };
    let form = [None, Some(IdForm::Vlq), Some(IdForm::Number)][usize::from(choice % 3)];
    let mut shipped = Shipped::default();
    shipped.add(text, (choice & 4 == 0).then_some("ist_arr"), form);
    let is_held = (1..64).filter_map(ProbeId::new).any(|id| shipped.contains(id, form));
    assert!(!is_held || !shipped.is_empty());
}

/// What is posted to the collector: the first byte says whether it is packed, and whether the address names it.
pub fn body(bytes: &[u8]) {
    const LIMIT: usize = 64 << 10;
    let Some((&choice, body)) = bytes.split_first() else { return };
    let address = if choice & 2 == 0 { "" } else { "build=b&session=s&seq=1" };
    let Some(taken) = pathlight_collector::inspect_body(body, choice & 1 == 1, address, LIMIT) else { return };
    assert!(taken.arrivals.len() + taken.refused <= LIMIT, "more reports than bytes");
    for arrival in &taken.arrivals {
        assert!(arrival.hits.is_sorted_by(|(a, _), (b, _)| a < b), "an id comes twice: {arrival:?}");
        assert!(arrival.seq <= 1 << 53 && arrival.hits.iter().all(|(_, count)| *count <= 1 << 53), "{arrival:?}");
        for name in [&arrival.build, &arrival.session] {
            assert!((1..=128).contains(&name.len()) && !name.contains(char::is_control), "{arrival:?}");
        }
    }
}
