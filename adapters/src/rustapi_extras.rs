//! [`rustapi_extras::cors::CorsLayer`](https://docs.rs/rustapi-extras/0.2.2/rustapi_extras/cors/struct.CorsLayer.html)
//! around an application of rustapi-core.

use std::pin::Pin;

use bytes::Bytes;
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
    origin_set::OriginPattern,
};
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use rustapi_core::{
    ApiError, BodyVariant, IntoResponse, PathParams, Request, RequestDispatcher, Response, RustApi, get,
    middleware::{BoxedNext, MiddlewareLayer},
};
use rustapi_extras::cors::CorsLayer;

use crate::{
    convert::methods,
    fixed_policy::fixed_policies,
    handler::Route,
    http_application::{HttpApplication, HttpConfiguration},
    http_handler::HttpHandler,
    middleware::{Description, Middleware, NoServer},
    row::Row,
    server::{NotRepresentable, not_representable},
};

/// A way to configure the middleware.
struct RustApiExtras {
    layer: fn(&Policy) -> Result<CorsLayer, NoServer>,
}

const MAIN: Description<'static> = Description {
    name: "rustapi-extras",
    package: "rustapi-extras",
    version: "0.2.2",
    configured: "CorsLayer::allow_origins and allow_any_origin",
    repository: "https://github.com/Tuntii/RustAPI",
    issues: "https://github.com/Tuntii/RustAPI/issues",
};

fixed_policies! {
    /// "Create a new CORS layer with restrictive defaults"; "Create a restrictive CORS layer with minimal permissions."
    DEFAULT = "{}";
    /// "Create a permissive CORS layer that allows everything."
    PERMISSIVE = r#"{"origins": "any", "methods": "any", "request_headers": "mirror", "exposed_headers": "any"}"#;
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Row { description: MAIN, fixed: None, configuration: RustApiExtras { layer } },
    &Row {
        description: MAIN.variant("rustapi-extras:default", "CorsLayer::new, which equals CorsLayer::restrictive"),
        fixed: Some(DEFAULT),
        configuration: RustApiExtras { layer: |_| Ok(CorsLayer::new()) },
    },
    &Row {
        description: MAIN.variant("rustapi-extras:permissive", "CorsLayer::permissive"),
        fixed: Some(PERMISSIVE),
        configuration: RustApiExtras { layer: |_| Ok(CorsLayer::permissive()) },
    },
];

/// Returns the configuration for a policy.
fn layer(policy: &Policy) -> Result<CorsLayer, NoServer> {
    let unsupported = |reason: &str| Err(NoServer::Unsupported(reason.to_owned()));
    let mut layer = match (&policy.origins, policy.credentials) {
        (AllowList::Any, false) | (AllowList::Mirror, true) => CorsLayer::new().allow_any_origin(),
        (AllowList::Any, true) => {
            return unsupported("with credentials, allow_any_origin answers with the request's origin instead of `*`");
        }
        (AllowList::Mirror, false) => return unsupported("without credentials, allow_any_origin answers with `*`"),
        (AllowList::List(patterns), _) => CorsLayer::new().allow_origins(patterns.iter().map(OriginPattern::as_str)),
    };
    // Safelisted methods are listed, too, as in the documentation's example.
    let safelisted = [Method::GET, Method::HEAD, Method::POST].into_iter();
    layer = layer.allow_methods(safelisted.chain(methods(policy.methods.list())?));
    layer = match &policy.request_headers {
        AllowList::Any | AllowList::Mirror => layer.allow_headers(["*"]),
        // An empty list means `Content-Type, Authorization`. No page can set `Host`, so that listing it allows nothing.
        AllowList::List(names) if names.is_empty() => layer.allow_headers(["Host"]),
        AllowList::List(names) => layer.allow_headers(names.iter().map(|name| name.as_str())),
    };
    layer = layer.allow_credentials(policy.credentials);
    Ok(match policy.max_age {
        Some(seconds) => layer.max_age(std::time::Duration::from_secs(seconds)),
        None => layer,
    })
}

impl HttpConfiguration for RustApiExtras {
    type Application = Application;

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin => Support::Yes("CorsLayer::allow_any_origin"),
            Capability::MirrorOrigin => Support::Yes("CorsLayer::allow_any_origin and CorsLayer::allow_credentials"),
            Capability::NoOrigin => Support::Yes("CorsLayer::new"),
            Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes("CorsLayer::allow_origins")
            }
            Capability::SubdomainPattern | Capability::PortPattern => {
                Support::No("CorsLayer::allow_origins takes only whole origins")
            }
            Capability::Credentials => Support::Yes("CorsLayer::allow_credentials"),
            Capability::AnyMethod => Support::No("CorsLayer::allow_methods documents no meaning of `*`"),
            Capability::MirrorMethod => Support::No("no option answers with the requested method"),
            Capability::ListedMethod => Support::Yes("CorsLayer::allow_methods"),
            Capability::AnyRequestHeader => {
                Support::No("allow_headers([\"*\"]) answers with the requested names, which allows more than `*`")
            }
            Capability::MirrorRequestHeader => Support::Yes("CorsLayer::allow_headers([\"*\"])"),
            Capability::ListedRequestHeader => Support::Yes("CorsLayer::allow_headers"),
            Capability::AnyExposedHeader | Capability::ListedExposedHeader => {
                Support::No("the middleware always exposes exactly Content-Length and Content-Type")
            }
            Capability::MaxAge => Support::Yes("CorsLayer::max_age"),
            Capability::PrivateNetwork => Support::No("there is no option for private networks"),
        }
    }

    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Application, NoServer> {
        Ok(application(policy.map(self.layer).transpose()?, handler))
    }
}

/// Builds the application. "Layers are executed in the order they are added (outermost first)."
fn application(cors: Option<CorsLayer>, handler: &HttpHandler) -> Application {
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
        // The router takes only GET, POST, PUT, PATCH and DELETE, so that a route for every method is a middleware.
        Route::Every => application.layer(Layer::Handler(handler.clone())),
        Route::GetOnly => application.route("/", get(respond.clone())).route("/*path", get(respond)),
        Route::Missing => application,
    };
    Application(application.request_dispatcher())
}

fn respond(handler: &HttpHandler) -> Result<Response, ApiError> {
    handler.respond().map_err(error)
}

/// Returns the framework's error with a status.
fn error(status: StatusCode) -> ApiError {
    ApiError::new(status, "scripted", "the handler fails, as scripted")
}

/// The middlewares around the one under test.
#[derive(Clone)]
enum Layer {
    /// Appends headers to every answer.
    Outer(HttpHandler),
    /// Returns the framework's error with this status.
    Failing(StatusCode),
    /// Sends every request to the handler.
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

/// The application, after all layers are added. In socket mode hyper serves it, because the framework's own server, which
/// is hyper's, too, does not report its port.
#[derive(Clone)]
struct Application(RequestDispatcher);

impl HttpApplication for Application {
    /// Does what the framework's server does with a request.
    async fn ask(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, NotRepresentable> {
        let (parts, body) = request.into_parts();
        let request = Request::new(parts, BodyVariant::Buffered(body), self.0.state_ref(), PathParams::new());
        let (parts, body) = self.0.dispatch(request).await.into_parts();
        let body = body.collect().await.map_err(not_representable)?;
        Ok(http::Response::from_parts(parts, with_fixed_error_id(body.to_bytes())))
    }
}

/// Replaces the random id in the body of a framework's error, so that two runs report the same.
fn with_fixed_error_id(body: Bytes) -> Bytes {
    const BEFORE: &str = "\"error_id\":\"err_";
    let Some((before, rest)) = std::str::from_utf8(&body).ok().and_then(|text| text.split_once(BEFORE)) else {
        return body;
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '-');
    format!("{before}{BEFORE}0{rest}").into()
}
