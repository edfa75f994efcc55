//! Where the formats go.

use std::cell::LazyCell;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use pathlight_report::Coverage;
use pathlight_report::diff::Changes;
use pathlight_report::formats::{Format, FormatOptions};

use super::ReportFlags;
use crate::diagnostic::Failure;
use crate::paths::absolute;
use crate::stage::Stage;

/// Where the output goes.
pub(super) enum Target {
    Stdout,
    File(PathBuf),
    Folder(PathBuf),
}

impl Target {
    /// # Errors
    /// Several formats and no folder.
    pub(super) fn new(flags: &ReportFlags) -> Result<Self, Failure> {
        let has_pages = |format: &Format| format.pages.is_some();
        let is_one = flags.format.len() == 1 && !flags.format.iter().any(has_pages);
        match &flags.out {
            None if is_one => Ok(Self::Stdout),
            Some(path) if path == Path::new("-") && is_one => Ok(Self::Stdout),
            Some(path) if path != Path::new("-") => {
                let is_folder = !is_one || path.is_dir() || path.to_string_lossy().ends_with('/');
                Ok(if is_folder { Self::Folder(path.clone()) } else { Self::File(path.clone()) })
            }
            _ => Err(Failure::usage("several files need a folder", "give one with --out")),
        }
    }

    pub(super) fn write(
        &self,
        coverage: &Coverage,
        changes: Option<&Changes>,
        flags: &ReportFlags,
    ) -> Result<(), Failure> {
        let is_stdout = matches!(self, Self::Stdout);
        let options = FormatOptions {
            colour: is_stdout && io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
            skip_full: flags.skip_full,
            closure_exact: flags.closure_exact,
            never_run: flags.never_run,
            hot: flags.hot,
            changes: changes.cloned(),
            root_url: root_url(flags)?,
        };
        let tree = match self {
            Self::Folder(folder) if flags.format.iter().any(|format| format.pages.is_some()) => Some(folder.as_path()),
            _ => None,
        };
        let mut stage = Stage::new(tree)?;
        // Copies all that is current where something is not.
        let current = LazyCell::new(|| coverage.current());
        for format in &flags.format {
            let mut content = Vec::new();
            let coverage = if format.is_by_path { &**current } else { coverage };
            (format.write)(coverage, &options, &mut content).map_err(Failure::Output)?;
            match self {
                Self::Stdout => io::stdout().write_all(&content).map_err(Failure::Output)?,
                Self::File(path) => stage.write_single(path, &content, None)?,
                Self::Folder(folder) => stage.write_single(&folder.join(format.file), &content, None)?,
            }
            if let Some(pages) = format.pages {
                pages(coverage, &options, &mut |path, text| stage.write(Path::new(path), &[text], None))
                    .map_err(Failure::Output)?;
            }
        }
        stage.commit()
    }
}

/// Readers of V8's coverage want files by URL.
fn root_url(flags: &ReportFlags) -> Result<String, Failure> {
    let folder = flags.sources.as_deref().unwrap_or(Path::new("."));
    let folder = std::path::absolute(folder).map_err(Failure::io("find", folder))?;
    let path = absolute(Path::new(""), &folder).to_string_lossy().replace('\\', "/");
    let escaped =
        path.trim_matches('/').replace('%', "%25").replace('#', "%23").replace('?', "%3F").replace(' ', "%20");
    Ok(if escaped.is_empty() { "file:///".to_owned() } else { format!("file:///{escaped}/") })
}
