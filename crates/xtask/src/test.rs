//! `cargo xtask test`: the one test command, with its own set-up. `cargo xtask bless`: accept what changed.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::conformance::{self, Length, Settle};
use crate::{Failure, command, cores, product, readme, workspace};

/// The oldest Node that the tests are run with.
const NODE: u32 = 20;

/// Lints, docs and tests are built under this profile, whose dependencies are those of the released product; see the
/// workspace's `Cargo.toml`.
const PROFILE: [&str; 2] = ["--profile", "bench"];

pub(crate) fn run() -> Result<(), Failure> {
    check_node()?;
    // While one part waits for the net, the other needs the cores.
    cores::on_each(&[fetch, lint], |part| part())?;
    // Missing and changed snapshots fail; only `bless` writes.
    cargo("test", &[], &[("INSTA_UPDATE", "no")])?;
    let pathlight = product()?;
    readme::check(&pathlight)?;
    let proofs = || conformance::run(&[], Length::Short, Settle::Compare, &pathlight);
    let runtimes = || runtimes(&pathlight);
    cores::on_each::<&(dyn Fn() -> _ + Sync)>(&[&proofs, &runtimes], |part| part())
}

/// Everything that a fresh machine lacks.
fn fetch() -> Result<(), Failure> {
    ensure_programs()?;
    conformance::fetch()?;
    command("npm", &["ci", "--prefix", NPM, "--no-audit", "--no-fund", "--ignore-scripts", "--silent"], &[])?;
    command("node", &["crates/npm/scripts/chromium.js"], &[])
}

/// The runtimes' package.
const NPM: &str = "crates/npm";

fn lint() -> Result<(), Failure> {
    command("cargo", &["fmt", "--all", "--check"], &[])?;
    cargo("clippy", &["--all-targets", "--quiet", "--", "-D", "warnings"], &[])?;
    cargo("doc", &["--no-deps", "--quiet"], &[("RUSTDOCFLAGS", "-D warnings")])
}

fn cargo(what: &str, args: &[&str], env: &[(&str, &str)]) -> Result<(), Failure> {
    command("cargo", &[&[what, "--workspace"], &PROFILE[..], args].concat(), env)
}

/// The runtimes' own tests, in Node and in Chromium. What they say is not mixed with what the proofs say.
fn runtimes(pathlight: &Path) -> Result<(), Failure> {
    let mut npm = Command::new("npm");
    npm.args(["test", "--prefix", NPM, "--silent"]).current_dir(workspace()).env("PATHLIGHT_BINARY", pathlight);
    let output = cores::on_core(|| npm.output())?;
    std::io::stdout().write_all(&output.stdout)?;
    std::io::stderr().write_all(&output.stderr)?;
    if output.status.success() {
        return Ok(());
    }
    // Of a log of many thousand lines often only the end is shown: it has the names and what each said first.
    let printed = String::from_utf8_lossy(&output.stdout);
    let failing = printed.split("failing tests:").nth(1).unwrap_or_default();
    let with_reason = failing.lines().zip(failing.lines().skip(1));
    let failures =
        with_reason.filter_map(|(line, reason)| Some(format!("\n{}: {}", line.strip_prefix("✖ ")?, reason.trim())));
    Err(format!("the tests of the runtimes failed{}", failures.collect::<String>()).into())
}

pub(crate) fn bless() -> Result<(), Failure> {
    check_node()?;
    ensure_programs()?;
    cargo("test", &["--no-fail-fast"], &[("INSTA_UPDATE", "always"), ("PATHLIGHT_BLESS", "1")])?;
    readme::bless(&product()?)
}

/// Half of the tests run programs before and after; without Node they would prove nothing.
fn check_node() -> Result<(), Failure> {
    let remedy = format!("install Node.js {NODE} or later and put it on the PATH");
    let output =
        Command::new("node").arg("--version").output().map_err(|_| format!("`node` was not found: {remedy}"))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => Ok(()),
        _ => Err(format!("node {version} is too old: {remedy}").into()),
    }
}

/// The collector's tests start a PostgreSQL of their own, the reporter's have lcov's own reader, and Closure's
/// reporters need Java: without these programs half of them would prove nothing. Debian's packages are installed where
/// that is possible.
fn ensure_programs() -> Result<(), Failure> {
    let runs = |program: &str| {
        // Java 8 does not know the other spelling.
        let flag = if program == "java" { "-version" } else { "--version" };
        let silent = Command::new(program).arg(flag).stdout(Stdio::null()).stderr(Stdio::null()).status();
        silent.is_ok_and(|status| status.success())
    };
    let is_debians = || {
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        versions.map(|version| version.path().join("bin/initdb")).any(|program| program.exists())
    };
    let missing = || {
        let wanted = [
            ("postgresql", is_debians() || runs("initdb")),
            ("lcov", runs("genhtml")),
            ("default-jre-headless", runs("java")),
        ];
        wanted.into_iter().filter(|(_, is_there)| !is_there).map(|(package, _)| package).collect::<Vec<_>>()
    };
    let packages = missing();
    if packages.is_empty() {
        return Ok(());
    }
    let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
    let install = [&["install", "--yes", "--quiet", "--no-install-recommends"], packages.as_slice()].concat();
    let installed =
        command("apt-get", &["update", "--quiet"], &quiet).and_then(|()| command("apt-get", &install, &quiet));
    match installed {
        Ok(()) if missing().is_empty() => Ok(()),
        _ => Err(format!(
            "not found: {}. Install these packages of Debian's, or put initdb, genhtml and java on the PATH",
            packages.join(", ")
        )
        .into()),
    }
}
