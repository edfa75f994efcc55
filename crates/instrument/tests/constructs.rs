//! Every construct and its twists: what the output, the mapping and its decoded view look like, and that the
//! output does what the input does.
//!
//! A case is `fixtures/constructs/<site>/<case>/input.*`; its snapshots stand beside it. To write or accept
//! them: `INSTA_UPDATE=always cargo test -p pathlight_instrument --test constructs`, then read the difference.
//! Without it a missing or different snapshot fails.

// clippy.toml allows it in tests, and the functions that tests call are tests too.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use insta::{Settings, assert_snapshot};
use pathlight_mapping::{IdForm, MappingFormat, Site, write_decoded};

use crate::support::{Case, Done, Program, Run, file_name, fixtures, folders, run_in_node};

/// Folders of constructs without a probe of their own.
const SILENT: [&str; 2] = ["else_if", "unprobed"];

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for site in folders(&fixtures("constructs")) {
        for folder in folders(&site) {
            cases.push(Case::read(&folder, format!("{}/{}", file_name(&site), file_name(&folder))));
        }
    }
    cases
}

/// Runs `check` on every case and names all that fail, not only the first.
fn for_each(cases: &[Case], check: impl Fn(&Case)) {
    let fails = |case: &&Case| catch_unwind(AssertUnwindSafe(|| check(case))).is_err();
    let failed: Vec<_> = cases.iter().filter(fails).map(|case| case.name.as_str()).collect();
    assert!(failed.is_empty(), "{} of {} cases fail: {}", failed.len(), cases.len(), failed.join(", "));
}

#[test]
fn snapshots() {
    for_each(&cases(), |case| {
        let Done { code, mapping } = case.instrument(case.id_form());
        let mut raw = Vec::new();
        mapping.write(MappingFormat::Pathlight, &mut raw).unwrap();
        let mut decoded = Vec::new();
        write_decoded(&mapping, |file| case.original(file), &mut decoded).unwrap();
        let mut settings = Settings::clone_current();
        settings.set_snapshot_path(case.folder.canonicalize().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            assert_snapshot!("output", visible(&code));
            assert_snapshot!("mapping", visible(&String::from_utf8(raw).unwrap()));
            assert_snapshot!("decoded", visible(&String::from_utf8(decoded).unwrap()));
        });
    });
}

/// Snapshots are compared without regard to CR, and some characters cannot be seen.
fn visible(text: &str) -> String {
    text.replace('\r', "␍").replace('\u{2028}', "⟨U+2028⟩").replace('\u{2029}', "⟨U+2029⟩").replace('\u{feff}', "⟨BOM⟩")
}

/// Instrumenting a case checks it: without its probes, which the mapping knows, its output is the input.
#[test]
fn outputs_are_the_inputs_with_probes() {
    for_each(&cases(), |case| {
        for form in [IdForm::Vlq, IdForm::Number] {
            case.instrument(form);
        }
    });
}

#[test]
fn every_site_has_its_folder_and_every_case_its_site() {
    let known: BTreeSet<_> = Site::ALL.map(Site::name).into_iter().chain(SILENT).collect();
    let sites = folders(&fixtures("constructs"));
    let found: BTreeSet<_> = sites.iter().map(|folder| file_name(folder)).collect();
    assert_eq!(found, known);
    for_each(&cases(), |case| {
        let (site, _) = case.name.split_once('/').unwrap();
        let Some(site) = Site::ALL.into_iter().find(|known| known.name() == site) else { return };
        let Done { mapping, .. } = case.instrument(case.id_form());
        let planted = mapping.probes().any(|(_, probe)| probe.extent.is_some_and(|extent| extent.site == site));
        assert!(planted, "{} has no probe of its site", case.name);
    });
}

#[test]
fn output_does_what_the_input_does() {
    let cases: Vec<_> = cases().into_iter().filter(|case| case.run() != Run::No).collect();
    let programs: Vec<Program> = cases.iter().map(|case| case.program(&case.instrument(case.id_form()))).collect();
    let seen = run_in_node(&programs);
    for_each(&cases, |case| {
        let seen = seen.iter().find(|seen| seen.name == case.name).unwrap();
        assert_eq!(seen.after, seen.before, "{}", case.name);
        let refused = seen.before.error.as_ref().is_some_and(|error| error.starts_with("SyntaxError"));
        assert!(!refused, "{} cannot run as it is: {:?}", case.name, seen.before.error);
        if let Some(hits) = &case.hits {
            assert_eq!(&seen.counts(), hits, "{}: hit counts", case.name);
        }
    });
}
