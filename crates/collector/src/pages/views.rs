//! What the pages' addresses answer. All are one level deep and relative, so that a proxy may put them below a path.

use std::sync::{Arc, PoisonError};
use std::time::Instant;

use axum::extract::{Path, Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

use super::html::{RESOURCE_POLICY, html, store_failed};
use super::prepared::{Prepared, Subject};
use super::{Asked, Home, Ingest, Site, get_word, login};
use crate::answer::failed;
use crate::clock::now;
use crate::server::Shared;
use crate::store::{Store, StoreError};
use crate::token::token_hash;

/// Builds on one page.
const BUILDS: u32 = 50;
/// Builds that nobody has pushed, of which anybody can make up any number.
const WAITING: u32 = 50;
/// Builds to choose from.
const CHOICES: u32 = 500;

pub(crate) async fn page(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    let name = uri.path().trim_start_matches('/');
    let asked: Asked =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().take(20).collect();
    let shown = match name {
        "build" | "never-run" => build(&shared, &headers, asked, name == "never-run").await,
        "file" => file(&shared, &headers, asked).await,
        "changes" => changes(&shared, &headers, asked).await,
        "ingest" => ingest(&shared).await,
        _ => home(&shared, &headers, asked).await,
    };
    shown.unwrap_or_else(|_| store_failed(&shared))
}

async fn home(shared: &Arc<Shared>, headers: &HeaderMap, asked: Asked) -> Result<Response, StoreError> {
    let server = login::server(headers);
    let page = get_word(&asked, "page").parse::<u32>().unwrap_or(1).max(1);
    work(shared, move |site| {
        let skip = u64::from(BUILDS) * u64::from(page - 1);
        let (builds, total, waiting) = with_store(site, |store| {
            let (builds, total) = store.list_builds(BUILDS + 1, skip)?;
            Ok((builds, total, store.list_apart(WAITING)?))
        })?;
        let home = Home { builds, total, page_length: BUILDS as usize, waiting, server, now: now() };
        Ok(html(StatusCode::OK, site.pages.home(&home, &asked)))
    })
    .await
}

async fn build(
    shared: &Arc<Shared>,
    headers: &HeaderMap,
    asked: Asked,
    is_ranking: bool,
) -> Result<Response, StoreError> {
    let subject = Subject::Build(get_word(&asked, "id").to_owned());
    let server = login::server(headers);
    let Some(prepared) = prepared(shared, subject).await? else {
        return unknown(shared, get_word(&asked, "id").to_owned(), server).await;
    };
    work(shared, move |_| {
        Ok(match prepared {
            Prepared::Build(pages) if is_ranking => html(StatusCode::OK, pages.never_run(&asked, now())),
            Prepared::Build(pages) => html(StatusCode::OK, pages.files(&asked, now())),
            Prepared::Changes(pages) => html(StatusCode::OK, pages.page(&[], &asked, now())),
        })
    })
    .await
}

async fn file(shared: &Arc<Shared>, headers: &HeaderMap, asked: Asked) -> Result<Response, StoreError> {
    let server = login::server(headers);
    let build = get_word(&asked, "build").to_owned();
    let id = build.clone();
    let found = work(shared, move |site| {
        let name = get_word(&asked, "name");
        let (facts, is_known) = with_store(site, |store| match store.file_facts(&id, name)? {
            Some(facts) => Ok((Some(facts), true)),
            None => Ok((None, store.mapping(&id)?.is_some())),
        })?;
        Ok(match facts {
            Some(facts) => Some(html(StatusCode::OK, site.pages.file(facts, now()))),
            None if is_known => {
                let text = "The mapping of this build has no file of this name.";
                Some(html(StatusCode::NOT_FOUND, site.pages.notice("No such file", text)))
            }
            None => None,
        })
    });
    match found.await? {
        Some(response) => Ok(response),
        None => unknown(shared, build, server).await,
    }
}

async fn changes(shared: &Arc<Shared>, headers: &HeaderMap, asked: Asked) -> Result<Response, StoreError> {
    let server = login::server(headers);
    let (before, after) = (get_word(&asked, "before").to_owned(), get_word(&asked, "after").to_owned());
    let prepared = if before.is_empty() || after.is_empty() {
        None
    } else {
        for build in [&before, &after] {
            if !is_pushed(shared, build.clone()).await? {
                return unknown(shared, build.clone(), server).await;
            }
        }
        prepared(shared, Subject::Changes(before, after)).await?
    };
    work(shared, move |site| {
        let builds = with_store(site, |store| {
            let mut builds = store.builds()?;
            builds.reverse();
            builds.truncate(CHOICES as usize);
            Ok(builds)
        })?;
        Ok(match prepared {
            Some(Prepared::Changes(pages)) => html(StatusCode::OK, pages.page(&builds, &asked, now())),
            _ => html(StatusCode::OK, site.pages.no_changes(&builds, &asked, now())),
        })
    })
    .await
}

async fn ingest(shared: &Arc<Shared>) -> Result<Response, StoreError> {
    let numbers = shared.metrics.numbers(shared.writer.waiting());
    work(shared, move |site| {
        let (losses, database) = with_store(site, |store| Ok((store.losses()?, store.database()?)))?;
        let ingest = Ingest {
            losses,
            database,
            kind: site.kind,
            apart_limit: site.apart_limit,
            keep: site.keep,
            started: site.started,
            numbers,
            now: now(),
        };
        Ok(html(StatusCode::OK, site.pages.ingest(&ingest)))
    })
    .await
}

/// What was worked out of a subject, or is now; `None` if nobody has pushed it.
async fn prepared(shared: &Arc<Shared>, subject: Subject) -> Result<Option<Prepared>, StoreError> {
    if let Some(prepared) = shared.site.kept.get(&subject) {
        return Ok(Some(prepared));
    }
    let Ok(_room) = shared.site.kept.room.acquire().await else { return Ok(None) };
    // Somebody else may have asked for the same meanwhile.
    if let Some(prepared) = shared.site.kept.get(&subject) {
        return Ok(Some(prepared));
    }
    work(shared, move |site| {
        let started = Instant::now();
        let facts = |build: &str| with_store(site, |store| store.facts(build));
        let prepared = match &subject {
            Subject::Build(build) => {
                let Some(facts) = facts(build)? else { return Ok(None) };
                Prepared::Build(site.pages.build(facts, now()))
            }
            Subject::Changes(before, after) => {
                let (Some(before), Some(after)) = (facts(before)?, facts(after)?) else { return Ok(None) };
                Prepared::Changes(site.pages.changes(before, after, now()))
            }
        };
        site.kept.keep(subject, prepared.clone(), started.elapsed());
        Ok(Some(prepared))
    })
    .await
}

async fn is_pushed(shared: &Arc<Shared>, build: String) -> Result<bool, StoreError> {
    work(shared, move |site| with_store(site, |store| Ok(store.mapping(&build)?.is_some()))).await
}

async fn unknown(shared: &Arc<Shared>, build: String, server: String) -> Result<Response, StoreError> {
    work(shared, move |site| {
        let apart = with_store(site, Store::builds_apart)?;
        let reports = apart.iter().find(|(other, _)| *other == build).map_or(0, |(_, reports)| *reports);
        Ok(html(StatusCode::NOT_FOUND, site.pages.unknown_build(&build, reports, &server)))
    })
    .await
}

pub(crate) async fn asset(State(shared): State<Arc<Shared>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some((kind, content)) = shared.site.pages.asset(&name) else {
        return failed(StatusCode::NOT_FOUND, "there is no such file");
    };
    let tag = format!("\"{}\"", &token_hash(&String::from_utf8_lossy(content))[..16]);
    let is_known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let head = [(CACHE_CONTROL, "no-cache"), (X_CONTENT_TYPE_OPTIONS, "nosniff"), (RESOURCE_POLICY, "same-origin")];
    match is_known {
        true => (StatusCode::NOT_MODIFIED, [(ETAG, tag)], head).into_response(),
        false => ([(ETAG, tag)], head, [(CONTENT_TYPE, kind)], content).into_response(),
    }
}

/// The answer to an address that is none: a page for browsers.
pub(crate) async fn not_found(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/html")) && !request.uri().path().starts_with("/v1/") {
        let text = "There is nothing at this address.";
        return html(StatusCode::NOT_FOUND, shared.site.pages.notice("No such page", text));
    }
    failed(StatusCode::NOT_FOUND, "there is nothing at this address")
}

/// Does `work` away from the threads that serve.
async fn work<T: Send + 'static>(
    shared: &Arc<Shared>,
    work: impl FnOnce(&Site) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let shared = Arc::clone(shared);
    let done = tokio::task::spawn_blocking(move || work(&shared.site));
    done.await.unwrap_or_else(|error| Err(StoreError::BadRow { what: error.to_string() }))
}

fn with_store<T>(site: &Site, work: impl FnMut(&mut Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
    site.store.lock().unwrap_or_else(PoisonError::into_inner).with(work)
}
