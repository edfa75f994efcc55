//! What the collector reads in a body, without a store behind it.

use axum::extract::Query;
use axum::http::Uri;

use crate::body::unpack;
use crate::parse::{Identity, parse};
use crate::store::Arrival;

/// What would be taken of a body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inspection {
    /// What would go to the store.
    pub arrivals: Vec<Arrival>,
    /// Number of the other reports.
    pub refused: usize,
}

/// Reads what is posted to `/v1/reports?<query>`. `None` for a body that is refused as a whole: its gzip is none, it
/// has more than `limit` bytes, or the query is none.
pub fn inspect_body(body: &[u8], is_gzip: bool, query: &str, limit: usize) -> Option<Inspection> {
    let unpacked = if is_gzip { unpack(body, limit).ok()? } else { body.to_owned() };
    let uri: Uri = format!("/v1/reports?{query}").parse().ok()?;
    let Query(identity) = Query::<Identity>::try_from_uri(&uri).ok()?;
    if unpacked.len() > limit {
        return None;
    }
    let parsed = parse(&unpacked, &identity);
    let arrivals = parsed.arrivals.into_iter().map(|(arrival, _)| arrival).collect();
    Some(Inspection { arrivals, refused: parsed.refused.len() })
}
