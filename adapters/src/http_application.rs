//! Applications whose requests and responses are those of the `http` crate.
#![allow(dead_code, reason = "the feature `tower` has its own kind of application")]

use bytes::Bytes;
use cors_reference::response::Response;
use futures_executor::block_on;

#[cfg(feature = "socket")]
use crate::{http_server::serve, middleware::NoServer, socket::Listening};

use crate::{
    convert::{from_http_response, to_http_request},
    http_handler::HttpHandler,
    in_process::in_process,
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
