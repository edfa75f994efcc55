//! Answers that browsers show.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::server::Shared;

/// Nothing from elsewhere, nothing within the page, and in no frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'";
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
pub(super) const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

pub(super) fn see_other(to: &str) -> Response {
    // Relative, and so to this collector whatever `to` holds.
    let location = HeaderValue::try_from(format!("./{to}")).unwrap_or_else(|_| HeaderValue::from_static("./"));
    let mut response = (StatusCode::SEE_OTHER, [(CACHE_CONTROL, "no-store")]).into_response();
    response.headers_mut().insert(LOCATION, location);
    response
}

pub(super) fn html(status: StatusCode, page: String) -> Response {
    let head = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (OPENER_POLICY, "same-origin"),
        (RESOURCE_POLICY, "same-origin"),
    ];
    (status, head, page).into_response()
}

/// Why stands in the log.
pub(super) fn store_failed(shared: &Shared) -> Response {
    shared.outages.refused(1);
    let page = shared.site.pages.notice("The store does not answer", "Try again soon. The collector's log says why.");
    html(StatusCode::SERVICE_UNAVAILABLE, page)
}
