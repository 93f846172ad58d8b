//! [`actix_cors::Cors`](https://docs.rs/actix-cors/0.7.2/actix_cors/struct.Cors.html).

use actix_cors::Cors;
use actix_http::Request;
use actix_web::{
    App, HttpResponse, HttpResponseBuilder,
    body::{MessageBody, to_bytes},
    dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{HeaderName, HeaderValue},
    },
    middleware::Condition,
    test::{TestRequest, init_service},
    web,
};
use cors_reference::{
    origin_set::{OriginPattern, OriginSet},
    policy::{Policy, Wish},
    request::WireRequest,
    response::Response,
};
use futures_executor::block_on;

#[cfg(feature = "socket")]
use {
    crate::socket::{Listen, Listening},
    actix_web::{HttpServer, rt::System},
};

use crate::{
    Build, Description, Middleware, NotRepresentable, Server,
    handler::{Handler, ScriptedHandler},
    steady::in_steady_order,
};

/// actix-cors around an application with one default service.
pub struct ActixCors;

impl Middleware for ActixCors {
    fn describe(&self) -> Description {
        Description { name: "actix-cors", version: "0.7.2" }
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Build {
        let handler = ScriptedHandler::new(handler);
        match policy.map(cors).transpose() {
            Ok(cors) => {
                // A configuration that actix-cors refuses panics here, at start; its reason goes to the `log` crate.
                let call = caller(block_on(init_service(application(cors, handler.clone()))));
                Build::Ready(Box::new(ActixServer { call, handler }))
            }
            Err(unsupported) => Build::Unsupported(unsupported),
        }
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Listen {
        // What is refused shows here; a server would end its worker for it, and tell nobody.
        match self.build(policy, handler) {
            Build::Ready(_) => serve(policy.cloned(), ScriptedHandler::new(handler)).into(),
            Build::Unsupported(why) => Listen::Unsupported(why),
            Build::Rejected(message) => Listen::Rejected(message),
        }
    }
}

/// A real server of one worker, on a thread of its own.
#[cfg(feature = "socket")]
fn serve(policy: Option<Policy>, handler: ScriptedHandler) -> std::io::Result<Listening> {
    let scripted = handler.clone();
    let server = HttpServer::new(move || {
        crate::catch::hush();
        // Each worker builds its own; that the policy can be said is known by now.
        application(policy.as_ref().and_then(|policy| cors(policy).ok()), scripted.clone())
    });
    let server = server.workers(1).disable_signals().bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let address = server.addrs().first().copied().ok_or(std::io::ErrorKind::AddrNotAvailable)?;
    let server = server.run();
    let handle = server.handle();
    let thread = std::thread::Builder::new().spawn(move || {
        crate::catch::hush();
        System::new().block_on(server).unwrap_or_default();
    })?;
    // The order to stop is given at once; what is dropped is the wait for its end, which is the thread's.
    Ok(Listening::new(address, handler, thread, move || drop(handle.stop(false))))
}

/// The application that both modes serve: the middleware, or none for the control, around one default service.
fn application(
    cors: Option<Cors>,
    handler: ScriptedHandler,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let is_on = cors.is_some();
    let service = web::to(move || {
        let response = to_actix(&handler.respond());
        async move { response }
    });
    App::new().default_service(service).wrap(Condition::new(is_on, cors.unwrap_or_default()))
}

/// The configuration that says the policy.
fn cors(policy: &Policy) -> Result<Cors, String> {
    let mut cors = Cors::default();
    match &policy.origins {
        // "send_wildcard: Set to use wildcard origins"; without it any origin is reflected.
        Wish::Any => cors = cors.allow_any_origin().send_wildcard(),
        Wish::Mirror => cors = cors.allow_any_origin(),
        Wish::List(patterns) => {
            for pattern in patterns.iter().filter(|pattern| pattern.is_exact()) {
                cors = cors.allowed_origin(pattern.as_str());
            }
            // "allowed_origin_fn: Determinate allowed origins by processing requests which didn't match
            // any origins specified in the allowed_origin."
            let others: Vec<OriginPattern> = patterns.iter().filter(|pattern| !pattern.is_exact()).cloned().collect();
            if !others.is_empty() {
                let set = OriginSet::new(&others);
                cors = cors.allowed_origin_fn(move |origin, _| set.contains(origin.as_bytes()));
            }
        }
    }
    match &policy.methods {
        Wish::List(methods) => {
            // The request's method is compared with the list whatever it is, so that GET, HEAD and POST are
            // listed as the crate's own example does.
            let methods = ["GET", "HEAD", "POST"].into_iter().chain(methods.iter().map(|method| method.as_str()));
            cors = cors.allowed_methods(methods);
        }
        Wish::Any => return Err("allow_any_method lists nine standard methods, which is less than `*`".to_owned()),
        Wish::Mirror => return Err("no option answers with the method that was asked for".to_owned()),
    }
    match &policy.request_headers {
        Wish::List(names) => cors = cors.allowed_headers(names.iter().map(|name| name.as_str())),
        Wish::Mirror => cors = cors.allow_any_header(),
        Wish::Any => return Err("allow_any_header answers with the names asked for, which is more than `*`".to_owned()),
    }
    match &policy.exposed_headers {
        Wish::List(names) => cors = cors.expose_headers(names.iter().map(|name| name.as_str())),
        Wish::Any | Wish::Mirror => cors = cors.expose_any_header(),
    }
    if policy.credentials {
        cors = cors.supports_credentials();
    }
    if policy.private_network {
        cors = cors.allow_private_network_access();
    }
    let max_age = policy.max_age.map(usize::try_from).transpose().map_err(|error| error.to_string())?;
    Ok(cors.max_age(max_age))
}

type Call = Box<dyn Fn(TestRequest) -> Result<Response, NotRepresentable>>;

/// A started application, asked without a socket.
fn caller<S, B>(service: S) -> Call
where
    S: Service<Request, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    Box::new(move |request| block_on(async { observed(service.call(request.to_request()).await).await }))
}

struct ActixServer {
    call: Call,
    handler: ScriptedHandler,
}

impl Server for ActixServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, NotRepresentable> {
        let method = Method::from_bytes(request.method.as_bytes()).map_err(not_representable)?;
        let mut built = TestRequest::with_uri(request.url.as_str()).method(method);
        for (name, value) in request.headers.iter() {
            built = built.append_header(pair(name.as_str(), value.as_bytes())?);
        }
        (self.call)(built.set_payload(request.body.clone().unwrap_or_default()))
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}

fn pair(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue), NotRepresentable> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(not_representable)?;
    Ok((name, HeaderValue::from_bytes(value).map_err(not_representable)?))
}

/// The handler's response, in the framework's types.
fn to_actix(response: &Response) -> HttpResponse {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut built = HttpResponseBuilder::new(status);
    for (name, value) in response.headers.iter() {
        built.append_header((name.as_str(), value.as_bytes()));
    }
    built.body(response.body.clone())
}

/// The framework's response, in the model's types. A server turns an error into its response, as here.
async fn observed<B: MessageBody + 'static>(
    result: Result<ServiceResponse<B>, actix_web::Error>,
) -> Result<Response, NotRepresentable> {
    let response = match result {
        Ok(response) => HttpResponse::from(response).map_into_boxed_body(),
        Err(error) => error.error_response(),
    };
    let mut observed = Response::new(response.status().as_u16());
    for (name, value) in response.headers() {
        let name = name.as_str().parse().map_err(not_representable)?;
        observed.headers.append(name, cors_reference::header::HeaderValue::from_wire(value.as_bytes()));
    }
    observed.body = to_bytes(response.into_body()).await.map_err(not_representable)?.to_vec();
    // actix-web keeps headers, and actix-cors its lists, in hash maps.
    Ok(in_steady_order(observed))
}

fn not_representable(error: impl std::fmt::Display) -> NotRepresentable {
    NotRepresentable(error.to_string())
}
