//! The developer's commands: `cargo xtask test | bless | show | bench | conformance | fuzz`. The crate `launcher`
//! builds them for release: millions of counts are compared, and times are measured.

// These commands talk to a person.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod collector;
mod conformance;
mod cores;
mod corpus;
mod fuzz;
mod readme;
mod show;
mod stock;
mod test;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};
use std::time::Duration;

use clap::{Parser, Subcommand};
use pathlight_instrument::STACK;

use crate::conformance::{Length, Settle};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run everything that CI runs: formatting, lints, docs, tests, README
    Test,
    /// Accept the new outputs of all fixtures as expected, and the README's example
    Bless,
    /// Print what the pass makes of one file: tree, probes, output, source-map segments
    Show {
        /// A source file
        file: PathBuf,
        /// Leave the syntax tree out
        #[arg(long)]
        no_tree: bool,
    },
    /// Measure against swc's own parse and print, on packages from npm; reading reports, against Closure's reporter;
    /// or a collector under load
    Bench {
        /// Only these sets; `reports` or `collector` for these alone, `collector sqlite` or `collector postgres` for one
        /// of its stores
        sets: Vec<String>,
        /// Rounds at least; the median of their ratios counts
        #[arg(long, default_value = "7")]
        rounds: NonZeroUsize,
        /// Seconds of each run of the collector; ten minutes show what a long run does to its memory
        #[arg(long, default_value_t = 20)]
        seconds: u64,
    },
    /// Let outside judges compare meaning and counts: Closure Compiler, V8, packages from npm, random programs; and
    /// kill collectors under load
    Conformance {
        /// Only these proofs
        proofs: Vec<conformance::Proof>,
        /// All of each proof, not only what the tests run
        #[arg(long)]
        long: bool,
        /// Accept the counters
        #[arg(long)]
        bless: bool,
        /// Only the random programs of these seeds, and no counters
        #[arg(long, value_delimiter = ',', conflicts_with_all = ["proofs", "long", "bless"])]
        seeds: Vec<u64>,
    },
    /// Give everything that reads arbitrary bytes, guided by coverage (libFuzzer; needs a C++ compiler)
    Fuzz {
        /// Only these targets
        targets: Vec<String>,
        /// How long each of them runs
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
}

/// Why a task failed.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let task = Cli::parse().task;
    let run = move || match task {
        Task::Test => test::run(),
        Task::Bless => test::bless(),
        Task::Show { file, no_tree } => show::run(&file, !no_tree),
        Task::Bench { sets, rounds, seconds } => bench::run(&sets, rounds, Duration::from_secs(seconds)),
        Task::Fuzz { targets, seconds } => fuzz::run(&targets, seconds),
        Task::Conformance { seeds, .. } if !seeds.is_empty() => conformance::random::judge_seeds(&seeds),
        Task::Conformance { proofs, long, bless, .. } => conformance::run(
            &proofs,
            if long { Length::Long } else { Length::Short },
            if bless { Settle::Bless } else { Settle::Compare },
            &product()?,
        ),
    };
    // An error's text crosses the thread, since not every error can.
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(|| run().map_err(|error| error.to_string()));
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(error))) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
        // A panic has said its own word.
        Ok(Err(_)) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: no thread: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Refuses what is none of the `names` that there are.
fn known(kind: &str, wanted: &[String], names: &[&str]) -> Result<(), Failure> {
    match wanted.iter().find(|name| !names.contains(&name.as_str())) {
        Some(unknown) => Err(format!("there is no {kind} `{unknown}`, but {}", names.join(", ")).into()),
        None => Ok(()),
    }
}

/// A binary as users have it, with the features that the whole workspace asks for: with those of one package alone, all
/// of swc would be built once more.
fn build_for_release(name: &str) -> Result<PathBuf, Failure> {
    command("cargo", &["build", "--release", "--quiet", "--workspace", "--bin", name], &[])?;
    // In the target folder, this program is in the folder of its profile.
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).ok_or("this program is in no target folder")?;
    Ok(target.join("release").join(name))
}

/// The product as users have it.
fn product() -> Result<PathBuf, Failure> {
    build_for_release("pathlight")
}

/// What the system knows of a process's memory, in MB: a line of `/proc/PID/status` such as `VmRSS`. `None` when the
/// process is gone.
fn memory(process: &Child, line: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let kilobytes = status.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':'))?;
    Some(kilobytes.trim().strip_suffix(" kB")?.parse::<f64>().ok()? / 1e3)
}

/// Runs a command in the workspace; its output goes to the terminal.
fn command(program: &str, args: &[&str], env: &[(&str, &str)]) -> Result<(), Failure> {
    let line = format!("{program} {}", args.join(" "));
    eprintln!("$ {line}");
    let mut command = Command::new(program);
    command.args(args).envs(env.iter().copied()).current_dir(workspace());
    let status = command.status().map_err(|error| format!("cannot run `{program}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed").into()) }
}
