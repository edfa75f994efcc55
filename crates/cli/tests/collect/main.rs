//! `pathlight collect` and `pathlight push` from outside: a process, its port, its store.

// A test that cannot set itself up has failed.
#![allow(clippy::unwrap_used)]

#[path = "../../../collector/tests/support/cluster.rs"]
mod cluster;
mod crashes;
#[path = "../support/reports.rs"]
mod fixtures;
mod hostile;
mod operation;
mod pages;
mod reporter;
mod reports;
mod support;
mod tokens;
