//! Configurations of tower-http that are not made from a policy: its default, its presets, and the recipe of its
//! documentation for the subdomains of a host.

use axum::Router;
use http::{HeaderValue, request::Parts};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::configuration::{MAIN, TowerHttp};
use crate::{fixed_policy::fixed_policies, row::Row};

fixed_policies! {
    /// "No headers are sent by default."
    NOTHING = "{}";
    /// "A permissive configuration: All request headers allowed. All methods allowed. All origins allowed. All headers
    /// exposed."
    EVERYTHING = r#"{"origins": "any", "methods": "any", "request_headers": "any", "exposed_headers": "any"}"#;
    /// "A very permissive configuration: Credentials allowed. The method received in `Access-Control-Request-Method` is
    /// sent back as an allowed method. The origin of the preflight request is sent back as an allowed origin. The header
    /// names received in `Access-Control-Request-Headers` are sent back as allowed headers. No headers are currently
    /// exposed, but this may change in the future."
    MIRROR = r#"{"origins": "mirror", "credentials": true, "methods": "mirror", "request_headers": "mirror"}"#;
    /// The policy that a reader may expect of the example. No sentence states whether it covers only `https`.
    SUBDOMAINS = r#"{"origins": ["https://*.shop.example"]}"#;
}

pub(super) const NEW: Row<TowerHttp> = Row {
    description: MAIN.variant("tower-http:default", "CorsLayer::new"),
    fixed: Some(NOTHING),
    configuration: TowerHttp { lists_only: false, around: |_, application| Ok(application.layer(CorsLayer::new())) },
};

pub(super) const PERMISSIVE: Row<TowerHttp> = Row {
    description: MAIN.variant("tower-http:permissive", "CorsLayer::permissive"),
    fixed: Some(EVERYTHING),
    configuration: TowerHttp {
        lists_only: false,
        around: |_, application| Ok(application.layer(CorsLayer::permissive())),
    },
};

pub(super) const VERY_PERMISSIVE: Row<TowerHttp> = Row {
    description: MAIN.variant("tower-http:very-permissive", "CorsLayer::very_permissive"),
    fixed: Some(MIRROR),
    configuration: TowerHttp {
        lists_only: false,
        around: |_, application| Ok(application.layer(CorsLayer::very_permissive())),
    },
};

/// The example in the documentation of `CorsLayer::allow_origin`, with another suffix.
pub(super) const SUFFIX: Row<TowerHttp> = Row {
    description: MAIN.variant(
        "tower-http:suffix",
        "AllowOrigin::predicate(|origin, _| origin.as_bytes().ends_with(b\".shop.example\"))",
    ),
    fixed: Some(SUBDOMAINS),
    configuration: TowerHttp {
        lists_only: false,
        around: |_, application: Router| {
            let ends = |origin: &HeaderValue, _: &Parts| origin.as_bytes().ends_with(b".shop.example");
            Ok(application.layer(CorsLayer::new().allow_origin(AllowOrigin::predicate(ends))))
        },
    },
};
