//! Paths as text, without asking the disk.

use std::path::{Component, Path, PathBuf};

/// Without `.` and `..`, so that one file has one path; links stay as they are.
pub(crate) fn absolute(working: &Path, path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in working.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The path from `root`, with `/`, whatever the machine.
pub(crate) fn relative(path: &Path, root: &Path) -> String {
    let common = path.components().zip(root.components()).take_while(|(a, b)| a == b).count();
    let up = root.components().skip(common).map(|_| "..".to_owned());
    let down = path.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}
