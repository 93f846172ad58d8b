//! [`actix_cors::Cors`](https://docs.rs/actix-cors/0.7.2/actix_cors/struct.Cors.html).

use actix_cors::Cors;
use actix_http::Request;
use actix_web::{
    App, HttpResponse, HttpResponseBuilder,
    body::{MessageBody, to_bytes},
    dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        Method, StatusCode,
        header::{HeaderName, HeaderValue},
    },
    middleware::Condition,
    test::{TestRequest, init_service},
    web,
};
use cors_reference::{
    capability::{Capability, Says},
    origin_set::{OriginPattern, OriginSet},
    policy::{Policy, Wish},
    request::WireRequest,
    response::Response,
};
use futures_executor::block_on;

#[cfg(feature = "socket")]
use {
    crate::socket::Listening,
    actix_web::{HttpServer, rt::System},
};

use crate::{
    Description, Middleware, NoServer, NotRepresentable, Server,
    handler::{Handler, Route, ScriptedHandler},
    steady::in_steady_order,
};

/// actix-cors around an application.
struct ActixCors;

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[&ActixCors];

impl Middleware for ActixCors {
    fn describe(&self) -> Description {
        Description {
            name: "actix-cors",
            package: "actix-cors",
            version: "0.7.2",
            configured: "allowed_origin, and allowed_origin_fn where an entry is a pattern",
            repository: "https://github.com/actix/actix-extras",
            issues: "https://github.com/actix/actix-extras/issues",
        }
    }

    fn says(&self, capability: Capability) -> Says {
        match capability {
            Capability::AnyOrigin => Says::Yes("Cors::allow_any_origin and Cors::send_wildcard"),
            Capability::MirrorOrigin => Says::Yes("Cors::allow_any_origin"),
            Capability::NoOrigin => Says::Yes("Cors::default"),
            Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Says::Yes("Cors::allowed_origin")
            }
            Capability::SubdomainPattern | Capability::PortPattern => Says::Yes("Cors::allowed_origin_fn"),
            Capability::Credentials => Says::Yes("Cors::supports_credentials"),
            Capability::AnyMethod => Says::No("allow_any_method lists nine standard methods, which is less than `*`"),
            Capability::MirrorMethod => Says::No("no option answers with the method that was asked for"),
            Capability::ListedMethod => Says::Yes("Cors::allowed_methods"),
            Capability::AnyRequestHeader => {
                Says::No("allow_any_header answers with the names asked for, which is more than `*`")
            }
            Capability::MirrorRequestHeader => Says::Yes("Cors::allow_any_header"),
            Capability::ListedRequestHeader => Says::Yes("Cors::allowed_headers"),
            Capability::AnyExposedHeader => Says::Yes("Cors::expose_any_header"),
            Capability::ListedExposedHeader => Says::Yes("Cors::expose_headers"),
            Capability::MaxAge => Says::Yes("Cors::max_age"),
            Capability::PrivateNetwork => Says::Yes("Cors::allow_private_network_access"),
        }
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        carries(handler)?;
        let handler = ScriptedHandler::new(handler);
        let cors = policy.map(cors).transpose()?;
        // A configuration that actix-cors refuses panics here, at start; its reason goes to the `log` crate.
        let call = caller(block_on(init_service(application(cors, handler.clone()))));
        Ok(Box::new(ActixServer { call, handler }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        // What is refused shows here; a server would end its worker for it, and tell nobody.
        self.build(policy, handler)?;
        Ok(serve(policy.cloned(), ScriptedHandler::new(handler))?)
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
    let (inner, outer) = (handler.clone(), handler.clone());
    let route = handler.script().route;
    let respond = move || {
        let response = handler.respond().map_err(error).map(|response| to_actix(&response));
        async move { response }
    };
    let application = App::new();
    let application = match route {
        Route::Every => application.default_service(web::to(respond)),
        Route::GetOnly => application.route("/{path}*", web::get().to(respond)),
        Route::Missing => application,
    };
    // The last to wrap is the outermost.
    application
        .wrap_fn(move |request, next| {
            let answer = match inner.inner_failure() {
                Some(status) => Err(error(status)),
                None => Ok(next.call(request)),
            };
            async move { answer?.await }
        })
        .wrap(Condition::new(is_on, cors.unwrap_or_default()))
        .wrap_fn(move |request, next| {
            let outer = outer.clone();
            let answer = next.call(request);
            async move {
                let mut response = answer.await?;
                for (name, value) in outer.script().outer_headers.iter() {
                    if let Ok((name, value)) = pair(name.as_str(), value.as_bytes()) {
                        response.headers_mut().append(name, value);
                    }
                }
                Ok(response)
            }
        })
}

/// The framework's error of that status.
fn error(status: u16) -> actix_web::Error {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    InternalError::new("the handler fails, as scripted", status).into()
}

/// The configuration that says the policy.
fn cors(policy: &Policy) -> Result<Cors, NoServer> {
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
        Wish::Any | Wish::Mirror => {}
    }
    match &policy.request_headers {
        Wish::List(names) => cors = cors.allowed_headers(names.iter().map(|name| name.as_str())),
        Wish::Any | Wish::Mirror => cors = cors.allow_any_header(),
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
    let max_age = policy.max_age.map(usize::try_from).transpose().map_err(not_representable)?;
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

/// Whether the framework's types can hold what the script says.
fn carries(handler: &Handler) -> Result<(), NotRepresentable> {
    StatusCode::from_u16(handler.status).map_err(not_representable)?;
    let headers = handler.headers.iter().chain(handler.outer_headers.iter());
    headers.map(|(name, value)| pair(name.as_str(), value.as_bytes()).map(drop)).collect()
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
