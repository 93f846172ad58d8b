//! `tower_http::cors::CorsLayer` around an axum router, in each release line that is still in use, with its presets and the
//! recipes of its documentation.

use crate::{
    middleware::{Description, Middleware},
    row::Row,
};
use configuration::{MAIN, TowerHttp};

mod configuration;
mod layer;
#[cfg(feature = "tower-http")]
mod presets;

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    #[cfg(feature = "tower-http")]
    &Row {
        description: MAIN,
        fixed: None,
        configuration: TowerHttp { lists_only: false, around: layer::v0_7::by_list },
    },
    #[cfg(feature = "tower-http")]
    &Row {
        description: MAIN.variant("tower-http:predicate", "AllowOrigin::predicate for every list of origins"),
        fixed: None,
        configuration: TowerHttp { lists_only: true, around: layer::v0_7::by_predicate },
    },
    #[cfg(feature = "tower-http")]
    &Row {
        description: MAIN
            .variant("tower-http:async-predicate", "AllowOrigin::async_predicate for every list of origins"),
        fixed: None,
        configuration: TowerHttp {
            lists_only: true,
            around: |policy, application| {
                let set = std::sync::Arc::new(cors_policy::origin_set::OriginSet::new(policy.origins.list()));
                let predicate = move |origin: http::HeaderValue, _: &http::request::Parts| {
                    let set = set.clone();
                    async move { set.contains(origin.as_bytes()) }
                };
                let origin = tower_http::cors::AllowOrigin::async_predicate(predicate);
                Ok(application.layer(layer::v0_7::layer(policy, origin)?))
            },
        },
    },
    #[cfg(feature = "tower-http")]
    &presets::NEW,
    #[cfg(feature = "tower-http")]
    &presets::PERMISSIVE,
    #[cfg(feature = "tower-http")]
    &presets::VERY_PERMISSIVE,
    #[cfg(feature = "tower-http")]
    &presets::SUFFIX,
    #[cfg(feature = "tower-http-0-6")]
    &Row {
        description: Description { name: "tower-http-0-6", version: "0.6.11", ..MAIN },
        fixed: None,
        configuration: TowerHttp { lists_only: false, around: layer::v0_6::by_list },
    },
    #[cfg(feature = "tower-http-0-5")]
    &Row {
        description: Description { name: "tower-http-0-5", version: "0.5.2", ..MAIN },
        fixed: None,
        configuration: TowerHttp { lists_only: false, around: layer::v0_5::by_list },
    },
];
