//! `cargo xtask conformance`: outside judges over real and random programs. What they find is counted in
//! `fixtures/conformance/<proof>.txt`, which is committed: the same sources give the same counters, so a proof
//! that finds other ones fails. A proof's programs and its `package.json` stand in `crates/xtask/conformance/<proof>`.

mod closure;
mod collector;
mod programs;
pub(crate) mod random;
mod readers;
mod scripts;
mod tally;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::{Failure, command, cores, workspace};

use tally::Tally;

/// One way to prove that meaning is kept and counts are exact.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Proof {
    /// Closure Compiler over the fixtures, its entries and traces against ours
    Closure,
    /// The parser tests of ECMAScript's committee, as JavaScript and as TypeScript, V8's verdict against ours
    Parser,
    /// Real packages from npm doing real work: same output, and every count against V8's block coverage
    Programs,
    /// Generated programs over the whole grammar
    Random,
    /// Generated programs that are read as TypeScript, their types stripped
    Stripped,
    /// Generated programs by Closure Compiler, its traces against ours
    Traces,
    /// Deliberate breakages of generated programs' output: each must be seen
    Breakages,
    /// Source-map readers and bundlers over our output
    Readers,
    /// Packages' TypeScript, stripped by TypeScript and by us: same exports, same behaviour; and no type error more
    Strip,
    /// Collectors and PostgreSQL that are killed under load
    Collector,
}

impl Proof {
    /// Name of its folder and of its counters.
    fn name(self) -> &'static str {
        match self {
            Self::Closure => "closure",
            Self::Parser => "parser",
            Self::Programs => "programs",
            Self::Random => "random",
            Self::Stripped => "stripped",
            Self::Traces => "traces",
            Self::Breakages => "breakages",
            Self::Readers => "readers",
            Self::Strip => "strip",
            Self::Collector => "collector",
        }
    }

    /// Name of the counters that say most.
    fn shown(self) -> &'static str {
        match self {
            Self::Random => "random-long",
            Self::Readers => "readers-long",
            Self::Traces => "traces-long",
            Self::Collector => "collector-long",
            _ => self.name(),
        }
    }

    /// The counters that say most.
    fn headline(self) -> &'static [&'static str] {
        match self {
            Self::Closure => &["cases", "entries", "equal entries", "traces", "equal traces", "lines that both write"],
            Self::Parser => &["programs", "valid to V8, so is the output"],
            Self::Programs => {
                &["programs", "outputs equal to the original's", "probes compared", "million hits, rounded down"]
            }
            Self::Random | Self::Stripped => &["programs", "probes", "counts equal to V8's", "continuations"],
            Self::Traces => &["programs", "compiled by both", "pushes compared", "equal traces"],
            Self::Breakages => &["breakages", "broken programs", "refused by the checker", "shown by running"],
            Self::Readers => &[
                "source maps: segments that all readers read alike",
                "bundles: instrumented programs that run as before",
                "bundles: probes that are left, all in the mapping",
            ],
            Self::Strip => &[
                "modules loaded from both trees",
                "exports compared",
                "programs that print the same",
                "files with probes and types, without an error",
            ],
            Self::Collector => &[
                "SQLite, collector killed: kills",
                "PostgreSQL, collectors killed: kills",
                "PostgreSQL, server killed: kills",
            ],
        }
    }
}

/// The README's table of what the proofs counted.
pub(crate) fn table() -> Result<String, Failure> {
    let all = <Proof as clap::ValueEnum>::value_variants();
    let rows = all.iter().map(|proof| tally::row(proof.shown(), proof.headline())).collect::<Result<String, _>>()?;
    Ok(format!("| proof | counted | kinds of exceptions |\n|---|---|---|\n{rows}"))
}

/// How much of a proof is run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Length {
    /// What every test run does.
    Short,
    /// All there is, on demand.
    Long,
}

/// What to do with counters that differ from the committed ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Settle {
    Compare,
    Bless,
}

/// Runs these proofs side by side, all if none is named; every one that fails is named.
pub(crate) fn run(proofs: &[Proof], length: Length, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    let all = <Proof as clap::ValueEnum>::value_variants();
    let proofs = if proofs.is_empty() { all } else { proofs };
    cores::on_each(proofs, |&proof| {
        prove(proof, length, settle, pathlight).map_err(|error| format!("{proof:?}: {error}").into())
    })
}

fn prove(proof: Proof, length: Length, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    match proof {
        Proof::Closure => closure::prove(length, settle, pathlight),
        Proof::Parser | Proof::Strip => scripts::prove(proof.name(), settle, pathlight),
        Proof::Programs => programs::prove(length, settle, pathlight),
        Proof::Random => random::prove(length, settle),
        Proof::Stripped => random::prove_stripped(settle),
        Proof::Traces => closure::traces::prove(length, settle, pathlight),
        Proof::Breakages => random::breakages::prove(length, settle),
        Proof::Readers => readers::prove(length, settle, pathlight),
        Proof::Collector => collector::prove(length, settle, pathlight),
    }
}

/// Where a proof's own programs stand.
fn sources(proof: &str) -> PathBuf {
    workspace().join("crates/xtask/conformance").join(proof)
}

/// Gets the packages of all proofs.
pub(crate) fn fetch() -> Result<(), Failure> {
    let all = <Proof as clap::ValueEnum>::value_variants().iter().map(|proof| proof.name());
    all.filter(|name| sources(name).join(LOCK).exists()).try_for_each(|name| packages(name).map(drop))
}

/// What a proof's packages are, exactly.
const LOCK: &str = "package-lock.json";

/// The folder whose `node_modules` holds exactly what the proof's `package-lock.json` says.
pub(crate) fn packages(proof: &str) -> Result<PathBuf, Failure> {
    /// Two proofs may want the same ones.
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _guard = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = workspace().join("target/conformance").join(proof);
    fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let lock = fs::read(sources(proof).join(LOCK))?;
    let done = folder.join("installed.json");
    if fs::read(&done).is_ok_and(|installed| installed == lock) {
        return Ok(folder);
    }
    for file in ["package.json", LOCK] {
        fs::copy(sources(proof).join(file), folder.join(file))?;
    }
    let prefix = folder.to_string_lossy();
    command("npm", &["ci", "--prefix", &prefix, "--no-audit", "--no-fund", "--ignore-scripts", "--silent"], &[])?;
    fs::write(done, lock)?;
    Ok(folder)
}

/// Runs a script of ours in Node and returns what it prints; what it says goes to the terminal.
fn node(folder: &Path, args: &[&std::ffi::OsStr]) -> Result<Vec<u8>, Failure> {
    let output = Command::new("node").args(args).current_dir(folder).stderr(std::process::Stdio::inherit()).output()?;
    if output.status.success() { Ok(output.stdout) } else { Err(format!("node {args:?}: {}", output.status).into()) }
}
