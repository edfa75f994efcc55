//! Who may look: whoever has a token, or the cookie that was given for one.
//!
//! The cookie is a random number whose hash is in the store, beside the hash of the token. It is worth nothing
//! anywhere else, says nothing of the token, pushes nothing, and ends with its time, its token, or the logout.

use axum::http::header::{COOKIE, HOST, HeaderMap};
use axum::http::{HeaderName, HeaderValue};

use crate::admin;
use crate::clock::now;
use crate::server::Shared;
use crate::store::{Seconds, StoreError};
use crate::token::{new_secret, token_hash};

/// How long a login lasts.
const LIFE: Seconds = 12 * 60 * 60;
const COOKIE_NAME: &str = "pathlight";
/// Browsers take it from this host and over TLS alone.
const SECURE_COOKIE_NAME: &str = "__Host-pathlight";
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request may see the pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Access {
    Granted,
    /// It shows nothing.
    Anonymous,
    /// It shows a cookie or a token that is none any more.
    Ended,
}

pub(super) async fn access(shared: &std::sync::Arc<Shared>, headers: &HeaderMap) -> Result<Access, StoreError> {
    let hashes: Vec<String> = cookies(headers).map(token_hash).collect();
    let is_known = admin::has_token(shared, headers).await?;
    if is_known {
        return Ok(Access::Granted);
    }
    if hashes.is_empty() {
        return Ok(Access::Anonymous);
    }
    let is_logged_in = admin::with_store(shared, move |store| {
        for hash in &hashes {
            if store.has_login(hash, now())? {
                return Ok(true);
            }
        }
        Ok(false)
    });
    Ok(if is_logged_in.await? { Access::Granted } else { Access::Ended })
}

/// The cookie for whoever showed this token; `None` if it is none of the store's.
pub(super) async fn log_in(
    shared: &std::sync::Arc<Shared>,
    headers: &HeaderMap,
    token: &str,
) -> Result<Option<HeaderValue>, StoreError> {
    if !admin::is_token(shared, token).await? {
        return Ok(None);
    }
    let cookie = new_secret().map_err(|error| StoreError::BadRow { what: format!("no random number: {error}") })?;
    let (hash, token) = (token_hash(&cookie), token_hash(token));
    admin::with_store(shared, move |store| store.save_login(&hash, &token, now() + LIFE)).await?;
    Ok(Some(set_cookie(headers, &cookie, LIFE)))
}

/// Ends the login of a request; the cookies that say so to the browser.
pub(super) async fn log_out(
    shared: &std::sync::Arc<Shared>,
    headers: &HeaderMap,
) -> Result<[HeaderValue; 2], StoreError> {
    let hashes: Vec<String> = cookies(headers).map(token_hash).collect();
    admin::with_store(shared, move |store| hashes.iter().try_for_each(|hash| store.remove_login(hash))).await?;
    let ended = |name: &str, secure: &str| {
        HeaderValue::try_from(format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict{secure}"))
    };
    let none = HeaderValue::from_static("");
    Ok([ended(COOKIE_NAME, "").unwrap_or_else(|_| none.clone()), ended(SECURE_COOKIE_NAME, "; Secure").unwrap_or(none)])
}

/// Whether a form was sent by one of these pages, as far as the browser says.
pub(super) fn is_from_here(headers: &HeaderMap) -> bool {
    headers.get(FETCH_SITE).is_none_or(|site| site == "same-origin" || site == "none")
}

/// Whether another site's link led here. The browser leaves the cookie out then.
pub(super) fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get(FETCH_SITE).is_some_and(|site| site == "cross-site" || site == "same-site")
}

/// The address of this collector as its users have it.
pub(super) fn server(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
    let scheme = if is_https(headers) { "https" } else { "http" };
    format!("{scheme}://{}", host.unwrap_or("COLLECTOR"))
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
}

/// What the proxy in front says; who lies about it harms itself alone.
fn is_https(headers: &HeaderMap) -> bool {
    let last = headers.get_all(FORWARDED_PROTO).iter().next_back().and_then(|value| value.to_str().ok());
    last.is_some_and(|value| value.rsplit(',').next().is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https")))
}

fn set_cookie(headers: &HeaderMap, value: &str, seconds: Seconds) -> HeaderValue {
    let (name, secure) = if is_https(headers) { (SECURE_COOKIE_NAME, "; Secure") } else { (COOKIE_NAME, "") };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    // Hexadecimal digits and what stands above: there is nothing that a header cannot hold.
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The values of the cookies, at most two: nobody has more.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs
        .filter(|(name, value)| (*name == COOKIE_NAME || *name == SECURE_COOKIE_NAME) && !value.is_empty())
        .map(|(_, value)| value)
        .take(2)
}
