//! Larger programs do the same before and after, with both spellings of the ids.
//!
//! A program is `fixtures/programs/<name>/input.*`. What is printed is compared, and the probes that were hit
//! must hang together: these rules hold for every program, whatever it does.

// clippy.toml allows it in tests, and the functions that tests call are tests too.
#![allow(clippy::unwrap_used)]

mod support;

use pathlight_mapping::{IdForm, Mapping, ProbeId, Site};

use crate::support::{Case, Observed, Program, file_name, fixtures, folders, run_in_node};

#[test]
fn programs_do_what_they_did() {
    let folders = folders(&fixtures("programs"));
    let cases: Vec<_> = folders.iter().map(|folder| Case::read(folder, file_name(folder).to_owned())).collect();
    let mut programs: Vec<Program> = Vec::new();
    let mut mappings = Vec::new();
    for case in &cases {
        for form in [IdForm::Vlq, IdForm::Number] {
            let done = case.instrument(form);
            programs.push(case.program(&done));
            mappings.push(done.mapping);
        }
    }
    let seen = run_in_node(&programs);
    for (seen, mapping) in seen.iter().zip(&mappings) {
        assert_eq!(seen.after, seen.before, "{}", seen.name);
        assert_eq!(seen.before.error, None, "{} fails as it is", seen.name);
        assert!(seen.before.printed.len() > 4, "{} prints too little to show anything", seen.name);
        check_counts(seen, mapping);
    }
    for both in seen.chunks(2) {
        assert_eq!(both[0].trace(), both[1].trace(), "{}: the spelling of ids changes nothing", both[0].name);
    }
}

/// What is hit can be reached: the branch of an `if` belongs to a function that was entered; and most of the
/// program runs at all, so that the comparison above says something.
fn check_counts(seen: &Observed, mapping: &Mapping) {
    let counts = seen.counts();
    let count = |id: ProbeId| counts.get(&id.to_string()).copied().unwrap_or(0);
    let hit = mapping.probes().filter(|(id, _)| count(*id) > 0).count();
    assert!(hit * 10 > mapping.len() * 7, "{}: only {hit} of {} probes were hit", seen.name, mapping.len());
    for (id, probe) in mapping.probes() {
        let extent = probe.extent.unwrap();
        // Parameters' defaults run before the body's probe, which a thrown error may keep from being hit.
        if let Some(owner) = extent.owner
            && extent.site == Site::IfThen
            && count(id) > 0
        {
            assert!(count(owner) > 0, "{}: {id} was hit, but not its function {owner}", seen.name);
        }
    }
}
