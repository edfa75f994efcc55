//! Enough stack for deeply nested programs, so that they get a result and never an abort.
//!
//! Parsing, planting, printing and dropping a tree all go as deep as the program is nested. The parser cannot be
//! asked how deep that will be, so it is estimated from the text, rather too high than too low; a program that
//! is deeper than the calling thread's stack holds gets a thread with a larger one. Stack is reserved, not used:
//! a high estimate costs nothing but address space.

use std::sync::{Mutex, mpsc};
use std::thread;

use crate::error::{ErrorKind, InstrumentError};

/// Stack that one level of nesting takes at most, measured with parentheses, arrays, calls, functions, `else if`
/// and member chains. Unoptimised code needs several times as much.
const PER_LEVEL: usize = if cfg!(debug_assertions) { 40 << 10 } else { 10 << 10 };

/// Stack for all else.
const BASE: usize = 1 << 20;

/// The largest stack that is asked for: some 400,000 levels.
const MOST: usize = 4 << 30;

/// Runs `work` with enough stack for a program with this text; the calling thread has `stack` bytes.
pub(crate) fn with_enough<T: Send, W>(text: &str, stack: usize, work: W) -> Result<T, InstrumentError>
where
    W: FnOnce() -> Result<T, InstrumentError> + Send,
{
    let levels = stack.saturating_sub(BASE) / PER_LEVEL;
    // Short of reading the text: no program is deeper than it is long.
    if text.len() <= levels {
        return work();
    }
    let depth = nesting(text.as_bytes());
    if depth <= levels {
        return work();
    }
    if depth > MOST / PER_LEVEL && brackets(text.as_bytes()) > MOST / PER_LEVEL {
        return Err(InstrumentError::new(ErrorKind::TooDeep { depth }, None));
    }
    let mut size = depth.saturating_mul(PER_LEVEL).saturating_add(BASE).min(MOST);
    // Handed over only once the thread is there: the system may have less stack to give than was asked for, and
    // since the estimate is high, less may do.
    let (hand_over, take_over) = mpsc::channel();
    let take_over = Mutex::new(take_over);
    thread::scope(|scope| {
        let worker = loop {
            let run = || take_over.lock().ok()?.recv().ok().map(|work: W| work());
            match thread::Builder::new().stack_size(size).spawn_scoped(scope, run) {
                Ok(worker) => break Some(worker),
                Err(_) if size > stack => size /= 2,
                Err(_) => break None,
            }
        };
        let _ = hand_over.send(work);
        let result = worker.and_then(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        result.unwrap_or_else(|| Err(InstrumentError::new(ErrorKind::TooDeep { depth }, None)))
    })
}

/// What a byte may do to the depth.
const OPEN: u8 = 1;
const CLOSE: u8 = 2;
/// Operators that nest what follows them: prefixes, assignments, arrows, conditionals, labels.
const CHAIN: u8 = 3;
const END: u8 = 4;

const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut at = 0;
    while at < 256 {
        class[at] = match at as u8 {
            b'(' | b'[' | b'{' => OPEN,
            b')' | b']' | b'}' => CLOSE,
            b'=' | b'?' | b':' | b'!' | b'~' | b'+' | b'-' | b'*' | b'&' | b'|' | b'<' | b'>' | b'.' => CHAIN,
            b';' | b',' => END,
            _ => 0,
        };
        at += 1;
    }
    class
};

/// Words that nest without a bracket or operator: `else if`, `new new`, `await await`, `typeof typeof`, `if`.
const WORDS: [&[u8]; 10] =
    [b"else", b"new ", b"await", b"yield", b"typeof", b"void ", b"delete", b"if", b"for", b"while"];

/// An estimate of how deep a program is nested: what is open at one place, brackets and chains of operators
/// between them, and the nesting words of one kind, which could all form one chain.
fn nesting(text: &[u8]) -> usize {
    let (mut open, mut deepest, mut chain) = (0_usize, 0, 0_u32);
    let mut outer = Vec::new();
    for &byte in text {
        match CLASS[byte as usize] {
            OPEN => {
                outer.push(chain);
                chain = 0;
                open += 1;
                deepest = deepest.max(open);
            }
            CLOSE => {
                open = open.saturating_sub(chain as usize + 1);
                chain = outer.pop().unwrap_or(0);
            }
            CHAIN => {
                chain += 1;
                open += 1;
                deepest = deepest.max(open);
            }
            END => {
                open = open.saturating_sub(chain as usize);
                chain = 0;
            }
            _ => {}
        }
    }
    let words = WORDS.iter().map(|word| memchr::memmem::find_iter(text, word).count()).max().unwrap_or(0);
    deepest + words
}

/// How deep brackets alone are nested.
fn brackets(text: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for &byte in text {
        match CLASS[byte as usize] {
            OPEN => {
                open += 1;
                deepest = deepest.max(open);
            }
            CLOSE => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
