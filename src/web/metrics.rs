//! Numbers on requests, for Prometheus.
//!
//! Labels are routes as they were registered, never paths as they were asked for: their number is fixed.

use std::time::Duration;

use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusRecorder};

const REQUESTS: &str = "sada_http_requests_total";
const DURATION: &str = "sada_http_request_duration_seconds";
const IN_FLIGHT: &str = "sada_http_requests_in_flight";

/// Upper bounds in seconds: from a cached answer to a large batch.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// A recorder with our buckets; the server installs it, and tests only take its handle.
///
/// # Errors
/// None in practice: the buckets are not empty.
pub fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?;
    Ok(builder.build_recorder())
}

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
