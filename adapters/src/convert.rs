//! Between the model's messages and those of the `http` crate.

use bytes::Bytes;
use cors_reference::{
    header::{HeaderName, HeaderValue},
    request::WireRequest,
    response::Response,
};

use crate::NotRepresentable;

/// The request, in the framework's types.
pub(crate) fn to_http_request<B: From<Bytes>>(request: &WireRequest) -> Result<http::Request<B>, NotRepresentable> {
    let mut built = http::Request::builder().method(request.method.as_str()).uri(request.url.as_str());
    for (name, value) in request.headers.iter() {
        built = built.header(name.as_str(), value.as_bytes());
    }
    let body = request.body.clone().unwrap_or_default();
    built.body(Bytes::from(body).into()).map_err(not_representable)
}

/// The handler's response, in the framework's types.
pub(crate) fn to_http_response<B: From<Bytes>>(response: Response) -> Result<http::Response<B>, NotRepresentable> {
    let mut built = http::Response::builder().status(response.status);
    for (name, value) in response.headers.iter() {
        built = built.header(name.as_str(), value.as_bytes());
    }
    built.body(Bytes::from(response.body).into()).map_err(not_representable)
}

/// The framework's response, in the model's types.
pub(crate) fn from_http_response(response: http::Response<Bytes>) -> Result<Response, NotRepresentable> {
    let mut observed = Response::new(response.status().as_u16());
    for (name, value) in response.headers() {
        let name: HeaderName = name.as_str().parse().map_err(not_representable)?;
        observed.headers.append(name, HeaderValue::from_wire(value.as_bytes()));
    }
    observed.body = response.into_body().to_vec();
    Ok(observed)
}

fn not_representable(error: impl std::fmt::Display) -> NotRepresentable {
    NotRepresentable(error.to_string())
}
