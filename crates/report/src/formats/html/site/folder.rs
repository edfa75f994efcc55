//! One build: its totals, and its files by folder.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use askama::Template;

use super::facts::{BuildFacts, FileFacts};
use super::html;
use super::list::{Asked, Column, Paging, Sort, address, matches};
use super::seen::{Moment, Size, number_of, share};
use crate::evidence::Time;
use crate::formats::html::show::{grouped, percent, visible};
use crate::summary::{Summary, Tally};

const KEYS: [&str; 7] = ["name", "functions", "branches", "lines", "size", "sessions", "last"];
const KEPT: [&str; 5] = ["id", "path", "q", "show", "sort"];

#[derive(Template)]
#[template(path = "site/folder.html")]
struct FolderPage {
    head: Head,
    summary: Summary,
    size: Size,
    files: usize,
    unobserved: usize,
    without_source: usize,
    crumbs: Vec<(String, String)>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    paging: Paging,
    is_flat: bool,
    path: String,
    query: String,
    shown: String,
    sort: String,
}

/// What stands above every page of a build.
pub(super) struct Head {
    pub(super) id: String,
    /// As addresses and forms have it.
    pub(super) raw_id: String,
    /// `files`, `never`, or empty on the page of a file.
    pub(super) tab: &'static str,
    pub(super) files: String,
    pub(super) never: String,
    pub(super) changes: String,
    pub(super) sessions: u64,
    pub(super) days: u64,
    pub(super) received: u64,
    pub(super) missing: u64,
    pub(super) lost: String,
    pub(super) pushed: Moment,
    pub(super) last: Option<Moment>,
    pub(super) at: Moment,
}

impl Head {
    pub(super) fn of(facts: &BuildFacts, tab: &'static str, now: Time) -> Self {
        let id = [("id", facts.id.as_str())];
        Self {
            id: visible(&facts.id).into_owned(),
            raw_id: facts.id.clone(),
            tab,
            files: address("build", id),
            never: address("never-run", id),
            changes: address("changes", [("after", facts.id.as_str())]),
            sessions: facts.sessions,
            days: facts.days,
            received: facts.received,
            missing: facts.missing,
            lost: share(&facts.missing, &facts.received.saturating_add(facts.missing)),
            pushed: Moment::of(facts.pushed, now),
            last: facts.last_report.map(|last| Moment::of(last, now)),
            at: Moment::of(facts.at, now),
        }
    }
}

/// A file, or a folder with all below it.
struct Row {
    name: String,
    address: String,
    /// Number of files in a folder; 0 for a file.
    files: usize,
    /// Of these, those that no session loaded.
    unobserved: usize,
    summary: Summary,
    size: Size,
    /// Of a folder: of the file that most loaded.
    sessions: u64,
    last: Option<Time>,
    seen: Option<Moment>,
}

impl Row {
    /// Of no file yet.
    fn new(name: &str, address: String) -> Self {
        Self {
            name: visible(name).into_owned(),
            address,
            files: 0,
            unobserved: 0,
            summary: Summary::default(),
            size: Size { bytes: Some(0), lines: 0 },
            sessions: 0,
            last: None,
            seen: None,
        }
    }

    fn tallies(&self) -> [(&'static str, &Tally); 3] {
        [("Functions", &self.summary.functions), ("Branches", &self.summary.branches), ("Lines", &self.summary.lines)]
    }

    fn add(&mut self, file: &FileFacts) {
        self.files += 1;
        self.unobserved += usize::from(file.is_unobserved());
        self.summary += file.summary;
        self.size += file.size;
        self.sessions = self.sessions.max(file.seen.sessions);
        self.last = self.last.max(file.last);
    }
}

impl BuildFacts {
    /// The page of the build, or of the folder or the files that are asked for.
    pub fn folder(&self, asked: &Asked, now: Time) -> String {
        let (query, shown) = (asked.get("q"), asked.get("show"));
        // A folder that holds nothing but one folder is not worth a page.
        let path = Some(asked.get("path")).filter(|path| !path.is_empty()).unwrap_or_else(|| self.top());
        let is_flat = !(query.is_empty() && shown.is_empty());
        let start = self.files.partition_point(|file| file.name.as_str() < path);
        let below = self.files[start..].iter().take_while(|file| file.name.starts_with(path));
        let mut rows: Vec<Row> = if is_flat {
            below
                .filter(|file| is_shown(file, shown) && matches(&file.name, query))
                .map(|file| self.file_row(file, ""))
                .collect()
        } else {
            self.rows_below(path, below)
        };
        let sort = Sort::of(asked.get("sort"), &KEYS, "name");
        rows.sort_by(|a, b| compare(a, b, sort));
        let paging = Paging::of(rows.len(), asked.page(), |page| asked.address("build", &KEPT, &[("page", page)]));
        let mut rows: Vec<Row> = rows.drain(paging.first.saturating_sub(1)..paging.last).collect();
        rows.iter_mut().for_each(|row| row.seen = row.last.map(|last| Moment::of(last, now)));
        let mut size = Size { bytes: Some(0), lines: 0 };
        self.files.iter().for_each(|file| size += file.size);
        html(&FolderPage {
            head: Head::of(self, "files", now),
            summary: self.summary(),
            size,
            files: self.files.len(),
            unobserved: self.files.iter().filter(|file| file.is_unobserved()).count(),
            without_source: self.files.iter().filter(|file| !file.has_source).count(),
            crumbs: crumbs(&self.id, path),
            columns: columns(asked, sort),
            rows,
            paging,
            is_flat,
            path: path.to_owned(),
            query: query.to_owned(),
            shown: shown.to_owned(),
            sort: asked.get("sort").to_owned(),
        })
    }

    /// The folder that all files are in.
    fn top(&self) -> &str {
        let (Some(first), Some(last)) = (self.files.first(), self.files.last()) else { return "" };
        shared_folder(&first.name, &last.name)
    }

    fn rows_below<'a>(&self, path: &str, files: impl Iterator<Item = &'a FileFacts>) -> Vec<Row> {
        let mut folders: BTreeMap<&str, Vec<&FileFacts>> = BTreeMap::new();
        let mut rows = Vec::new();
        for file in files {
            match file.name[path.len()..].split_once('/') {
                Some((folder, _)) => folders.entry(folder).or_default().push(file),
                None => rows.push(self.file_row(file, path)),
            }
        }
        rows.extend(folders.into_values().map(|files| self.folder_row(path, &files)));
        rows
    }

    /// A folder that holds nothing but one folder stands for both.
    fn folder_row(&self, path: &str, files: &[&FileFacts]) -> Row {
        let folder = shared_folder(&files[0].name, &files[files.len() - 1].name);
        let address = address("build", [("id", self.id.as_str()), ("path", folder)]);
        let mut row = Row::new(&folder[path.len()..], address);
        files.iter().for_each(|file| row.add(file));
        row
    }

    /// `path`: what is left out of its name.
    fn file_row(&self, file: &FileFacts, path: &str) -> Row {
        let address = address("file", [("build", self.id.as_str()), ("name", &file.name)]);
        let mut row = Row::new(&file.name[path.len()..], address);
        row.add(file);
        row.files = 0;
        row
    }
}

/// The longest path of a folder that two names begin with. Of the first and the last name in order, it is that of all
/// between them.
fn shared_folder<'a>(first: &'a str, last: &str) -> &'a str {
    let shared = first.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
    let end = first.as_bytes()[..shared].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    &first[..end]
}

fn is_shown(file: &FileFacts, shown: &str) -> bool {
    match shown {
        "never" => file.has_never_run(),
        "unobserved" => file.is_unobserved(),
        "full" => !file.has_never_run(),
        _ => true,
    }
}

/// Folders stand before files where names are compared; of all else the names decide last.
fn compare(a: &Row, b: &Row, sort: Sort<'_>) -> Ordering {
    let share = |tally: &Tally| match tally.total {
        0 => u64::MAX,
        total => tally.covered.saturating_mul(1_000_000) / total,
    };
    let order = match sort.key {
        "functions" => share(&a.summary.functions).cmp(&share(&b.summary.functions)),
        "branches" => share(&a.summary.branches).cmp(&share(&b.summary.branches)),
        "lines" => share(&a.summary.lines).cmp(&share(&b.summary.lines)),
        "size" => a.size.weight().cmp(&b.size.weight()),
        "sessions" => a.sessions.cmp(&b.sessions),
        "last" => a.last.cmp(&b.last),
        _ => (a.files == 0).cmp(&(b.files == 0)).then_with(|| a.name.cmp(&b.name)),
    };
    let order = if sort.is_down { order.reverse() } else { order };
    order.then_with(|| a.name.cmp(&b.name))
}

fn columns(asked: &Asked, sort: Sort<'_>) -> Vec<Column> {
    // The first click shows the worst: least run, most that never ran.
    let column = |key: &str, label, title, starts_down| Column {
        label,
        title,
        address: asked.address("build", &KEPT, &[("sort", &sort.next(key, starts_down))]),
        sort: sort.said(key),
        is_number: key != "name",
    };
    vec![
        column("name", "Name", "", false),
        column("functions", "Functions", "functions that ran", false),
        column("branches", "Branches", "branches that were taken", false),
        column("lines", "Lines", "lines that ran", false),
        column("size", "Never run", "code that never ran", true),
        column("sessions", "Sessions", "sessions that loaded it: that ran something in it", true),
        column("last", "Last seen", "when anything in it ran last", true),
    ]
}

fn files_of(number: &usize) -> String {
    number_of(&(*number as u64), "file")
}

/// The folders of a path, and the address of each.
pub(super) fn crumbs(build: &str, path: &str) -> Vec<(String, String)> {
    let ends = path.match_indices('/').map(|(end, _)| end);
    let start = |end: usize| path[..end].rfind('/').map_or(0, |slash| slash + 1);
    let crumb = |end: usize| {
        let name = visible(&path[start(end)..end]).into_owned();
        (name, address("build", [("id", build), ("path", &path[..=end])]))
    };
    ends.map(crumb).collect()
}
