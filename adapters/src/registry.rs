//! The middlewares that are built in.

use crate::{middleware::Middleware, reference_server::ReferenceServer};

/// Lists the adapters: each module with the cargo features that turn it on.
macro_rules! registry {
    ($($module:ident: $($feature:literal),+;)*) => {
        /// Returns the rows of every middleware whose feature is on.
        pub fn middlewares() -> impl Iterator<Item = &'static dyn Middleware> {
            let all: &'static [&'static [&'static dyn Middleware]] = &[
                $(
                    #[cfg(any($(feature = $feature),+))]
                    crate::$module::ROWS,
                )*
            ];
            all.iter().flat_map(|rows| rows.iter().copied())
        }

        /// The cargo features that add a middleware, each with true if it is on.
        pub const FEATURES: &[(&str, bool)] = &[$($(($feature, cfg!(feature = $feature)),)+)*];
    };
}

registry! {
    actix_cors: "actix-cors", "actix-cors-0-6";
    bunner_cors_rs: "bunner_cors_rs";
    ntex_cors: "ntex-cors";
    ohkami: "ohkami";
    poem: "poem";
    rama_http: "rama-http";
    rocket_cors: "rocket_cors";
    rustapi_extras: "rustapi-extras";
    salvo_cors: "salvo-cors", "salvo-cors-0-8";
    silent: "silent";
    tide: "tide";
    tower_http: "tower-http", "tower-http-0-5", "tower-http-0-6";
    viz_core: "viz-core";
    warp: "warp";
}

/// Returns the names of all rows and of the reference server, for the error about an unknown name.
pub fn known() -> String {
    let rows = middlewares().chain([&ReferenceServer as &dyn Middleware]);
    rows.map(|middleware| middleware.describe().name).collect::<Vec<_>>().join(", ")
}
