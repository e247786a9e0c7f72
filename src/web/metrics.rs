//! Numbers on requests, for Prometheus.
//!
//! Labels are routes as they were registered, never paths as they were asked for: their number is fixed.

use std::time::Duration;

use metrics::{counter, gauge, histogram};

const REQUESTS: &str = "sada_http_requests_total";
const DURATION: &str = "sada_http_request_duration_seconds";
const IN_FLIGHT: &str = "sada_http_requests_in_flight";

/// Counts an answered request and how long it took.
pub(super) fn answered(method: &'static str, path: &str, status: u16, duration: Duration) {
    let path = path.to_owned();
    counter!(REQUESTS, "method" => method, "path" => path.clone(), "status" => status.to_string()).increment(1);
    histogram!(DURATION, "method" => method, "path" => path).record(duration.as_secs_f64());
}

/// Counts as one request in flight until it is dropped, also when the client goes away.
pub(super) struct InFlight;

impl InFlight {
    /// Begins to count.
    pub(super) fn begin() -> Self {
        gauge!(IN_FLIGHT).increment(1.0);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        gauge!(IN_FLIGHT).decrement(1.0);
    }
}
