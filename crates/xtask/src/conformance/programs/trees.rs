//! The trees that a program runs in: as it is, and instrumented in each form.
//!
//! Below the folder of the packages, `plain` holds the drivers alone (Node finds the packages one folder up), and
//! each variant holds everything. All stand equally deep, so that a driver finds the original sources of a package
//! at the same place from each of them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::{node, packages, sources};
use serde::Deserialize;

use super::Tally;
use crate::Failure;

/// Folders of ours: one driver a package, and what drivers share.
const OWN: [&str; 2] = ["drivers", "shared"];

/// Files that are left as they are, and why.
const LEFT: [(&str, &str); 2] = [
    ("node_modules/pino/test/fixtures/syntax-error-esm.mjs", SYNTAX_ERROR),
    ("node_modules/thread-stream/test/syntax-error.mjs", SYNTAX_ERROR),
];

const SYNTAX_ERROR: &str = "a syntax error on purpose, for the package's own tests";

/// One way to instrument.
#[derive(Debug)]
pub(super) struct Variant {
    pub(super) name: &'static str,
    flags: &'static [&'static str],
    folder: PathBuf,
    /// Number of probes in the tree.
    probes: u64,
}

const VARIANTS: [(&str, &[&str]); 2] = [("vlq", &["--ids", "vlq"]), ("number", &["--ids", "number"])];

/// All trees of one run.
pub(super) struct Trees {
    folder: PathBuf,
    variants: Vec<Variant>,
}

impl Trees {
    pub(super) fn make(pathlight: &Path, tally: &mut Tally) -> Result<Self, Failure> {
        let folder = packages("programs")?;
        for own in OWN {
            let from = sources("programs").join(own);
            replace_folder(&from, &folder.join(own))?;
            replace_folder(&from, &folder.join("plain").join(own))?;
        }
        // TypeScript as some packages ship it, and what its own compiler makes of it.
        node(&folder, &[sources("programs").join("transpile.cjs").as_os_str(), folder.as_os_str()])?;
        let mut trees = Self { folder, variants: Vec::new() };
        for (name, flags) in VARIANTS {
            let mut variant = Variant { name, flags, folder: trees.folder.join(name), probes: 0 };
            variant.instrument(pathlight, &trees.folder)?;
            trees.variants.push(variant);
        }
        for (file, reason) in LEFT {
            tally.except(file, 1, reason);
        }
        trees.compare_export_names(tally)?;
        Ok(trees)
    }

    /// What Node's own lexer finds in the text of each CommonJS module.
    fn compare_export_names(&self, tally: &mut Tally) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Found {
            files: u64,
            names: u64,
            differences: Vec<String>,
        }

        let script = sources("programs").join("names.cjs");
        let mut args = vec![script.as_os_str(), self.folder.as_os_str()];
        args.extend(self.variants.iter().map(|variant| OsStr::new(variant.name)));
        let found: Found = serde_json::from_slice(&node(&self.folder, &args)?)?;
        tally.add("CommonJS modules with equal export names", found.files - found.differences.len() as u64);
        tally.add("export names", found.names);
        found.differences.into_iter().for_each(|difference| tally.fail(format!("export names of {difference}")));
        Ok(())
    }

    pub(super) fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// The names of all drivers, sorted.
    pub(super) fn programs(&self) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.folder.join("drivers"))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    /// The program as it is.
    pub(super) fn plain(&self, program: &str) -> Command {
        program_in(&self.folder.join("plain"), program, &[])
    }

    /// The instrumented program, under V8's eyes.
    pub(super) fn instrumented(&self, variant: &Variant, program: &str) -> Command {
        let oracle = sources("programs").join("oracle.cjs");
        let mut command = program_in(&variant.folder, program, &[OsStr::new("--require"), oracle.as_os_str()]);
        command.env("ORACLE_PROBES", variant.probes.to_string()).env("ORACLE_FINDINGS", variant.findings(program));
        command
    }
}

/// Programs whose names begin so print stacks, which must point to the originals.
const STACKS: &str = "stack.";

/// Node with nothing of the machine's own settings. V8 must not forget a function before its counts are taken.
fn program_in(tree: &Path, program: &str, flags: &[&OsStr]) -> Command {
    let mut command = Command::new("node");
    if program.starts_with(STACKS) {
        command.arg("--enable-source-maps");
    }
    command.arg("--no-flush-bytecode").args(flags).arg(Path::new("drivers").join(program)).current_dir(tree);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("TZ", "UTC");
    command
}

impl Variant {
    fn instrument(&mut self, pathlight: &Path, from: &Path) -> Result<(), Failure> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        let mut command = Command::new(pathlight);
        command.current_dir(from).arg("instrument").args(OWN).args(["node_modules", "sources"]).args(self.flags);
        command.arg("--out-dir").arg(self.name).arg("--mapping").arg(self.mapping_path());
        command.args(["--copy-others", "--no-ignore", "--source-maps", "file", "--quiet", "--json"]);
        command.arg("--strip-types");
        for include in ["*.js", "*.cjs", "*.mjs", "sources/**/*.ts"] {
            command.args(["--include", include]);
        }
        for (file, _) in LEFT {
            command.args(["--exclude", file]);
        }
        let output = command.stderr(std::process::Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("pathlight instrument, {}: {}", self.name, output.status).into());
        }
        let summary: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        self.probes = summary["probes"].as_u64().ok_or("no count of probes in the summary")?;
        Ok(())
    }

    pub(super) fn mapping_path(&self) -> PathBuf {
        self.folder.with_extension("mapping")
    }

    /// Where the oracle writes what it found.
    pub(super) fn findings(&self, program: &str) -> PathBuf {
        self.folder.join("drivers").join(program).with_extension("findings.json")
    }
}

fn replace_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
