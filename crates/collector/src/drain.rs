//! An answer that is given before the whole body was read. Closing the connection then resets it while the client is
//! still sending: clients report a broken connection and never see the answer (RFC 9112, section 9.6), so that a
//! runtime sends again what was refused. What no handler read is therefore read and dropped first, within bounds.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CONNECTION, EXPECT};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Frame, SizeHint};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// In bytes. Who sends more may find the connection closed.
const MOST: usize = 64 << 20;
/// For what is left of a body to arrive.
const PATIENCE: Duration = Duration::from_secs(5);

/// Stands before everything else.
pub(crate) async fn drain(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if body.is_end_stream() {
        return next.run(Request::from_parts(parts, body)).await;
    }
    // Such a client sends its body only when it is asked for it.
    let waits = parts.headers.contains_key(EXPECT);
    let (lender, mut returned) = oneshot::channel();
    let lent = Body::new(Lent { body, lender: Some(lender) });
    let mut response = next.run(Request::from_parts(parts, lent)).await;
    let has_ended = match returned.try_recv() {
        Ok(body) if waits || body.size_hint().lower() > MOST as u64 => body.is_end_stream(),
        Ok(body) => timeout(PATIENCE, to_end(body)).await.unwrap_or(false),
        Err(_) => false,
    };
    if !has_ended {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Whether the end came, and not after more than [`MOST`] bytes.
async fn to_end(body: Body) -> bool {
    let mut body = Limited::new(body, MOST);
    loop {
        match body.frame().await {
            Some(Ok(_)) => {}
            Some(Err(_)) => return false,
            None => return true,
        }
    }
}

/// A body that goes back to who lent it, with what is left of it, when nobody reads it any more.
struct Lent {
    body: Body,
    lender: Option<oneshot::Sender<Body>>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(lender) = self.lender.take() {
            // Nobody is there if the client went away.
            let _ = lender.send(mem::take(&mut self.body));
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
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
