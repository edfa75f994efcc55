//! Builds with their counts, from a collector.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use pathlight_mapping::{BuildManifest, Hits, Mapping, ProbeId};
use pathlight_report::{Build, FileSeen, Seen, Stored, StoredPoint, Time};
use serde::Deserialize;

use crate::diagnostic::Failure;
use crate::report::{count, listing};
use crate::server::{Server, build_path};
use crate::terminal::printable;

/// Stands for the build that was pushed last, where none is called so.
const LATEST: &str = "latest";

/// `GET /v1/builds`.
#[derive(Deserialize)]
struct Listed {
    /// The oldest first.
    builds: Vec<String>,
    apart: Vec<Apart>,
}

/// A build that was not pushed.
#[derive(Deserialize)]
struct Apart {
    build: String,
    reports: u64,
}

/// `GET /v1/builds/ID`.
#[derive(Deserialize)]
struct Pushed {
    mapping: String,
    manifest: Option<String>,
}

/// `GET /v1/builds/ID/counts`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sums {
    counts: BTreeMap<String, u64>,
    seen: BTreeMap<String, SeenPoint>,
    reports: u64,
    sessions: u64,
    days: u64,
    file_sessions: Vec<u64>,
    file_days: Vec<u64>,
}

#[derive(Deserialize)]
struct SeenPoint {
    reports: u64,
    /// Seconds since 1970.
    first: i64,
    last: i64,
    days: u64,
}

/// The builds that are named, or the only one.
///
/// # Errors
/// There is no such build, it is unclear which one, or the collector does not answer as one.
pub(super) fn load(server: &Server, named: &[PathBuf]) -> Result<Vec<Build>, Failure> {
    let listed: Listed = server.get("/v1/builds")?;
    let mut ids = if named.is_empty() { vec![listed.only(server)?] } else { Vec::new() };
    for name in named {
        let id = listed.find(&name.to_string_lossy(), server)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.into_iter().map(|id| load_one(server, id)).collect()
}

impl Listed {
    fn only(&self, server: &Server) -> Result<&str, Failure> {
        match self.builds.as_slice() {
            [] => Err(Failure::usage(
                format!("nobody has pushed a build to {}{}", server.address(), self.waiting()),
                format!("run `pathlight push --server {}` where the mapping is", server.address()),
            )),
            [build] => Ok(build),
            _ => Err(Failure::usage(
                format!("{} has {}", server.address(), self.names()),
                "name one with --build ID, or the one that was pushed last with --build latest",
            )),
        }
    }

    fn find(&self, name: &str, server: &Server) -> Result<&str, Failure> {
        if let Some(build) = self.builds.iter().find(|build| *build == name) {
            return Ok(build);
        }
        if let (LATEST, Some(last)) = (name, self.builds.last()) {
            return Ok(last);
        }
        let shown = printable(name);
        if let Some(apart) = self.apart.iter().find(|apart| apart.build == name) {
            let reports = count(apart.reports, "report");
            return Err(Failure::usage(
                format!("{reports} of build {shown} wait at {}: nobody has pushed it", server.address()),
                format!("run `pathlight push --server {}` where its mapping is", server.address()),
            ));
        }
        if self.builds.is_empty() {
            return self.only(server);
        }
        Err(Failure::usage(format!("{} has no build {shown}", server.address()), format!("it has {}", self.names())))
    }

    /// `2 builds, newest first: b, a`.
    fn names(&self) -> String {
        let names = listing(self.builds.iter().rev().map(|name| printable(name)));
        format!("{}, newest first: {names}", count(self.builds.len() as u64, "build"))
    }

    /// `; reports of a, b wait for a push`.
    fn waiting(&self) -> String {
        let names = listing(self.apart.iter().map(|apart| printable(&apart.build)));
        if names.is_empty() { String::new() } else { format!("; reports of {names} wait for a push") }
    }
}

fn load_one(server: &Server, id: &str) -> Result<Build, Failure> {
    let strange = |what: String| server.strange(&format!("build {id}: {what}"));
    let pushed: Pushed = server.get(&build_path(id))?;
    let mapping = Mapping::parse(&pushed.mapping).map_err(|error| strange(error.to_string()))?;
    let manifest = pushed.manifest.map(|text| text.parse::<BuildManifest>()).transpose();
    let manifest = manifest.map_err(|error| strange(error.to_string()))?;
    if let Some(manifest) = manifest.as_ref().filter(|manifest| manifest.probes as usize != mapping.len()) {
        return Err(strange(format!("a mapping of {} probes, a manifest of {}", mapping.len(), manifest.probes)));
    }
    let mut build = Build::new(mapping, manifest);
    check_names(&build, id)?;
    let sums: Sums = server.get(&format!("{}/counts", build_path(id)))?;
    build.add_stored(sums.into());
    Ok(build)
}

/// Names come from whoever pushed. One that leads out of the folder would bring any file that can be read here into
/// the output; only a hash proves that its text is known to the pusher.
fn check_names(build: &Build, id: &str) -> Result<(), Failure> {
    for (index, name) in build.mapping.files().iter().enumerate() {
        if build.listed(index).is_none_or(|file| file.hash.is_none()) && leads_out(name) {
            return Err(Failure::usage(
                format!(
                    "build {} has a file outside of its folder, and no hash of it: {}",
                    printable(id),
                    printable(name)
                ),
                "push the build manifest with the mapping",
            ));
        }
    }
    Ok(())
}

fn leads_out(name: &str) -> bool {
    !Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

impl From<Sums> for Stored {
    fn from(sums: Sums) -> Self {
        let point = |(name, hits): (&String, &u64)| {
            let id = ProbeId::from_spelling(name.as_bytes())?;
            let seen = sums.seen.get(name);
            let hits = Hits { hits: *hits, reports: seen.map_or(0, |seen| seen.reports) };
            Some(StoredPoint { id, hits, seen: seen.map(SeenPoint::times) })
        };
        let points = sums.counts.iter().filter_map(point).collect();
        let files = sums.file_sessions.iter().zip(&sums.file_days);
        let files = files.map(|(&sessions, &days)| FileSeen { sessions, days }).collect();
        Self { reports: sums.reports, sessions: sums.sessions, days: sums.days, files, points }
    }
}

impl SeenPoint {
    fn times(&self) -> Seen {
        Seen { first: Time::of(self.first), last: Time::of(self.last), days: self.days }
    }
}
