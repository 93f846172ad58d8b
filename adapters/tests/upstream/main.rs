//! Bugs of the middlewares. Each test shows one with the middleware and its framework alone, without this project's
//! code. Its comment states what a correct middleware does ("Expected"), and the test asserts what this one does.

#[cfg(feature = "_actix")]
mod actix_cors;
#[cfg(feature = "bunner_cors_rs")]
mod bunner_cors_rs;
#[cfg(feature = "ntex-cors")]
mod ntex_cors;
#[cfg(feature = "ohkami")]
mod ohkami;
#[cfg(feature = "poem")]
mod poem;
#[cfg(feature = "rama-http")]
mod rama_http;
#[cfg(feature = "rocket_cors")]
mod rocket_cors;
#[cfg(feature = "rustapi-extras")]
mod rustapi_extras;
#[cfg(feature = "_salvo")]
mod salvo_cors;
#[cfg(feature = "silent")]
mod silent;
#[cfg(feature = "tide")]
mod tide;
#[cfg(feature = "_axum")]
mod tower_http;
#[cfg(feature = "viz-core")]
mod viz_core;
#[cfg(feature = "warp")]
mod warp;
