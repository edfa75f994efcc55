//! What the store knows, for people to look at.

use std::sync::Arc;

use pathlight_mapping::{BuildManifest, Mapping};

use super::{BuildCounts, Losses, Point, PushedBuild, Result, Seconds, Store, StoreError, point};

/// One build among others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedBuild {
    /// The build id.
    pub build: String,
    /// When it was pushed.
    pub pushed: Seconds,
    /// Number of probes.
    pub probes: u64,
    /// Probes that were ever hit.
    pub hit: u64,
    /// What came for it.
    pub traffic: Traffic,
}

/// What came for one build, over all days that are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Traffic {
    /// Sessions that sent a report.
    pub sessions: u64,
    /// Reports that came, and that did not.
    pub losses: Losses,
    /// When the last one came.
    pub last_report: Option<Seconds>,
    /// Days on which one came.
    pub days: u64,
}

/// A build that sent reports and that nobody has pushed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaitingBuild {
    /// The build id, as the reports have it: anybody may have made it up.
    pub build: String,
    /// Reports that are kept.
    pub reports: u64,
    /// When the first of them came.
    pub first: Seconds,
    /// When the last of them came.
    pub last: Seconds,
}

/// All that is known of one build.
#[derive(Clone, Debug)]
pub struct BuildFacts {
    /// The build id.
    pub build: String,
    /// When it was pushed.
    pub pushed: Seconds,
    /// What its ids stand for.
    pub mapping: Arc<Mapping>,
    /// With the sources that were pushed.
    pub manifest: Option<BuildManifest>,
    /// What its reports say.
    pub counts: BuildCounts,
}

/// All that is known of one file of a build.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// The build id.
    pub build: String,
    /// What its ids stand for.
    pub mapping: Arc<Mapping>,
    /// Index of the file among the mapping's.
    pub file: usize,
    /// With the source of this file, if it was pushed, and of no other.
    pub manifest: Option<BuildManifest>,
    /// Its probes that were hit, by id.
    pub points: Vec<Point>,
    /// Sessions that ran something in it.
    pub file_sessions: u64,
    /// Days, of those that are kept, on which something in it ran.
    pub file_days: u64,
    /// Sessions that sent a report.
    pub sessions: u64,
}

/// The database that holds the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Database {
    /// Its version, as it says it.
    pub version: String,
    /// What it takes on the disk, in bytes.
    pub bytes: u64,
    /// When the last report of a build that was pushed came.
    pub last_report: Option<Seconds>,
    /// Bytes of what is kept of builds that nobody has pushed.
    pub apart: u64,
}

impl Store {
    /// Up to `most` builds that were pushed, the newest first, without the first `skip`; and the number of all.
    ///
    /// # Errors
    /// The database's.
    pub fn list_builds(&mut self, most: u32, skip: u64) -> Result<(Vec<ListedBuild>, u64)> {
        let rows = self.tables.list_builds(most.into(), i64::try_from(skip).unwrap_or(i64::MAX))?;
        let mut builds = Vec::with_capacity(rows.len());
        for row in rows {
            let hit = self.tables.point_number(&row.build)?.unsigned_abs();
            let traffic = self.traffic(&row.build)?;
            let probes = row.probes.unsigned_abs();
            builds.push(ListedBuild { build: row.build, pushed: row.pushed, probes, hit, traffic });
        }
        Ok((builds, self.tables.build_number()?.unsigned_abs()))
    }

    /// Up to `most` of the builds that nobody has pushed, the last to send first.
    ///
    /// # Errors
    /// The database's.
    pub fn list_apart(&mut self, most: u32) -> Result<Vec<WaitingBuild>> {
        let rows = self.tables.list_apart(most.into())?;
        let waiting = |row: super::tables::WaitingRow| WaitingBuild {
            build: row.build,
            reports: row.reports.unsigned_abs(),
            first: row.first,
            last: row.last,
        };
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// All that is known of a build; `None` if nobody has pushed it.
    ///
    /// # Errors
    /// The database's.
    pub fn facts(&mut self, build: &str) -> Result<Option<BuildFacts>> {
        let Some(counts) = self.counts(build)? else { return Ok(None) };
        let (Some(mapping), Some(pushed)) = (self.mapping(build)?, self.build(build)?) else { return Ok(None) };
        let PushedBuild { manifest, pushed, .. } = pushed;
        Ok(Some(BuildFacts { build: build.to_owned(), pushed, mapping, manifest, counts }))
    }

    /// All that is known of the file of this name; `None` if nobody has pushed the build or it has no such file.
    ///
    /// # Errors
    /// The database's.
    pub fn file_facts(&mut self, build: &str, name: &str) -> Result<Option<FileFacts>> {
        let Some(mapping) = self.mapping(build)? else { return Ok(None) };
        let Some(file) = mapping.files().iter().position(|file| file == name) else { return Ok(None) };
        let Some(row) = self.tables.build(build)? else { return Ok(None) };
        let index = i64::try_from(file).unwrap_or(i64::MAX);
        let manifest = self.whole_manifest(build, row.manifest.as_deref(), index, index)?;
        let ids =
            || mapping.probes().filter(|(_, probe)| probe.file as usize == file).map(|(id, _)| i64::from(id.get()));
        let (first, last) = (ids().next().unwrap_or(0), ids().last().unwrap_or(-1));
        let points = self.tables.points(build, first, last)?;
        let points = points.iter().map(point).collect::<Result<Vec<_>>>()?;
        let is_here = |point: &Point| mapping.get(point.id).is_some_and(|probe| probe.file as usize == file);
        let points = points.into_iter().filter(is_here).collect();
        let (file_sessions, file_days) = (self.tables.files(build, index, index)?.first())
            .map_or((0, 0), |row| (row.sessions.unsigned_abs(), row.days.unsigned_abs()));
        let sessions = self.traffic(build)?.sessions.max(file_sessions);
        let build = build.to_owned();
        Ok(Some(FileFacts { build, mapping, file, manifest, points, file_sessions, file_days, sessions }))
    }

    /// The database, and what it holds.
    ///
    /// # Errors
    /// The database's.
    pub fn database(&mut self) -> Result<Database> {
        let row = self.tables.database()?;
        let last_report = Some(self.tables.last_report()?).filter(|seconds| *seconds > 0);
        let apart = self.tables.apart_size()?.unsigned_abs();
        Ok(Database { version: row.version, bytes: row.bytes.unsigned_abs(), last_report, apart })
    }

    pub(super) fn traffic(&mut self, build: &str) -> Result<Traffic> {
        let row = self.tables.traffic(build)?;
        let last_report = Some(row.last_seen).filter(|seconds| *seconds > 0);
        let (sessions, days) = (row.sessions.unsigned_abs(), row.days.unsigned_abs());
        Ok(Traffic { sessions, losses: row.losses.into(), last_report, days })
    }

    /// `text` with the sources of the files from `first` to `last`.
    pub(super) fn whole_manifest(
        &mut self,
        build: &str,
        text: Option<&str>,
        first: i64,
        last: i64,
    ) -> Result<Option<BuildManifest>> {
        let Some(text) = text else { return Ok(None) };
        let bad = |error| StoreError::BadRow { what: format!("manifest of build {build}: {error}") };
        let mut manifest: BuildManifest = text.parse().map_err(bad)?;
        for (file, source) in self.tables.sources(build, first, last)? {
            let bad = |_| StoreError::BadRow { what: format!("source {file} of build {build}") };
            let source = serde_json::from_str(&source).map_err(bad)?;
            if let Some(file) = usize::try_from(file).ok().and_then(|file| manifest.files.get_mut(file)) {
                file.source = Some(source);
            }
        }
        Ok(Some(manifest))
    }
}

/// A manifest without its sources, and these: indexes of its files, and JSON strings.
pub(super) fn parted(mut manifest: BuildManifest) -> (String, Vec<(i64, String)>) {
    let mut sources = Vec::new();
    for (file, listed) in (0..).zip(&mut manifest.files) {
        if let Some(source) = listed.source.take() {
            sources.push((file, serde_json::Value::String(source).to_string()));
        }
    }
    (manifest.to_json(), sources)
}
