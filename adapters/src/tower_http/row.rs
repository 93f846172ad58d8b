//! The implementation of a row.

use axum::Router;
use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

use crate::{
    axum_application::AxumApplication,
    fixed_policy::FixedPolicy,
    handler::Handler,
    http_application::call_directly,
    http_handler::HttpHandler,
    middleware::{Description, Middleware, NoServer},
    server::{NotRepresentable, Server},
};
#[cfg(feature = "socket")]
use crate::{http_application::serve_by_hyper, socket::Listening};

/// A row: a release line of tower-http, configured in one way.
pub(super) struct TowerHttp {
    pub(super) description: Description<'static>,
    /// True if this configuration takes only lists of origins.
    pub(super) lists_only: bool,
    pub(super) fixed: Option<FixedPolicy>,
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

impl TowerHttp {
    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<AxumApplication, NotRepresentable> {
        AxumApplication::new(handler, |router| match policy {
            None => Ok(router),
            Some(policy) => (self.around)(policy, router),
        })
    }
}

impl Middleware for TowerHttp {
    fn describe(&self) -> Description<'_> {
        self.description
    }

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

    fn fixed(&self) -> Option<Policy> {
        self.fixed.map(FixedPolicy::policy)
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = HttpHandler::new(handler)?;
        Ok(call_directly(self.application(policy, &handler)?, &handler))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = HttpHandler::new(handler)?;
        serve_by_hyper(self.application(policy, &handler)?, &handler)
    }
}
