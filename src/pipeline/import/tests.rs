//! Tables as people have them: what is detected, how columns are mapped, what each row becomes.

use std::io::Cursor;

use super::*;
use crate::feedback::{Channel, RatingMethod};
use crate::pipeline::record::time;

fn options() -> Options {
    let now = time::parse("2026-11-20T10:00:00Z").expect("a time");
    Options::new(Defaults { source: "file".to_owned(), channel: Channel::Other, now })
}

fn with_map(map: &str) -> Options {
    Options { map: Assignment::list(map).expect("assignments"), ..options() }
}

fn read(text: &str, options: &Options) -> (Detected, Vec<Line>) {
    let mut lines = lines(Cursor::new(text.as_bytes().to_vec()), Some(Format::Csv), options)
        .unwrap_or_else(|error| panic!("{error}"));
    let all = lines.by_ref().collect();
    (lines.detected().clone(), all)
}

fn fields(detected: &Detected) -> Vec<String> {
    let mapping = detected.mapping.as_ref().expect("a table");
    mapping.columns.iter().map(|column| column.field.to_string()).collect()
}

/// Each line's number with its text, or `!` and the reason.
fn outcomes(lines: &[Line]) -> Vec<(u64, String)> {
    let shown = |line: &Line| match &line.outcome {
        Ok(feedback) => feedback.text.expose().to_owned(),
        Err(reason) => format!("!{reason}"),
    };
    lines.iter().map(|line| (line.number, shown(line))).collect()
}

#[test]
fn columns_are_mapped_by_header_and_content() {
    for (text, delimiter, header, expected) in [
        (
            "Comment,Rating,Date\nslow,2,2026-11-01\nfine,5,2026-11-02\n",
            Some(','),
            true,
            "text|rating (csat)|collected_at",
        ),
        (
            "رقم;التعليق;التقييم;التاريخ;القناة\n1;المندوب تأخر;0;01/11/2026;تويتر\n2;تمام;10;13/11/2026;موقع\n",
            Some(';'),
            true,
            "external_id|text|rating (nps)|collected_at|channel",
        ),
        ("date\tcomment\n11/13/2026\tok then\n11/02/2026\tfine\n", Some('\t'), true, "collected_at (month first)|text"),
        (
            "id|Customer Comment|Phone\n1|no|0501234567\n2|yes|0551234567\n",
            Some('|'),
            true,
            "external_id|text|customer (hashed)",
        ),
        ("comment\nI like it, really\n", None, true, "text"),
        ("الخدمة ممتازة والله\nالتطبيق يعلق دائما، حلوه\n", None, false, "text"),
        (
            "c-1,2026-11-01,the courier was rude to me\nc-2,2026-11-02,I like the new app a lot\n",
            Some(','),
            false,
            "metadata|collected_at|text",
        ),
        (
            "Q1,Q2\nthe courier was rude to me again,yes\nI like the new app a lot,no\n",
            Some(','),
            true,
            "text|metadata",
        ),
        ("sep=;\nText;CSAT\nhello there;4\n", Some(';'), true, "text|rating (csat)"),
        ("ticket id,message,score\n7,hello,80\n7,hi,95\n", Some(','), true, "metadata|text|metadata"),
        (
            "email,name,comment\na@b.com,Sara Ali,ok\nc@d.org,Omar Said,no\n",
            Some(','),
            true,
            "customer (hashed)|left out|text",
        ),
        ("customer id,mobile,comment\nc1,0501234567,ok\nc2,0501234568,no\n", Some(','), true, "customer|left out|text"),
        ("customer,comment\n0501234567,ok\n٠٥٥١٢٣٤٥٦٧,no\n", Some(','), true, "customer (hashed)|text"),
        ("source,review,effort\ntwitter,ok,7\nfacebook,no,1\n", Some(','), true, "channel|text|rating (ces)"),
    ] {
        let (detected, _) = read(text, &options());
        assert_eq!(fields(&detected).join("|"), expected, "{text}{}", detected.mapping.as_ref().expect("a table"));
        assert_eq!(detected.delimiter, delimiter, "{text}");
        assert_eq!(detected.mapping.expect("a table").has_header, header, "{text}");
    }
}

#[test]
fn rows_become_feedback_with_their_line_numbers() {
    let text = "id;التعليق;التقييم;التاريخ;الجوال;المدينة\n\
                a1;\"سطر أول\nسطر \"\"ثاني\"\"\";٤;٢/١١/٢٠٢٦ ٢:٠٣ م;٠٥٠١٢٣٤٥٦٧;جدة\n\
                a2;ok;n/a;;;\n\
                ;;;;;\n\
                a3;bad day;4;yesterday;;\n\
                a4;;5;;;\n\
                a5;too;5;2026-11-01;;;;extra\n\
                a6;off;12;2026-11-01;;\n";
    let (_, lines) = read(text, &options());
    let shown = outcomes(&lines);
    let starts = ["سطر أول\nسطر \"ثاني\"", "ok", "!collected_at (column \"التاريخ\"): \"yesterday\" is no date"];
    let more = [
        "!text (column \"التعليق\"): is empty",
        "!has 8 columns where there are 6",
        "!rating (column \"التقييم\"): csat takes",
    ];
    assert_eq!(shown.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 4, 6, 7, 8, 9]);
    for ((_, shown), start) in shown.iter().zip(starts.iter().chain(&more)) {
        assert!(shown.starts_with(start), "{shown:?} {start:?}");
    }
    let first = lines[0].outcome.as_ref().expect("taken");
    assert_eq!(first.rating.map(|rating| (rating.method(), rating.value())), Some((RatingMethod::Csat, 4)));
    assert_eq!(first.origin.collected_at.to_rfc3339(), "2026-11-02T14:03:00+00:00");
    assert!(first.origin.customer.as_ref().is_some_and(|customer| customer.as_str().starts_with("phone-")));
    assert_eq!(first.origin.external_id.as_deref(), Some("a1"));
    assert_eq!(serde_json::to_value(&first.origin.metadata).expect("JSON"), serde_json::json!({"المدينة": "جدة"}));
}

#[test]
fn assignments_win_over_guesses() {
    let text = "comment,internal,score,who,when\nshort,the long internal note of an agent,3,0501234567,01/02/2026\n\
                other,another long internal note of ours,5,0501234568,03/04/2026\n";
    for (map, expected) in [
        ("", "text|metadata|rating (csat)|customer (hashed)|collected_at"),
        ("text=internal", "metadata|text|rating (csat)|customer (hashed)|collected_at"),
        ("text=#2, nps=Score", "metadata|text|rating (nps)|customer (hashed)|collected_at"),
        ("none=internal,metadata=who,none=when", "text|left out|rating (csat)|metadata|left out"),
        ("customer=who", "text|metadata|rating (csat)|customer (hashed)|collected_at"),
    ] {
        let (detected, _) = read(text, &with_map(map));
        assert_eq!(fields(&detected).join("|"), expected, "{map}\n{}", detected.mapping.expect("a table"));
    }
}

#[test]
fn a_table_that_cannot_be_read_says_what_to_do() {
    for (text, map, expected) in [
        ("a,b\nx y z,1\n", "text=Comment", "there is no column \"Comment\"; the columns are: a, b"),
        ("comment,mood\nx y z,5\nabc,99\n", "rating=mood", "assign it as nps, csat, ces or stars, like nps=mood"),
        ("a,b\n1,2\n3,4\n", "", "no column holds what people wrote; assign one, like text=COLUMN"),
    ] {
        let error = lines(Cursor::new(text), Some(Format::Csv), &with_map(map)).err().expect(text).to_string();
        assert!(error.contains(expected), "{error}");
    }
    for bad in ["text", "txt=a", "text="] {
        assert!(Assignment::list(bad).expect_err(bad).to_string().contains("assigns nothing"));
    }
    let labelled = Options { encoding: Some("klingon".to_owned()), ..options() };
    assert!(lines(Cursor::new("text\na\n"), None, &labelled).is_err());
    let broken = lines(Cursor::new("PK\u{3}\u{4} not a workbook"), None, &options()).err().expect("broken").to_string();
    assert!(broken.starts_with("the workbook can't be read"), "{broken}");
}

#[test]
fn more_columns_than_the_metadata_takes_are_listed() {
    let long = "y".repeat(3_000);
    let text = format!("comment,a,b,c\nfine,{long},short,{long}\n");
    let (_, lines) = read(&text, &options());
    let metadata = &lines[0].outcome.as_ref().expect("taken").origin.metadata;
    assert_eq!(metadata["left_out"], serde_json::json!(["a", "c"]));
    assert_eq!(metadata["b"], "short");
}

#[test]
fn the_mapping_prints_as_a_table() {
    let (detected, _) = read("Comment;Score\nfine thanks;5\nbad;1\n", &options());
    assert_eq!(detected.to_string(), "CSV, UTF-8, cells between ';', with a header");
    assert_eq!(
        detected.mapping.expect("a table").to_string(),
        "column   becomes        sure  because\n\
         Comment  text           95 %  its name\n\
         Score    rating (csat)  64 %  its name; csat by the range of its values\n"
    );
}

#[test]
fn formats_are_known_by_name_type_and_content() {
    for (name, format) in [
        ("a.ndjson", Some(Format::Ndjson)),
        ("b.JSONL", Some(Format::Ndjson)),
        ("c.tsv", Some(Format::Csv)),
        ("d.xlsx", Some(Format::Xlsx)),
        ("e.txt", None),
        ("f", None),
    ] {
        assert_eq!(Format::of_path(Path::new(name)), format, "{name}");
    }
    assert_eq!(Format::of_media_type("text/csv; charset=utf-8"), Some(Format::Csv));
    assert_eq!(Format::of_media_type("application/x-ndjson"), Some(Format::Ndjson));
    assert_eq!(Format::of_media_type("application/json"), None);
    for (content, format) in [
        ("\u{feff} {\"text\":\"a\"}", Format::Ndjson),
        ("text\na\n", Format::Csv),
        ("PK\u{3}\u{4}", Format::Xlsx),
        ("", Format::Csv),
    ] {
        assert_eq!(Format::of_content(content.as_bytes()), format, "{content:?}");
    }
}

/// Gives some bytes, then fails.
struct Failing(Cursor<Vec<u8>>);

impl Read for Failing {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.0.read(into)? {
            0 => Err(io::Error::other("connection reset")),
            length => Ok(length),
        }
    }
}

#[test]
fn an_input_that_breaks_off_keeps_what_came_before() {
    let many = "{\"text\":\"ok\"}\n".repeat(40_000);
    let mut lines =
        lines(Failing(Cursor::new(many.into_bytes())), None, &options()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(lines.by_ref().filter(|line| line.outcome.is_ok()).count(), 40_000);
    assert_eq!(lines.broken_off(), Some("the input broke off: connection reset"));
    assert!(lines.next().is_none());
}
