//! [`rocket_cors::Cors`](https://docs.rs/rocket_cors/0.6.0/rocket_cors/struct.CorsOptions.html) as a fairing of Rocket.

use std::{collections::HashSet, io::Cursor, sync::Arc};

use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
    origin_set::OriginPattern,
};
use cors_reference::{header_list::HeaderList, request::WireRequest, response::Response};
use rocket::{
    Build, Config, Data, Request, Rocket,
    config::LogLevel,
    fairing::AdHoc,
    figment::Figment,
    http::{Header, Method, Status, uri::Origin},
    local::asynchronous::Client,
    outcome::Outcome,
    route::{self, Route as RocketRoute},
};
use rocket_cors::{AllowedHeaders, AllowedOrigins, Cors, CorsOptions, Origins};
use tokio::runtime::{Builder, Runtime};
use url::Position;

#[cfg(feature = "socket")]
use {crate::socket::Listening, rocket::error::ErrorKind};

use crate::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    handler::{Handler, Route, ScriptedHandler},
    not_representable,
    ordered_headers::with_ordered_headers,
};

/// A row: the fairing, configured in one way.
struct RocketCors {
    name: &'static str,
    configured: &'static str,
    /// Whether every origin of a list is said by a regex.
    by_regex: bool,
    fixed: Option<&'static str>,
}

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &RocketCors {
        name: "rocket_cors",
        configured: "AllowedOrigins with exact origins, as a fairing",
        by_regex: false,
        fixed: None,
    },
    &RocketCors {
        name: "rocket_cors:regex",
        configured: "AllowedOrigins with a regex for every origin, anchored and escaped",
        by_regex: true,
        fixed: None,
    },
    // "Defaults to `All`" for origins and headers, which are echoed, and to seven methods.
    &RocketCors {
        name: "rocket_cors:default",
        configured: "CorsOptions::default",
        by_regex: false,
        fixed: Some(
            r#"{"origins": "mirror", "methods": ["OPTIONS", "PUT", "PATCH", "DELETE"], "request_headers": "mirror"}"#,
        ),
    },
];

impl Middleware for RocketCors {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "rocket_cors",
            version: "0.6.0",
            configured: self.configured,
            repository: "https://github.com/lawliet89/rocket_cors",
            issues: "https://github.com/lawliet89/rocket_cors/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if self.by_regex => Support::No("this row is for lists"),
            Capability::AnyOrigin => Support::Yes("AllowedOrigins::All and send_wildcard"),
            Capability::MirrorOrigin => Support::Yes("AllowedOrigins::All"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins => {
                Support::Yes(if self.by_regex { "Origins::regex" } else { "Origins::exact" })
            }
            Capability::NullOrigin => Support::Yes("Origins::allow_null"),
            Capability::SubdomainPattern | Capability::PortPattern if self.by_regex => Support::Yes("Origins::regex"),
            Capability::SubdomainPattern | Capability::PortPattern => Support::No("exact origins are compared whole"),
            Capability::Credentials => Support::Yes("CorsOptions::allow_credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => Support::No("methods are a set"),
            Capability::ListedMethod => Support::Yes("CorsOptions::allowed_methods"),
            Capability::AnyRequestHeader => Support::No("AllowedHeaders::All echoes the names asked for"),
            Capability::MirrorRequestHeader => Support::Yes("AllowedHeaders::All"),
            Capability::ListedRequestHeader => Support::Yes("AllowedHeaders::some"),
            Capability::AnyExposedHeader => Support::No("exposed headers are a set"),
            Capability::ListedExposedHeader => Support::Yes("CorsOptions::expose_headers"),
            Capability::MaxAge => Support::Yes("CorsOptions::max_age"),
            Capability::PrivateNetwork => Support::No("there is no such option"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = RocketHandler::new(handler)?;
        let counter = handler.counter.clone();
        let rocket = self.rocket(policy, handler, Figment::from(config()))?;
        let runtime = Builder::new_current_thread().build()?;
        let client =
            runtime.block_on(Client::untracked(rocket)).map_err(|error| NoServer::Rejected(error.to_string()))?;
        Ok(Box::new(RocketServer { client, runtime, counter }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = RocketHandler::new(handler)?;
        let counter = handler.counter.clone();
        let figment = Figment::from(config())
            .merge(("address", "127.0.0.1"))
            .merge(("port", 0))
            .merge(("shutdown.ctrlc", false))
            .merge(("shutdown.signals", Vec::<String>::new()))
            .merge(("shutdown.grace", 0))
            .merge(("shutdown.mercy", 0));
        let (tell, told) = std::sync::mpsc::channel();
        let launched = tell.clone();
        let rocket = self.rocket(policy, handler, figment)?.attach(AdHoc::on_liftoff("address", move |rocket| {
            Box::pin(async move {
                // Whoever waits has it, or is gone.
                launched.send(Ok((rocket.config().port, rocket.shutdown()))).unwrap_or_default();
            })
        }));
        let thread = std::thread::Builder::new().spawn(move || {
            crate::catch::hush();
            let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
            if let Err(error) = runtime.block_on(rocket.launch()) {
                let no = match error.kind() {
                    ErrorKind::Bind(_) | ErrorKind::Io(_) => NoServer::Broken(std::io::Error::other(error.to_string())),
                    _ => NoServer::Rejected(error.to_string()),
                };
                tell.send(Err(no)).unwrap_or_default();
            }
        })?;
        let (port, shutdown) = told.recv().map_err(std::io::Error::other)??;
        let address = (std::net::Ipv4Addr::LOCALHOST, port).into();
        Ok(Listening::new(address, counter, thread, move || shutdown.notify()))
    }
}

/// Rocket's own defaults, and nothing in the log.
fn config() -> Config {
    // Rocket has one level for the whole process, which each server that is built turns up until its configuration is
    // read, so that those of other threads talk. It leaves a logger alone that is there before its own.
    log::set_logger(log::logger()).unwrap_or_default();
    Config { log_level: LogLevel::Off, cli_colors: false, ..Config::debug_default() }
}

impl RocketCors {
    /// The application: fairings see an answer in the order in which they were attached, so that the last is the outermost.
    fn rocket(
        &self,
        policy: Option<&Policy>,
        handler: RocketHandler,
        figment: Figment,
    ) -> Result<Rocket<Build>, NoServer> {
        // A fairing's application may not "define custom OPTIONS routes": the fairing is there for them.
        const EVERY: [Method; 8] = [
            Method::Get,
            Method::Put,
            Method::Post,
            Method::Delete,
            Method::Head,
            Method::Trace,
            Method::Connect,
            Method::Patch,
        ];
        let methods: &[Method] = match handler.counter.script().route {
            Route::Every => &EVERY,
            Route::GetOnly => &[Method::Get],
            Route::Missing => &[],
        };
        let outer = handler.outer_headers.clone();
        // Behind the fairing's own route, which has rank 0.
        let routes = methods.iter().map(|method| RocketRoute::ranked(10, *method, "/<path..>", handler.clone()));
        let mut rocket = rocket::custom(figment).mount("/", routes.collect::<Vec<_>>());
        if let Some(policy) = policy {
            rocket = rocket.attach(self.cors(policy)?);
        }
        if !outer.is_empty() {
            rocket = rocket.attach(AdHoc::on_response("outer", move |_, response| {
                let outer = outer.clone();
                Box::pin(async move {
                    for (name, value) in outer.iter() {
                        response.adjoin_raw_header(name.clone(), value.clone());
                    }
                })
            }));
        }
        Ok(rocket)
    }

    /// The configuration that says the policy.
    fn cors(&self, policy: &Policy) -> Result<Cors, NoServer> {
        let refused = |error: rocket_cors::Error| NoServer::Rejected(error.to_string());
        if self.fixed.is_some() {
            return CorsOptions::default().to_cors().map_err(refused);
        }
        let allowed_origins = match &policy.origins {
            AllowList::Any | AllowList::Mirror => AllowedOrigins::All,
            AllowList::List(origins) => {
                let named = || origins.iter().filter(|origin| origin.as_str() != "null");
                let exact = named().map(|origin| origin.as_str().to_owned()).collect::<HashSet<_>>();
                let regex = named().map(regex).collect::<HashSet<_>>();
                AllowedOrigins::Some(Origins {
                    allow_null: origins.iter().any(|origin| origin.as_str() == "null"),
                    exact: (!self.by_regex).then_some(exact),
                    regex: self.by_regex.then_some(regex),
                })
            }
        };
        // The request's method is looked for in the set whatever it is.
        let methods =
            ["GET", "HEAD", "POST"].into_iter().chain(policy.methods.list().iter().map(|method| method.as_str()));
        let methods = methods.map(|name| match method(name) {
            Some(_) => name.parse().map_err(|_| NoServer::Unsupported(unknown(name))),
            None => Err(NoServer::Unsupported(unknown(name))),
        });
        let allowed_headers = match &policy.request_headers {
            AllowList::Any | AllowList::Mirror => AllowedHeaders::All,
            AllowList::List(names) => AllowedHeaders::some(&names.iter().map(|name| name.as_str()).collect::<Vec<_>>()),
        };
        let options = CorsOptions {
            allowed_origins,
            allowed_methods: methods.collect::<Result<_, _>>()?,
            allowed_headers,
            allow_credentials: policy.credentials,
            expose_headers: policy.exposed_headers.list().iter().map(|name| name.as_str().to_owned()).collect(),
            max_age: policy.max_age.map(usize::try_from).transpose().map_err(not_representable)?,
            send_wildcard: policy.origins == AllowList::Any,
            ..CorsOptions::default()
        };
        options.to_cors().map_err(refused)
    }
}

/// The method of that name; Rocket's own parser would take it in any case of letters.
fn method(name: &str) -> Option<Method> {
    name.parse().ok().filter(|method: &Method| method.as_str() == name)
}

fn unknown(method: &str) -> String {
    format!("Rocket does not know the method {method}")
}

/// The regex that a careful user writes: anchored at both ends, dots escaped, one or more labels for `*.`.
fn regex(origin: &OriginPattern) -> String {
    let (rest, port) = match origin.as_str().strip_suffix(":*") {
        Some(rest) => (rest, "(:[0-9]+)?"),
        None => (origin.as_str(), ""),
    };
    let escaped = |text: &str| {
        text.chars().fold(String::new(), |mut escaped, letter| {
            if ".+*?()|[]{}^$\\".contains(letter) {
                escaped.push('\\');
            }
            escaped.push(letter);
            escaped
        })
    };
    match rest.split_once("://*.") {
        Some((scheme, host)) => format!("^{scheme}://([a-z0-9_-]+\\.)+{}{port}$", escaped(host)),
        None => format!("^{}{port}$", escaped(rest)),
    }
}

/// The handler, with what it answers in the framework's types.
#[derive(Clone)]
struct RocketHandler {
    counter: ScriptedHandler,
    status: Status,
    headers: Headers,
    outer_headers: Headers,
}

type Headers = Arc<[(String, String)]>;

impl RocketHandler {
    fn new(script: &Handler) -> Result<Self, NotRepresentable> {
        Ok(Self {
            counter: ScriptedHandler::new(script),
            status: Status::new(script.status),
            headers: texts(&script.headers)?,
            outer_headers: texts(&script.outer_headers)?,
        })
    }
}

/// Headers as Rocket holds them: text.
fn texts(list: &HeaderList) -> Result<Headers, NotRepresentable> {
    list.iter()
        .map(|(name, value)| {
            let value = std::str::from_utf8(value.as_bytes()).map_err(not_representable)?;
            Ok((name.as_str().to_owned(), value.to_owned()))
        })
        .collect()
}

#[rocket::async_trait]
impl route::Handler for RocketHandler {
    async fn handle<'r>(&self, _: &'r Request<'_>, _: Data<'r>) -> route::Outcome<'r> {
        // A request guard that fails is what Rocket has in the place of a middleware inside.
        if let Some(status) = self.counter.inner_failure() {
            return Outcome::Error(Status::new(status));
        }
        if let Err(status) = self.counter.call() {
            return Outcome::Error(Status::new(status));
        }
        let body = self.counter.script().body.clone();
        let mut response = rocket::Response::build().status(self.status).finalize();
        for (name, value) in self.headers.iter() {
            response.adjoin_raw_header(name.clone(), value.clone());
        }
        response.set_sized_body(body.len(), Cursor::new(body));
        Outcome::Success(response)
    }
}

struct RocketServer {
    client: Client,
    runtime: Runtime,
    counter: ScriptedHandler,
}

impl Server for RocketServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        let method = method(&request.method).ok_or_else(|| NotRepresentable(unknown(&request.method)))?;
        let target = request.url[Position::BeforePath..Position::AfterQuery].to_owned();
        let target = Origin::parse_owned(target).map_err(not_representable)?;
        let mut built = self.client.req(method, target);
        if !request.headers.contains("Host") {
            let host = request.url[Position::BeforeHost..Position::AfterPort].to_owned();
            built.add_header(Header::new("host", host));
        }
        for (name, value) in texts(&request.headers)?.iter() {
            built.add_header(Header::new(name.clone(), value.clone()));
        }
        if let Some(body) = &request.body {
            built.set_body(body);
        }
        self.runtime.block_on(async {
            let response = built.dispatch().await;
            let mut observed = Response::new(response.status().code);
            for header in response.headers().iter() {
                let name = header.name().as_str().parse().map_err(not_representable)?;
                observed.headers.append(name, header.value().into());
            }
            observed.body = response.into_bytes().await.unwrap_or_default();
            // The lists stand in hash sets.
            Ok(with_ordered_headers(observed))
        })
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.counter.take_calls()
    }
}
