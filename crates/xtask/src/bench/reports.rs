//! `cargo xtask bench reports`: a million reports of 500 points against a mapping of 100,000, and Closure Compiler's
//! reporter on the same input as far as it gets.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pathlight_mapping::{Mapping, MappingBuilder, MappingFormat, Position, Probe, ProbeId, ProbeKind};

use crate::collector::load::Random;
use crate::{Failure, conformance, memory, product, workspace};

/// What the command line calls it.
pub(super) const NAME: &str = "reports";

const PROBES: u32 = 100_000;
const POINTS: u32 = 500;

/// So many reports of Closure's reporter; each costs it 10 MB, so that it cannot take many more.
const PEER_REPORTS: usize = 300;

/// Both reporters are run in turn so often, and the best time of each counts: what else the machine does only adds.
const ROUNDS: usize = 3;

/// Distinct reports; a longer stream repeats them.
const DISTINCT: usize = 1_000;

/// Lengths of the streams: memory must not grow from one to the next.
const STREAMS: [usize; 3] = [1_000, 100_000, 1_000_000];

const REPORTER: &str = "com.google.javascript.jscomp.instrumentation.reporter.ProductionInstrumentationReporter";

/// How a report spells its counts.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Plain,
    Frequency,
    /// Numbered, so that each is remembered.
    Own,
}

pub(super) fn run() -> Result<(), Failure> {
    let pathlight = product()?;
    let folder = workspace().join("target/bench-reports");
    fs::create_dir_all(folder.join("reports"))?;
    let folder = folder.canonicalize()?;
    let mapping = folder.join("mapping");
    write_mapping(&mapping)?;
    compare(&pathlight, &folder, &mapping)?;

    println!("\nStreams on standard input, {POINTS} points each, {PROBES} in the mapping:\n");
    println!("{:>10} {:>9} {:>12} {:>8} {:>9}", "shape", "reports", "reports/s", "MB/s", "peak, MB");
    for shape in [Shape::Plain, Shape::Frequency, Shape::Own] {
        let peaks = STREAMS.map(|reports| stream(&pathlight, &mapping, shape, reports));
        let [_, some, all] = peaks;
        let [_, fewer, most] = STREAMS;
        println!("{:>10} memory at {most} reports is {:.2} times that at {fewer}.", "", all? / some?);
    }
    Ok(())
}

/// One function on each line.
fn write_mapping(path: &Path) -> Result<(), Failure> {
    let mut builder = MappingBuilder::new();
    for line in 1..=PROBES {
        let (file, function) = (builder.file("a.js"), builder.function("f"));
        let at = Position { line, column: 0 };
        builder.push(Probe { file, function, kind: ProbeKind::Function, at, extent: None });
    }
    let mapping: Mapping = builder.build();
    Ok(mapping.write(MappingFormat::Closure, &mut BufWriter::new(fs::File::create(path)?))?)
}

/// The members of one report; the same ones for the same number. As in a program, what runs lies close together.
fn counts(number: usize, shape: Shape) -> String {
    let mut random = Random(number as u64);
    let first = 1 + random.below(PROBES - 4 * POINTS);
    let mut text = String::new();
    for at in 0..POINTS {
        let Some(id) = ProbeId::new(first + 4 * at + random.below(4)) else { continue };
        let hits = 1 + random.below(999);
        let comma = if at == 0 { "" } else { "," };
        let _ = match shape {
            Shape::Frequency => write!(text, "{comma}\"{id}\":{{\"frequency\":{hits}}}"),
            Shape::Plain | Shape::Own => write!(text, "{comma}\"{id}\":{hits}"),
        };
    }
    text
}

/// Both reporters over the same folder of reports.
fn compare(pathlight: &Path, folder: &Path, mapping: &Path) -> Result<(), Failure> {
    let reports = folder.join("reports");
    for number in 0..PEER_REPORTS {
        fs::write(reports.join(format!("{number}.json")), format!("{{{}}}", counts(number, Shape::Plain)))?;
    }
    let (ours, theirs) = (folder.join("ours.tsv"), folder.join("theirs.tsv"));
    let run_ours = |threads: &[&str]| {
        let mut command = Command::new(pathlight);
        command.args(["report", "--quiet", "--closure-exact", "--format", "tsv", "--mapping"]).arg(mapping);
        time(command.args(threads).arg("--reports").arg(&reports).arg("--out").arg(&ours))
    };
    let jar = conformance::packages("closure")?.join("node_modules/reporter-tsv/compiler.jar");
    let run_theirs = || {
        let mut command = Command::new("java");
        command.arg("-cp").arg(&jar).arg(REPORTER).arg("--mapping_file").arg(mapping);
        time(command.arg("--reports_directory").arg(&reports).arg("--result_output").arg(&theirs))
    };
    // The best time of each, and its highest peak.
    let mut best = [(Duration::MAX, 0.0_f64); 3];
    for _ in 0..ROUNDS {
        let round = [run_theirs()?, run_ours(&["--threads", "1"])?, run_ours(&[])?];
        for ((best_time, most_peak), (time, peak)) in best.iter_mut().zip(round) {
            *best_time = time.min(*best_time);
            *most_peak = peak.max(*most_peak);
        }
        if sorted_rows(&ours)? != sorted_rows(&theirs)? {
            return Err("the two reporters disagree".into());
        }
    }
    println!("{PEER_REPORTS} reports in a folder, the same figures from both, with starting and writing:\n");
    println!("{:>20} {:>9} {:>9} {:>16}", "", "time", "peak, MB", "times as fast");
    let (theirs, _) = best[0];
    for (name, (time, peak)) in ["Closure's reporter", "pathlight, 1 thread", "pathlight"].iter().zip(best) {
        let ratio = theirs.as_secs_f64() / time.as_secs_f64();
        println!("{name:>20} {:>9} {peak:>9.0} {ratio:>16.0}", format!("{time:.2?}"));
    }
    println!("Goal: 100.");
    Ok(())
}

/// Time, and the most memory that was resident, in MB.
fn time(command: &mut Command) -> Result<(Duration, f64), Failure> {
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| format!("cannot run {command:?}: {error}"))?;
    let peak = wait(&mut child).map_err(|error| format!("{command:?}: {error}"))?;
    Ok((start.elapsed(), peak))
}

/// Without the header, which one of them misspells, and in one order, since ties have none.
fn sorted_rows(path: &PathBuf) -> Result<Vec<String>, Failure> {
    let table = fs::read_to_string(path)?;
    let mut rows: Vec<String> = table.lines().skip(1).map(str::to_owned).collect();
    rows.sort_unstable();
    Ok(rows)
}

/// Returns the most memory that was resident, in MB.
fn stream(pathlight: &Path, mapping: &Path, shape: Shape, reports: usize) -> Result<f64, Failure> {
    let bodies: Vec<String> = (0..DISTINCT).map(|number| counts(number, shape)).collect();
    let mut command = Command::new(pathlight);
    command.args(["report", "--quiet", "--format", "json-summary", "--reports", "-", "--mapping"]).arg(mapping);
    let start = Instant::now();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    let mut bytes = 0;
    {
        let mut out = BufWriter::with_capacity(1 << 20, child.stdin.take().ok_or("no standard input")?);
        for number in 0..reports {
            let body = &bodies[number % DISTINCT];
            let (head, tail) = match shape {
                Shape::Plain | Shape::Frequency => ("{".to_owned(), "}\n"),
                Shape::Own => {
                    (format!("{{\"schema\":1,\"session\":\"s{}\",\"seq\":{number},\"counts\":{{", number % 97), "}}\n")
                }
            };
            for part in [head.as_str(), body, tail] {
                out.write_all(part.as_bytes())?;
                bytes += part.len();
            }
        }
        out.flush()?;
    }
    let peak = wait(&mut child)?;
    let seconds = start.elapsed().as_secs_f64();
    let (per_second, megabytes) = (reports as f64 / seconds, bytes as f64 / 1e6 / seconds);
    println!("{:>10} {reports:>9} {per_second:>12.0} {megabytes:>8.0} {peak:>9.0}", format!("{shape:?}"));
    Ok(peak)
}

/// Waits for the end; returns the most memory that was resident, in MB. It is looked at until the process is gone.
fn wait(child: &mut Child) -> Result<f64, Failure> {
    let mut peak = 0.0;
    loop {
        peak = memory(child, "VmHWM").unwrap_or(peak);
        match child.try_wait()? {
            None => std::thread::sleep(Duration::from_millis(2)),
            Some(status) if status.success() => return Ok(peak),
            Some(status) => return Err(status.to_string().into()),
        }
    }
}
