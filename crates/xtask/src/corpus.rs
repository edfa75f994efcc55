//! The programs that are measured: 17 sets from npm, by exact version.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Failure, command, workspace};

/// Names of the sets.
pub(crate) const SETS: [&str; 17] = [
    "typescript",
    "three",
    "lodash",
    "react-dom",
    "d3",
    "antd",
    "monaco-dev",
    "vue",
    "rxjs-esm",
    "express-tree",
    "rxjs-ts",
    "zod-ts",
    "router-ts",
    "trpc-ts",
    "paper-tsx",
    "min-ts-worker",
    "min-antd",
];

const PACKAGES: [&str; 14] = [
    "typescript@5.9.3",
    "three@0.187.0",
    "lodash@4.18.1",
    "react-dom@19.3.1",
    "d3@7.9.2",
    "antd@6.6.8",
    "monaco-editor@0.57.0",
    "rxjs@7.8.2",
    "express@5.3.0",
    "vue@3.5.45",
    "zod@4.6.7",
    "react-native-paper@5.15.3",
    "@tanstack/router-core@1.171.39",
    "@trpc/server@11.25.2",
];

/// Sets of single files; `*` stands for a hash in the name.
const FILES: [(&str, &str); 11] = [
    ("typescript", "typescript/lib/typescript.js"),
    ("three", "three/build/three.module.js"),
    ("three", "three/build/three.core.js"),
    ("lodash", "lodash/lodash.js"),
    ("react-dom", "react-dom/cjs/react-dom-client.development.js"),
    ("d3", "d3/dist/d3.js"),
    ("antd", "antd/dist/antd.js"),
    ("vue", "vue/dist/vue.global.js"),
    ("monaco-dev", "monaco-editor/dev/vs/editor-*.js"),
    ("min-ts-worker", "monaco-editor/min/vs/assets/ts.worker-*.js"),
    ("min-antd", "antd/dist/antd.min.js"),
];

/// Sets of trees: set, folder, extensions.
const TREES: [(&str, &str, &[&str]); 6] = [
    ("rxjs-esm", "rxjs/dist/esm", &["js"]),
    ("rxjs-ts", "rxjs/src", &["ts"]),
    ("zod-ts", "zod/src", &["ts"]),
    ("router-ts", "@tanstack/router-core/src", &["ts"]),
    ("trpc-ts", "@trpc/server/src", &["ts"]),
    ("paper-tsx", "react-native-paper/src", &["ts", "tsx"]),
];

/// The corpus folder below `target`, made with npm if it is not there.
pub(crate) fn ensure() -> Result<PathBuf, Failure> {
    let folder = workspace().join("target/corpus");
    let done = folder.join("complete");
    if done.exists() {
        return Ok(folder);
    }
    let packages = folder.join("npm");
    fs::create_dir_all(&packages)?;
    fs::write(packages.join("package.json"), "{\"private\":true}\n")?;
    let prefix = packages.to_string_lossy();
    let mut args = vec![
        "install",
        "--prefix",
        &prefix,
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--silent",
        "--legacy-peer-deps",
    ];
    args.extend(PACKAGES);
    command("npm", &args, &[])?;

    let modules = packages.join("node_modules");
    for (set, file) in FILES {
        let from = resolve(&modules.join(file))?;
        copy(&from, &folder.join(set).join(from.file_name().unwrap_or_default()))?;
    }
    for (set, tree, extensions) in TREES {
        copy_tree(&modules.join(tree), &folder.join(set), extensions)?;
    }
    for package in dependencies(&modules, "express")? {
        copy_tree(&modules.join(&package), &folder.join("express-tree").join(&package), &["js"])?;
    }
    fs::write(done, "")?;
    Ok(folder)
}

/// The one file that a name with `*` stands for.
fn resolve(path: &Path) -> Result<PathBuf, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some((head, tail)) = name.split_once('*') else { return Ok(path.to_owned()) };
    let folder = path.parent().unwrap_or(path);
    let mut found: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    found.sort();
    let matches = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(head) && name.ends_with(tail)
    };
    found.into_iter().find(matches).ok_or_else(|| format!("{} is not in the package", path.display()).into())
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).map_err(|error| format!("{}: {error}", from.display()))?;
    Ok(())
}

/// Sources only, layout kept; no declarations, tests or nested packages.
fn copy_tree(from: &Path, to: &Path, extensions: &[&str]) -> Result<(), Failure> {
    for entry in fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "node_modules" && name != "test" {
                copy_tree(&path, &to.join(&name), extensions)?;
            }
        } else if extensions.iter().any(|end| path.extension().is_some_and(|found| found == *end))
            && !name.contains(".d.")
        {
            copy(&path, &to.join(&name))?;
        }
    }
    Ok(())
}

/// A package and all that it needs.
fn dependencies(modules: &Path, package: &str) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![package.to_owned()];
    while let Some(name) = open.pop() {
        let Ok(json) = fs::read_to_string(modules.join(&name).join("package.json")) else { continue };
        if found.contains(&name) {
            continue;
        }
        let package: serde_json::Value = serde_json::from_str(&json)?;
        if let Some(needs) = package["dependencies"].as_object() {
            open.extend(needs.keys().cloned());
        }
        found.push(name);
    }
    found.sort();
    Ok(found)
}
