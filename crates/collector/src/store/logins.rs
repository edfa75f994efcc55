//! Who may push builds and see the pages: tokens, and the cookies that browsers got for them.

use super::{Result, Seconds, Store};

impl Store {
    /// Lets whoever has the token with this hash push. A token of the same name is replaced.
    ///
    /// # Errors
    /// The database's.
    pub fn save_token(&mut self, name: &str, hash: &str) -> Result<()> {
        self.transaction(|store| store.tables.save_token(name, hash))
    }

    /// Whether there was such a token.
    ///
    /// # Errors
    /// The database's.
    pub fn remove_token(&mut self, name: &str) -> Result<bool> {
        self.transaction(|store| store.tables.remove_token(name))
    }

    /// The hashes of all tokens.
    ///
    /// # Errors
    /// The database's.
    pub fn token_hashes(&mut self) -> Result<Vec<String>> {
        self.tables.token_hashes()
    }

    /// Remembers, until `expires`, that whoever has the cookie with this hash showed the token with that one.
    ///
    /// # Errors
    /// The database's.
    pub fn save_login(&mut self, hash: &str, token: &str, expires: Seconds) -> Result<()> {
        self.transaction(|store| store.tables.save_login(hash, token, expires))
    }

    /// Forgets a login, if it is there.
    ///
    /// # Errors
    /// The database's.
    pub fn remove_login(&mut self, hash: &str) -> Result<()> {
        self.transaction(|store| store.tables.remove_login(hash))
    }

    /// Whether there is a login with this hash that has not expired and whose token has not been removed.
    ///
    /// # Errors
    /// The database's.
    pub fn has_login(&mut self, hash: &str, now: Seconds) -> Result<bool> {
        self.tables.has_login(hash, now)
    }
}
