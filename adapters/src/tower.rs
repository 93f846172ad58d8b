//! Any [`tower_layer::Layer`] or [`tower_service::Service`] around the scripted handler, without a framework.

use std::{
    convert::Infallible,
    fmt::Display,
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use cors_policy::{
    Policy,
    capability::{Capability, Support},
};
use cors_reference::response;
use futures_executor::block_on;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    application::{answer, outer},
    convert::{from_http_response, to_http_request, to_http_response},
    handler::{Handler, ScriptedHandler},
    in_process::in_process,
    middleware::{Description, Middleware, NoServer},
    server::{NotRepresentable, Server},
};

/// The body of requests, and of the answers of [`Application`].
pub type Body = Full<Bytes>;

/// Runs a future to its end.
type Executor = dyn Fn(Pin<&mut dyn Future<Output = ()>>) + Send + Sync;

/// Builds a server for a policy, or the control without one.
type Build =
    dyn Fn(Option<&Policy>, ScriptedHandler, &Arc<Executor>) -> Result<Box<dyn Server>, NoServer> + Send + Sync;

/// The scripted handler and its router: the application that a middleware is put around.
#[derive(Debug, Clone)]
pub struct Application {
    handler: ScriptedHandler,
}

/// A middleware that a function makes from a policy.
pub struct Tower {
    description: Description<'static>,
    build: Box<Build>,
    executor: Arc<Executor>,
}

/// Returns a middleware whose layers a function makes from policies. The function returns [`NoServer::Unsupported`] for a
/// policy that the middleware cannot express, and [`NoServer::Rejected`] for one that it refuses.
pub fn layer<L, B>(name: &'static str, make: impl Fn(&Policy) -> Result<L, NoServer> + Send + Sync + 'static) -> Tower
where
    L: Layer<Application>,
    L::Service: Service<Request<Body>, Response = Response<B>, Error: Display> + 'static,
    B: http_body::Body<Error: Display> + 'static,
{
    service(name, move |policy, application| Ok(make(policy)?.layer(application)))
}

/// Returns a middleware like [`layer`] does. The function returns the given application with the middleware around it.
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
        Ok(match policy {
            Some(policy) => server(make(policy, application)?, handler, executor),
            None => server(application, handler, executor),
        })
    };
    let description =
        Description { name, package: name, version: "", configured: "by a function", repository: "", issues: "" };
    Tower { description, build: Box::new(build), executor: Arc::new(|future| block_on(future)) }
}

impl Tower {
    /// Sets the executor that runs each request, such as a runtime that a middleware needs for its timers:
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

    /// The function reports unsupported policies itself.
    fn support(&self, _: Capability) -> Support {
        Support::Yes("the function")
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        // Reports an answer that the types cannot hold before the first request.
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
        // A handler panics when its future runs, not when it is called.
        Box::pin(async move { Ok(to_http_response(answer(&handler, method.as_str())).unwrap_or_default()) })
    }
}

/// Returns a server that calls a service on an executor.
fn server<S, B>(mut service: S, handler: ScriptedHandler, executor: Arc<Executor>) -> Box<dyn Server>
where
    S: Service<Request<Body>, Response = Response<B>, Error: Display> + 'static,
    B: http_body::Body<Error: Display> + 'static,
{
    in_process(handler.clone(), move |request| {
        let request = to_http_request::<Body>(request)?;
        let mut answered = None;
        executor(std::pin::pin!(async { answered = Some(ask(&mut service, request).await) }));
        let response = match answered {
            Some(Ok(response)) => from_http_response(response)?,
            // The application returns no error, so this one is the middleware's. Frameworks turn it into an answer, too.
            Some(Err(error)) => response::Response { body: error.into_bytes(), ..response::Response::new(500) },
            None => return Err(NotRepresentable("the executor did not run the future to its end".to_owned()).into()),
        };
        Ok(outer(&handler, response))
    })
}

async fn ask<S, B>(service: &mut S, request: Request<Body>) -> Result<Response<Bytes>, String>
where
    S: Service<Request<Body>, Response = Response<B>, Error: Display>,
    B: http_body::Body<Error: Display>,
{
    poll_fn(|context| service.poll_ready(context)).await.map_err(|error| error.to_string())?;
    let (parts, body) = service.call(request).await.map_err(|error| error.to_string())?.into_parts();
    let body = body.collect().await.map_err(|error| error.to_string())?;
    Ok(Response::from_parts(parts, body.to_bytes()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use cors_reference::request::WireRequest;

    use super::*;
    use crate::{
        middleware::build,
        server::{Failure, observe},
    };

    fn observe_get(tower: &Tower) -> (Result<response::Response, Failure>, u32) {
        let mut server = build(tower, Some(&Policy::default()), &Handler::default()).unwrap();
        let url = "https://api.example/".parse().unwrap();
        let request = WireRequest { method: "GET".to_owned(), url, headers: Default::default(), body: None };
        let observation = observe(server.as_mut(), &request);
        (observation.result, observation.handler_calls)
    }

    #[test]
    fn the_application_behind_a_layer_answers_and_counts() {
        let (result, calls) = observe_get(&layer("identity", |_| Ok(tower_layer::Identity::new())));
        assert_eq!((result.unwrap().body, calls), (b"ok".to_vec(), 1));
    }

    #[test]
    fn the_function_rejects_a_policy_with_its_own_message() {
        let refuses = layer("refuses", |_| Err::<tower_layer::Identity, _>(NoServer::Rejected("not so".to_owned())));
        let refused = build(&refuses, Some(&Policy::default()), &Handler::default()).err();
        assert!(matches!(refused, Some(NoServer::Rejected(message)) if message == "not so"));
        assert!(build(&refuses, None, &Handler::default()).is_ok(), "the control has no middleware");
    }

    #[test]
    fn a_custom_executor_runs_every_request() {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let tower = layer("identity", |_| Ok(tower_layer::Identity::new())).on(move |future| {
            counted.fetch_add(1, Ordering::Relaxed);
            block_on(future);
        });
        assert_eq!((observe_get(&tower).1, runs.load(Ordering::Relaxed)), (1, 1));
    }

    #[derive(Clone)]
    struct Fails;

    impl Service<Request<Body>> for Fails {
        type Response = Response<Body>;
        type Error = &'static str;
        type Future = std::future::Ready<Result<Response<Body>, &'static str>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<Body>) -> Self::Future {
            std::future::ready(Err("out of order"))
        }
    }

    #[test]
    fn an_error_of_the_middleware_becomes_a_500() {
        let (result, calls) = observe_get(&service("fails", |_, _| Ok(Fails)));
        let response = result.unwrap();
        assert_eq!((response.status, response.body, calls), (500, b"out of order".to_vec(), 0));
    }

    #[cfg(feature = "_axum")]
    #[test]
    fn an_axum_router_is_accepted_as_a_service() {
        let router = |_: &Policy, application: Application| Ok(axum::Router::new().fallback_service(application));
        let (result, calls) = observe_get(&service("router", router));
        assert_eq!((result.unwrap().body, calls), (b"ok".to_vec(), 1));
    }
}
