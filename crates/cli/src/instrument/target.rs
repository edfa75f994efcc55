//! Where the code goes.

use std::path::{Path, PathBuf};

use crate::diagnostic::Failure;
use crate::flags::InstrumentFlags;
use crate::paths::absolute;

/// Where the code goes.
#[derive(Debug)]
pub(super) enum Target {
    Folder(PathBuf),
    File(PathBuf),
    Stdout,
}

impl Target {
    pub(super) fn new(flags: &InstrumentFlags, files: usize) -> Result<Self, Failure> {
        let working = std::env::current_dir().map_err(Failure::io("find", Path::new("the working folder")))?;
        match (&flags.out_dir, &flags.out_file) {
            (Some(dir), _) => Ok(Self::Folder(absolute(&working, dir))),
            (None, Some(file)) if file == Path::new("-") => Ok(Self::Stdout),
            (None, Some(file)) if file.is_dir() => Err(Failure::usage(
                format!("--out-file {}: it is a folder", file.display()),
                "mirror the tree there with --out-dir DIR, or name a file in it",
            )),
            (None, Some(file)) => Ok(Self::File(absolute(&working, file))),
            (None, None) if files <= 1 => Ok(Self::Stdout),
            (None, None) => Err(Failure::usage(
                format!("{files} files and no place for them"),
                "say where they go with --out-dir DIR, or join them with --out-file FILE",
            )),
        }
    }
}

/// Where the source map of an output stands.
pub(super) fn map_path(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".map");
    path.into()
}

/// What would end a URL or a comment is escaped; letters of any script stay readable.
pub(super) fn url_escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '%' | '?' | '#' | '"' | '\'' | '<' | '>' | '\\' | '*' => out.push_str(&format!("%{:02X}", c as u32)),
            c if c.is_whitespace() || c.is_control() => {
                c.to_string().bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
            }
            c => out.push(c),
        }
    }
    out
}
