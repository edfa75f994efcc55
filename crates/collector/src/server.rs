//! The collector: connections, routes, and an end in good order.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{self, Arc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::HeaderValue;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tower_service::Service as _;
use tracing::{debug, error, info, warn};

use crate::admin;
use crate::clients::Clients;
use crate::clock::now;
use crate::connection::Connection;
use crate::metrics::Metrics;
use crate::outage::Outages;
use crate::pages::{Kept, Pages, Site};
use crate::routes::router;
use crate::store::{Seconds, StoreAddress, StoreError};
use crate::writer::Writer;

/// For the head of a request, and between two requests of a connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// For requests under way when the collector is told to end.
const END_TIMEOUT: Duration = Duration::from_secs(20);
/// Between two looks at what was lost.
const CARE: Duration = Duration::from_secs(60);
/// What is too old is dropped every so many looks: that reads whole tables and keeps the writer waiting.
const SWEEP: u64 = 60;
const MOST_CONNECTIONS: usize = 4096;
const MOST_HEADERS: usize = 64;
/// In bytes: the bodies of all requests that are under way.
const BODIES_AT_ONCE: usize = 64 << 20;

/// How a collector is run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where reports are kept.
    pub store: StoreAddress,
    /// Origins whose pages may read the answer to what they send, as browsers spell them; `*` is any.
    pub allow_origins: Vec<HeaderValue>,
    /// In bytes, for the body of a request with reports, unpacked.
    pub body_limit: usize,
    /// Requests a second of one client.
    pub rate: NonZeroU32,
    /// Clients' addresses are those that a proxy writes into `X-Forwarded-For`.
    pub is_behind_proxy: bool,
    /// What is older is dropped.
    pub keep: Seconds,
    /// In bytes: what is kept of builds that nobody has pushed.
    pub apart_limit: u64,
}

/// Why a collector does not run.
#[derive(Debug)]
pub enum CollectorError {
    /// The address cannot be listened on, or threads cannot be made.
    Io(io::Error),
    /// The store cannot be opened.
    Store(StoreError),
}

impl fmt::Display for CollectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CollectorError {}

impl From<io::Error> for CollectorError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What requests share.
pub(crate) struct Shared {
    pub(crate) writer: Writer,
    /// For all but the writer, the pages and the sweep, which have their own.
    pub(crate) store: Arc<Mutex<Connection>>,
    /// For the sweep, which may take long: a store that is being swept is ready.
    swept: Arc<Mutex<Connection>>,
    pub(crate) clients: Clients,
    pub(crate) metrics: Metrics,
    pub(crate) outages: Arc<Outages>,
    /// The number there of `store`.
    pub(crate) store_number: u32,
    pub(crate) room: Arc<Semaphore>,
    pub(crate) push_room: Semaphore,
    pub(crate) body_limit: usize,
    pub(crate) site: Site,
}

impl Shared {
    /// Also the thread that writes. `store`: one of the connections.
    pub(crate) fn new(
        config: &Config,
        store: Connection,
        pages: Arc<dyn Pages>,
    ) -> io::Result<(Arc<Self>, JoinHandle<()>)> {
        let metrics = Metrics::new();
        let (outages, store_number) = store.outages();
        let (writer, writing) = Writer::start(store.another(), metrics.clone())?;
        let shared = Self {
            writer,
            swept: Arc::new(Mutex::new(store.another())),
            clients: Clients::new(config.rate, config.is_behind_proxy),
            metrics,
            outages,
            store_number,
            room: Arc::new(Semaphore::new(BODIES_AT_ONCE.max(config.body_limit))),
            push_room: Semaphore::new(1),
            body_limit: config.body_limit,
            site: Site {
                pages,
                store: sync::Mutex::new(store.another()),
                kept: Kept::new(),
                kind: config.store.kind(),
                apart_limit: config.apart_limit,
                keep: config.keep,
                started: now(),
            },
            store: Arc::new(Mutex::new(store)),
        };
        Ok((Arc::new(shared), writing))
    }
}

/// Who sent a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Runs a collector until SIGTERM or SIGINT; then takes no more connections, ends the requests under way, and
/// returns when all that they brought is durable. `pages` makes what people look at. `on_listening` is told the
/// address once it can be reached.
///
/// # Errors
/// It could not start.
pub fn serve(
    config: Config,
    pages: Arc<dyn Pages>,
    on_listening: impl FnOnce(SocketAddr),
) -> Result<(), CollectorError> {
    let mut store = Connection::new(config.store.clone(), config.apart_limit);
    // A wrong address, or a store of a newer version, is said at once and to whoever starts the collector.
    let has_token = !store.twice(|store| store.token_hashes()).0.map_err(CollectorError::Store)?.is_empty();
    let (shared, writing) = Shared::new(&config, store, pages)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let on_listening = |address| {
        on_listening(address);
        if !has_token {
            warn!(
                "there is no token yet to push builds and to see the pages: `pathlight collect --new-token NAME` makes one"
            );
        }
    };
    runtime.block_on(run(&config, Arc::clone(&shared), on_listening))?;
    // The writer ends when nobody is left who could bring it something.
    drop(runtime);
    drop(shared);
    if writing.join().is_err() {
        error!("the writer panicked");
    }
    info!("ended");
    Ok(())
}

async fn run(
    config: &Config,
    shared: Arc<Shared>,
    on_listening: impl FnOnce(SocketAddr),
) -> Result<(), CollectorError> {
    let listener = TcpListener::bind(config.listen).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let care = tokio::spawn(look_after(Arc::clone(&shared), config.keep));
    on_listening(listener.local_addr()?);
    let app = router(shared, &config.allow_origins);
    let connections = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut failures = AcceptFailures::default();
    loop {
        tokio::select! {
            () = accept(&listener, &connections, &app, &graceful, &mut failures) => {}
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    info!("ending: no more connections");
    drop(listener);
    care.abort();
    if timeout(END_TIMEOUT, graceful.shutdown()).await.is_err() {
        warn!("requests were still under way");
    }
    Ok(())
}

/// Takes one connection and serves it beside the others.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
    app: &Router,
    graceful: &GracefulShutdown,
    failures: &mut AcceptFailures,
) {
    let Ok(place) = Arc::clone(connections).acquire_owned().await else { return };
    let (stream, peer) = match listener.accept().await {
        Ok(accepted) => accepted,
        Err(error) => {
            failures.say(&error, Instant::now());
            // Too many open files, as a rule: some close soon.
            sleep(Duration::from_millis(50)).await;
            return;
        }
    };
    let app = app.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        app.clone().call(request)
    });
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_headers(MOST_HEADERS);
    let served = graceful.watch(protocol.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        if let Err(error) = served.await {
            debug!(%error, "a connection broke");
        }
        drop(place);
    });
}

/// Connections that could not be taken. Twenty lines a second would hide what else there is to say.
#[derive(Default)]
struct AcceptFailures {
    said: Option<Instant>,
    attempts: u64,
}

impl AcceptFailures {
    /// At once, and then once a minute at most.
    fn say(&mut self, error: &io::Error, now: Instant) {
        const PAUSE: Duration = Duration::from_secs(60);
        self.attempts += 1;
        if self.said.is_none_or(|said| now.duration_since(said) >= PAUSE) {
            warn!(%error, attempts = self.attempts, "no connection could be taken; said once a minute at most");
            *self = Self { said: Some(now), attempts: 0 };
        }
    }
}

/// Drops what is too old, and learns how many reports were lost.
async fn look_after(shared: Arc<Shared>, keep: Seconds) {
    let mut rounds = interval(CARE);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for round in 0.. {
        rounds.tick().await;
        shared.clients.forget_quiet();
        let cared = admin::with_connection(&shared.swept, move |store| {
            if round % SWEEP == 0 {
                store.sweep(now(), keep)?;
            }
            store.losses()
        });
        if let Ok(losses) = cared.await {
            shared.metrics.losses(losses);
        }
    }
}
