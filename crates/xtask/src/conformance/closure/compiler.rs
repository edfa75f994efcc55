//! Closure Compiler itself: the native image of its npm package.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;

/// The compiler, ready to run.
#[derive(Debug)]
pub(crate) struct Compiler {
    binary: PathBuf,
}

/// What it made of a program.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) code: String,
    /// The text of the mapping.
    pub(crate) mapping: String,
}

/// Why it made nothing.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The compiler's own name for its first error, `JSC_…`; `INTERNAL` if it crashed.
    pub(crate) class: String,
    /// What it said of it, without the place.
    pub(crate) message: String,
}

/// What every run is told: the code as it is, since each release knows more syntax by its own name for "all", and
/// all of its letters, which it prints as `?` otherwise.
const LANGUAGE: [&str; 6] = ["--language_in", "UNSTABLE", "--language_out", "NO_TRANSPILE", "--charset", "UTF-8"];

impl Compiler {
    /// The binary in the proof's packages.
    pub(crate) fn find(packages: &Path) -> Result<Self, Failure> {
        let binary = packages.join("node_modules/google-closure-compiler-linux/compiler");
        let output = Command::new(&binary).arg("--version").output().map_err(|error| {
            format!(
                "{}: {error}: this proof runs Closure Compiler's native image, which npm has for Linux on x64",
                binary.display()
            )
        })?;
        let version = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() || !version.contains("Version:") {
            return Err(format!("{} --version: {}: {version}", binary.display(), output.status).into());
        }
        Ok(Self { binary })
    }

    /// Plants Closure's probes and changes nothing else: TRANSPILE_ONLY normalises and instruments, and no optimiser
    /// folds or drops a branch. The files and `externs` are names in `folder`.
    pub(crate) fn instrument(
        &self,
        folder: &Path,
        files: &[&str],
        array: &str,
        externs: &str,
    ) -> Result<Result<Compiled, Refusal>, Failure> {
        let (code, mapping) = (folder.join("closure.js"), folder.join("closure.mapping"));
        let mut command = self.command(folder, "TRANSPILE_ONLY", Path::new(externs), &code);
        // Browsers' externs would rename every local that is called like a property of `window`.
        command.args(["--env", "CUSTOM", "--formatting", "PRETTY_PRINT"]);
        command.args(["--instrument_for_coverage_option", "PRODUCTION"]);
        command.args(["--production_instrumentation_array_name", array]);
        command.arg("--instrument_mapping_report").arg(&mapping);
        for file in files {
            command.args(["--js", file]);
        }
        let output = command.output()?;
        if !output.status.success() {
            return Ok(Err(Refusal::of(&String::from_utf8_lossy(&output.stderr))));
        }
        Ok(Ok(Compiled { code: fs::read_to_string(code)?, mapping: fs::read_to_string(mapping)? }))
    }

    /// Optimises one file without any probe of its own; returns the code and what the compiler said.
    pub(crate) fn optimise(
        &self,
        folder: &Path,
        file: &str,
        level: &str,
        externs: &Path,
    ) -> Result<Result<(String, String), Refusal>, Failure> {
        let code = folder.join(format!("{file}.{level}"));
        let output = self.command(folder, level, externs, &code).args(["--js", file]).output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            return Ok(Err(Refusal::of(&said)));
        }
        Ok(Ok((fs::read_to_string(code)?, said)))
    }

    fn command(&self, folder: &Path, level: &str, externs: &Path, code: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command.current_dir(folder).args(LANGUAGE).args(["-O", level]);
        command.arg("--externs").arg(externs).arg("--js_output_file").arg(code);
        command
    }
}

impl Refusal {
    fn of(said: &str) -> Self {
        let error = said.lines().find_map(|line| line.split_once(" ERROR - [")?.1.split_once("] "));
        let crash = || ("INTERNAL", said.lines().find(|line| line.starts_with("java.")).unwrap_or(said));
        let (class, message) = error.unwrap_or_else(crash);
        Self { class: class.to_owned(), message: message.to_owned() }
    }
}
