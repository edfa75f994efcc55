//! What the targets begin with: fixtures, and small texts for what no fixture holds.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::programs::BETWEEN;

/// Larger fixtures are left out: most of their mutants fail at their beginning.
const LARGEST: usize = 4_096;

/// How the names of fixtures end that are programs.
pub const PROGRAMS: [&str; 6] = ["input.js", "input.ts", "input.tsx", "input.jsx", "input.mjs", "input.cjs"];

/// The folder of the fixtures.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// The content of all files below `folder` whose path ends so, in the order of their paths; none that is large.
///
/// # Panics
/// If there is none, or the folder cannot be read.
pub fn files_below(folder: &Path, endings: &[&str]) -> Vec<Vec<u8>> {
    let paths = paths_below(folder, endings);
    let seeds = paths.iter().filter_map(|path| fs::read(path).ok()).filter(|seed| seed.len() < LARGEST);
    let seeds: Vec<_> = seeds.collect();
    assert!(!seeds.is_empty(), "no seeds below {}", folder.display());
    seeds
}

/// The programs that have their source map beside them, each with it as the target `instrument` reads them.
///
/// # Panics
/// As [`files_below`].
pub fn mapped_programs() -> Vec<Vec<u8>> {
    let maps = paths_below(&fixtures().join("constructs"), &[".map"]);
    let with_map = |map: &PathBuf| Some([fs::read(map.with_extension("")).ok()?, vec![BETWEEN], fs::read(map).ok()?]);
    let seeds: Vec<_> = maps.iter().filter_map(with_map).map(|parts| parts.concat()).collect();
    assert!(!seeds.is_empty(), "no programs with maps");
    seeds
}

fn paths_below(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths
}

/// The programs of all fixtures as they are.
pub(crate) fn plain_programs() -> Vec<Vec<u8>> {
    let folders = ["constructs", "hints", "strip"].map(|folder| files_below(&fixtures().join(folder), &PROGRAMS));
    folders.into_iter().flatten().chain(files_below(&fixtures().join("reference"), &[".js"])).collect()
}

/// With a head of each kind: plain, as a module with a map, stripped.
pub(crate) fn programs() -> Vec<Vec<u8>> {
    let heads: [[u8; 3]; 4] = [[1, 0, 0], [0b1_0001, 0, 3], [0b1_1001, 1, 2], [0b1000, 3, 1]];
    let with_head = |(at, program): (usize, Vec<u8>)| [&heads[at % heads.len()][..], &program].concat();
    plain_programs().into_iter().chain(mapped_programs()).enumerate().map(with_head).collect()
}

pub(crate) fn hints() -> Vec<Vec<u8>> {
    let programs = files_below(&fixtures().join("hints"), &PROGRAMS);
    programs.into_iter().map(|program| [&[2], program.as_slice()].concat()).collect()
}

/// Mappings of fixtures: snapshots without their header.
pub(crate) fn mappings() -> Vec<Vec<u8>> {
    let body = |seed: Vec<u8>| {
        let text = String::from_utf8_lossy(&seed).into_owned();
        text.splitn(3, "---\n").nth(2).map_or(text.clone(), str::to_owned).into_bytes()
    };
    files_below(&fixtures().join("constructs"), &["mapping.snap"]).into_iter().map(body).collect()
}

pub(crate) fn input_maps() -> Vec<Vec<u8>> {
    let flat = br#"{"version":3,"sources":["a.ts","b.ts"],"names":["f"],"mappings":"AAAA,SAASA,GACP,OAAO;ACAT,IAAI","sourcesContent":["let a",null],"ignoreList":[1]}"#;
    let indexed = br#"{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA;AACA"}}]}"#;
    let inline = b"f();\n//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbXSwibmFtZXMiOltdLCJtYXBwaW5ncyI6IiJ9\n";
    let hinted = br#"{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA;AACA;AACA","sourcesContent":["// istanbul ignore next 2\nf();\n/* c8 ignore start */"]}"#;
    vec![flat.to_vec(), indexed.to_vec(), inline.to_vec(), hinted.to_vec()]
}

/// Reports of fixtures; one of them is gzip's too.
pub(crate) fn reports() -> Vec<Vec<u8>> {
    let mut seeds = files_below(&fixtures().join("reports"), &[".json", ".ndjson"]);
    let packed = seeds.iter().max_by_key(|seed| seed.len()).and_then(|seed| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(seed).ok()?;
        gzip.finish().ok()
    });
    seeds.extend(packed);
    seeds.push(
        b"{C:{frequency:1}, // note\n 'G':{'frequency':2}} /* and */ {\"E\":\"3\"}\n# end\n{\"I\":null}".to_vec(),
    );
    seeds
}

/// What is posted: with the head that says whether it is packed and what the address says.
pub(crate) fn bodies() -> Vec<Vec<u8>> {
    let is_packed = |body: &[u8]| body.starts_with(&[0x1f, 0x8b]);
    let with_head = |body: Vec<u8>| [&[u8::from(is_packed(&body))], body.as_slice()].concat();
    reports().into_iter().map(with_head).collect()
}

pub(crate) fn v8() -> Vec<Vec<u8>> {
    let one = br#"{"result":[{"scriptId":"1","url":"file:///app/src/cart.js","functions":[{"functionName":"","ranges":[{"startOffset":0,"endOffset":500,"count":1}],"isBlockCoverage":true},{"functionName":"total","ranges":[{"startOffset":7,"endOffset":200,"count":3},{"startOffset":60,"endOffset":90,"count":0}],"isBlockCoverage":true}]},{"scriptId":"2","url":"node:fs","functions":[]}],"timestamp":1.5}"#;
    vec![one.to_vec()]
}

pub(crate) fn istanbul() -> Vec<Vec<u8>> {
    let one = br#"{"/app/src/cart.js":{"path":"/app/src/cart.js","statementMap":{"0":{"start":{"line":2,"column":4},"end":{"line":2,"column":20}}},"fnMap":{"0":{"name":"total","decl":{"start":{"line":1,"column":7},"end":{"line":1,"column":15}},"loc":{"start":{"line":1,"column":20},"end":{"line":9,"column":1}},"line":1}},"branchMap":{"0":{"loc":{"start":{"line":3,"column":4},"end":{"line":5,"column":5}},"type":"if","locations":[{"start":{"line":3,"column":4},"end":{"line":5,"column":5}},{"start":{},"end":{}}],"line":3},"1":{"loc":{"start":{"line":6,"column":4},"end":{"line":6,"column":9}},"type":"cond-expr","locations":[{"start":{"line":6,"column":6},"end":{"line":6,"column":7}}]}},"s":{"0":3},"f":{"0":1},"b":{"0":[1,0],"1":[2]}}}"#;
    vec![one.to_vec()]
}

/// A mapping, a source and a report, with a zero byte between.
pub(crate) fn formats() -> Vec<Vec<u8>> {
    let program =
        b"function f(a) {\n  /* \xf0\x9f\x98\x80 */ if (a) {\r\n    g(`\n*/`);\n  } else b && c();\n}\n// */\n";
    let with_rest = |mapping: Vec<u8>| {
        [mapping.as_slice(), b"\0", program, b"\0", br#"{"C":5,"E":0,"G":18446744073709551615}"#].concat()
    };
    mappings().into_iter().map(with_rest).collect()
}

pub(crate) fn diffs() -> Vec<Vec<u8>> {
    let git: &[u8] = b"commit 1\n\n    +++ not a path\n\ndiff --git a/x/a.js b/x/a.js\n--- a/x/a.js\n+++ b/x/a.js\n@@ -1,3 +1,4 @@ function f\n one\n-two\n+2\n+++ b/in the text\n three\n@@ -9 +10,0 @@\n-gone\n@@ -20,0 +21,2 @@\n+x\n+y\n\\ No newline at end of file\n--- a/gone.js\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n";
    let quoted: &[u8] = b"--- \"a/\\303\\274 \\\"q\\\".js\"\n+++ \"b/\\303\\274 \\\"q\\\".js\"\n@@ -1 +1 @@\n-a\n+b\n--- a/with blank.js\t\n+++ b/with blank.js\t\n@@ -0,0 +5 @@\n+b\n";
    vec![git.to_vec(), quoted.to_vec()]
}

pub(crate) fn bundles() -> Vec<Vec<u8>> {
    let texts =
        ["ist_arr.push(\"C\"),f(a=>(r[\"push\"]('E'),a))", "t.push(a?`G`:b(')')&&\"gB\",1e3,0x1F,1_0);x?.push?.('C'"];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
