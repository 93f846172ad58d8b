//! [`tide::security::CorsMiddleware`](https://docs.rs/tide/0.16.0/tide/security/struct.CorsMiddleware.html) around
//! an application of tide.

use std::sync::Arc;

use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
};
use cors_reference::{
    header::HeaderName as PolicyHeaderName, header_list::HeaderList, request::WireRequest, response::Response,
};
use futures_executor::block_on;
use tide::{
    Next, Request, StatusCode,
    http::{
        self, Method, Url,
        headers::{HeaderName, HeaderValue},
    },
    security::{CorsMiddleware, Origin},
    utils::async_trait,
};

#[cfg(feature = "socket")]
use crate::socket::Listening;
use crate::{
    fixed_policy::fixed_policies,
    handler::{Handler, Route, ScriptedHandler},
    in_process::in_process,
    middleware::{Description, Middleware, NoServer},
    ordered_headers::with_ordered_headers,
    row::{Configuration, Row},
    server::{NotRepresentable, Server, not_representable},
};

/// A way to configure tide's middleware.
struct Tide {
    cors: fn(&Policy) -> Result<CorsMiddleware, NotRepresentable>,
}

const MAIN: Description<'static> = Description {
    name: "tide",
    package: "tide",
    version: "0.16.0",
    configured: "CorsMiddleware::allow_origin with a list",
    repository: "https://github.com/http-rs/tide",
    issues: "https://github.com/http-rs/tide/issues",
};

fixed_policies! {
    /// "Creates a new Cors middleware": any origin and any header, `GET, POST, OPTIONS`, and a day.
    DEFAULT = r#"{"origins": "any", "methods": ["OPTIONS"], "request_headers": "any", "max_age": 86400}"#;
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Row { description: MAIN, fixed: None, configuration: Tide { cors } },
    &Row {
        description: MAIN.variant("tide:default", "CorsMiddleware::new"),
        fixed: Some(DEFAULT),
        configuration: Tide { cors: |_| Ok(CorsMiddleware::new()) },
    },
];

impl Configuration for Tide {
    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin => Support::Yes("Origin::Any"),
            Capability::MirrorOrigin => Support::No("Origin::Any answers with `*`"),
            Capability::NoOrigin | Capability::SeveralOrigins => Support::Yes("Origin::List"),
            Capability::ListedOrigin | Capability::NullOrigin => Support::Yes("Origin::Exact"),
            Capability::SubdomainPattern | Capability::PortPattern => {
                Support::No("the middleware compares whole origins")
            }
            Capability::Credentials => Support::Yes("CorsMiddleware::allow_credentials"),
            Capability::AnyMethod | Capability::ListedMethod => {
                Support::Yes("CorsMiddleware::allow_methods, the header's text")
            }
            Capability::AnyRequestHeader | Capability::ListedRequestHeader => {
                Support::Yes("CorsMiddleware::allow_headers, the header's text")
            }
            Capability::MirrorMethod | Capability::MirrorRequestHeader => {
                Support::No("the middleware answers with a fixed text")
            }
            Capability::AnyExposedHeader | Capability::ListedExposedHeader => {
                Support::Yes("CorsMiddleware::expose_headers, the header's text")
            }
            Capability::MaxAge => Support::Yes("CorsMiddleware::max_age"),
            Capability::PrivateNetwork => Support::No("there is no option for private networks"),
        }
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = TideHandler::new(handler)?;
        let application = application(policy.map(self.cors).transpose()?, &handler);
        Ok(in_process(handler.counter, move |request| Ok(ask(&application, request)?)))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = TideHandler::new(handler)?;
        Ok(serve(application(policy.map(self.cors).transpose()?, &handler), handler.counter)?)
    }
}

/// Returns the configuration for a policy.
fn cors(policy: &Policy) -> Result<CorsMiddleware, NotRepresentable> {
    let origin = match &policy.origins {
        AllowList::Any | AllowList::Mirror => Origin::Any,
        AllowList::List(origins) => {
            Origin::from(origins.iter().map(|origin| origin.as_str().to_owned()).collect::<Vec<String>>())
        }
    };
    let methods = match &policy.methods {
        AllowList::Any | AllowList::Mirror => "*".to_owned(),
        AllowList::List(methods) => ["GET", "HEAD", "POST"]
            .into_iter()
            .chain(methods.iter().map(|method| method.as_str()))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let names = |allowed: &AllowList<PolicyHeaderName>| match allowed {
        AllowList::Any | AllowList::Mirror => "*".to_owned(),
        AllowList::List(names) => names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", "),
    };
    let mut cors = CorsMiddleware::new()
        .allow_origin(origin)
        .allow_methods(value(methods.as_bytes())?)
        .allow_headers(value(names(&policy.request_headers).as_bytes())?);
    if policy.exposed_headers != AllowList::default() {
        cors = cors.expose_headers(value(names(&policy.exposed_headers).as_bytes())?);
    }
    // `allow_credentials(false)` sends the text `false`.
    if policy.credentials {
        cors = cors.allow_credentials(true);
    }
    if let Some(seconds) = policy.max_age {
        cors = cors.max_age(value(seconds.to_string().as_bytes())?);
    }
    Ok(cors)
}

/// The scripted handler, with its answer in the framework's types.
#[derive(Clone)]
struct TideHandler {
    counter: ScriptedHandler,
    status: StatusCode,
    headers: Arc<[(HeaderName, HeaderValue)]>,
    outer_headers: Arc<[(HeaderName, HeaderValue)]>,
}

impl TideHandler {
    fn new(script: &Handler) -> Result<Self, NotRepresentable> {
        Ok(Self {
            counter: ScriptedHandler::new(script),
            status: StatusCode::try_from(script.status).map_err(not_representable)?,
            headers: pairs(&script.headers)?,
            outer_headers: pairs(&script.outer_headers)?,
        })
    }

    fn respond(&self) -> tide::Result<tide::Response> {
        self.counter.call().map_err(error)?;
        let mut response = tide::Response::new(self.status);
        for (name, value) in self.headers.iter() {
            response.append_header(name, value.clone());
        }
        response.set_body(http::Body::from(self.counter.script().body.as_bytes()));
        // `set_body` sets a type, which the script does not have.
        if !self.headers.iter().any(|(name, _)| name.as_str() == "content-type") {
            response.remove_header("Content-Type");
        }
        Ok(response)
    }
}

fn pairs(list: &HeaderList) -> Result<Arc<[(HeaderName, HeaderValue)]>, NotRepresentable> {
    list.iter().map(|(name, own)| Ok((header_name(name.as_str())?, value(own.as_bytes())?))).collect()
}

/// Returns the framework's error with a status.
fn error(status: u16) -> tide::Error {
    let status = StatusCode::try_from(status).unwrap_or(StatusCode::InternalServerError);
    tide::Error::from_str(status, "the handler fails, as scripted")
}

/// A middleware that refuses every request.
struct Refuse(u16);

#[async_trait]
impl tide::Middleware<()> for Refuse {
    async fn handle(&self, _: Request<()>, _: Next<'_, ()>) -> tide::Result {
        Err(error(self.0))
    }
}

/// A middleware that appends headers to every answer.
struct Append(Arc<[(HeaderName, HeaderValue)]>);

#[async_trait]
impl tide::Middleware<()> for Append {
    async fn handle(&self, request: Request<()>, next: Next<'_, ()>) -> tide::Result {
        let mut response = next.run(request).await;
        for (name, value) in self.0.iter() {
            response.append_header(name, value.clone());
        }
        Ok(response)
    }
}

/// Builds the application. The first middleware is the outermost.
fn application(cors: Option<CorsMiddleware>, handler: &TideHandler) -> tide::Server<()> {
    let mut application = tide::new();
    if !handler.outer_headers.is_empty() {
        application.with(Append(handler.outer_headers.clone()));
    }
    if let Some(cors) = cors {
        application.with(cors);
    }
    if let Some(status) = handler.counter.inner_failure() {
        application.with(Refuse(status));
    }
    let route_of = handler.counter.script().route;
    for path in ["/", "/*path"] {
        let handler = handler.clone();
        let respond = move |_: Request<()>| {
            let handler = handler.clone();
            async move { handler.respond() }
        };
        let mut route = application.at(path);
        match route_of {
            Route::Every => {
                route.all(respond);
            }
            Route::GetOnly => {
                route.get(respond);
            }
            Route::Missing => {}
        }
    }
    application
}

/// Starts tide's server on its own thread.
#[cfg(feature = "socket")]
fn serve(application: tide::Server<()>, handler: ScriptedHandler) -> std::io::Result<Listening> {
    use std::{future::poll_fn, pin::pin, task::Poll};

    use tide::listener::Listener as _;

    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut listener = block_on(application.bind(listener))?;
    let thread = std::thread::Builder::new().spawn(move || {
        crate::catch::silence_this_thread();
        let (mut accept, mut stopped) = (pin!(listener.accept()), pin!(stopped));
        // Ends when the sender is dropped, and closes the port.
        block_on(poll_fn(|context| match stopped.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(()),
            Poll::Pending => accept.as_mut().poll(context).map(drop),
        }));
    })?;
    Ok(Listening::new(address, handler, thread, move || drop(stop)))
}

/// Sends a request to the application without a socket.
fn ask(application: &tide::Server<()>, request: &WireRequest) -> Result<Response, NotRepresentable> {
    let method: Method = request.method.parse().map_err(not_representable)?;
    let url: Url = request.url.as_str().parse().map_err(not_representable)?;
    let mut built = http::Request::new(method, url);
    for (name, own) in request.headers.iter() {
        built.append_header(header_name(name.as_str())?, value(own.as_bytes())?);
    }
    if let Some(body) = &request.body {
        built.set_body(http::Body::from(body.as_slice()));
    }
    let response = block_on(application.respond(built));
    let mut response: http::Response = response.map_err(not_representable)?;
    let mut observed = Response::new(response.status().into());
    for (name, values) in response.iter() {
        for own in values {
            let name = name.as_str().parse().map_err(not_representable)?;
            observed.headers.append(name, own.as_str().into());
        }
    }
    // Taken last, because it leaves an empty body, which sets a type.
    observed.body = block_on(response.body_bytes()).map_err(not_representable)?;
    // http-types keeps headers in a hash map.
    Ok(with_ordered_headers(observed))
}

/// Converts a header name.
fn header_name(name: &str) -> Result<HeaderName, NotRepresentable> {
    HeaderName::from_bytes(name.as_bytes().to_vec()).map_err(not_representable)
}

/// Converts a header value. http-types holds only ASCII.
fn value(bytes: &[u8]) -> Result<HeaderValue, NotRepresentable> {
    HeaderValue::from_bytes(bytes.to_vec()).map_err(not_representable)
}
