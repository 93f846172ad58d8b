//! Between the model's messages and those of the `http` crate.

use bytes::Bytes;
use cors_reference::{
    header::{HeaderName, HeaderValue},
    header_list::HeaderList,
    request::WireRequest,
    response::Response,
};

use crate::NotRepresentable;

/// The request, in the framework's types.
#[cfg(feature = "tower-http")]
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

/// A request that came over a socket, in the model's types.
#[cfg(feature = "socket")]
pub(crate) fn from_http_request(request: http::Request<Bytes>) -> Result<WireRequest, NotRepresentable> {
    let host = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let url = format!("http://{host}{}", request.uri()).parse().map_err(not_representable)?;
    let method = request.method().as_str().to_owned();
    let headers = from_http_headers(request.headers())?;
    Ok(WireRequest { method, url, headers, body: Some(request.into_body().to_vec()) })
}

/// The framework's response, in the model's types.
#[cfg(feature = "tower-http")]
pub(crate) fn from_http_response(response: http::Response<Bytes>) -> Result<Response, NotRepresentable> {
    let headers = from_http_headers(response.headers())?;
    Ok(Response { status: response.status().as_u16(), headers, body: response.into_body().to_vec() })
}

fn from_http_headers(headers: &http::HeaderMap) -> Result<HeaderList, NotRepresentable> {
    let mut list = HeaderList::default();
    for (name, value) in headers {
        let name: HeaderName = name.as_str().parse().map_err(not_representable)?;
        list.append(name, HeaderValue::from_wire(value.as_bytes()));
    }
    Ok(list)
}

fn not_representable(error: impl std::fmt::Display) -> NotRepresentable {
    NotRepresentable(error.to_string())
}
