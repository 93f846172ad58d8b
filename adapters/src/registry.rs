//! The middlewares that are built in.

use crate::{middleware::Middleware, reference_server::ReferenceServer};

/// Returns the rows of every middleware whose feature is on.
pub fn middlewares() -> impl Iterator<Item = &'static dyn Middleware> {
    let all: &'static [&'static [&'static dyn Middleware]] = &[
        #[cfg(feature = "_actix")]
        crate::actix_cors::ROWS,
        #[cfg(feature = "bunner_cors_rs")]
        crate::bunner_cors_rs::ROWS,
        #[cfg(feature = "ntex-cors")]
        crate::ntex_cors::ROWS,
        #[cfg(feature = "ohkami")]
        crate::ohkami::ROWS,
        #[cfg(feature = "poem")]
        crate::poem::ROWS,
        #[cfg(feature = "rama-http")]
        crate::rama_http::ROWS,
        #[cfg(feature = "rocket_cors")]
        crate::rocket_cors::ROWS,
        #[cfg(feature = "rustapi-extras")]
        crate::rustapi_extras::ROWS,
        #[cfg(feature = "_salvo")]
        crate::salvo_cors::ROWS,
        #[cfg(feature = "silent")]
        crate::silent::ROWS,
        #[cfg(feature = "tide")]
        crate::tide::ROWS,
        #[cfg(feature = "_axum")]
        crate::tower_http::ROWS,
        #[cfg(feature = "viz-core")]
        crate::viz_core::ROWS,
        #[cfg(feature = "warp")]
        crate::warp::ROWS,
    ];
    all.iter().flat_map(|rows| rows.iter().copied())
}

/// Returns the names of all rows and of the reference server, for the error about an unknown name.
pub fn known() -> String {
    let rows = middlewares().chain([&ReferenceServer as &dyn Middleware]);
    rows.map(|middleware| middleware.describe().name).collect::<Vec<_>>().join(", ")
}

/// The cargo features that add a middleware, each with true if it is on.
pub const FEATURES: &[(&str, bool)] = &[
    ("actix-cors", cfg!(feature = "actix-cors")),
    ("actix-cors-0-6", cfg!(feature = "actix-cors-0-6")),
    ("bunner_cors_rs", cfg!(feature = "bunner_cors_rs")),
    ("ntex-cors", cfg!(feature = "ntex-cors")),
    ("ohkami", cfg!(feature = "ohkami")),
    ("poem", cfg!(feature = "poem")),
    ("rama-http", cfg!(feature = "rama-http")),
    ("rocket_cors", cfg!(feature = "rocket_cors")),
    ("rustapi-extras", cfg!(feature = "rustapi-extras")),
    ("salvo-cors", cfg!(feature = "salvo-cors")),
    ("salvo-cors-0-8", cfg!(feature = "salvo-cors-0-8")),
    ("silent", cfg!(feature = "silent")),
    ("tide", cfg!(feature = "tide")),
    ("tower-http", cfg!(feature = "tower-http")),
    ("tower-http-0-5", cfg!(feature = "tower-http-0-5")),
    ("tower-http-0-6", cfg!(feature = "tower-http-0-6")),
    ("viz-core", cfg!(feature = "viz-core")),
    ("warp", cfg!(feature = "warp")),
];
