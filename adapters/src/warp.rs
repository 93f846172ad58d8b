//! [`warp::cors`](https://docs.rs/warp/0.4.3/warp/filters/cors/index.html) around filters of warp.

use std::time::Duration;

use bytes::Bytes;
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
};
use cors_reference::response::Response;
use http::{Method, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::Service;
use warp::{
    Filter, Rejection, Reply,
    filters::{BoxedFilter, cors::Builder},
    reject::Reject,
    reply::Response as WarpResponse,
};

use crate::{
    convert::{header_names, methods},
    fixed_policy::fixed_policies,
    handler::Route,
    http_application::{HttpApplication, HttpConfiguration},
    http_handler::HttpHandler,
    middleware::{Description, Middleware, NoServer},
    ordered_headers::with_ordered_headers,
    row::Row,
    server::{NotRepresentable, not_representable},
};

/// A way to configure warp's filter.
struct Warp {
    cors: fn(&Policy) -> Result<Builder, NoServer>,
}

const MAIN: Description<'static> = Description {
    name: "warp",
    package: "warp",
    version: "0.4.3",
    configured: "Builder::allow_origins, or Builder::allow_any_origin",
    repository: "https://github.com/seanmonstar/warp",
    issues: "https://github.com/seanmonstar/warp/issues",
};

fixed_policies! {
    /// The documentation does not state what it allows. The source allows every origin, and no method or header.
    DEFAULT = r#"{"origins": "mirror"}"#;
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Row { description: MAIN, fixed: None, configuration: Warp { cors } },
    &Row {
        description: MAIN.variant("warp:default", "warp::cors"),
        fixed: Some(DEFAULT),
        configuration: Warp { cors: |_| Ok(warp::cors()) },
    },
];

impl HttpConfiguration for Warp {
    type Application = Application;

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin => Support::Yes("Builder::allow_any_origin"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins => {
                Support::Yes("Builder::allow_origins")
            }
            Capability::NullOrigin => Support::No("allow_origin panics if an origin has no scheme"),
            Capability::SubdomainPattern | Capability::PortPattern => {
                Support::No("Builder::allow_origins takes only whole origins")
            }
            Capability::Credentials => Support::Yes("Builder::allow_credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => Support::No("Builder::allow_methods takes only a list"),
            Capability::ListedMethod => Support::Yes("Builder::allow_methods"),
            Capability::AnyRequestHeader | Capability::MirrorRequestHeader => {
                Support::No("Builder::allow_headers takes only a list")
            }
            Capability::ListedRequestHeader => Support::Yes("Builder::allow_headers"),
            Capability::AnyExposedHeader => Support::No("Builder::expose_headers takes only a list"),
            Capability::ListedExposedHeader => Support::Yes("Builder::expose_headers"),
            Capability::MaxAge => Support::Yes("Builder::max_age"),
            Capability::PrivateNetwork => Support::No("there is no option for private networks"),
        }
    }

    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Application, NoServer> {
        Ok(Application(filter(policy.map(self.cors).transpose()?, handler)))
    }
}

/// Returns the configuration for a policy.
fn cors(policy: &Policy) -> Result<Builder, NoServer> {
    let mut cors = warp::cors()
        .allow_credentials(policy.credentials)
        // The middleware looks for every method in the list, safelisted ones included.
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_methods(methods(policy.methods.list())?)
        .allow_headers(header_names(policy.request_headers.list())?)
        .expose_headers(header_names(policy.exposed_headers.list())?);
    cors = match &policy.origins {
        AllowList::Any | AllowList::Mirror => cors.allow_any_origin(),
        AllowList::List(origins) => cors.allow_origins(origins.iter().map(|origin| origin.as_str())),
    };
    Ok(match policy.max_age {
        Some(seconds) => cors.max_age(Duration::from_secs(seconds)),
        None => cors,
    })
}

/// The framework's error: a rejection, which its `recover` gives a status.
#[derive(Debug)]
struct Failed(StatusCode);

impl Reject for Failed {}

/// Builds the filter. If the handler fails, `recover` is around it, as in warp's example of rejections.
fn filter(cors: Option<Builder>, handler: &HttpHandler) -> BoxedFilter<(WarpResponse,)> {
    let scripted = handler.clone();
    let respond = warp::any().and_then(move || {
        let scripted = scripted.clone();
        async move { scripted.respond().map_err(|status| warp::reject::custom(Failed(status))) }
    });
    let mut routes: BoxedFilter<(WarpResponse,)> = match handler.route() {
        Route::Every => respond.boxed(),
        Route::GetOnly => warp::get().and(respond).boxed(),
        Route::Missing => {
            warp::any().and_then(|| async { Err::<WarpResponse, Rejection>(warp::reject::not_found()) }).boxed()
        }
    };
    if let Some(status) = handler.inner_failure() {
        let refuse = move || async move { Err::<(), Rejection>(warp::reject::custom(Failed(status))) };
        routes = warp::any().and_then(refuse).untuple_one().and(routes).boxed();
    }
    if let Some(cors) = cors {
        routes = routes.with(cors).map(Reply::into_response).boxed();
    }
    if handler.fails() {
        let recover = |rejection: Rejection| async move {
            match rejection.find::<Failed>() {
                Some(Failed(status)) => Ok(status.into_response()),
                None => Err(rejection),
            }
        };
        routes = routes.recover(recover).map(Reply::into_response).boxed();
    }
    if handler.has_outer_headers() {
        let outer = handler.clone();
        let append = move |mut response: WarpResponse| {
            outer.append_outer_headers(response.headers_mut());
            response
        };
        routes = routes.map(append).boxed();
    }
    routes
}

/// The filter.
#[derive(Clone)]
struct Application(BoxedFilter<(WarpResponse,)>);

impl HttpApplication for Application {
    /// Does what `warp::serve` does with a request.
    async fn ask(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, NotRepresentable> {
        let answer = warp::service(self.0.clone()).call(request.map(Full::new));
        let Ok(response) = answer.await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(not_representable)?;
        Ok(http::Response::from_parts(parts, body.to_bytes()))
    }

    /// The middleware keeps its lists in hash sets.
    fn without_socket(response: Response) -> Response {
        with_ordered_headers(response)
    }
}
