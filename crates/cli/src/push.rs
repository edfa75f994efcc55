//! `pathlight push`: a build's mapping and manifest to a collector.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;
use pathlight_mapping::{BuildManifest, Mapping, manifest_path};
use serde_json::{Value, json};

use crate::diagnostic::Failure;
use crate::server::{Server, TokenFlags, build_path};
use crate::terminal;

pub(crate) const PUSH_EXAMPLES: &str = "\
Examples:
  PATHLIGHT_TOKEN=… pathlight push --server https://collect.example
  pathlight push --mapping build/pathlight.mapping --server http://localhost:8787 --token-file token

Without a manifest beside the mapping, --build-id says which build it is of.";

#[derive(Args, Debug)]
pub(crate) struct PushFlags {
    /// The mapping file; the build manifest beside it, FILE.build.json, goes with it
    #[arg(long, short = 'm', value_name = "FILE", default_value = "pathlight.mapping")]
    mapping: PathBuf,

    /// The collector
    #[arg(long, env = "PATHLIGHT_SERVER", value_name = "URL")]
    server: String,

    /// The build that the mapping is of, where no manifest says so [default: as the manifest says]
    #[arg(long, value_name = "ID")]
    build_id: Option<String>,

    #[command(flatten)]
    token: TokenFlags,

    /// Leave out the sources that the manifest holds
    #[arg(long)]
    no_sources: bool,

    /// Say nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(flags: &PushFlags) -> Result<(), Failure> {
    let server = Server::new(&flags.server, &flags.token)?;
    let mapping = fs::read_to_string(&flags.mapping).map_err(Failure::io("read", &flags.mapping))?;
    let read = Mapping::parse_whole(&mapping).map_err(|error| bad_file(&flags.mapping, &error.to_string()))?;
    let probes = read.len();
    let manifest = manifest(flags, &read)?;
    let Some(build) = flags.build_id.as_ref().or(manifest.as_ref().map(|manifest| &manifest.build)) else {
        return Err(Failure::usage(
            format!("{} has no build manifest beside it", flags.mapping.display()),
            "say which build it is of with --build-id",
        ));
    };
    let manifest = manifest.as_ref().map(BuildManifest::to_json);
    let body = packed(&json!({ "mapping": mapping, "manifest": manifest })).map_err(Failure::Output)?;
    server.put(&build_path(build), &body)?;
    if !flags.quiet {
        terminal::show(&format!("pushed build {build}: {probes} probes"));
    }
    Ok(())
}

fn manifest(flags: &PushFlags, mapping: &Mapping) -> Result<Option<BuildManifest>, Failure> {
    let path = manifest_path(&flags.mapping);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io("read", &path)(error)),
    };
    let mut manifest: BuildManifest = text.parse().map_err(|error| bad_file(&path, &format!("{error}")))?;
    manifest.check(mapping).map_err(|error| bad_file(&path, &error.to_string()))?;
    if let Some(id) = flags.build_id.as_ref().filter(|id| **id != manifest.build) {
        return Err(Failure::File(
            path,
            format!("it is of build {}, not of {id}", manifest.build),
            format!("leave --build-id out, or instrument with `--build-id {id}`"),
        ));
    }
    if flags.no_sources {
        manifest.files.iter_mut().for_each(|file| file.source = None);
    }
    Ok(Some(manifest))
}

fn bad_file(path: &Path, what: &str) -> Failure {
    Failure::File(path.to_owned(), what.to_owned(), "give the files that `pathlight instrument` wrote".to_owned())
}

fn packed(value: &Value) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(value.to_string().as_bytes())?;
    encoder.finish()
}
