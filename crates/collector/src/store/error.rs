//! What can go wrong with a store.

use std::fmt;

use pathlight_mapping::MappingError;

/// Why a store could not do what it was asked for. Nothing of it was done then.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// The address names no store.
    BadAddress {
        /// What is wrong with it. Holds no password.
        reason: String,
    },
    /// SQLite's answer.
    Sqlite(rusqlite::Error),
    /// PostgreSQL's answer, or that there was none.
    Postgres(postgres::Error),
    /// The tables were made by a newer version.
    NewerSchema {
        /// Version of the tables.
        found: i64,
        /// The newest version that is known here.
        known: i64,
    },
    /// A row holds what this program never writes.
    BadRow {
        /// Which row, and what is wrong.
        what: String,
    },
    /// A mapping that cannot be read.
    BadMapping(MappingError),
    /// A manifest that cannot be read, or is not of the mapping.
    BadManifest(MappingError),
    /// A manifest of another build.
    OtherManifest {
        /// The build id that was asked for.
        build: String,
        /// The one in the manifest.
        found: String,
    },
    /// The build is there already, with another mapping.
    OtherMapping {
        /// The build id.
        build: String,
    },
}

impl StoreError {
    /// Whether the database itself gave it: another connection, or another time, may see none.
    pub fn is_from_database(&self) -> bool {
        matches!(self, Self::Sqlite(_) | Self::Postgres(_))
    }

    /// Whether the store does nothing at all, or nothing of the kind, until somebody mends it.
    pub fn is_outage(&self) -> bool {
        self.is_from_database() || matches!(self, Self::NewerSchema { .. })
    }

    /// Whether it is the fault of what was to be stored, which whoever brought it is told.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::BadMapping(_) | Self::BadManifest(_) | Self::OtherManifest { .. } | Self::OtherMapping { .. }
        )
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadAddress { reason } => write!(f, "not a store: {reason}"),
            Self::Sqlite(error) => write!(f, "SQLite: {error}"),
            Self::Postgres(error) => match error.as_db_error() {
                Some(answer) => write!(f, "PostgreSQL: {}", answer.message()),
                // Such as a connection that was refused; by itself the error says only that there is none.
                None => match std::error::Error::source(error) {
                    Some(cause) => write!(f, "PostgreSQL: {error}: {cause}"),
                    None => write!(f, "PostgreSQL: {error}"),
                },
            },
            Self::NewerSchema { found, known } => {
                write!(f, "the store is of version {found}; this program knows versions up to {known}")
            }
            Self::BadRow { what } => write!(f, "the store holds what was never written: {what}"),
            Self::BadMapping(error @ MappingError::NotWhole { .. }) => {
                write!(f, "the mapping: {error}; push the file as it was written")
            }
            Self::BadMapping(error) => write!(f, "the mapping cannot be read: {error}"),
            Self::BadManifest(error @ MappingError::OtherMapping { .. }) => {
                write!(f, "the manifest: {error}; push the two files that were written together")
            }
            Self::BadManifest(error) => write!(f, "the manifest cannot be read: {error}"),
            Self::OtherManifest { build, found } => write!(
                f,
                "the manifest is of build {found}, not of {build}: push it as {found}, or instrument with \
                 `--build-id {build}`"
            ),
            Self::OtherMapping { build } => write!(f, "build {build} is there with another mapping"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        Self::Postgres(error)
    }
}
