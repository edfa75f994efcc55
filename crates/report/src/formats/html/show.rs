//! Names and numbers as pages show them.

use std::borrow::Cow;
use std::fmt::Display;

use pathlight_mapping::{ContentHash, Site};

use crate::coverage::Point;
use crate::summary::Tally;

/// So much of a name stands in its page's name, for people; the hash behind it tells names apart.
const SLUG: usize = 48;

/// The name of a file's page without its ending: letters, digits and `-` alone, the same in every run, and different
/// for different names even where the file system ignores case.
pub(super) fn page_name(name: &str) -> String {
    let slug: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let slug = slug.trim_matches('-');
    let tail = &slug[slug.len().saturating_sub(SLUG)..];
    format!("{}-{}", tail.trim_start_matches('-'), ContentHash::of_parts([name.as_bytes()]).short())
}

/// A whole number, as `1,234,567`.
pub(super) fn grouped(number: &impl Display) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whether a character would not be seen, or would change how its neighbours are seen: controls, marks of direction
/// and characters without width.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// A name in which every character can be seen.
pub(super) fn visible(name: &str) -> Cow<'_, str> {
    if !name.contains(is_hidden) {
        return name.into();
    }
    let show = |c: char| if is_hidden(c) { format!("\\u{{{:x}}}", u32::from(c)) } else { c.to_string() };
    name.chars().map(show).collect::<String>().into()
}

/// A name in parts between which a line may break: behind each `.` and `/`.
pub(super) fn breaks(name: &str) -> impl Iterator<Item = &str> {
    name.split_inclusive(['.', '/'])
}

/// A function's name for people.
pub(super) fn function_name(name: &str) -> Cow<'_, str> {
    if name.is_empty() { "(anonymous)".into() } else { visible(name) }
}

/// A hit count in few characters, rounded down: `950`, `1.2k`, `34M`.
pub(super) fn compact(number: u64) -> String {
    let (mut unit, mut units) = (1_u64, " kMGTPE".chars());
    let mut suffix = units.next();
    while number / unit >= 1000 {
        unit *= 1000;
        suffix = units.next();
    }
    match (number / unit, suffix) {
        (_, None | Some(' ')) => number.to_string(),
        (whole @ 0..10, Some(suffix)) => format!("{whole}.{}{suffix}", number % unit / (unit / 10)),
        (whole, Some(suffix)) => format!("{whole}{suffix}"),
    }
}

/// From 1 to 9: how hot `hits` is where the hottest has `most`. Each step is the same factor.
pub(super) fn heat(hits: u64, most: u64) -> u32 {
    match (hits, most) {
        (0, _) => 0,
        (_, 0 | 1) => 1,
        _ => 1 + (u64::from(hits.ilog2()) * 8 / u64::from(most.ilog2())).min(8) as u32,
    }
}

/// `87.50 %`, or a dash where there is nothing to cover.
pub(super) fn percent(tally: &Tally) -> String {
    if tally.total == 0 { "–".to_owned() } else { format!("{:.2} %", tally.percent()) }
}

/// What a point stands for, in the words of the language.
pub(super) fn construct(point: &Point) -> &'static str {
    match point.span.map(|span| span.site) {
        Some(Site::Function) => "function",
        Some(Site::Arrow) => "arrow function",
        Some(Site::IfThen) => "if",
        Some(Site::IfElse) => "else",
        Some(Site::SwitchCase) => "case",
        Some(Site::SwitchDefault | Site::SwitchNoMatch) => "default",
        Some(Site::Loop) => "loop body",
        Some(Site::Ternary) => "?: arm",
        Some(Site::Logical) => "right side",
        Some(Site::LogicalAssign) => "assigned value",
        None if point.is_function() => "function",
        None => "branch",
    }
}
