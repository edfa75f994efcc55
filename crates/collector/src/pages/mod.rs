//! Pages for people. What they look like is [`Pages`]' to say, which whoever starts the collector hands in; the
//! collector knows addresses, who may look, and what the store holds.
//!
//! ```text
//! request ─▶ login ─▶ store ─▶ facts ─▶ Pages ─▶ HTML
//! ```
//!
//! Asking changes nothing: what a page of another site may send a browser to is harmless. A login is a row in the
//! store, so that every collector on it knows it, and it ends with its token.

mod forms;
mod html;
mod login;
mod prepared;
mod views;

use std::sync::{Arc, Mutex};

pub(crate) use self::forms::{limit, log_in, log_out, login_form, need_login};
pub(crate) use self::prepared::Kept;
pub(crate) use self::views::{asset, not_found, page};

use crate::connection::Connection;
use crate::metrics::Numbers;
use crate::store::{BuildFacts, Database, FileFacts, ListedBuild, Losses, Seconds, WaitingBuild};

/// What makes pages of facts. Every text that comes in may be anything: it was written by clients.
pub trait Pages: Send + Sync {
    /// The media type and the content of a file that pages load from `assets/`.
    fn asset(&self, name: &str) -> Option<(&'static str, &'static [u8])>;
    /// The form that asks for a token, which posts `token` and `to` to `login`.
    fn login(&self, problem: Option<LoginProblem>, to: &str) -> String;
    /// A page that says what went wrong.
    fn notice(&self, title: &str, text: &str) -> String;
    /// That nobody has pushed a build. `reports`: those that wait for it. `server`: this collector's address.
    fn unknown_build(&self, build: &str, reports: u64, server: &str) -> String;
    /// The first page.
    fn home(&self, home: &Home, asked: &Asked) -> String;
    /// One file of a build.
    fn file(&self, facts: FileFacts, now: Seconds) -> String;
    /// How reports come in.
    fn ingest(&self, ingest: &Ingest) -> String;
    /// The pages of a build, which were worked out at `at`.
    fn build(&self, facts: BuildFacts, at: Seconds) -> Arc<dyn BuildPages>;
    /// The page of two builds, the earlier one first.
    fn changes(&self, before: BuildFacts, after: BuildFacts, at: Seconds) -> Arc<dyn ChangesPages>;
    /// The page of two builds when they have not been chosen. `builds`: those to choose from, the newest first.
    fn no_changes(&self, builds: &[String], asked: &Asked, now: Seconds) -> String;
}

/// The pages of one build, worked out once.
pub trait BuildPages: Send + Sync {
    /// Its files.
    fn files(&self, asked: &Asked, now: Seconds) -> String;
    /// What never ran.
    fn never_run(&self, asked: &Asked, now: Seconds) -> String;
}

/// What changed between two builds, worked out once.
pub trait ChangesPages: Send + Sync {
    /// The page. `builds`: those to choose from, the newest first.
    fn page(&self, builds: &[String], asked: &Asked, now: Seconds) -> String;
}

/// Names and values of an address's query, in their order.
pub type Asked = Vec<(String, String)>;

/// Why somebody is not let in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LoginProblem {
    /// The token is none of the store's.
    WrongToken,
    /// There was a login, and it ended.
    Ended,
    /// The form came from a page of another site.
    OtherSite,
}

/// What the first page shows.
#[derive(Clone, Debug)]
pub struct Home {
    /// The newest first; those of one page, and the one that follows it.
    pub builds: Vec<ListedBuild>,
    /// Number of all builds.
    pub total: u64,
    /// Builds of a page.
    pub page_length: usize,
    /// Builds that nobody has pushed, the last to send first.
    pub waiting: Vec<WaitingBuild>,
    /// This collector's address, as the request has it.
    pub server: String,
    /// What the time is.
    pub now: Seconds,
}

/// How reports come in.
#[derive(Clone, Debug)]
pub struct Ingest {
    /// Reports that came, and that did not.
    pub losses: Losses,
    /// The store.
    pub database: Database,
    /// `SQLite` or `PostgreSQL`.
    pub kind: &'static str,
    /// In bytes: what may be kept of builds that nobody has pushed.
    pub apart_limit: u64,
    /// What is older is dropped.
    pub keep: Seconds,
    /// When this collector started.
    pub started: Seconds,
    /// What this collector counted.
    pub numbers: Numbers,
    /// What the time is.
    pub now: Seconds,
}

/// What the pages' requests share.
pub(crate) struct Site {
    pub(crate) pages: Arc<dyn Pages>,
    /// Of their own: reading a large build holds up neither pushes nor the look at what was lost.
    pub(crate) store: Mutex<Connection>,
    pub(crate) kept: Kept,
    pub(crate) kind: &'static str,
    pub(crate) apart_limit: u64,
    pub(crate) keep: Seconds,
    pub(crate) started: Seconds,
}

/// The first value of this name; nothing if there is none.
fn get_word<'a>(asked: &'a Asked, name: &str) -> &'a str {
    asked.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}
