//! [`poem::middleware::Cors`](https://docs.rs/poem/3.1.12/poem/middleware/struct.Cors.html) around a route of poem.

use std::sync::Arc;

use bytes::Bytes;
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
    origin_set::OriginSet,
};
use cors_reference::response::Response;
use poem::{
    Endpoint, EndpointExt, Error, Request, Response as PoemResponse, Route as PoemRoute,
    endpoint::{BoxEndpoint, make},
    get,
    http::Method,
    middleware::Cors,
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

/// A way to configure poem's middleware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Poem {
    /// `Cors::allow_origins` for lists of origins.
    List,
    /// `Cors::allow_origin_regex` for lists of origins.
    Glob,
    /// `Cors::allow_origins_fn` for lists of origins.
    Predicate,
    Default,
}

const MAIN: Description<'static> = Description {
    name: "poem",
    package: "poem",
    version: "3.1.12",
    configured: "Cors::allow_origins",
    repository: "https://github.com/poem-web/poem",
    issues: "https://github.com/poem-web/poem/issues",
};

fixed_policies! {
    /// "The default is to allow any origin", "any method" and "any header".
    DEFAULT = r#"{"origins": "mirror", "methods": "mirror", "request_headers": "mirror", "max_age": 86400}"#;
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Row { description: MAIN, fixed: None, configuration: Poem::List },
    &Row {
        description: MAIN.variant("poem:glob", "Cors::allow_origin_regex for every origin"),
        fixed: None,
        configuration: Poem::Glob,
    },
    &Row {
        description: MAIN.variant("poem:fn", "Cors::allow_origins_fn"),
        fixed: None,
        configuration: Poem::Predicate,
    },
    &Row { description: MAIN.variant("poem:default", "Cors::new"), fixed: Some(DEFAULT), configuration: Poem::Default },
];

impl HttpConfiguration for Poem {
    type Application = Application;

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if *self != Self::List => {
                Support::No("this configuration takes only lists of origins")
            }
            Capability::AnyOrigin | Capability::MirrorOrigin => Support::Yes("Cors without allow_origin"),
            Capability::NoOrigin if *self == Self::Predicate => Support::Yes("Cors::allow_origins_fn"),
            Capability::NoOrigin => Support::No("an empty list of origins allows every origin"),
            Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => match self {
                Self::Glob => Support::Yes("Cors::allow_origin_regex"),
                Self::Predicate => Support::Yes("Cors::allow_origins_fn"),
                Self::List | Self::Default => Support::Yes("Cors::allow_origins"),
            },
            Capability::SubdomainPattern | Capability::PortPattern => match self {
                Self::Glob if capability == Capability::SubdomainPattern => Support::Yes("Cors::allow_origin_regex"),
                Self::Glob => Support::No("`*` instead of a port does not match the default port"),
                Self::Predicate => Support::Yes("Cors::allow_origins_fn"),
                Self::List | Self::Default => Support::No("Cors::allow_origins takes only whole origins"),
            },
            Capability::Credentials => Support::Yes("Cors::allow_credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => {
                Support::No("without a list the middleware allows nine methods, fewer than `*`")
            }
            Capability::ListedMethod => Support::Yes("Cors::allow_methods"),
            Capability::AnyRequestHeader => Support::No("without a list the middleware echoes the requested names"),
            Capability::MirrorRequestHeader => Support::Yes("Cors without allow_header"),
            Capability::ListedRequestHeader => Support::Yes("Cors::allow_headers"),
            Capability::AnyExposedHeader => Support::No("Cors::expose_headers takes only a list"),
            Capability::ListedExposedHeader => Support::Yes("Cors::expose_headers"),
            Capability::MaxAge => Support::Yes("Cors::max_age"),
            Capability::PrivateNetwork => Support::No("there is no option for private networks"),
        }
    }

    /// Builds the application: the handler, an inner middleware, the middleware under test, and an outer one.
    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Application, NoServer> {
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
            // Poem's server runs any endpoint, and an endpoint needs no route.
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
        Ok(Application(Arc::new(endpoint)))
    }
}

impl Poem {
    /// Returns the configuration for a policy.
    fn cors(&self, policy: &Policy) -> Result<Cors, NoServer> {
        let mut cors = Cors::new();
        if *self == Self::Default {
            return Ok(cors);
        }
        if let AllowList::List(origins) = &policy.origins {
            cors = match self {
                Self::Glob => origins.iter().fold(cors, |cors, origin| cors.allow_origin_regex(origin.as_str())),
                Self::Predicate => {
                    let set = OriginSet::new(origins);
                    cors.allow_origins_fn(move |origin| set.contains(origin.as_bytes()))
                }
                Self::List | Self::Default => cors.allow_origins(origins.iter().map(|origin| origin.as_str())),
            };
        }
        // Without a list the middleware allows nine methods. It looks for every method in the list, safelisted ones
        // included.
        cors = cors
            .allow_methods([Method::GET, Method::HEAD, Method::POST])
            .allow_methods(methods(policy.methods.list())?);
        if let AllowList::List(listed) = &policy.request_headers {
            cors = cors.allow_headers(header_names(listed)?);
            if listed.is_empty() {
                // "The default is to allow any header": a name that no page can set makes it a list.
                cors = cors.allow_header("host");
            }
        }
        cors = cors.expose_headers(header_names(policy.exposed_headers.list())?).allow_credentials(policy.credentials);
        if let Some(seconds) = policy.max_age {
            let too_long =
                |_| NoServer::Unsupported("Cors::max_age takes an i32, and the policy's value is larger".to_owned());
            cors = cors.max_age(i32::try_from(seconds).map_err(too_long)?);
        }
        Ok(cors)
    }
}

/// The endpoint.
#[derive(Clone)]
struct Application(Arc<BoxEndpoint<'static, PoemResponse>>);

impl HttpApplication for Application {
    /// Does what poem's server does with a request.
    async fn ask(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, NotRepresentable> {
        let (parts, body) = request.into_parts();
        let mut request = Request::builder().method(parts.method).uri(parts.uri).body(body);
        *request.headers_mut() = parts.headers;
        let (parts, body) = http::Response::from(self.0.get_response(request).await).into_parts();
        let body = poem::Body::from(body).into_bytes().await.map_err(not_representable)?;
        Ok(http::Response::from_parts(parts, body))
    }

    /// The middleware keeps its lists in hash sets.
    fn without_socket(response: Response) -> Response {
        with_ordered_headers(response)
    }
}
