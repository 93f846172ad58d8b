//! A hyper server around a function, for frameworks without a server of their own.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    thread,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{runtime, sync::oneshot};

use crate::{catch, handler::ScriptedHandler, server::NotRepresentable, socket::Listening};

/// Serves HTTP/1.1 on a free port of the loopback address. It reads the whole body of each request before it calls
/// `answer`. An error of `answer` becomes a 500 with the reason.
pub(crate) fn serve<A, F>(handler: ScriptedHandler, answer: A) -> io::Result<Listening>
where
    A: Fn(http::Request<Bytes>) -> F + Clone + Send + 'static,
    F: Future<Output = Result<http::Response<Bytes>, NotRepresentable>> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    let listener = {
        let _entered = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let thread = thread::Builder::new().spawn(move || {
        catch::silence_this_thread();
        runtime.spawn(accept(listener, answer));
        // Ends when the sender is dropped. The runtime then drops every connection.
        runtime.block_on(stopped).unwrap_or_default();
    })?;
    Ok(Listening::new(address, handler, thread, move || drop(stop)))
}

/// Returns a 500 with the reason as its body.
fn failed(NotRepresentable(reason): NotRepresentable) -> http::Response<Bytes> {
    let mut failed = http::Response::new(Bytes::from(reason));
    *failed.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
    failed
}

async fn accept<A, F>(listener: tokio::net::TcpListener, answer: A)
where
    A: Fn(http::Request<Bytes>) -> F + Clone + Send + 'static,
    F: Future<Output = Result<http::Response<Bytes>, NotRepresentable>> + Send + 'static,
{
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // The client has gone, or there are too many connections: the next attempt may succeed.
            tokio::task::yield_now().await;
            continue;
        };
        let answer = answer.clone();
        let service = service_fn(move |request: http::Request<Incoming>| {
            let answer = answer.clone();
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await?.to_bytes();
                let answered = answer(http::Request::from_parts(parts, body)).await;
                Ok::<_, hyper::Error>(answered.unwrap_or_else(failed).map(Full::new))
            }
        });
        // An error, or a panic of the handler, ends only this connection.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
