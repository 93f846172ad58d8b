//! Intent: whether a policy permits one fetch, and which headers of the response it exposes.

use crate::{AllowList, Policy};
use cors_reference::{
    header::HeaderName,
    request::{CredentialsMode, Mode, Request},
    safelist::{
        is_cors_non_wildcard_request_header_name, is_cors_safelisted_method, is_cors_safelisted_response_header_name,
        is_forbidden_response_header_name,
    },
};

/// The decision of a policy about one fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// The page may read the response.
    Permit,
    /// The page may not read the response. If the fetch needs a preflight, the page may not send it either.
    Deny(Denied),
    /// The standard leaves the decision open. The text is the sentence that leaves it open.
    Unspecified(&'static str),
}

/// Why a policy denies a fetch. If several reasons apply, the first variant counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// The policy does not permit the origin.
    Origin,
    /// The fetch includes credentials, which the policy does not permit.
    Credentials,
    /// The policy does not permit the method.
    Method,
    /// The policy does not permit this request header.
    RequestHeader(String),
}

const NOT_CORS: &str = "The CORS protocol exists to allow sharing responses cross-origin; this fetch does not use it.";
const WILDCARD: &str = "For Access-Control-Expose-Headers, Access-Control-Allow-Methods, and Access-Control-Allow-Headers \
                        response headers, the value `*` counts as a wildcard for requests without credentials.";

/// Returns the intent of a policy for a request, before any redirect.
pub fn intent(policy: &Policy, request: &Request) -> Intent {
    if request.origin.is_of(request.current_url()) {
        return Intent::Permit;
    }
    if request.mode != Mode::Cors {
        return Intent::Unspecified(NOT_CORS);
    }
    let includes_credentials = request.credentials == CredentialsMode::Include;
    let origin = request.serialize_origin();
    if matches!(policy.origins, AllowList::List(_)) && !policy.origins.lists(origin.as_bytes()) {
        return Intent::Deny(Denied::Origin);
    }
    // `*` does not apply to requests with credentials.
    if includes_credentials && (!policy.credentials || policy.origins == AllowList::Any) {
        return Intent::Deny(Denied::Credentials);
    }
    let mut is_unspecified = false;
    if !is_cors_safelisted_method(&request.method) {
        match &policy.methods {
            AllowList::List(methods) if !methods.iter().any(|method| method.as_str() == request.method) => {
                return Intent::Deny(Denied::Method);
            }
            AllowList::Any if includes_credentials => is_unspecified = true,
            _ => {}
        }
    }
    for name in request.unsafe_header_names() {
        match &policy.request_headers {
            AllowList::List(names) if !names.iter().any(|allowed| *allowed == *name) => {
                return Intent::Deny(Denied::RequestHeader(name));
            }
            AllowList::Any if is_cors_non_wildcard_request_header_name(&name) => {
                return Intent::Deny(Denied::RequestHeader(name));
            }
            AllowList::Any if includes_credentials => is_unspecified = true,
            _ => {}
        }
    }
    if is_unspecified { Intent::Unspecified(WILDCARD) } else { Intent::Permit }
}

/// The decision of a policy about one header of a readable response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// The page may read the header.
    Readable,
    /// The page may not read the header.
    Hidden,
    /// The standard leaves the decision open. The text is the sentence that leaves it open.
    Unspecified(&'static str),
}

/// Returns the decision of a policy about the response header with this name.
pub fn exposure(policy: &Policy, request: &Request, name: &HeaderName) -> Exposure {
    if is_forbidden_response_header_name(name) {
        return Exposure::Hidden;
    }
    let is_same_origin = request.origin.is_of(request.current_url());
    if is_same_origin || is_cors_safelisted_response_header_name(name, &[]) {
        return Exposure::Readable;
    }
    match &policy.exposed_headers {
        AllowList::List(names) if names.contains(name) => Exposure::Readable,
        AllowList::List(_) => Exposure::Hidden,
        AllowList::Any | AllowList::Mirror if request.credentials == CredentialsMode::Include => {
            Exposure::Unspecified(WILDCARD)
        }
        AllowList::Any | AllowList::Mirror => Exposure::Readable,
    }
}
