//! The program of `fixtures/reports/shop`, and npm's packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use pathlight_mapping::{BuildManifest, Mapping};
use pathlight_report::Build;

/// A program, its mapping, and reports of a run.
pub(crate) fn shop() -> PathBuf {
    crate_folder().join("../../fixtures/reports/shop").canonicalize().unwrap()
}

/// Its build, without reports.
pub(crate) fn shop_build() -> Build {
    let read = |name| fs::read_to_string(shop().join(name)).unwrap();
    let manifest: BuildManifest = read("pathlight.mapping.build.json").parse().unwrap();
    Build::new(Mapping::parse(&read("pathlight.mapping")).unwrap(), Some(manifest))
}

pub(crate) fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder whose `node_modules` holds exactly what the lock file says.
pub(crate) fn packages() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(install)
}

fn install() -> PathBuf {
    let sources = crate_folder().join("tests/readers");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers");
    fs::create_dir_all(&folder).unwrap();
    let lock = fs::read(sources.join("package-lock.json")).unwrap();
    let done = folder.join("installed.json");
    if fs::read(&done).is_ok_and(|installed| installed == lock) {
        return folder;
    }
    for file in ["package.json", "package-lock.json"] {
        fs::copy(sources.join(file), folder.join(file)).unwrap();
    }
    let args = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"];
    let status =
        Command::new("npm").args(args).current_dir(&folder).status().expect("the tests need `npm` on the PATH");
    assert!(status.success(), "npm ci: {status}");
    fs::write(done, lock).unwrap();
    folder
}
