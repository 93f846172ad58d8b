//! [`tower_http::cors::CorsLayer`](https://docs.rs/tower-http/0.7.1/tower_http/cors/struct.CorsLayer.html).

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use cors_reference::{
    origin_set::{OriginPattern, OriginSet},
    policy::{Policy, Wish},
    request::WireRequest,
    response::Response,
};
use futures_executor::block_on;
use http::{HeaderName, HeaderValue, Method};
use http_body_util::{BodyExt, Full};
use tower::{Layer, Service, ServiceExt, service_fn, util::BoxCloneService};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, Any, CorsLayer, ExposeHeaders};

#[cfg(feature = "socket")]
use crate::socket::Listen;
use crate::{
    Build, Description, Middleware, NotRepresentable, Server,
    convert::{from_http_response, to_http_request, to_http_response},
    handler::{Handler, ScriptedHandler},
};

/// tower-http's `CorsLayer` around a service.
pub struct TowerHttp;

type Body = Full<Bytes>;
type TowerService = BoxCloneService<http::Request<Body>, http::Response<Body>, Infallible>;

impl Middleware for TowerHttp {
    fn describe(&self) -> Description {
        Description { name: "tower-http", version: "0.7.1" }
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Build {
        let handler = ScriptedHandler::new(handler);
        match service(policy, handler.clone()) {
            Ok(service) => Build::Ready(Box::new(TowerServer { service, handler })),
            Err(unsupported) => Build::Unsupported(unsupported),
        }
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Listen {
        let handler = ScriptedHandler::new(handler);
        match service(policy, handler.clone()) {
            Ok(service) => crate::http_server::serve(handler, move |request| {
                let answer = service.clone().oneshot(request);
                async move {
                    let Ok(response) = answer.await;
                    response
                }
            })
            .into(),
            Err(unsupported) => Listen::Unsupported(unsupported),
        }
    }
}

/// The service that both modes serve, or what the layer cannot say.
fn service(policy: Option<&Policy>, handler: ScriptedHandler) -> Result<TowerService, String> {
    let application = service_fn(move |_: http::Request<Body>| {
        let response = to_http_response(handler.respond());
        async move { Ok::<_, Infallible>(response.unwrap_or_default()) }
    });
    Ok(match policy {
        None => BoxCloneService::new(application),
        Some(policy) => BoxCloneService::new(layer(policy)?.layer(application)),
    })
}

/// The layer that says the policy.
fn layer(policy: &Policy) -> Result<CorsLayer, String> {
    let mut layer = CorsLayer::new()
        .allow_origin(allow_origin(&policy.origins)?)
        .allow_credentials(policy.credentials)
        .allow_methods(match &policy.methods {
            Wish::Any => AllowMethods::any(),
            Wish::Mirror => AllowMethods::mirror_request(),
            Wish::List(methods) => AllowMethods::list(each(methods, |m| Method::from_bytes(m.as_str().as_bytes()))?),
        })
        .allow_headers(match &policy.request_headers {
            Wish::Any => AllowHeaders::any(),
            Wish::Mirror => AllowHeaders::mirror_request(),
            Wish::List(names) => AllowHeaders::list(each(names, |name| name.as_str().parse::<HeaderName>())?),
        })
        .expose_headers(match &policy.exposed_headers {
            Wish::List(names) => ExposeHeaders::list(each(names, |name| name.as_str().parse::<HeaderName>())?),
            Wish::Any | Wish::Mirror => ExposeHeaders::from(Any),
        });
    if let Some(seconds) = policy.max_age {
        layer = layer.max_age(Duration::from_secs(seconds));
    }
    // Off unless asked for; its answer is then given on every preflight that asks.
    if policy.private_network {
        layer = layer.allow_private_network(true);
    }
    Ok(layer)
}

/// `AllowOrigin::list` takes exact origins; its documentation gives `predicate` for anything else.
fn allow_origin(origins: &Wish<OriginPattern>) -> Result<AllowOrigin, String> {
    Ok(match origins {
        Wish::Any => AllowOrigin::any(),
        Wish::Mirror => AllowOrigin::mirror_request(),
        Wish::List(patterns) if patterns.iter().all(OriginPattern::is_exact) => {
            AllowOrigin::list(each(patterns, |pattern| HeaderValue::from_str(pattern.as_str()))?)
        }
        Wish::List(patterns) => {
            let set = OriginSet::new(patterns);
            AllowOrigin::predicate(move |origin: &HeaderValue, _: &http::request::Parts| {
                set.contains(origin.as_bytes())
            })
        }
    })
}

fn each<T, U, E: ToString>(items: &[T], into: impl Fn(&T) -> Result<U, E>) -> Result<Vec<U>, String> {
    items.iter().map(into).collect::<Result<_, E>>().map_err(|error| error.to_string())
}

struct TowerServer {
    service: TowerService,
    handler: ScriptedHandler,
}

impl Server for TowerServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, NotRepresentable> {
        let request = to_http_request(request)?;
        let response = block_on(async {
            let Ok(service) = self.service.ready().await;
            let Ok(response) = service.call(request).await;
            let (parts, body) = response.into_parts();
            let Ok(body) = body.collect().await;
            http::Response::from_parts(parts, body.to_bytes())
        });
        from_http_response(response)
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
