//! Mappings and their manifests, from files or from a collector with its counts.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use pathlight_mapping::{BuildManifest, Mapping, MappingError, manifest_path};
use pathlight_report::Build;
use pathlight_report::bundle::Shipped;

use super::{ReportFlags, bundles, stored};
use crate::diagnostic::Failure;
use crate::server::Server;

/// What manifests are called, behind the name of the mapping.
const MANIFEST: &str = ".build.json";

/// The builds that the flags name, in that order, with what is left of their probes in the bundles.
///
/// # Errors
/// A file that cannot be read or is none, a folder without a manifest, bundles of which it cannot be told whose they
/// are.
pub(super) fn load(flags: &ReportFlags) -> Result<Vec<Build>, Failure> {
    let mut builds = match &flags.server {
        Some(server) => stored::load(&Server::new(server, &flags.token)?, &flags.build)?,
        None => load_mappings(flags)?,
    };
    let ([build], false) = (builds.as_mut_slice(), flags.bundle.is_empty()) else {
        if flags.bundle.is_empty() {
            return Ok(builds);
        }
        return Err(Failure::usage(
            "--bundle with several builds",
            "run pathlight once for each build with its bundles",
        ));
    };
    bundles::add(build, flags)?;
    if build.shipped.as_ref().is_some_and(Shipped::is_empty) {
        return Err(Failure::usage(
            "no probe in the files of --bundle",
            "give the instrumented code as it was shipped: all files that hold probes",
        ));
    }
    Ok(builds)
}

fn load_mappings(flags: &ReportFlags) -> Result<Vec<Build>, Failure> {
    let mappings = if flags.build.is_empty() {
        vec![flags.mapping.clone().unwrap_or_else(|| "pathlight.mapping".into())]
    } else {
        let folders = flags.build.iter().map(|folder| mappings_in(folder));
        folders.collect::<Result<Vec<_>, _>>()?.concat()
    };
    let mut builds: Vec<Build> = Vec::new();
    for path in mappings {
        let build = load_one(&path)?;
        let id = build.manifest.as_ref().map(|manifest| &manifest.build);
        let is_known = |other: &Build| other.manifest.as_ref().map(|manifest| &manifest.build) == id;
        // The same build may well lie in two places.
        if id.is_none() || !builds.iter().any(is_known) {
            builds.push(build);
        }
    }
    Ok(builds)
}

fn mappings_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut mappings = Vec::new();
    for entry in fs::read_dir(folder).map_err(Failure::io("read", folder))? {
        let path = entry.map_err(Failure::io("read", folder))?.path();
        if let Some(mapping) = path.to_string_lossy().strip_suffix(MANIFEST) {
            mappings.push(PathBuf::from(mapping));
        }
    }
    if mappings.is_empty() {
        return Err(Failure::File(
            folder.to_owned(),
            format!("no build manifest in it: no file named *{MANIFEST}"),
            "give the folder that `pathlight instrument` wrote the mapping to".into(),
        ));
    }
    mappings.sort();
    Ok(mappings)
}

/// Most often the mapping stands elsewhere, or its folder was named.
fn unreadable(path: &Path, error: io::Error) -> Failure {
    let (what, remedy) = match error.kind() {
        ErrorKind::NotFound => {
            ("no such mapping", "name the file that `pathlight instrument --mapping` wrote with --mapping")
        }
        ErrorKind::IsADirectory => ("it is a folder", "name the mapping in it, or the folder with --build"),
        _ => return Failure::Io("read", path.to_owned(), error),
    };
    Failure::File(path.to_owned(), what.into(), remedy.into())
}

fn load_one(path: &Path) -> Result<Build, Failure> {
    let remedy = "give the file that `pathlight instrument --mapping` wrote";
    let bad = |path: &Path, error: MappingError| Failure::File(path.to_owned(), error.to_string(), remedy.into());
    let bytes = fs::read(path).map_err(|error| unreadable(path, error))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::File(path.to_owned(), "not a mapping file: it is no UTF-8 text".into(), remedy.into()))?;
    let mapping = Mapping::parse(&text).map_err(|error| bad(path, error))?;
    let manifest = manifest_path(path);
    let manifest = match fs::read_to_string(&manifest) {
        Ok(json) => {
            let read = json.parse::<BuildManifest>().map_err(|error| bad(&manifest, error))?;
            if let Err(error) = read.check(&mapping) {
                return Err(Failure::File(
                    manifest,
                    error.to_string(),
                    "keep the two files together as `pathlight instrument` wrote them".into(),
                ));
            }
            Some(read)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(Failure::Io("read", manifest, error)),
    };
    Ok(Build::new(mapping, manifest))
}
