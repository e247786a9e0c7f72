//! Says no before it is too late: to more requests than can be worked on, to a token that asks too often,
//! and to a request that takes too long.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, MonotonicClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::auth::Principal;
use super::problem::Problem;

/// What is left (draft-ietf-httpapi-ratelimit-headers).
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// What is allowed (draft-ietf-httpapi-ratelimit-headers).
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// The window of the policy, in seconds.
const WINDOW_SECONDS: u32 = 60;
/// With more keys than this, those that were quiet long enough are forgotten.
const MANY_KEYS: usize = 10_000;

/// Works on a request only if there is room for it; none waits.
///
/// # Errors
/// 429 if there is no room.
pub async fn bound(State(room): State<Arc<Semaphore>>, request: Request, next: Next) -> Result<Response, Problem> {
    let Ok(_permit) = room.try_acquire() else {
        let detail = "the server is working on as many requests as it takes at once; try again in a moment";
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "busy", detail).retry_after(1));
    };
    Ok(next.run(request).await)
}

/// Gives a request up when it takes longer than `limit`.
///
/// # Errors
/// 503 then.
pub async fn give_up(State(limit): State<Duration>, request: Request, next: Next) -> Result<Response, Problem> {
    tokio::time::timeout(limit, next.run(request)).await.map_err(|_| {
        let detail = format!("this took longer than {} s and was given up; try again later", limit.as_secs());
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail).retry_after(5)
    })
}

/// Counts each token's requests.
///
/// # Errors
/// 429 for a token that has used up its minute.
pub async fn per_token(State(rates): State<Arc<Rates>>, request: Request, next: Next) -> Response {
    let Some(Principal(token)) = request.extensions().get().cloned() else {
        return Problem::internal().into_response();
    };
    let Some(verdict) = rates.ask(token.id) else { return next.run(request).await };
    let mut response = match verdict.wait {
        None => next.run(request).await,
        Some(wait) => too_often(wait).into_response(),
    };
    verdict.tell(response.headers_mut());
    response
}

fn too_often(wait: Duration) -> Problem {
    let detail = "this token has sent as many requests as it may for now; the header Retry-After says for how long";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail).retry_after(whole_seconds(wait).max(1))
}

/// How often each token may ask: so many times a minute, spread evenly, all at once if it was quiet before.
#[derive(Debug)]
pub struct Rates<C: Clock = MonotonicClock> {
    counter: Option<Counter<C>>,
    clock: C,
}

type Counter<C> = RateLimiter<Uuid, HashMapStateStore<Uuid>, C, StateInformationMiddleware>;

/// What a token may do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    allowed: u32,
    left: u32,
    wait: Option<Duration>,
}

impl Rates {
    /// So many requests a minute for each token; 0 means any number.
    pub fn new(requests_per_minute: u32) -> Self {
        Self::with_clock(requests_per_minute, MonotonicClock)
    }
}

impl<C: Clock + Clone> Rates<C> {
    fn with_clock(requests_per_minute: u32, clock: C) -> Self {
        let counter = NonZeroU32::new(requests_per_minute).map(|allowed| {
            RateLimiter::hashmap_with_clock(Quota::per_minute(allowed), clock.clone())
                .with_middleware::<StateInformationMiddleware>()
        });
        Self { counter, clock }
    }

    /// Counts one try under `key`; how long to wait if it is one too many.
    pub fn wait(&self, key: Uuid) -> Option<Duration> {
        if let Some(counter) = self.counter.as_ref().filter(|counter| counter.len() > MANY_KEYS) {
            counter.retain_recent();
        }
        self.ask(key)?.wait
    }

    /// Counts one request of `token`; none if nothing is counted.
    fn ask(&self, token: Uuid) -> Option<Verdict> {
        let answer = self.counter.as_ref()?.check_key(&token);
        Some(match answer {
            Ok(state) => {
                let allowed = state.quota().burst_size().get();
                Verdict { allowed, left: state.remaining_burst_capacity(), wait: None }
            }
            Err(refusal) => {
                let allowed = refusal.quota().burst_size().get();
                Verdict { allowed, left: 0, wait: Some(refusal.wait_time_from(self.clock.now())) }
            }
        })
    }
}

impl Verdict {
    /// Writes the headers: what is allowed, what is left, and in how many seconds all of it is there again.
    fn tell(self, headers: &mut HeaderMap) {
        let policy = format!("\"minute\";q={};w={WINDOW_SECONDS}", self.allowed);
        let used = u64::from(self.allowed - self.left.min(self.allowed));
        let reset = (used * u64::from(WINDOW_SECONDS)).div_ceil(u64::from(self.allowed.max(1)));
        let left = format!("\"minute\";r={};t={reset}", self.left);
        for (name, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, left)] {
            headers.extend(HeaderValue::try_from(value).ok().map(|value| (name, value)));
        }
    }
}

/// Seconds, rounded up.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use axum::{Router, middleware};
    use governor::clock::FakeRelativeClock;
    use tower::ServiceExt;

    use super::*;

    #[test]
    fn a_token_that_asks_too_often_waits_and_others_do_not() {
        let clock = FakeRelativeClock::default();
        let rates = Rates::with_clock(2, clock.clone());
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let fine = |left| Some(Verdict { allowed: 2, left, wait: None });
        assert_eq!((rates.ask(one), rates.ask(one)), (fine(1), fine(0)));
        let refused = rates.ask(one).expect("counted");
        assert_eq!((refused.left, refused.wait), (0, Some(Duration::from_secs(30))));
        assert_eq!(rates.ask(other), fine(1));
        clock.advance(Duration::from_secs(30));
        assert_eq!(rates.ask(one), fine(0));
        assert_eq!(Rates::new(0).ask(one), None);
    }

    #[test]
    fn the_headers_say_what_is_allowed_and_left() {
        let mut headers = HeaderMap::new();
        Verdict { allowed: 6_000, left: 5_900, wait: None }.tell(&mut headers);
        assert_eq!(headers[RATE_LIMIT_POLICY], "\"minute\";q=6000;w=60");
        assert_eq!(headers[RATE_LIMIT], "\"minute\";r=5900;t=1");
    }

    #[tokio::test]
    async fn without_room_a_request_is_refused_at_once() {
        let router = |room| {
            let room = Arc::new(Semaphore::new(room));
            Router::new().route("/", get(|| async { "fine" })).layer(middleware::from_fn_with_state(room, bound))
        };
        for (room, status) in [(1, 200), (0, 429)] {
            let request = axum::http::Request::new(Body::empty());
            let response = router(room).oneshot(request).await.expect("infallible");
            assert_eq!(response.status().as_u16(), status);
        }
    }

    #[tokio::test]
    async fn a_request_that_never_ends_is_given_up() {
        let router = Router::new()
            .route("/", get(std::future::pending::<()>))
            .layer(middleware::from_fn_with_state(Duration::from_millis(1), give_up));
        let response = router.oneshot(axum::http::Request::new(Body::empty())).await.expect("infallible");
        assert_eq!(response.status().as_u16(), 503);
    }
}
