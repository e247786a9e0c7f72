//! The stylesheet, the script, the font and the icon: in the binary, under names that change with their bytes, so browsers
//! keep them.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::web::problem::Problem;

/// How many digits of the hash stand in a name.
const DIGITS: usize = 12;

/// A file of the pages.
#[derive(Debug)]
pub struct Asset {
    /// Where it is.
    pub path: String,
    media_type: &'static str,
    content: Cow<'static, [u8]>,
}

impl Asset {
    fn new(name: &str, ending: &str, media_type: &'static str, content: impl Into<Cow<'static, [u8]>>) -> Self {
        let content = content.into();
        let hash = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        Self { path: format!("/assets/{name}.{}.{ending}", &hash[..DIGITS]), media_type, content }
    }
}

/// The letters of Arabic, all weights: Readex Pro (`@fontsource-variable/readex-pro` 5.3.0 of npm), under the Open Font License.
static ARABIC: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("arabic", "woff2", "font/woff2", include_bytes!("assets/readex-pro/arabic.woff2").as_slice())
});

/// How everything looks.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let rules = include_str!("assets/style.css").replace("ARABIC_FONT", &ARABIC.path);
    Asset::new("style", "css", "text/css; charset=utf-8", rules.into_bytes())
});

/// Comfort for browsers that run scripts; every page works without it.
pub static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("live", "js", "text/javascript; charset=utf-8", include_bytes!("assets/live.js").as_slice())
});

/// The picture in a browser's tab.
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_bytes!("assets/icon.svg").as_slice()));

/// Gives a file to be kept for a year; a name with another hash is none of ours.
///
/// # Errors
/// 404 for any other name.
pub async fn serve(Path(name): Path<String>) -> Result<Response, Problem> {
    let asset = [&*STYLE, &*SCRIPT, &*ICON, &*ARABIC]
        .into_iter()
        .find(|asset| asset.path.strip_prefix("/assets/") == Some(&name));
    let asset = asset.ok_or_else(|| Problem::of_status(axum::http::StatusCode::NOT_FOUND))?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, asset.content.as_ref()).into_response())
}
