//! [`silent::middlewares::Cors`](https://docs.rs/silent/2.16.2/silent/middlewares/struct.Cors.html) on a route of silent.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
};
use cors_reference::header::HeaderName;
use http_body_util::BodyExt;
use silent::{
    Handler as SilentHandler, MiddleWareHandler, Next, Request as SilentRequest, Response as SilentResponse,
    Result as SilentResult, SilentError, StatusCode,
    middlewares::{Cors, CorsType},
    prelude::{HandlerGetter, ReqBody, Route as SilentRoute, full},
};

use crate::{
    fixed_policy::fixed_policies,
    handler::Route,
    http_application::{HttpApplication, HttpConfiguration},
    http_handler::HttpHandler,
    middleware::{Description, Middleware, NoServer},
    row::Row,
    server::{NotRepresentable, not_representable},
};

/// A way to configure silent's middleware.
struct Silent {
    cors: fn(&Policy) -> Result<Cors, NoServer>,
}

const MAIN: Description<'static> = Description {
    name: "silent",
    package: "silent",
    version: "2.16.2",
    configured: "Cors::origin with a list, or CorsType::Any",
    repository: "https://github.com/silent-rs/silent",
    issues: "https://github.com/silent-rs/silent/issues",
};

fixed_policies! {
    /// No option is set. The documentation does not state what that allows.
    DEFAULT = "{}";
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Row { description: MAIN, fixed: None, configuration: Silent { cors } },
    &Row {
        description: MAIN.variant("silent:default", "Cors::new"),
        fixed: Some(DEFAULT),
        configuration: Silent { cors: |_| Ok(Cors::new()) },
    },
];

impl HttpConfiguration for Silent {
    type Application = Application;

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin => Support::Yes("CorsType::Any, which echoes the origin"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes("CorsType::AllowSome")
            }
            Capability::SubdomainPattern | Capability::PortPattern => {
                Support::No("the middleware compares whole origins")
            }
            Capability::Credentials => Support::Yes("Cors::credentials"),
            Capability::AnyMethod | Capability::AnyRequestHeader | Capability::AnyExposedHeader => {
                Support::Yes("CorsType::Any")
            }
            Capability::MirrorMethod | Capability::MirrorRequestHeader => {
                Support::No("the middleware answers with a fixed text")
            }
            Capability::ListedMethod => Support::Yes("Cors::methods"),
            Capability::ListedRequestHeader => Support::Yes("Cors::headers"),
            Capability::ListedExposedHeader => Support::Yes("Cors::expose"),
            Capability::MaxAge => Support::Yes("Cors::max_age"),
            Capability::PrivateNetwork => Support::No("there is no option for private networks"),
        }
    }

    /// Builds the tree of routes, once for all requests as silent's server does. The first hook is the outermost.
    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Application, NoServer> {
        let mut route = SilentRoute::new_root();
        if handler.has_outer_headers() {
            route = route.hook(Append(handler.clone()));
        }
        if let Some(policy) = policy {
            route = route.hook((self.cors)(policy)?);
        }
        if let Some(status) = handler.inner_failure() {
            route = route.hook(Refuse(status));
        }
        let respond: Arc<dyn SilentHandler> = Arc::new(Respond(handler.clone()));
        let methods: &[http::Method] = match handler.route() {
            Route::Every => &EVERY,
            Route::GetOnly => &[http::Method::GET],
            // A root without children refuses every path except its own before it runs its middlewares
            // (`RouteTree::call_path_only`). An application with a route does not, so this one has a route.
            Route::Missing => {
                let other = SilentRoute::new("a-path-of-no-request").insert_handler(http::Method::GET, respond);
                return Ok(Application(Arc::new(route.append(other).into_route_tree())));
            }
        };
        let at = |path: &str| {
            methods
                .iter()
                .fold(SilentRoute::new(path), |route, method| route.insert_handler(method.clone(), respond.clone()))
        };
        Ok(Application(Arc::new(route.append(at("")).append(at("<path:**>")).into_route_tree())))
    }
}

/// Every method that the `http` crate names. A route of silent takes methods one by one.
const EVERY: [http::Method; 9] = [
    http::Method::GET,
    http::Method::HEAD,
    http::Method::POST,
    http::Method::PUT,
    http::Method::DELETE,
    http::Method::OPTIONS,
    http::Method::PATCH,
    http::Method::TRACE,
    http::Method::CONNECT,
];

/// Returns the configuration for a policy.
fn cors(policy: &Policy) -> Result<Cors, NoServer> {
    let origins = match &policy.origins {
        AllowList::Any | AllowList::Mirror => CorsType::Any,
        AllowList::List(origins) => {
            CorsType::AllowSome(origins.iter().map(|origin| origin.as_str().to_owned()).collect())
        }
    };
    let methods = match &policy.methods {
        AllowList::Any | AllowList::Mirror => CorsType::Any,
        AllowList::List(methods) => {
            let safelisted = ["GET", "HEAD", "POST"].into_iter();
            let methods = safelisted.chain(methods.iter().map(|method| method.as_str()));
            CorsType::AllowSome(methods.map(str::to_owned).collect())
        }
    };
    let names = |allowed: &AllowList<HeaderName>| match allowed {
        AllowList::Any | AllowList::Mirror => CorsType::Any,
        AllowList::List(names) => CorsType::AllowSome(names.iter().map(|name| name.as_str().to_owned()).collect()),
    };
    let mut cors = Cors::new().origin(origins).methods(methods);
    if policy.request_headers != AllowList::default() {
        cors = cors.headers(names(&policy.request_headers));
    }
    if policy.exposed_headers != AllowList::default() {
        cors = cors.expose(names(&policy.exposed_headers));
    }
    // `credentials(false)` sends the text `false`.
    if policy.credentials {
        cors = cors.credentials(true);
    }
    let too_long = |_| NoServer::Unsupported("Cors::max_age takes a u32, and the policy's value is larger".to_owned());
    Ok(match policy.max_age {
        Some(seconds) => cors.max_age(u32::try_from(seconds).map_err(too_long)?),
        None => cors,
    })
}

/// Returns the framework's error with a status.
fn error(status: StatusCode) -> SilentError {
    SilentError::business_error(status, "the handler fails, as scripted")
}

struct Respond(HttpHandler);

#[async_trait]
impl SilentHandler for Respond {
    async fn call(&self, _: SilentRequest) -> SilentResult<SilentResponse> {
        let (parts, body) = self.0.respond::<Bytes>().map_err(error)?.into_parts();
        let mut response = SilentResponse::empty();
        response.set_status(parts.status);
        *response.headers_mut() = parts.headers;
        response.set_body(full(body));
        Ok(response)
    }
}

struct Refuse(StatusCode);

#[async_trait]
impl MiddleWareHandler for Refuse {
    async fn handle(&self, _: SilentRequest, _: &Next) -> SilentResult<SilentResponse> {
        Err(error(self.0))
    }
}

struct Append(HttpHandler);

#[async_trait]
impl MiddleWareHandler for Append {
    async fn handle(&self, request: SilentRequest, next: &Next) -> SilentResult<SilentResponse> {
        let mut response = next.call(request).await.unwrap_or_else(SilentResponse::from);
        self.0.append_outer_headers(response.headers_mut());
        Ok(response)
    }
}

/// The tree of routes.
#[derive(Clone)]
struct Application(Arc<dyn SilentHandler>);

impl HttpApplication for Application {
    /// Does what silent's server does with a request: it turns an error into its response.
    async fn ask(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, NotRepresentable> {
        let (parts, body) = request.into_parts();
        let request = SilentRequest::from_parts(parts, ReqBody::Once(body));
        let mut response = self.0.call(request).await.unwrap_or_else(SilentResponse::from);
        let body = response.take_body().collect().await.map_err(not_representable)?;
        let mut built = http::Response::new(body.to_bytes());
        *built.status_mut() = response.status();
        *built.headers_mut() = std::mem::take(response.headers_mut());
        Ok(built)
    }
}
