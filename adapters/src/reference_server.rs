//! The reference server: the model server in front of the scripted handler. It shows that every policy can be served, and
//! the mutants change its answers.

use std::sync::Mutex;

use cors_policy::{
    Policy,
    capability::{Capability, Support},
    review::{Remark, RemarkKind, review},
    server::{Answer, ModelServer},
};
use cors_reference::{request::WireRequest, response::Response};

#[cfg(feature = "socket")]
use {
    crate::convert::{from_http_request, to_http_response},
    bytes::Bytes,
    std::sync::Arc,
};

use crate::{
    application,
    handler::{Handler, ScriptedHandler},
    in_process::in_process,
    middleware::{Description, Middleware, NoServer},
    server::{Failure, Server},
    socket::Listening,
};

/// The reference server as a middleware.
pub struct ReferenceServer;

/// A server of one policy: the model and the handler behind it.
pub struct Served {
    /// The model of the policy.
    pub model: ModelServer,
    /// The handler behind it.
    pub handler: ScriptedHandler,
    /// The state that a mutant keeps between requests.
    pub memory: Mutex<Memory>,
    /// The id of the danger for which the server gives no warning, if it is a mutant of that kind.
    pub suppressed_warning: Option<&'static str>,
}

/// The state that a mutant keeps between requests.
#[derive(Debug, Default)]
pub struct Memory {
    /// The number of requests so far.
    pub requests: u32,
    /// The last `Origin` that was allowed.
    pub origin: Option<String>,
}

impl Served {
    /// Creates a server of a policy.
    pub fn new(policy: &Policy, handler: &Handler) -> Self {
        Self {
            model: ModelServer::new(policy.clone()),
            handler: ScriptedHandler::new(handler),
            memory: Mutex::default(),
            suppressed_warning: None,
        }
    }

    /// Returns the model's answer.
    pub fn serve(&self, request: &WireRequest) -> Response {
        self.finish(request, self.model.answer(request))
    }

    /// Returns the model's answer, with another definition of the allowed origins.
    pub fn serve_as(&self, request: &WireRequest, allows: impl Fn(&str) -> bool) -> Response {
        self.finish(request, self.model.answer_as(request, allows))
    }

    /// Returns the model's answer under a changed policy.
    pub fn serve_with(&self, request: &WireRequest, change: impl FnOnce(&mut Policy)) -> Response {
        let mut policy = self.model.policy().clone();
        change(&mut policy);
        self.finish(request, ModelServer::new(policy).answer(request))
    }

    fn finish(&self, request: &WireRequest, answer: Answer) -> Response {
        match answer {
            Answer::Preflight(response) => response,
            Answer::Forward(headers) => {
                let mut response = application::answer(&self.handler, &request.method);
                headers.apply(&mut response);
                response
            }
        }
    }
}

impl Middleware for ReferenceServer {
    fn describe(&self) -> Description<'_> {
        Description {
            name: "reference",
            package: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            configured: "from the policy",
            repository: "",
            issues: "",
        }
    }

    fn support(&self, _: Capability) -> Support {
        Support::Yes("a policy")
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        build_serving(policy, handler, Served::serve, None)
    }

    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        listen_serving(policy, handler, Served::serve)
    }
}

/// A function that answers requests with the parts of the reference server.
pub type Serve = fn(&Served, &WireRequest) -> Response;

/// Builds a server that answers by a function. Without a policy it builds the control: only the handler.
///
/// # Errors
///
/// Never returns an error. The signature is that of [`Middleware::build`].
pub fn build_serving(
    policy: Option<&Policy>,
    handler: &Handler,
    serve: Serve,
    suppressed_warning: Option<&'static str>,
) -> Result<Box<dyn Server>, NoServer> {
    Ok(match policy {
        Some(policy) => {
            Box::new(Serving { served: Served { suppressed_warning, ..Served::new(policy, handler) }, serve })
        }
        None => {
            let handler = ScriptedHandler::new(handler);
            in_process(handler.clone(), move |request| {
                Ok(application::outer(&handler, application::answer(&handler, &request.method)))
            })
        }
    })
}

/// Starts the same server behind a socket.
///
/// # Errors
///
/// Returns an error if no port or thread is free.
#[cfg(feature = "socket")]
pub fn listen_serving(policy: Option<&Policy>, handler: &Handler, serve: Serve) -> Result<Listening, NoServer> {
    let served = policy.map(|policy| Arc::new(Served::new(policy, handler)));
    let handler = served.as_ref().map_or_else(|| ScriptedHandler::new(handler), |served| served.handler.clone());
    let scripted = handler.clone();
    let answer = move |request: http::Request<Bytes>| {
        let (served, scripted) = (served.clone(), scripted.clone());
        async move {
            let response = from_http_request(request)
                .map(|request| {
                    let inner = served.map_or_else(
                        || application::answer(&scripted, &request.method),
                        |served| serve(&served, &request),
                    );
                    application::outer(&scripted, inner)
                })
                .and_then(to_http_response);
            // hyper has parsed the request, so only the script can cause an error.
            Ok(response.unwrap_or_default())
        }
    };
    Ok(crate::http_server::serve(handler, answer)?)
}

/// Returns an error, because the feature `socket` is off.
///
/// # Errors
///
/// Always [`NoServer::NoSocket`].
#[cfg(not(feature = "socket"))]
pub fn listen_serving(_: Option<&Policy>, _: &Handler, _: Serve) -> Result<Listening, NoServer> {
    Err(NoServer::NoSocket)
}

struct Serving {
    served: Served,
    serve: Serve,
}

impl Server for Serving {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        Ok(application::outer(&self.served.handler, (self.serve)(&self.served, request)))
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.served.handler.take_calls()
    }

    fn warnings(&self) -> Vec<String> {
        let remarks = review(self.served.model.policy());
        let warns =
            |remark: &Remark| remark.kind == RemarkKind::Danger && self.served.suppressed_warning != Some(remark.id);
        remarks.into_iter().filter(warns).map(|remark| format!("{}: {}", remark.field, remark.message)).collect()
    }
}
