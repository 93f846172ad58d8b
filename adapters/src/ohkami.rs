//! [`ohkami::fang::Cors`](https://docs.rs/ohkami/0.24.9/ohkami/fang/struct.Cors.html) around an application of ohkami.
//!
//! There is no socket mode: ohkami's server ends only on Ctrl-C, and it replaces the handler of the process.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    sync::Mutex,
};

use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
};
use cors_reference::{header::HeaderName, header_list::HeaderList, request::WireRequest, response::Response};
use futures_executor::block_on;
use ohkami::{
    Ohkami, Route as _,
    fang::{Cors, FangAction},
    header::append,
    testing::{Status, TestOhkami, TestRequest, Tester},
};

use crate::{
    catch,
    handler::{Handler, Route, ScriptedHandler},
    in_process::in_process,
    middleware::{Description, Middleware, NoServer},
    row::{Configuration, Row},
    server::{NotRepresentable, Server, not_representable},
};

/// The way to configure ohkami's CORS fang, which allows the methods that have a route.
struct OhkamiCors;

const MAIN: Description<'static> = Description {
    name: "ohkami",
    package: "ohkami",
    version: "0.24.9",
    configured: "Cors::new with one origin, or Cors::any, and routes for the policy's methods",
    repository: "https://github.com/ohkami-rs/ohkami",
    issues: "https://github.com/ohkami-rs/ohkami/issues",
};

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[&Row { description: MAIN, fixed: None, configuration: OhkamiCors }];

impl Configuration for OhkamiCors {
    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin => Support::Yes("Cors::any"),
            Capability::ListedOrigin => Support::Yes("Cors::new"),
            Capability::MirrorOrigin => Support::No("the middleware answers with one fixed origin, or with `*`"),
            Capability::NoOrigin | Capability::SeveralOrigins => Support::No("Cors::new takes one origin"),
            Capability::NullOrigin => Support::No("Cors::new panics if the origin has no scheme"),
            Capability::SubdomainPattern | Capability::PortPattern => Support::No("Cors::new takes one origin"),
            Capability::Credentials => Support::Yes("Cors::allow_credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => {
                Support::No("the middleware allows the methods that have a route")
            }
            Capability::ListedMethod => Support::Yes("the routes of the path"),
            Capability::AnyRequestHeader | Capability::MirrorRequestHeader => {
                Support::No("Cors::allow_headers takes only a list")
            }
            Capability::ListedRequestHeader => Support::Yes("Cors::allow_headers"),
            Capability::AnyExposedHeader => Support::No("Cors::expose_headers takes only a list"),
            Capability::ListedExposedHeader => Support::Yes("Cors::expose_headers"),
            Capability::MaxAge => Support::Yes("Cors::max_age"),
            Capability::PrivateNetwork => Support::No("there is no option for private networks"),
        }
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = OhkamiHandler::new(handler)?;
        let application = application(policy, &handler)?.test();
        Ok(in_process(handler.counter, move |request| Ok(ask(&application, request)?)))
    }
}

/// Returns the configuration for a policy.
fn cors(policy: &Policy) -> Result<Cors, NoServer> {
    let mut cors = match &policy.origins {
        AllowList::Any | AllowList::Mirror => Cors::any(),
        AllowList::List(origins) => match origins.first() {
            Some(origin) => Cors::new(origin.as_str().to_owned()),
            None => return Err(NoServer::Unsupported("Cors::new takes one origin".to_owned())),
        },
    };
    // The middleware joins names by `, `, so that one joined text gives the same header.
    let joined = |names: &[HeaderName]| intern(&names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", "));
    if !policy.request_headers.list().is_empty() {
        cors = cors.allow_headers([joined(policy.request_headers.list())?]);
    }
    if !policy.exposed_headers.list().is_empty() {
        cors = cors.expose_headers([joined(policy.exposed_headers.list())?]);
    }
    let too_long = |_| NoServer::Unsupported("Cors::max_age takes a u32, and the policy's value is larger".to_owned());
    let max_age = policy.max_age.map(u32::try_from).transpose().map_err(too_long)?;
    Ok(cors.allow_credentials(policy.credentials).max_age(max_age))
}

/// Builds the application. "Owe to `Handler::default_not_found()`", the fang allows the methods that have a route.
fn application(policy: Option<&Policy>, handler: &OhkamiHandler) -> Result<Ohkami, NoServer> {
    const KNOWN: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
    let methods = policy.map(|policy| policy.methods.list());
    if let Some(other) = methods.into_iter().flatten().find(|method| !KNOWN.contains(&method.as_str())) {
        return Err(NoServer::Unsupported(format!("ohkami has no routes for the method {}", other.as_str())));
    }
    let is_routed = |name: &str| methods.is_none_or(|methods| methods.iter().any(|method| method.as_str() == name));
    let routes = |path: &'static str| {
        let respond = || {
            let handler = handler.clone();
            move || {
                let handler = handler.clone();
                async move { handler.respond() }
            }
        };
        let mut routes = path.GET(respond());
        if handler.counter.script().route == Route::Every {
            routes = routes.POST(respond());
            for (name, put) in [("PUT", 0), ("PATCH", 1), ("DELETE", 2)] {
                if is_routed(name) {
                    routes = match put {
                        0 => routes.PUT(respond()),
                        1 => routes.PATCH(respond()),
                        _ => routes.DELETE(respond()),
                    };
                }
            }
        }
        routes
    };
    let (outer, inner) = (Append(handler.clone()), Refuse(handler.clone()));
    let cors = policy.map(cors).transpose()?;
    Ok(match (cors, handler.counter.script().route) {
        // A text without handlers is an empty group of routes.
        (Some(cors), Route::Missing) => Ohkami::new((outer, cors, inner, "none")),
        (None, Route::Missing) => Ohkami::new((outer, inner, "none")),
        (Some(cors), _) => Ohkami::new((outer, cors, inner, routes("/"), routes("/:a"), routes("/:a/:b"))),
        (None, _) => Ohkami::new((outer, inner, routes("/"), routes("/:a"), routes("/:a/:b"))),
    })
}

/// The scripted handler, with its answer in the framework's types.
#[derive(Clone)]
struct OhkamiHandler {
    counter: ScriptedHandler,
    headers: Vec<(&'static str, String)>,
    outer_headers: Vec<(&'static str, String)>,
}

impl OhkamiHandler {
    fn new(script: &Handler) -> Result<Self, NotRepresentable> {
        // `Status::from` panics if it has no name for a code.
        catch::quietly(|| Status::from(script.status)).map_err(NotRepresentable)?;
        Ok(Self {
            counter: ScriptedHandler::new(script),
            headers: texts(&script.headers)?,
            outer_headers: texts(&script.outer_headers)?,
        })
    }

    #[allow(clippy::result_large_err, reason = "the framework's own type of error")]
    fn respond(&self) -> Result<ohkami::Response, ohkami::Response> {
        self.counter.call().map_err(error)?;
        let script = self.counter.script();
        let mut response = ohkami::Response::new(Status::from(script.status))
            .with_payload("text/plain", script.body.clone().into_bytes());
        set(&mut response, &self.headers);
        Ok(response)
    }
}

/// Returns the framework's error with a status: a response.
fn error(status: u16) -> ohkami::Response {
    ohkami::Response::new(Status::from(status))
}

/// Appends headers by the framework's own setter for each name, if it has one.
fn set(response: &mut ohkami::Response, headers: &[(&'static str, String)]) {
    for (name, value) in headers {
        let (set, value) = (response.headers.set(), append(value.clone()));
        match name.to_ascii_lowercase().as_str() {
            "vary" => set.vary(value),
            "access-control-allow-origin" => set.access_control_allow_origin(value),
            "access-control-allow-credentials" => set.access_control_allow_credentials(value),
            "access-control-allow-methods" => set.access_control_allow_methods(value),
            "access-control-allow-headers" => set.access_control_allow_headers(value),
            "access-control-expose-headers" => set.access_control_expose_headers(value),
            "access-control-max-age" => set.access_control_max_age(value),
            _ => set.x(name, value),
        };
    }
}

/// A fang that appends headers to every answer.
#[derive(Clone)]
struct Append(OhkamiHandler);

impl FangAction for Append {
    async fn back<'a>(&'a self, response: &'a mut ohkami::Response) {
        set(response, &self.0.outer_headers);
    }
}

/// A fang that refuses every request, if the script has an inner middleware that fails.
#[derive(Clone)]
struct Refuse(OhkamiHandler);

impl FangAction for Refuse {
    async fn fore<'a>(&'a self, _: &'a mut ohkami::Request) -> Result<(), ohkami::Response> {
        match self.0.counter.inner_failure() {
            Some(status) => Err(error(status)),
            None => Ok(()),
        }
    }
}

/// Converts headers. The framework keeps names for the life of the process, and values as text. It has a separate
/// builder for Set-Cookie.
fn texts(list: &HeaderList) -> Result<Vec<(&'static str, String)>, NotRepresentable> {
    list.iter()
        .map(|(name, value)| {
            if ["set-cookie", "content-type", "content-length"].contains(&&*name.as_str().to_ascii_lowercase()) {
                return Err(NotRepresentable(format!("ohkami has a separate setter for {}", name.as_str())));
            }
            Ok((intern(name.as_str())?, text(value.as_bytes())?.to_owned()))
        })
        .collect()
}

fn text(bytes: &[u8]) -> Result<&str, NotRepresentable> {
    std::str::from_utf8(bytes).map_err(not_representable)
}

/// Returns a text with the life of the process, which ohkami requires. Each text is kept once, and at most 10 000 are.
fn intern(text: &str) -> Result<&'static str, NotRepresentable> {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().map_err(not_representable)?;
    if let Some(known) = texts.get(text) {
        return Ok(known);
    }
    if texts.len() == 10_000 {
        return Err(NotRepresentable(
            "ohkami keeps header names for the life of the process, and 10 000 are kept already".to_owned(),
        ));
    }
    let leaked: &'static str = Box::leak(text.into());
    texts.insert(leaked);
    Ok(leaked)
}

/// Sends a request to the application without a socket.
fn ask(application: &TestOhkami, request: &WireRequest) -> Result<Response, NotRepresentable> {
    let request = to_request(request)?;
    // `Session::manage` (src/session/mod.rs) catches panics only before it polls the future of `Router::handle`, which is an
    // async function and does nothing before it is polled. A panic of the handler therefore ends the task and its
    // connection.
    let response = block_on(application.oneshot(request));
    let mut observed = Response::new(response.status().code());
    // `Date` belongs to the server.
    for (name, value) in response.headers().filter(|(name, _)| !name.eq_ignore_ascii_case("date")) {
        observed.headers.append(name.parse().map_err(not_representable)?, value.into());
    }
    observed.body = response.content("").unwrap_or_default().to_vec();
    Ok(observed)
}

/// Converts a request. `TestRequest` keeps headers in a map and writes values without escaping, so that repeated headers
/// and line breaks are errors here.
fn to_request(request: &WireRequest) -> Result<TestRequest, NotRepresentable> {
    let path = request.url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
    let mut built = match request.method.as_str() {
        "GET" => TestRequest::GET(path),
        "PUT" => TestRequest::PUT(path),
        "POST" => TestRequest::POST(path),
        "PATCH" => TestRequest::PATCH(path),
        "DELETE" => TestRequest::DELETE(path),
        "HEAD" => TestRequest::HEAD(path),
        "OPTIONS" => TestRequest::OPTIONS(path),
        other => return Err(NotRepresentable(format!("ohkami does not know the method {other}"))),
    };
    let host = &request.url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut headers: HashMap<String, String> = HashMap::new();
    for (name, value) in request.headers.iter() {
        let value = text(value.as_bytes())?;
        if headers.insert(name.as_str().to_ascii_lowercase(), value.to_owned()).is_some() {
            return Err(NotRepresentable(format!("`TestRequest` holds only one {}", name.as_str())));
        }
        if value.contains(['\r', '\n', '\0']) {
            return Err(NotRepresentable(format!("the value of {} has a line break or a null byte", name.as_str())));
        }
    }
    headers.entry("host".to_owned()).or_insert_with(|| host.to_owned());
    let body = request.body.clone().filter(|body| !body.is_empty());
    if let Some(body) = body {
        let length = body.len().to_string();
        built = built.content("text/plain", body).header("Content-Length", length);
        headers.retain(|name, _| name != "content-length");
        // `content` has set a type. The type of the request replaces it.
        if let Some(own) = headers.remove("content-type") {
            built = built.header("Content-Type", Cow::Owned(own));
        }
    }
    Ok(headers.into_iter().fold(built, |built, (name, value)| built.header(name, value)))
}
