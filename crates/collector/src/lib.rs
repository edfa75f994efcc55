//! Takes reports over HTTP and keeps their sums in SQLite or PostgreSQL.
//!
//! | request | answer |
//! |---|---|
//! | `POST /v1/reports` | takes reports of pathlight's own shape, one a line, plain or gzip; answered when they are durable |
//! | `POST /v1/reports?build=B&session=S&seq=N` | the same for one report in Closure's shapes |
//! | `PUT /v1/builds/ID` | takes a mapping and its manifest; needs a token, as do the next three |
//! | `GET /v1/builds` | builds that were pushed, the oldest first, and builds that sent reports and were not |
//! | `GET /v1/builds/ID` | the mapping and the manifest, in the shape in which they were pushed |
//! | `GET /v1/builds/ID/counts` | the sums, in the shape of a report, and what stands behind them |
//! | `GET /healthz`, `/readyz`, `/metrics` | it runs; its store answers; numbers for Prometheus |
//! | `GET /` | pages for people, which ask for a token: builds |
//! | `GET /build?id=B`, `/never-run?id=B`, `/file?build=B&name=N` | what ran, what never ran, one file |
//! | `GET /changes?before=A&after=B`, `/ingest` | two builds side by side; how reports come in |
//! | `POST /login`, `/logout` | a cookie for a token, and its end |
//! | `GET /assets/…` | what pages load |
//!
//! Whoever can reach `/v1/reports` can add counts, and nothing else. The collector speaks plain HTTP: in front of it
//! belongs a proxy that ends TLS and shows the public `/v1/reports` alone.
//!
//! This crate knows no parser, and not what pages look like: whoever starts it hands in [`Pages`].

mod admin;
mod answer;
mod body;
mod clients;
mod clock;
mod connection;
mod drain;
mod ingest;
mod inspect;
mod metrics;
mod outage;
mod pages;
mod parse;
mod routes;
mod server;
mod store;
mod token;
mod writer;

pub use inspect::{Inspection, inspect_body};
pub use metrics::{Latency, Numbers};
pub use pages::{Asked, BuildPages, ChangesPages, Home, Ingest, LoginProblem, Pages};
pub use server::{CollectorError, Config, serve};
pub use store::{
    Arrival, BuildCounts, BuildFacts, Database, FileFacts, ListedBuild, Losses, Outcome, Point, PushedBuild, Seconds,
    Store, StoreAddress, StoreError, Traffic, WaitingBuild,
};
pub use token::{new_token, token_hash};
