//! The developer's commands: `cargo xtask test | bless | show | bench | conformance | fuzz`.

// These commands talk to a person.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod conformance;
mod corpus;
mod fuzz;
mod readme;
mod show;
mod stock;
mod test;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

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
    /// Measure against swc's own parse and print, on packages from npm; or reading reports, against Closure's reporter
    Bench {
        /// Only these sets; `reports` for reports
        sets: Vec<String>,
        /// Rounds; the best one counts
        #[arg(long, default_value_t = 7)]
        rounds: u32,
    },
    /// Let outside judges compare meaning and counts: Closure Compiler, V8, packages from npm, random programs
    Conformance {
        /// Only these proofs
        proofs: Vec<conformance::Proof>,
        /// All of each proof, not only what the tests run
        #[arg(long)]
        long: bool,
        /// Accept the counters
        #[arg(long)]
        bless: bool,
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

/// As the product's worker threads have it.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let task = Cli::parse().task;
    let run = move || match task {
        Task::Test => test::run(),
        Task::Bless => test::bless(),
        Task::Show { file, no_tree } => show::run(&file, !no_tree),
        Task::Bench { sets, rounds } => bench::run(&sets, rounds),
        Task::Fuzz { targets, seconds } => fuzz::run(&targets, seconds),
        Task::Conformance { proofs, long, bless } => conformance::run(
            &proofs,
            if long { Length::Long } else { Length::Short },
            if bless { Settle::Bless } else { Settle::Compare },
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

/// Runs a command in the workspace; its output goes to the terminal.
fn command(program: &str, args: &[&str], env: &[(&str, &str)]) -> Result<(), Failure> {
    let line = format!("{program} {}", args.join(" "));
    eprintln!("$ {line}");
    let mut command = Command::new(program);
    command.args(args).envs(env.iter().copied()).current_dir(workspace());
    let status = command.status().map_err(|error| format!("cannot run `{program}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed").into()) }
}
