//! Tokens that may push builds and read what came. Only their hashes are stored.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// So that scanners for secrets, and people, see what it is.
const PREFIX: &str = "pathlight_";

/// A new token: 256 bits of the system's randomness.
///
/// # Errors
/// The system gives none.
pub fn new_token() -> std::io::Result<String> {
    Ok(format!("{PREFIX}{}", new_secret()?))
}

/// As many bits, for what people never see.
pub(crate) fn new_secret() -> std::io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// What is stored of a token. A plain hash does: nobody can try 2²⁵⁶ tokens.
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Whether a request has one of the tokens with these hashes. Takes the same time whichever it has.
pub(crate) fn is_allowed(headers: &HeaderMap, hashes: &[String]) -> bool {
    bearer(headers).is_some_and(|token| is_one(token, hashes))
}

/// What stands behind `Bearer`, which clients may spell in any case: RFC 9110, section 11.1.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim_start_matches(' '))
}

/// Whether it is one of the tokens with these hashes. Takes the same time whichever it is.
pub(crate) fn is_one(token: &str, hashes: &[String]) -> bool {
    let hash = token_hash(token);
    hashes.iter().fold(false, |found, known| found | bool::from(known.as_bytes().ct_eq(hash.as_bytes())))
}

/// Whether it has the form of a token, of whatever store.
pub(crate) fn is_like_one(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|rest| rest.len() == 64 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
