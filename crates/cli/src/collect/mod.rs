//! `pathlight collect`: flags into a running collector.

mod pages;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use pathlight_collector::{CollectorError, Config, Store, StoreAddress, StoreError, new_token, serve, token_hash};

use crate::diagnostic::Failure;

pub(crate) const COLLECT_EXAMPLES: &str = "\
Examples:
  pathlight collect --new-token ci > token
  pathlight collect --listen 0.0.0.0:8787 --allow-origin https://shop.example
  pathlight collect --store postgres://pathlight@db.internal/pathlight --behind-proxy --log json

Its pages are at the address that it listens on; they ask for a token, once in a browser.
Every flag has an environment variable. The collector speaks plain HTTP: put a proxy that ends TLS in front of it.";

#[derive(Args, Debug)]
pub(crate) struct CollectFlags {
    /// Address and port to listen on
    #[arg(long, env = "PATHLIGHT_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8787", value_parser = address)]
    listen: SocketAddr,

    /// Where reports are kept: sqlite:FILE, made if missing, or postgres://USER@HOST/DATABASE
    #[arg(
        long,
        env = "PATHLIGHT_STORE",
        value_name = "STORE",
        default_value = "sqlite:pathlight.db",
        hide_env_values = true
    )]
    store: StoreAddress,

    /// A site whose pages send reports, such as `https://shop.example`; `*` is any; may be repeated
    #[arg(long, env = "PATHLIGHT_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = origin)]
    allow_origin: Vec<String>,

    /// Drop what is older: hours or days
    #[arg(long, env = "PATHLIGHT_KEEP", value_name = "TIME", default_value = "90d", value_parser = keep)]
    keep: Duration,

    /// Bytes that a request with reports may have, unpacked
    #[arg(long, env = "PATHLIGHT_BODY_LIMIT", value_name = "BYTES", default_value = "1048576",
        value_parser = clap::value_parser!(u32).range(1024..=64 << 20))]
    body_limit: u32,

    /// Requests a second of one address; ten times as many at once
    #[arg(long, env = "PATHLIGHT_RATE", value_name = "N", default_value = "100")]
    rate: NonZeroU32,

    /// Clients' addresses are what a proxy writes last into X-Forwarded-For
    #[arg(long, env = "PATHLIGHT_BEHIND_PROXY", value_parser = BoolishValueParser::new())]
    behind_proxy: bool,

    /// Bytes to keep of reports whose build nobody has pushed yet
    #[arg(long, env = "PATHLIGHT_APART_LIMIT", value_name = "BYTES", default_value = "67108864")]
    apart_limit: u64,

    /// Form of the log, which goes to standard error
    #[arg(long, env = "PATHLIGHT_LOG", value_enum, default_value_t, value_name = "FORM")]
    log: LogForm,

    /// Log every request: its method, its route and the status of the answer, nothing that a client wrote
    #[arg(long, short, env = "PATHLIGHT_VERBOSE", value_parser = BoolishValueParser::new())]
    verbose: bool,

    /// Make a token that may push builds and see the pages, replacing one of the same name, print it, and end
    #[arg(long, value_name = "NAME", conflicts_with = "remove_token")]
    new_token: Option<String>,

    /// Forget the token of this name and whoever logged in with it, and end
    #[arg(long, value_name = "NAME")]
    remove_token: Option<String>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug, Default)]
enum LogForm {
    /// For people
    #[default]
    Text,
    /// An object a line
    Json,
}

pub(crate) fn run(flags: &CollectFlags) -> Result<ExitCode, Failure> {
    if let Some(name) = &flags.new_token {
        let token = new_token().map_err(Failure::io("make", Path::new("a token")))?;
        store(flags)?.save_token(name, &token_hash(&token)).map_err(|error| store_failure(&error))?;
        return writeln!(io::stdout(), "{token}").map(|()| ExitCode::SUCCESS).map_err(Failure::Output);
    }
    if let Some(name) = &flags.remove_token {
        return match store(flags)?.remove_token(name).map_err(|error| store_failure(&error))? {
            true => Ok(ExitCode::SUCCESS),
            false => Err(Failure::usage(format!("there is no token `{name}`"), "give the name that it was made with")),
        };
    }
    start_log(flags);
    let config = Config {
        listen: flags.listen,
        store: flags.store.clone(),
        allow_origins: flags.allow_origin.iter().filter_map(|origin| origin.parse().ok()).collect(),
        body_limit: flags.body_limit as usize,
        rate: flags.rate,
        is_behind_proxy: flags.behind_proxy,
        keep: flags.keep.as_secs().cast_signed(),
        apart_limit: flags.apart_limit,
    };
    let on_listening = |address| {
        tracing::info!(%address, store = flags.store.kind(), version = env!("CARGO_PKG_VERSION"), "listening");
    };
    let failure = match serve(config, Arc::new(pages::Pages), on_listening) {
        Ok(()) => return Ok(ExitCode::SUCCESS),
        Err(CollectorError::Io(error)) => {
            Failure::usage(format!("cannot listen on {}: {error}", flags.listen), "give --listen a free address")
        }
        Err(CollectorError::Store(error)) => store_failure(&error),
    };
    match (flags.log, failure) {
        // Whoever reads the log reads objects.
        (LogForm::Json, Failure::Usage(error, remedy)) => {
            tracing::error!(error, remedy, "the collector does not run");
            Ok(ExitCode::from(2))
        }
        (_, failure) => Err(failure),
    }
}

fn store(flags: &CollectFlags) -> Result<Store, Failure> {
    Store::open(&flags.store, flags.apart_limit).map_err(|error| store_failure(&error))
}

fn store_failure(error: &StoreError) -> Failure {
    Failure::usage(error.to_string(), "see that the store of --store can be reached and written")
}

fn start_log(flags: &CollectFlags) {
    let level = if flags.verbose { tracing::Level::DEBUG } else { tracing::Level::INFO };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(io::stderr).with_target(false);
    match flags.log {
        LogForm::Text => log.with_ansi(false).init(),
        LogForm::Json => log.json().flatten_event(true).init(),
    }
}

/// An origin as browsers send it: no path, no slash at the end.
fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_origin = host.is_some_and(|host| {
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'*' | b','))
    });
    if text == "*" || is_origin { Ok(text.to_owned()) } else { Err("give it as https://HOST, or `*`".to_owned()) }
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_| "give it as IP:PORT, such as 127.0.0.1:8787, or 0.0.0.0:8787 for all addresses of the machine")
}

/// `90d` or `36h`; at least a day, within which reports are sent again.
fn keep(text: &str) -> Result<Duration, String> {
    let hours = match text.split_at_checked(text.len().saturating_sub(1)) {
        Some((days, "d")) => days.parse::<u32>().ok().and_then(|days| days.checked_mul(24)),
        Some((hours, "h")) => hours.parse().ok(),
        _ => None,
    };
    match hours {
        Some(hours) if hours >= 24 => Ok(Duration::from_secs(u64::from(hours) * 60 * 60)),
        _ => Err("give it as 90d or 36h, at least 1d".to_owned()),
    }
}
