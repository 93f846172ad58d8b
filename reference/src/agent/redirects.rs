//! The redirects of an agent.

use url::Url;

use super::{definition::Agent, deviation::Deviation, memory::Memory};
use crate::{
    header_list::HeaderList,
    location_url::{LocationError, resolve},
    origin::Origin,
    origin_header::{append_a_request_origin_header, origin_by_referrer_policy},
    request::{Mode, RedirectMode, Request, Tainting, includes_credentials},
    response::Response,
    safelist::request_body_header_names,
    spec::{self, Step},
};

impl Agent {
    /// Returns true if the response is a redirect for the agent.
    pub(super) fn redirects(&self, request: &Request, response: &Response) -> bool {
        if request.redirect == RedirectMode::Error && self.has(Deviation::ErrorNeedsLocation) && !has_location(response)
        {
            return false;
        }
        let is_any = self.has(Deviation::Any3xxRedirects)
            && (300..=399).contains(&response.status)
            && !matches!(response.status, 300 | 304 | 305 | 306)
            && has_location(response);
        response.has_redirect_status() || is_any
    }

    /// Returns the location URL.
    pub(super) fn location(&self, request: &Request, response: &Response) -> Result<Option<Url>, LocationError> {
        let mut locations = response.headers.named("Location").map(|(_, value)| value.as_bytes());
        let Some(location) = locations.next() else {
            return Ok(None);
        };
        let others: Vec<_> = locations.collect();
        let are_one = self.has(Deviation::EqualLocationsAreOne) && others.iter().all(|other| *other == location);
        if !others.is_empty() && !are_one {
            return Err(LocationError);
        }
        if location.is_empty() && self.has(Deviation::EmptyLocationIsNone) {
            return Ok(None);
        }
        if location.is_empty() && self.has(Deviation::EmptyLocationFails) {
            return Err(LocationError);
        }
        resolve(request, location).map(Some)
    }

    /// Checks a redirect that is not followed.
    pub(super) fn check_manual_redirect(&self, request: &Request, response: &Response) -> Result<(), &'static Step> {
        match self.location(request, response) {
            Err(LocationError) if self.has(Deviation::ManualParsesLocation) => Err(&spec::REDIRECT_5),
            Ok(Some(url)) if url.scheme() == "ftp" && self.has(Deviation::ManualRefusesFtp) => Err(&spec::REDIRECT_6),
            _ => Ok(()),
        }
    }

    /// Returns true if the agent refuses the credentials in a location.
    pub(super) fn refuses_credentials(&self, request: &Request, location: &Url) -> bool {
        let is_refused = request.mode == Mode::Cors && !request.origin.is_same_origin(&Origin::of(location));
        includes_credentials(location) && (is_refused || self.has(Deviation::LocationCredentialsFail))
    }

    /// Returns true if the redirect makes the request a `GET`.
    pub(super) fn becomes_get(&self, request: &Request, status: u16, location: &Url) -> bool {
        let by_the_standard = match status {
            301 | 302 => request.method == "POST",
            303 => !matches!(request.method.as_str(), "GET" | "HEAD"),
            _ => false,
        };
        by_the_standard
            || (request.method == "DELETE"
                && self.has(Deviation::DeleteBecomesGetAcrossOrigins)
                && request.leaves_origin(location))
    }

    /// Records what the redirect removes from the request. Must be called before the request changes.
    pub(super) fn remember_redirect(
        &self,
        memory: &mut Memory,
        request: &mut Request,
        location: &Url,
        becomes_get: bool,
    ) {
        let leaves_origin = request.leaves_origin(location);
        memory.keeps_origin =
            !leaves_origin && self.has(Deviation::OriginStaysWithinOrigin) && carries_origin(memory, request);
        memory.just_removed.clear();
        if becomes_get {
            memory.just_removed.extend(request_body_header_names());
        }
        if leaves_origin {
            memory.just_removed.push("Authorization");
        }
        if leaves_origin && request.mode == Mode::NoCors && self.has(Deviation::NoCorsRedirectsHideOrigin) {
            request.taint();
        }
    }

    /// Appends the `Origin` header.
    pub(super) fn append_origin(&self, memory: &Memory, request: &Request, headers: HeaderList) -> HeaderList {
        let headers = append_a_request_origin_header(request, headers);
        if memory.keeps_origin && !headers.contains("Origin") {
            return headers.with("Origin", origin_by_referrer_policy(request));
        }
        headers
    }
}

/// Returns true if the request is sent with `Origin`.
fn carries_origin(memory: &Memory, request: &Request) -> bool {
    request.tainting == Tainting::Cors || memory.keeps_origin || !matches!(request.method.as_str(), "GET" | "HEAD")
}

/// Returns true if there is a `Location` with a value.
fn has_location(response: &Response) -> bool {
    response.headers.named("Location").any(|(_, value)| !value.as_bytes().is_empty())
}
