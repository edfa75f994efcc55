//! Mappings that no build wrote: spans that cross, end before they begin or lie behind the end of the file, owners and
//! decisions that are anything. Every format writes something all the same.

// A test that cannot set itself up has failed.
#![allow(clippy::unwrap_used)]

use std::fs;

use pathlight_mapping::{Extent, Hits, Mapping, MappingBuilder, Position, Probe, ProbeId, Site};
use pathlight_report::bundle::module_map::{Module, ModuleMap};
use pathlight_report::diff::Changes;
use pathlight_report::formats::{FORMATS, FormatOptions};
use pathlight_report::{Build, Coverage, SourceFolder};

const SOURCE: &str = "a\n\n/* é😀 */ if (x) {\r\n  y('/*')\n}\u{2028}z // */\n`\n*/\n`";

/// Multiplicative congruence: the same mappings on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % bound
    }

    fn position(&mut self) -> Position {
        let far = self.below(20) == 0;
        Position {
            line: if far { u32::MAX } else { self.below(12) },
            column: self.below(if far { u32::MAX } else { 14 }),
        }
    }
}

fn mapping(random: &mut Random) -> Mapping {
    let mut builder = MappingBuilder::new();
    let probes = random.below(30);
    for _ in 0..probes {
        let site = Site::ALL[random.below(11) as usize];
        let extent = Extent {
            start: random.position(),
            end: random.position(),
            owner: ProbeId::new(random.below(probes + 5)),
            site,
            decision: ProbeId::new(1 + random.below(probes + 5)).unwrap(),
        };
        let file = ["a.js", "gone.js", "../\u{0}\n<b>"][random.below(3) as usize];
        let file = builder.file(file);
        let function = builder.function(["f", "", "g|h"][random.below(3) as usize]);
        let (at, extent) = (random.position(), (random.below(9) > 0).then_some(extent));
        builder.push(Probe { file, function, kind: site.kind(), at, extent });
    }
    builder.build()
}

/// Segments that lead anywhere, and backwards.
fn source_map(random: &mut Random) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ,;,;";
    let segment = |random: &mut Random| {
        format!(
            "{}A{}{}",
            *digits.get(random.below(30) as usize).unwrap() as char,
            digits[random.below(26) as usize] as char,
            digits[random.below(26) as usize] as char
        )
    };
    let mappings: Vec<String> = (0..random.below(9)).map(|_| segment(random)).collect();
    format!(
        r#"{{"version":3,"sources":["a"],"names":[],"mappings":"{}"}}"#,
        mappings.join(if random.below(2) == 0 { "," } else { ";" })
    )
}

#[test]
fn every_format_writes_every_mapping() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.js"), SOURCE).unwrap();
    let changes = Changes::parse("+++ b/a.js\n@@ -0,0 +3,2 @@\n+a\n+b\n").unwrap();
    let mut random = Random(11);
    for round in 0..1_000 {
        let mut build = Build::new(mapping(&mut random), None);
        for at in 0..build.mapping.len() {
            let hits = [0, 0, 1, u64::MAX][random.below(4) as usize];
            build.counts.add_hits(at, Hits { hits, reports: u64::from(hits > 0) });
        }
        if random.below(2) == 0 {
            let map = ModuleMap::parse(source_map(&mut random).as_bytes(), |_, _| Module::Original(7)).ok();
            build.add_bundle("r.push('C'),\u{2028}é😀r.push('E')\n\n}", map.as_ref());
        }
        let coverage = Coverage::new(&[build], &SourceFolder { folder: Some(folder.path().to_owned()) });
        let options = FormatOptions {
            never_run: 9,
            hot: 9,
            changes: (random.below(2) == 0).then(|| changes.clone()),
            ..FormatOptions::default()
        };
        for format in &FORMATS {
            let mut out = Vec::new();
            (format.write)(&coverage, &options, &mut out)
                .unwrap_or_else(|error| panic!("{round} {}: {error}", format.name));
            assert!(std::str::from_utf8(&out).is_ok(), "{round} {}", format.name);
            if let Some(pages) = format.pages {
                pages(&coverage, &options, &mut |_, _| Ok(())).unwrap_or_else(|error| panic!("{round}: {error}"));
            }
        }
        let summary = coverage.summary();
        assert!(summary.branches.covered <= summary.branches.total && summary.lines.covered <= summary.lines.total);
    }
}
