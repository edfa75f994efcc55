//! Enough stack for deeply nested programs, so that they get a result and never an abort.
//!
//! Parsing, planting, printing and dropping a tree all go as deep as the program is nested. The parser cannot be
//! asked how deep that will be, so it is estimated from the text, rather too high than too low; a program that
//! is deeper than the calling thread's stack holds gets a thread with a larger one. Stack is reserved, not used:
//! a high estimate costs nothing but address space.

use std::sync::{LazyLock, Mutex, mpsc};
use std::thread;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::bits::{self, BITS};
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
    let depth = nesting(text.as_bytes(), levels);
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

/// Operators that nest what follows them: prefixes, assignments, arrows, conditionals, labels.
fn is_operator(byte: u8) -> bool {
    is_one_of(b"=?:!~+-*&|>.", byte)
}

/// What else may change the depth, or begin what is no code.
fn is_mark(byte: u8) -> bool {
    is_one_of(b"([{)]};,<\"'`/\\", byte)
}

/// Comparisons and no branch: the compiler compares many bytes at once.
#[inline]
fn is_one_of<const N: usize>(bytes: &[u8; N], byte: u8) -> bool {
    bytes.iter().fold(false, |is, one| is | (byte == *one))
}

/// Words that nest without a bracket or operator: `else if`, `new new`, `a as b as c`, `extends class extends`.
const WORDS: [&str; 18] = [
    "do",
    "else",
    "new",
    "await",
    "yield",
    "typeof",
    "void",
    "delete",
    "if",
    "for",
    "while",
    "with",
    "extends",
    "as",
    "satisfies",
    "keyof",
    "readonly",
    "unique",
];

/// Bytes of text that may need as much stack as one level: left operands, as in `a()()()` and `a in a in a`, nest with
/// some hundred bytes for each.
const PER_OPERANDS: usize = 128;

/// Words before a regular expression; behind any other word a slash divides.
const BEFORE_REGEX: [&[u8]; 13] = [
    b"return",
    b"typeof",
    b"case",
    b"in",
    b"of",
    b"delete",
    b"void",
    b"throw",
    b"else",
    b"do",
    b"await",
    b"yield",
    b"instanceof",
];

/// An estimate of how deep a program is nested, the first that shows it to be no deeper than `enough`, or else the best.
fn nesting(text: &[u8], enough: usize) -> usize {
    let most = most_levels(text);
    if most <= enough {
        return most;
    }
    let deepest = deepest(text);
    let words = Some(likely_words(text)).filter(|most| deepest + most <= enough).unwrap_or_else(|| most_words(text));
    (deepest + words).max(text.len() / PER_OPERANDS)
}

/// How deep the program could be if all of it were one chain: each level has a keyword or a sign of its own.
fn most_levels(text: &[u8]) -> usize {
    let is_sign = |byte: u8| (byte > b' ') & (byte < 0x80) & !is_of_word(byte);
    2 + count(text, |before, byte, _| is_sign(byte) | begins_word(before, byte))
}

/// How many words begin as those that nest do, at most; the text's first word is one.
fn likely_words(text: &[u8]) -> usize {
    1 + count(text, |before, byte, behind| {
        let begins_as = |word: &&str| (byte == word.as_bytes()[0]) & (behind == word.as_bytes()[1]);
        WORDS.iter().fold(false, |begins, word| begins | begins_as(word)) & begins_word(before, byte)
    })
}

/// Ranges and no branch: the compiler compares many bytes at once.
fn is_letter(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26
}

fn is_of_word(byte: u8) -> bool {
    is_letter(byte) | (byte.wrapping_sub(b'0') < 10)
}

/// What is not ASCII before a word may be a blank.
fn begins_word(before: u8, byte: u8) -> bool {
    is_letter(byte) & !is_of_word(before)
}

/// Counts bytes of a text but its first and last by what they, the one before and the one behind are.
#[inline]
fn count(text: &[u8], is: impl Fn(u8, u8, u8) -> bool) -> usize {
    /// Whose number a byte can hold, and no rest behind what a processor compares at once.
    const LANES: usize = 128;
    let [behind_first, behind_second] = [1, 2].map(|at| text.get(at..).unwrap_or_default());
    let lanes = text.chunks(LANES).zip(behind_first.chunks(LANES)).zip(behind_second.chunks(LANES));
    let counts = lanes.map(|((before, bytes), behind)| {
        let bytes = before.iter().zip(bytes).zip(behind);
        bytes.map(|((before, byte), behind)| u8::from(is(*before, *byte, *behind))).sum::<u8>()
    });
    counts.map(usize::from).sum::<usize>()
}

/// What is open at one place, brackets and chains of operators between them.
///
/// What closes a bracket must be code, or `f(")", f(")", …` would look flat.
fn deepest(text: &[u8]) -> usize {
    let mut depth = Depth::default();
    let mut at = 0;
    for (number, block) in text.chunks(BITS).enumerate() {
        let start = number * BITS;
        let end = start + block.len();
        if at >= end {
            continue;
        }
        let operators = bits::mask(block, is_operator);
        let marks = bits::mask(block, is_mark);
        while at < end {
            let rest = bits::from(at - start);
            let found = (marks & rest).trailing_zeros() as usize;
            depth.chain((operators & rest & !bits::from(found)).count_ones() as usize);
            at = start + found;
            if let Some(&byte) = block.get(found) {
                at = depth.mark(text, at, byte) + 1;
            }
        }
    }
    depth.deepest
}

/// How often the most frequent of the nesting words stands in `text`: those of one kind could all form one chain.
fn most_words(text: &[u8]) -> usize {
    /// All are looked for at once: a search for each word takes several times as long.
    static FINDER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(WORDS).ok());
    let mut counts = [0; WORDS.len()];
    // What is not ASCII beside a word may be a blank.
    let is_word =
        |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|byte| byte.is_ascii() && is_word(*byte));
    for word in FINDER.iter().flat_map(|finder| finder.find_iter(text)) {
        if !is_word(word.start().checked_sub(1)) && !is_word(Some(word.end())) {
            counts[word.pattern()] += 1;
        }
    }
    counts.into_iter().max().unwrap_or(0)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
}

/// Whether a slash behind `before` begins a regular expression, as far as the last token tells.
fn is_regex(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let word = before.iter().rposition(|byte| !is_word(*byte)).map_or(before, |at| &before[at + 1..]);
    if word.is_empty() {
        !matches!(before.last(), Some(b')' | b']' | b'"' | b'\'' | b'`'))
    } else {
        BEFORE_REGEX.contains(&word)
    }
}

/// From a quote or slash to where the literal ends, at the latest with its line.
fn literal(text: &[u8], mut at: usize, end: u8) -> usize {
    loop {
        at += 1;
        match text.get(at) {
            None | Some(b'\n') => return at,
            Some(b'\\') => at += 1,
            Some(&byte) if byte == end => return at,
            Some(_) => {}
        }
    }
}

/// What is open at a place of the text.
#[derive(Default)]
struct Depth {
    open: usize,
    deepest: usize,
    /// Operators since the innermost bracket opened, or the last comma or semicolon in it.
    chain: u32,
    /// `<` since the innermost bracket opened.
    angles: u32,
    outer: Vec<Level>,
}

/// What a bracket stands in.
struct Level {
    chain: u32,
    angles: u32,
    is_template: bool,
}

impl Depth {
    fn open(&mut self, is_template: bool) {
        self.outer.push(Level { chain: self.chain, angles: self.angles, is_template });
        (self.chain, self.angles) = (0, 0);
        self.open += 1;
        self.deepest = self.deepest.max(self.open);
    }

    /// Whether it closed a template's `${`.
    fn close(&mut self) -> bool {
        self.open = self.open.saturating_sub(self.chain as usize + self.angles as usize + 1);
        let level = self.outer.pop().unwrap_or(Level { chain: 0, angles: 0, is_template: false });
        (self.chain, self.angles) = (level.chain, level.angles);
        level.is_template
    }

    /// Handles the mark at a place. Returns the last place of what it begins and is no code.
    fn mark(&mut self, text: &[u8], at: usize, mark: u8) -> usize {
        match mark {
            b'(' | b'[' | b'{' => self.open(false),
            b')' | b']' => {
                self.close();
            }
            b'}' if self.close() => return self.template(text, at),
            b';' | b',' => self.end(),
            // It begins a comparison, or arguments of a type or a tag, which no comma or semicolon ends.
            b'<' => self.angles(1),
            b'`' => return self.template(text, at),
            b'"' | b'\'' => return self.pass(text, at, literal(text, at, mark)),
            b'/' => {
                let end = match text.get(at + 1) {
                    Some(b'/') => memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length),
                    Some(b'*') => memchr::memmem::find(&text[at + 2..], b"*/").map_or(text.len(), |end| at + end + 3),
                    _ if is_regex(&text[..at]) => literal(text, at, b'/'),
                    _ => at,
                };
                return self.pass(text, at, end);
            }
            b'\\' => return at + 1,
            _ => {}
        }
        at
    }

    fn chain(&mut self, operators: usize) {
        self.chain += operators as u32;
        self.open += operators;
        self.deepest = self.deepest.max(self.open);
    }

    fn angles(&mut self, count: usize) {
        self.angles += count as u32;
        self.open += count;
        self.deepest = self.deepest.max(self.open);
    }

    /// Passes what is no code, unless it is the text of a tag. Returns `to`.
    fn pass(&mut self, text: &[u8], from: usize, to: usize) -> usize {
        let passed = text.get(from..to).unwrap_or_default();
        self.angles(memchr::memchr_iter(b'<', passed).count());
        to
    }

    fn end(&mut self) {
        self.open = self.open.saturating_sub(self.chain as usize);
        self.chain = 0;
    }

    /// From a backtick, or the `}` of a substitution, to the template's end or its next `${`.
    fn template(&mut self, text: &[u8], mut at: usize) -> usize {
        loop {
            at += 1;
            match text.get(at) {
                None | Some(b'`') => return at,
                Some(b'\\') => at += 1,
                Some(b'$') if text.get(at + 1) == Some(&b'{') => {
                    self.open(true);
                    return at + 1;
                }
                Some(_) => {}
            }
        }
    }
}

/// How deep brackets alone are nested.
fn brackets(text: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for &byte in text {
        match byte {
            b'(' | b'[' | b'{' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_comments_close_nothing() {
        for level in [
            "f(\")\", ",
            "f(')', ",
            "f(`)`, ",
            "f(/[)]/, ",
            "f(a, /\\)/, ",
            "f(/* ) */ ",
            "f( // )\n",
            "f(\"\\\")\", ",
            "f(`${a})`, ",
            "f(`${ { a: ')' }.a })`, ",
            "f(() => { return /\\}/; }, ",
            "f('\\\n)', ",
        ] {
            let depth = nesting(level.repeat(1000).as_bytes(), 0);
            assert!(depth >= 1000, "{level}: {depth}");
        }
    }

    #[test]
    fn every_level_is_counted() {
        let signs = (0..128_u8).filter(|byte| is_operator(*byte) || b"([{<".contains(byte));
        let signs = signs.map(|byte| char::from(byte).to_string());
        let words = WORDS.iter().flat_map(|word| [format!("{word} a "), format!("{word}\u{a0}")]);
        let mixed = ["A<B,", "<a>;", "<a>//", "<a>'"].map(str::to_owned);
        for level in signs.chain(words).chain(mixed) {
            let program = level.repeat(1000);
            assert!(deepest(program.as_bytes()) + most_words(program.as_bytes()) >= 1000, "{level}");
            assert!(most_levels(program.as_bytes()) >= 1000, "{level}");
            assert!(likely_words(program.as_bytes()) >= most_words(program.as_bytes()), "{level}");
        }
    }

    #[test]
    fn flat_programs_are_flat() {
        for statement in [
            "f(a / b, c / d);",
            "x = `${a}(` + '(';",
            "if (a) { b(\"it's\"); }",
            "a = /[(]'/.test(b); // don't\n",
            "g(a)[b] / (c) / d;",
        ] {
            let depth = nesting(statement.repeat(1000).as_bytes(), 0);
            let counted = WORDS.iter().filter(|word| statement.contains(**word)).count();
            assert!(depth <= 1010 + 1000 * counted, "{statement}: {depth}");
        }
    }
}
