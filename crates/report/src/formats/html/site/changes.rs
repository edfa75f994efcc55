//! Two builds side by side.

use std::collections::HashMap;

use askama::Template;

use super::facts::{BuildInput, files_of};
use super::html;
use super::list::{Asked, Paging, address, matches};
use super::seen::{Moment, number_of};
use crate::compare::{Change, Changed, Comparison, Kinship, Place, Side, compare};
use crate::coverage::FileCoverage;
use crate::evidence::Time;
use crate::formats::html::index::subject;
use crate::formats::html::show::{grouped, percent, visible};
use crate::ranking::Verdict;
use crate::summary::{Summary, Tally};

const KEPT: [&str; 4] = ["before", "after", "kind", "q"];
/// What is looked at first is what may have broken.
const KINDS: [(&str, Change, &str, &str); 4] = [
    (
        "gone-quiet",
        Change::NoLongerRuns,
        "No longer runs",
        "Ran in the earlier build, and never in the later one. Where no session loaded the file, nothing is known.",
    ),
    ("now-runs", Change::NowRuns, "Runs now", "Never ran in the earlier build, and ran in the later one."),
    ("new", Change::NewNeverRun, "New, never run", "New in the later build, and has not run yet."),
    ("removed", Change::Gone, "Removed", "In the earlier build, and not in the later one."),
];

/// What changed between two builds, worked out once; or nothing yet, where no two were chosen.
#[derive(Clone, Debug, Default)]
pub struct ChangesPage(Option<Compared>);

#[derive(Clone, Debug)]
struct Compared {
    before: About,
    after: About,
    files: Kinship,
    functions: Kinship,
    rows: Vec<Row>,
}

/// One of the builds.
#[derive(Clone, Debug)]
struct About {
    id: String,
    summary: Summary,
    sessions: u64,
    days: u64,
    pushed: Time,
}

#[derive(Clone, Debug)]
struct Row {
    change: Change,
    /// Name of the file and line, in the later build if it is there.
    place: String,
    address: String,
    what: String,
    before: Option<Ran>,
    after: Option<Ran>,
}

/// How often it ran in a build, and out of how many sessions that loaded its file.
#[derive(Clone, Debug)]
struct Ran {
    hits: u64,
    sessions: u64,
}

impl Row {
    /// Of each build: how often it ran, and what the two numbers are called.
    fn sides(&self) -> [(Option<&Ran>, &'static str, &'static str); 2] {
        [
            (self.before.as_ref(), "Hits, earlier", "Sessions, earlier"),
            (self.after.as_ref(), "Hits, later", "Sessions, later"),
        ]
    }
}

#[derive(Template)]
#[template(path = "site/changes.html")]
struct View<'a> {
    /// Value, text, and whether it is the chosen one.
    before: Vec<(String, String, bool)>,
    after: Vec<(String, String, bool)>,
    sides: Vec<SideView>,
    files: Kinship,
    functions: Kinship,
    is_compared: bool,
    is_reversed: bool,
    kinds: Vec<(&'static str, usize, String, bool)>,
    kind: &'static str,
    about: &'static str,
    rows: Vec<&'a Row>,
    paging: Paging,
    query: String,
    asked_before: String,
    asked_after: String,
}

struct SideView {
    label: &'static str,
    id: String,
    address: String,
    summary: Summary,
    sessions: u64,
    days: u64,
    pushed: Moment,
}

impl SideView {
    fn tallies(&self) -> [(&'static str, &Tally); 2] {
        [("functions", &self.summary.functions), ("branches", &self.summary.branches)]
    }
}

impl ChangesPage {
    /// Compares two builds.
    pub fn of(before: &BuildInput, after: &BuildInput) -> Self {
        let (was, is) = (files_of(&before.build), files_of(&after.build));
        let (old, new) = (hashes(before), hashes(after));
        let Comparison { changes, files, functions } =
            compare(Side { files: &was, hashes: &old }, Side { files: &is, hashes: &new });
        let mut rows: Vec<Row> = changes.iter().map(|changed| row(changed, (before, &was), (after, &is))).collect();
        // What most sessions could have run is the most telling. Stable: else by place.
        rows.sort_by_key(|row| std::cmp::Reverse(row.after.as_ref().map_or(0, |ran| ran.sessions)));
        let about = |input: &BuildInput, files: &[FileCoverage]| About {
            id: input.id.clone(),
            summary: files.iter().map(FileCoverage::summary).sum(),
            sessions: input.whole().sessions,
            days: input.whole().seen.map_or(0, |seen| seen.days),
            pushed: input.pushed,
        };
        Self(Some(Compared { before: about(before, &was), after: about(after, &is), files, functions, rows }))
    }

    /// The page. `builds`: those that can be chosen, the newest first.
    pub fn page(&self, builds: &[String], asked: &Asked, now: Time) -> String {
        let kind = KINDS.iter().find(|kind| kind.0 == asked.get("kind")).unwrap_or(&KINDS[0]);
        let rows = self.0.as_ref().map_or(&[][..], |compared| &compared.rows);
        let query = asked.get("q");
        let is_found = |row: &&Row| matches(&row.place, query) || matches(&row.what, query);
        let mut counts: HashMap<Change, usize> = HashMap::new();
        for row in rows {
            *counts.entry(row.change).or_default() += 1;
        }
        let found: Vec<&Row> = rows.iter().filter(|row| row.change == kind.1).filter(is_found).collect();
        let paging = Paging::of(found.len(), asked.page(), |page| asked.address("changes", &KEPT, &[("page", page)]));
        let tab = |&(name, change, label, _): &(&'static str, Change, &'static str, &str)| {
            let address = asked.address("changes", &["before", "after", "q"], &[("kind", name)]);
            (label, counts.get(&change).copied().unwrap_or(0), address, name == kind.0)
        };
        let compared = self.0.as_ref();
        html(&View {
            before: choices(builds, asked.get("before")),
            after: choices(builds, asked.get("after")),
            sides: compared.map_or(Vec::new(), |compared| {
                vec![side("Earlier", &compared.before, now), side("Later", &compared.after, now)]
            }),
            files: compared.map(|compared| compared.files).unwrap_or_default(),
            functions: compared.map(|compared| compared.functions).unwrap_or_default(),
            is_compared: compared.is_some(),
            is_reversed: compared.is_some_and(|compared| compared.before.pushed > compared.after.pushed),
            kinds: KINDS.iter().map(tab).collect(),
            kind: kind.0,
            about: kind.3,
            rows: paging.cut(&found).to_vec(),
            paging,
            query: query.to_owned(),
            asked_before: asked.get("before").to_owned(),
            asked_after: asked.get("after").to_owned(),
        })
    }
}

fn hashes(input: &BuildInput) -> Vec<Option<&str>> {
    (0..input.build.mapping.files().len()).map(|index| input.build.listed(index)?.hash.as_deref()).collect()
}

/// The chosen one is among them, even where the list is cut.
fn choices(builds: &[String], chosen: &str) -> Vec<(String, String, bool)> {
    let is_listed = chosen.is_empty() || builds.iter().any(|build| build == chosen);
    let all = builds.iter().map(String::as_str).chain((!is_listed).then_some(chosen));
    all.map(|build| (build.to_owned(), visible(build).into_owned(), build == chosen)).collect()
}

fn side(label: &'static str, about: &About, now: Time) -> SideView {
    SideView {
        label,
        id: visible(&about.id).into_owned(),
        address: address("build", [("id", about.id.as_str())]),
        summary: about.summary,
        sessions: about.sessions,
        days: about.days,
        pushed: Moment::of(about.pushed, now),
    }
}

fn row(changed: &Changed, before: (&BuildInput, &[FileCoverage]), after: (&BuildInput, &[FileCoverage])) -> Row {
    let ran = |(_, files): (&BuildInput, &[FileCoverage]), place: &Place| Ran {
        hits: place.hits,
        sessions: files[place.file].seen.map_or(0, |seen| seen.sessions),
    };
    // One of them is there.
    let ((input, files), place) = match (&changed.after, &changed.before) {
        (Some(place), _) => (after, *place),
        (None, Some(place)) => (before, *place),
        (None, None) => (after, Place { file: 0, point: 0, hits: 0 }),
    };
    let file = &files[place.file];
    let point = &file.points[place.point];
    let page = address("file", [("build", input.id.as_str()), ("name", &file.name)]);
    let (what, line) = match changed.is_file {
        true => ("the whole file".to_owned(), None),
        false => (subject(Verdict::Function, point), Some(point.at.line)),
    };
    let name = visible(&file.name);
    Row {
        change: changed.change,
        place: line.map_or_else(|| name.to_string(), |line| format!("{name}:{line}")),
        address: line.map_or_else(|| page.clone(), |line| format!("{page}#L{line}")),
        what,
        before: changed.before.as_ref().map(|place| ran(before, place)),
        after: changed.after.as_ref().map(|place| ran(after, place)),
    }
}
