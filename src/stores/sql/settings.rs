//! Where the database is.

use std::fmt;
use std::path::Path;

use serde::Deserialize;

use crate::stores::{Error, Store};

/// Where the database is and how many connections it gets; its `Debug` hides the password.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSettings {
    /// `sqlite:///full/path/file.db` or `postgres://user:password@host:port/database?sslmode=verify-full`.
    pub url: String,
    /// The most connections that are open at once, 1 or more.
    pub connections: u32,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self { url: String::new(), connections: 8 }
    }
}

impl DatabaseSettings {
    /// A file on this machine, made when it isn't there; `file` is a full path.
    #[must_use]
    pub fn sqlite(file: &Path) -> Self {
        let path = file.to_string_lossy();
        let encoded = path.chars().fold(String::with_capacity(path.len()), |mut text, character| {
            match character {
                '%' => text.push_str("%25"),
                '?' => text.push_str("%3F"),
                '#' => text.push_str("%23"),
                other => text.push(other),
            }
            text
        });
        Self { url: format!("sqlite://{encoded}?mode=rwc"), ..Self::default() }
    }
}

impl fmt::Debug for DatabaseSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseSettings")
            .field("url", &without_password(&self.url))
            .field("connections", &self.connections)
            .finish()
    }
}

/// The URL with its password, also one among the parameters, as `***`.
fn without_password(url: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let hidden = match (base.split_once("://"), base.rfind('@')) {
        (Some((scheme, rest)), Some(at)) => {
            let user = rest.split([':', '@']).next().unwrap_or_default();
            format!("{scheme}://{user}:***{}", &base[at..])
        }
        _ => base.to_owned(),
    };
    let Some(query) = query else { return hidden };
    let query = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if name.contains("password") => format!("{name}=***"),
        _ => pair.to_owned(),
    });
    format!("{hidden}?{}", query.collect::<Vec<_>>().join("&"))
}

pub(super) fn bad_url() -> Error {
    Error::refused(
        Store::Database,
        "its URL must look like sqlite:///full/path/sada.db or postgres://user:password@host:5432/database",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_password() {
        for (url, shown) in [
            ("postgres://sada:s3cret@db:5432/sada", "postgres://sada:***@db:5432/sada"),
            ("postgres://sada:p@ss@db/sada?sslmode=require", "postgres://sada:***@db/sada?sslmode=require"),
            ("postgres://db/sada?user=sada&password=s3cret", "postgres://db/sada?user=sada&password=***"),
            ("sqlite:///var/lib/sada/sada.db", "sqlite:///var/lib/sada/sada.db"),
            ("", ""),
        ] {
            assert_eq!(without_password(url), shown, "{url}");
        }
        let settings = DatabaseSettings { url: "postgres://a:hidden@b/c".to_owned(), connections: 1 };
        assert!(!format!("{settings:?}").contains("hidden"));
    }

    #[test]
    fn a_path_becomes_a_url_that_reads_back() {
        let settings = DatabaseSettings::sqlite(Path::new("/tmp/ملاحظات 100%/a?b#c.db"));
        assert_eq!(settings.url, "sqlite:///tmp/ملاحظات 100%25/a%3Fb%23c.db?mode=rwc");
    }
}
