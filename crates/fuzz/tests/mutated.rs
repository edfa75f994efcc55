//! Fixtures with bytes flipped, cut off and spliced: a few seconds of what the fuzz targets do for hours.

// clippy.toml allows it in tests, and the functions that tests call are tests too.
#![allow(clippy::unwrap_used)]

use std::any::Any;
use std::fs;
use std::panic::{catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// Mutants of one target.
const MUTANTS: usize = 3_000;

/// None takes longer than the whole of them should.
const PATIENCE: Duration = Duration::from_secs(240);

/// Larger fixtures are left out: most of their mutants fail at their beginning.
const LARGEST: usize = 4_096;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// All files below `folder` with one of these endings, in the order of their paths.
fn seeds(folder: &Path, endings: &[&str]) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let seeds: Vec<_> = paths.iter().map(|path| fs::read(path).unwrap()).filter(|seed| seed.len() < LARGEST).collect();
    assert!(!seeds.is_empty(), "no seeds below {}", folder.display());
    seeds
}

/// A linear congruential generator with Knuth's constants: enough to choose bytes by.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound.max(1) as u64) as usize
    }
}

/// One seed with one to four mutations.
fn mutant(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    const WORDS: [&[u8]; 12] =
        [b"`${", b"}", b"(", b"/*", b"class ", b"<", b"\\u{", b"await ", b"\xff\xfe", b"\0", b"AAAA", b"\n"];
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        match random.below(5) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => bytes.truncate(at),
            2 => {
                let other = &seeds[random.below(seeds.len())];
                bytes.truncate(at);
                bytes.extend_from_slice(&other[random.below(other.len() + 1)..]);
            }
            3 => drop(bytes.splice(at..at, WORDS[random.below(WORDS.len())].iter().copied())),
            _ => {
                let end = (at + random.below(20)).min(bytes.len());
                bytes.drain(at..end);
            }
        }
    }
    bytes
}

/// Gives mutants to `target`; `head` writes what goes before each.
fn fuzz(target: fn(&[u8]), seeds: Vec<Vec<u8>>, head: fn(&mut Random) -> Vec<u8>) {
    let (sender, current) = channel();
    // The last mutant that was begun is the one that hangs or panics.
    let run = thread::spawn(move || {
        let mut random = Random(1);
        for _ in 0..MUTANTS {
            let mut bytes = head(&mut random);
            bytes.extend(mutant(&seeds, &mut random));
            sender.send(bytes.clone()).unwrap();
            if let Err(panic) = catch_unwind(|| target(&bytes))
                && !is_parsers_assertion(&*panic)
            {
                resume_unwind(panic);
            }
        }
    });
    let mut last = Vec::new();
    while let Some(bytes) = current.recv_timeout(PATIENCE).map(Some).unwrap_or_else(|error| {
        assert_eq!(error, std::sync::mpsc::RecvTimeoutError::Disconnected, "hangs: {:?}", shown(&last));
        None
    }) {
        last = bytes;
    }
    assert!(run.join().is_ok(), "panics: {:?}", shown(&last));
}

/// swc's parser asserts some things of broken programs in debug builds that are not so: that it looks ahead only where
/// it knows the token, and that an arrow's parameters are one item. Released code has no such assertion and reports
/// the syntax error. Assertions of ours have a text of their own behind a colon.
fn is_parsers_assertion(panic: &(dyn Any + Send)) -> bool {
    let message = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    let known = ["parser should not call peek()", "assertion `left == right` failed\n"];
    message.is_some_and(|message| known.iter().any(|start| message.starts_with(start)))
}

fn shown(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn nothing(_: &mut Random) -> Vec<u8> {
    Vec::new()
}

#[test]
fn sources() {
    let endings = ["input.js", "input.ts", "input.tsx", "input.jsx", "input.mjs", "input.cjs"];
    let options = |random: &mut Random| (0..3).map(|_| random.below(256) as u8).collect();
    fuzz(pathlight_fuzz::instrument, seeds(&fixtures().join("constructs"), &endings), options);
}

#[test]
fn mappings() {
    fuzz(pathlight_fuzz::mapping, mapping_seeds(), nothing);
    fuzz(pathlight_fuzz::decode, mapping_seeds(), nothing);
}

/// Snapshots without their header.
fn mapping_seeds() -> Vec<Vec<u8>> {
    let seeds = seeds(&fixtures().join("constructs"), &["mapping.snap"]);
    let body = |seed: Vec<u8>| {
        let text = String::from_utf8(seed).unwrap();
        text.splitn(3, "---\n").nth(2).unwrap().as_bytes().to_vec()
    };
    seeds.into_iter().map(body).collect()
}

#[test]
fn input_maps() {
    let flat = br#"{"version":3,"sources":["a.ts","b.ts"],"names":["f"],"mappings":"AAAA,SAASA,GACP,OAAO;ACAT,IAAI","sourcesContent":["let a",null]}"#;
    let indexed = br#"{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA;AACA"}}]}"#;
    let inline = b"f();\n//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbXSwibmFtZXMiOltdLCJtYXBwaW5ncyI6IiJ9\n";
    fuzz(pathlight_fuzz::input_map, vec![flat.to_vec(), indexed.to_vec(), inline.to_vec()], nothing);
}
