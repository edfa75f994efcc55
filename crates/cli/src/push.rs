//! `pathlight push`: a build's mapping and manifest to a collector.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;
use pathlight_mapping::{BuildManifest, Mapping, manifest_path};
use serde_json::{Value, json};
use ureq::Agent;

use crate::diagnostic::Failure;
use crate::terminal;

pub(crate) const PUSH_EXAMPLES: &str = "\
Examples:
  PATHLIGHT_TOKEN=… pathlight push --server https://collect.example
  pathlight push --mapping build/pathlight.mapping --server http://localhost:8787 --token-file token

Without a manifest beside the mapping, --build-id says which build it is of.";

/// For the whole exchange.
const TIMEOUT: Duration = Duration::from_secs(300);

#[derive(Args, Debug)]
pub(crate) struct PushFlags {
    /// The mapping file; the build manifest beside it, FILE.build.json, goes with it
    #[arg(long, short = 'm', value_name = "FILE", default_value = "pathlight.mapping")]
    mapping: PathBuf,

    /// The collector
    #[arg(long, env = "PATHLIGHT_SERVER", value_name = "URL")]
    server: String,

    /// The build that the mapping is of [default: as the manifest says]
    #[arg(long, value_name = "ID")]
    build_id: Option<String>,

    /// A file with the token; without it, PATHLIGHT_TOKEN holds the token itself
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// Leave out the sources that the manifest holds
    #[arg(long)]
    no_sources: bool,

    /// Say nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(flags: &PushFlags) -> Result<(), Failure> {
    let token = token(flags)?;
    let mapping = fs::read_to_string(&flags.mapping).map_err(Failure::io("read", &flags.mapping))?;
    let probes = Mapping::parse(&mapping).map_err(|error| bad_file(&flags.mapping, &error.to_string()))?.len();
    let manifest = manifest(flags)?;
    let Some(build) = flags.build_id.as_ref().or(manifest.as_ref().map(|manifest| &manifest.build)) else {
        return Err(Failure::usage(
            format!("{} has no build manifest beside it", flags.mapping.display()),
            "say which build it is of with --build-id",
        ));
    };
    let manifest = manifest.as_ref().map(BuildManifest::to_json);
    let body = packed(&json!({ "mapping": mapping, "manifest": manifest })).map_err(Failure::Output)?;
    put(flags, build, &token, &body)?;
    if !flags.quiet {
        terminal::show(&format!("pushed build {build}: {probes} probes"));
    }
    Ok(())
}

fn token(flags: &PushFlags) -> Result<String, Failure> {
    let token = match &flags.token_file {
        Some(path) => fs::read_to_string(path).map_err(Failure::io("read", path))?,
        None => std::env::var("PATHLIGHT_TOKEN").unwrap_or_default(),
    };
    let token = token.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::usage(
            "there is no token",
            "make one with `pathlight collect --new-token NAME` and give it in PATHLIGHT_TOKEN or --token-file",
        ));
    }
    Ok(token.to_owned())
}

fn manifest(flags: &PushFlags) -> Result<Option<BuildManifest>, Failure> {
    let path = manifest_path(&flags.mapping);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io("read", &path)(error)),
    };
    let mut manifest: BuildManifest = text.parse().map_err(|error| bad_file(&path, &format!("{error}")))?;
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

fn put(flags: &PushFlags, build: &str, token: &str, body: &[u8]) -> Result<(), Failure> {
    let server = flags.server.trim_end_matches('/');
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let answer = agent
        .put(format!("{server}/v1/builds/{}", in_path(build)))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .send(body);
    let mut answer = answer
        .map_err(|error| Failure::usage(format!("{server}: {error}"), "see that --server is a collector and runs"))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let text = answer.body_mut().read_to_string().unwrap_or_default();
    let reason =
        serde_json::from_str::<Value>(&text).ok().and_then(|answer| Some(answer.get("error")?.as_str()?.to_owned()));
    Err(Failure::usage(
        format!("{server} answered {status}{}", reason.map(|reason| format!(": {reason}")).unwrap_or_default()),
        match status.as_u16() {
            401 => "give a token of that collector",
            409 => "a build id stands for one mapping: give this build another one",
            _ => "see the collector's log",
        },
    ))
}

/// A build id as one segment of a path.
fn in_path(build: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    build.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
