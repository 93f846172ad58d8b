//! Anyone's [`tower_layer::Layer`] or [`tower_service::Service`] around the scripted handler, without a framework.

use std::{
    convert::Infallible,
    fmt::Display,
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use cors_reference::{
    capability::{Capability, Says},
    policy::Policy,
    request::WireRequest,
    response,
};
use futures_executor::block_on;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    application::{answer, outer},
    convert::{from_http_response, to_http_request, to_http_response},
    handler::{Handler, ScriptedHandler},
};

/// The body of every request, and of what the [`Application`] answers.
pub type Body = Full<Bytes>;

/// What a future is run on to its end.
type Executor = dyn Fn(Pin<&mut dyn Future<Output = ()>>) + Send + Sync;

/// Builds a server with a policy, or the control.
type Build =
    dyn Fn(Option<&Policy>, ScriptedHandler, &Arc<Executor>) -> Result<Box<dyn Server>, NoServer> + Send + Sync;

/// The scripted handler and its router, as what a middleware is put around.
#[derive(Debug, Clone)]
pub struct Application {
    handler: ScriptedHandler,
}

/// A middleware that a function makes of a policy.
pub struct Tower {
    description: Description<'static>,
    build: Box<Build>,
    executor: Arc<Executor>,
}

/// The middleware that a function makes as a layer. It returns what the middleware cannot say as
/// [`NoServer::Unsupported`], and what it refuses as [`NoServer::Rejected`].
pub fn layer<L, B>(name: &'static str, make: impl Fn(&Policy) -> Result<L, NoServer> + Send + Sync + 'static) -> Tower
where
    L: Layer<Application>,
    L::Service: Service<Request<Body>, Response = Response<B>, Error: Display> + 'static,
    B: http_body::Body<Error: Display> + 'static,
{
    service(name, move |policy, application| Ok(make(policy)?.layer(application)))
}

/// The same, where the function returns the application with the middleware around it.
pub fn service<S, B>(
    name: &'static str,
    make: impl Fn(&Policy, Application) -> Result<S, NoServer> + Send + Sync + 'static,
) -> Tower
where
    S: Service<Request<Body>, Response = Response<B>, Error: Display> + 'static,
    B: http_body::Body<Error: Display> + 'static,
{
    let build = move |policy: Option<&Policy>, handler: ScriptedHandler, executor: &Arc<Executor>| {
        let application = Application { handler: handler.clone() };
        let executor = executor.clone();
        let server: Box<dyn Server> = match policy {
            Some(policy) => Box::new(TowerServer { service: make(policy, application)?, handler, executor }),
            None => Box::new(TowerServer { service: application, handler, executor }),
        };
        Ok(server)
    };
    let description =
        Description { name, package: name, version: "", configured: "by a function", repository: "", issues: "" };
    Tower { description, build: Box::new(build), executor: Arc::new(|future| block_on(future)) }
}

impl Tower {
    /// The same, on an executor of one's own, such as a runtime that a middleware needs for its timers:
    /// `.on(move |future| runtime.block_on(future))`.
    #[must_use]
    pub fn on(self, executor: impl Fn(Pin<&mut dyn Future<Output = ()>>) + Send + Sync + 'static) -> Self {
        Self { executor: Arc::new(executor), ..self }
    }
}

impl Middleware for Tower {
    fn describe(&self) -> Description<'_> {
        self.description
    }

    /// The function itself says what it cannot.
    fn says(&self, _: Capability) -> Says {
        Says::Yes("the function")
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        // What the types cannot hold is told before anything is asked.
        to_http_response::<Bytes>(handler.answer())?;
        (self.build)(policy, ScriptedHandler::new(handler), &self.executor)
    }
}

impl<B> Service<Request<B>> for Application {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (handler, method) = (self.handler.clone(), request.method().clone());
        // A handler that panics does so as it runs, and not as it is called.
        Box::pin(async move { Ok(to_http_response(answer(&handler, method.as_str())).unwrap_or_default()) })
    }
}

struct TowerServer<S> {
    service: S,
    handler: ScriptedHandler,
    executor: Arc<Executor>,
}

impl<S, B> TowerServer<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error: Display>,
    B: http_body::Body<Error: Display>,
{
    async fn ask(&mut self, request: Request<Body>) -> Result<Response<Bytes>, String> {
        poll_fn(|context| self.service.poll_ready(context)).await.map_err(|error| error.to_string())?;
        let (parts, body) = self.service.call(request).await.map_err(|error| error.to_string())?.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }
}

impl<S, B> Server for TowerServer<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error: Display>,
    B: http_body::Body<Error: Display>,
{
    fn answer(&mut self, request: &WireRequest) -> Result<response::Response, Failure> {
        let request = to_http_request::<Body>(request)?;
        let (executor, mut answered) = (self.executor.clone(), None);
        executor(std::pin::pin!(async { answered = Some(self.ask(request).await) }));
        let response = match answered {
            Some(Ok(response)) => from_http_response(response)?,
            // The application returns no error, so it is the middleware's own: as frameworks do, it becomes an answer.
            Some(Err(error)) => response::Response { body: error.into_bytes(), ..response::Response::new(500) },
            None => return Err(NotRepresentable("the executor did not run the future to its end".to_owned()).into()),
        };
        Ok(outer(&self.handler, response))
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
