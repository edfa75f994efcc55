//! `POST /v1/reports`: answered once the reports are durable.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Extension, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_ENCODING, HeaderMap};
use axum::response::Response;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;

use crate::answer::{TOO_OFTEN, body_refused, json, later};
use crate::body;
use crate::parse::{Identity, Origin, Refusal, parse};
use crate::server::{Peer, Shared};
use crate::store::Outcome;

/// Refused reports that an answer names; their number is given in full.
const NAMED: usize = 20;
/// In seconds, for clients that come when too much is under way or the store does not answer.
const PAUSE: u64 = 5;
/// In seconds, for clients of builds that nobody has pushed, when there is no room.
const LONG_PAUSE: u64 = 300;

/// The answer to a batch.
#[derive(Serialize, Debug, Default)]
#[serde(rename_all = "camelCase")]
struct Answer {
    added: u64,
    duplicate: u64,
    apart: u64,
    unknown_ids: u64,
    refused: u64,
    reasons: Vec<Reason>,
    #[serde(skip)]
    without_room: u64,
}

#[derive(Serialize, Debug)]
struct Reason {
    line: usize,
    reason: String,
}

pub(crate) async fn reports(
    State(shared): State<Arc<Shared>>,
    Extension(Peer(peer)): Extension<Peer>,
    Query(identity): Query<Identity>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let started = Instant::now();
    let response = take(&shared, peer, &identity, &headers, body).await;
    shared.metrics.took(started.elapsed());
    response
}

async fn take(
    shared: &Shared,
    peer: std::net::IpAddr,
    identity: &Identity,
    headers: &HeaderMap,
    body: Body,
) -> Response {
    if let Err(seconds) = shared.clients.admit(peer, headers) {
        shared.metrics.refused("rate");
        return later(StatusCode::TOO_MANY_REQUESTS, TOO_OFTEN, seconds);
    }
    // Held until the commit: what all requests hold at one time is bounded, before it is read.
    let Some(room) = room(shared, headers, &body) else {
        shared.metrics.refused("busy");
        return later(StatusCode::SERVICE_UNAVAILABLE, "too much is under way", PAUSE);
    };
    let bytes = match body::read(headers, body, shared.body_limit).await {
        Ok(bytes) => bytes,
        Err(error) => {
            shared.metrics.refused(error.cause());
            return body_refused(error, shared.body_limit);
        }
    };
    let parsed = parse(&bytes, identity);
    drop(bytes);
    let (arrivals, origins): (Vec<_>, Vec<_>) = parsed.arrivals.into_iter().unzip();
    let outcomes = match shared.writer.add(arrivals, room).await {
        Ok(outcomes) => outcomes,
        Err(unavailable) => {
            shared.metrics.refused(unavailable.cause());
            return later(StatusCode::SERVICE_UNAVAILABLE, "the reports could not be stored", PAUSE);
        }
    };
    let mut answer = Answer::default();
    for (line, refusal) in parsed.refused {
        answer.refuse(shared, line, &refusal);
    }
    for (outcome, origin) in outcomes.into_iter().zip(origins) {
        answer.count(shared, outcome, origin);
    }
    answer.respond()
}

impl Answer {
    fn count(&mut self, shared: &Shared, outcome: Outcome, origin: Origin) {
        let (number, result) = match outcome {
            Outcome::Added { unknown_ids } => {
                self.unknown_ids += unknown_ids + origin.strange;
                shared.metrics.unknown_ids(unknown_ids + origin.strange);
                (&mut self.added, "added")
            }
            Outcome::Duplicate => (&mut self.duplicate, "duplicate"),
            Outcome::Apart => (&mut self.apart, "apart"),
            Outcome::NoRoom => (&mut self.without_room, "no_room"),
            Outcome::TooManyGaps => return self.refuse(shared, origin.line, &Refusal::TooManyGaps),
        };
        *number += 1;
        shared.metrics.report(result);
    }

    fn refuse(&mut self, shared: &Shared, line: usize, refusal: &Refusal) {
        self.refused += 1;
        shared.metrics.report(refusal.cause());
        if self.reasons.len() < NAMED {
            self.reasons.push(Reason { line, reason: refusal.to_string() });
        }
    }

    fn respond(self) -> Response {
        if self.without_room > 0 {
            // All of it may be sent again: what is in already changes nothing.
            return later(StatusCode::SERVICE_UNAVAILABLE, "no room for builds that nobody has pushed", LONG_PAUSE);
        }
        let is_good = self.added + self.duplicate + self.apart > 0;
        json(if is_good { StatusCode::OK } else { StatusCode::BAD_REQUEST }, &self)
    }
}

/// Room for a request with all that it may become; `None` if others have it.
fn room(shared: &Shared, headers: &HeaderMap, body: &Body) -> Option<OwnedSemaphorePermit> {
    use axum::body::HttpBody as _;
    let length = body.size_hint().exact().filter(|_| !headers.contains_key(CONTENT_ENCODING));
    let bytes =
        length.map_or(shared.body_limit, |length| usize::try_from(length).unwrap_or(usize::MAX).min(shared.body_limit));
    Arc::clone(&shared.room).try_acquire_many_owned(u32::try_from(bytes).unwrap_or(u32::MAX)).ok()
}
