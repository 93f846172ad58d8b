//! [`tide::security::CorsMiddleware`](https://docs.rs/tide/0.16.0/tide/security/struct.CorsMiddleware.html) around
//! an application of tide.

use std::sync::Arc;

use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
};
use cors_reference::{request::WireRequest, response::Response};
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
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    handler::{Handler, Route, ScriptedHandler},
    not_representable,
    ordered_headers::with_ordered_headers,
};

/// A row: tide's middleware, configured in one way.
struct Tide {
    name: &'static str,
    configured: &'static str,
    fixed: Option<&'static str>,
}

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Tide { name: "tide", configured: "CorsMiddleware::allow_origin with a list", fixed: None },
    // "Creates a new Cors middleware": any origin and any header, `GET, POST, OPTIONS`, and a day.
    &Tide {
        name: "tide:default",
        configured: "CorsMiddleware::new",
        fixed: Some(r#"{"origins": "any", "methods": ["OPTIONS"], "request_headers": "any", "max_age": 86400}"#),
    },
];

impl Middleware for Tide {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "tide",
            version: "0.16.0",
            configured: self.configured,
            repository: "https://github.com/http-rs/tide",
            issues: "https://github.com/http-rs/tide/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin => Support::Yes("Origin::Any"),
            Capability::MirrorOrigin => Support::No("any origin is answered by `*` alone"),
            Capability::NoOrigin | Capability::SeveralOrigins => Support::Yes("Origin::List"),
            Capability::ListedOrigin | Capability::NullOrigin => Support::Yes("Origin::Exact"),
            Capability::SubdomainPattern | Capability::PortPattern => Support::No("origins are compared as text"),
            Capability::Credentials => Support::Yes("CorsMiddleware::allow_credentials"),
            Capability::AnyMethod | Capability::ListedMethod => {
                Support::Yes("CorsMiddleware::allow_methods, the header's text")
            }
            Capability::AnyRequestHeader | Capability::ListedRequestHeader => {
                Support::Yes("CorsMiddleware::allow_headers, the header's text")
            }
            Capability::MirrorMethod | Capability::MirrorRequestHeader => Support::No("the header's text is fixed"),
            Capability::AnyExposedHeader | Capability::ListedExposedHeader => {
                Support::Yes("CorsMiddleware::expose_headers, the header's text")
            }
            Capability::MaxAge => Support::Yes("CorsMiddleware::max_age"),
            Capability::PrivateNetwork => Support::No("there is no such option"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = TideHandler::new(handler)?;
        let application = self.application(policy, &handler)?;
        Ok(Box::new(TideServer { application, handler: handler.counter }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = TideHandler::new(handler)?;
        Ok(serve(self.application(policy, &handler)?, handler.counter)?)
    }
}

impl Tide {
    fn application(&self, policy: Option<&Policy>, handler: &TideHandler) -> Result<tide::Server<()>, NoServer> {
        let cors = match policy {
            None => None,
            Some(_) if self.fixed.is_some() => Some(CorsMiddleware::new()),
            Some(policy) => Some(cors(policy)?),
        };
        Ok(application(cors, handler))
    }
}

/// The configuration that says the policy.
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
    let names = |wish: &AllowList<cors_reference::header::HeaderName>| match wish {
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
    // `allow_credentials(false)` would send the text `false`.
    if policy.credentials {
        cors = cors.allow_credentials(true);
    }
    if let Some(seconds) = policy.max_age {
        cors = cors.max_age(value(seconds.to_string().as_bytes())?);
    }
    Ok(cors)
}

/// The handler, with what it answers in the framework's types.
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
        // A body of bytes has a type of its own, unless the handler says another.
        if !self.headers.iter().any(|(name, _)| name.as_str() == "content-type") {
            response.remove_header("Content-Type");
        }
        Ok(response)
    }
}

fn pairs(list: &cors_reference::header_list::HeaderList) -> Result<Arc<[(HeaderName, HeaderValue)]>, NotRepresentable> {
    list.iter().map(|(name, own)| Ok((header_name(name.as_str())?, value(own.as_bytes())?))).collect()
}

/// The framework's error of that status.
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

/// The application that both modes serve; the first middleware is the outermost.
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

#[cfg(feature = "socket")]
fn serve(application: tide::Server<()>, handler: ScriptedHandler) -> std::io::Result<Listening> {
    use std::{future::poll_fn, pin::pin, task::Poll};

    use tide::listener::Listener as _;

    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut listener = block_on(application.bind(listener))?;
    let thread = std::thread::Builder::new().spawn(move || {
        crate::catch::hush();
        let (mut accept, mut stopped) = (pin!(listener.accept()), pin!(stopped));
        // It ends when the sender is dropped, and closes its port.
        block_on(poll_fn(|context| match stopped.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(()),
            Poll::Pending => accept.as_mut().poll(context).map(drop),
        }));
    })?;
    Ok(Listening::new(address, handler, thread, move || drop(stop)))
}

struct TideServer {
    application: tide::Server<()>,
    handler: ScriptedHandler,
}

impl Server for TideServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        let method: Method = request.method.parse().map_err(not_representable)?;
        let url: Url = request.url.as_str().parse().map_err(not_representable)?;
        let mut built = http::Request::new(method, url);
        for (name, own) in request.headers.iter() {
            built.append_header(header_name(name.as_str())?, value(own.as_bytes())?);
        }
        if let Some(body) = &request.body {
            built.set_body(http::Body::from(body.as_slice()));
        }
        let response = block_on(self.application.respond(built));
        let mut response: http::Response = response.map_err(not_representable)?;
        let mut observed = Response::new(response.status().into());
        for (name, values) in response.iter() {
            for own in values {
                let name = name.as_str().parse().map_err(not_representable)?;
                observed.headers.append(name, own.as_str().into());
            }
        }
        // Last, since an empty body that takes its place would set a type of its own.
        observed.body = block_on(response.body_bytes()).map_err(not_representable)?;
        // http-types keeps headers in a hash map.
        Ok(with_ordered_headers(observed))
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}

fn header_name(name: &str) -> Result<HeaderName, NotRepresentable> {
    HeaderName::from_bytes(name.as_bytes().to_vec()).map_err(not_representable)
}

/// A value, which http-types holds as ASCII.
fn value(bytes: &[u8]) -> Result<HeaderValue, NotRepresentable> {
    HeaderValue::from_bytes(bytes.to_vec()).map_err(not_representable)
}
