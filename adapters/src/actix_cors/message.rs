//! Conversions between the model's types and those of actix-web.

use actix_http::Request;
use actix_web::{
    HttpResponse, HttpResponseBuilder,
    body::{MessageBody, to_bytes},
    dev::{Service, ServiceResponse},
    error::InternalError,
    http::{
        Method, StatusCode,
        header::{HeaderName, HeaderValue},
    },
    test::TestRequest,
};
use cors_reference::{request::WireRequest, response::Response};
use futures_executor::block_on;
use url::Position;

use crate::{
    handler::Handler,
    ordered_headers::with_ordered_headers,
    server::{NotRepresentable, not_representable},
};

/// A function that calls a started application without a socket.
pub(super) type Call = Box<dyn Fn(TestRequest) -> Result<Response, NotRepresentable>>;

/// Returns such a function for a service.
pub(super) fn caller<S, B>(service: S) -> Call
where
    S: Service<Request, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    Box::new(move |request| block_on(async { observed(service.call(request.to_request()).await).await }))
}

/// Converts a request. The path is its target, and the authority goes to `Host`.
pub(super) fn to_request(request: &WireRequest) -> Result<TestRequest, NotRepresentable> {
    let method = Method::from_bytes(request.method.as_bytes()).map_err(not_representable)?;
    let target = &request.url[Position::BeforePath..Position::AfterQuery];
    let mut built = TestRequest::with_uri(target).method(method);
    if !request.headers.contains("Host") {
        built = built.append_header(pair("host", request.url[Position::BeforeHost..Position::AfterPort].as_bytes())?);
    }
    for (name, value) in request.headers.iter() {
        built = built.append_header(pair(name.as_str(), value.as_bytes())?);
    }
    Ok(built.set_payload(request.body.clone().unwrap_or_default()))
}

/// Converts a header.
pub(super) fn pair(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue), NotRepresentable> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(not_representable)?;
    Ok((name, HeaderValue::from_bytes(value).map_err(not_representable)?))
}

/// Checks that the framework's types can hold the scripted answer.
pub(super) fn check_representable(handler: &Handler) -> Result<(), NotRepresentable> {
    StatusCode::from_u16(handler.status).map_err(not_representable)?;
    let mut headers = handler.headers.iter().chain(handler.outer_headers.iter());
    headers.try_for_each(|(name, value)| pair(name.as_str(), value.as_bytes()).map(drop))
}

/// Returns the framework's error with a status.
pub(super) fn error(status: u16) -> actix_web::Error {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    InternalError::new("the handler fails, as scripted", status).into()
}

/// Converts the handler's response.
pub(super) fn to_actix(response: &Response) -> HttpResponse {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut built = HttpResponseBuilder::new(status);
    for (name, value) in response.headers.iter() {
        built.append_header((name.as_str(), value.as_bytes()));
    }
    built.body(response.body.clone())
}

/// Converts the framework's response. An error becomes its response, as in a server.
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
    // actix-web keeps headers in hash maps, and actix-cors its lists.
    Ok(with_ordered_headers(observed))
}
