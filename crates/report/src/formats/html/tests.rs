use std::fs;
use std::path::Path;

use askama::Template;
use pathlight_mapping::{BuildManifest, Extent, Mapping, MappingBuilder, Position, Probe, ProbeId, Site};

use super::file::FilePage;
use super::paint::{Piece, lines};
use super::show::{compact, heat, page_name, visible};
use crate::input::{MergeOptions, ReportPath, merge_reports};
use crate::{Build, Coverage, Source, SourceFolder};

fn shop() -> Coverage {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/reports/shop");
    let mapping = Mapping::parse(&fs::read_to_string(folder.join("pathlight.mapping")).unwrap()).unwrap();
    let manifest: BuildManifest =
        fs::read_to_string(folder.join("pathlight.mapping.build.json")).unwrap().parse().unwrap();
    let mut builds = [Build::new(mapping, Some(manifest))];
    let reports = ReportPath::parse(&folder.join("reports").to_string_lossy()).unwrap();
    let options = MergeOptions { threads: std::num::NonZeroUsize::MIN, progress: &|_| {} };
    merge_reports(&mut builds, &[reports], &options);
    Coverage::new(&builds, &SourceFolder { folder: Some(folder) })
}

/// One function over the whole text, with a branch of its own for each `(start, end, hits)`, in columns of line 1.
fn one_line(text: &str, branches: &[(u32, u32, u64)]) -> Coverage {
    let mut builder = MappingBuilder::new();
    let (file, function) = (builder.file("one.js"), builder.function("one"));
    let at = |column| Position { line: 1, column };
    let owner = ProbeId::new(branches.len() as u32 + 1);
    for (index, (start, end, _)) in branches.iter().enumerate() {
        let decision = ProbeId::new(index as u32 + 1).unwrap();
        let site = if start == end { Site::IfElse } else { Site::IfThen };
        let extent = Some(Extent { start: at(*start), end: at(*end), owner, site, decision });
        builder.push(Probe { file, function, kind: site.kind(), at: at(*start), extent }).unwrap();
    }
    let end = at(text.encode_utf16().count() as u32);
    let extent = Some(Extent { start: at(0), end, owner: None, site: Site::Function, decision: owner.unwrap() });
    builder.push(Probe { file, function, kind: Site::Function.kind(), at: at(0), extent }).unwrap();
    let mut coverage = Coverage::new(&[Build::new(builder.build(), None)], &SourceFolder::default());
    let file = &mut coverage.files[0];
    file.source = Source::Text(text.to_owned());
    let hits = branches.iter().map(|branch| branch.2).chain([7]);
    file.points.iter_mut().zip(hits).for_each(|(point, hits)| point.hits = hits);
    file.update_lines();
    coverage
}

/// `[never]`, `{removed}`, `<U+…>`, and `‹else›` where nobody wrote one; a number where never-run code begins.
fn painted(coverage: &Coverage) -> String {
    let file = &coverage.files[0];
    let (lines, _) = lines(file, file.source.text().unwrap(), 7);
    let number = |stop: &Option<usize>| stop.map_or(String::new(), |stop| stop.to_string());
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Never(text, stop) => format!("{}[{text}]", number(stop)),
        Piece::Removed(text) => format!("{{{text}}}"),
        Piece::Hidden(code) => format!("<U+{code}>"),
        Piece::Probe(probe) if probe.is_made => format!("{}‹{}›", number(&probe.stop), probe.construct),
        Piece::Probe(_) => String::new(),
    };
    let line = |line: &super::paint::Line| {
        let hits = line.hits.as_ref().map_or(String::new(), |hits| hits.exact.to_string());
        format!("{}|{}|{}", line.state, hits, line.pieces.iter().map(piece).collect::<String>())
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn spans_are_painted_within_lines() {
    assert_eq!(painted(&one_line("if (a) b; c", &[(7, 9, 0)])), "partly|7|if (a) 1[b;] c");
    assert_eq!(painted(&one_line("if (a) b; c", &[(7, 9, 3)])), "run|7|if (a) b; c");
    // What lies in never-run code is one piece with it, up to what did run.
    assert_eq!(painted(&one_line("abcdefgh", &[(3, 4, 0), (1, 6, 0), (7, 8, 0)])), "partly|7|a1[bc][d][ef]g2[h]");
    assert_eq!(painted(&one_line("abcdefgh", &[(3, 4, 1), (1, 6, 0)])), "partly|7|a1[bc]d2[ef]gh");
}

#[test]
fn a_branch_that_nobody_wrote_shows_where_it_would_stand() {
    assert_eq!(painted(&one_line("if (a) b; c", &[(7, 9, 3), (9, 9, 0)])), "partly|7|if (a) b;1‹else› c");
    assert_eq!(painted(&one_line("if (a) b; c", &[(7, 9, 3), (9, 9, 1)])), "run|7|if (a) b;‹else› c");
}

#[test]
fn removed_code_and_columns_beyond_the_basic_plane() {
    let mut coverage = one_line("😀é if b", &[(7, 8, 0)]);
    coverage.files[0].points[0].is_removed = true;
    coverage.files[0].update_lines();
    assert_eq!(painted(&coverage), "run|7|😀é if {b}");
}

#[test]
fn what_would_not_be_seen_is() {
    assert_eq!(painted(&one_line("a\u{0}\u{202e}b\tc", &[])), "run|7|a<U+0000><U+202E>b\tc");
    assert_eq!(visible("a\u{202e}b\u{0}\n<"), "a\\u{202e}b\\u{0}\\u{a}<");
}

/// A mapping that no build wrote may hold spans that cross, end before they begin, or split a character in two.
#[test]
fn no_span_changes_the_text() {
    let text = "ab😀cd\tef\nghé\r\n\r\nij";
    let mut random = 1_u32;
    let mut below = |most: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 16) % most
    };
    for _ in 0..2_000 {
        let branches: Vec<_> = (0..below(6)).map(|_| (below(16), below(16), u64::from(below(2)))).collect();
        let coverage = one_line(text, &branches);
        let (lines, _) = lines(&coverage.files[0], text, 7);
        let shown = |piece: &Piece| match piece {
            Piece::Text(text) | Piece::Never(text, _) | Piece::Removed(text) => text.clone(),
            Piece::Hidden(_) | Piece::Probe(_) => String::new(),
        };
        let shown: Vec<String> = lines.iter().map(|line| line.pieces.iter().map(shown).collect()).collect();
        assert_eq!(shown, ["ab😀cd\tef", "ghé", "", "ij"], "{branches:?}");
    }
}

#[test]
fn pages_have_safe_names() {
    let long = "x/".repeat(5000);
    let names = ["../../etc/passwd", "a?b#c%d.js", "A.js", "a.js", "a/b", "a-b", "", "con", "日本.js", "\u{0}", &long];
    let pages: std::collections::BTreeSet<String> = names.iter().map(|name| page_name(name).to_lowercase()).collect();
    assert_eq!(pages.len(), names.len());
    for page in pages {
        assert!(page.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{page}");
        assert!(page.len() <= 90, "{page}");
    }
}

#[test]
fn numbers_in_few_characters() {
    let shown = [0, 999, 1000, 1999, 10_000, 999_999, 1_000_000, u64::MAX].map(compact);
    assert_eq!(shown, ["0", "999", "1.0k", "1.9k", "10k", "999k", "1.0M", "18E"]);
    let heats = [(0, 9), (1, 1), (1, 1 << 20), (1 << 10, 1 << 20), (u64::MAX, u64::MAX)];
    assert_eq!(heats.map(|(hits, most)| heat(hits, most)), [0, 1, 1, 5, 9]);
}

#[test]
fn the_page_of_a_file() {
    let coverage = shop();
    let file = coverage.files.iter().find(|file| file.name.ends_with("cart.js")).unwrap();
    insta::assert_snapshot!(FilePage::of(file, 100, None).render().unwrap());
}

#[test]
fn without_the_source_points_are_listed_by_place() {
    let mut coverage = shop();
    coverage.files[0].source = Source::Changed;
    coverage.files[0].update_lines();
    insta::assert_snapshot!(FilePage::of(&coverage.files[0], 100, None).render().unwrap());
}

#[test]
fn the_index_and_the_plain_tables() {
    insta::assert_snapshot!(super::index::Index::of(&shop(), None).render().unwrap());
    insta::assert_snapshot!(super::all::All::of(&shop(), None).render().unwrap());
}

/// Nothing in a name ends an element, an attribute or the JSON.
#[test]
fn hostile_names_are_escaped() {
    let mut coverage = one_line("</code></div><script>alert(1)</script>", &[]);
    let hostile = "a/\"><script>alert(1)</script></script><!--'`{{x}}](javascript:alert(1))&lt;.js";
    coverage.files[0].name = hostile.to_owned();
    coverage.files[0].points[0].function = hostile.into();
    let pages = [
        FilePage::of(&coverage.files[0], 7, None).render().unwrap(),
        super::index::Index::of(&coverage, None).render().unwrap(),
        super::all::All::of(&coverage, None).render().unwrap(),
    ];
    for page in pages {
        for bad in ["<script>", "</code></div><s", "<!--", "/\"><", "'`", "href=\"javascript"] {
            assert!(!page.contains(bad), "{bad} in {page}");
        }
    }
}
