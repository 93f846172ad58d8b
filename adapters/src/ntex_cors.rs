//! [`ntex_cors::Cors`](https://docs.rs/ntex-cors/3.2.1/ntex_cors/struct.Cors.html) around an application of ntex.

use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
};
use cors_reference::{header_list::HeaderList, request::WireRequest, response::Response};
use futures_executor::block_on;
use ntex::{
    Middleware as NtexMiddleware, Pipeline, Service, ServiceCtx, SharedCfg,
    http::{
        HeaderMap, Method, Request, StatusCode,
        error::ResponseError,
        header::{HeaderName, HeaderValue},
    },
    util::stream_recv,
    web::{
        self, App, DefaultError, Error, HttpResponse, WebRequest, WebResponse,
        error::InternalError,
        test::{TestRequest, init_service, read_body},
    },
};
use ntex_cors::{Cors, CorsFactory, CorsMiddleware};
use url::Position;

#[cfg(feature = "socket")]
use crate::socket::Listening;
use crate::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    handler::{Handler, Route, ScriptedHandler},
    not_representable,
    ordered_headers::with_ordered_headers,
};

/// A row: ntex-cors, configured in one way.
struct NtexCors {
    name: &'static str,
    configured: &'static str,
    fixed: Option<&'static str>,
}

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &NtexCors { name: "ntex-cors", configured: "Cors::allowed_origin", fixed: None },
    // "Build a new CORS default middleware": every origin and header echoed, seven methods.
    &NtexCors {
        name: "ntex-cors:default",
        configured: "Cors::default",
        fixed: Some(
            r#"{"origins": "mirror", "methods": ["OPTIONS", "PUT", "PATCH", "DELETE"], "request_headers": "mirror"}"#,
        ),
    },
];

impl Middleware for NtexCors {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "ntex-cors",
            version: "3.2.1",
            configured: self.configured,
            repository: "https://github.com/ntex-rs/ntex-extras",
            issues: "https://github.com/ntex-rs/ntex-extras/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin => Support::Yes("Cors::allowed_origin with `*`, and Cors::send_wildcard"),
            Capability::MirrorOrigin => Support::Yes("Cors::allowed_origin with `*`"),
            Capability::NoOrigin => Support::No("without an origin every origin is allowed"),
            Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes("Cors::allowed_origin")
            }
            Capability::SubdomainPattern | Capability::PortPattern => Support::No("origins are compared as text"),
            Capability::Credentials => Support::Yes("Cors::supports_credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => Support::No("methods are a list"),
            Capability::ListedMethod => Support::Yes("Cors::allowed_methods"),
            Capability::AnyRequestHeader => Support::No("without a list the names asked for are echoed"),
            Capability::MirrorRequestHeader => Support::Yes("Cors without allowed_headers"),
            Capability::ListedRequestHeader => Support::Yes("Cors::allowed_headers"),
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
        let handler = NtexHandler::new(handler)?;
        let counter = handler.counter.clone();
        let cors = match policy {
            None => None,
            Some(_) if self.fixed.is_some() => Some(Cors::default()),
            Some(policy) => Some(cors(policy)?),
        };
        let pipeline = block_on(init_service(application!(cors, handler)));
        Ok(Box::new(NtexServer { call: caller(pipeline), counter }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        // What is refused shows here; a server would end its worker for it.
        self.build(policy, handler)?;
        let is_fixed = self.fixed.is_some();
        let configure = move |policy: &Policy| if is_fixed { Some(Cors::default()) } else { cors(policy).ok() };
        Ok(serve(policy.cloned(), configure, NtexHandler::new(handler)?)?)
    }
}

/// The configuration that says the policy.
fn cors(policy: &Policy) -> Result<CorsFactory<DefaultError>, NotRepresentable> {
    let mut cors = Cors::new();
    match &policy.origins {
        // "send_wildcard: Set a wildcard origins"; without it any origin is reflected.
        AllowList::Any => cors = cors.allowed_origin("*").send_wildcard(),
        AllowList::Mirror => cors = cors.allowed_origin("*"),
        AllowList::List(origins) => {
            for origin in origins {
                cors = cors.allowed_origin(origin.as_str());
            }
        }
    }
    // The request's method is compared with the list whatever it is, so that GET, HEAD and POST are listed as in the
    // crate's own example.
    let methods = ["GET", "HEAD", "POST"].into_iter().chain(policy.methods.list().iter().map(|method| method.as_str()));
    cors = cors.allowed_methods(methods);
    if let AllowList::List(names) = &policy.request_headers {
        // An empty list would be no list, and echo every name: one that no page can set makes it a list.
        let names = names.iter().map(|name| name.as_str()).chain(names.is_empty().then_some("host"));
        cors = cors.allowed_headers(names);
    }
    cors = cors.expose_headers(policy.exposed_headers.list().iter().map(|name| name.as_str()));
    if policy.credentials {
        cors = cors.supports_credentials();
    }
    if let Some(seconds) = policy.max_age {
        cors = cors.max_age(usize::try_from(seconds).map_err(not_representable)?);
    }
    Ok(cors.finish())
}

/// The application: the middleware, or none for the control, between an inner and an outer one. The last is the outermost.
macro_rules! application {
    ($cors:expr, $handler:expr) => {{
        let handler: NtexHandler = $handler;
        let (refuse, append) =
            (Refuse(handler.counter.inner_failure().map(status)), Append(handler.outer_headers.clone()));
        let route = handler.counter.script().route;
        let respond = async move || handler.respond();
        let application = match route {
            Route::Every => App::new().default_service(web::to(respond)),
            Route::GetOnly => App::new().route("/{path}*", web::get().to(respond)),
            Route::Missing => App::new(),
        };
        application.middleware(refuse).middleware(MaybeCors($cors)).middleware(append)
    }};
}
use application;

/// A real server of one worker, on a thread of its own.
#[cfg(feature = "socket")]
fn serve(
    policy: Option<Policy>,
    configure: impl Fn(&Policy) -> Option<CorsFactory<DefaultError>> + Clone + Send + 'static,
    handler: NtexHandler,
) -> std::io::Result<Listening> {
    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let (address, counter) = (listener.local_addr()?, handler.counter.clone());
    let (tell, told) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let thread = std::thread::Builder::new().spawn(move || {
        crate::catch::hush();
        let system = ntex::rt::System::new("ntex-cors", ntex::rt::DefaultRuntime);
        let ended = system.run(move || {
            let server = web::server(async move || {
                crate::catch::hush();
                application!(policy.as_ref().and_then(&configure), handler.clone())
            });
            let server = server.workers(1).disable_signals().listen(listener)?.run();
            ntex::rt::spawn(async move {
                // It ends when the sender is dropped.
                stopped.await.unwrap_or_default();
                server.stop(false).await;
                ntex::rt::System::current().stop();
            });
            tell.send(()).map_err(|_| std::io::ErrorKind::BrokenPipe.into())
        });
        ended.unwrap_or_default();
    })?;
    told.recv().map_err(std::io::Error::other)?;
    Ok(Listening::new(address, counter, thread, move || drop(stop)))
}

/// The handler, with what it answers in the framework's types.
#[derive(Clone)]
struct NtexHandler {
    counter: ScriptedHandler,
    status: StatusCode,
    headers: Headers,
    outer_headers: Headers,
}

type Headers = Vec<(HeaderName, HeaderValue)>;

impl NtexHandler {
    fn new(script: &Handler) -> Result<Self, NotRepresentable> {
        Ok(Self {
            counter: ScriptedHandler::new(script),
            status: StatusCode::from_u16(script.status).map_err(not_representable)?,
            headers: pairs(&script.headers)?,
            outer_headers: pairs(&script.outer_headers)?,
        })
    }

    fn respond(&self) -> Result<HttpResponse, Error> {
        self.counter.call().map_err(error)?;
        let mut response = HttpResponse::build(self.status).body(self.counter.script().body.clone());
        append(response.headers_mut(), &self.headers);
        Ok(response)
    }
}

fn pairs(list: &HeaderList) -> Result<Headers, NotRepresentable> {
    list.iter().map(|(name, value)| pair(name.as_str(), value.as_bytes())).collect()
}

fn pair(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue), NotRepresentable> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(not_representable)?;
    Ok((name, HeaderValue::from_bytes(value).map_err(not_representable)?))
}

fn append(map: &mut HeaderMap, headers: &Headers) {
    for (name, value) in headers {
        map.append(name.clone(), value.clone());
    }
}

fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The framework's error of that status.
fn error(code: u16) -> Error {
    InternalError::default("the handler fails, as scripted", status(code)).into()
}

/// The middleware under test, or nothing.
struct MaybeCors(Option<CorsFactory<DefaultError>>);

enum MaybeCorsService<S> {
    With(CorsMiddleware<S>),
    Without(S),
}

impl<S> NtexMiddleware<S, SharedCfg> for MaybeCors
where
    S: Service<WebRequest<DefaultError>, Response = WebResponse, Error = Error>,
{
    type Service = MaybeCorsService<S>;

    fn create(&self, service: S, cfg: SharedCfg) -> Self::Service {
        match &self.0 {
            Some(cors) => MaybeCorsService::With(cors.create(service, cfg)),
            None => MaybeCorsService::Without(service),
        }
    }
}

impl<S> Service<WebRequest<DefaultError>> for MaybeCorsService<S>
where
    S: Service<WebRequest<DefaultError>, Response = WebResponse, Error = Error>,
{
    type Response = WebResponse;
    type Error = Error;

    async fn call(&self, request: WebRequest<DefaultError>, ctx: ServiceCtx<'_, Self>) -> Result<WebResponse, Error> {
        match self {
            Self::With(service) => ctx.call(service, request).await,
            Self::Without(service) => ctx.call(service, request).await,
        }
    }
}

/// A middleware that refuses every request where there is a status to do so with.
struct Refuse(Option<StatusCode>);

struct RefuseService<S>(S, Option<StatusCode>);

impl<S> NtexMiddleware<S, SharedCfg> for Refuse {
    type Service = RefuseService<S>;

    fn create(&self, service: S, _: SharedCfg) -> Self::Service {
        RefuseService(service, self.0)
    }
}

impl<S> Service<WebRequest<DefaultError>> for RefuseService<S>
where
    S: Service<WebRequest<DefaultError>, Response = WebResponse, Error = Error>,
{
    type Response = WebResponse;
    type Error = Error;

    async fn call(&self, request: WebRequest<DefaultError>, ctx: ServiceCtx<'_, Self>) -> Result<WebResponse, Error> {
        match self.1 {
            Some(status) => Err(error(status.as_u16())),
            None => ctx.call(&self.0, request).await,
        }
    }
}

/// A middleware that appends headers to every answer.
struct Append(Headers);

struct AppendService<S>(S, Headers);

impl<S> NtexMiddleware<S, SharedCfg> for Append {
    type Service = AppendService<S>;

    fn create(&self, service: S, _: SharedCfg) -> Self::Service {
        AppendService(service, self.0.clone())
    }
}

impl<S> Service<WebRequest<DefaultError>> for AppendService<S>
where
    S: Service<WebRequest<DefaultError>, Response = WebResponse, Error = Error>,
{
    type Response = WebResponse;
    type Error = Error;

    async fn call(&self, request: WebRequest<DefaultError>, ctx: ServiceCtx<'_, Self>) -> Result<WebResponse, Error> {
        let mut response = ctx.call(&self.0, request).await?;
        append(response.headers_mut(), &self.1);
        Ok(response)
    }
}

type Call = Box<dyn Fn(TestRequest) -> Response>;

/// A started application, asked without a socket. A server turns an error into its response, as here.
fn caller<S>(pipeline: Pipeline<S>) -> Call
where
    S: Service<Request, Response = WebResponse> + 'static,
    S::Error: ResponseError,
{
    Box::new(move |request| {
        block_on(async {
            match pipeline.call(request.to_request()).await {
                Ok(response) => {
                    let mut observed = observed(response.status(), response.headers());
                    observed.body = read_body(response).await.to_vec();
                    observed
                }
                Err(error) => {
                    let mut response = error.error_response();
                    let mut observed = observed(response.status(), response.headers());
                    let mut body = response.take_body();
                    while let Some(Ok(chunk)) = stream_recv(&mut body).await {
                        observed.body.extend_from_slice(&chunk);
                    }
                    observed
                }
            }
        })
    })
}

fn observed(status: StatusCode, headers: &HeaderMap) -> Response {
    let mut observed = Response::new(status.as_u16());
    for (name, value) in headers {
        if let Ok(name) = name.as_str().parse() {
            observed.headers.append(name, cors_reference::header::HeaderValue::from_wire(value.as_bytes()));
        }
    }
    observed
}

struct NtexServer {
    call: Call,
    counter: ScriptedHandler,
}

impl Server for NtexServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        let method = Method::from_bytes(request.method.as_bytes()).map_err(not_representable)?;
        let target = &request.url[Position::BeforePath..Position::AfterQuery];
        let mut built = TestRequest::default().method(method).uri(target);
        if !request.headers.contains("Host") {
            let (name, value) = pair("host", request.url[Position::BeforeHost..Position::AfterPort].as_bytes())?;
            built = built.header(name, value);
        }
        for (name, value) in request.headers.iter() {
            let (name, value) = pair(name.as_str(), value.as_bytes())?;
            built = built.header(name, value);
        }
        let response = (self.call)(built.set_payload(request.body.clone().unwrap_or_default()));
        // ntex keeps headers, and ntex-cors its lists, in hash maps.
        Ok(with_ordered_headers(response))
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.counter.take_calls()
    }
}
