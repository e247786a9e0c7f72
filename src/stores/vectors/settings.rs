//! Where the vectors are.

use std::fmt;

use serde::Deserialize;

/// Where the vectors are; its `Debug` hides the key.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VectorSettings {
    /// A Qdrant server's gRPC address, `http://host:6334` or `https://host:6334`; none keeps them in the data folder.
    pub url: Option<String>,
    /// The server's API key, if it wants one.
    pub api_key: Option<String>,
    /// The server's collection.
    pub collection: String,
    /// How long to wait for the server, in seconds.
    pub timeout_s: u64,
}

impl Default for VectorSettings {
    fn default() -> Self {
        Self { url: None, api_key: None, collection: "sada_feedback".to_owned(), timeout_s: 10 }
    }
}

impl fmt::Debug for VectorSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VectorSettings")
            .field("url", &self.url)
            .field("api_key", &self.api_key.as_ref().map(|_| "***"))
            .field("collection", &self.collection)
            .field("timeout_s", &self.timeout_s)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_key() {
        let settings = VectorSettings { api_key: Some("k3y".to_owned()), ..VectorSettings::default() };
        let shown = format!("{settings:?}");
        assert!(shown.contains("***") && !shown.contains("k3y"), "{shown}");
    }
}
