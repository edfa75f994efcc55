//! PostgreSQL: any number of collectors, one store.
//!
//! Every table's key begins with the build, and no statement joins builds: a distributed PostgreSQL can shard by it.

mod access;
mod apart;
mod blocks;
mod builds;
mod sums;

use std::time::Duration;

use postgres::types::ToSql;
use postgres::{Client, Config, NoTls, Row, Statement};
use rustc_hash::FxHashMap;

use super::error::StoreError;
use super::tables::{DAY, DatabaseRow, Result, Sweep, Tables};

/// In order; the row of `pathlight_schema` is the number of those that were applied.
const MIGRATIONS: [&str; 3] = [include_str!("1.sql"), include_str!("2.sql"), include_str!("3.sql")];
/// Collectors that start at once migrate one after another under this lock.
const MIGRATION_LOCK: i64 = 0x7061_7468_6c69_6768;

/// How long a server may be silent.
const GONE: Duration = Duration::from_secs(15);

pub(crate) struct Postgres {
    client: Client,
    /// By their text: each is parsed once for a connection.
    statements: FxHashMap<String, Statement>,
}

impl Postgres {
    /// Connects and brings the tables up to date.
    pub(crate) fn open(url: &str) -> Result<Self> {
        let mut client = config(url)?.connect(NoTls)?;
        // A commit that is answered is on the disk, whatever the server's default.
        client.batch_execute("SET synchronous_commit = on; SET client_min_messages = warning")?;
        let mut store = Self { client, statements: FxHashMap::default() };
        store.migrate()?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<()> {
        let mut transaction = self.client.transaction()?;
        transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])?;
        transaction.batch_execute("CREATE TABLE IF NOT EXISTS pathlight_schema (version BIGINT NOT NULL)")?;
        let version: i64 = transaction.query_one("SELECT coalesce(max(version), 0) FROM pathlight_schema", &[])?.get(0);
        let known = MIGRATIONS.len() as i64;
        let Some(missing) = usize::try_from(version).ok().and_then(|version| MIGRATIONS.get(version..)) else {
            return Err(StoreError::NewerSchema { found: version, known });
        };
        for migration in missing {
            transaction.batch_execute(migration)?;
        }
        if version < known {
            transaction.execute("INSERT INTO pathlight_schema (version) VALUES ($1)", &[&known])?;
        }
        Ok(transaction.commit()?)
    }

    fn statement(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn run(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        let statement = self.statement(sql)?;
        Ok(self.client.execute(&statement, values)?)
    }

    fn rows<T>(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)], read: impl Fn(&Row) -> T) -> Result<Vec<T>> {
        let statement = self.statement(sql)?;
        Ok(self.client.query(&statement, values)?.iter().map(read).collect())
    }
}

/// What the address says; where it says nothing, a server that is gone without a word is given up after `GONE`: the
/// system's own times are up to two hours, for which the writer would wait.
fn config(url: &str) -> Result<Config> {
    let mut config: Config = url.parse()?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(GONE);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(GONE);
    }
    if !url.contains("keepalives_idle=") {
        config.keepalives_idle(GONE);
    }
    Ok(config)
}

/// One array for each column, as `unnest` takes them.
fn column<'a, R, T>(rows: &'a [R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

impl Tables for Postgres {
    fn begin(&mut self) -> Result<()> {
        Ok(self.client.batch_execute("BEGIN")?)
    }

    fn commit(&mut self) -> Result<()> {
        Ok(self.client.batch_execute("COMMIT")?)
    }

    fn rollback(&mut self) -> Result<()> {
        Ok(self.client.batch_execute("ROLLBACK")?)
    }

    fn database(&mut self) -> Result<DatabaseRow> {
        let sql = "SELECT current_setting('server_version'), pg_database_size(current_database())";
        let row = self.client.query_one(sql, &[])?;
        Ok(DatabaseRow { version: row.get(0), bytes: row.get(1) })
    }

    fn sweep(&mut self, sweep: Sweep) -> Result<()> {
        self.hours_to_days(sweep.hours_before)?;
        self.drop_blocks(sweep.kept_from)?;
        self.run("DELETE FROM loads WHERE day + $1 <= $2", &[&DAY, &sweep.kept_from])?;
        self.run("DELETE FROM days WHERE day + $1 <= $2", &[&DAY, &sweep.kept_from])?;
        self.run("DELETE FROM sessions WHERE last_seen < $1", &[&sweep.kept_from])?;
        self.run("DELETE FROM apart WHERE received < $1", &[&sweep.kept_from])?;
        self.run("DELETE FROM logins WHERE expires <= $1", &[&sweep.now])?;
        Ok(())
    }
}
