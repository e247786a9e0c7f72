//! What a record is taken with, and what each fault says.

use serde_json::json;

use super::*;

fn defaults() -> Defaults {
    let now = time::parse("2026-11-20T10:00:00Z").expect("a time");
    Defaults { source: "import".to_owned(), channel: Channel::Survey, now }
}

fn take(json: &str) -> Result<NewFeedback, String> {
    let record = Record::from_json(json).map_err(|fault| fault.to_string())?;
    record
        .into_feedback(&defaults())
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

#[test]
fn a_full_record_keeps_everything() {
    let feedback = take(
        r#"{"text":"المندوب تأخر ٣ ساعات 😡","question":"كيف كانت التجربة؟","rating":{"method":"nps","value":2},
           "channel":"app_review","source_kind":"direct","touchpoint":"توصيل","customer":4711,
           "collected_at":"٢٠٢٦-١١-٠٢ ١٤:٠٣","source":"play","external_id":"r-1","metadata":{"city":"جدة"}}"#,
    )
    .expect("fine");
    assert_eq!(feedback.text.expose(), "المندوب تأخر ٣ ساعات 😡");
    assert_eq!(feedback.rating.map(Rating::value), Some(2));
    let origin = feedback.origin;
    assert_eq!((origin.channel, origin.source_kind), (Channel::AppReview, SourceKind::Direct));
    assert_eq!(origin.customer.as_ref().map(CustomerId::as_str), Some("4711"));
    assert_eq!(origin.collected_at.to_rfc3339(), "2026-11-02T14:03:00+00:00");
    assert_eq!((origin.source.as_str(), origin.external_id.as_deref()), ("play", Some("r-1")));
    assert_eq!(origin.metadata["city"], "جدة");
}

#[test]
fn reasons_tell_nothing_personal() {
    for json in [
        r#"{"text":"a","metadata":"call me, Sara, 0501234567"}"#,
        r#"{"text":"a","collected_at":"0501234567"}"#,
        r#"{"text":"a","rating":{"method":"sara@example.com","value":1}}"#,
        r#"{"text":"a","rating":"0501234567"}"#,
    ] {
        let reason = take(json).expect_err("refused");
        assert!(!reason.contains("4567") && !reason.contains("ara"), "{reason}");
    }
}

#[test]
fn a_bare_text_gets_the_defaults() {
    let origin = take(r#"{"text":"تمام","question":" ","customer":null}"#).expect("fine").origin;
    assert_eq!((origin.channel, origin.source_kind), (Channel::Survey, SourceKind::Direct));
    assert_eq!((origin.source.as_str(), origin.collected_at), ("import", defaults().now));
    assert_eq!(origin.customer, None);
}

#[test]
fn every_fault_has_its_reason() {
    let long = format!(r#"{{"text":"{}"}}"#, "ش".repeat(10_001));
    let big = format!(r#"{{"text":"a","metadata":{{"x":"{}"}}}}"#, "y".repeat(5_000));
    for (json, expected) in [
        (r#"{}"#, "text: is missing"),
        (r#"{"text":" \n\t\u00a0"}"#, "text: is empty"),
        (r#"{"text":"a\u0000b"}"#, "text: holds a NUL"),
        (r#"{"text":"\ud83d"}"#, "broken JSON"),
        (&long, "text: has 10001 characters, at most 10000"),
        (r#"{"text":"a","txt":"b"}"#, "unknown field `txt`, expected one of `text`"),
        (r#"{"text":"a","text":"b"}"#, "duplicate field `text`"),
        (r#"{"text":5}"#, "text: invalid type: integer `5`, expected a string (column 9)"),
        (r#"{"text":"a""#, "broken JSON: EOF"),
        (r#"["a"]"#, "expected an object"),
        (r#"{"text":"a"} x"#, "broken JSON: trailing characters"),
        (
            r#"{"text":"a","rating":{"method":"nps","value":11}}"#,
            "rating: nps takes whole numbers from 0 to 10, not 11",
        ),
        (
            r#"{"text":"a","rating":{"method":"csat","value":4.5}}"#,
            "rating: csat takes whole numbers from 1 to 5, not 4.5",
        ),
        (r#"{"text":"a","rating":{"method":"ces","value":99999999999999999999}}"#, "from 1 to 7, not 1e20"),
        (r#"{"text":"a","rating":{"method":"ces","value":1e400}}"#, "number out of range"),
        (r#"{"text":"a","rating":{"method":"ces","value":"7"}}"#, "rating.value: "),
        (r#"{"text":"a","rating":{"method":"likes","value":4}}"#, "rating: \"likes\" is no method"),
        (
            r#"{"text":"a","rating":{"value":4}}"#,
            "rating: has no method, and neither the question nor the channel tells",
        ),
        (
            r#"{"text":"a","rating":{"value":9},"channel":"app_review"}"#,
            "rating: stars takes whole numbers from 1 to 5, not 9; the channel told the method",
        ),
        (
            r#"{"text":"a","rating":{"value":11},"question":"هل توصي بنا؟"}"#,
            "rating: nps takes whole numbers from 0 to 10, not 11; the question told the method",
        ),
        (r#"{"text":"a","rating":{"method":"nps"}}"#, "missing field `value`"),
        (r#"{"text":"a","channel":"fax"}"#, "channel: \"fax\" is no channel"),
        (r#"{"text":"a","source_kind":"x"}"#, "source_kind: \"x\" is no source kind"),
        (r#"{"text":"a","collected_at":"2026-11-22"}"#, "collected_at: \"2026-11-22\" lies more than a day ahead"),
        (r#"{"text":"a","collected_at":"soon"}"#, "collected_at: \"soon\" is no date"),
        (r#"{"text":"a","external_id":99999999999999999999}"#, "ids of more than 19 digits"),
        (r#"{"text":"a","source":"a\nb"}"#, "source: must have 1 to 200"),
        (r#"{"text":"a","touchpoint":"a\u0007"}"#, "touchpoint: a touchpoint has 1 to 200"),
        (&big, "metadata: takes 5008 bytes"),
        (r#"{"text":"a","metadata":{"x":["\u0000"]}}"#, "metadata: holds a NUL"),
        (r#"{"text":"a","metadata":7}"#, "metadata: invalid type"),
    ] {
        let reason = take(json).expect_err(json);
        assert!(reason.contains(expected), "{:.60}: {reason}", json);
    }
}

#[test]
fn faults_are_told_together() {
    let reason = take(r#"{"channel":"fax","collected_at":"x"}"#).expect_err("three faults");
    for part in ["text: ", "channel: ", "collected_at: "] {
        assert!(reason.contains(part), "{reason}");
    }
}

#[test]
fn a_phone_or_address_as_customer_becomes_a_pseudonym() {
    for personal in ["0501234567", "٠٥٠١٢٣٤٥٦٧", "sara@example.com"] {
        let feedback = take(&json!({"text": "a", "customer": personal, "external_id": "x"}).to_string()).expect("fine");
        let customer = feedback.origin.customer.expect("given");
        assert!(customer.as_str().contains('-') && !customer.as_str().contains(personal), "{customer}");
    }
}

#[test]
fn a_hub_record_is_taken_as_it_is() {
    let hub = json!({
        "id": "0199", "submission_id": "s1", "collected_at": "2026-11-02T10:00:00Z", "created_at": "2026-11-02T10:00:01Z",
        "source_type": "support", "source_id": "app-nps", "source_name": "NPS", "field_id": "why",
        "field_label": "Why this score?", "field_type": "nps", "value_text": "الدفع ما يشتغل", "value_number": 3,
        "language": "ar", "user_id": "u7", "tenant_id": "t1", "metadata": {"country": "SA"}, "value_boolean": null,
    });
    for record in [Record::from_json(&hub.to_string()), Record::from_value(hub.clone())] {
        let feedback = record.expect("a hub record").into_feedback(&defaults()).expect("fine");
        let rating = feedback.rating.expect("a rating");
        assert_eq!((rating.method(), rating.value()), (RatingMethod::Nps, 3));
        assert_eq!(feedback.question.as_ref().map(RawText::expose), Some("Why this score?"));
        let origin = feedback.origin;
        assert_eq!((origin.source.as_str(), origin.external_id.as_deref()), ("app-nps", Some("s1:why")));
        assert_eq!((origin.channel, origin.customer.as_ref().map(CustomerId::as_str)), (Channel::Other, Some("u7")));
        let metadata = serde_json::to_value(origin.metadata).expect("JSON");
        assert_eq!(
            metadata,
            json!({"country": "SA", "language": "ar", "tenant_id": "t1", "source_name": "NPS", "source_type": "support",
                   "field_type": "nps"})
        );
    }
}

#[test]
fn a_rating_without_a_method_is_what_its_question_or_channel_tells() {
    for (json, expected) in [
        (r#"{"text":"a","rating":{"value":4},"channel":"review"}"#, Some((RatingMethod::Stars, 4))),
        (r#"{"text":"a","rating":{"value":6},"question":"هل كان من السهل حل مشكلتك؟"}"#, Some((RatingMethod::Ces, 6))),
        (
            r#"{"text":"a","rating":{"method":"csat","value":4},"question":"Would you recommend us?"}"#,
            Some((RatingMethod::Csat, 4)),
        ),
        (
            r#"{"field_type":"rating","value_text":"a","value_number":2,"field_label":"How satisfied are you?"}"#,
            Some((RatingMethod::Csat, 2)),
        ),
        (r#"{"field_type":"rating","value_text":"a","value_number":2,"field_label":"Rate us"}"#, None),
    ] {
        let rating = take(json).expect("fine").rating;
        assert_eq!(rating.map(|rating| (rating.method(), rating.value())), expected, "{json}");
    }
}

#[test]
fn hub_records_without_words_or_with_odd_values_are_refused() {
    for (json, expected) in [
        (r#"{"submission_id":"s","field_type":"nps","value_number":9}"#, "value_text: is missing"),
        (r#"{"field_type":"text","value_text":["a"]}"#, "value_text: must be text"),
        (r#"{"field_type":"csat","value_text":"a","value_number":9}"#, "rating: csat takes"),
        (r#"{"field_type":"csat","value_text":"a","value_number":"9"}"#, "value_number: must be a number"),
    ] {
        let reason = take(json).expect_err(json);
        assert!(reason.contains(expected), "{json}: {reason}");
    }
}
