//! What a database must do for the store: rows in, rows out. What they mean is the store's.

use super::error::StoreError;

pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// One build that was pushed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct BuildRow {
    pub(crate) build: String,
    /// Text of the mapping file.
    pub(crate) mapping: String,
    /// Text of the build manifest. Its sources stand beside it, unless the store was of version 1 when it came.
    pub(crate) manifest: Option<String>,
    /// Seconds since 1970.
    pub(crate) pushed: i64,
    /// Number of probes.
    pub(crate) probes: i64,
}

/// A build in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ListedRow {
    pub(crate) build: String,
    /// Seconds since 1970.
    pub(crate) pushed: i64,
    /// Number of probes.
    pub(crate) probes: i64,
}

/// What is kept of a build that nobody has pushed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct WaitingRow {
    pub(crate) build: String,
    pub(crate) reports: i64,
    /// When the first and the last one came, in seconds since 1970.
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// The database itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DatabaseRow {
    /// Its version, as it says it.
    pub(crate) version: String,
    /// What it takes on the disk.
    pub(crate) bytes: i64,
}

/// A session of a build.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct SessionKey {
    pub(crate) build: String,
    pub(crate) session: String,
}

/// What is known of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SessionRow {
    pub(crate) key: SessionKey,
    /// The seqs that are in, as [`super::runs::Runs`] writes them.
    pub(crate) seqs: String,
    /// Indexes of the mapping's files that it ran, likewise.
    pub(crate) files: String,
    /// Number of reports that are in.
    pub(crate) received: i64,
    /// Number of reports that never came, as the gaps in the seqs say.
    pub(crate) missing: i64,
    /// Seconds since 1970 of its last report.
    pub(crate) last_seen: i64,
}

/// Hits to add to one bucket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct HitRow {
    /// Number of the probe's id.
    pub(crate) point: i64,
    pub(crate) hits: i64,
    /// Number of reports that have them.
    pub(crate) reports: i64,
}

/// Sessions to add to one file's day; 0 says that something in the file ran on it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LoadRow {
    pub(crate) build: String,
    /// Index among the mapping's files.
    pub(crate) file: i64,
    pub(crate) sessions: i64,
}

/// A report of a build that nobody has pushed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ApartRow {
    pub(crate) key: SessionKey,
    pub(crate) seq: i64,
    /// JSON: `[[1,5],…]`, ids as numbers.
    pub(crate) hits: String,
    /// Seconds since 1970.
    pub(crate) received: i64,
}

/// What the buckets of one point say together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PointRow {
    pub(crate) point: i64,
    /// Its hits are `high << 20 | low` summed by part, so that no database overflows: the sums of `hits >> 20` …
    pub(crate) high: i64,
    /// … and of the 20 low bits.
    pub(crate) low: i64,
    /// Number of reports with a hit.
    pub(crate) reports: i64,
    /// Seconds since 1970.
    pub(crate) first_seen: i64,
    /// Seconds since 1970.
    pub(crate) last_seen: i64,
    /// Days with a hit.
    pub(crate) days: i64,
}

/// What came for one build, over all days kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct TrafficRow {
    /// Sessions that began.
    pub(crate) sessions: i64,
    pub(crate) losses: Losses,
    /// Seconds since 1970 of the last report; 0 if nothing came.
    pub(crate) last_seen: i64,
    /// Days with a report.
    pub(crate) days: i64,
}

/// What to add to one build's day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DayRow {
    pub(crate) build: String,
    /// Sessions that began.
    pub(crate) sessions: i64,
    pub(crate) received: i64,
    /// Below 0 where reports closed gaps.
    pub(crate) missing: i64,
}

/// A file and the sessions that ran something in it, over all days kept.
pub(crate) struct FileRow {
    pub(crate) file: i64,
    pub(crate) sessions: i64,
    /// Days on which something in it ran.
    pub(crate) days: i64,
}

/// What is dropped when its time has come. All in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sweep {
    /// Buckets of hours before this become days.
    pub(crate) hours_before: i64,
    /// What is older is dropped.
    pub(crate) kept_from: i64,
    /// Logins that end before this are dropped.
    pub(crate) now: i64,
}

/// Reports that came, and that did not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Losses {
    pub(crate) received: i64,
    pub(crate) missing: i64,
}

/// One connection to one database. Slices of rows are sorted by their keys and hold no key twice: collectors that
/// work at the same time take locks in one order.
pub(crate) trait Tables: BuildTables + SumTables + ApartTables + AccessTables + Send {
    fn begin(&mut self) -> Result<()>;
    /// Durable on return.
    fn commit(&mut self) -> Result<()>;
    fn rollback(&mut self) -> Result<()>;

    fn database(&mut self) -> Result<DatabaseRow>;

    fn sweep(&mut self, sweep: Sweep) -> Result<()>;
}

/// Builds and their sources.
pub(crate) trait BuildTables {
    fn build(&mut self, build: &str) -> Result<Option<BuildRow>>;
    /// Leaves a build that is there as it is.
    fn insert_build(&mut self, row: &BuildRow) -> Result<()>;
    /// Of a build that is there, with all of its sources: indexes of the manifest's files, and JSON strings.
    fn replace_manifest(&mut self, build: &str, manifest: &str, sources: &[(i64, String)]) -> Result<()>;
    /// The sources of the files from `first` to `last`, by index, as JSON strings.
    fn sources(&mut self, build: &str, first: i64, last: i64) -> Result<Vec<(i64, String)>>;
    /// Ids of all builds that were pushed, by time of the push.
    fn builds(&mut self) -> Result<Vec<String>>;
    /// Up to `most` builds that were pushed, the newest first, without the first `skip`.
    fn list_builds(&mut self, most: i64, skip: i64) -> Result<Vec<ListedRow>>;
    /// Number of builds that were pushed.
    fn build_number(&mut self) -> Result<i64>;
}

/// What reports add up to.
pub(crate) trait SumTables {
    /// The rows of these sessions, in their order, made if missing; no other transaction changes them until the end
    /// of this one.
    fn lock_sessions(&mut self, keys: &[SessionKey]) -> Result<Vec<SessionRow>>;
    fn save_sessions(&mut self, rows: &[SessionRow]) -> Result<()>;

    /// Adds to the buckets of the hour of `now`.
    fn add_hits(&mut self, build: &str, rows: &[HitRow], now: i64) -> Result<()>;
    /// Says that points were hit at `now`; leaves those of which that is known.
    fn insert_points(&mut self, build: &str, points: &[i64], now: i64) -> Result<()>;
    /// Those from `first` to `last` that were ever hit, by number.
    fn points(&mut self, build: &str, first: i64, last: i64) -> Result<Vec<PointRow>>;
    /// Number of points that were ever hit.
    fn point_number(&mut self, build: &str) -> Result<i64>;
    /// Adds to the day of `now`.
    fn add_loads(&mut self, rows: &[LoadRow], now: i64) -> Result<()>;
    /// Those from `first` to `last` in which something ran on a day that is kept, by index.
    fn files(&mut self, build: &str, first: i64, last: i64) -> Result<Vec<FileRow>>;
    /// Adds to the day of `now`.
    fn add_days(&mut self, rows: &[DayRow], now: i64) -> Result<()>;
    fn traffic(&mut self, build: &str) -> Result<TrafficRow>;
    fn losses(&mut self) -> Result<Losses>;
    /// When the last report of a build that was pushed came, in seconds since 1970; 0 if none has.
    fn last_report(&mut self) -> Result<i64>;
}

/// Reports of builds that nobody has pushed.
pub(crate) trait ApartTables {
    /// Bytes of the hits of all reports that are kept apart.
    fn apart_size(&mut self) -> Result<i64>;
    /// Leaves a report that is there as it is.
    fn insert_apart(&mut self, rows: &[ApartRow]) -> Result<()>;
    /// Removes up to `most` reports of a build and returns them.
    fn take_apart(&mut self, build: &str, most: i64) -> Result<Vec<ApartRow>>;
    /// Builds that have both a mapping and reports kept apart.
    fn builds_apart_and_pushed(&mut self) -> Result<Vec<String>>;
    /// Builds that have reports kept apart and no mapping, with their number.
    fn builds_apart(&mut self) -> Result<Vec<(String, i64)>>;
    /// Up to `most` of the builds that have reports kept apart, the last to send first.
    fn list_apart(&mut self, most: i64) -> Result<Vec<WaitingRow>>;
}

/// Tokens and logins.
pub(crate) trait AccessTables {
    /// Replaces the hash of a token of the same name.
    fn save_token(&mut self, name: &str, hash: &str) -> Result<()>;
    /// Whether it was there.
    fn remove_token(&mut self, name: &str) -> Result<bool>;
    fn token_hashes(&mut self) -> Result<Vec<String>>;

    fn save_login(&mut self, hash: &str, token: &str, expires: i64) -> Result<()>;
    fn remove_login(&mut self, hash: &str) -> Result<()>;
    /// Whether there is such a login that has not expired, and its token is still one.
    fn has_login(&mut self, hash: &str, now: i64) -> Result<bool>;
}

/// Length of an hour's bucket in seconds.
pub(crate) const HOUR: i64 = 3600;
/// Length of a day's bucket in seconds.
pub(crate) const DAY: i64 = 86_400;
