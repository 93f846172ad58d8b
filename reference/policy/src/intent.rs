//! Intent: what a policy says about one fetch, and about each header of its answer.

use crate::{AllowList, Policy};
use cors_reference::{
    header::HeaderName,
    request::{CredentialsMode, Mode, Request},
    safelist::{
        is_cors_non_wildcard_request_header_name, is_cors_safelisted_method, is_cors_safelisted_response_header_name,
        is_forbidden_response_header_name,
    },
};

/// What a policy says about a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// The page is to read the answer.
    Permit,
    /// The page is not to read it, and where it needs a preflight, is not even to send it.
    Deny(Denied),
    /// The standard leaves it open, by this sentence.
    Unspecified(&'static str),
}

/// What a policy denies a fetch for; the first of these that applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// The origin is not the policy's.
    Origin,
    /// The fetch includes credentials and the policy wants none.
    Credentials,
    /// The method is not the policy's.
    Method,
    /// This request header is not the policy's.
    RequestHeader(String),
}

const NOT_CORS: &str = "The CORS protocol exists to allow sharing responses cross-origin; this fetch does not use it.";
const WILDCARD: &str = "For Access-Control-Expose-Headers, Access-Control-Allow-Methods, and Access-Control-Allow-Headers \
                        response headers, the value `*` counts as a wildcard for requests without credentials.";

/// What the policy says about a request, before any redirect.
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
    // `*` never counts where credentials are included.
    if includes_credentials && (!policy.credentials || policy.origins == AllowList::Any) {
        return Intent::Deny(Denied::Credentials);
    }
    let mut open = false;
    if !is_cors_safelisted_method(&request.method) {
        match &policy.methods {
            AllowList::List(methods) if !methods.iter().any(|method| method.as_str() == request.method) => {
                return Intent::Deny(Denied::Method);
            }
            AllowList::Any if includes_credentials => open = true,
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
            AllowList::Any if includes_credentials => open = true,
            _ => {}
        }
    }
    if open { Intent::Unspecified(WILDCARD) } else { Intent::Permit }
}

/// What a policy says about one header of an answer that the page may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// The page is to read it.
    Readable,
    /// The page is not to read it.
    Hidden,
    /// The standard leaves it open, by this sentence.
    Unspecified(&'static str),
}

/// What the policy says about a response header of that name.
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
