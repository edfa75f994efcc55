//! Every address, and what a request must pass before its handler sees it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::debug;

use crate::drain::drain;
use crate::server::Shared;
use crate::{admin, ingest, pages};

/// What stands before a handler.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Gate {
    /// Nothing.
    Open,
    /// The limit of requests, with a page for an answer.
    Limit,
    /// The same, and a login or a token; without, the page asks for one.
    Login,
    /// The limit of requests, and a token.
    Token,
}

/// Makes the handlers of one address.
type Methods = fn() -> MethodRouter<Arc<Shared>>;

/// Where reports are posted.
pub(crate) const REPORTS: &str = "/v1/reports";

/// All but [`REPORTS`].
const ROUTES: [(&str, Gate, Methods); 15] = [
    ("/v1/builds", Gate::Token, || get(admin::builds)),
    ("/v1/builds/{build}", Gate::Token, || get(admin::build).put(admin::push)),
    ("/v1/builds/{build}/counts", Gate::Token, || get(admin::counts)),
    ("/healthz", Gate::Open, || get(async || "ok\n")),
    ("/readyz", Gate::Open, || get(admin::ready)),
    ("/metrics", Gate::Open, || get(metrics)),
    ("/", Gate::Login, || get(pages::page)),
    ("/build", Gate::Login, || get(pages::page)),
    ("/never-run", Gate::Login, || get(pages::page)),
    ("/file", Gate::Login, || get(pages::page)),
    ("/changes", Gate::Login, || get(pages::page)),
    ("/ingest", Gate::Login, || get(pages::page)),
    ("/login", Gate::Limit, || get(pages::login_form).post(pages::log_in)),
    ("/logout", Gate::Limit, || post(pages::log_out)),
    ("/assets/{name}", Gate::Open, || get(pages::asset)),
];

pub(crate) fn router(shared: Arc<Shared>, allow_origins: &[HeaderValue]) -> Router {
    let origins = if allow_origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(allow_origins.iter().cloned())
    };
    let cors = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::POST])
        .allow_headers([CONTENT_TYPE, CONTENT_ENCODING])
        .max_age(Duration::from_secs(24 * 60 * 60));
    let reports = Router::new().route(REPORTS, post(ingest::reports).layer(cors));
    let limit = || from_fn_with_state(Arc::clone(&shared), pages::limit);
    let all = ROUTES.iter().fold(reports, |router, (path, gate, methods)| {
        let methods = match gate {
            Gate::Open => methods(),
            Gate::Limit => methods().route_layer(limit()),
            Gate::Login => {
                methods().route_layer(from_fn_with_state(Arc::clone(&shared), pages::need_login)).route_layer(limit())
            }
            Gate::Token => methods().route_layer(from_fn_with_state(Arc::clone(&shared), admin::need_token)),
        };
        router.route(path, methods)
    });
    all.fallback(pages::not_found)
        .layer(from_fn_with_state(Arc::clone(&shared), watch))
        .layer(from_fn_with_state(Arc::clone(&shared), drain))
        .with_state(shared)
}

async fn metrics(State(shared): State<Arc<Shared>>) -> ([(HeaderName, &'static str); 1], String) {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], shared.metrics.text(shared.writer.waiting()))
}

/// Counts and logs answers. Of a request only what our own words can say is logged: clients write what they like into
/// methods, paths, queries and headers, their tokens too.
async fn watch(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (method, route) = (method_name(request.method()), request.extensions().get::<MatchedPath>().cloned());
    let response = next.run(request).await;
    shared.metrics.answered(response.status().as_u16());
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    debug!(method, route, status = response.status().as_u16(), "answered");
    response
}

fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
// A test that cannot set itself up has failed.
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::http::header::{AUTHORIZATION, COOKIE};
    use tower_service::Service as _;

    use super::*;
    use crate::connection::Connection;
    use crate::pages::{Asked, BuildPages, ChangesPages, Home, Ingest, LoginProblem, Pages};
    use crate::server::{Config, Peer};
    use crate::store::{BuildFacts, FileFacts, Seconds};
    use crate::token::{new_token, token_hash};

    /// What anybody who reaches the collector may ask for.
    const OPEN: [&str; 6] = ["/healthz", "/readyz", "/metrics", "/login", "/logout", "/assets/{name}"];

    #[tokio::test]
    async fn all_but_a_few_addresses_need_a_token() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            store: format!("sqlite:{}/store.db", folder.path().display()).parse().unwrap(),
            allow_origins: Vec::new(),
            body_limit: 1 << 20,
            rate: 10_000.try_into().unwrap(),
            is_behind_proxy: false,
            keep: 86_400,
            apart_limit: 0,
        };
        let mut store = Connection::new(config.store.clone(), 0);
        let token = new_token().unwrap();
        store.with(|store| store.save_token("test", &token_hash(&token))).unwrap();
        let (shared, _) = Shared::new(&config, store, Arc::new(NoPages)).unwrap();
        let mut app = router(shared, &[]);
        let mut ask = async |method: &Method, path: &str, (name, value): (HeaderName, &str)| {
            let path = path.replace("{build}", "b").replace("{name}", "x");
            let mut request =
                Request::builder().method(method).uri(path).header(name, value).body(Body::empty()).unwrap();
            request.extensions_mut().insert(Peer([127, 0, 0, 1].into()));
            app.call(request).await.unwrap().status()
        };
        let (bearer, cookie) = (format!("Bearer {token}"), format!("pathlight={token}"));
        for (path, ..) in ROUTES.iter().filter(|(path, ..)| !OPEN.contains(path)) {
            for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                let allowed = ask(&method, path, (AUTHORIZATION, &bearer)).await;
                let expected = match allowed {
                    StatusCode::METHOD_NOT_ALLOWED => allowed,
                    _ => StatusCode::UNAUTHORIZED,
                };
                assert_ne!(allowed, StatusCode::UNAUTHORIZED, "{method} {path} with a token");
                assert!(method != Method::GET || expected != allowed, "{path} answers nobody");
                for shown in [(COOKIE, ""), (AUTHORIZATION, "Bearer x"), (AUTHORIZATION, &token), (COOKIE, &cookie)] {
                    assert_eq!(ask(&method, path, shown.clone()).await, expected, "{method} {path} with {shown:?}");
                }
            }
        }
    }

    struct NoPages;

    impl Pages for NoPages {
        fn asset(&self, _: &str) -> Option<(&'static str, &'static [u8])> {
            None
        }
        fn login(&self, _: Option<LoginProblem>, _: &str) -> String {
            String::new()
        }
        fn notice(&self, _: &str, _: &str) -> String {
            String::new()
        }
        fn unknown_build(&self, _: &str, _: u64, _: &str) -> String {
            String::new()
        }
        fn home(&self, _: &Home, _: &Asked) -> String {
            String::new()
        }
        fn file(&self, _: FileFacts, _: Seconds) -> String {
            String::new()
        }
        fn ingest(&self, _: &Ingest) -> String {
            String::new()
        }
        fn build(&self, _: BuildFacts, _: Seconds) -> Arc<dyn BuildPages> {
            unreachable!("there is no build")
        }
        fn changes(&self, _: BuildFacts, _: BuildFacts, _: Seconds) -> Arc<dyn ChangesPages> {
            unreachable!("there is no build")
        }
        fn no_changes(&self, _: &[String], _: &Asked, _: Seconds) -> String {
            String::new()
        }
    }
}
