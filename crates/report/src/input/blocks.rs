//! A stream of reports, however long, in blocks that hold whole reports.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;

/// Bytes read at once. A stream up to this length is one block, so its reports may stand in it in any way. Longer
/// ones are cut at the ends of lines behind which a line begins with `{`, as batches of reports have them.
pub(super) const BLOCK: usize = 1 << 20;

/// The most bytes that one report may have: several times what a mapping of 2³¹ bytes could need.
const LARGEST: usize = 256 << 20;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Some of a stream's reports.
pub(super) struct Block {
    /// Name of the stream.
    pub(super) source: Arc<str>,
    /// Number of its first line, from 1.
    pub(super) line: u64,
    pub(super) bytes: Vec<u8>,
    /// Whether nothing comes before.
    pub(super) is_first: bool,
}

/// Cuts a stream into blocks.
pub(super) struct Blocks {
    source: Arc<str>,
    stream: Box<dyn Read + Send>,
    /// Read already, and belongs to the next block.
    rest: Vec<u8>,
    line: u64,
    is_first: bool,
    is_done: bool,
}

impl Blocks {
    /// Of a file, unpacked if it is gzip's.
    pub(super) fn of_file(path: &Path) -> io::Result<Self> {
        Self::new(&path.to_string_lossy(), File::open(path)?)
    }

    /// Of a stream, unpacked if it is gzip's.
    pub(super) fn new(source: &str, stream: impl Read + Send + 'static) -> io::Result<Self> {
        let mut stream = BufReader::with_capacity(1 << 16, stream);
        let stream: Box<dyn Read + Send> = match stream.fill_buf()?.starts_with(&GZIP) {
            true => Box::new(MultiGzDecoder::new(stream)),
            false => Box::new(stream),
        };
        Ok(Self { source: source.into(), stream, rest: Vec::new(), line: 1, is_first: true, is_done: false })
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// The next block; `None` at the end. The first one comes even if it is empty.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        if self.is_done {
            return Ok(None);
        }
        let mut bytes = std::mem::take(&mut self.rest);
        loop {
            let wanted = BLOCK.max(bytes.len() * 2) - bytes.len();
            bytes.reserve_exact(wanted);
            let found = self.stream.by_ref().take(wanted as u64).read_to_end(&mut bytes);
            if found.inspect_err(|_| self.is_done = true)? < wanted {
                self.is_done = true;
                break;
            }
            if let Some(cut) = last_start(&bytes) {
                self.rest = bytes.split_off(cut);
                break;
            }
            if bytes.len() >= LARGEST {
                self.is_done = true;
                return Err(io::Error::other(format!("a report of more than {} MiB", LARGEST >> 20)));
            }
        }
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        let is_first = std::mem::take(&mut self.is_first);
        Ok(Some(Block { source: self.source.clone(), line, bytes, is_first }))
    }
}

/// Where the last line begins that begins with `{`.
fn last_start(bytes: &[u8]) -> Option<usize> {
    memchr::memrchr_iter(b'\n', bytes).map(|at| at + 1).find(|start| bytes.get(*start) == Some(&b'{'))
}

/// Where to go on behind a bad report that begins at `start`: a line that begins with `{` may be a report again. A
/// report that does not begin so is a line of something else.
pub(super) fn start_after_bad(bytes: &[u8], start: usize) -> usize {
    let may_span_lines = bytes[start] == b'{';
    memchr::memchr_iter(b'\n', &bytes[start..])
        .map(|at| start + at + 1)
        .find(|next| !may_span_lines || bytes.get(*next) == Some(&b'{'))
        .unwrap_or(bytes.len())
}
