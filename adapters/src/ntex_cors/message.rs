//! Conversions between the model's types and those of ntex.

use cors_reference::{header_list::HeaderList, request::WireRequest, response::Response};
use ntex::{
    http::{
        HeaderMap, Method, StatusCode,
        header::{HeaderName, HeaderValue},
    },
    web::{Error, HttpResponse, error::InternalError, test::TestRequest},
};
use url::Position;

use crate::{
    handler::{Handler, ScriptedHandler},
    server::{NotRepresentable, not_representable},
};

/// The scripted handler, with its answer in the framework's types.
#[derive(Clone)]
pub(super) struct NtexHandler {
    pub(super) counter: ScriptedHandler,
    status: StatusCode,
    headers: Headers,
    pub(super) outer_headers: Headers,
}

pub(super) type Headers = Vec<(HeaderName, HeaderValue)>;

impl NtexHandler {
    pub(super) fn new(script: &Handler) -> Result<Self, NotRepresentable> {
        Ok(Self {
            counter: ScriptedHandler::new(script),
            status: StatusCode::from_u16(script.status).map_err(not_representable)?,
            headers: pairs(&script.headers)?,
            outer_headers: pairs(&script.outer_headers)?,
        })
    }

    pub(super) fn respond(&self) -> Result<HttpResponse, Error> {
        self.counter.call().map_err(error)?;
        let mut response = HttpResponse::build(self.status).body(self.counter.script().body.clone());
        append(response.headers_mut(), &self.headers);
        Ok(response)
    }
}

fn pairs(list: &HeaderList) -> Result<Headers, NotRepresentable> {
    list.iter().map(|(name, value)| pair(name.as_str(), value.as_bytes())).collect()
}

fn pair(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue), NotRepresentable> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(not_representable)?;
    Ok((name, HeaderValue::from_bytes(value).map_err(not_representable)?))
}

/// Appends headers.
pub(super) fn append(map: &mut HeaderMap, headers: &Headers) {
    for (name, value) in headers {
        map.append(name.clone(), value.clone());
    }
}

/// Returns a status, or 500 if the framework has no such status.
pub(super) fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Returns the framework's error with a status.
pub(super) fn error(code: u16) -> Error {
    InternalError::default("the handler fails, as scripted", status(code)).into()
}

/// Converts a request. The path is its target, and the authority goes to `Host`.
pub(super) fn to_request(request: &WireRequest) -> Result<TestRequest, NotRepresentable> {
    let method = Method::from_bytes(request.method.as_bytes()).map_err(not_representable)?;
    let target = &request.url[Position::BeforePath..Position::AfterQuery];
    let mut built = TestRequest::default().method(method).uri(target);
    if !request.headers.contains("Host") {
        let (name, value) = pair("host", request.url[Position::BeforeHost..Position::AfterPort].as_bytes())?;
        built = built.header(name, value);
    }
    for (name, value) in request.headers.iter() {
        let (name, value) = pair(name.as_str(), value.as_bytes())?;
        built = built.header(name, value);
    }
    Ok(built.set_payload(request.body.clone().unwrap_or_default()))
}

/// Converts a response without its body.
pub(super) fn observed(status: StatusCode, headers: &HeaderMap) -> Response {
    let mut observed = Response::new(status.as_u16());
    for (name, value) in headers {
        if let Ok(name) = name.as_str().parse() {
            observed.headers.append(name, cors_reference::header::HeaderValue::from_wire(value.as_bytes()));
        }
    }
    observed
}
