//! Bodies and what becomes of them.

use serde_json::{Value, json};

use super::*;

fn now() -> DateTime<Utc> {
    crate::web::api::sample_time()
}

/// The names of the fields that are wrong.
fn wrong(value: Value) -> Vec<String> {
    parse(value, now()).expect_err("wrong").into_iter().map(|param| param.name).collect()
}

#[test]
fn a_bare_text_gets_sensible_defaults() {
    let feedback = parse(json!({"text": "الخدمة زفت"}), now()).expect("fine");
    assert_eq!(feedback.text.expose(), "الخدمة زفت");
    assert_eq!((feedback.origin.source.as_str(), feedback.origin.external_id), ("api", None));
    assert_eq!(feedback.origin.channel, feedback::Channel::Other);
    assert_eq!(feedback.origin.source_kind, feedback::SourceKind::Indirect);
    assert_eq!(feedback.origin.collected_at, now());
    assert!(feedback.question.is_none() && feedback.rating.is_none() && feedback.origin.metadata.is_empty());
}

#[test]
fn the_sample_is_taken() {
    let feedback = parse(json!(FeedbackInput::sample()), now()).expect("fine");
    assert_eq!(feedback.origin.source_kind, feedback::SourceKind::Direct);
    assert_eq!(feedback.rating.map(Rating::value), Some(6));
    assert_eq!(feedback.origin.touchpoint.as_ref().map(Touchpoint::as_str), Some("delivery"));
}

#[test]
fn every_wrong_field_is_named() {
    let day = |hours| json!(now() + TimeDelta::hours(hours));
    for (value, expected) in [
        (json!({}), vec!["text"]),
        (json!({"text": " "}), vec!["text"]),
        (json!({"text": 1}), vec!["text"]),
        (json!([]), vec!["text"]),
        (json!("x"), vec!["body"]),
        (json!({"text": "x", "txt": "y"}), vec!["txt"]),
        (json!({"text": "x", "value_text": "y"}), vec!["value_text"]),
        (json!({"text": "x", "channel": "fax"}), vec!["channel"]),
        (json!({"text": "x", "rating": {"method": "nps", "value": 11}}), vec!["rating"]),
        (json!({"text": "x", "rating": {"method": "stars", "value": 1}}), vec!["rating.method"]),
        (json!({"text": "x", "rating": {"method": "nps", "value": 1.5}}), vec!["rating.value"]),
        (json!({"text": "x", "rating": {"method": "nps", "value": 1, "of": 10}}), vec!["rating.of"]),
        (json!({"text": "x", "collected_at": "yesterday"}), vec!["collected_at"]),
        (json!({"text": "x", "collected_at": "1969-12-31T23:59:59Z"}), vec!["collected_at"]),
        (json!({"text": "x", "collected_at": day(25)}), vec!["collected_at"]),
        (json!({"text": "x", "metadata": []}), vec!["metadata"]),
        (json!({"text": "x", "metadata": {"a": "x".repeat(5_000)}}), vec!["metadata"]),
        (json!({"text": "x", "metadata": {"a": "\u{0}"}}), vec!["metadata"]),
        (
            json!({"text": "x", "source": "", "external_id": "a\nb", "customer": " "}),
            vec!["customer", "source", "external_id"],
        ),
        (json!({"text": "", "touchpoint": "x".repeat(201)}), vec!["text", "touchpoint"]),
    ] {
        assert_eq!(wrong(value.clone()), expected, "{value}");
    }
    assert!(parse(json!({"text": "x", "collected_at": day(23)}), now()).is_ok());
    assert!(parse(json!({"text": "x", "question": " "}), now()).is_ok_and(|feedback| feedback.question.is_none()));
}

#[test]
fn a_hub_record_is_taken_as_it_is() {
    let feedback = parse(json!(HubRecord::sample()), now()).expect("fine");
    assert_eq!(feedback.text.expose(), "the courier was late again");
    assert_eq!(feedback.question.map(|question| question.expose().to_owned()).as_deref(), Some("Why this score?"));
    let origin = feedback.origin;
    assert_eq!((origin.source.as_str(), origin.external_id.as_deref()), ("q1-nps", Some("s-5501:why")));
    assert_eq!((origin.channel, origin.source_kind), (feedback::Channel::Survey, feedback::SourceKind::Direct));
    assert_eq!(origin.customer.as_ref().map(CustomerId::as_str), Some("u-9"));
    assert_eq!(json!(origin.metadata), json!({"language": "en", "tenant_id": "acme"}));
}

#[test]
fn a_hub_record_with_a_number_has_a_rating() {
    for (field_type, number, expected) in [
        ("nps", json!(9), Ok(Some(9))),
        ("csat", json!(5.0), Ok(Some(5))),
        ("ces", json!(7), Ok(Some(7))),
        ("text", json!(4), Ok(None)),
        ("nps", json!(null), Ok(None)),
        ("nps", json!(11), Err("value_number")),
        ("csat", json!(4.5), Err("value_number")),
        ("nps", json!(1e300), Err("value_number")),
        ("nps", json!("9"), Err("value_number")),
    ] {
        let record = json!({"field_type": field_type, "value_number": number, "value_text": "x"});
        let rating = parse(record.clone(), now()).map(|feedback| feedback.rating.map(Rating::value));
        let rating = rating.map_err(|wrong| wrong[0].name.clone());
        assert_eq!(rating, expected.map_err(str::to_owned), "{record}");
    }
    assert_eq!(wrong(json!({"field_type": "nps", "value_number": 9})), ["value_text"]);
    assert_eq!(wrong(json!({"value_text": " "})), ["value_text"]);
    assert_eq!(wrong(json!({"value_text": "x", "tenant": "y"})), ["tenant"]);
}

#[test]
fn channels_are_guessed_from_the_hubs_words() {
    use feedback::Channel as C;
    for (word, channel) in [
        ("survey", C::Survey),
        ("NPS", C::Survey),
        ("app_review", C::AppReview),
        ("google_play_store", C::AppReview),
        ("review", C::Review),
        ("twitter", C::Social),
        ("support_chat", C::Chat),
        ("email", C::Email),
        ("website_form", C::Web),
        ("carrier pigeon", C::Other),
    ] {
        assert_eq!(channel_of(word), channel, "{word}");
    }
}
