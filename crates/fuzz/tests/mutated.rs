//! Fixtures with bytes flipped, cut off and spliced: a few seconds of what the fuzz targets do for hours.

// clippy.toml allows it in tests, and the functions that tests call are tests too.
#![allow(clippy::unwrap_used)]

use std::any::Any;
use std::panic::{catch_unwind, resume_unwind};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use pathlight_fuzz::{PROGRAMS, Random, TARGETS, files_below, fixtures, mapped_programs};

/// Mutants of one target.
const MUTANTS: usize = 3_000;

/// None takes longer than the whole of them should.
const PATIENCE: Duration = Duration::from_secs(240);

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
/// it knows the token, that an arrow's parameters are one item, and that what is missing ends behind its start.
/// Released code has no such assertion and reports the syntax error. Assertions of ours have a text of their own
/// behind a colon.
fn is_parsers_assertion(panic: &(dyn Any + Send)) -> bool {
    let message = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    let known = [
        "parser should not call peek()",
        "assertion `left == right` failed\n",
        "assertion failed: (span.start <= span.end)",
    ];
    message.is_some_and(|message| known.iter().any(|start| message.starts_with(start)))
}

fn shown(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn nothing(_: &mut Random) -> Vec<u8> {
    Vec::new()
}

fn options(random: &mut Random) -> Vec<u8> {
    (0..3).map(|_| random.below(256) as u8).collect()
}

#[test]
fn sources() {
    fuzz(pathlight_fuzz::instrument, files_below(&fixtures().join("constructs"), &PROGRAMS), options);
}

#[test]
fn sources_with_maps() {
    fuzz(pathlight_fuzz::instrument, mapped_programs(), options);
}

/// A target with its own seeds.
fn fuzz_target(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    fuzz(target.run, (target.seeds)(), nothing);
}

#[test]
fn mappings() {
    fuzz_target("mapping");
    fuzz_target("decode");
}

#[test]
fn input_maps() {
    fuzz_target("input_map");
}

#[test]
fn hints() {
    fuzz_target("hints");
}

#[test]
fn reports() {
    ["reports", "body", "v8", "istanbul", "formats", "diff", "bundle"].into_iter().for_each(fuzz_target);
}
