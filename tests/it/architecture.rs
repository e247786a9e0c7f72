//! The import rule: a module imports only from lower levels, and heavy crates stay where they belong.
//!
//! Nothing in one crate stops import cycles but this test.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Modules and their level; a module may import strictly lower levels only.
const LEVELS: &[(&str, u8)] = &[
    ("clock", 0),
    ("statistics", 0),
    ("telemetry", 0),
    ("vector", 0),
    ("privacy", 1),
    ("feedback", 2),
    ("access", 3),
    ("answers", 3),
    ("scores", 3),
    ("triage", 3),
    ("themes", 3),
    ("personas", 3),
    ("journeys", 3),
    ("inference", 3),
    ("evals", 4),
    ("stores", 4),
    ("error", 5),
    ("app", 6),
    ("pipeline", 7),
    ("worker", 8),
    ("web", 8),
    ("config", 9),
    ("server", 10),
    ("cli", 11),
    ("main", 12),
];

/// Imports that a level alone would allow but that must not be.
const FORBIDDEN: &[(&str, &str)] = &[("stores", "inference")];

/// Crates that only some modules may name.
const CRATES: &[(&str, &[&str])] = &[
    ("candle_core", &["inference"]),
    ("candle_transformers", &["inference"]),
    ("minijinja", &["inference"]),
    ("tokenizers", &["inference"]),
    ("sqlx", &["stores"]),
    ("qdrant_edge", &["stores"]),
    ("qdrant_client", &["stores"]),
    ("axum", &["web", "server"]),
    ("utoipa", &["web"]),
    ("askama", &["web"]),
    ("fluent_bundle", &["web"]),
    ("icu_datetime", &["web"]),
    ("icu_decimal", &["web"]),
    ("figment", &["config"]),
    ("clap", &["cli", "main"]),
    ("plotters", &["evals"]),
    ("libm", &["statistics"]),
];

/// Source files and the longest they may be.
const MAX_LINES: usize = 400;

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The top-level module that a file belongs to.
fn module_of(file: &Path, root: &Path) -> String {
    let inside = file.strip_prefix(root).expect("inside src");
    let first = inside.components().next().expect("a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn level(module: &str) -> Option<u8> {
    LEVELS.iter().find(|(name, _)| *name == module).map(|(_, level)| *level)
}

/// Every top-level module that one line of code imports, grouped imports included.
fn imports(line: &str, path: &Regex, group: &Regex) -> Vec<String> {
    let mut found: Vec<String> = path.captures_iter(line).map(|found| found[1].to_owned()).collect();
    for list in group.captures_iter(line) {
        found.extend(list[1].split(',').map(|item| item.trim().split("::").next().unwrap_or_default().to_owned()));
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn modules_import_lower_levels_only() {
    let root = root();
    let path = Regex::new(r"(?:crate|sada)::([a-z_]+)").expect("a pattern");
    let group = Regex::new(r"use crate::\{([^}]*)\}").expect("a pattern");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut broken = Vec::new();
    for file in &files {
        let module = module_of(file, &root);
        if module == "lib" {
            continue;
        }
        let own = level(&module);
        for (number, line) in fs::read_to_string(file).expect("utf-8").lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            let place = format!("{}:{}", file.display(), number + 1);
            for other in imports(line, &path, &group).into_iter().filter(|other| *other != module) {
                let allowed = matches!((own, level(&other)), (Some(own), Some(their)) if their < own)
                    && !FORBIDDEN.contains(&(module.as_str(), other.as_str()));
                if !allowed && level(&other).is_some() {
                    broken.push(format!("{place}: {module} must not import {other}"));
                }
            }
            for (name, homes) in CRATES {
                let named = line.contains(&format!("{name}::")) || line.contains(&format!("use {name}"));
                if named && !homes.contains(&module.as_str()) {
                    broken.push(format!("{place}: only {} may name {name}", homes.join(" and ")));
                }
            }
        }
    }
    assert!(!files.is_empty() && broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_module_has_a_level_a_purpose_and_a_bounded_length() {
    let root = root();
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut broken = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).expect("utf-8");
        let module = module_of(file, &root);
        if module != "lib" && level(&module).is_none() {
            broken.push(format!("{}: {module} has no level in this test's table", file.display()));
        }
        if !text.starts_with("//!") {
            broken.push(format!("{}:1: a file opens with //! and says what it is for", file.display()));
        }
        if text.lines().count() > MAX_LINES {
            broken.push(format!("{}: longer than {MAX_LINES} lines", file.display()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_readme_names_every_part() {
    let readme = fs::read_to_string(root().join("../README.md")).expect("README.md");
    let mut missing = Vec::new();
    for entry in fs::read_dir(root()).expect("src can be read") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let module = name.trim_end_matches(".rs");
        if module != "lib" && module != "main" && !readme.contains(&format!("`{module}`")) {
            missing.push(module.to_owned());
        }
    }
    assert!(missing.is_empty(), "the README's map lacks {missing:?}");
}
