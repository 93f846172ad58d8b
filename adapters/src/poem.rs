//! [`poem::middleware::Cors`](https://docs.rs/poem/3.1.12/poem/middleware/struct.Cors.html) around a route of poem.

use bytes::Bytes;
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
    origin_set::OriginSet,
};
use cors_reference::{request::WireRequest, response::Response};
use futures_executor::block_on;
use poem::{
    Endpoint, EndpointExt, Error, Request, RequestBuilder, Response as PoemResponse, Route as PoemRoute,
    endpoint::{BoxEndpoint, make},
    get,
    http::{HeaderName, Method},
    middleware::Cors,
};
use url::Position;

#[cfg(feature = "socket")]
use crate::socket::Listening;

use crate::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    convert::{from_http_response, to_http_headers},
    handler::{Handler, Route},
    http_handler::HttpHandler,
    not_representable,
    ordered_headers::with_ordered_headers,
};

/// How origins are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    List,
    Glob,
    Predicate,
    Default,
}

/// A row: poem's middleware, configured in one way.
struct Poem {
    name: &'static str,
    configured: &'static str,
    way: Way,
    fixed: Option<&'static str>,
}

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Poem { name: "poem", configured: "Cors::allow_origins", way: Way::List, fixed: None },
    &Poem { name: "poem:glob", configured: "Cors::allow_origin_regex for every origin", way: Way::Glob, fixed: None },
    &Poem { name: "poem:fn", configured: "Cors::allow_origins_fn", way: Way::Predicate, fixed: None },
    // "The default is to allow any origin", "any method" and "any header".
    &Poem {
        name: "poem:default",
        configured: "Cors::new",
        way: Way::Default,
        fixed: Some(r#"{"origins": "mirror", "methods": "mirror", "request_headers": "mirror", "max_age": 86400}"#),
    },
];

impl Middleware for Poem {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "poem",
            version: "3.1.12",
            configured: self.configured,
            repository: "https://github.com/poem-web/poem",
            issues: "https://github.com/poem-web/poem/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if self.way != Way::List => {
                Support::No("this row is for lists")
            }
            Capability::AnyOrigin | Capability::MirrorOrigin => Support::Yes("Cors without allow_origin"),
            Capability::NoOrigin if self.way == Way::Predicate => Support::Yes("Cors::allow_origins_fn"),
            Capability::NoOrigin => Support::No("without an origin every origin is allowed"),
            Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => match self.way {
                Way::Glob => Support::Yes("Cors::allow_origin_regex"),
                Way::Predicate => Support::Yes("Cors::allow_origins_fn"),
                Way::List | Way::Default => Support::Yes("Cors::allow_origins"),
            },
            Capability::SubdomainPattern | Capability::PortPattern => match self.way {
                Way::Glob if capability == Capability::SubdomainPattern => Support::Yes("Cors::allow_origin_regex"),
                Way::Glob => Support::No("`*` in the place of a port does not stand for the default one"),
                Way::Predicate => Support::Yes("Cors::allow_origins_fn"),
                Way::List | Way::Default => Support::No("allow_origins compares whole origins"),
            },
            Capability::Credentials => Support::Yes("Cors::allow_credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => {
                Support::No("without a list nine standard methods are allowed, which is less than `*`")
            }
            Capability::ListedMethod => Support::Yes("Cors::allow_methods"),
            Capability::AnyRequestHeader => Support::No("without a list the names asked for are echoed"),
            Capability::MirrorRequestHeader => Support::Yes("Cors without allow_header"),
            Capability::ListedRequestHeader => Support::Yes("Cors::allow_headers"),
            Capability::AnyExposedHeader => Support::No("exposed headers are a list"),
            Capability::ListedExposedHeader => Support::Yes("Cors::expose_headers"),
            Capability::MaxAge => Support::Yes("Cors::max_age"),
            Capability::PrivateNetwork => Support::No("there is no such option"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let endpoint = self.endpoint(policy, &handler)?;
        Ok(Box::new(PoemServer { endpoint, handler }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let endpoint = std::sync::Arc::new(self.endpoint(policy, &handler)?);
        // hyper, as poem's server does.
        Ok(crate::http_server::serve(handler.counter(), move |request| {
            let endpoint = endpoint.clone();
            async move {
                let (parts, body) = request.into_parts();
                let Ok(body) = http_body_util::BodyExt::collect(body).await;
                let mut request = Request::builder().method(parts.method).uri(parts.uri).body(body.to_bytes());
                *request.headers_mut() = parts.headers;
                let (mut parts, body) = http::Response::from(endpoint.get_response(request).await).into_parts();
                let body = poem::Body::from(body).into_bytes().await.unwrap_or_else(|error| {
                    parts.status = http::StatusCode::INTERNAL_SERVER_ERROR;
                    Bytes::from(error.to_string())
                });
                Ok(http::Response::from_parts(parts, body))
            }
        })?)
    }
}

impl Poem {
    /// The endpoint that both modes serve: the middleware, or none for the control, between an inner and an outer one.
    fn endpoint(
        &self,
        policy: Option<&Policy>,
        handler: &HttpHandler,
    ) -> Result<BoxEndpoint<'static, PoemResponse>, NoServer> {
        let scripted = handler.clone();
        let respond = move || {
            let scripted = scripted.clone();
            make(move |_: Request| {
                let scripted = scripted.clone();
                async move {
                    let (parts, body) = scripted.respond::<Bytes>().map_err(Error::from_status)?.into_parts();
                    let mut response = PoemResponse::builder().status(parts.status).body(body);
                    *response.headers_mut() = parts.headers;
                    Ok::<_, Error>(response)
                }
            })
        };
        let mut endpoint: BoxEndpoint<'static, PoemResponse> = match handler.route() {
            // A server of poem's runs any endpoint, with a route or without.
            Route::Every => respond().boxed(),
            Route::GetOnly => PoemRoute::new().at("/", get(respond())).at("/*path", get(respond())).boxed(),
            Route::Missing => PoemRoute::new().boxed(),
        };
        if let Some(status) = handler.inner_failure() {
            endpoint = endpoint
                .before(move |_: Request| async move { Err::<Request, Error>(Error::from_status(status)) })
                .boxed();
        }
        if let Some(policy) = policy {
            endpoint = endpoint.with(self.cors(policy)?).boxed();
        }
        if handler.has_outer_headers() {
            let outer = handler.clone();
            endpoint = endpoint
                .after(move |result: poem::Result<PoemResponse>| {
                    let outer = outer.clone();
                    async move {
                        let mut response = result.unwrap_or_else(Error::into_response);
                        outer.append_outer_headers(response.headers_mut());
                        Ok::<_, Error>(response)
                    }
                })
                .boxed();
        }
        Ok(endpoint)
    }

    /// The configuration that says the policy.
    fn cors(&self, policy: &Policy) -> Result<Cors, NoServer> {
        let mut cors = Cors::new();
        if self.way == Way::Default {
            return Ok(cors);
        }
        if let AllowList::List(origins) = &policy.origins {
            cors = match self.way {
                Way::Glob => origins.iter().fold(cors, |cors, origin| cors.allow_origin_regex(origin.as_str())),
                Way::Predicate => {
                    let set = OriginSet::new(origins);
                    cors.allow_origins_fn(move |origin| set.contains(origin.as_bytes()))
                }
                Way::List | Way::Default => cors.allow_origins(origins.iter().map(|origin| origin.as_str())),
            };
        }
        let methods = policy.methods.list().iter().map(|method| Method::from_bytes(method.as_str().as_bytes()));
        // Without a list nine methods are allowed; the request's method is looked for in it whatever it is.
        cors = cors
            .allow_methods([Method::GET, Method::HEAD, Method::POST])
            .allow_methods(methods.collect::<Result<Vec<_>, _>>().map_err(not_representable)?);
        let names = |names: &[cors_reference::header::HeaderName]| {
            let names = names.iter().map(|name| name.as_str().parse::<HeaderName>());
            names.collect::<Result<Vec<_>, _>>().map_err(not_representable)
        };
        if let AllowList::List(listed) = &policy.request_headers {
            cors = cors.allow_headers(names(listed)?);
            if listed.is_empty() {
                // "The default is to allow any header": one that no page can set makes it a list.
                cors = cors.allow_header("host");
            }
        }
        cors = cors.expose_headers(names(policy.exposed_headers.list())?).allow_credentials(policy.credentials);
        if let Some(seconds) = policy.max_age {
            let why =
                |_| NoServer::Unsupported(format!("Cors::max_age takes an i32, which {seconds} seconds are beyond"));
            cors = cors.max_age(i32::try_from(seconds).map_err(why)?);
        }
        Ok(cors)
    }
}

struct PoemServer {
    endpoint: BoxEndpoint<'static, PoemResponse>,
    handler: HttpHandler,
}

impl Server for PoemServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        let method = Method::from_bytes(request.method.as_bytes()).map_err(not_representable)?;
        let target = &request.url[Position::BeforePath..Position::AfterQuery];
        let target: poem::http::Uri = target.parse().map_err(not_representable)?;
        let built: RequestBuilder = Request::builder().method(method).uri(target);
        let mut built = built.body(request.body.clone().unwrap_or_default());
        *built.headers_mut() = to_http_headers(&request.headers)?;
        if !built.headers().contains_key("host") {
            let host = &request.url[Position::BeforeHost..Position::AfterPort];
            built.headers_mut().insert("host", host.parse().map_err(not_representable)?);
        }
        let response = block_on(async {
            let (parts, body) = http::Response::from(self.endpoint.get_response(built).await).into_parts();
            let body = poem::Body::from(body).into_bytes().await.map_err(not_representable)?;
            Ok::<_, NotRepresentable>(http::Response::from_parts(parts, body))
        })?;
        // The lists stand in hash sets.
        Ok(with_ordered_headers(from_http_response(response)?))
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
