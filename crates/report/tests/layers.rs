//! What this crate must not know: no parser, no network, no other layer.

// A test that cannot set itself up has failed.
#![allow(clippy::unwrap_used)]

use std::process::Command;

#[test]
fn the_crate_knows_mappings_only() {
    let args = ["tree", "--offline", "--package", "pathlight_report", "--edges", "normal", "--prefix", "none"];
    let output = Command::new(env!("CARGO")).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"pathlight_mapping"), "{tree}");
    for name in names {
        // A reader of source maps and no more: swc's fork of Sentry's.
        let is_parser = name.starts_with("swc") && name != "swc_sourcemap";
        let is_foreign = is_parser || matches!(name, "hyper" | "reqwest" | "tokio" | "ureq" | "socket2");
        let is_other_layer = name.starts_with("pathlight") && !matches!(name, "pathlight_report" | "pathlight_mapping");
        assert!(!is_foreign && !is_other_layer, "{name}");
    }
}
