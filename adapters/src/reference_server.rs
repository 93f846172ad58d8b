//! The reference server: the model server in front of the scripted handler. It shows that every
//! permitted freedom can be served, and is what the mutants start from.

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
    http_body_util::{BodyExt, Full},
    std::sync::Arc,
};

use crate::{
    Description, Failure, Middleware, NoServer, Server, application,
    handler::{Handler, ScriptedHandler},
    socket::Listening,
};

/// The reference server as a middleware.
pub struct ReferenceServer;

/// The model of one policy, and the handler behind it.
pub struct Served {
    /// The model of the policy.
    pub model: ModelServer,
    /// The handler behind it.
    pub handler: ScriptedHandler,
    /// What a mutant keeps between requests.
    pub memory: Mutex<Memory>,
    /// The danger of the policy that it gives no warning of.
    pub suppressed_warning: Option<&'static str>,
}

/// What a mutant keeps between requests.
#[derive(Debug, Default)]
pub struct Memory {
    /// How many requests there were.
    pub requests: u32,
    /// The `Origin` that was allowed last.
    pub origin: Option<String>,
}

impl Served {
    /// A server of that policy.
    pub fn new(policy: &Policy, handler: &Handler) -> Self {
        Self {
            model: ModelServer::new(policy.clone()),
            handler: ScriptedHandler::new(handler),
            memory: Mutex::default(),
            suppressed_warning: None,
        }
    }

    /// The model's answer.
    pub fn serve(&self, request: &WireRequest) -> Response {
        self.finish(request, self.model.answer(request))
    }

    /// The model's answer, with another's word on which origins are allowed.
    pub fn serve_as(&self, request: &WireRequest, allows: impl Fn(&str) -> bool) -> Response {
        self.finish(request, self.model.answer_as(request, allows))
    }

    /// The model's answer under a changed policy.
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

/// What a server answers, with the reference server's parts at hand.
pub type Serve = fn(&Served, &WireRequest) -> Response;

/// A server whose answers are a function of [`Served`], or without a policy the handler alone.
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
        None => Box::new(Bare(ScriptedHandler::new(handler))),
    })
}

/// The same behind a socket.
#[cfg(feature = "socket")]
pub fn listen_serving(policy: Option<&Policy>, handler: &Handler, serve: Serve) -> Result<Listening, NoServer> {
    let served = policy.map(|policy| Arc::new(Served::new(policy, handler)));
    let handler = served.as_ref().map_or_else(|| ScriptedHandler::new(handler), |served| served.handler.clone());
    let scripted = handler.clone();
    let answer = move |request: http::Request<Full<Bytes>>| {
        let (served, scripted) = (served.clone(), scripted.clone());
        async move {
            let (parts, body) = request.into_parts();
            let Ok(body) = body.collect().await;
            let response = from_http_request(http::Request::from_parts(parts, body.to_bytes()))
                .map(|request| {
                    let inner = served.map_or_else(
                        || application::answer(&scripted, &request.method),
                        |served| serve(&served, &request),
                    );
                    application::outer(&scripted, inner)
                })
                .and_then(to_http_response);
            // hyper has parsed the request, so that only a script can be what is not representable.
            Ok(response.unwrap_or_default())
        }
    };
    Ok(crate::http_server::serve(handler, answer)?)
}

/// Without the feature there is none.
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

/// The handler alone: the control.
struct Bare(ScriptedHandler);

impl Server for Bare {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        Ok(application::outer(&self.0, application::answer(&self.0, &request.method)))
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.0.take_calls()
    }
}
