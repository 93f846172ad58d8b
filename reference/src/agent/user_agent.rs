//! The parts of the algorithms that an agent overrides.

use std::borrow::Cow;

use url::Url;

use super::{definition::Agent, deviation::Deviation, memory::Memory};
use crate::{
    cors_check::cors_check,
    cross_origin_resource_policy::{EmbedderPolicy, cross_origin_resource_policy_check, is_downgrade},
    header_list::HeaderList,
    http_cache::{CacheOptions, Invalidation},
    location_url::LocationError,
    origin::Origin,
    preflight::Grant,
    preflight_cache::PreflightCache,
    request::Request,
    response::Response,
    spec::{self, Step},
    user_agent::UserAgent,
};

impl UserAgent for Agent {
    type Memory = Memory;

    fn is_forbidden_request_header(&self, name: &str, value: &[u8]) -> bool {
        self.forbids_request_header(name, value)
    }

    fn is_no_cors_safelisted_request_header(&self, name: &str, value: &[u8]) -> bool {
        self.no_cors_safelists(name, value)
    }

    fn cors_unsafe_request_header_names(&self, headers: &HeaderList) -> Vec<String> {
        self.unsafe_names(headers)
    }

    fn prepare_header_list(&self, headers: &mut HeaderList) {
        if self.has(Deviation::CombinesRepeatedHeaders) {
            *headers = headers.combined();
        }
    }

    fn start(&self, memory: &mut Memory, request: &Request) {
        memory.first_headers = request.headers.clone();
    }

    fn makes_cors_preflight(&self, memory: &mut Memory, request: &Request, made_before: bool) -> bool {
        memory.is_forced = self.forces_preflight(memory, made_before);
        self.needs_preflight(request) || memory.is_forced
    }

    fn preflighted<'r>(&self, memory: &Memory, request: &'r Request) -> Cow<'r, Request> {
        self.preflighted_request(memory, request)
    }

    fn is_cached(&self, memory: &Memory, cache: &mut PreflightCache, request: &Request, now_ms: u64) -> bool {
        self.finds_grant(memory, cache, request, now_ms)
    }

    fn check_preflight_response<'r>(
        &self,
        request: &Request,
        response: &'r Response,
    ) -> Result<Grant<'r>, &'static Step> {
        self.check_preflight(request, response)
    }

    fn store_grant(&self, cache: &mut PreflightCache, request: &Request, grant: &Grant<'_>, now_ms: u64) {
        self.keep_grant(cache, request, grant, now_ms);
    }

    fn refuse_preflight(
        &self,
        memory: &mut Memory,
        cache: &mut PreflightCache,
        request: &Request,
        response: &Response,
        now_ms: u64,
    ) {
        if self.has(Deviation::KeepsRefusingGrants)
            && let Some(grant) = self.refused_grant(request, response)
        {
            self.keep_grant(cache, request, &grant, now_ms);
            memory.keeps_grants = true;
        }
    }

    fn clear_cache_entries(&self, memory: &Memory, cache: &mut PreflightCache, request: &Request, is_preflight: bool) {
        if !memory.keeps_grants && (is_preflight || !self.has(Deviation::OnlyPreflightsClear)) {
            cache.clear(request);
        }
    }

    fn append_a_request_origin_header(&self, memory: &Memory, request: &Request, headers: HeaderList) -> HeaderList {
        self.append_origin(memory, request, headers)
    }

    fn http_cache_options(&self) -> CacheOptions {
        CacheOptions {
            stored_statuses: self.http_cache_statuses,
            permanent_statuses: self.http_cache_permanent,
            skips_401: self.has(Deviation::HttpCacheSkips401),
            keeps_one_variant: self.has(Deviation::HttpCacheKeepsOneVariant),
            separates_credentials: self.has(Deviation::HttpCacheSeparatesCredentials),
            invalidation: match () {
                () if self.has(Deviation::HttpCacheIgnoresWrites) => Invalidation::Never,
                () if self.has(Deviation::HttpCacheHonorsFailedWrites) => Invalidation::Always,
                () if self.has(Deviation::HttpCacheIgnoresEmptyPuts) => Invalidation::SuccessExceptEmptyPut,
                () => Invalidation::Success,
            },
        }
    }

    fn is_malformed(&self, response: &Response) -> bool {
        let mut locations = response.headers.named("Location").map(|(_, value)| value);
        let mut differ = || locations.next().is_some_and(|first| locations.any(|other| other != first));
        response.status < 200
            || response.headers.iter().any(|(_, value)| !value.is_header_value())
            || (self.has(Deviation::DifferentLocationsFail) && differ())
    }

    fn cors_check(&self, request: &Request, response: &Response) -> Result<&'static Step, &'static Step> {
        match cors_check(request, response) {
            Err(step) if step == &spec::CORS_CHECK_8 && self.skips_to_true(response) => Ok(&spec::CORS_CHECK_7),
            result => result,
        }
    }

    fn cross_origin_resource_policy_check(
        &self,
        request: &Request,
        response: &Response,
        embedder_policy: EmbedderPolicy,
    ) -> Result<(), &'static Step> {
        let policy = response.headers.get("Cross-Origin-Resource-Policy");
        if self.has(Deviation::LocalhostIsOneSite)
            && policy.is_some_and(|policy| policy == *"same-site")
            && are_localhost(&request.origin, &Origin::of(request.current_url()))
            && !is_downgrade(request)
        {
            return Ok(());
        }
        cross_origin_resource_policy_check(request, response, embedder_policy)
    }

    fn is_redirect(&self, request: &Request, response: &Response) -> bool {
        self.redirects(request, response)
    }

    fn check_unfollowed_redirect(&self, request: &Request, response: &Response) -> Result<(), &'static Step> {
        self.check_manual_redirect(request, response)
    }

    fn location_url(&self, request: &Request, response: &Response) -> Result<Option<Url>, LocationError> {
        self.location(request, response)
    }

    fn refuses_credentials_in_location(&self, request: &Request, location: &Url) -> bool {
        self.refuses_credentials(request, location)
    }

    fn redirect_becomes_get(&self, request: &Request, status: u16, location: &Url) -> bool {
        self.becomes_get(request, status, location)
    }

    fn redirect(&self, memory: &mut Memory, request: &mut Request, location: &Url, becomes_get: bool) {
        self.remember_redirect(memory, request, location, becomes_get);
    }
}

impl Agent {
    /// Returns true if `Access-Control-Allow-Credentials` is `true` for an agent that leaves out empty lines.
    fn skips_to_true(&self, response: &Response) -> bool {
        let lines = response.headers.named("Access-Control-Allow-Credentials");
        self.has(Deviation::SkipsEmptyLines)
            && lines.map(|(_, value)| value.as_bytes()).filter(|value| !value.is_empty()).eq([&b"true"[..]])
    }
}

/// Returns true if the host of both origins is `localhost` or a subdomain of it.
fn are_localhost(one: &Origin, other: &Origin) -> bool {
    let is_localhost = |(_, host): (&str, &str)| host == "localhost" || host.ends_with(".localhost");
    one.parts().is_some_and(is_localhost) && other.parts().is_some_and(is_localhost)
}
