//! Takes reports over HTTP and keeps their sums in SQLite or PostgreSQL.
//!
//! This crate knows no parser.

mod store;

pub use store::{Arrival, BuildCounts, Losses, Outcome, Point, Seconds, Store, StoreAddress, StoreError};
