//! Tokens and logins.

use super::super::tables::{AccessTables, Result};
use super::Postgres;

impl AccessTables for Postgres {
    fn save_token(&mut self, name: &str, hash: &str) -> Result<()> {
        self.run(
            "INSERT INTO tokens (name, hash) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash",
            &[&name, &hash],
        )?;
        Ok(())
    }

    fn remove_token(&mut self, name: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM tokens WHERE name = $1", &[&name])? > 0)
    }

    fn token_hashes(&mut self) -> Result<Vec<String>> {
        self.rows("SELECT hash FROM tokens ORDER BY name", &[], |row| row.get(0))
    }

    fn save_login(&mut self, hash: &str, token: &str, expires: i64) -> Result<()> {
        self.run(
            "INSERT INTO logins (hash, token, expires) VALUES ($1, $2, $3)
             ON CONFLICT (hash) DO UPDATE SET token = excluded.token, expires = excluded.expires",
            &[&hash, &token, &expires],
        )?;
        Ok(())
    }

    fn remove_login(&mut self, hash: &str) -> Result<()> {
        self.run("DELETE FROM logins WHERE hash = $1", &[&hash])?;
        Ok(())
    }

    fn has_login(&mut self, hash: &str, now: i64) -> Result<bool> {
        let sql = "SELECT count(*) FROM logins JOIN tokens ON tokens.hash = logins.token
                   WHERE logins.hash = $1 AND logins.expires > $2";
        Ok(self.client.query_one(sql, &[&hash, &now])?.get::<_, i64>(0) > 0)
    }
}
