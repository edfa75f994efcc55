//! Why a difference is right: a rule for what happens everywhere, a row of `fixtures/reference/fixtures.tsv` for
//! what happens once. D1 to D22 are the defects of Closure Compiler's instrumentation, as in that folder's lists.

use std::collections::BTreeMap;
use std::fs;

use pathlight_mapping::{Position, Probe, ProbeId, Site};

use super::cases::Case;
use super::compare::{Comparison, Difference, Field, Reason, Row, read_list};
use super::judge::{Judged, Run};
use crate::{Failure, workspace};

const LIST: &str = "fixtures/reference/fixtures.tsv";

/// A difference and where it was found.
pub(crate) struct Found<'a> {
    pub(crate) case: &'a Case,
    pub(crate) judged: &'a Judged,
    pub(crate) comparison: &'a Comparison<'a>,
    /// Closure's output and ours, if they ran.
    pub(crate) runs: Option<(&'a Run, &'a Run)>,
    pub(crate) difference: &'a Difference,
}

/// A reason that needs no list, since what it says can be seen in the program.
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) reason: &'static str,
    explains: fn(&Found) -> bool,
}

const RULES: [Rule; 8] = [
    Rule {
        name: "D13-made",
        reason: "Closure's name was made by the compiler; ours stands in the source",
        explains: |found| found.is(Field::Function) && is_made_from(&found.difference.closure, &found.difference.ours),
    },
    Rule {
        name: "D13-anonymous",
        reason: "Closure calls a function anonymous whose name or place the source says",
        explains: |found| found.is(Field::Function) && found.difference.closure == "<Anonymous>",
    },
    Rule {
        name: "D14",
        reason: "Closure's position of accessors, async methods, dotted paths and templates is a token inside; ours \
                 is the first",
        explains: |found| found.is(Field::Position) && found.is_inner_token() == Some(true),
    },
    Rule {
        name: "D4",
        reason: "Closure plants nothing in an `else` block that begins with an `if`, even if more follows",
        explains: |found| found.is(Field::Extra) && found.is_else_beginning_with_if() == Some(true),
    },
    Rule {
        name: "MADE",
        reason: "the constructor of a class without one was made by the compiler; no one wrote it",
        explains: |found| found.is(Field::Missing) && found.is_class() == Some(true),
    },
    Rule {
        name: "MOVED",
        reason: "Closure moves function declarations to the top of their function, and static members behind their \
                 class, before it numbers; every function's own probes keep their order",
        explains: |found| found.is(Field::Order) && found.keeps_order_of_each_function(),
    },
    Rule {
        name: "D2",
        reason: "a last case that completes does not fall into the made default: a case did match",
        explains: |found| found.is(Field::Trace) && found.is_same_trace_without_made_defaults(),
    },
    Rule {
        name: "CHANGED",
        reason: "Closure's output does not do what the program does, so that its trace is another program's",
        explains: |found| {
            found.is(Field::Trace) && found.runs.is_some_and(|(closure, _)| closure.before != closure.after)
        },
    },
];

/// The rule that explains a difference.
pub(crate) fn rule(found: &Found) -> Option<&'static Rule> {
    RULES.iter().find(|rule| (rule.explains)(found))
}

/// The rows, and which of them were seen.
pub(crate) struct List {
    rows: BTreeMap<Row, (Reason, bool)>,
}

impl List {
    pub(crate) fn read() -> Result<Self, Failure> {
        let rows = read_list(&fs::read_to_string(workspace().join(LIST))?)?;
        Ok(Self { rows: rows.into_iter().map(|(row, reason)| (row, (reason, false))).collect() })
    }

    /// The reason that the list gives for a row.
    pub(crate) fn accept(&mut self, row: &Row) -> Result<Reason, String> {
        match self.rows.get_mut(row) {
            Some((reason, seen)) => {
                *seen = true;
                Ok(reason.clone())
            }
            None => Err(format!("not in {LIST}: {}", row.join("\t"))),
        }
    }

    /// Rows that nothing needed.
    pub(crate) fn stale(&self) -> impl Iterator<Item = String> {
        let stale = self.rows.iter().filter(|(_, (_, seen))| !seen);
        stale.map(|(row, _)| format!("in {LIST}, but no difference any more: {}", row.join("\t")))
    }
}

impl Found<'_> {
    fn is(&self, field: Field) -> bool {
        self.difference.field == field
    }

    fn closure_entry(&self) -> Option<&Probe> {
        self.judged.closure.get(self.difference.closure_id?)
    }

    fn our_entry(&self) -> Option<&Probe> {
        self.judged.extents.get(self.difference.our_id?)
    }

    /// Whether Closure's position is the body of an accessor, the name of an async method, the last name of a
    /// dotted path that begins at ours, or what is behind a template's first mark.
    fn is_inner_token(&self) -> Option<bool> {
        let (theirs, ours) =
            (offset(self.case.text(), self.closure_entry()?.at)?, offset(self.case.text(), self.our_entry()?.at)?);
        let (between, rest) = (self.case.text().get(ours..theirs)?, &self.case.text()[theirs..]);
        let words: Vec<_> = between.trim_end_matches('[').split_whitespace().collect();
        Some(match self.our_entry()?.extent?.site {
            Site::Function => {
                let is_async =
                    words.contains(&"async") && words.iter().all(|word| ["static", "async", "*"].contains(word));
                let is_accessor = matches!(words.as_slice(), ["get" | "set", ..] | ["static", "get" | "set", ..]);
                is_async || is_accessor && rest.starts_with('{')
            }
            Site::Ternary | Site::Logical | Site::LogicalAssign => between == "`" || between.trim_end().ends_with('.'),
            _ => false,
        })
    }

    fn is_else_beginning_with_if(&self) -> Option<bool> {
        let extent = self.our_entry()?.extent?;
        let code = &self.case.text()[offset(self.case.text(), extent.start)?..];
        let first = code.strip_prefix('{')?.trim_start();
        Some(extent.site == Site::IfElse && first.strip_prefix("if")?.trim_start().starts_with('('))
    }

    fn is_class(&self) -> Option<bool> {
        Some(self.case.text()[offset(self.case.text(), self.closure_entry()?.at)?..].starts_with("class"))
    }

    /// Whole functions may have moved, so that what stands in one of them is compared.
    fn keeps_order_of_each_function(&self) -> bool {
        let mut last_of_owner: BTreeMap<Option<ProbeId>, ProbeId> = BTreeMap::new();
        self.comparison.pairs.iter().all(|(_, ours)| {
            let extent = self.judged.extents.get(*ours).and_then(|probe| probe.extent);
            let Some(extent) = extent.filter(|extent| !matches!(extent.site, Site::Function | Site::Arrow)) else {
                return true;
            };
            last_of_owner.insert(extent.owner, *ours).is_none_or(|last| last < *ours)
        })
    }

    fn is_same_trace_without_made_defaults(&self) -> bool {
        let Some((closure, ours)) = self.runs else { return false };
        let mut comparison = Comparison { pairs: self.comparison.pairs.clone(), ..*self.comparison };
        comparison.pairs.retain(|(_, ours)| {
            let extent = self.judged.extents.get(*ours).and_then(|probe| probe.extent);
            extent.is_some_and(|extent| extent.site != Site::SwitchNoMatch)
        });
        comparison.trace(&closure.pushed, &ours.pushed).is_none()
    }
}

/// Whether Closure's name is ours with the marks of its renaming: `f$jscomp$1`, `f$$module$input`,
/// `$jscompDefaultExport$$module$input` for `default`, `$jscomp$classDecl$1$0.prototype.m` for a class's member.
fn is_made_from(closure: &str, ours: &str) -> bool {
    let (head, members) = closure.split_at(closure.find('.').unwrap_or(closure.len()));
    if head.starts_with("$jscomp$") {
        let last = members.rsplit('.').next();
        return !members.is_empty() && (ours.ends_with(members) || last == Some(ours));
    }
    let written = head.split("$$module$").next().unwrap_or(head).split("$jscomp$").next().unwrap_or(head);
    let written = if written == "$jscompDefaultExport" { "default" } else { written };
    written != head && ours.strip_prefix(written) == Some(members)
}

/// Byte offset of a position, whose columns count UTF-16 code units.
fn offset(text: &str, at: Position) -> Option<usize> {
    let mut line_start = 0;
    for _ in 1..at.line {
        let rest = &text[line_start..];
        let end = rest.find(['\n', '\r', '\u{2028}', '\u{2029}'])?;
        let length = if rest[end..].starts_with("\r\n") { 2 } else { rest[end..].chars().next()?.len_utf8() };
        line_start += end + length;
    }
    let mut column = 0;
    for (offset, character) in text[line_start..].char_indices() {
        if column >= at.column {
            return Some(line_start + offset);
        }
        column += character.len_utf16() as u32;
    }
    (column >= at.column).then_some(text.len())
}
