//! The builds that reports are for: each its mapping, its manifest and its counts.

use pathlight_mapping::{BuildManifest, Counts, Hits, IdForm, ManifestFile, Mapping, ProbeId};

use crate::bundle::bytes::BundleBytes;
use crate::bundle::module_map::ModuleMap;
use crate::bundle::{Shipped, probes_in};
use crate::evidence::{BuildEvidence, FileSeen, Seen};

/// One build and what its reports say.
#[derive(Clone, Debug)]
pub struct Build {
    /// What its ids stand for.
    pub mapping: Mapping,
    /// Names the build; absent beside mappings of Closure Compiler.
    pub manifest: Option<BuildManifest>,
    /// Hits by position in `mapping`.
    pub counts: Counts,
    /// What its bundles hold; `None` if no bundle was looked at.
    pub shipped: Option<Shipped>,
    /// Where the bytes of its bundles come from; `None` if none of them has a source map.
    pub bundle: Option<BundleBytes>,
    /// What a store knows beside the counts; `None` if they come from files.
    pub evidence: Option<BuildEvidence>,
}

/// What a store has summed up of one build.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stored {
    /// Number of reports.
    pub reports: u64,
    /// Sessions that sent them.
    pub sessions: u64,
    /// Days on which they came.
    pub days: u64,
    /// For every file of the mapping.
    pub files: Vec<FileSeen>,
    /// The probes that were hit, in any order.
    pub points: Vec<StoredPoint>,
}

/// One probe in a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StoredPoint {
    /// Which one.
    pub id: ProbeId,
    /// How often it was hit.
    pub hits: Hits,
    /// When; `None` if the store does not tell.
    pub seen: Option<Seen>,
}

/// A report that belongs to none of the builds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stray {
    /// It names another build.
    OtherBuild,
    /// It names none, and there are several.
    NoBuild,
}

impl Build {
    /// A build that no report was read for.
    pub fn new(mapping: Mapping, manifest: Option<BuildManifest>) -> Self {
        let counts = Counts::new(&mapping);
        Self { mapping, manifest, counts, shipped: None, bundle: None, evidence: None }
    }

    /// Adds what a store knows.
    pub fn add_stored(&mut self, stored: Stored) {
        let sums: Vec<(ProbeId, Hits)> = stored.points.iter().map(|point| (point.id, point.hits)).collect();
        self.counts.add_sums(&self.mapping, &sums, stored.reports);
        let mut seen = vec![None; self.mapping.len()];
        for point in &stored.points {
            if let Some(at) = self.mapping.position(point.id) {
                seen[at] = point.seen;
            }
        }
        self.evidence = Some(BuildEvidence::new(stored.sessions, stored.days, stored.files, seen));
    }

    /// What the manifest says of the file with this index in the mapping.
    pub fn listed(&self, index: usize) -> Option<&ManifestFile> {
        let listed = self.manifest.as_ref()?.files.get(index)?;
        (listed.name == *self.mapping.files().get(index)?).then_some(listed)
    }

    /// Looks for the build's probes in the text of one of its bundles, and with its source map for what its bytes are.
    pub fn add_bundle(&mut self, text: &str, map: Option<&ModuleMap>) {
        let array = self.manifest.as_ref().map(|manifest| manifest.array.as_str());
        let form = self.id_form();
        self.shipped.get_or_insert_default().add(text.as_bytes(), array, form);
        if let Some(map) = map {
            let probes = probes_in(text.as_bytes(), array, form, |id| self.mapping.position(id).is_some());
            self.bundle.get_or_insert_default().add(text, map, &probes);
        }
    }

    /// Whether bundles were looked at and none holds the probe.
    pub(crate) fn is_removed(&self, id: ProbeId) -> bool {
        self.shipped.as_ref().is_some_and(|shipped| !shipped.contains(id, self.id_form()))
    }

    fn id_form(&self) -> Option<IdForm> {
        let name = &self.manifest.as_ref()?.ids;
        [IdForm::Vlq, IdForm::Number].into_iter().find(|form| form.name() == name)
    }
}

/// Index of the build that a report with this build id belongs to. Ids mean nothing in another build, so a report
/// goes to the build that it names; only where there is no choice may one of them say nothing.
///
/// # Errors
/// Why there is none.
pub fn build_of(builds: &[Build], id: Option<&str>) -> Result<usize, Stray> {
    let is_named = |build: &Build, id: &str| build.manifest.as_ref().is_some_and(|manifest| manifest.build == id);
    match (id, builds) {
        (None, [_]) => Ok(0),
        (None, _) => Err(Stray::NoBuild),
        (Some(_), [only]) if only.manifest.is_none() => Ok(0),
        (Some(id), _) => builds.iter().position(|build| is_named(build, id)).ok_or(Stray::OtherBuild),
    }
}
