//! [`tower_http::cors::CorsLayer`](https://docs.rs/tower-http/0.7.1/tower_http/cors/struct.CorsLayer.html) around
//! an axum router, in each line that is still in use, with its presets and the recipes that people write.

use axum::Router;
use cors_policy::{
    Policy,
    capability::{Capability, Support},
};
use cors_reference::{request::WireRequest, response::Response};

use crate::{
    Description, Failure, Middleware, NoServer, Server,
    axum_application::{application, ask},
    handler::Handler,
    http_handler::HttpHandler,
};
#[cfg(feature = "socket")]
use crate::{axum_application::serve, socket::Listening};

mod layer;
#[cfg(feature = "tower-http")]
mod presets;

/// Puts the middleware that says the policy around an application, or tells what it cannot say.
type Around = fn(&Policy, Router) -> Result<Router, String>;

/// A row: a line of tower-http, configured in one way.
struct TowerHttp {
    name: &'static str,
    version: &'static str,
    configured: &'static str,
    /// Whether it is made for lists of origins alone.
    lists_alone: bool,
    /// For a preset: the policy that its documentation tells, as JSON.
    fixed: Option<&'static str>,
    around: Around,
}

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    #[cfg(feature = "tower-http")]
    &TowerHttp { name: "tower-http", version: "0.7.1", around: layer::v0_7::by_list, ..BY_LIST },
    #[cfg(feature = "tower-http")]
    &TowerHttp {
        name: "tower-http:predicate",
        version: "0.7.1",
        configured: "AllowOrigin::predicate for every list of origins",
        lists_alone: true,
        around: layer::v0_7::by_predicate,
        ..BY_LIST
    },
    #[cfg(feature = "tower-http")]
    &TowerHttp {
        name: "tower-http:async-predicate",
        version: "0.7.1",
        configured: "AllowOrigin::async_predicate for every list of origins",
        lists_alone: true,
        around: |policy, application| {
            let set = std::sync::Arc::new(cors_policy::origin_set::OriginSet::new(policy.origins.list()));
            let predicate = move |origin: http::HeaderValue, _: &http::request::Parts| {
                let set = set.clone();
                async move { set.contains(origin.as_bytes()) }
            };
            let origin = tower_http::cors::AllowOrigin::async_predicate(predicate);
            Ok(application.layer(layer::v0_7::layer(policy, origin)?))
        },
        ..BY_LIST
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
    &TowerHttp { name: "tower-http-0-6", version: "0.6.11", around: layer::v0_6::by_list, ..BY_LIST },
    #[cfg(feature = "tower-http-0-5")]
    &TowerHttp { name: "tower-http-0-5", version: "0.5.2", around: layer::v0_5::by_list, ..BY_LIST },
];

const BY_LIST: TowerHttp = TowerHttp {
    name: "",
    version: "",
    configured: "AllowOrigin::list, and AllowOrigin::predicate where an entry is a pattern",
    lists_alone: false,
    fixed: None,
    around: |_, application| Ok(application),
};

/// Each item in the middleware's own type.
fn each<T, U, E: ToString>(items: &[T], into: impl Fn(&T) -> Result<U, E>) -> Result<Vec<U>, String> {
    items.iter().map(into).collect::<Result<_, E>>().map_err(|error| error.to_string())
}

impl TowerHttp {
    /// The application that both modes serve.
    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Router, NoServer> {
        let around = |router| match policy {
            None => Ok(router),
            Some(policy) => (self.around)(policy, router).map_err(NoServer::Unsupported),
        };
        application(handler, around)
    }
}

impl Middleware for TowerHttp {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "tower-http",
            version: self.version,
            configured: self.configured,
            repository: "https://github.com/tower-rs/tower-http",
            issues: "https://github.com/tower-rs/tower-http/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if self.lists_alone => {
                Support::No("this row is for lists")
            }
            Capability::AnyOrigin => Support::Yes("AllowOrigin::any"),
            Capability::MirrorOrigin => Support::Yes("AllowOrigin::mirror_request"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes(if self.lists_alone { "a predicate of AllowOrigin" } else { "AllowOrigin::list" })
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
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let application = self.application(policy, &handler)?;
        Ok(Box::new(TowerServer { application, handler }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let application = self.application(policy, &handler)?;
        Ok(serve(application, &handler)?)
    }
}

struct TowerServer {
    application: Router,
    handler: HttpHandler,
}

impl Server for TowerServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        Ok(ask(&mut self.application, request)?)
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
