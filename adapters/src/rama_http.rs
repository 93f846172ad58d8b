//! [`rama_http::layer::cors::CorsLayer`](https://docs.rs/rama-http/0.3.0-alpha.4/rama_http/layer/cors/struct.CorsLayer.html)
//! around a router of rama-http.

use std::{convert::Infallible, fmt::Display, sync::Arc};

use bytes::Bytes;
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
    origin_set::OriginSet,
};
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

use crate::{
    fixed_policy::fixed_policies,
    handler::Route,
    http_application::{HttpApplication, HttpConfiguration},
    http_handler::HttpHandler,
    middleware::{Description, Middleware, NoServer},
    row::Row,
    server::{NotRepresentable, not_representable},
};

/// A way to configure the middleware.
struct RamaHttp {
    layer: fn(&Policy) -> Result<CorsLayer, NoServer>,
}

const MAIN: Description<'static> = Description {
    name: "rama-http",
    package: "rama-http",
    version: "0.3.0-alpha.4",
    configured: "CorsLayer::with_allow_origin_if, and with_allow_origin_if_null if `null` is the only origin",
    repository: "https://github.com/plabayo/rama",
    issues: "https://github.com/plabayo/rama/issues",
};

// The documentation of the presets has the same sentences as tower-http's, which `tower_http/presets.rs` cites.
fixed_policies! {
    /// "No headers are sent by default."
    DEFAULT = "{}";
    PERMISSIVE = r#"{"origins": "any", "methods": "any", "request_headers": "any", "exposed_headers": "any"}"#;
    VERY_PERMISSIVE =
        r#"{"origins": "mirror", "credentials": true, "methods": "mirror", "request_headers": "mirror"}"#;
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Row { description: MAIN, fixed: None, configuration: RamaHttp { layer } },
    &Row {
        description: MAIN.variant("rama-http:default", "CorsLayer::new"),
        fixed: Some(DEFAULT),
        configuration: RamaHttp { layer: |_| Ok(CorsLayer::new()) },
    },
    &Row {
        description: MAIN.variant("rama-http:permissive", "CorsLayer::permissive"),
        fixed: Some(PERMISSIVE),
        configuration: RamaHttp { layer: |_| Ok(CorsLayer::permissive()) },
    },
    &Row {
        description: MAIN.variant("rama-http:very-permissive", "CorsLayer::very_permissive"),
        fixed: Some(VERY_PERMISSIVE),
        configuration: RamaHttp { layer: |_| Ok(CorsLayer::very_permissive()) },
    },
];

/// Returns the configuration for a policy.
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

/// Returns a list in the framework's own type, or `None` for an empty list, which that type cannot hold.
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

impl HttpConfiguration for RamaHttp {
    type Application = Application;

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
                Support::No("only the preset very_permissive echoes what is requested")
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

    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Application, NoServer> {
        Ok(application(policy.map(self.layer).transpose()?, handler))
    }
}

/// Builds the application.
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
    Application(Arc::new(application))
}

/// Calls the handler. Its error can be any type that converts to a response, such as a status.
fn respond(handler: &HttpHandler) -> Result<Response, StatusCode> {
    let (parts, body) = handler.respond::<Bytes>()?.into_parts();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = parts.status;
    *response.headers_mut() = parts.headers;
    Ok(response)
}

/// The router with its layers. In socket mode hyper serves it, because the framework's own server is another crate.
#[derive(Clone)]
struct Application(Arc<BoxService<Request, Response, Infallible>>);

impl HttpApplication for Application {
    /// Converts to and from the framework's own message types, which hold the `http` crate's headers.
    async fn ask(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, NotRepresentable> {
        let (parts, body) = request.into_parts();
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = parts.method;
        *request.uri_mut() = parts.uri;
        *request.headers_mut() = parts.headers;
        let Ok(response) = self.0.serve(request).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(not_representable)?;
        let mut response = http::Response::new(body.to_bytes());
        *response.status_mut() = parts.status;
        *response.headers_mut() = parts.headers;
        Ok(response)
    }
}
