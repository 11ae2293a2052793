//! Style and script, compiled in, under names that change with their content.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::routing::get;
use orglink_domain::digest::Digest;
use orglink_http::AppState;

const STYLE: &str = include_str!("../assets/style.css");
const SCRIPT: &str = include_str!("../assets/script.js");
const WORKER: &str = include_str!("../assets/live.js");
const PASSKEY: &str = include_str!("../assets/passkey.js");
const ICON: &str = include_str!("../assets/icon.svg");

/// Where the style is.
pub static STYLE_PATH: LazyLock<String> = LazyLock::new(|| path_of("style", "css", STYLE));
/// Where the script is.
pub static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| path_of("script", "js", SCRIPT));

/// Where the script is that speaks with devices.
pub static PASSKEY_PATH: LazyLock<String> = LazyLock::new(|| path_of("passkey", "js", PASSKEY));

/// Where the script is that holds a browser's one stream.
pub static WORKER_PATH: LazyLock<String> = LazyLock::new(|| path_of("live", "js", WORKER));

fn path_of(name: &str, extension: &str, content: &str) -> String {
    let digest = Digest::of(&[content.as_bytes()]).to_string();
    let short: String = digest.chars().skip(7).take(12).collect();
    format!("/assets/{name}-{short}.{extension}")
}

pub fn router() -> Router<AppState> {
    let file = |kind: &'static str, content: &'static str| {
        get(
            move || async move { ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")], content) },
        )
    };
    Router::new()
        .route(&STYLE_PATH, file("text/css; charset=utf-8", STYLE))
        .route(&SCRIPT_PATH, file("text/javascript; charset=utf-8", SCRIPT))
        .route(&WORKER_PATH, file("text/javascript; charset=utf-8", WORKER))
        .route(&PASSKEY_PATH, file("text/javascript; charset=utf-8", PASSKEY))
        .route("/assets/icon.svg", file("image/svg+xml", ICON))
}
