//! [`rustapi_extras::cors::CorsLayer`](https://docs.rs/rustapi-extras/0.2.2/rustapi_extras/cors/struct.CorsLayer.html)
//! around an application of rustapi-core.

use std::pin::Pin;

use bytes::Bytes;
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
    origin_set::OriginPattern,
};
use cors_reference::{request::WireRequest, response};
use futures_executor::block_on;
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use rustapi_core::{
    ApiError, BodyVariant, IntoResponse, PathParams, Request, RequestDispatcher, Response, RustApi, get,
    middleware::{BoxedNext, MiddlewareLayer},
};
use rustapi_extras::cors::CorsLayer;

#[cfg(feature = "socket")]
use {crate::socket::Listening, http_body_util::Full};

use crate::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    convert::{from_http_response, to_http_request},
    handler::{Handler, Route},
    http_handler::HttpHandler,
};

/// A row: the middleware, configured in one way.
struct RustApiExtras {
    name: &'static str,
    configured: &'static str,
    /// For a preset: the policy that its documentation tells, as JSON.
    fixed: Option<&'static str>,
    layer: fn(&Policy) -> Result<CorsLayer, NoServer>,
}

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &RustApiExtras {
        name: "rustapi-extras",
        configured: "CorsLayer::allow_origins and allow_any_origin",
        fixed: None,
        layer,
    },
    // "Create a new CORS layer with restrictive defaults"; "Create a restrictive CORS layer with minimal permissions."
    &RustApiExtras {
        name: "rustapi-extras:default",
        configured: "CorsLayer::new, which CorsLayer::restrictive is too",
        fixed: Some("{}"),
        layer: |_| Ok(CorsLayer::new()),
    },
    // "Create a permissive CORS layer that allows everything."
    &RustApiExtras {
        name: "rustapi-extras:permissive",
        configured: "CorsLayer::permissive",
        fixed: Some(r#"{"origins": "any", "methods": "any", "request_headers": "mirror", "exposed_headers": "any"}"#),
        layer: |_| Ok(CorsLayer::permissive()),
    },
];

/// The configuration that says the policy.
fn layer(policy: &Policy) -> Result<CorsLayer, NoServer> {
    let unsupported = |why: &str| Err(NoServer::Unsupported(why.to_owned()));
    let mut layer = match (&policy.origins, policy.credentials) {
        (AllowList::Any, false) | (AllowList::Mirror, true) => CorsLayer::new().allow_any_origin(),
        (AllowList::Any, true) => {
            return unsupported("any origin with credentials is answered with the origin, not with `*`");
        }
        (AllowList::Mirror, false) => return unsupported("any origin without credentials is answered with `*`"),
        (AllowList::List(patterns), _) => CorsLayer::new().allow_origins(patterns.iter().map(OriginPattern::as_str)),
    };
    let methods = policy.methods.list().iter().map(|method| Method::from_bytes(method.as_str().as_bytes()));
    let methods: Vec<Method> =
        methods.collect::<Result<_, _>>().map_err(|error| NoServer::Unsupported(error.to_string()))?;
    // Those that need no preflight are listed, as the documentation's example does.
    layer = layer.allow_methods([Method::GET, Method::HEAD, Method::POST].into_iter().chain(methods));
    layer = match &policy.request_headers {
        AllowList::Any | AllowList::Mirror => layer.allow_headers(["*"]),
        // An empty list is `Content-Type, Authorization`; no page can set `Host`, so that listing it allows nothing.
        AllowList::List(names) if names.is_empty() => layer.allow_headers(["Host"]),
        AllowList::List(names) => layer.allow_headers(names.iter().map(|name| name.as_str())),
    };
    layer = layer.allow_credentials(policy.credentials);
    Ok(match policy.max_age {
        Some(seconds) => layer.max_age(std::time::Duration::from_secs(seconds)),
        None => layer,
    })
}

impl Middleware for RustApiExtras {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "rustapi-extras",
            version: "0.2.2",
            configured: self.configured,
            repository: "https://github.com/Tuntii/RustAPI",
            issues: "https://github.com/Tuntii/RustAPI/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin => Support::Yes("CorsLayer::allow_any_origin"),
            Capability::MirrorOrigin => Support::Yes("CorsLayer::allow_any_origin and CorsLayer::allow_credentials"),
            Capability::NoOrigin => Support::Yes("CorsLayer::new"),
            Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes("CorsLayer::allow_origins")
            }
            Capability::SubdomainPattern | Capability::PortPattern => Support::No("a list of exact origins, or any"),
            Capability::Credentials => Support::Yes("CorsLayer::allow_credentials"),
            Capability::AnyMethod => Support::No("`*` is a method like another to allow_methods, and not documented"),
            Capability::MirrorMethod => Support::No("no option answers with the method that was asked for"),
            Capability::ListedMethod => Support::Yes("CorsLayer::allow_methods"),
            Capability::AnyRequestHeader => {
                Support::No("allow_headers([\"*\"]) answers with the names asked for, which is more than `*`")
            }
            Capability::MirrorRequestHeader => Support::Yes("CorsLayer::allow_headers([\"*\"])"),
            Capability::ListedRequestHeader => Support::Yes("CorsLayer::allow_headers"),
            Capability::AnyExposedHeader | Capability::ListedExposedHeader => {
                Support::No("Content-Length and Content-Type are exposed, always and alone")
            }
            Capability::MaxAge => Support::Yes("CorsLayer::max_age"),
            Capability::PrivateNetwork => Support::No("no option for it"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let cors = policy.map(self.layer).transpose()?;
        Ok(Box::new(RustApiServer { dispatcher: application(cors, &handler), handler }))
    }

    /// Served by hyper as the framework's own server does, which does not tell on which port it listens.
    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let dispatcher = application(policy.map(self.layer).transpose()?, &handler);
        let answer = move |request: http::Request<Full<Bytes>>| {
            let dispatcher = dispatcher.clone();
            async move {
                let (parts, body) = request.into_parts();
                let Ok(body) = body.collect().await;
                dispatch(&dispatcher, http::Request::from_parts(parts, body.to_bytes())).await
            }
        };
        Ok(crate::http_server::serve(handler.counter(), answer)?)
    }
}

/// The application that both modes serve. "Layers are executed in the order they are added (outermost first)."
fn application(cors: Option<CorsLayer>, handler: &HttpHandler) -> RequestDispatcher {
    let mut application = RustApi::new();
    if handler.has_outer_headers() {
        application = application.layer(Layer::Outer(handler.clone()));
    }
    if let Some(cors) = cors {
        application = application.layer(cors);
    }
    if let Some(status) = handler.inner_failure() {
        application = application.layer(Layer::Failing(status));
    }
    let scripted = handler.clone();
    let respond = move || {
        let scripted = scripted.clone();
        async move { respond(&scripted) }
    };
    application = match handler.route() {
        // The router takes GET, POST, PUT, PATCH and DELETE alone, so that a catch-all is a middleware.
        Route::Every => application.layer(Layer::Handler(handler.clone())),
        Route::GetOnly => application.route("/", get(respond.clone())).route("/*path", get(respond)),
        Route::Missing => application,
    };
    application.request_dispatcher()
}

fn respond(handler: &HttpHandler) -> Result<Response, ApiError> {
    handler.respond().map_err(error)
}

/// The framework's error of that status.
fn error(status: StatusCode) -> ApiError {
    ApiError::new(status, "scripted", "the handler fails, as scripted")
}

/// The middlewares beside the one under test.
#[derive(Clone)]
enum Layer {
    /// Appends headers to every answer.
    Outer(HttpHandler),
    /// Returns the framework's error of that status.
    Failing(StatusCode),
    /// Leads every request to the handler.
    Handler(HttpHandler),
}

impl MiddlewareLayer for Layer {
    fn call(&self, request: Request, next: BoxedNext) -> Pin<Box<dyn Future<Output = Response> + Send + 'static>> {
        let layer = self.clone();
        Box::pin(async move {
            match layer {
                Self::Outer(handler) => {
                    let mut response = next(request).await;
                    handler.append_outer_headers(response.headers_mut());
                    response
                }
                Self::Failing(status) => error(status).into_response(),
                Self::Handler(handler) => respond(&handler).into_response(),
            }
        })
    }

    fn clone_box(&self) -> Box<dyn MiddlewareLayer> {
        Box::new(self.clone())
    }
}

/// Asks the application.
async fn dispatch(
    dispatcher: &RequestDispatcher,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, NotRepresentable> {
    let (parts, body) = request.into_parts();
    let request = Request::new(parts, BodyVariant::Buffered(body), dispatcher.state_ref(), PathParams::new());
    let (parts, body) = dispatcher.dispatch(request).await.into_parts();
    let body = body.collect().await.map_err(|error| NotRepresentable(error.to_string()))?;
    Ok(http::Response::from_parts(parts, with_steady_error_id(body.to_bytes())))
}

/// The framework's errors tell an id of their own, random each time; a report that is to be the same at every run
/// needs one.
fn with_steady_error_id(body: Bytes) -> Bytes {
    const BEFORE: &str = "\"error_id\":\"err_";
    let Some((before, rest)) = std::str::from_utf8(&body).ok().and_then(|text| text.split_once(BEFORE)) else {
        return body;
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '-');
    format!("{before}{BEFORE}0{rest}").into()
}

struct RustApiServer {
    dispatcher: RequestDispatcher,
    handler: HttpHandler,
}

impl Server for RustApiServer {
    fn answer(&mut self, request: &WireRequest) -> Result<response::Response, Failure> {
        let request = to_http_request::<Bytes>(request)?;
        Ok(from_http_response(block_on(dispatch(&self.dispatcher, request))?)?)
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
