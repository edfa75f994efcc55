//! One file of a build: its source, and what is known of each point.

use askama::Template;

use super::facts::{file_of, last_seen, never_run_size};
use super::folder::crumbs;
use super::html;
use super::list::address;
use super::seen::{Moment, number_of};
use crate::build::Build;
use crate::coverage::points_by_file;
use crate::evidence::{FileSeen, Time};
use crate::formats::html::file::{FilePage, Shown};
use crate::formats::html::notes::{Note, NoteSeen, Notes};
use crate::formats::html::paint::{Piece, class};
use crate::formats::html::show::{breaks, construct, function_name, grouped, percent, visible};
use crate::summary::Tally;

/// All that is known of one file of a build.
#[derive(Clone, Debug)]
pub struct FileInput {
    /// The build id.
    pub id: String,
    /// Its mapping, its manifest with the source of this file, the hits of the file's points, and what stands behind
    /// them.
    pub build: Build,
    /// Index of the file among the mapping's.
    pub file: usize,
    /// What the time is.
    pub now: Time,
}

#[derive(Template)]
#[template(path = "site/file.html")]
struct SourcePage {
    build: String,
    build_address: String,
    crumbs: Vec<(String, String)>,
    up: String,
    page: FilePage,
    is_unobserved: bool,
    seen: FileSeen,
    sessions: u64,
    last: Option<Moment>,
    size: String,
}

impl SourcePage {
    fn tallies(&self) -> [(&'static str, &Tally); 3] {
        self.page.tallies()
    }
}

fn number_of_places(number: &usize) -> String {
    number_of(&(*number as u64), "place")
}

/// The page of one file; `None` if the mapping has no file of this index.
pub fn file(input: &FileInput) -> Option<String> {
    let build = &input.build;
    let name = build.mapping.files().get(input.file)?;
    let known = points_by_file(build).into_iter().nth(input.file)?;
    let file = file_of(build, input.file, name, known);
    let most = file.points.iter().map(|point| point.hits).max().unwrap_or(0);
    let mut page = FilePage::of(&file, most, None);

    let seen = file.seen.unwrap_or_default();
    let sessions = build.evidence.as_ref().map_or(0, |known| known.whole.sessions);
    let mut notes = Notes {
        about: match seen.sessions {
            0 => "No session loaded this file on the days that are kept.".to_owned(),
            loaded => format!(
                "{} of {} loaded this file, on {}.",
                grouped(&loaded),
                number_of(&sessions, "session"),
                number_of(&seen.days, "day")
            ),
        },
        ..Notes::default()
    };
    let mut points: Vec<_> = file.points.iter().collect();
    points.sort_by_key(|point| (point.at, point.id));
    for point in points {
        let function = function_name(&point.function);
        let what = match point.is_function() {
            true => format!("{} {function}", construct(point)),
            false => format!("{} in {function}", construct(point)),
        };
        // Beside the line where its code begins, as the counts in the text are.
        let line = point.span.map_or(point.at, |span| span.start).line as usize;
        let (id, state) = (point.id, class(point.state()));
        notes.lines.entry(line).or_default().push(Note { id, what, state });
        if let Some(seen) = point.seen {
            let time = |then| Moment::of(then, input.now).long();
            let (first, last, hits) = (time(seen.first), time(seen.last), grouped(&point.hits));
            let note = NoteSeen { first, last, days: seen.days, hits };
            notes.seen.insert(id, note);
        }
    }
    page.notes = notes;

    let never = never_run_size(&file);
    let folder = &name[..name.rfind('/').map_or(0, |slash| slash + 1)];
    Some(html(&SourcePage {
        build: visible(&input.id).into_owned(),
        build_address: address("build", [("id", input.id.as_str())]),
        crumbs: crumbs(&input.id, folder),
        up: address("build", [("id", input.id.as_str()), ("path", folder)]),
        page,
        is_unobserved: file.points.iter().all(|point| point.hits == 0) && !file.points.is_empty(),
        seen,
        sessions,
        last: last_seen(&file).map(|last| Moment::of(last, input.now)),
        size: never.text(),
    }))
}
