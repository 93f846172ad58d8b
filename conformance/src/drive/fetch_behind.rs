//! Reconstructs the fetch that sent a request, from the request on the wire.

use cors_reference::{
    agent::STANDARD,
    extract::extract_tokens,
    header::is_token,
    origin::Origin,
    request::{CredentialsMode, Request, RequestInit, WireRequest},
    safelist::is_forbidden_method,
};

use super::header_text::text;

/// A value that makes every header name a CORS-unsafe request-header name.
const UNSAFE: &str = "\"";

/// Returns the fetch that sent a preflight. The preflight states its origin, its method and its header names. Returns
/// `None` unless the request is a preflight that a browser can send.
pub(crate) fn fetch_of(sent: &WireRequest) -> Option<Request> {
    fetch_of_with(sent, CredentialsMode::Omit)
}

/// Returns the fetch that sent a preflight, with this credentials mode. A preflight does not state the mode.
pub(crate) fn fetch_of_with(sent: &WireRequest, credentials: CredentialsMode) -> Option<Request> {
    let value = |name: &str| String::from_utf8(sent.headers.get(name)?.to_vec()).ok();
    let origin: Origin = value("Origin").filter(|_| sent.is_cors_preflight())?.parse().ok()?;
    let names = extract_tokens("Access-Control-Request-Headers", &sent.headers).ok()?.unwrap_or_default();
    let names = names.into_iter().filter_map(|name| name.parse().ok());
    let headers = names.map(|name| (name, UNSAFE.into())).collect();
    let method = value("Access-Control-Request-Method")?;
    let init = RequestInit { method: method.clone(), headers, credentials, ..RequestInit::default() };
    let request = Request::to(&STANDARD, &origin, sent.url.clone(), &init).ok()?;
    // A browser asks for the method as it is normalized.
    let is_of_a_browser = request.method == method && !origin.is_of(&sent.url);
    is_of_a_browser.then_some(request)
}

/// Returns true if no browser sends this `Origin`, or asks for this method or these header names.
pub(crate) fn is_hostile(sent: &WireRequest) -> bool {
    let headers = &sent.headers;
    let names = extract_tokens("Access-Control-Request-Headers", headers);
    let is_no_method = |method: String| !is_token(method.as_bytes()) || is_forbidden_method(&method);
    text(headers, "Access-Control-Request-Method").is_some_and(is_no_method)
        || text(headers, "Origin").is_some_and(|origin| origin.parse::<Origin>().is_err())
        || names.is_err()
        || names.is_ok_and(|names| names.is_some_and(|names| names.is_empty()))
}
