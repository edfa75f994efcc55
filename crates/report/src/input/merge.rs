//! Adds up all reports, on all cores.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use pathlight_mapping::{Counts, Report, ReportErrorKind};

use super::blocks::{BLOCK, Block, Blocks, start_after_bad};
use super::files::ReportPath;
use super::intake::{BadReport, Intake, Problem};
use super::seen::{Novelty, Seen};
use crate::build::{Build, build_of};

/// How to merge.
pub struct MergeOptions<'a> {
    /// Number of threads.
    pub threads: NonZeroUsize,
    /// Called now and then with the number of reports read since the last call.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// Adds the reports of all `paths` to the counts of their `builds`. The result does not depend on their order, nor
/// on the number of threads.
pub fn merge_reports(builds: &mut [Build], paths: &[ReportPath], options: &MergeOptions<'_>) -> Intake {
    let queue = Queue::new(paths);
    let seen = Seen::new();
    let shared = &*builds;
    let shards: Vec<Shard<'_>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..options.threads.get())
            .map(|_| {
                scope.spawn(|| {
                    let mut shard = Shard::new(shared, &seen);
                    queue.drain(&mut shard, options.progress);
                    shard
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut intake = Intake::default();
    let mut sums = Vec::new();
    for shard in shards {
        intake.add(shard.intake);
        sums.push(shard.counts);
    }
    for counts in sums {
        for (build, counts) in builds.iter_mut().zip(counts) {
            if let Some(counts) = counts {
                build.counts.merge(&counts);
            }
        }
    }
    intake
}

/// What is left to do, shared by the workers: files that a worker reads by itself, and one long stream at a time of
/// which each takes a block.
struct Queue {
    state: Mutex<State>,
}

type Files = Box<dyn Iterator<Item = Result<PathBuf, (PathBuf, io::Error)>> + Send>;

struct State {
    files: Files,
    has_stdin: bool,
    long: Option<Blocks>,
}

enum Piece {
    File(PathBuf),
    Block(Block),
    Bad(String, io::Error),
}

impl Queue {
    fn new(paths: &[ReportPath]) -> Self {
        let has_stdin = paths.iter().any(|path| matches!(path, ReportPath::Stdin));
        let files: Vec<Files> = paths.iter().map(ReportPath::files).collect();
        Self { state: Mutex::new(State { files: Box::new(files.into_iter().flatten()), has_stdin, long: None }) }
    }

    fn drain(&self, shard: &mut Shard<'_>, progress: &(dyn Fn(u64) + Sync)) {
        let mut told = 0;
        loop {
            // A worker that panics ends the command; until then the others may go on.
            let piece = self.state.lock().unwrap_or_else(PoisonError::into_inner).next();
            match piece {
                None => break,
                Some(Piece::File(path)) => shard.read_file(&path),
                Some(Piece::Block(block)) => shard.read_block(&block),
                Some(Piece::Bad(source, error)) => shard.add_unreadable(&source, &error),
            }
            progress(shard.read - told);
            told = shard.read;
        }
    }
}

impl State {
    fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(long) = &mut self.long {
                match long.next() {
                    Ok(Some(block)) => return Some(Piece::Block(block)),
                    Ok(None) => self.long = None,
                    Err(error) => {
                        let source = long.source().to_owned();
                        self.long = None;
                        return Some(Piece::Bad(source, error));
                    }
                }
            }
            let long = if std::mem::take(&mut self.has_stdin) {
                Blocks::new("standard input", io::stdin())
            } else {
                match self.files.next()? {
                    Ok(path) if fs::metadata(&path).is_ok_and(|file| file.len() > BLOCK as u64) => {
                        match Blocks::of_file(&path) {
                            Ok(blocks) => Ok(blocks),
                            Err(error) => return Some(Piece::Bad(path.to_string_lossy().into_owned(), error)),
                        }
                    }
                    Ok(path) => return Some(Piece::File(path)),
                    Err((path, error)) => return Some(Piece::Bad(path.to_string_lossy().into_owned(), error)),
                }
            };
            match long {
                Ok(blocks) => self.long = Some(blocks),
                Err(error) => return Some(Piece::Bad("standard input".into(), error)),
            }
        }
    }
}

/// What one worker has added up.
struct Shard<'a> {
    builds: &'a [Build],
    seen: &'a Seen,
    /// One for each build, made when a report needs it.
    counts: Vec<Option<Counts>>,
    intake: Intake,
    report: Report,
    /// Reports read, good and bad.
    read: u64,
}

impl<'a> Shard<'a> {
    fn new(builds: &'a [Build], seen: &'a Seen) -> Self {
        let counts = builds.iter().map(|_| None).collect();
        Self { builds, seen, counts, intake: Intake::default(), report: Report::default(), read: 0 }
    }

    fn read_file(&mut self, path: &Path) {
        let result = Blocks::of_file(path).and_then(|mut blocks| {
            while let Some(block) = blocks.next()? {
                self.read_block(&block);
            }
            Ok(())
        });
        if let Err(error) = result {
            self.add_unreadable(&path.to_string_lossy(), &error);
        }
    }

    fn read_block(&mut self, block: &Block) {
        let bytes = &block.bytes;
        let mut at = if block.is_first && bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        let mut is_empty = block.is_first;
        let mut cursor = Cursor { at: 0, line: block.line, line_start: 0 };
        loop {
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if at == bytes.len() {
                break;
            }
            is_empty = false;
            self.read += 1;
            let result = match self.report.read(bytes, at) {
                Ok(end) => self.add_report().map(|()| end).map_err(|kind| (at, kind)),
                Err(error) => Err((error.at, error.kind)),
            };
            at = result.unwrap_or_else(|(bad, kind)| {
                // Where it begins says more than a place in another report that it was taken to reach into.
                let is_near = memchr::memchr(b'\n', &bytes[at..bad.max(at).min(bytes.len())]).is_none();
                let place = cursor.advance(bytes, if is_near { bad } else { at });
                let (source, problem) = (block.source.to_string(), Problem::Report(kind));
                self.intake.add_bad(BadReport { source, place: Some(place), problem });
                start_after_bad(bytes, at)
            });
        }
        if is_empty {
            let source = block.source.to_string();
            self.intake.add_bad(BadReport { source, place: None, problem: Problem::Empty });
        }
    }

    fn add_report(&mut self) -> Result<(), ReportErrorKind> {
        let build = match build_of(self.builds, self.report.build.as_deref()) {
            Ok(build) => build,
            Err(stray) => {
                self.intake.add_stray(stray);
                return Ok(());
            }
        };
        let mapping = &self.builds[build].mapping;
        let counts = self.counts[build].get_or_insert_with(|| Counts::new(mapping));
        counts.check(mapping, &self.report)?;
        match self.seen.check(&self.report) {
            Novelty::Resent => {
                self.intake.resent += 1;
                return Ok(());
            }
            Novelty::Untold => self.intake.forgot_resent = true,
            Novelty::New => {}
        }
        counts.add(mapping, &self.report);
        self.intake.merged += 1;
        Ok(())
    }

    fn add_unreadable(&mut self, source: &str, error: &io::Error) {
        self.read += 1;
        self.intake.add_bad(BadReport { source: source.to_owned(), place: None, problem: Problem::unreadable(error) });
    }
}

/// Lines and columns of one block, for offsets that do not fall: hostile input is bad everywhere, and its lines must
/// not be counted from the start each time.
struct Cursor {
    at: usize,
    line: u64,
    line_start: usize,
}

impl Cursor {
    /// Line and column, from 1, of an offset.
    fn advance(&mut self, bytes: &[u8], to: usize) -> (u64, u64) {
        let to = to.clamp(self.at, bytes.len());
        for end in memchr::memchr_iter(b'\n', &bytes[self.at..to]) {
            self.line += 1;
            self.line_start = self.at + end + 1;
        }
        self.at = to;
        (self.line, (to - self.line_start) as u64 + 1)
    }
}
