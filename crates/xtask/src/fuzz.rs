//! `cargo xtask fuzz`: libFuzzer over everything that reads, guided by coverage. The compiler's own flags do what
//! `cargo fuzz` does with a nightly one; no sanitizer is used, so that they are all there is to it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Failure, build_for_release, command, known, workspace};

/// What libFuzzer is guided by; and whole numbers that overflow panic.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Coverflow-checks=yes";

/// A panic ends the program, as libFuzzer wants it; the rest halves the time of the build.
const PROFILE: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
];

/// Bounds of one input: bytes, MiB of the whole process, seconds.
const BOUNDS: [&str; 3] = ["-max_len=4096", "-rss_limit_mb=2048", "-timeout=20"];

/// Runs these targets, all if none is named, for `seconds` each; every one that fails is named.
pub(crate) fn run(targets: &[String], seconds: u32) -> Result<(), Failure> {
    let folder = workspace().join("target/fuzz");
    fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let all = seeds(&folder)?;
    known("target", targets, &all.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>())?;
    let chosen: Vec<_> = all.iter().filter(|(name, _)| targets.is_empty() || targets.contains(name)).collect();
    let programs = build(&folder, chosen.iter().map(|(name, _)| name.as_str()))?;
    let mut failures = Vec::new();
    for (name, dictionary) in chosen {
        if let Err(error) = fuzz(&folder.join(name), &Path::new(&programs).join(name), dictionary, seconds) {
            failures.push(format!("{name}: {error}"));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// Writes the seeds of all targets; name and dictionary of each.
fn seeds(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let program = build_for_release("seeds")?;
    let output = Command::new(program).arg(folder).stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err("the seeds could not be written".into());
    }
    let lines = String::from_utf8(output.stdout)?;
    Ok(lines.lines().filter_map(|line| line.split_once(' ')).map(|(a, b)| (a.into(), b.into())).collect())
}

/// Builds targets; the folder that they are in.
fn build<'a>(folder: &Path, targets: impl Iterator<Item = &'a str>) -> Result<String, Failure> {
    let version = String::from_utf8(Command::new("rustc").arg("-vV").output()?.stdout)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("`rustc -vV` names no host")?;
    let built = folder.join("build").to_string_lossy().into_owned();
    // With a named target, build scripts and macros are built without these flags: they have no libFuzzer.
    let mut args = vec!["build", "--release", "--package", "pathlight_fuzz", "--features", "fuzzer"];
    args.extend(["--target", host, "--target-dir", &built]);
    // The program that writes the seeds has no `main` of libFuzzer's.
    args.extend(targets.flat_map(|target| ["--bin", target]));
    command("cargo", &args, &[("RUSTFLAGS", FLAGS), PROFILE[0], PROFILE[1], PROFILE[2]])?;
    Ok(format!("{built}/{host}/release"))
}

/// One target: what it finds new stays in `corpus` for the next run, what fails in `artifacts`.
fn fuzz(folder: &Path, program: &Path, dictionary: &str, seconds: u32) -> Result<(), Failure> {
    let [corpus, seeds, artifacts] = ["corpus", "seeds", "artifacts"].map(|name| folder.join(name));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&artifacts)?;
    let mut args = vec![corpus.to_string_lossy().into_owned(), seeds.to_string_lossy().into_owned()];
    args.extend(BOUNDS.map(str::to_owned));
    args.push(format!("-max_total_time={seconds}"));
    args.push(format!("-artifact_prefix={}/", artifacts.display()));
    args.push("-print_final_stats=1".into());
    if !dictionary.is_empty() {
        args.push(format!("-dict={}", workspace().join("crates/fuzz").join(dictionary).display()));
    }
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    command(&program.to_string_lossy(), &args, &[])
}
