//! [`warp::cors`](https://docs.rs/warp/0.4.3/warp/filters/cors/index.html) around filters of warp.

use std::time::Duration;

use bytes::Bytes;
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
};
use cors_reference::{request::WireRequest, response::Response};
use futures_executor::block_on;
use http::{HeaderName, Method, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::Service;
use warp::{
    Filter, Rejection, Reply,
    filters::{BoxedFilter, cors::Builder},
    reject::Reject,
    reply::Response as WarpResponse,
};

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

/// A row: warp's filter, configured in one way.
struct Warp {
    name: &'static str,
    configured: &'static str,
    fixed: Option<&'static str>,
}

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Warp { name: "warp", configured: "Builder::allow_origins, or Builder::allow_any_origin", fixed: None },
    // No sentence of the documentation says what it allows; by its source it is any origin, and no method or header.
    &Warp { name: "warp:default", configured: "warp::cors", fixed: Some(r#"{"origins": "mirror"}"#) },
];

impl Middleware for Warp {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "warp",
            version: "0.4.3",
            configured: self.configured,
            repository: "https://github.com/seanmonstar/warp",
            issues: "https://github.com/seanmonstar/warp/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin => Support::Yes("Builder::allow_any_origin"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins => {
                Support::Yes("Builder::allow_origins")
            }
            Capability::NullOrigin => Support::No("allow_origin panics at an origin without a scheme"),
            Capability::SubdomainPattern | Capability::PortPattern => Support::No("origins are a list"),
            Capability::Credentials => Support::Yes("Builder::allow_credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => Support::No("methods are a list"),
            Capability::ListedMethod => Support::Yes("Builder::allow_methods"),
            Capability::AnyRequestHeader | Capability::MirrorRequestHeader => Support::No("headers are a list"),
            Capability::ListedRequestHeader => Support::Yes("Builder::allow_headers"),
            Capability::AnyExposedHeader => Support::No("exposed headers are a list"),
            Capability::ListedExposedHeader => Support::Yes("Builder::expose_headers"),
            Capability::MaxAge => Support::Yes("Builder::max_age"),
            Capability::PrivateNetwork => Support::No("there is no such option"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let mut service = warp::service(self.application(policy, &handler)?);
        let call = move |request| {
            let answer = service.call(request);
            block_on(async {
                let Ok(response) = answer.await;
                let (parts, body) = response.into_parts();
                let body = body.collect().await.map_err(not_representable)?;
                Ok(http::Response::from_parts(parts, body.to_bytes()))
            })
        };
        Ok(Box::new(WarpServer { call: Box::new(call), handler }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let service = warp::service(self.application(policy, &handler)?);
        // hyper, as `warp::serve` does.
        Ok(crate::http_server::serve(handler.counter(), move |request| {
            let answer = service.clone().call(request);
            async move {
                let Ok(response) = answer.await;
                let (parts, body) = response.into_parts();
                let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
                Ok(http::Response::from_parts(parts, body))
            }
        })?)
    }
}

impl Warp {
    fn application(
        &self,
        policy: Option<&Policy>,
        handler: &HttpHandler,
    ) -> Result<BoxedFilter<(WarpResponse,)>, NoServer> {
        let cors = match policy {
            None => None,
            Some(_) if self.fixed.is_some() => Some(warp::cors()),
            Some(policy) => Some(cors(policy)?),
        };
        Ok(application(cors, handler))
    }
}

/// The configuration that says the policy.
fn cors(policy: &Policy) -> Result<Builder, NotRepresentable> {
    let names = |names: &[cors_reference::header::HeaderName]| {
        let names = names.iter().map(|name| name.as_str().parse::<HeaderName>());
        names.collect::<Result<Vec<_>, _>>().map_err(not_representable)
    };
    let methods = policy.methods.list().iter().map(|method| Method::from_bytes(method.as_str().as_bytes()));
    let methods = methods.collect::<Result<Vec<_>, _>>().map_err(not_representable)?;
    let mut cors = warp::cors()
        .allow_credentials(policy.credentials)
        // The request's method is looked for in the list whatever it is.
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_methods(methods)
        .allow_headers(names(policy.request_headers.list())?)
        .expose_headers(names(policy.exposed_headers.list())?);
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

/// The filter that both modes serve: `recover` is around what fails, as in warp's own example of rejections.
fn application(cors: Option<Builder>, handler: &HttpHandler) -> BoxedFilter<(WarpResponse,)> {
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

type Call = Box<dyn FnMut(http::Request<Full<Bytes>>) -> Result<http::Response<Bytes>, NotRepresentable>>;

struct WarpServer {
    call: Call,
    handler: HttpHandler,
}

impl Server for WarpServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        let response = (self.call)(to_http_request(request)?)?;
        // The lists stand in hash sets.
        Ok(with_ordered_headers(from_http_response(response)?))
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
