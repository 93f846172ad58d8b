//! [`viz_core::middleware::cors`](https://docs.rs/viz-core/0.11.0/viz_core/middleware/cors/index.html) around viz's
//! router.

use std::sync::Arc;

use bytes::Bytes;
use cors_policy::{
    Policy,
    capability::{Capability, Support},
    origin_set::OriginSet,
};
use cors_reference::response::Response;
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use viz_core::{
    Body, BoxHandler, Handler as _, IntoResponse, Next, Request as VizRequest, Response as VizResponse,
    middleware::cors::Config,
};
use viz_router::{Router, Tree};

use crate::{
    convert::{header_names, methods, origins},
    fixed_policy::fixed_policies,
    handler::Route,
    http_application::{HttpApplication, HttpConfiguration},
    http_handler::HttpHandler,
    middleware::{Description, Middleware, NoServer},
    ordered_headers::with_ordered_headers,
    row::Row,
    server::{NotRepresentable, not_representable},
};

/// A way to configure viz's middleware.
struct VizCore {
    config: fn(&Policy) -> Result<Config, NoServer>,
}

const MAIN: Description<'static> = Description {
    name: "viz-core",
    package: "viz-core",
    version: "0.11.0",
    configured: "Config::allow_origins",
    repository: "https://github.com/viz-rs/viz",
    issues: "https://github.com/viz-rs/viz/issues",
};

fixed_policies! {
    /// "Create a new Config with default values", and its origins are `*`.
    DEFAULT = r#"{"origins": "any", "methods": ["PUT", "DELETE", "PATCH"], "max_age": 86400}"#;
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Row { description: MAIN, fixed: None, configuration: VizCore { config: by_list } },
    &Row {
        description: MAIN.variant(
            "viz-core:verify",
            "Config::origin_verify together with Config::allow_origins; both must accept the origin",
        ),
        fixed: None,
        configuration: VizCore { config: by_verify },
    },
    &Row {
        description: MAIN.variant("viz-core:default", "Config::new"),
        fixed: Some(DEFAULT),
        configuration: VizCore { config: |_| Ok(Config::new()) },
    },
];

impl HttpConfiguration for VizCore {
    type Application = Application;

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin => {
                Support::No("allow_origins compares `*` as text, and no request has the origin `*`")
            }
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes("Config::allow_origins")
            }
            Capability::SubdomainPattern | Capability::PortPattern => {
                Support::No("origin_verify can only restrict the list of allow_origins")
            }
            Capability::Credentials => Support::Yes("Config::credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => Support::No("Config::allow_methods takes only a list"),
            Capability::ListedMethod => Support::Yes("Config::allow_methods"),
            Capability::AnyRequestHeader | Capability::MirrorRequestHeader => {
                Support::No("Config::allow_headers takes only a list")
            }
            Capability::ListedRequestHeader => Support::Yes("Config::allow_headers"),
            Capability::AnyExposedHeader => Support::No("Config::expose_headers takes only a list"),
            Capability::ListedExposedHeader => Support::Yes("Config::expose_headers"),
            Capability::MaxAge => Support::Yes("Config::max_age"),
            Capability::PrivateNetwork => Support::No("there is no option for private networks"),
        }
    }

    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Application, NoServer> {
        Ok(application(policy.map(self.config).transpose()?, handler))
    }
}

/// Returns the configuration for a policy.
fn by_list(policy: &Policy) -> Result<Config, NoServer> {
    // The middleware compares safelisted methods with the list, too, and an empty list would allow every method.
    let safelisted = [Method::GET, Method::HEAD, Method::POST].into_iter();
    let mut config = Config::new()
        .allow_origins(origins(policy.origins.list())?)
        .allow_methods(safelisted.chain(methods(policy.methods.list())?).collect::<Vec<_>>())
        .allow_headers(header_names(policy.request_headers.list())?)
        .expose_headers(header_names(policy.exposed_headers.list())?)
        .credentials(policy.credentials);
    if let Some(seconds) = policy.max_age {
        config = config.max_age(usize::try_from(seconds).map_err(not_representable)?);
    }
    Ok(config)
}

/// "A function to verify the origin. If the function returns false, the request will be rejected."
fn by_verify(policy: &Policy) -> Result<Config, NoServer> {
    let set = OriginSet::new(policy.origins.list());
    Ok(by_list(policy)?.origin_verify(Some(Arc::new(move |origin: &HeaderValue| set.contains(origin.as_bytes())))))
}

/// Builds the application. Viz's router puts a middleware around each route, so that a path without a route does not
/// reach it.
fn application(config: Option<Config>, handler: &HttpHandler) -> Application {
    let scripted = handler.clone();
    let respond = move |_: VizRequest| {
        let scripted = scripted.clone();
        async move {
            let response = scripted.respond::<Full<Bytes>>().map_err(IntoResponse::into_error)?;
            Ok::<VizResponse, viz_core::Error>(response.map(Body::from))
        }
    };
    let mut router = match handler.route() {
        Route::Every => Router::new().any("/*", respond),
        Route::GetOnly => Router::new().get("/*", respond),
        Route::Missing => Router::new(),
    };
    if let Some(status) = handler.inner_failure() {
        let fail = move |_: Next<VizRequest, BoxHandler>| async move { Err::<VizResponse, _>(status.into_error()) };
        router = router.with_handler(fail);
    }
    if let Some(config) = config {
        router = router.with(config);
    }
    if handler.has_outer_headers() {
        let outer = handler.clone();
        router = router.with_handler(move |(request, next): Next<VizRequest, BoxHandler>| {
            let outer = outer.clone();
            async move {
                let mut response = next.call(request).await.unwrap_or_else(IntoResponse::into_response);
                outer.append_outer_headers(response.headers_mut());
                Ok(response)
            }
        });
    }
    Application(Arc::new(router.into()))
}

/// The routes.
#[derive(Clone)]
struct Application(Arc<Tree>);

impl HttpApplication for Application {
    /// Does what the `Responder` of viz's server does: a HEAD request without a route falls back to GET.
    async fn ask(&self, request: Request<Bytes>) -> Result<http::Response<Bytes>, NotRepresentable> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let head = || (method == Method::HEAD).then(|| self.0.find(&Method::GET, &path)).flatten();
        let request = request.map(|body| Body::from(Full::new(body)));
        let response = match self.0.find(&method, &path).or_else(head) {
            Some((handler, _)) => handler.call(request).await.unwrap_or_else(IntoResponse::into_response),
            None => StatusCode::NOT_FOUND.into_response(),
        };
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(not_representable)?;
        Ok(http::Response::from_parts(parts, body.to_bytes()))
    }

    /// The middleware keeps its lists in hash sets.
    fn without_socket(response: Response) -> Response {
        with_ordered_headers(response)
    }
}
