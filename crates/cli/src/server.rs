//! A collector over HTTP, as `push` and `report --server` talk to it. What it answers is bounded and checked: an
//! address can be wrong, and whoever answers there may be anybody.

use std::fs;
use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::{Response, Uri};
use ureq::{Agent, Body};

use crate::diagnostic::Failure;
use crate::terminal::printable;

/// To find the host and reach it.
const CONNECT: Duration = Duration::from_secs(15);
/// For a whole exchange.
const EXCHANGE: Duration = Duration::from_secs(300);
/// In bytes, unpacked. A push may have half as much.
const LONGEST_ANSWER: u64 = 512 << 20;
/// In bytes, of an answer that says what is wrong.
const LONGEST_REASON: u64 = 16 << 10;
/// In characters.
const SHOWN: usize = 300;

#[derive(Args, Debug)]
pub(crate) struct TokenFlags {
    /// A file with the collector's token; without it, PATHLIGHT_TOKEN holds the token itself
    #[arg(long, value_name = "FILE", help_heading = "Collector")]
    token_file: Option<PathBuf>,
}

/// A collector, and the right to ask it.
pub(crate) struct Server {
    address: String,
    token: String,
    agent: Agent,
}

impl Server {
    /// `address`: without the path of a request.
    ///
    /// # Errors
    /// No address of a collector, no token.
    pub(crate) fn new(address: &str, flags: &TokenFlags) -> Result<Self, Failure> {
        let config = Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(EXCHANGE))
            .http_status_as_error(false)
            .max_redirects(0);
        Ok(Self { address: checked(address)?, token: token(flags)?, agent: config.build().into() })
    }

    /// For messages.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// # Errors
    /// There is no answer, or it is no success. `body` is JSON, packed as gzip.
    pub(crate) fn put(&self, path: &str, body: &[u8]) -> Result<(), Failure> {
        let request = self
            .agent
            .put(format!("{}{path}", self.address))
            .header("authorization", self.authorization())
            .header("content-type", "application/json")
            .header("content-encoding", "gzip");
        self.successful(request.send(body)).map(drop)
    }

    /// # Errors
    /// There is no answer, or it is no success, or not what a collector answers.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let request = self.agent.get(format!("{}{path}", self.address)).header("authorization", self.authorization());
        let mut answer = self.successful(request.call())?;
        let mut bytes = Vec::new();
        let read = answer.body_mut().as_reader().take(LONGEST_ANSWER + 1).read_to_end(&mut bytes);
        read.map_err(|error| self.no_answer(&error))?;
        if bytes.len() as u64 > LONGEST_ANSWER {
            return Err(self.strange(&format!("more than {LONGEST_ANSWER} bytes")));
        }
        serde_json::from_slice(&bytes).map_err(|error| self.strange(&error.to_string()))
    }

    fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn successful(&self, answer: Result<Response<Body>, ureq::Error>) -> Result<Response<Body>, Failure> {
        let mut answer = answer.map_err(|error| self.no_answer(&error))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let reason = reason(&mut answer).map(|reason| format!(": {reason}")).unwrap_or_default();
        Err(Failure::usage(
            format!("{} answered {status}{reason}", self.address),
            match status.as_u16() {
                300..=399 => "give --server the address that it sends to",
                401 => "give a token of that collector in PATHLIGHT_TOKEN or --token-file",
                404 => "give --server the address of a collector, and the id of a build that was pushed to it",
                409 => "a build id stands for one mapping: give this build another one",
                _ => "see the collector's log",
            },
        ))
    }

    fn no_answer(&self, error: &dyn std::error::Error) -> Failure {
        Failure::usage(
            format!("{}: {}", self.address, printable(&error.to_string())),
            "see that --server is a collector and runs",
        )
    }

    /// # Errors
    /// What it answered is not what collectors answer.
    pub(crate) fn strange(&self, what: &str) -> Failure {
        Failure::usage(
            format!("{} does not answer as a collector does: {}", self.address, printable(what)),
            "give --server the address of a collector, of this program's version or a later one",
        )
    }
}

/// The collector's own words; pages of others are not shown.
fn reason(answer: &mut Response<Body>) -> Option<String> {
    let mut text = Vec::new();
    answer.body_mut().as_reader().take(LONGEST_REASON).read_to_end(&mut text).ok()?;
    let answer: Value = serde_json::from_slice(&text).ok()?;
    Some(printable(answer.get("error")?.as_str()?).chars().take(SHOWN).collect())
}

/// Without a slash at the end. A password in it would end up in messages and logs.
fn checked(address: &str) -> Result<String, Failure> {
    let address = address.trim_end_matches('/');
    let is_good = address.parse::<Uri>().is_ok_and(|uri| {
        let has_host = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        matches!(uri.scheme_str(), Some("http" | "https")) && has_host && uri.query().is_none()
    });
    if is_good {
        return Ok(address.to_owned());
    }
    Err(Failure::usage("--server is no address of a collector", "give it as https://HOST or http://HOST:PORT"))
}

fn token(flags: &TokenFlags) -> Result<String, Failure> {
    let token = match &flags.token_file {
        Some(path) => fs::read_to_string(path).map_err(Failure::io("read", path))?,
        None => std::env::var("PATHLIGHT_TOKEN").unwrap_or_default(),
    };
    let token = token.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::usage(
            "there is no token",
            "make one with `pathlight collect --new-token NAME` and give it in PATHLIGHT_TOKEN or --token-file",
        ));
    }
    Ok(token.to_owned())
}

/// The path of a build, whatever its id holds.
pub(crate) fn build_path(build: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    let segment: String = build
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("/v1/builds/{segment}")
}
