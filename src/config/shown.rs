//! Every setting as it applies, with where its value comes from.

use figment::{Figment, Metadata};
use toml::{Table, Value};

use super::print;
use crate::app::{Setting, Source};

/// All settings by their keys, secrets masked; lists are one setting.
pub(super) fn all(gathered: &Figment) -> Vec<Setting> {
    let mut values: Table = gathered.extract().unwrap_or_default();
    print::mask(&mut values);
    let mut found = Vec::new();
    flatten(gathered, "", &values, &mut found);
    found
}

fn flatten(gathered: &Figment, above: &str, table: &Table, into: &mut Vec<Setting>) {
    for (name, value) in table {
        let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match value {
            Value::Table(table) => flatten(gathered, &key, table, into),
            value => {
                let source = gathered.find_metadata(&key).map_or(Source::Default, source);
                into.push(Setting { value: value.to_string(), key, source });
            }
        }
    }
}

fn source(metadata: &Metadata) -> Source {
    match &metadata.source {
        Some(figment::Source::File(path)) => Source::File(path.display().to_string()),
        _ if metadata.name.contains("environment") => Source::Environment,
        _ if metadata.name.starts_with("TOML") => Source::Default,
        _ => Source::Flag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_tells_where_it_comes_from_and_no_secret() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("sada.toml");
        std::fs::write(&file, "[web]\nsession_hours = 3\n[vectors]\napi_key = \"hidden\"\n").expect("written");
        let flags = vec![("worker.batch", "7".to_owned())];
        let all = all(&super::super::gather(Some(&file), &flags).expect("settings"));
        let of = |key: &str| all.iter().find(|setting| setting.key == key).expect("it is there").clone();
        let from_file = Source::File(file.display().to_string());
        assert_eq!((of("web.session_hours").value.as_str(), of("web.session_hours").source), ("3", from_file.clone()));
        assert_eq!((of("vectors.api_key").value.as_str(), of("vectors.api_key").source), ("\"***\"", from_file));
        assert_eq!((of("worker.batch").value.as_str(), of("worker.batch").source), ("7", Source::Flag));
        assert_eq!(of("web.max_in_flight").source, Source::Default);
    }
}
