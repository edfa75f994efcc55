//! Names that come from source text and may hold anything, made fit for formats that cannot hold anything.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::coverage::Point;

/// Control characters would end a line, or act on a terminal.
pub(super) fn one_line(name: &str) -> Cow<'_, str> {
    if name.contains(char::is_control) {
        name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect::<String>().into()
    } else {
        name.into()
    }
}

/// Names of one file's functions, for formats in which a name must not come twice.
pub(super) struct Names<'a> {
    times: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    pub(super) fn of(functions: &[&'a Point]) -> Self {
        let mut times = HashMap::new();
        for point in functions {
            *times.entry(&*point.function).or_default() += 1;
        }
        Self { times }
    }

    /// The name, with the position behind it where others have the same.
    pub(super) fn of_point(&self, point: &'a Point) -> Cow<'a, str> {
        let name = one_line(&point.function);
        match self.times.get(&*point.function) {
            Some(2..) => format!("{name} ({})", point.at).into(),
            _ => name,
        }
    }
}

/// Text for XML 1.0, in and outside of attributes. Most control characters cannot be written in it at all.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", c as u32)),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if c.is_control() => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}
