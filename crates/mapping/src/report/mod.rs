//! What running code sends: how often each probe was hit, and by which build.
//!
//! Three shapes are read, and the members of one report decide which it is:
//!
//! | shape | report |
//! |---|---|
//! | Closure's, with frequencies | `{"C":{"frequency":5}}` |
//! | Closure's, plain | `{"C":5}` |
//! | pathlight's own | `{"schema":1,"build":"…","session":"…","seq":3,"counts":{"C":5}}` |
//!
//! A report with a member `counts` is pathlight's own; every other member of it that this reader does not know is
//! passed over. In the other two every member is an id and its count. Either way a count is a whole number from 0
//! in 64 bits; `2.0` and `"2"` are whole numbers, `null` is as good as no member, and an object without a
//! `frequency` counts 0.
//!
//! **Ids** are spelled as VLQ (`C`) or as decimal numbers (`1`); one report may mix them. No text is both: a digit
//! `0`–`9` stands for 52 to 61 in Base64, which has the continuation bit (32) set, so no VLQ number ends with one.
//! The last character decides. For the same reason no member name of pathlight's own shape is an id.
//!
//! Reports come from the network: nothing in one may do harm. Nesting is limited, text is checked to be UTF-8,
//! numbers that do not fit are refused, an id that comes twice is refused, and a name such as `__proto__` is just a
//! name. A report is read as a whole or not at all.

mod error;
mod lenient;
mod read;
mod scan;

pub use error::{ReportError, ReportErrorKind};

use crate::probe::ProbeId;

/// Version of pathlight's own shape.
pub const REPORT_SCHEMA: u64 = 1;

/// One report. Reading another one into it reuses its memory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// Id of the build that sent it.
    pub build: Option<String>,
    /// Random id of the page or process.
    pub session: Option<String>,
    /// Number of the report within its session: with build and session it makes a resend harmless.
    pub seq: Option<u64>,
    /// Hit counts in the order of the text. An id that is spelled in two ways may come twice.
    pub hits: Vec<(ProbeId, u64)>,
    /// Members that stand where an id is expected and are none.
    pub strange: u64,
    /// The beginning of one of their names, as an example: of the least one, compared as text.
    pub strange_name: Option<String>,
}

/// The most bytes of the id of a build or a session.
pub const LONGEST_ORIGIN_ID: usize = 128;

/// Whether a text can be the id of a build or a session. PostgreSQL's text has no character 0, and logs stay lines.
pub fn is_origin_id(text: &str) -> bool {
    (1..=LONGEST_ORIGIN_ID).contains(&text.len()) && !text.contains(char::is_control)
}

/// Characters kept of a name that is no id. What reports hold is not bounded by what an id may be.
const LONGEST_NAME: usize = 40;

impl Report {
    /// Reads the report that begins at `start`, in the JSON of RFC 8259 or else as lenient as Closure's reader:
    /// with comments, names without quotes and single quotes. Returns the offset behind it.
    ///
    /// # Errors
    /// What is wrong with the first report in `text[start..]`. The content of `self` is then without meaning.
    pub fn read(&mut self, text: &[u8], start: usize) -> Result<usize, ReportError> {
        self.read_strict(text, start).or_else(|strict| {
            // Nearly every report that fails is broken, and the strict reader's words fit it best.
            lenient::to_json(&text[start..])
                .and_then(|(json, length)| {
                    self.read_strict(&json, 0).ok()?;
                    Some(start + length)
                })
                .ok_or(strict)
        })
    }

    fn clear(&mut self) {
        self.build = None;
        self.session = None;
        self.seq = None;
        self.hits.clear();
        self.clear_strange();
    }

    fn clear_strange(&mut self) {
        self.strange = 0;
        self.strange_name = None;
    }

    #[cold]
    fn add_strange(&mut self, name: &[u8]) {
        self.strange += 1;
        let name: String = String::from_utf8_lossy(name).chars().take(LONGEST_NAME).collect();
        keep_least(&mut self.strange_name, name);
    }
}

/// Of all examples the least one is kept, so that the order in which they came cannot be seen.
pub(crate) fn keep_least(kept: &mut Option<String>, name: String) {
    if kept.as_ref().is_none_or(|least| name < *least) {
        *kept = Some(name);
    }
}
