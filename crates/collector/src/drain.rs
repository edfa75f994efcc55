//! An answer that is given before the whole body was read. Closing the connection then resets it while the client is
//! still sending: clients report a broken connection and never see the answer (RFC 9112, section 9.6), so that a
//! runtime sends again what was refused. What no handler read is therefore read and dropped first, within bounds.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CONNECTION, EXPECT};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Frame, SizeHint};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::admin::PUSH_LIMIT;
use crate::body;
use crate::routes::REPORTS;
use crate::server::Shared;

/// Of a body for [`REPORTS`], which anybody may send: so many times what it may have.
const TIMES: usize = 4;
/// For the next bytes to arrive.
const PATIENCE: Duration = Duration::from_secs(5);

/// Stands before everything else.
pub(crate) async fn drain(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if body.is_end_stream() {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let expects = parts.headers.contains_key(EXPECT);
    // In bytes. Who sends more may find the connection closed.
    let most = if parts.uri.path() == REPORTS { shared.body_limit.saturating_mul(TIMES) } else { PUSH_LIMIT };
    let (lender, mut returned) = oneshot::channel();
    let rest = Rest { body, was_asked_for: false, has_failed: false };
    let lent = Body::new(Lent { rest, lender: Some(lender) });
    let mut response = next.run(Request::from_parts(parts, lent)).await;
    let has_ended = match returned.try_recv() {
        // Such a client sends nothing until it is asked.
        Ok(rest) if expects && !rest.was_asked_for => false,
        Ok(rest) => timeout(body::TIMEOUT, rest.has_end(most)).await.unwrap_or(false),
        Err(_) => false,
    };
    if !has_ended {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// What is left of a body.
#[derive(Default)]
struct Rest {
    body: Body,
    was_asked_for: bool,
    has_failed: bool,
}

impl Rest {
    /// Reads on. Whether the end came, and not after more than `most` bytes.
    async fn has_end(self, most: usize) -> bool {
        if self.has_failed || self.body.size_hint().lower() > most as u64 {
            return false;
        }
        let mut body = Limited::new(self.body, most);
        loop {
            match timeout(PATIENCE, body.frame()).await {
                Ok(Some(Ok(_))) => {}
                Ok(None) => return true,
                Ok(Some(Err(_))) | Err(_) => return false,
            }
        }
    }
}

/// A body that goes back to who lent it when nobody reads it any more.
struct Lent {
    rest: Rest,
    lender: Option<oneshot::Sender<Rest>>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(lender) = self.lender.take() {
            // Nobody is there if the client went away.
            let _ = lender.send(mem::take(&mut self.rest));
        }
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let rest = &mut self.rest;
        rest.was_asked_for = true;
        let polled = Pin::new(&mut rest.body).poll_frame(context);
        rest.has_failed |= matches!(polled, Poll::Ready(Some(Err(_))));
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.rest.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.rest.body.size_hint()
    }
}
