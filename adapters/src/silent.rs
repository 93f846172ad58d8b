//! [`silent::middlewares::Cors`](https://docs.rs/silent/2.16.2/silent/middlewares/struct.Cors.html) on a route of silent.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
};
use cors_reference::{header::HeaderName, request::WireRequest, response::Response};
use futures_executor::block_on;
use http_body_util::{BodyExt, Full};
use silent::{
    Handler as SilentHandler, MiddleWareHandler, Next, Request as SilentRequest, Response as SilentResponse,
    Result as SilentResult, SilentError, StatusCode,
    middlewares::{Cors, CorsType},
    prelude::{HandlerGetter, ReqBody, Route as SilentRoute, full},
};

#[cfg(feature = "socket")]
use crate::socket::Listening;
use crate::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    convert::{from_http_response, to_http_request},
    handler::{Handler, Route},
    http_handler::HttpHandler,
    not_representable,
};

/// A row: silent's middleware, configured in one way.
struct Silent {
    name: &'static str,
    configured: &'static str,
    fixed: Option<&'static str>,
}

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Silent { name: "silent", configured: "Cors::origin with a list, or CorsType::Any", fixed: None },
    // Nothing is set, and nothing is said of what that means.
    &Silent { name: "silent:default", configured: "Cors::new", fixed: Some("{}") },
];

impl Middleware for Silent {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "silent",
            version: "2.16.2",
            configured: self.configured,
            repository: "https://github.com/silent-rs/silent",
            issues: "https://github.com/silent-rs/silent/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin => Support::Yes("CorsType::Any, which echoes the origin"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes("CorsType::AllowSome")
            }
            Capability::SubdomainPattern | Capability::PortPattern => Support::No("origins are compared as text"),
            Capability::Credentials => Support::Yes("Cors::credentials"),
            Capability::AnyMethod | Capability::AnyRequestHeader | Capability::AnyExposedHeader => {
                Support::Yes("CorsType::Any")
            }
            Capability::MirrorMethod | Capability::MirrorRequestHeader => Support::No("the header's text is fixed"),
            Capability::ListedMethod => Support::Yes("Cors::methods"),
            Capability::ListedRequestHeader => Support::Yes("Cors::headers"),
            Capability::ListedExposedHeader => Support::Yes("Cors::expose"),
            Capability::MaxAge => Support::Yes("Cors::max_age"),
            Capability::PrivateNetwork => Support::No("there is no such option"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let application = self.application(policy, &handler)?;
        Ok(Box::new(SilentServer { application, handler }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let application = self.application(policy, &handler)?;
        // hyper, as silent's server does.
        Ok(crate::http_server::serve(handler.counter(), move |request| {
            let application = application.clone();
            async move { ask(&*application, request).await }
        })?)
    }
}

impl Silent {
    /// The tree of routes that both modes serve, built once as silent's server does it; the first middleware to be hooked is
    /// the outermost.
    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Arc<dyn SilentHandler>, NoServer> {
        let mut route = SilentRoute::new_root();
        if handler.has_outer_headers() {
            route = route.hook(Append(handler.clone()));
        }
        if let Some(policy) = policy {
            route = route.hook(if self.fixed.is_some() { Cors::new() } else { cors(policy)? });
        }
        if let Some(status) = handler.inner_failure() {
            route = route.hook(Refuse(status));
        }
        let respond: Arc<dyn SilentHandler> = Arc::new(Respond(handler.clone()));
        let methods: &[http::Method] = match handler.route() {
            Route::Every => &EVERY,
            Route::GetOnly => &[http::Method::GET],
            // A root without any child refuses every path but its own before its middlewares are run
            // (`RouteTree::call_path_only`), which no application with a route does.
            Route::Missing => {
                let other = SilentRoute::new("a-path-that-nobody-asks-for").insert_handler(http::Method::GET, respond);
                return Ok(Arc::new(route.append(other).into_route_tree()));
            }
        };
        let at = |path: &str| {
            methods
                .iter()
                .fold(SilentRoute::new(path), |route, method| route.insert_handler(method.clone(), respond.clone()))
        };
        Ok(Arc::new(route.append(at("")).append(at("<path:**>")).into_route_tree()))
    }
}

/// Every method that has a name in the `http` crate: a route of silent takes methods one by one.
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

/// The configuration that says the policy.
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
    let names = |wish: &AllowList<HeaderName>| match wish {
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
    // `credentials(false)` would send the text `false`.
    if policy.credentials {
        cors = cors.credentials(true);
    }
    let too_long = |_| NoServer::Unsupported("Cors::max_age takes a u32, and the policy's is beyond".to_owned());
    Ok(match policy.max_age {
        Some(seconds) => cors.max_age(u32::try_from(seconds).map_err(too_long)?),
        None => cors,
    })
}

/// The framework's error of that status.
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

/// What silent's server does with a request: an error becomes its response.
async fn ask(
    application: &dyn SilentHandler,
    request: http::Request<Full<Bytes>>,
) -> Result<http::Response<Bytes>, NotRepresentable> {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await;
    let request = SilentRequest::from_parts(parts, ReqBody::Once(body.to_bytes()));
    let mut response = application.call(request).await.unwrap_or_else(SilentResponse::from);
    let body = response.take_body().collect().await.map_err(not_representable)?;
    let mut built = http::Response::new(body.to_bytes());
    *built.status_mut() = response.status();
    *built.headers_mut() = std::mem::take(response.headers_mut());
    Ok(built)
}

struct SilentServer {
    application: Arc<dyn SilentHandler>,
    handler: HttpHandler,
}

impl Server for SilentServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        Ok(from_http_response(block_on(ask(&*self.application, to_http_request(request)?))?)?)
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
