//! From a template to a text: what stands between tokens, and whether statements end in `;` or in a line break.
//!
//! The grammar writes templates: `·` is a gap where anything may stand, `‿` one without a line break (after
//! `return`, before `=>` …), and `¶` the end of a statement that automatic semicolon insertion may end.

use super::choices::Choices;

/// Anything that separates tokens.
pub(super) const GAP: char = '·';
/// The same without a line break.
pub(super) const TIGHT: char = '‿';
/// The end of a statement.
pub(super) const END: char = '¶';

/// What the text of a program may hold between its tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Layout {
    /// Comments and odd line breaks.
    pub(super) is_odd: bool,
    /// `<!--` and `-->`, which no module may hold.
    pub(super) html_comments: bool,
}

impl Layout {
    /// One space a gap, one `;` an end.
    pub(super) const PLAIN: Self = Self { is_odd: false, html_comments: false };

    /// The text of a whole template.
    pub(super) fn text(self, template: &str, choices: &mut Choices) -> String {
        self.part(template, choices).replace(END, ";")
    }

    /// The text of a template but for its last end, if it has one: what will follow is not known yet.
    pub(super) fn part(self, template: &str, choices: &mut Choices) -> String {
        let mut text = String::with_capacity(template.len());
        let mut rest = template.chars();
        while let Some(next) = rest.next() {
            match next {
                GAP => text.push_str(self.gap(choices)),
                TIGHT => text.push_str(self.tight(choices)),
                END => match rest.as_str().trim_start_matches(blank) {
                    "" => text.push(END),
                    following => text.push_str(self.end(following, choices)),
                },
                other => text.push(other),
            }
        }
        text
    }

    fn gap(self, choices: &mut Choices) -> &'static str {
        if !self.is_odd || choices.below(24) < 20 {
            return " ";
        }
        // Every one begins and ends blank, so that no comment grows out of a `/` beside it.
        const ODD: [&str; 8] =
            ["\n", "\t", " /* c */ ", " // c\n", "\r\n", " /* c\n */ ", "\u{2028}", " /** @const */ "];
        ODD[choices.below(ODD.len() as u32) as usize]
    }

    fn tight(self, choices: &mut Choices) -> &'static str {
        if !self.is_odd || choices.below(24) < 21 {
            return " ";
        }
        [" ", "\u{a0}", " /* c */ "][choices.below(3) as usize]
    }

    /// A line break alone ends a statement unless the next token, which is `following`, could continue it.
    fn end(self, following: &str, choices: &mut Choices) -> &'static str {
        let continues = match following.chars().next() {
            Some('+') => !following.starts_with("++"),
            Some('-') => !following.starts_with("--"),
            Some(first) => "([`/*.,?:=<>&|^%".contains(first) || starts_with_operator(following),
            None => false,
        };
        if !self.is_odd || continues || choices.below(4) < 2 {
            return ";";
        }
        match choices.below(8) {
            0..=2 if following.starts_with('}') => " ",
            // Not before `/`: swc's parser takes the comment for a part of the token behind it.
            3 if self.html_comments => " <!-- c\n",
            4 if self.html_comments => "\n--> c\n",
            _ => "\n",
        }
    }
}

fn blank(c: char) -> bool {
    c.is_whitespace() || c == GAP || c == TIGHT
}

/// `in` and `instanceof` continue an expression too.
fn starts_with_operator(text: &str) -> bool {
    ["in", "instanceof"].into_iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odd(template: &str, seed: u64) -> String {
        Layout { is_odd: true, html_comments: false }.text(template, &mut Choices::of_seed(seed))
    }

    #[test]
    fn what_would_continue_gets_its_semicolon() {
        for seed in 0..200 {
            assert!(odd("a¶(b)¶", seed).starts_with("a;(b)"));
            assert!(odd("a¶in·b", seed).starts_with("a;in"));
        }
        assert!((0..200).any(|seed| odd("a¶++b¶", seed).starts_with("a\n++b")));
    }

    #[test]
    fn without_choices_it_is_plain() {
        let layout = Layout { is_odd: true, html_comments: true };
        assert_eq!(layout.text("return‿a·+·b¶", &mut Choices::replay(&[])), "return a + b;");
    }
}
