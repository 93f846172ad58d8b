//! [`rama_http::layer::cors::CorsLayer`](https://docs.rs/rama-http/0.3.0-alpha.4/rama_http/layer/cors/struct.CorsLayer.html)
//! around a router of rama-http.

use std::{convert::Infallible, fmt::Display};

use bytes::Bytes;
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
    origin_set::OriginSet,
};
use cors_reference::{request::WireRequest, response};
use futures_executor::block_on;
use http::{HeaderValue, StatusCode};
use http_body_util::BodyExt;
use rama_core::{
    Layer, Service,
    layer::MapOutputLayer,
    service::{BoxService, service_fn},
};
use rama_http::{
    Body, Request, Response,
    headers::{
        AccessControlAllowHeaders, AccessControlAllowMethods, AccessControlExposeHeaders, AccessControlMaxAge,
        HeaderDecode,
    },
    layer::cors::CorsLayer,
    service::web::{Router, response::IntoResponse},
};

#[cfg(feature = "socket")]
use {crate::socket::Listening, http_body_util::Full, std::sync::Arc};

use crate::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    convert::{from_http_response, to_http_request},
    handler::{Handler, Route},
    http_handler::HttpHandler,
};

/// A row: the middleware, configured in one way.
struct RamaHttp {
    name: &'static str,
    configured: &'static str,
    /// For a preset: the policy that its documentation tells, as JSON.
    fixed: Option<&'static str>,
    layer: fn(&Policy) -> Result<CorsLayer, NoServer>,
}

/// Every row. What the presets are documented to be is cited where tower-http's are, whose sentences they have.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &RamaHttp {
        name: "rama-http",
        configured: "CorsLayer::with_allow_origin_if, and with_allow_origin_if_null for `null` alone",
        fixed: None,
        layer,
    },
    // "No headers are sent by default."
    &RamaHttp {
        name: "rama-http:default",
        configured: "CorsLayer::new",
        fixed: Some("{}"),
        layer: |_| Ok(CorsLayer::new()),
    },
    &RamaHttp {
        name: "rama-http:permissive",
        configured: "CorsLayer::permissive",
        fixed: Some(r#"{"origins": "any", "methods": "any", "request_headers": "any", "exposed_headers": "any"}"#),
        layer: |_| Ok(CorsLayer::permissive()),
    },
    &RamaHttp {
        name: "rama-http:very-permissive",
        configured: "CorsLayer::very_permissive",
        fixed: Some(r#"{"origins": "mirror", "credentials": true, "methods": "mirror", "request_headers": "mirror"}"#),
        layer: |_| Ok(CorsLayer::very_permissive()),
    },
];

/// The configuration that says the policy.
fn layer(policy: &Policy) -> Result<CorsLayer, NoServer> {
    let mut layer = CorsLayer::new();
    layer = match &policy.origins {
        AllowList::Any => layer.try_with_allow_origin_any().map_err(rejected)?,
        AllowList::Mirror => layer.with_allow_origin_if(|_, _| true),
        AllowList::List(patterns) => match patterns.as_slice() {
            // "You need to set at least an allowed origin."
            [] => layer,
            [pattern] if pattern.as_str() == "null" => layer.with_allow_origin_if_null(),
            several => {
                let set = OriginSet::new(several);
                layer.with_allow_origin_if(move |origin, _| set.contains(origin.as_bytes()))
            }
        },
    };
    let methods = match &policy.methods {
        AllowList::Any | AllowList::Mirror => Some(AccessControlAllowMethods::new_any()),
        AllowList::List(methods) => listed(methods.iter().map(|method| method.as_str()))?,
    };
    if let Some(methods) = methods {
        layer = layer.try_with_allow_methods(methods).map_err(rejected)?;
    }
    let headers = match &policy.request_headers {
        AllowList::Any | AllowList::Mirror => Some(AccessControlAllowHeaders::new_any()),
        AllowList::List(names) => listed(names.iter().map(|name| name.as_str()))?,
    };
    if let Some(headers) = headers {
        layer = layer.try_with_allow_headers(headers).map_err(rejected)?;
    }
    let exposed = match &policy.exposed_headers {
        AllowList::Any | AllowList::Mirror => Some(AccessControlExposeHeaders::new_any()),
        AllowList::List(names) => listed(names.iter().map(|name| name.as_str()))?,
    };
    if let Some(exposed) = exposed {
        layer = layer.try_with_expose_headers(exposed).map_err(rejected)?;
    }
    if let Some(seconds) = policy.max_age {
        layer = layer.with_max_age(AccessControlMaxAge::from_seconds(seconds));
    }
    if policy.private_network {
        layer = layer.with_allow_private_network();
    }
    if policy.credentials {
        layer = layer.try_with_allow_credentials().map_err(rejected)?;
    }
    Ok(layer)
}

/// The framework's own type for a list; nothing for an empty one, which these types cannot be.
fn listed<'a, T: HeaderDecode>(items: impl Iterator<Item = &'a str>) -> Result<Option<T>, NoServer> {
    let text = items.collect::<Vec<_>>().join(", ");
    if text.is_empty() {
        return Ok(None);
    }
    let value = HeaderValue::from_str(&text).map_err(rejected)?;
    T::decode(&mut std::iter::once(&value)).map(Some).map_err(rejected)
}

fn rejected(error: impl Display) -> NoServer {
    NoServer::Rejected(error.to_string())
}

impl Middleware for RamaHttp {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "rama-http",
            version: "0.3.0-alpha.4",
            configured: self.configured,
            repository: "https://github.com/plabayo/rama",
            issues: "https://github.com/plabayo/rama/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin => Support::Yes("CorsLayer::try_with_allow_origin_any"),
            Capability::NoOrigin => Support::Yes("CorsLayer::new"),
            Capability::NullOrigin => Support::Yes("CorsLayer::with_allow_origin_if_null"),
            Capability::MirrorOrigin
            | Capability::ListedOrigin
            | Capability::SeveralOrigins
            | Capability::SubdomainPattern
            | Capability::PortPattern => Support::Yes("CorsLayer::with_allow_origin_if"),
            Capability::Credentials => Support::Yes("CorsLayer::try_with_allow_credentials"),
            Capability::AnyMethod => Support::Yes("AccessControlAllowMethods::new_any"),
            Capability::MirrorMethod | Capability::MirrorRequestHeader => {
                Support::No("by the preset very_permissive alone")
            }
            Capability::ListedMethod => Support::Yes("AccessControlAllowMethods::new_values"),
            Capability::AnyRequestHeader => Support::Yes("AccessControlAllowHeaders::new_any"),
            Capability::ListedRequestHeader => Support::Yes("AccessControlAllowHeaders::new_values"),
            Capability::AnyExposedHeader => Support::Yes("AccessControlExposeHeaders::new_any"),
            Capability::ListedExposedHeader => Support::Yes("AccessControlExposeHeaders::new_values"),
            Capability::MaxAge => Support::Yes("CorsLayer::with_max_age"),
            Capability::PrivateNetwork => Support::Yes("CorsLayer::with_allow_private_network"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let application = application(policy.map(self.layer).transpose()?, &handler);
        Ok(Box::new(RamaServer { application, handler }))
    }

    /// Served by hyper, since the framework's own server is another crate.
    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let application = Arc::new(application(policy.map(self.layer).transpose()?, &handler));
        let answer = move |request: http::Request<Full<Bytes>>| {
            let application = application.clone();
            async move {
                let (parts, body) = request.into_parts();
                let Ok(body) = body.collect().await;
                ask(&application, http::Request::from_parts(parts, body.to_bytes())).await
            }
        };
        Ok(crate::http_server::serve(handler.counter(), answer)?)
    }
}

type Application = BoxService<Request, Response, Infallible>;

/// The application that both modes serve.
fn application(cors: Option<CorsLayer>, handler: &HttpHandler) -> Application {
    let scripted = handler.clone();
    let respond = move || {
        let scripted = scripted.clone();
        async move { respond(&scripted) }
    };
    let router = match handler.route() {
        Route::Every => Router::new().with_not_found(respond),
        Route::GetOnly => Router::new().with_get("/", respond.clone()).with_get("/{*path}", respond),
        Route::Missing => Router::new(),
    };
    let mut application = match handler.inner_failure() {
        Some(status) => {
            service_fn(move |_: Request| async move { Ok::<_, Infallible>(status.into_response()) }).boxed()
        }
        None => router.boxed(),
    };
    if let Some(cors) = cors {
        application = cors.into_layer(application).boxed();
    }
    if handler.has_outer_headers() {
        let handler = handler.clone();
        let outer = MapOutputLayer::new(move |mut response: Response| {
            handler.append_outer_headers(response.headers_mut());
            response
        });
        application = outer.into_layer(application).boxed();
    }
    application
}

/// A handler's error is whatever can be made a response, such as a status.
fn respond(handler: &HttpHandler) -> Result<Response, StatusCode> {
    let (parts, body) = handler.respond::<Bytes>()?.into_parts();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = parts.status;
    *response.headers_mut() = parts.headers;
    Ok(response)
}

/// Asks the application; the framework has message types of its own, with the `http` crate's headers in them.
async fn ask(
    application: &Application,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, NotRepresentable> {
    let (parts, body) = request.into_parts();
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = parts.method;
    *request.uri_mut() = parts.uri;
    *request.headers_mut() = parts.headers;
    let Ok(response) = application.serve(request).await;
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(|error| NotRepresentable(error.to_string()))?;
    let mut response = http::Response::new(body.to_bytes());
    *response.status_mut() = parts.status;
    *response.headers_mut() = parts.headers;
    Ok(response)
}

struct RamaServer {
    application: Application,
    handler: HttpHandler,
}

impl Server for RamaServer {
    fn answer(&mut self, request: &WireRequest) -> Result<response::Response, Failure> {
        let request = to_http_request::<Bytes>(request)?;
        Ok(from_http_response(block_on(ask(&self.application, request))?)?)
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
