//! The response header that made a fetch fail.

use cors_reference::{
    extract::extract_tokens,
    request::CredentialsMode,
    response::Response,
    spec::{self, Step},
};

use super::{
    header_names::{ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN},
    rule::STATUS,
};
use crate::drive::Fetched;

/// The part of the CORS protocol that made a fetch fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FailedPart {
    Origin,
    Credentials,
    Method,
    RequestHeader,
    PreflightStatus,
    MalformedList,
}

/// Returns the part that made a fetch fail, by the step of the standard that ended it.
pub(super) fn failed_part(fetched: &Fetched, response: &Response) -> Option<FailedPart> {
    let step: &'static Step = fetched.outcome.step;
    let is_wildcard = response.headers.get(ALLOW_ORIGIN).is_some_and(|value| value == *"*");
    let includes_credentials = fetched.request.credentials == CredentialsMode::Include;
    // Without credentials `*` would be enough.
    let origin = if is_wildcard && includes_credentials { FailedPart::Credentials } else { FailedPart::Origin };
    [
        (&spec::CORS_CHECK_4, origin),
        (&spec::CORS_CHECK_2, FailedPart::Origin),
        (&spec::CORS_CHECK_8, FailedPart::Credentials),
        (&spec::PREFLIGHT_7_3, FailedPart::MalformedList),
        (&spec::PREFLIGHT_7_5, FailedPart::Method),
        (&spec::PREFLIGHT_7_6, FailedPart::RequestHeader),
        (&spec::PREFLIGHT_7_7, FailedPart::RequestHeader),
        (&spec::PREFLIGHT_8, FailedPart::PreflightStatus),
    ]
    .into_iter()
    .find_map(|(own, part)| (own == step).then_some(part))
}

/// Returns the line of the response that made a fetch fail: a header name, or [`STATUS`].
pub(super) fn deciding_header(fetched: &Fetched, response: &Response) -> Option<&'static str> {
    Some(match failed_part(fetched, response)? {
        FailedPart::Origin => ALLOW_ORIGIN,
        FailedPart::Credentials if fetched.outcome.step == &spec::CORS_CHECK_4 => ALLOW_ORIGIN,
        FailedPart::Credentials => ALLOW_CREDENTIALS,
        FailedPart::Method => ALLOW_METHODS,
        FailedPart::RequestHeader => ALLOW_HEADERS,
        FailedPart::PreflightStatus => STATUS,
        FailedPart::MalformedList if extract_tokens(ALLOW_METHODS, &response.headers).is_err() => ALLOW_METHODS,
        FailedPart::MalformedList => ALLOW_HEADERS,
    })
}
