//! Values that have the right type and still make no sense.

use figment::Figment;

/// Settings that count something there must be one of.
const AT_LEAST_ONE: &[&str] = &[
    "database.connections",
    "vectors.timeout_s",
    "engine.batch_tokens",
    "engine.queue_texts",
    "llm.max_tokens",
    "llm.context_tokens",
    "llm.timeout_s",
    "llm.queue",
    "worker.batch",
    "worker.lease_s",
    "worker.poll_ms",
    "web.max_body_bytes",
    "web.request_timeout_seconds",
    "web.import_idle_seconds",
    "web.session_hours",
    "themes.smallest_group",
    "themes.neighbours",
];

/// Sections whose numbers with a fraction are probabilities, shares or similarities.
const OF_SHARES: &[&str] =
    &["triage", "triage.triggers", "triage.urgency", "triage.sentiment", "triage.routing", "themes"];

/// The two places of a language model.
const LLM_PATH: &str = "llm.path";
const LLM_URL: &str = "llm.url";

/// What softmax divides by.
const TEMPERATURE: &str = "triage.routing.temperature";

/// Less than a day.
const OFFSET: &str = "web.utc_offset_minutes";

/// What is wrong with the values, each with its key and what is right.
pub(super) fn faults(settings: &Figment) -> Vec<String> {
    let number = |key: &str| settings.extract_inner::<f64>(key).ok();
    let counts = AT_LEAST_ONE.iter().filter(|key| number(key).is_some_and(|value| value < 1.0));
    let mut faults: Vec<String> = counts.map(|key| format!("{key} must be at least 1")).collect();
    for section in OF_SHARES {
        let Ok(values) = settings.extract_inner::<toml::Table>(section) else { continue };
        let outside = values.iter().filter(|(_, value)| value.as_float().is_some_and(|it| !(0.0..=1.0).contains(&it)));
        faults.extend(outside.map(|(key, value)| format!("{section}.{key} is {value} and must be from 0 to 1")));
    }
    if number("llm.max_tokens").zip(number("llm.context_tokens")).is_some_and(|(most, context)| most >= context) {
        faults.push("llm.max_tokens must be less than llm.context_tokens, which hold the prompt too".to_owned());
    }
    let seconds = number("llm.timeout_s").zip(number("web.request_timeout_seconds"));
    if seconds.is_some_and(|(model, request)| model >= request) {
        faults.push("llm.timeout_s must be less than web.request_timeout_seconds, which ends the request".to_owned());
    }
    if [LLM_PATH, LLM_URL].iter().all(|key| settings.extract_inner::<String>(key).is_ok_and(|value| !value.is_empty()))
    {
        faults.push(format!("{LLM_PATH} and {LLM_URL} are both set; set one of them"));
    }
    if number(TEMPERATURE).is_some_and(|value| value <= 0.0) {
        faults.push(format!("{TEMPERATURE} must be more than 0"));
    }
    if number(OFFSET).is_some_and(|value| value.abs() >= 24.0 * 60.0) {
        faults.push(format!("{OFFSET} must be from -1439 to 1439"));
    }
    faults
}
