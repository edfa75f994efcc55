//! Tokens and logins.

use rusqlite::params;

use super::super::tables::{AccessTables, Result};
use super::Sqlite;

impl AccessTables for Sqlite {
    fn save_token(&mut self, name: &str, hash: &str) -> Result<()> {
        self.run("INSERT OR REPLACE INTO tokens (name, hash) VALUES (?, ?)", [name, hash])?;
        Ok(())
    }

    fn remove_token(&mut self, name: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM tokens WHERE name = ?", [name])? > 0)
    }

    fn token_hashes(&mut self) -> Result<Vec<String>> {
        self.rows("SELECT hash FROM tokens ORDER BY name", [], |row| row.get(0))
    }

    fn save_login(&mut self, hash: &str, token: &str, expires: i64) -> Result<()> {
        self.run(
            "INSERT OR REPLACE INTO logins (hash, token, expires) VALUES (?, ?, ?)",
            params![hash, token, expires],
        )?;
        Ok(())
    }

    fn remove_login(&mut self, hash: &str) -> Result<()> {
        self.run("DELETE FROM logins WHERE hash = ?", [hash])?;
        Ok(())
    }

    fn has_login(&mut self, hash: &str, now: i64) -> Result<bool> {
        let sql = "SELECT count(*) FROM logins JOIN tokens ON tokens.hash = logins.token
                   WHERE logins.hash = ? AND logins.expires > ?";
        Ok(self.value(sql, params![hash, now])? > 0)
    }
}
