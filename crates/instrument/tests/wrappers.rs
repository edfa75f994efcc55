//! What compilers put around enums and namespaces, and what the checker says of it. The forms of each compiler are
//! fixtures: `fixtures/constructs/unprobed/wrappers_by_*`, and `function/like_wrappers_by_*` that people wrote.

#![allow(clippy::unwrap_used)]

mod support;

use pathlight_instrument::{CheckErrorKind, Input, InputMap, Language, Options, SourceType, check};
use pathlight_mapping::{IdForm, MappingBuilder, ProbeId};

use crate::support::{Case, fixtures, instrument_into};

/// Without its map all of a file is probed, and with it the checker forbids what the pass would not have planted.
#[test]
fn the_checker_forbids_probes_in_wrappers() {
    let place = "what a compiler put around an enum or a namespace";
    let forbidden = |id| Err(CheckErrorKind::ForbiddenProbe { id: ProbeId::new(id).unwrap(), place });
    let found = [
        ("unprobed/wrappers_by_tsc", forbidden(1)),
        ("unprobed/wrappers_by_swc", forbidden(1)),
        ("function/like_wrappers_by_tsc", Ok(())),
    ];
    for (name, expected) in found {
        let case = Case::read(&fixtures("constructs").join(name), name.to_owned());
        let mut mapping = MappingBuilder::new();
        let without_map = Input { map: None, ..case.input() };
        let code = instrument_into(&mut mapping, without_map, &Options::default(), IdForm::Vlq);
        let result = check(case.input(), &Options::default(), &code, IdForm::Vlq, mapping.probes_from(1));
        assert_eq!(result.map_err(|error| error.kind), expected, "{name}");
    }
}

#[test]
fn the_argument_is_checked_too() {
    let name = "unprobed/wrappers_by_tsc";
    let case = Case::read(&fixtures("constructs").join(name), name.to_owned());
    let done = case.instrument(IdForm::Vlq);
    let tampered = done.code.replace("(Flat = {})", "(ist_arr.push(\"C\"), Flat = {})");
    assert_ne!(tampered, done.code);
    let kind = case.check(&tampered, &done, IdForm::Vlq).unwrap_err().kind;
    assert!(matches!(kind, CheckErrorKind::ForbiddenProbe { .. }), "{kind:?}");
}

/// A map without columns leads to the starts of lines, where no name of a declaration is.
#[test]
fn maps_without_columns_tell_nothing() {
    let text = "var E;\n(function (E) {\n    E[E[\"A\"] = 0] = \"A\";\n})(E || (E = {}));\n";
    for content in ["", r#""sourcesContent":["enum E { A }"],"#] {
        let json =
            format!(r#"{{"version":3,"sources":["a.ts"],{content}"names":[],"mappings":"AAAA;AAAA;AAAA;AAAA"}}"#);
        let map = InputMap::parse(json.as_bytes(), ToOwned::to_owned).unwrap();
        let (language, source_type) = (Language::JavaScript, SourceType::Auto);
        let input = Input { name: "input.js", text, language, source_type, map: Some(&map) };
        let mut mapping = MappingBuilder::new();
        instrument_into(&mut mapping, input, &Options::default(), IdForm::Vlq);
        assert_eq!(mapping.build().len(), 2);
    }
}
