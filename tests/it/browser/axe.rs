//! axe-core, which finds what people with disabilities would stumble over: from npm, pinned by version and digest.

use std::path::Path;
use std::process::Command;

/// What is asked for.
const PACKAGE: &str = include_str!("axe/package.json");
/// Its version and digest.
const LOCK: &str = include_str!("axe/package-lock.json");

/// Its script, fetched once into the folder of the build; none if there is no npm.
pub(crate) fn script(folder: &Path) -> Option<String> {
    let folder = folder.join("axe");
    let file = folder.join("node_modules/axe-core/axe.min.js");
    if !file.is_file() {
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("package.json"), PACKAGE).expect("written");
        std::fs::write(folder.join("package-lock.json"), LOCK).expect("written");
        let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        let ended = Command::new("npm").args(arguments).current_dir(&folder).status().ok()?;
        assert!(ended.success(), "npm ci ended with {ended}");
    }
    Some(std::fs::read_to_string(file).expect("the script"))
}
