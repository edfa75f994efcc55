use std::sync::Arc;

use pathlight_mapping::{Position, ProbeId, ProbeKind, Site};

use super::*;
use crate::coverage::Span;
use crate::source::Source;

/// A file whose every line is a function, with a branch if it holds an `if`. `ran`: names of the functions that ran
/// once; with `?` behind them, of those whose branch was taken.
fn file(name: &str, source: &str, ran: &str) -> FileCoverage {
    let did = |what: &str| u64::from(ran.split(' ').any(|one| one == what));
    let mut points: Vec<Point> = Vec::new();
    let mut add = |line: u32, start: usize, end: usize, kind, function: &str, owner: Option<usize>, hits| {
        let at = |column: usize| Position { line, column: u32::try_from(column).unwrap() };
        let (index, site) = (points.len(), if owner == Some(0) { Site::Function } else { Site::IfThen });
        let owner = owner.filter(|owner| *owner > 0);
        points.push(Point {
            id: ProbeId::new(u32::try_from(index + 1).unwrap()).unwrap(),
            kind,
            function: Arc::from(function),
            at: at(start),
            span: Some(Span { site, start: at(start), end: at(end), owner, decision: index }),
            hits,
            reports: hits,
            is_removed: false,
            seen: None,
        });
    };
    let mut index = 0;
    for (line, text) in (1..).zip(source.lines()) {
        let function = text.split(['(', ' ']).nth(1).unwrap();
        if let Some(start) = text.find("if") {
            // Children stand before their parents.
            add(
                line,
                start,
                text.len() - 1,
                ProbeKind::Branch,
                function,
                Some(index + 1),
                did(&format!("{function}?")),
            );
            index += 1;
        }
        add(line, 0, text.len(), ProbeKind::Function, function, Some(0), did(function));
        index += 1;
    }
    let source = Source::Text(source.into());
    FileCoverage {
        name: name.to_owned(),
        is_current: true,
        points,
        continuations: Vec::new(),
        lines: Vec::new(),
        source,
        bundle: None,
        seen: None,
    }
}

/// `change place`, by the name of the later place, if there is one.
fn changes(
    before: &[(FileCoverage, Option<&str>)],
    after: &[(FileCoverage, Option<&str>)],
) -> (Vec<String>, Comparison) {
    let files = |side: &[(FileCoverage, Option<&str>)]| side.iter().map(|(file, _)| file.clone()).collect::<Vec<_>>();
    let (was, is) = (files(before), files(after));
    let old: Vec<_> = before.iter().map(|(_, hash)| *hash).collect();
    let new: Vec<_> = after.iter().map(|(_, hash)| *hash).collect();
    let compared = compare(Side { files: &was, hashes: &old }, Side { files: &is, hashes: &new });
    let said = |changed: &Changed| {
        let (files, place) = match (&changed.after, &changed.before) {
            (Some(place), _) => (&is, place),
            (None, place) => (&was, place.as_ref().unwrap()),
        };
        let file = &files[place.file];
        let what = match (changed.is_file, &file.points[place.point]) {
            (true, _) => file.name.clone(),
            (false, point) if point.is_function() => point.function.to_string(),
            (false, point) => format!("{}?", point.function),
        };
        format!("{:?} {what}", changed.change)
    };
    (compared.changes.iter().map(said).collect(), compared)
}

const TWO: &str = "function f() { if (x) y(); }\nfunction g() { if (x) y(); }";

#[test]
fn what_stopped_and_what_began() {
    let side = |ran| [(file("a.js", TWO, ran), Some("hash"))];
    assert_eq!(changes(&side("f f? g"), &side("f f? g")).0, [""; 0]);
    assert_eq!(changes(&side("f f? g"), &side("f g g?")).0, ["NoLongerRuns f?", "NowRuns g?"]);
    assert_eq!(changes(&side("f f? g"), &side("g")).0, ["NoLongerRuns f"], "its branch says no more");
    let (said, compared) = changes(&side("f g"), &side(""));
    assert_eq!(said, ["NoLongerRuns a.js"], "a file that nothing ran in");
    assert_eq!((compared.files.same, compared.functions.same), (1, 2));
}

#[test]
fn functions_are_known_by_their_names_where_a_file_changed() {
    let before = [(file("a.js", TWO, "f f? g"), Some("old"))];
    let moved = "function new() { z(); }\nfunction g() { if (x) y(); }\nfunction f() { if (x) z(); }";
    let (said, compared) = changes(&before, &[(file("a.js", moved, "f g"), Some("new"))]);
    assert_eq!(said, ["NoLongerRuns f?", "NewNeverRun new"]);
    assert_eq!(compared.functions, Kinship { same: 1, changed: 1, new: 1, gone: 0 });
    // Other branches than before are not compared.
    let (said, _) =
        changes(&before, &[(file("a.js", "function f() { y(); }\nfunction g() { if (x) y(); }", "f g"), None)]);
    assert_eq!(said, [""; 0]);
    let (said, _) = changes(&before, &[(file("a.js", "function f() { if (x) y(); }", "f f?"), Some("new"))]);
    assert_eq!(said, ["Gone g"]);
}

#[test]
fn of_functions_with_one_name_text_decides() {
    let before = [(file("a.js", "function f() { one(); }\nfunction f() { two(); }", "f"), Some("old"))];
    let mut after = file("a.js", "function f() { two(); }\nfunction f() { one(); }", "f");
    assert_eq!(changes(&before, &[(after.clone(), Some("new"))]).0, [""; 0]);
    // The one that is second now, `one`, does not run.
    after.points[1].hits = 0;
    let (said, compared) = changes(&before, &[(after, Some("new"))]);
    assert_eq!(said, ["NoLongerRuns f"]);
    assert_eq!(compared.changes[0].before.map(|place| place.point), Some(0));
    assert_eq!(compared.functions, Kinship { same: 2, changed: 0, new: 0, gone: 0 });
}

#[test]
fn files_are_known_by_name_and_else_by_content() {
    let before = [(file("old/a.js", TWO, "f g"), Some("a")), (file("b.js", TWO, "f"), Some("b"))];
    let after = [
        (file("new/a.js", TWO, "f"), Some("a")),
        (file("c.js", "function h() { i(); }", ""), Some("c")),
        (file("d.js", "function h() { i(); }\nfunction k() { i(); }", "k"), None),
    ];
    let (said, compared) = changes(&before, &after);
    assert_eq!(said, ["NoLongerRuns g", "NewNeverRun c.js", "NewNeverRun h", "Gone b.js"]);
    assert_eq!(compared.files, Kinship { same: 1, changed: 0, new: 2, gone: 1 });
    // Without hashes nothing says that a file was moved.
    let without = |side: &[(FileCoverage, Option<&'static str>)]| {
        side.iter().map(|(file, _)| (file.clone(), None)).collect::<Vec<_>>()
    };
    assert_eq!(changes(&without(&before[..1]), &without(&after[..1])).0, ["NewNeverRun g", "Gone old/a.js"]);
}

#[test]
fn nothing_and_files_without_points() {
    let empty = [(file("a.js", "", ""), None)];
    assert_eq!(changes(&[], &[]).1, Comparison::default());
    assert_eq!(changes(&empty, &[]).1, Comparison::default());
    assert_eq!(changes(&[], &empty).1, Comparison::default());
}
