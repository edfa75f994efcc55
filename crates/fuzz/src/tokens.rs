//! Mutants of programs that a parser has a chance to take: what is changed is tokens, and groups in brackets.

use std::ops::Range;
use std::sync::OnceLock;

use crate::seeds;

/// What is put in: every form of the grammar has its beginning here, and every comment that is a hint.
const SNIPPETS: [&str; 112] = [
    "a",
    "b",
    "f",
    "x",
    "0",
    "1n",
    "089",
    "1_0",
    ".5",
    "''",
    "\"use strict\";",
    "'use asm';",
    "/a/g",
    "`a${b}c`",
    "``",
    "null",
    "this",
    "super",
    "new.target",
    "import.meta",
    "arguments",
    "async",
    "await ",
    "yield ",
    "yield* ",
    "let ",
    "const ",
    "var ",
    "using ",
    "of ",
    "in ",
    "instanceof ",
    "typeof ",
    "void ",
    "delete ",
    "new ",
    "get ",
    "set ",
    "static ",
    "accessor ",
    "#p",
    "constructor",
    "eval(a)",
    "=",
    "==",
    "=>",
    "&&=",
    "||=",
    "??=",
    "&&",
    "||",
    "??",
    "?.",
    "?.[0]",
    "?.()",
    "?",
    ":",
    ",",
    ";",
    "...",
    "+",
    "++",
    "--",
    "-",
    "!",
    "~",
    "*",
    "**",
    "/",
    "<",
    ">",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "\u{2028}",
    "//\n",
    "/**/",
    "<!--\n",
    "/* istanbul ignore next */",
    "/* c8 ignore start */",
    "/* v8 ignore stop */",
    "// istanbul ignore else\n",
    "/*#__PURE__*/",
    "@d ",
    "if (a) ",
    "else ",
    "switch (a) { case 1: default: }",
    "case 1: ",
    "default: ",
    "for (;;) ",
    "for (a of b) ",
    "for await (a of b) ",
    "while (a) ",
    "do ",
    "while (0)",
    "try {} catch {} finally {}",
    "throw a;",
    "return a;",
    "break;",
    "continue;",
    "l: ",
    "with (a) ",
    "function f() {}",
    "function* g() {}",
    "async () => {}",
    "(a, b = 1) => ",
    "class A extends B { static { } x = 1; #p() { } }",
    "<a b={c}>d{e}</a>",
];

/// Brackets that belong together.
const PAIRS: [(&str, &str); 8] = [
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("`${", "}`"),
    ("(() => ", ")()"),
    ("/*", "*/"),
    ("<a>", "</a>"),
    ("{ (", "); }"),
];

/// A mutant of the program in `bytes`, whose first `head` bytes are options; not longer than `longest` bytes.
fn mutate(bytes: &[u8], head: usize, longest: usize, seed: u32) -> Vec<u8> {
    let mut random = Random(u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ bytes.len() as u64);
    let (options, text) = bytes.split_at(head.min(bytes.len()));
    let mut options = options.to_vec();
    options.resize(head, 0);
    if head > 0 && random.below(8) == 0 {
        let at = random.below(head);
        options[at] = random.below(256) as u8;
    }
    let mut pieces: Vec<Vec<u8>> = tokens(text).map(<[u8]>::to_vec).collect();
    for _ in 0..=random.below(2) {
        change(&mut pieces, &mut random);
    }
    let mut mutant = options;
    mutant.extend(pieces.concat());
    mutant.truncate(longest);
    mutant
}

/// The same where libFuzzer keeps its input: the first `size` bytes of `data`. One in eight mutants is made `by_bytes`:
/// they know what tokens do not, escapes, odd characters, what is cut off. Returns the mutant's size.
pub fn mutate_in_place(
    data: &mut [u8],
    size: usize,
    head: usize,
    longest: usize,
    seed: u32,
    by_bytes: fn(&mut [u8], usize, usize) -> usize,
) -> usize {
    if seed.is_multiple_of(8) {
        return by_bytes(data, size, longest);
    }
    let mutant = mutate(&data[..size], head, longest, seed);
    data[..mutant.len()].copy_from_slice(&mutant);
    mutant.len()
}

fn change(pieces: &mut Vec<Vec<u8>>, random: &mut Random) {
    let at = random.below(pieces.len() + 1);
    let few = at..(at + 1 + random.below(6)).min(pieces.len());
    let few = few.start.min(few.end)..few.end;
    let snippet = |random: &mut Random| SNIPPETS[random.below(SNIPPETS.len())].as_bytes().to_vec();
    match random.below(10) {
        0 => drop(pieces.drain(few)),
        1 => {
            let copy = pieces[few].to_vec();
            let to = random.below(pieces.len() + 1);
            drop(pieces.splice(to..to, copy));
        }
        2 => drop(pieces.splice(few, [snippet(random)])),
        3 => drop(pieces.splice(at..at, [snippet(random)])),
        4 => {
            let (open, close) = PAIRS[random.below(PAIRS.len())];
            let group = group(pieces, random).unwrap_or(few);
            pieces.insert(group.end, close.as_bytes().to_vec());
            pieces.insert(group.start, open.as_bytes().to_vec());
        }
        5 if at < pieces.len() => {
            let other = random.below(pieces.len());
            pieces.swap(at, other);
        }
        6 => {
            let Some(group) = group(pieces, random) else { return };
            match random.below(2) {
                0 => drop(pieces.drain(group)),
                _ => drop(pieces.splice(group.end..group.end, pieces[group.clone()].to_vec())),
            }
        }
        7 => {
            // One group for another of this program.
            let (Some(from), Some(to)) = (group(pieces, random), group(pieces, random)) else { return };
            let copy = pieces[from].to_vec();
            drop(pieces.splice(to, copy));
        }
        _ => {
            let donor = donor(random);
            let from = group(&donor, random).unwrap_or(0..donor.len());
            let to = if random.below(2) == 0 { group(pieces, random) } else { None };
            drop(pieces.splice(to.unwrap_or(at..at), donor[from].to_vec()));
        }
    }
}

/// The tokens of a fixture.
fn donor(random: &mut Random) -> Vec<Vec<u8>> {
    static PROGRAMS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let programs = PROGRAMS.get_or_init(seeds::plain_programs);
    tokens(&programs[random.below(programs.len())]).map(<[u8]>::to_vec).collect()
}

/// From a bracket to the one that closes it.
fn group(pieces: &[Vec<u8>], random: &mut Random) -> Option<Range<usize>> {
    let opens = |piece: &Vec<u8>| matches!(piece.as_slice(), b"(" | b"[" | b"{");
    let closes = |piece: &Vec<u8>| matches!(piece.as_slice(), b")" | b"]" | b"}");
    let all: Vec<usize> = (0..pieces.len()).filter(|at| opens(&pieces[*at])).collect();
    let start = *all.get(random.below(all.len()))?;
    let mut depth = 0_u32;
    for (at, piece) in pieces.iter().enumerate().skip(start) {
        depth += u32::from(opens(piece));
        depth = depth.saturating_sub(u32::from(closes(piece)));
        if depth == 0 {
            return Some(start..at + 1);
        }
    }
    None
}

/// Words, strings, comments, blanks, and all else byte by byte; together the whole text.
fn tokens(mut text: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let first = *text.first()?;
        let while_all = |is: fn(&u8) -> bool| text.iter().position(|byte| !is(byte)).unwrap_or(text.len());
        let through = |end: &[u8], from: usize| {
            let found = text.get(from..).and_then(|rest| rest.windows(end.len()).position(|window| window == end));
            found.map_or(1, |at| from + at + end.len())
        };
        let length = match first {
            b'"' | b'\'' => through(&[first], 1),
            b'/' if text.starts_with(b"/*") => through(b"*/", 2),
            b'/' if text.starts_with(b"//") => through(b"\n", 2),
            _ if first.is_ascii_whitespace() => while_all(u8::is_ascii_whitespace),
            _ if is_word(&first) => while_all(is_word),
            _ => 1,
        };
        let (token, rest) = text.split_at(length);
        text = rest;
        Some(token)
    })
}

fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
}

/// A linear congruential generator with Knuth's constants: enough to choose by.
#[derive(Debug)]
pub struct Random(pub u64);

impl Random {
    /// A number below `bound`; 0 if that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_whole_text() {
        let text = b"f('a b', /* c */ `d${e}`); // g\nx1 = \"open";
        assert_eq!(tokens(text).collect::<Vec<_>>().concat(), text);
        assert_eq!(tokens(b"f('a b')").collect::<Vec<_>>(), [&b"f"[..], b"(", b"'a b'", b")"]);
    }

    #[test]
    fn many_mutants_are_programs() {
        use pathlight_instrument::{Input, Language, Options, SourceType, instrument};
        let program = b"function f(a) { if (a) { return [1, 2]; } else { g(a => a + 1); } }\nf({ b: c ? d : e });";
        let is_program = |seed: &u32| {
            let mutant = mutate(program, 0, 4096, *seed);
            let text = String::from_utf8_lossy(&mutant);
            let (language, source_type) = (Language::JavaScript, SourceType::Auto);
            let input = Input { name: "a.js", text: &text, language, source_type, map: None };
            instrument(input, &Options::default()).is_ok()
        };
        let programs = (0..200).filter(is_program).count();
        assert!((25..200).contains(&programs), "{programs} of 200");
    }
}
