//! How much the HTTP interface takes on before it says no.

use chrono::{FixedOffset, Offset as _, Utc};
use serde::{Deserialize, Serialize};

/// Limits of the HTTP interface; the conventions of the API itself (256 items, 10 000 characters) are fixed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The largest body in bytes, imports excepted, which are read as a stream; more is answered with 413.
    pub max_body_bytes: usize,
    /// The largest file that the import page takes, in bytes.
    pub max_upload_bytes: u64,
    /// How many requests are worked on at once; more are answered with 429.
    pub max_in_flight: usize,
    /// After how many seconds a request that is not an import is given up with 503.
    pub request_timeout_seconds: u64,
    /// How many seconds an import may send nothing before it is given up.
    pub import_idle_seconds: u64,
    /// How many requests one token may send in a minute; 0 means any number.
    pub requests_per_minute: u32,
    /// Local time minus UTC in minutes, as the pages show it, −1439 to 1439; 180 in Riyadh.
    pub utc_offset_minutes: i32,
    /// Whether pages write Hijri dates (Umm al-Qura) beside Gregorian ones.
    pub hijri_dates: bool,
    /// After how many hours somebody has to sign in again.
    pub session_hours: u32,
    /// Whether browsers reach the pages over HTTPS only, as behind a proxy that speaks it: cookies are then `Secure`.
    pub https: bool,
}

impl Settings {
    /// Local time minus UTC; UTC if the setting is out of range, which checking the settings refuses.
    #[must_use]
    pub fn offset(&self) -> FixedOffset {
        FixedOffset::east_opt(self.utc_offset_minutes.saturating_mul(60)).unwrap_or(Utc.fix())
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_body_bytes: 8 * 1024 * 1024,
            max_upload_bytes: 64 * 1024 * 1024,
            max_in_flight: 256,
            request_timeout_seconds: 30,
            import_idle_seconds: 30,
            requests_per_minute: 6_000,
            utc_offset_minutes: 0,
            hijri_dates: false,
            session_hours: 12,
            https: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_settings_are_refused_and_missing_ones_have_defaults() {
        let settings: Settings = serde_json::from_str(r#"{"max_in_flight": 4}"#).expect("settings");
        assert_eq!(settings, Settings { max_in_flight: 4, ..Settings::default() });
        assert!(serde_json::from_str::<Settings>(r#"{"max_inflight": 4}"#).is_err());
    }
}
