//! The store: what was reported, summed, of every build.
//!
//! One logic over two databases: [`tables`] says what a database must do, [`sqlite`] and [`postgres`] do it.
//! Everything that a report changes is changed in one transaction, and what the transaction adds commutes: any
//! order of reports and any number of collectors give the same sums.
//!
//! | table | a row |
//! |---|---|
//! | `builds` | a mapping that was pushed, and its manifest |
//! | `sources` | the text of one file of a build |
//! | `sessions` | which seqs of a session are in (a resend changes nothing), and which files it ran |
//! | `hits` | what came of one probe in one hour, or one day when it is older: hits, reports, when first and last; a view of `blocks`, each of which holds 32 of them, and in SQLite of `recent`, what they have not taken up |
//! | `points` | that a probe was hit, and when first and last, of hits that are no longer kept |
//! | `loads` | a day on which something in a file ran, and the sessions that first did so then |
//! | `days` | what came on a day: sessions that began, reports, and how many are missing |
//! | `apart` | reports of builds that nobody has pushed yet |
//! | `tokens` | hashes of the tokens that may push and see the pages |
//! | `logins` | hashes of the cookies that show the pages to a browser, until a time |

mod apply;
mod error;
mod facts;
mod known;
mod logins;
mod postgres;
mod runs;
mod sqlite;
mod tables;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use pathlight_mapping::{BuildManifest, Mapping, ProbeId};
use rustc_hash::FxHashMap;

pub use self::error::StoreError;
pub use self::facts::{BuildFacts, Database, FileFacts, ListedBuild, Traffic, WaitingBuild};
use self::known::Known;
use self::postgres::Postgres;
use self::sqlite::Sqlite;
use self::tables::{BuildRow, DAY, DayRow, SessionKey, SessionRow, Sweep, Tables};

type Result<T> = std::result::Result<T, StoreError>;

/// Seconds since 1970, UTC.
pub type Seconds = i64;

/// Mappings of so many builds are kept in memory …
const BUILDS_KEPT: usize = 64;
/// … unless they have more probes together.
const PROBES_KEPT: usize = 1_000_000;
/// Hours become days after so long.
const HOURS_KEPT: Seconds = 7 * DAY;

/// Where a store is: `sqlite:FILE` or `postgres://…`.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreAddress(Address);

#[derive(Clone, PartialEq, Eq)]
enum Address {
    Sqlite(String),
    Postgres(String),
}

impl FromStr for StoreAddress {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self> {
        let address = match text.split_once(':') {
            Some(("sqlite", file)) if !file.is_empty() => Address::Sqlite(file.to_owned()),
            Some(("postgres" | "postgresql", _)) => Address::Postgres(text.to_owned()),
            _ => {
                return Err(StoreError::BadAddress {
                    reason: "give sqlite:FILE or postgres://USER@HOST/DATABASE".to_owned(),
                });
            }
        };
        Ok(Self(address))
    }
}

impl std::fmt::Debug for StoreAddress {
    /// Without what may be a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match &self.0 {
            Address::Sqlite(_) => "sqlite",
            Address::Postgres(_) => "postgres",
        })
    }
}

impl StoreAddress {
    /// The database, by its name.
    pub fn kind(&self) -> &'static str {
        match &self.0 {
            Address::Sqlite(_) => "SQLite",
            Address::Postgres(_) => "PostgreSQL",
        }
    }
}

/// One report as it came, with its identity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrival {
    /// The build id.
    pub build: String,
    /// Random id of the page or process.
    pub session: String,
    /// Number within the session; below 2⁵³.
    pub seq: u64,
    /// By rising id, each id once; counts are at most 2⁵³.
    pub hits: Vec<(ProbeId, u64)>,
}

/// What became of a report. Each is an answer: the report is not to be sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is in.
    Added {
        /// Number of ids in it that the build's mapping does not have; they count nothing.
        unknown_ids: u64,
    },
    /// It was in already.
    Duplicate,
    /// Nobody has pushed its build: it is kept until somebody does.
    Apart,
    /// Its session has more gaps than any that is in order; it is not in.
    TooManyGaps,
    /// Nobody has pushed its build, and there is no room left to keep it; it is not in.
    NoRoom,
}

/// What the store knows of one probe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Point {
    /// The probe.
    pub id: ProbeId,
    /// Over all buckets that are kept.
    pub hits: u64,
    /// Number of reports with a hit, of those that are kept.
    pub reports: u64,
    /// When a report first had it.
    pub first_seen: Seconds,
    /// When a report last had it.
    pub last_seen: Seconds,
    /// Days with a hit, of those that are kept.
    pub days: u64,
}

/// What the store knows of one build.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BuildCounts {
    /// Probes that were hit, by id.
    pub points: Vec<Point>,
    /// For every file of the mapping: sessions that ran something in it.
    pub file_sessions: Vec<u64>,
    /// For every file of the mapping: days, of those that are kept, on which something in it ran.
    pub file_days: Vec<u64>,
    /// What came for it.
    pub traffic: Traffic,
}

/// A build as it was pushed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PushedBuild {
    /// Text of the mapping file.
    pub mapping: String,
    /// With the sources that were pushed.
    pub manifest: Option<BuildManifest>,
    /// When it was pushed.
    pub pushed: Seconds,
}

/// Reports that came, and that did not, over all sessions that are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Losses {
    /// Reports that are in.
    pub received: u64,
    /// Reports that are not, though later ones of their session are.
    pub missing: u64,
}

/// One connection to a store.
pub struct Store {
    tables: Box<dyn Tables>,
    builds: FxHashMap<String, Arc<Mapping>>,
    /// Probes of all of them.
    probes: usize,
    known: Known,
    /// Bytes that reports of builds that were not pushed may take.
    apart_limit: u64,
}

impl Store {
    /// Opens a store, made or brought up to date if need be. `apart_limit`: bytes of hits, as JSON, that are kept of
    /// builds that nobody has pushed.
    ///
    /// # Errors
    /// The database cannot be reached or is of a newer version.
    pub fn open(address: &StoreAddress, apart_limit: u64) -> Result<Self> {
        let tables: Box<dyn Tables> = match &address.0 {
            Address::Sqlite(file) => Box::new(Sqlite::open(Path::new(file))?),
            Address::Postgres(url) => Box::new(Postgres::open(url)?),
        };
        Ok(Self { tables, builds: FxHashMap::default(), probes: 0, known: Known::default(), apart_limit })
    }

    /// Does `work` in one transaction: all of it, durable on return, or nothing.
    fn transaction<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let result = self.tables.begin().and_then(|()| work(self));
        let result = result.and_then(|value| self.tables.commit().map(|()| value));
        if result.is_err() {
            // The error at hand says more than one of the rollback; a connection that is lost has rolled back.
            let _ = self.tables.rollback();
            self.known = Known::default();
        }
        result
    }

    /// Adds a build. The reports of it that were kept apart count from then on. A build that is there already gets
    /// the manifest, if one is given, with its sources: who left them out may push again with them.
    ///
    /// # Errors
    /// [`StoreError::BadMapping`], also when it was cut; [`StoreError::BadManifest`] and
    /// [`StoreError::OtherManifest`]; [`StoreError::OtherMapping`]: ids must mean one thing. The same mapping again is
    /// no error.
    pub fn push(&mut self, build: &str, mapping: &str, manifest: Option<&str>, now: Seconds) -> Result<()> {
        let read = Mapping::parse_whole(mapping).map_err(StoreError::BadMapping)?;
        let probes = read.len();
        let manifest = manifest.map(str::parse::<BuildManifest>).transpose().map_err(StoreError::BadManifest)?;
        if let Some(manifest) = &manifest {
            manifest.check(&read).map_err(StoreError::BadManifest)?;
            if manifest.build != build {
                return Err(StoreError::OtherManifest { build: build.to_owned(), found: manifest.build.clone() });
            }
        }
        drop(read);
        let manifest = manifest.map(facts::parted);
        let row = BuildRow {
            build: build.to_owned(),
            mapping: mapping.to_owned(),
            manifest: None,
            pushed: now,
            probes: i64::try_from(probes).unwrap_or(i64::MAX),
        };
        self.transaction(|store| {
            store.tables.insert_build(&row)?;
            match store.tables.build(build)? {
                Some(stored) if stored.mapping == mapping => {}
                _ => return Err(StoreError::OtherMapping { build: build.to_owned() }),
            }
            match &manifest {
                Some((manifest, sources)) => store.tables.replace_manifest(build, manifest, sources),
                None => Ok(()),
            }
        })?;
        self.adopt(build)
    }

    /// Ids of the builds that were pushed, the oldest first.
    ///
    /// # Errors
    /// The database's.
    pub fn builds(&mut self) -> Result<Vec<String>> {
        self.tables.builds()
    }

    /// Builds that sent reports but were not pushed, with the number of reports that are kept.
    ///
    /// # Errors
    /// The database's.
    pub fn builds_apart(&mut self) -> Result<Vec<(String, u64)>> {
        let rows = self.tables.builds_apart()?;
        Ok(rows.into_iter().map(|(build, reports)| (build, reports.unsigned_abs())).collect())
    }

    /// What was pushed of a build; `None` if nobody has.
    ///
    /// # Errors
    /// The database's.
    pub fn build(&mut self, build: &str) -> Result<Option<PushedBuild>> {
        let Some(row) = self.tables.build(build)? else { return Ok(None) };
        let manifest = self.whole_manifest(build, row.manifest.as_deref(), 0, i64::MAX)?;
        Ok(Some(PushedBuild { mapping: row.mapping, manifest, pushed: row.pushed }))
    }

    /// The mapping of a build; `None` if nobody has pushed it.
    ///
    /// # Errors
    /// The database's.
    pub fn mapping(&mut self, build: &str) -> Result<Option<Arc<Mapping>>> {
        if let Some(mapping) = self.builds.get(build) {
            return Ok(Some(Arc::clone(mapping)));
        }
        let Some(row) = self.tables.build(build)? else { return Ok(None) };
        let bad = |error| StoreError::BadRow { what: format!("mapping of build {build}: {error}") };
        let mapping = Arc::new(Mapping::parse(&row.mapping).map_err(bad)?);
        if self.builds.len() >= BUILDS_KEPT || self.probes + mapping.len() > PROBES_KEPT {
            self.builds.clear();
            self.probes = 0;
            self.known = Known::default();
        }
        self.probes += mapping.len();
        self.builds.insert(build.to_owned(), Arc::clone(&mapping));
        Ok(Some(mapping))
    }

    /// What a build's reports say; `None` if nobody has pushed it.
    ///
    /// # Errors
    /// The database's.
    pub fn counts(&mut self, build: &str) -> Result<Option<BuildCounts>> {
        let Some(mapping) = self.mapping(build)? else { return Ok(None) };
        let points = self.tables.points(build, 0, i64::MAX)?.iter().map(point).collect::<Result<_>>()?;
        let (mut file_sessions, mut file_days) = (vec![0; mapping.files().len()], vec![0; mapping.files().len()]);
        for row in self.tables.files(build, 0, i64::MAX)? {
            if let Some(file) = usize::try_from(row.file).ok().filter(|file| *file < file_sessions.len()) {
                (file_sessions[file], file_days[file]) = (row.sessions.unsigned_abs(), row.days.unsigned_abs());
            }
        }
        let mut traffic = self.traffic(build)?;
        // Of a session that began before the days that are kept, files may be that it ran later.
        traffic.sessions = file_sessions.iter().copied().fold(traffic.sessions, u64::max);
        Ok(Some(BuildCounts { points, file_sessions, file_days, traffic }))
    }

    /// How many reports came and how many did not.
    ///
    /// # Errors
    /// The database's.
    pub fn losses(&mut self) -> Result<Losses> {
        Ok(self.tables.losses()?.into())
    }

    /// Turns old hours into days, drops what is older than `keep`, and counts what was kept apart of builds that
    /// were pushed meanwhile. Builds, and when a probe was first and last seen, stay.
    ///
    /// # Errors
    /// The database's.
    pub fn sweep(&mut self, now: Seconds, keep: Seconds) -> Result<()> {
        let whole_days = |time: Seconds| time - time.rem_euclid(DAY);
        // Everything ends with a whole day: no probe has more reports than its build.
        let sweep = Sweep { hours_before: whole_days(now - HOURS_KEPT), kept_from: whole_days(now - keep), now };
        self.transaction(|store| store.tables.sweep(sweep))?;
        // A report can be put apart while another collector's transaction pushes its build.
        for build in self.tables.builds_apart_and_pushed()? {
            self.adopt(&build)?;
        }
        Ok(())
    }
}

fn point(row: &tables::PointRow) -> Result<Point> {
    let id = u32::try_from(row.point).ok().and_then(ProbeId::new);
    let id = id.ok_or_else(|| StoreError::BadRow { what: format!("point {}", row.point) })?;
    let hits = (i128::from(row.high) << 20) + i128::from(row.low);
    Ok(Point {
        id,
        hits: u64::try_from(hits).unwrap_or(u64::MAX),
        reports: row.reports.unsigned_abs(),
        first_seen: row.first_seen,
        last_seen: row.last_seen,
        days: row.days.unsigned_abs(),
    })
}

impl From<tables::Losses> for Losses {
    /// Gaps that were closed on a later day than they were seen on may leave less than none missing.
    fn from(row: tables::Losses) -> Self {
        let number = |number: i64| u64::try_from(number).unwrap_or_default();
        Self { received: number(row.received), missing: number(row.missing) }
    }
}

impl DayRow {
    /// Of a day of which nothing is known.
    pub(crate) fn new(build: &str) -> Self {
        Self { build: build.to_owned(), sessions: 0, received: 0, missing: 0 }
    }
}

impl SessionRow {
    /// Of a session that nothing is known of.
    pub(crate) fn new(key: SessionKey) -> Self {
        Self { key, seqs: String::new(), files: String::new(), received: 0, missing: 0, last_seen: 0 }
    }
}
