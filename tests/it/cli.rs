//! The commands as a person types them: the real program, its output and its exit code.

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn sada(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sada"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = sada(arguments);
    let mut process =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    process.stdin.take().expect("piped").write_all(input).expect("it reads");
    process.wait_with_output().expect("it ends")
}

fn answers(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("NDJSON")).collect()
}

/// Asserts that a command fails with 1 and a message that holds each of `parts`.
fn fails(command: &mut Command, parts: &[&str]) {
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    for part in parts {
        assert!(message.contains(part), "no {part:?} in: {message}");
    }
}

#[test]
fn classify_reads_lines_and_answers_in_order() {
    let found = answers(&run(&["classify"], "فيه أحد يستخدم حسابي\nالخدمة زفت والموظف قليل أدب\n".as_bytes()));
    assert_eq!(found.len(), 2);
    let (fraud, rude) = (&found[0]["result"], &found[1]["result"]);
    assert_eq!(fraud["urgency"]["priority"], "P1", "{fraud}");
    let trigger = &fraud["urgency"]["triggers"][0];
    assert_eq!(trigger["kind"], "fraud");
    let (start, end) = (trigger["span"]["start"].as_u64(), trigger["span"]["end"].as_u64());
    assert!(start < end && end <= Some(20), "{trigger}");
    assert_ne!(rude["urgency"]["priority"], "P1", "{rude}");
    assert_eq!(rude["sentiment"]["label"], "negative", "{rude}");
}

#[test]
fn a_bad_line_is_told_and_the_rest_goes_on() {
    let input = [
        b"{\"id\":\"a\",\"text\":\"thanks\"}\n\n".as_slice(),
        b"\xFF\xFE\n",
        "{\"id\":7,\"text\":\"تمام\"}\n".as_bytes(),
    ];
    let found = answers(&run(&["classify"], &input.concat()));
    let ids: Vec<&Value> = found.iter().map(|each| &each["id"]).collect();
    assert_eq!(ids, [&Value::from("a"), &Value::from(2), &Value::from(3), &Value::from(7)]);
    let problems: Vec<bool> = found.iter().map(|each| each["problem"].is_string()).collect();
    assert_eq!(problems, [false, true, true, false]);
}

#[test]
fn mask_needs_no_model() {
    let found = answers(&run(&["mask", "--model-dir", "/nowhere"], "جوالي ٠٥٥١٢٣٤٥٦٧\n".as_bytes()));
    assert_eq!(found[0]["masked"], "جوالي [phone]");
    assert_eq!(found[0]["spans"][0], serde_json::json!({ "kind": "phone", "start": 6, "end": 13 }));
}

#[test]
fn embed_gives_unit_vectors() {
    let vector = |arguments: &[&str]| -> Vec<f64> {
        let found = answers(&run(arguments, b"{\"id\":\"x\",\"text\":\"hello\"}\n"));
        assert_eq!(found[0]["id"].as_str(), Some("x"));
        serde_json::from_value(found[0]["vector"].clone()).expect("numbers")
    };
    let (own, place) = (vector(&["embed"]), vector(&["embed", "--places"]));
    assert_eq!(own.len(), 384);
    assert_ne!(own, place);
    for vector in [own, place] {
        let norm: f64 = vector.iter().map(|x| x * x).sum();
        assert!((norm - 1.0).abs() < 1e-4, "{norm}");
    }
    let read = answers(&run(&["embed", "--topic-features"], "{\"id\":7,\"text\":\"المندوب تأخر\"}\n".as_bytes()));
    assert_eq!((&read[0]["id"], read[0]["vector"].as_array().map(Vec::len)), (&serde_json::json!(7), Some(384)));
    let pieces: Vec<(usize, f64)> = serde_json::from_value(read[0]["pieces"].clone()).expect("numbers with weights");
    assert!(pieces.is_sorted_by_key(|(number, _)| *number) && pieces.len() > 10, "{pieces:?}");
}

#[test]
fn settings_are_checked_and_wrong_ones_named() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("sada.toml");
    std::fs::write(&file, "[server]\nlisen = \"127.0.0.1:1\"\n").expect("it can be written");
    let path = file.to_str().expect("UTF-8");
    fails(&mut sada(&["config", "check", "--config", path]), &["lisen", "sada.toml"]);
    fails(&mut sada(&["config", "check", "--config", "/nowhere/x.toml"]), &["/nowhere/x.toml"]);
    fails(sada(&["config", "check"]).env("SADA_ENGINE__THREADS", "many"), &["ENGINE.THREADS", "many"]);
    let printed = sada(&["config", "print"]).env("SADA_SERVER__LISTEN", "127.0.0.1:9").output().expect("it runs");
    assert!(String::from_utf8_lossy(&printed.stdout).contains("127.0.0.1:9"));
}

#[test]
fn a_newcomers_mistakes_are_answered_with_what_to_do() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().to_str().expect("UTF-8");
    fails(&mut sada(&["import", "/nowhere.csv"]), &["/nowhere.csv"]);
    fails(&mut sada(&["classify", "/nowhere.txt"]), &["/nowhere.txt"]);
    fails(&mut sada(&["classify", "--model", "/nowhere"]), &["/nowhere"]);
    fails(&mut sada(&["eval", "--suite", "sentiment"]), &["sentiment", "--data", "evals/README.md"]);
    fails(&mut sada(&["eval", "--data", "/nowhere"]), &["/nowhere", "--data"]);
    fails(&mut sada(&["token", "create", "x", "--scopes", "root", "--data-dir", data]), &["root", "classify"]);
    fails(&mut sada(&["token", "create", "x", "--data-dir", "/proc/nowhere"]), &["/proc/nowhere"]);
    std::fs::write(folder.path().join("mine.txt"), "x").expect("it can be written");
    fails(&mut sada(&["demo", "--exit", "--data-dir", data]), &["not empty"]);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    fails(&mut sada(&["serve", "--port", &port, "--data-dir", data]), &[&port, "--port"]);
}

#[test]
fn a_csv_in_the_windows_code_page_is_imported_twice_without_doubling() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("آراء.csv");
    let text = "رقم;التعليق;التقييم\n1;\"الخدمة ممتازة\nوالمندوب محترم\";5\n2;الطلب وصل بارد;2\n3;;4\n";
    let (bytes, _, lossy) = encoding_rs::WINDOWS_1256.encode(text);
    assert!(!lossy);
    std::fs::write(&file, &bytes).expect("it can be written");
    let data = folder.path().join("data");
    let import = |file: &Path| {
        let output = sada(&["import", "--map", "csat=التقييم"]).arg(file).arg("--data-dir").arg(&data).output();
        let output = output.expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let first = import(&file);
    assert!(first.contains("windows-1256"), "{first}");
    assert!(first.contains("2 new, 0 there already, 1 refused"), "{first}");
    assert!(import(&file).contains("0 new, 2 there already, 1 refused"));
}
