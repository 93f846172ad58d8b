//! A way to configure
//! [`tower_http::cors::CorsLayer`](https://docs.rs/tower-http/0.7.1/tower_http/cors/struct.CorsLayer.html).

use axum::Router;
use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

use crate::{
    axum_application::AxumApplication,
    http_application::HttpConfiguration,
    http_handler::HttpHandler,
    middleware::{Description, NoServer},
    server::NotRepresentable,
};

/// A way to configure the layer of one release line.
pub(super) struct TowerHttp {
    /// True if this configuration takes only lists of origins.
    pub(super) lists_only: bool,
    /// Puts the middleware, configured for a policy, around an application.
    pub(super) around: fn(&Policy, Router) -> Result<Router, NotRepresentable>,
}

/// The description of the main row.
pub(super) const MAIN: Description<'static> = Description {
    name: "tower-http",
    package: "tower-http",
    version: "0.7.1",
    configured: "AllowOrigin::list, or AllowOrigin::predicate if an entry is a pattern",
    repository: "https://github.com/tower-rs/tower-http",
    issues: "https://github.com/tower-rs/tower-http/issues",
};

impl HttpConfiguration for TowerHttp {
    type Application = AxumApplication;

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if self.lists_only => {
                Support::No("this configuration takes only lists of origins")
            }
            Capability::AnyOrigin => Support::Yes("AllowOrigin::any"),
            Capability::MirrorOrigin => Support::Yes("AllowOrigin::mirror_request"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes(if self.lists_only { "a predicate of AllowOrigin" } else { "AllowOrigin::list" })
            }
            Capability::SubdomainPattern | Capability::PortPattern => Support::Yes("AllowOrigin::predicate"),
            Capability::Credentials => Support::Yes("CorsLayer::allow_credentials"),
            Capability::AnyMethod => Support::Yes("AllowMethods::any"),
            Capability::MirrorMethod => Support::Yes("AllowMethods::mirror_request"),
            Capability::ListedMethod => Support::Yes("AllowMethods::list"),
            Capability::AnyRequestHeader => Support::Yes("AllowHeaders::any"),
            Capability::MirrorRequestHeader => Support::Yes("AllowHeaders::mirror_request"),
            Capability::ListedRequestHeader => Support::Yes("AllowHeaders::list"),
            Capability::AnyExposedHeader => Support::Yes("ExposeHeaders::any"),
            Capability::ListedExposedHeader => Support::Yes("ExposeHeaders::list"),
            Capability::MaxAge => Support::Yes("CorsLayer::max_age"),
            Capability::PrivateNetwork => Support::Yes("CorsLayer::allow_private_network"),
        }
    }

    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<AxumApplication, NoServer> {
        Ok(AxumApplication::new(handler, |router| match policy {
            None => Ok(router),
            Some(policy) => (self.around)(policy, router),
        })?)
    }
}
