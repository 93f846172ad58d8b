//! Configurations of tower-http that are not made from a policy: its default, its presets, and the recipe of its
//! documentation for the subdomains of a host.

use axum::Router;
use http::{HeaderValue, request::Parts};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::{BY_LIST, TowerHttp};

const PRESET: TowerHttp = TowerHttp { version: "0.7.1", ..BY_LIST };

/// "No headers are sent by default."
pub(super) const NEW: TowerHttp = TowerHttp {
    name: "tower-http:default",
    configured: "CorsLayer::new",
    fixed: Some("{}"),
    around: |_, application| Ok(application.layer(CorsLayer::new())),
    ..PRESET
};

/// "A permissive configuration: All request headers allowed. All methods allowed. All origins allowed. All headers
/// exposed."
pub(super) const PERMISSIVE: TowerHttp = TowerHttp {
    name: "tower-http:permissive",
    configured: "CorsLayer::permissive",
    fixed: Some(r#"{"origins": "any", "methods": "any", "request_headers": "any", "exposed_headers": "any"}"#),
    around: |_, application| Ok(application.layer(CorsLayer::permissive())),
    ..PRESET
};

/// "A very permissive configuration: Credentials allowed. The method received in `Access-Control-Request-Method` is
/// sent back as an allowed method. The origin of the preflight request is sent back as an allowed origin. The header
/// names received in `Access-Control-Request-Headers` are sent back as allowed headers. No headers are currently
/// exposed, but this may change in the future."
pub(super) const VERY_PERMISSIVE: TowerHttp = TowerHttp {
    name: "tower-http:very-permissive",
    configured: "CorsLayer::very_permissive",
    fixed: Some(r#"{"origins": "mirror", "credentials": true, "methods": "mirror", "request_headers": "mirror"}"#),
    around: |_, application| Ok(application.layer(CorsLayer::very_permissive())),
    ..PRESET
};

/// The example of `CorsLayer::allow_origin`'s documentation, with another suffix, for the policy that a reader may take it for:
/// no sentence says whether it is of `https` alone.
pub(super) const SUFFIX: TowerHttp = TowerHttp {
    name: "tower-http:suffix",
    configured: "AllowOrigin::predicate(|origin, _| origin.as_bytes().ends_with(b\".shop.example\"))",
    fixed: Some(r#"{"origins": ["https://*.shop.example"]}"#),
    around: |_, application: Router| {
        let ends = |origin: &HeaderValue, _: &Parts| origin.as_bytes().ends_with(b".shop.example");
        Ok(application.layer(CorsLayer::new().allow_origin(AllowOrigin::predicate(ends))))
    },
    ..PRESET
};
