//! The preflights of an agent.

use std::borrow::Cow;

use super::{definition::Agent, deviation::Deviation, memory::Memory};
use crate::{
    extract::extract_tokens,
    preflight::{Grant, PreflightedRequest, check_grant},
    request::{CredentialsMode, Request},
    response::Response,
    safelist::{is_cors_non_wildcard_request_header_name, is_cors_safelisted_method},
    spec::{self, Step},
    user_agent::UserAgent,
};

impl Agent {
    /// Returns true if the standard's reasons for a preflight hold.
    pub(super) fn needs_preflight(&self, request: &Request) -> bool {
        !is_cors_safelisted_method(&request.method) || !self.unsafe_names(&request.headers).is_empty()
    }

    /// Returns true if the agent sends a preflight that the standard does not require.
    pub(super) fn forces_preflight(&self, memory: &Memory, made_before: bool) -> bool {
        (made_before && self.has(Deviation::PreflightsEveryRedirect))
            || (self.has(Deviation::RemovedHeadersNeedPreflight)
                && !self.unsafe_names(&memory.first_headers).is_empty())
    }

    /// Returns the request that the preflight describes: the request itself, or a copy with the origin or the headers
    /// that it had before a redirect.
    pub(super) fn preflighted_request<'r>(&self, memory: &Memory, request: &'r Request) -> Cow<'r, Request> {
        let is_untainted = self.has(Deviation::PreflightsAreUntainted);
        let forgets = self.has(Deviation::PreflightsAskForHeadersRemovedBefore);
        let asks_for_removed = forgets || self.has(Deviation::PreflightsAskForRemovedHeaders);
        if request.redirect_count == 0 || !(is_untainted || asks_for_removed) {
            return Cow::Borrowed(request);
        }
        let mut preflighted = if is_untainted { request.without_taint() } else { request.clone() };
        if asks_for_removed {
            preflighted.headers = memory.first_headers.clone();
            for name in memory.just_removed.iter().filter(|_| forgets) {
                preflighted.headers.delete(name);
            }
        }
        Cow::Owned(preflighted)
    }

    /// Checks the response to a preflight.
    pub(super) fn check_preflight<'r>(
        &self,
        request: &Request,
        response: &'r Response,
    ) -> Result<Grant<'r>, &'static Step> {
        self.check_readable(request, response)?;
        let mut names = self.unsafe_names(&request.headers);
        if self.has(Deviation::WildcardCoversAuthorization) && has_wildcard(request, response) {
            names.retain(|name| !is_cors_non_wildcard_request_header_name(name));
        }
        let grant = check_grant(&PreflightedRequest::of(request, &names), &response.headers)?;
        Ok(Grant { max_age: self.max_age(response), ..grant })
    }

    /// Returns the grant of a response to a preflight that [`check_preflight`](Self::check_preflight) refuses, if its
    /// lists parse and the page may read it.
    pub(super) fn refused_grant<'r>(&self, request: &Request, response: &'r Response) -> Option<Grant<'r>> {
        self.check_readable(request, response).ok()?;
        // A request with a safelisted method and no unsafe header names is granted by every list that parses.
        let harmless = PreflightedRequest { method: "GET", ..PreflightedRequest::of(request, &[]) };
        let grant = check_grant(&harmless, &response.headers).ok()?;
        Some(Grant { max_age: self.max_age(response), ..grant })
    }

    /// Runs the CORS check of a preflight and tests the status.
    fn check_readable(&self, request: &Request, response: &Response) -> Result<(), &'static Step> {
        let is_own = request.origin.is_of(request.current_url());
        if !(is_own && self.has(Deviation::PreflightsToOwnOriginPass)) {
            self.cors_check(request, response)?;
        }
        if response.has_ok_status() { Ok(()) } else { Err(&spec::PREFLIGHT_8) }
    }
}

/// Returns true if `Access-Control-Allow-Headers` has a `*` that is a wildcard for the request.
fn has_wildcard(request: &Request, response: &Response) -> bool {
    let names = extract_tokens("Access-Control-Allow-Headers", &response.headers);
    request.credentials != CredentialsMode::Include && names.is_ok_and(|names| names.is_some_and(|n| n.contains(&"*")))
}
