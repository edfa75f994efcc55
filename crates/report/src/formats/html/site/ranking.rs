//! What never ran in one build, and how much was seen of it.

use std::cmp::Ordering;

use askama::Template;

use super::facts::{BuildFacts, FileFacts, Finding};
use super::folder::Head;
use super::html;
use super::list::{Asked, Column, Paging, Sort, address, matches};
use super::seen::{Moment, Size, number_of};
use crate::evidence::Time;
use crate::formats::html::show::{grouped, visible};
use crate::ranking::Verdict;

const KEYS: [&str; 7] = ["rank", "place", "size", "passed", "sessions", "days", "last"];
const KEPT: [&str; 4] = ["id", "kind", "q", "sort"];

#[derive(Template)]
#[template(path = "site/ranking.html")]
struct RankingPage {
    head: Head,
    /// Name, number of rows, address, whether it is this one.
    kinds: Vec<(&'static str, usize, String, bool)>,
    kind: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row>,
    paging: Paging,
    query: String,
    sort: String,
}

struct Row {
    rank: usize,
    place: String,
    address: String,
    what: String,
    why: &'static str,
    size: Size,
    passed: u64,
    sessions: u64,
    days: u64,
    last: Option<Time>,
    seen: Option<Moment>,
    /// When the code itself ran, if it did before the days that are kept.
    ran: Option<Moment>,
}

impl BuildFacts {
    /// What never ran, of the kind that is asked for.
    pub fn never_run(&self, asked: &Asked, now: Time) -> String {
        let kind = match asked.get("kind") {
            "branches" => "branches",
            "files" => "files",
            _ => "functions",
        };
        let is_function = |finding: &&Finding| finding.verdict == Verdict::Function;
        let unobserved = || self.files.iter().filter(|file| file.is_unobserved());
        let mut rows: Vec<Row> = match kind {
            "functions" => self.findings.iter().filter(is_function).map(|finding| self.row(finding, now)).collect(),
            "branches" => {
                self.findings.iter().filter(|f| !is_function(f)).map(|finding| self.row(finding, now)).collect()
            }
            _ => {
                let mut rows: Vec<Row> = unobserved().map(|file| self.unobserved_row(file)).collect();
                rows.sort_by_key(|row| std::cmp::Reverse(row.size.weight()));
                rows
            }
        };
        (1..).zip(&mut rows).for_each(|(rank, row)| row.rank = rank);
        let query = asked.get("q");
        rows.retain(|row| matches(&row.place, query) || matches(&row.what, query));
        let sort = Sort::of(asked.get("sort"), &KEYS, "rank");
        rows.sort_by(|a, b| compare(a, b, sort));
        let paging = Paging::of(rows.len(), asked.page(), |page| asked.address("never-run", &KEPT, &[("page", page)]));
        let mut rows: Vec<Row> = rows.drain(paging.first.saturating_sub(1)..paging.last).collect();
        rows.iter_mut().for_each(|row| row.seen = row.last.map(|last| Moment::of(last, now)));
        let functions = self.findings.iter().filter(is_function).count();
        let counts =
            [("functions", functions), ("branches", self.findings.len() - functions), ("files", unobserved().count())];
        let labels = ["Functions", "Branches", "Unobserved files"];
        let tab = |(label, (name, count)): (&'static str, (&str, usize))| {
            (label, count, asked.address("never-run", &["id", "q"], &[("kind", name)]), name == kind)
        };
        html(&RankingPage {
            head: Head::of(self, "never", now),
            kinds: labels.into_iter().zip(counts).map(tab).collect(),
            kind,
            columns: columns(asked, sort, kind),
            rows,
            paging,
            query: query.to_owned(),
            sort: asked.get("sort").to_owned(),
        })
    }

    fn row(&self, finding: &Finding, now: Time) -> Row {
        let file = &self.files[finding.file];
        let page = address("file", [("build", self.id.as_str()), ("name", &file.name)]);
        Row {
            rank: 0,
            place: format!("{}:{}", visible(&file.name), finding.line),
            address: format!("{page}#L{}", finding.line),
            what: finding.what.clone(),
            why: finding.verdict.about(),
            size: finding.size,
            passed: finding.passed,
            sessions: file.seen.sessions,
            days: file.seen.days,
            last: file.last,
            seen: None,
            ran: finding.last.map(|last| Moment::of(last, now)),
        }
    }

    fn unobserved_row(&self, file: &FileFacts) -> Row {
        let (functions, branches) = (file.summary.functions.total, file.summary.branches.total);
        let what = [(functions, "function"), (branches, "branch")];
        let what = what.into_iter().filter(|(number, _)| *number > 0).map(|(number, what)| match (what, number) {
            ("branch", 2..) => format!("{} branches", grouped(&number)),
            _ => number_of(&number, what),
        });
        Row {
            rank: 0,
            place: visible(&file.name).into_owned(),
            address: address("file", [("build", self.id.as_str()), ("name", &file.name)]),
            what: what.collect::<Vec<_>>().join(", "),
            why: "",
            size: file.size,
            passed: 0,
            sessions: 0,
            days: 0,
            last: file.last,
            seen: None,
            ran: None,
        }
    }
}

fn compare(a: &Row, b: &Row, sort: Sort<'_>) -> Ordering {
    let order = match sort.key {
        "place" => a.place.cmp(&b.place),
        "size" => a.size.weight().cmp(&b.size.weight()),
        "passed" => a.passed.cmp(&b.passed),
        "sessions" => a.sessions.cmp(&b.sessions),
        "days" => a.days.cmp(&b.days),
        "last" => a.last.cmp(&b.last),
        _ => a.rank.cmp(&b.rank),
    };
    let order = if sort.is_down { order.reverse() } else { order };
    order.then_with(|| a.rank.cmp(&b.rank))
}

fn columns(asked: &Asked, sort: Sort<'_>, kind: &str) -> Vec<Column> {
    let column = |key: &str, label, title| Column {
        label,
        title,
        address: asked.address("never-run", &KEPT, &[("sort", &sort.next(key, !matches!(key, "rank" | "place")))]),
        sort: sort.said(key),
        is_number: !matches!(key, "place" | "last"),
    };
    let mut columns = vec![
        column("rank", "#", "the most telling first"),
        column("place", "Where", ""),
        Column { label: "What", title: "", address: String::new(), sort: "none", is_number: false },
        column("size", "Size", "of the code that never ran"),
    ];
    if kind == "branches" {
        columns.push(column("passed", "Passed by", "times that control came to it and went another way"));
    }
    if kind != "files" {
        columns.push(column("sessions", "Sessions", "sessions that loaded its file: that ran something in it"));
        columns.push(column("days", "Days", "days on which its file was observed"));
        columns.push(column("last", "File last seen", "when anything in its file ran last"));
    }
    columns
}
