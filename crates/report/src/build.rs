//! The builds that reports are for: each its mapping, its manifest and its counts.

use pathlight_mapping::{BuildManifest, Counts, Mapping};

/// One build and what its reports say.
#[derive(Clone, Debug)]
pub struct Build {
    /// What its ids stand for.
    pub mapping: Mapping,
    /// Names the build; absent beside mappings of Closure Compiler.
    pub manifest: Option<BuildManifest>,
    /// Hits by position in `mapping`.
    pub counts: Counts,
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
        Self { mapping, manifest, counts }
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
