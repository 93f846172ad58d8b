//! The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).
//!
//! [`cors_check_headers`] reads any container of headers:
//!
//! ```
//! use cors_reference::{cors_check::cors_check_headers, header_list::HeaderList, request::CredentialsMode};
//!
//! let page = "https://app.example";
//! let headers = HeaderList::EMPTY.with("Access-Control-Allow-Origin", page);
//! assert_eq!(cors_check_headers(page, CredentialsMode::Omit, &headers).unwrap().reason(), "cors-check/5");
//! assert_eq!(cors_check_headers(page, CredentialsMode::Include, &headers).unwrap_err().reason(), "cors-check/8");
//! ```
//!
//! ```
//! use cors_reference::{cors_check::cors_check_headers, request::CredentialsMode};
//! use http::{HeaderMap, HeaderValue, header::ACCESS_CONTROL_ALLOW_ORIGIN};
//!
//! let mut headers = HeaderMap::new();
//! headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
//! assert_eq!(cors_check_headers("null", CredentialsMode::Omit, &headers).unwrap().reason(), "cors-check/3");
//! headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
//! assert_eq!(cors_check_headers("null", CredentialsMode::Omit, &headers).unwrap_err().reason(), "cors-check/4");
//! ```

use crate::{
    headers::Headers,
    request::{CredentialsMode, Request},
    response::Response,
    spec::{self, Step},
};

/// Runs the [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check) for a request and a response. It allocates
/// nothing.
///
/// # Errors
///
/// Returns the step that returned failure. On success, returns the step that returned success.
pub fn cors_check(request: &Request, response: &Response) -> Result<&'static Step, &'static Step> {
    cors_check_headers(request.serialize_origin(), request.credentials, &response.headers)
}

/// Runs the [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check) for the headers of a response.
/// `request_origin` is the [serialized request origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin),
/// such as `https://app.example` or `null`: the value of the request's `Origin` header. It allocates nothing.
///
/// # Errors
///
/// Returns the step that returned failure. On success, returns the step that returned success.
pub fn cors_check_headers<H: Headers>(
    request_origin: &str,
    credentials_mode: CredentialsMode,
    headers: &H,
) -> Result<&'static Step, &'static Step> {
    let includes_credentials = credentials_mode == CredentialsMode::Include;
    // 1. Let origin be the result of getting `Access-Control-Allow-Origin`.
    let origin = headers.get("Access-Control-Allow-Origin");
    // 2. If origin is null, then return failure.
    let Some(origin) = origin else {
        return Err(&spec::CORS_CHECK_2);
    };
    // 3. If credentials mode is not "include" and origin is `*`, then return success.
    if !includes_credentials && origin == *"*" {
        return Ok(&spec::CORS_CHECK_3);
    }
    // 4. If the byte-serialized request origin is not origin, then return failure.
    if origin != *request_origin {
        return Err(&spec::CORS_CHECK_4);
    }
    // 5. If credentials mode is not "include", then return success.
    if !includes_credentials {
        return Ok(&spec::CORS_CHECK_5);
    }
    // 6. Let credentials be the result of getting `Access-Control-Allow-Credentials`.
    let credentials = headers.get("Access-Control-Allow-Credentials");
    // 7. If credentials is `true`, then return success.
    if credentials.is_some_and(|credentials| credentials == *"true") {
        return Ok(&spec::CORS_CHECK_7);
    }
    // 8. Return failure.
    Err(&spec::CORS_CHECK_8)
}
