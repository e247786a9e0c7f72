//! What a panic in a handler looks like from outside.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;

#[tokio::test]
async fn a_panic_is_an_internal_problem_that_tells_nothing() {
    async fn panics() {
        panic!("the customer said: secret");
    }
    let router = Router::new()
        .route("/", get(panics))
        .layer(CatchPanicLayer::custom(layers::of_panic))
        .layer(from_fn(layers::present));
    let response = router.oneshot(Request::new(Body::empty())).await.expect("infallible");
    assert_eq!(response.status().as_u16(), 500);
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    let body = String::from_utf8_lossy(&body);
    assert!(body.contains("\"internal\"") && !body.contains("secret"), "{body}");
}
