//! The variables of a fetch, and the transitions between its algorithms.

use std::borrow::Cow;

use super::outcome::RequestKind;
use crate::{
    request::{Request, WireRequest},
    response::Response,
    spec::Step,
};

/// The [fetch params](https://fetch.spec.whatwg.org/#fetch-params), with `M` as the memory of the user agent.
#[derive(Debug, Clone)]
pub(super) struct FetchParams<M> {
    pub(super) request: Request,
    /// The time of the fetch, in milliseconds since any fixed moment.
    pub(super) now_ms: u64,
    /// True if main fetch step 12 ran HTTP fetch with makeCORSPreflight for this URL or for an earlier one.
    pub(super) made_cors_preflight: bool,
    pub(super) memory: M,
}

/// The continuation of a fetch after an algorithm has run as far as it can.
pub(super) enum Progress<'r> {
    /// The request is sent. The algorithm goes on when the response arrives.
    Send(RequestKind, WireRequest),
    /// HTTP-redirect fetch step 22 runs main fetch again.
    MainFetch,
    /// Main fetch step 12 has a result.
    Return(Returned<'r>),
}

/// The result of main fetch step 12. `response` is the response that decided, if there is one.
pub(super) struct Returned<'r> {
    pub(super) result: Result<Success, &'static Step>,
    pub(super) response: Option<Cow<'r, Response>>,
}

/// A result that is not a network error, with the step that returned it.
#[derive(Clone, Copy)]
pub(super) enum Success {
    /// A response that main fetch step 14 filters by the response tainting.
    Response(&'static Step),
    /// An opaque-redirect filtered response.
    OpaqueRedirect(&'static Step),
}

impl<'r> Progress<'r> {
    pub(super) fn success(success: Success, response: Cow<'r, Response>) -> Self {
        Self::Return(Returned { result: Ok(success), response: Some(response) })
    }

    pub(super) fn network_error(step: &'static Step, response: Option<Cow<'r, Response>>) -> Self {
        Self::Return(Returned { result: Err(step), response })
    }
}
