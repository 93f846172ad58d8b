//! Applications whose requests and responses are those of the `http` crate.
#![allow(dead_code, reason = "the feature `tower` has its own kind of application")]

use bytes::Bytes;
use cors_policy::{
    Policy,
    capability::{Capability, Support},
};
use cors_reference::response::Response;
use futures_executor::block_on;

#[cfg(feature = "socket")]
use crate::{http_server::serve, socket::Listening};

use crate::{
    convert::{from_http_response, to_http_request},
    handler::Handler,
    http_handler::HttpHandler,
    in_process::in_process,
    middleware::NoServer,
    row::Configuration,
    server::{NotRepresentable, Server},
};

/// An application of one framework, with the middleware around the scripted handler.
pub(crate) trait HttpApplication: Clone + Send + Sync + 'static {
    /// Answers one request, as the framework's own server does after it has read the request from a socket.
    fn ask(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, NotRepresentable>> + Send;

    /// Adapts an answer that does not go through a socket. Frameworks that keep headers in hash maps sort them here, so
    /// that two runs report the same.
    fn without_socket(response: Response) -> Response {
        response
    }
}

/// A way to configure a middleware around an [`HttpApplication`].
pub(crate) trait HttpConfiguration: Sync {
    type Application: HttpApplication;

    /// Returns whether the documentation offers a way to configure one part of a policy.
    fn support(&self, capability: Capability) -> Support;

    /// Builds the application, with the middleware configured for a policy, or without the middleware for the control.
    ///
    /// # Errors
    ///
    /// Returns the reason why there is no server.
    fn application(&self, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Self::Application, NoServer>;
}

impl<C: HttpConfiguration> Configuration for C {
    fn support(&self, capability: Capability) -> Support {
        HttpConfiguration::support(self, capability)
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = HttpHandler::new(handler)?;
        Ok(call_directly(self.application(policy, &handler)?, &handler))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = HttpHandler::new(handler)?;
        serve_by_hyper(self.application(policy, &handler)?, &handler)
    }
}

/// Returns a server that calls the application directly.
pub(crate) fn call_directly<A: HttpApplication>(application: A, handler: &HttpHandler) -> Box<dyn Server> {
    in_process(handler.counter(), move |request| {
        let response = block_on(application.ask(to_http_request(request)?))?;
        Ok(A::without_socket(from_http_response(response)?))
    })
}

/// Serves the application behind a socket. The connections are hyper's, as in the servers of these frameworks.
#[cfg(feature = "socket")]
pub(crate) fn serve_by_hyper(application: impl HttpApplication, handler: &HttpHandler) -> Result<Listening, NoServer> {
    Ok(serve(handler.counter(), move |request| {
        let application = application.clone();
        async move { application.ask(request).await }
    })?)
}
