//! A request's body, never larger than it may be and never waited for without end.

use std::io::Read as _;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::http::header::{CONTENT_ENCODING, HeaderMap};
use flate2::bufread::MultiGzDecoder;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

/// For a whole body to arrive.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// Why a body was not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BodyError {
    /// As it came or unpacked.
    TooLarge,
    /// It is packed in another way than gzip.
    UnknownEncoding,
    /// It says that it is gzip and is not, or is cut short.
    BadGzip,
    /// It took too long.
    Slow,
    /// The client went away.
    Broken,
}

impl BodyError {
    /// For the metrics: one of few words.
    pub(crate) fn cause(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::UnknownEncoding => "encoding",
            Self::BadGzip => "bad_gzip",
            Self::Slow => "slow",
            Self::Broken => "cut_short",
        }
    }
}

/// The body, unpacked if it came as gzip. `limit`: in bytes, before and after.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Vec<u8>, BodyError> {
    let is_gzip = match headers.get(CONTENT_ENCODING).map(|value| value.as_bytes().to_ascii_lowercase()).as_deref() {
        None | Some(b"identity") => false,
        Some(b"gzip" | b"x-gzip") => true,
        Some(_) => return Err(BodyError::UnknownEncoding),
    };
    // A body that says that it is too large is not waited for.
    if body.size_hint().lower() > limit as u64 {
        return Err(BodyError::TooLarge);
    }
    let collected = tokio::time::timeout(TIMEOUT, Limited::new(body, limit).collect()).await;
    let bytes = match collected {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(BodyError::TooLarge),
        Ok(Err(_)) => return Err(BodyError::Broken),
        Err(_) => return Err(BodyError::Slow),
    };
    if is_gzip { unpack(&bytes, limit) } else { Ok(bytes.into()) }
}

pub(crate) fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    let most = (limit as u64).saturating_add(1);
    MultiGzDecoder::new(packed).take(most).read_to_end(&mut bytes).map_err(|_| BodyError::BadGzip)?;
    if bytes.len() > limit { Err(BodyError::TooLarge) } else { Ok(bytes) }
}
