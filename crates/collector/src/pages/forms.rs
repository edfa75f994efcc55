//! Who is let in: the form that asks for a token, and what stands before every page.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::header::{HeaderMap, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::info;

use super::html::{html, see_other, store_failed};
use super::login::{self, Access};
use super::{Asked, LoginProblem, get_word};
use crate::body;
use crate::server::{Peer, Shared};

/// In bytes, of what the login form posts.
const FORM_LIMIT: usize = 16 << 10;
const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// Pages that a login may lead to.
const PAGES: [&str; 6] = ["", "build", "never-run", "file", "changes", "ingest"];

pub(crate) async fn login_form(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    match login::access(&shared, &headers).await {
        Ok(Access::Granted) => see_other(""),
        Ok(access) => ask_for_token(&shared, &headers, access, ""),
        Err(_) => store_failed(&shared),
    }
}

pub(crate) async fn log_in(
    State(shared): State<Arc<Shared>>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let pages = &shared.site.pages;
    if !login::is_from_here(&headers) {
        return html(StatusCode::FORBIDDEN, pages.login(Some(LoginProblem::OtherSite), ""));
    }
    let Ok(bytes) = body::read(&headers, body, FORM_LIMIT).await else {
        return html(StatusCode::BAD_REQUEST, pages.login(Some(LoginProblem::WrongToken), ""));
    };
    let form: Asked = form_urlencoded::parse(&bytes).into_owned().take(20).collect();
    let to = get_word(&form, "to");
    let to = if is_page(to) { to } else { "" };
    match login::log_in(&shared, &headers, get_word(&form, "token").trim()).await {
        Ok(Some(cookie)) => {
            info!("somebody logged in");
            let mut response = see_other(to);
            response.headers_mut().insert(SET_COOKIE, cookie);
            response
        }
        Ok(None) => {
            info!(%peer, "a login was refused");
            html(StatusCode::UNAUTHORIZED, pages.login(Some(LoginProblem::WrongToken), to))
        }
        Err(_) => store_failed(&shared),
    }
}

pub(crate) async fn log_out(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if !login::is_from_here(&headers) {
        return html(StatusCode::FORBIDDEN, shared.site.pages.login(Some(LoginProblem::OtherSite), ""));
    }
    match login::log_out(&shared, &headers).await {
        Ok(cookies) => {
            let mut response = see_other("login");
            for cookie in cookies {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            response
        }
        Err(_) => store_failed(&shared),
    }
}

/// Stands before what browsers ask for: not more often than a client may.
pub(crate) async fn limit(
    State(shared): State<Arc<Shared>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let Err(seconds) = shared.clients.admit(peer, request.headers()) else { return next.run(request).await };
    let page = shared.site.pages.notice("Too many requests", "Too many came from this address. Try again soon.");
    let mut response = html(StatusCode::TOO_MANY_REQUESTS, page);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Stands before every page: nobody sees one who has not logged in or shows a token.
pub(crate) async fn need_login(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    match login::access(&shared, request.headers()).await {
        Ok(Access::Granted) => next.run(request).await,
        Ok(access) => {
            let to = request.uri().path_and_query().map_or("", |to| to.as_str().trim_start_matches('/'));
            ask_for_token(&shared, request.headers(), access, to)
        }
        Err(_) => store_failed(&shared),
    }
}

fn ask_for_token(shared: &Shared, headers: &HeaderMap, access: Access, to: &str) -> Response {
    let problem = (access == Access::Ended).then_some(LoginProblem::Ended);
    let mut response = html(StatusCode::UNAUTHORIZED, shared.site.pages.login(problem, to));
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    if login::is_from_elsewhere(headers) {
        // A link on another site led here, so the browser kept its cookie back. Asked again from here, it shows it.
        response.headers_mut().insert(REFRESH, HeaderValue::from_static("0"));
    }
    response
}

/// Whether a login may lead there: a page of these, not an address that leads away.
fn is_page(to: &str) -> bool {
    let (name, query) = to.split_once('?').unwrap_or((to, ""));
    PAGES.contains(&name) && query.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn a_login_leads_to_pages_alone() {
        assert!(["", "build?id=a%2Fb", "file?build=b&name=../x", "?page=2"].into_iter().all(is_page));
        let away =
            ["//evil.example", "https://evil.example", "login", "build/../x", "build?a b", "build?a\r\nx: y", "\\x"];
        assert!(!away.into_iter().any(is_page));
    }
}
