//! The application around the middleware, without a socket and behind one.

use cors_reference::response::Response;
use futures_executor::block_on;
use ntex::{
    Pipeline, Service,
    http::{Request, error::ResponseError},
    util::stream_recv,
    web::{
        self, App, DefaultError, WebResponse,
        test::{TestRequest, init_service, read_body},
    },
};
use ntex_cors::CorsFactory;

#[cfg(feature = "socket")]
use crate::socket::Listening;
use crate::{handler::Route, ordered_headers::with_ordered_headers};

use super::{
    layers::{Append, MaybeCors, Refuse},
    message::{NtexHandler, observed, status},
};

/// A function that calls a started application without a socket.
pub(super) type Call = Box<dyn Fn(TestRequest) -> Response>;

/// Builds the application: the handler, an inner middleware, the middleware under test unless this is the control, and an
/// outer middleware. The last middleware is the outermost. The application's type cannot be named, so this is a macro.
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

/// Starts an application without a socket.
pub(super) fn start(cors: Option<CorsFactory<DefaultError>>, handler: NtexHandler) -> Call {
    caller(block_on(init_service(application!(cors, handler))))
}

/// Starts ntex's server with one worker, on its own thread.
#[cfg(feature = "socket")]
pub(super) fn serve(
    configure: impl Fn() -> Option<CorsFactory<DefaultError>> + Clone + Send + 'static,
    handler: NtexHandler,
) -> std::io::Result<Listening> {
    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let (address, counter) = (listener.local_addr()?, handler.counter.clone());
    let (report, started) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let thread = std::thread::Builder::new().spawn(move || {
        crate::catch::silence_this_thread();
        let system = ntex::rt::System::new("ntex-cors", ntex::rt::DefaultRuntime);
        let ended = system.run(move || {
            let server = web::server(async move || {
                crate::catch::silence_this_thread();
                application!(configure(), handler.clone())
            });
            let server = server.workers(1).disable_signals().listen(listener)?.run();
            ntex::rt::spawn(async move {
                // Ends when the sender is dropped.
                stopped.await.unwrap_or_default();
                server.stop(false).await;
                ntex::rt::System::current().stop();
            });
            report.send(()).map_err(|_| std::io::ErrorKind::BrokenPipe.into())
        });
        ended.unwrap_or_default();
    })?;
    started.recv().map_err(std::io::Error::other)?;
    Ok(Listening::new(address, counter, thread, move || drop(stop)))
}

/// Returns a function that calls a started application. An error becomes its response, as in a server.
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
                    // ntex keeps headers in hash maps, and ntex-cors its lists.
                    with_ordered_headers(observed)
                }
                Err(error) => {
                    let mut response = error.error_response();
                    let mut observed = observed(response.status(), response.headers());
                    let mut body = response.take_body();
                    while let Some(Ok(chunk)) = stream_recv(&mut body).await {
                        observed.body.extend_from_slice(&chunk);
                    }
                    with_ordered_headers(observed)
                }
            }
        })
    })
}
