//! Takes reports over HTTP and keeps their sums in SQLite or PostgreSQL.
//!
//! | request | answer |
//! |---|---|
//! | `POST /v1/reports` | takes reports of pathlight's own shape, one a line, plain or gzip; answered when they are durable |
//! | `POST /v1/reports?build=B&session=S&seq=N` | the same for one report in Closure's shapes |
//! | `PUT /v1/builds/ID` | takes a mapping; needs a token, as do the next two |
//! | `GET /v1/builds` | builds that were pushed, and builds that sent reports and were not |
//! | `GET /v1/builds/ID/counts` | the sums, in the shape of a report |
//! | `GET /healthz`, `/readyz`, `/metrics` | it runs; its store answers; numbers for Prometheus |
//!
//! Whoever can reach `/v1/reports` can add counts, and nothing else. The collector speaks plain HTTP: in front of it
//! belongs a proxy that ends TLS and shows the public `/v1/reports` alone.
//!
//! This crate knows no parser.

mod admin;
mod answer;
mod body;
mod clients;
mod clock;
mod connection;
mod ingest;
mod inspect;
mod metrics;
mod parse;
mod server;
mod store;
mod token;
mod writer;

pub use inspect::{Inspection, inspect_body};
pub use server::{CollectorError, Config, serve};
pub use store::{Arrival, BuildCounts, Losses, Outcome, Point, Seconds, Store, StoreAddress, StoreError};
pub use token::{new_token, token_hash};
