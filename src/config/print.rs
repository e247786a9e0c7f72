//! Shows settings without their secrets.

use std::sync::LazyLock;

use regex::Regex;
use toml::{Table, Value};

/// Keys whose values are secret.
const SECRETS: &[&str] = &["api_key", "key", "secret", "password", "token"];

static PASSWORD_IN_URL: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "BUG otherwise: a constant pattern")]
    Regex::new(r"(://[^:/@\s]*):[^@\s]*@").expect("BUG: the pattern is right")
});

/// `values` as TOML with every secret replaced by `***`.
pub(super) fn masked(mut values: Table) -> String {
    mask(&mut values);
    toml::to_string_pretty(&values).unwrap_or_default()
}

/// Replaces every secret by `***`.
pub(super) fn mask(table: &mut Table) {
    for (key, value) in table.iter_mut() {
        mask_value(key, value);
    }
}

fn mask_value(key: &str, value: &mut Value) {
    match value {
        Value::String(text) if SECRETS.contains(&key) && !text.is_empty() => "***".clone_into(text),
        Value::String(text) => *text = PASSWORD_IN_URL.replace_all(text, "$1:***@").into_owned(),
        Value::Table(table) => mask(table),
        Value::Array(items) => items.iter_mut().for_each(|item| mask_value(key, item)),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}
