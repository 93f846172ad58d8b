//! The entries of a list that permit something that is not always permitted.

use crate::{AllowList, Method, Policy};
use cors_reference::{
    header::HeaderName,
    safelist::{
        is_cors_safelisted_method, is_cors_safelisted_response_header_name, is_forbidden_method,
        is_forbidden_request_header, is_forbidden_response_header_name, normalize_method,
    },
};

/// Returns true if a fetch can have exactly this method.
pub(super) fn is_reachable_method(method: &Method) -> bool {
    !is_forbidden_method(method.as_str()) && normalize_method(method.as_str()) == method.as_str()
}

/// Returns true if listing a method permits something.
pub(super) fn grants_method(method: &Method) -> bool {
    is_reachable_method(method) && !is_cors_safelisted_method(method.as_str())
}

/// Returns true if listing a request header permits something. This includes safelisted request headers, because some of
/// their values are not safelisted, such as `application/json`.
pub(super) fn grants_request_header(name: &HeaderName) -> bool {
    !is_forbidden_request_header(name.as_str(), b"")
}

/// Returns true if listing a response header permits something.
pub(super) fn grants_exposure(name: &HeaderName) -> bool {
    !is_forbidden_response_header_name(name) && !is_cors_safelisted_response_header_name(name, &[])
}

/// Returns true if the policy permits something for which browsers send a preflight.
pub(super) fn needs_preflight(policy: &Policy) -> bool {
    let methods = match &policy.methods {
        AllowList::List(methods) => methods.iter().any(grants_method),
        AllowList::Any | AllowList::Mirror => true,
    };
    let request_headers = match &policy.request_headers {
        AllowList::List(names) => names.iter().any(grants_request_header),
        AllowList::Any | AllowList::Mirror => true,
    };
    methods || request_headers || policy.private_network
}
