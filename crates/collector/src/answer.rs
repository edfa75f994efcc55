//! Answers, all of them JSON.

use axum::http::header::{CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use crate::body::BodyError;

pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    // Strings, numbers and lists of them: there is nothing that JSON cannot express.
    let text = serde_json::to_string(value).unwrap_or_default() + "\n";
    (status, [(CONTENT_TYPE, "application/json"), (NO_SNIFF, "nosniff")], text).into_response()
}

/// What comes from outside is never taken for a page.
const NO_SNIFF: axum::http::HeaderName = axum::http::header::X_CONTENT_TYPE_OPTIONS;

pub(crate) fn failed(status: StatusCode, reason: &str) -> Response {
    json(status, &serde_json::json!({ "error": reason }))
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
    let mut response = failed(status, &reason);
    // What is left of the body is not waited for.
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
