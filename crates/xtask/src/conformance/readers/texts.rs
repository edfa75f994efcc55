//! The texts whose source maps are read: real ones, and each kind of line end and character on purpose.

use std::fs;
use std::path::{Path, PathBuf};

use pathlight_instrument::FileKind;

use crate::{Failure, stock};

/// Files and folders below `node_modules`.
const PACKAGES: [&str; 11] = [
    "lodash/lodash.js",
    "lodash/lodash.min.js",
    "react-dom/cjs/react-dom-client.development.js",
    "three/build/three.module.js",
    "three/build/three.core.js",
    "d3/dist/d3.js",
    "d3/dist/d3.min.js",
    "rxjs/dist/esm",
    "rxjs/src/internal",
    "zod/src",
    "typescript/lib/typescript.js",
];

/// Line ends that a text is given in turn; `\n` is its own.
const LINE_ENDS: [(&str, &str); 4] = [("crlf", "\r\n"), ("cr", "\r"), ("ls", "\u{2028}"), ("ps", "\u{2029}")];

/// Lays out `source/`, and with swc's own output and map `stock/`.
pub(super) fn lay_out(folder: &Path) -> Result<(), Failure> {
    let maps = folder.join("maps");
    if maps.exists() {
        fs::remove_dir_all(&maps)?;
    }
    let modules = folder.join("node_modules");
    for package in PACKAGES {
        for file in source_files(&modules.join(package))? {
            let name = file.strip_prefix(&modules)?;
            lay_out_one(&maps, name, &fs::read_to_string(&file)?)?;
        }
    }
    for file in source_files(&folder.join("scripts/texts"))? {
        let text = fs::read_to_string(&file)?;
        let name = Path::new(file.file_name().unwrap_or_default());
        lay_out_one(&maps, &Path::new("texts").join(name), &text)?;
        for (ends, end) in LINE_ENDS {
            lay_out_one(&maps, &Path::new("texts").join(ends).join(name), &text.replace('\n', end))?;
        }
    }
    Ok(())
}

fn lay_out_one(maps: &Path, name: &Path, text: &str) -> Result<(), Failure> {
    let (code, map) = stock::print_with_map(&name.to_string_lossy(), text)?;
    let stock = maps.join("stock").join(name);
    write(&maps.join("source").join(name), text.as_bytes())?;
    write(&stock, &code)?;
    let mut map_name = stock.into_os_string();
    map_name.push(".map");
    write(Path::new(&map_name), &map)
}

fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    Ok(fs::write(path, content)?)
}

/// All that can be instrumented at or below `path`, in any order; declarations and tests are not.
fn source_files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests") {
                files.extend(source_files(&path)?);
            }
        } else if FileKind::of(&path.to_string_lossy()).is_some_and(|kind| !kind.is_declaration) {
            files.push(path);
        }
    }
    Ok(files)
}
