//! A run that is stopped half-way leaves nothing behind.

#![cfg(unix)]

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::tree::Tree;

#[test]
fn a_signal_leaves_nothing_behind() {
    let body = "if (a) b(); else c(a || d);".repeat(4_000);
    let text = format!("function f(a) {{ {body} }}\n");
    let names: Vec<_> = (0..400).map(|at| format!("src/f{at}.js")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), text.as_str())).collect();
    for (name, number) in [("INT", 2), ("TERM", 15)] {
        let tree = Tree::new(&files);
        let flags = ["instrument", "src", "--out-dir", "out"];
        let mut run = Command::new(env!("CARGO_BIN_EXE_pathlight"))
            .args(flags)
            .current_dir(tree.path(""))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while !tree.path("").read_dir().unwrap().any(|entry| is_waiting_room(&entry.unwrap())) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let pid = run.id().to_string();
        assert!(Command::new("kill").args([format!("-{name}"), pid]).status().unwrap().success());
        assert_eq!(run.wait().unwrap().signal(), Some(number), "{name}");
        let left: Vec<_> = tree.path("").read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["src"], "{name}");
    }
}

fn is_waiting_room(entry: &std::fs::DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with(".pathlight-")
}
