//! [`viz_core::middleware::cors`](https://docs.rs/viz-core/0.11.0/viz_core/middleware/cors/index.html) around viz's
//! router.

use std::sync::Arc;

use bytes::Bytes;
use cors_policy::{
    Policy,
    capability::{Capability, Support},
    origin_set::OriginSet,
};
use cors_reference::{request::WireRequest, response::Response};
use futures_executor::block_on;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use viz_core::{
    Body, BoxHandler, Handler as _, IntoResponse, Next, Request as VizRequest, Response as VizResponse,
    middleware::cors::Config,
};
use viz_router::{Router, Tree};

#[cfg(feature = "socket")]
use crate::socket::Listening;
use crate::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    convert::{from_http_response, to_http_request},
    handler::{Handler, Route},
    http_handler::HttpHandler,
    not_representable,
    ordered_headers::with_ordered_headers,
};

/// A row: viz's middleware, configured in one way.
struct VizCore {
    name: &'static str,
    configured: &'static str,
    fixed: Option<&'static str>,
    config: fn(&Policy) -> Result<Config, NoServer>,
}

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &VizCore { name: "viz-core", configured: "Config::allow_origins", fixed: None, config: by_list },
    &VizCore {
        name: "viz-core:verify",
        configured: "Config::origin_verify beside Config::allow_origins, which must both agree",
        fixed: None,
        config: by_verify,
    },
    // "Create a new Config with default values", and its origins are `*`.
    &VizCore {
        name: "viz-core:default",
        configured: "Config::new",
        fixed: Some(r#"{"origins": "any", "methods": ["PUT", "DELETE", "PATCH"], "max_age": 86400}"#),
        config: |_| Ok(Config::new()),
    },
];

impl Middleware for VizCore {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "viz-core",
            version: "0.11.0",
            configured: self.configured,
            repository: "https://github.com/viz-rs/viz",
            issues: "https://github.com/viz-rs/viz/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin => {
                Support::No("`*` in allow_origins is compared as text, and no Origin is `*`")
            }
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes("Config::allow_origins")
            }
            Capability::SubdomainPattern | Capability::PortPattern => {
                Support::No("origin_verify only narrows what allow_origins lists")
            }
            Capability::Credentials => Support::Yes("Config::credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => Support::No("methods are a list"),
            Capability::ListedMethod => Support::Yes("Config::allow_methods"),
            Capability::AnyRequestHeader | Capability::MirrorRequestHeader => Support::No("headers are a list"),
            Capability::ListedRequestHeader => Support::Yes("Config::allow_headers"),
            Capability::AnyExposedHeader => Support::No("exposed headers are a list"),
            Capability::ListedExposedHeader => Support::Yes("Config::expose_headers"),
            Capability::MaxAge => Support::Yes("Config::max_age"),
            Capability::PrivateNetwork => Support::No("there is no such option"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let config = policy.map(self.config).transpose()?;
        Ok(Box::new(VizServer { tree: Arc::new(tree(config, &handler)), handler }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let config = policy.map(self.config).transpose()?;
        let tree = Arc::new(tree(config, &handler));
        Ok(crate::http_server::serve(handler.counter(), move |request| {
            let tree = tree.clone();
            async move {
                let (parts, body) = dispatch(&tree, request.map(Body::from)).await.into_parts();
                let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
                Ok(http::Response::from_parts(parts, body))
            }
        })?)
    }
}

/// The configuration that says the policy.
fn by_list(policy: &Policy) -> Result<Config, NoServer> {
    let origins = policy.origins.list().iter().map(|origin| HeaderValue::from_str(origin.as_str()));
    let methods = policy.methods.list().iter().map(|method| Method::from_bytes(method.as_str().as_bytes()));
    // An empty list of methods would refuse none, and the safelisted ones are compared with it too.
    let safelisted = [Method::GET, Method::HEAD, Method::POST].into_iter().map(Ok);
    let names = |names: &[cors_reference::header::HeaderName]| {
        names.iter().map(|name| name.as_str().parse::<HeaderName>()).collect::<Result<Vec<_>, _>>()
    };
    let mut config = Config::new()
        .allow_origins(origins.collect::<Result<Vec<_>, _>>().map_err(not_representable)?)
        .allow_methods(safelisted.chain(methods).collect::<Result<Vec<_>, _>>().map_err(not_representable)?)
        .allow_headers(names(policy.request_headers.list()).map_err(not_representable)?)
        .expose_headers(names(policy.exposed_headers.list()).map_err(not_representable)?)
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

/// The routes. A middleware of viz's router is around each route, so that what has none is out of its reach.
fn tree(config: Option<Config>, handler: &HttpHandler) -> Tree {
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
    router.into()
}

/// What viz's own server does with a request, by its `Responder`: HEAD falls back to GET.
async fn dispatch(tree: &Tree, request: Request<Body>) -> VizResponse {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let head = || (method == Method::HEAD).then(|| tree.find(&Method::GET, &path)).flatten();
    match tree.find(&method, &path).or_else(head) {
        Some((handler, _)) => handler.call(request).await.unwrap_or_else(IntoResponse::into_response),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

struct VizServer {
    tree: Arc<Tree>,
    handler: HttpHandler,
}

impl Server for VizServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        let request = to_http_request::<Full<Bytes>>(request)?.map(Body::from);
        let response = block_on(async {
            let (parts, body) = dispatch(&self.tree, request).await.into_parts();
            let body = body.collect().await.map_err(not_representable)?;
            Ok::<_, NotRepresentable>(http::Response::from_parts(parts, body.to_bytes()))
        })?;
        // The lists stand in hash sets.
        Ok(with_ordered_headers(from_http_response(response)?))
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
