//! Answers, all of them JSON.

use std::io::Write as _;

use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::body::BodyError;

pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    (status, [(CONTENT_TYPE, "application/json"), (NO_SNIFF, "nosniff")], text(value)).into_response()
}

fn text(value: &impl Serialize) -> String {
    // Strings, numbers and lists of them: there is nothing that JSON cannot express.
    serde_json::to_string(value).unwrap_or_default() + "\n"
}

/// A good answer that may be large: as gzip, if the client takes it, made away from the threads that serve.
pub(crate) async fn packed_json<T: Serialize>(
    headers: &HeaderMap,
    value: impl FnOnce() -> T + Send + 'static,
) -> Response {
    let is_packed = takes_gzip(headers);
    let body = tokio::task::spawn_blocking(move || {
        let text = text(&value()).into_bytes();
        if !is_packed {
            return Ok(text);
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&text)?;
        encoder.finish()
    });
    match body.await {
        Ok(Ok(body)) => {
            let kind = [(CONTENT_TYPE, "application/json"), (NO_SNIFF, "nosniff")];
            let mut response = (StatusCode::OK, kind, body).into_response();
            if is_packed {
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            response
        }
        _ => failed(StatusCode::INTERNAL_SERVER_ERROR, "the answer could not be packed"),
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let names = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    names.flat_map(|names| names.split(',')).any(|name| name.trim().eq_ignore_ascii_case("gzip"))
}

/// What comes from outside is never taken for a page.
const NO_SNIFF: axum::http::HeaderName = axum::http::header::X_CONTENT_TYPE_OPTIONS;

pub(crate) fn failed(status: StatusCode, reason: &str) -> Response {
    json(status, &serde_json::json!({ "error": reason }))
}

/// To a client that asks more often than it may.
pub(crate) const TOO_OFTEN: &str = "too many requests from this address";

/// A failure that is over after so many seconds.
pub(crate) fn later(status: StatusCode, reason: &str, seconds: u64) -> Response {
    let mut response = failed(status, reason);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// `limit`: in bytes.
pub(crate) fn body_refused(error: BodyError, limit: usize) -> Response {
    let (status, reason) = match error {
        BodyError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, format!("a body may have {limit} bytes, unpacked")),
        BodyError::UnknownEncoding => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "send it as it is or as gzip".to_owned()),
        BodyError::BadGzip => (StatusCode::BAD_REQUEST, "this is no gzip".to_owned()),
        BodyError::Slow => (StatusCode::REQUEST_TIMEOUT, "the body came too slowly".to_owned()),
        BodyError::Broken => (StatusCode::BAD_REQUEST, "the body was cut short".to_owned()),
    };
    failed(status, &reason)
}
