//! The application around the fairing, without a socket and behind one.

use std::{io::Cursor, sync::Arc};

use cors_reference::{header_list::HeaderList, request::WireRequest, response::Response};
use rocket::{
    Build, Config, Data, Request, Rocket,
    config::LogLevel,
    fairing::AdHoc,
    figment::Figment,
    http::{Header, Method, Status, uri::Origin},
    local::asynchronous,
    outcome::Outcome,
    route::{self, Route as RocketRoute},
};
use rocket_cors::Cors;
use tokio::runtime::{Builder, Runtime};
use url::Position;

#[cfg(feature = "socket")]
use {crate::socket::Listening, rocket::error::ErrorKind};

use super::method::{method, unknown};
use crate::{
    handler::{Handler, Route, ScriptedHandler},
    middleware::NoServer,
    ordered_headers::with_ordered_headers,
    server::{NotRepresentable, not_representable},
};

/// Returns Rocket's own defaults, with an empty log.
pub(super) fn config() -> Config {
    // Rocket has one log level for the whole process. Each server that is built raises it until its configuration is
    // read, so that servers of other threads would write. Rocket does not replace a logger that is already set.
    log::set_logger(log::logger()).unwrap_or_default();
    Config { log_level: LogLevel::Off, cli_colors: false, ..Config::debug_default() }
}

/// Returns the configuration of a server on a free port that stops at once on request.
#[cfg(feature = "socket")]
pub(super) fn socket_config() -> Figment {
    Figment::from(config())
        .merge(("address", "127.0.0.1"))
        .merge(("port", 0))
        .merge(("shutdown.ctrlc", false))
        .merge(("shutdown.signals", Vec::<String>::new()))
        .merge(("shutdown.grace", 0))
        .merge(("shutdown.mercy", 0))
}

/// Builds the application. Rocket calls the fairings in the order in which they are attached, so that the last one is the
/// outermost.
pub(super) fn rocket(cors: Option<Cors>, handler: RocketHandler, figment: Figment) -> Rocket<Build> {
    // With a fairing the application may not "define custom OPTIONS routes".
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
    // The fairing's own route has rank 0 and comes first.
    let routes = methods.iter().map(|method| RocketRoute::ranked(10, *method, "/<path..>", handler.clone()));
    let mut rocket = rocket::custom(figment).mount("/", routes.collect::<Vec<_>>());
    if let Some(cors) = cors {
        rocket = rocket.attach(cors);
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
    rocket
}

/// Starts Rocket's server on its own thread.
#[cfg(feature = "socket")]
pub(super) fn serve(rocket: Rocket<Build>, counter: ScriptedHandler) -> Result<Listening, NoServer> {
    let (report, started) = std::sync::mpsc::channel();
    let launched = report.clone();
    let rocket = rocket.attach(AdHoc::on_liftoff("address", move |rocket| {
        Box::pin(async move {
            launched.send(Ok((rocket.config().port, rocket.shutdown()))).unwrap_or_default();
        })
    }));
    let thread = std::thread::Builder::new().spawn(move || {
        crate::catch::silence_this_thread();
        let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
        if let Err(error) = runtime.block_on(rocket.launch()) {
            let no = match error.kind() {
                ErrorKind::Bind(_) | ErrorKind::Io(_) => NoServer::Broken(std::io::Error::other(error.to_string())),
                _ => NoServer::Rejected(error.to_string()),
            };
            report.send(Err(no)).unwrap_or_default();
        }
    })?;
    let (port, shutdown) = started.recv().map_err(std::io::Error::other)??;
    let address = (std::net::Ipv4Addr::LOCALHOST, port).into();
    Ok(Listening::new(address, counter, thread, move || shutdown.notify()))
}

/// A client that calls an application without a socket, and its runtime.
pub(super) struct Client {
    client: asynchronous::Client,
    runtime: Runtime,
}

impl Client {
    pub(super) fn new(rocket: Rocket<Build>) -> Result<Self, NoServer> {
        let runtime = Builder::new_current_thread().build()?;
        match runtime.block_on(asynchronous::Client::untracked(rocket)) {
            Ok(client) => Ok(Self { client, runtime }),
            Err(error) => Err(NoServer::Rejected(error.to_string())),
        }
    }

    pub(super) fn ask(&self, request: &WireRequest) -> Result<Response, NotRepresentable> {
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
            // The middleware keeps its lists in hash sets.
            Ok(with_ordered_headers(observed))
        })
    }
}

/// The scripted handler, with its answer in the framework's types.
#[derive(Clone)]
pub(super) struct RocketHandler {
    pub(super) counter: ScriptedHandler,
    status: Status,
    headers: Headers,
    outer_headers: Headers,
}

type Headers = Arc<[(String, String)]>;

impl RocketHandler {
    pub(super) fn new(script: &Handler) -> Result<Self, NotRepresentable> {
        Ok(Self {
            counter: ScriptedHandler::new(script),
            status: Status::new(script.status),
            headers: texts(&script.headers)?,
            outer_headers: texts(&script.outer_headers)?,
        })
    }
}

/// Converts headers. Rocket holds their values as text.
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
        // Rocket has request guards instead of inner middlewares.
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
