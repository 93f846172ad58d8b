//! Conversions between the model's types and those of the `http` crate.
#![allow(dead_code, reason = "no framework needs all of them")]

use bytes::Bytes;
use cors_policy::{Method, origin_set::OriginPattern};
use cors_reference::{
    header::{HeaderName, HeaderValue},
    header_list::HeaderList,
    request::WireRequest,
    response::Response,
};
use url::Position;

use crate::server::{NotRepresentable, not_representable};

/// Converts a request. The result has what a server sees: the path as its target, and the authority in `Host`.
pub(crate) fn to_http_request<B: From<Bytes>>(request: &WireRequest) -> Result<http::Request<B>, NotRepresentable> {
    let mut built = http::Request::new(Bytes::from(request.body.clone().unwrap_or_default()).into());
    *built.method_mut() = http::Method::from_bytes(request.method.as_bytes()).map_err(not_representable)?;
    *built.uri_mut() = request.url[Position::BeforePath..Position::AfterQuery].parse().map_err(not_representable)?;
    *built.headers_mut() = to_http_headers(&request.headers)?;
    if !built.headers().contains_key(http::header::HOST) {
        let host = &request.url[Position::BeforeHost..Position::AfterPort];
        built.headers_mut().insert(http::header::HOST, host.parse().map_err(not_representable)?);
    }
    Ok(built)
}

/// Converts the handler's response.
pub(crate) fn to_http_response<B: From<Bytes>>(response: Response) -> Result<http::Response<B>, NotRepresentable> {
    let mut built = http::Response::new(Bytes::from(response.body).into());
    *built.status_mut() = http::StatusCode::from_u16(response.status).map_err(not_representable)?;
    *built.headers_mut() = to_http_headers(&response.headers)?;
    Ok(built)
}

/// Converts a header list.
pub(crate) fn to_http_headers(list: &HeaderList) -> Result<http::HeaderMap, NotRepresentable> {
    let mut map = http::HeaderMap::with_capacity(list.iter().count());
    for (name, value) in list.iter() {
        let name = http::HeaderName::from_bytes(name.as_str().as_bytes()).map_err(not_representable)?;
        map.append(name, http::HeaderValue::from_bytes(value.as_bytes()).map_err(not_representable)?);
    }
    Ok(map)
}

/// Converts a request that was read from a socket.
#[cfg(feature = "socket")]
pub(crate) fn from_http_request(request: http::Request<Bytes>) -> Result<WireRequest, NotRepresentable> {
    let host = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let url = format!("http://{host}{}", request.uri()).parse().map_err(not_representable)?;
    let method = request.method().as_str().to_owned();
    let headers = from_http_headers(request.headers())?;
    Ok(WireRequest { method, url, headers, body: Some(request.into_body().to_vec()) })
}

/// Converts a framework's response.
pub(crate) fn from_http_response(response: http::Response<Bytes>) -> Result<Response, NotRepresentable> {
    let headers = from_http_headers(response.headers())?;
    Ok(Response { status: response.status().as_u16(), headers, body: response.into_body().to_vec() })
}

/// Converts the origins of a policy.
pub(crate) fn origins(list: &[OriginPattern]) -> Result<Vec<http::HeaderValue>, NotRepresentable> {
    each(list, |origin| http::HeaderValue::from_str(origin.as_str()))
}

/// Converts the methods of a policy.
pub(crate) fn methods(list: &[Method]) -> Result<Vec<http::Method>, NotRepresentable> {
    each(list, |method| http::Method::from_bytes(method.as_str().as_bytes()))
}

/// Converts the header names of a policy.
pub(crate) fn header_names(list: &[HeaderName]) -> Result<Vec<http::HeaderName>, NotRepresentable> {
    each(list, |name| name.as_str().parse())
}

fn each<T, U, E: std::fmt::Display>(
    items: &[T],
    convert: impl Fn(&T) -> Result<U, E>,
) -> Result<Vec<U>, NotRepresentable> {
    items.iter().map(convert).collect::<Result<_, E>>().map_err(not_representable)
}

fn from_http_headers(headers: &http::HeaderMap) -> Result<HeaderList, NotRepresentable> {
    let mut list = HeaderList::default();
    for (name, value) in headers {
        let name: HeaderName = name.as_str().parse().map_err(not_representable)?;
        list.append(name, HeaderValue::from_wire(value.as_bytes()));
    }
    Ok(list)
}
