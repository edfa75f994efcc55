//! `cargo xtask bench`: ratios to swc's own parse and print, in one process on one thread.
//!
//! The machine's other work changes absolute times by a factor, and comes in bursts. A round does the same work in
//! every way, one directly behind the other; of the rounds' ratios the median counts, which is fairly steady. Nothing
//! here fails on a time.

mod collector;
mod reports;

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

use pathlight_instrument::FileKind;
use pathlight_mapping::{MappingBuilder, MappingFormat};

use crate::{Failure, corpus, known, show, stock};

/// Whole programs that people ship are minified; the goals of the unminified sets are their bounds too.
const MINIFIED: &str = "min-";

/// A file's name and text.
type File = (String, String);

/// One way to process the files of a set; returns the bytes it made.
type Mode = fn(&[File]) -> Result<usize, Failure>;

const MODES: [(&str, Mode); 3] = [
    ("swc parse + print", parse_and_print),
    ("probes + mapping + code", |files| instrument(files, false)),
    ("the same + source map", |files| instrument(files, true)),
];

fn parse_and_print(files: &[File]) -> Result<usize, Failure> {
    files.iter().map(|(name, text)| stock::parse_and_print(name, text)).sum()
}

/// All files share one mapping, as on the command line.
fn instrument(files: &[File], source_map: bool) -> Result<usize, Failure> {
    let mut builder = MappingBuilder::new();
    let mut bytes = 0;
    for (name, text) in files {
        let output = show::instrument_text(name, text, source_map, &mut builder)?;
        bytes += output.code.len() + output.source_map.map_or(0, |map| map.as_json().len());
    }
    let mut file = Vec::new();
    builder.build().write(MappingFormat::Pathlight, &mut file)?;
    Ok(bytes + file.len())
}

/// `length`: of each run of a collector.
pub(crate) fn run(only: &[String], rounds: NonZeroUsize, length: Duration) -> Result<(), Failure> {
    match only {
        [name] if name == reports::NAME => return reports::run(),
        [name, stores @ ..] if name == collector::NAME => return collector::run(stores, length),
        _ => known("set", only, &corpus::SETS)?,
    }
    let folder = corpus::ensure()?;
    println!("Time in relation to swc's own parse and print; lower is faster.\n");
    println!("{:14} {:>5} {:>9} {:>12} {:>8} {:>8}", "set", "files", "bytes", "swc, MB/s", "probes", "+ map");
    let mut logs = Vec::new();
    for set in corpus::SETS.iter().filter(|set| only.is_empty() || only.iter().any(|name| name == **set)) {
        let files = read(&folder.join(set))?;
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        let rounds = measure(&files, rounds.get())?;
        let ratios = [1, 2].map(|mode| median(rounds.iter().map(|round| round[mode] / round[0])));
        let speed = bytes as f64 / 1e6 / median(rounds.iter().map(|round| round[0]));
        println!("{set:14} {:>5} {bytes:>9} {speed:>12.1} {:>8.2} {:>8.2}", files.len(), ratios[0], ratios[1]);
        if !set.starts_with(MINIFIED) {
            logs.push(ratios.map(f64::ln));
        }
    }
    if !logs.is_empty() {
        let mean = |mode: usize| (logs.iter().map(|ratios| ratios[mode]).sum::<f64>() / logs.len() as f64).exp();
        println!(
            "\nGeometric mean of the unminified sets: {} {:.2}, {} {:.2}",
            MODES[1].0,
            mean(0),
            MODES[2].0,
            mean(1)
        );
    }
    println!("\nGoals: 1.30 and 1.60; the minified sets within the same bounds.");
    Ok(())
}

/// A small set has more rounds: a burst must not cover most of them.
const LEAST: Duration = Duration::from_secs(3);

/// Seconds that each mode took, by round.
fn measure(files: &[File], rounds: usize) -> Result<Vec<[f64; MODES.len()]>, Failure> {
    let begin = Instant::now();
    let mut all = Vec::new();
    while all.len() < rounds || begin.elapsed() < LEAST {
        let mut times = [0.0; MODES.len()];
        for ((_, mode), time) in MODES.iter().zip(&mut times) {
            let start = Instant::now();
            std::hint::black_box(mode(files)?);
            *time = start.elapsed().as_secs_f64();
        }
        all.push(times);
    }
    Ok(all)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Every source file below a folder, sorted.
fn read(folder: &Path) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if FileKind::of(&name).is_some() {
                files.push((name, fs::read_to_string(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}
