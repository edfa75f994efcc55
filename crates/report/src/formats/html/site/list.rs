//! What a page is asked for, and lists that go by page.

use std::fmt::Write as _;

/// Rows of a page.
pub(super) const ROWS: usize = 200;

/// What an address asks for. Anybody may have written it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// Names and values, in their order.
    pub words: Vec<(String, String)>,
}

impl Asked {
    /// The first value of this name; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.words.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Number of the page, from 1.
    pub(super) fn page(&self) -> usize {
        self.get("page").parse().unwrap_or(1).max(1)
    }

    /// The address of `page` that asks for the same, but for these; an empty value asks for nothing.
    pub(super) fn address(&self, page: &str, keep: &[&str], changed: &[(&str, &str)]) -> String {
        let kept = keep.iter().filter(|name| changed.iter().all(|(other, _)| other != *name));
        let all = kept.map(|name| (*name, self.get(name))).chain(changed.iter().copied());
        address(page, all)
    }
}

/// `page?name=value&…`, without what is empty.
pub(super) fn address<'a>(page: &str, words: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = page.to_owned();
    let mut before = '?';
    for (name, value) in words.into_iter().filter(|(_, value)| !value.is_empty()) {
        text.push(before);
        before = '&';
        text.push_str(name);
        text.push('=');
        push_encoded(value, &mut text);
    }
    text
}

fn push_encoded(value: &str, text: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

/// Which rows of a list a page shows, and the ways to the others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Paging {
    /// Of all rows.
    pub(super) total: usize,
    /// From 1; 0 if there are none.
    pub(super) first: usize,
    /// Inclusive.
    pub(super) last: usize,
    /// From 1.
    pub(super) page: usize,
    pub(super) pages: usize,
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
}

impl Paging {
    /// `address`: of the page with this number.
    pub(super) fn of(total: usize, asked: usize, address: impl Fn(&str) -> String) -> Self {
        Self::with(ROWS, total, asked, address)
    }

    /// `rows`: of a page.
    pub(super) fn with(rows: usize, total: usize, asked: usize, address: impl Fn(&str) -> String) -> Self {
        let pages = total.div_ceil(rows.max(1)).max(1);
        let page = asked.min(pages);
        let first = (page - 1) * rows;
        Self {
            total,
            first: if total == 0 { 0 } else { first + 1 },
            last: total.min(first + rows),
            page,
            pages,
            previous: (page > 1).then(|| address(&(page - 1).to_string())),
            next: (page < pages).then(|| address(&(page + 1).to_string())),
        }
    }

    /// The rows of this page.
    pub(super) fn cut<'a, T>(&self, rows: &'a [T]) -> &'a [T] {
        rows.get(self.first.saturating_sub(1)..self.last).unwrap_or_default()
    }
}

/// A column that a list can be sorted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Column {
    pub(super) label: &'static str,
    /// What it means, where the label does not say it.
    pub(super) title: &'static str,
    /// Sorts by it, the other way round if the list is sorted by it.
    pub(super) address: String,
    /// `ascending`, `descending` or `none`.
    pub(super) sort: &'static str,
    /// Whether it holds numbers.
    pub(super) is_number: bool,
}

/// How a list is sorted: by which column, and whether the greatest comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sort<'a> {
    pub(super) key: &'a str,
    pub(super) is_down: bool,
}

impl<'a> Sort<'a> {
    /// `-size` is by size, the greatest first. What is no column sorts by `default`.
    pub(super) fn of(asked: &'a str, keys: &[&str], default: &'a str) -> Self {
        let text = if keys.contains(&asked.trim_start_matches('-')) { asked } else { default };
        Self { key: text.trim_start_matches('-'), is_down: text.starts_with('-') }
    }

    /// The value of `sort` that clicking on the column asks for. `starts_down`: its first click shows the greatest.
    pub(super) fn next(self, key: &str, starts_down: bool) -> String {
        let is_down = if self.key == key { !self.is_down } else { starts_down };
        if is_down { format!("-{key}") } else { key.to_owned() }
    }

    pub(super) fn said(self, key: &str) -> &'static str {
        match (self.key == key, self.is_down) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }
}

/// Whether every word of a query is in a text, whatever its case.
pub(super) fn matches(text: &str, query: &str) -> bool {
    if query.is_empty() {
        return true;
    }
    let text = text.to_lowercase();
    query.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_any_name() {
        let asked = Asked { words: vec![("id".into(), "a&b=c#<\"'> ü".into()), ("page".into(), "7".into())] };
        assert_eq!(
            asked.address("build", &["id", "page", "q"], &[("page", ""), ("path", "src/x")]),
            "build?id=a%26b%3Dc%23%3C%22%27%3E%20%C3%BC&path=src/x"
        );
        assert_eq!((asked.page(), Asked::default().page()), (7, 1));
    }

    #[test]
    fn pages_of_a_list() {
        let rows: Vec<usize> = (0..450).collect();
        let page = |asked| Paging::of(rows.len(), asked, str::to_owned);
        assert_eq!((page(1).first, page(1).last, page(1).next.as_deref(), page(1).previous), (1, 200, Some("2"), None));
        assert_eq!((page(3).cut(&rows).len(), page(99).page, page(3).next.clone()), (50, 3, None));
        let none = Paging::of(0, 5, str::to_owned);
        assert_eq!((none.first, none.last, none.cut(&rows)), (0, 0, &[][..]));
    }
}
