//! The time of day. Only the collector's own is used: those of clients are wrong too often.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::store::Seconds;

pub(crate) fn now() -> Seconds {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Seconds::try_from(since.as_secs()).unwrap_or(Seconds::MAX)
}
