//! What needs a token: pushing builds, and reading what came.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use axum::http::header::{HeaderMap, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use pathlight_mapping::{BuildManifest, REPORT_SCHEMA, is_origin_id};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json as value};
use tokio::sync::Mutex;
use tokio::time::timeout;
use tracing::info;

use crate::answer::{TOO_OFTEN, body_refused, failed, json, later, packed_json};
use crate::body;
use crate::clock::now;
use crate::connection::Connection;
use crate::parse::Refusal;
use crate::server::{Peer, Shared};
use crate::store::{BuildCounts, Point, PushedBuild, Store, StoreError};
use crate::token;

/// In bytes; sources in a manifest are most of it.
pub(crate) const PUSH_LIMIT: usize = 256 << 20;
/// For the store, when somebody asks whether it answers.
const READY: Duration = Duration::from_secs(5);
const NOT_PUSHED: &str = "nobody has pushed this build";

/// What `PUT /v1/builds/ID` takes, and `GET` gives.
#[derive(Serialize, Deserialize)]
struct Push {
    /// Text of the mapping file.
    mapping: String,
    /// Text of the build manifest.
    manifest: Option<String>,
}

pub(crate) async fn push(
    State(shared): State<Arc<Shared>>,
    Path(build): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if !is_origin_id(&build) {
        return failed(StatusCode::BAD_REQUEST, &Refusal::BadName("build").to_string());
    }
    if token::is_like_one(&build) {
        return failed(StatusCode::BAD_REQUEST, "a token stands in the place of the build id, which is no secret");
    }
    // One at a time: each may take much memory.
    let Ok(_room) = shared.push_room.acquire().await else { return unavailable() };
    let bytes = match body::read(&headers, body, PUSH_LIMIT).await {
        Ok(bytes) => bytes,
        Err(error) => return body_refused(error, PUSH_LIMIT),
    };
    let Ok(push) = serde_json::from_slice::<Push>(&bytes) else {
        return failed(StatusCode::BAD_REQUEST, "a push is JSON: {\"mapping\":\"…\",\"manifest\":\"…\"}");
    };
    drop(bytes);
    let id = build.clone();
    let pushed =
        with_store(&shared, move |store| store.push(&id, &push.mapping, push.manifest.as_deref(), now())).await;
    match pushed {
        Ok(()) => {
            info!(build, "a build was pushed");
            json(StatusCode::OK, &value!({ "build": build }))
        }
        Err(error @ StoreError::OtherMapping { .. }) => failed(StatusCode::CONFLICT, &error.to_string()),
        Err(error) if error.is_refusal() => failed(StatusCode::BAD_REQUEST, &error.to_string()),
        Err(_) => store_failed(&shared),
    }
}

pub(crate) async fn builds(State(shared): State<Arc<Shared>>) -> Response {
    match with_store(&shared, |store| Ok((store.builds()?, store.builds_apart()?))).await {
        Ok((builds, apart)) => {
            let apart: Vec<_> =
                apart.iter().map(|(build, reports)| value!({ "build": build, "reports": reports })).collect();
            json(StatusCode::OK, &value!({ "builds": builds, "apart": apart }))
        }
        Err(_) => store_failed(&shared),
    }
}

/// A build as it was pushed.
pub(crate) async fn build(
    State(shared): State<Arc<Shared>>,
    Path(build): Path<String>,
    headers: HeaderMap,
) -> Response {
    // Sources may make it large.
    let Ok(_room) = shared.push_room.acquire().await else { return unavailable() };
    match with_store(&shared, move |store| store.build(&build)).await {
        Ok(Some(PushedBuild { mapping, manifest, .. })) => {
            packed_json(&headers, move || Push { mapping, manifest: manifest.as_ref().map(BuildManifest::to_json) })
                .await
        }
        Ok(None) => failed(StatusCode::NOT_FOUND, NOT_PUSHED),
        Err(_) => store_failed(&shared),
    }
}

/// The sums of a build, in the shape of a report: what reads reports reads them.
pub(crate) async fn counts(
    State(shared): State<Arc<Shared>>,
    Path(build): Path<String>,
    headers: HeaderMap,
) -> Response {
    let id = build.clone();
    match with_store(&shared, move |store| store.counts(&id)).await {
        Ok(Some(counts)) => packed_json(&headers, move || as_report(&build, &counts)).await,
        Ok(None) => failed(StatusCode::NOT_FOUND, NOT_PUSHED),
        Err(_) => store_failed(&shared),
    }
}

fn as_report(build: &str, counts: &BuildCounts) -> Value {
    let hits: Map<_, _> = counts.points.iter().map(|point| (point.id.to_string(), point.hits.into())).collect();
    let seen: Map<_, _> = (counts.points.iter())
        .map(|point| {
            let Point { reports, first_seen, last_seen, days, .. } = point;
            let seen = value!({ "reports": reports, "first": first_seen, "last": last_seen, "days": days });
            (point.id.to_string(), seen)
        })
        .collect();
    let traffic = &counts.traffic;
    value!({
        "schema": REPORT_SCHEMA,
        "build": build,
        "counts": hits,
        "seen": seen,
        "reports": traffic.losses.received,
        "missing": traffic.losses.missing,
        "days": traffic.days,
        "sessions": traffic.sessions,
        "fileSessions": counts.file_sessions,
        "fileDays": counts.file_days,
    })
}

/// Whether the store answers.
pub(crate) async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    match timeout(READY, with_store(&shared, Store::token_hashes)).await {
        Ok(Ok(_)) => json(StatusCode::OK, &value!({ "ready": true })),
        Ok(Err(_)) => store_failed(&shared),
        Err(_) => {
            shared.outages.failed(shared.store_number, true, &format_args!("no answer in {} s", READY.as_secs()));
            store_failed(&shared)
        }
    }
}

/// Stands before what needs a token.
pub(crate) async fn need_token(
    State(shared): State<Arc<Shared>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    if let Err(seconds) = shared.clients.admit(peer, request.headers()) {
        return later(StatusCode::TOO_MANY_REQUESTS, TOO_OFTEN, seconds);
    }
    match has_token(&shared, request.headers()).await {
        Ok(true) => next.run(request).await,
        Ok(false) => {
            let mut response = failed(StatusCode::UNAUTHORIZED, "this needs a token: `Authorization: Bearer TOKEN`");
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            response
        }
        Err(_) => store_failed(&shared),
    }
}

/// Whether a request shows one of the store's tokens.
pub(crate) async fn has_token(shared: &Arc<Shared>, headers: &HeaderMap) -> Result<bool, StoreError> {
    let hashes = with_store(shared, Store::token_hashes).await?;
    Ok(token::is_allowed(headers, &hashes))
}

/// Whether it is one of the store's tokens.
pub(crate) async fn is_token(shared: &Arc<Shared>, token: &str) -> Result<bool, StoreError> {
    let hashes = with_store(shared, Store::token_hashes).await?;
    Ok(token::is_one(token, &hashes))
}

/// Does `work` with the store, away from the threads that serve. It may be done twice.
pub(crate) async fn with_store<T: Send + 'static>(
    shared: &Arc<Shared>,
    work: impl FnMut(&mut Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    with_connection(&shared.store, work).await
}

/// The same with another connection.
pub(crate) async fn with_connection<T: Send + 'static>(
    connection: &Arc<Mutex<Connection>>,
    work: impl FnMut(&mut Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    // Who waits for the others holds no thread, and may give up.
    let mut connection = Arc::clone(connection).lock_owned().await;
    let done = tokio::task::spawn_blocking(move || connection.with(work));
    done.await.unwrap_or_else(|error| Err(StoreError::BadRow { what: error.to_string() }))
}

/// Why stands in the log.
fn store_failed(shared: &Shared) -> Response {
    shared.outages.refused(1);
    unavailable()
}

fn unavailable() -> Response {
    failed(StatusCode::SERVICE_UNAVAILABLE, "the store does not answer")
}
