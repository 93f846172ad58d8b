//! [Main fetch](https://fetch.spec.whatwg.org/#main-fetch) and
//! [HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), each step up to the next answer.

use std::borrow::Cow;

use super::{
    Browser, Outcome, RequestKind, State, Verdict,
    wire::{local_response, wire_request},
};
use crate::{
    agent::{Agent, Deviation},
    cors_check::cors_check,
    cross_origin_resource_policy::cross_origin_resource_policy_check,
    explain::explain,
    filtered_response::{basic_filtered_headers, cors_filtered_headers},
    header_list::HeaderList,
    http_cache::Reuse,
    port_blocking::should_be_blocked_due_to_a_bad_port,
    preflight::{extract_grant, needs_preflight, preflight_request},
    redirect::{LocationError, has_location, http_redirect_fetch, is_redirect, location_url},
    request::{Mode, RedirectMode, Request, Tainting, WireRequest, has_http_scheme},
    response::Response,
    spec::{self, Step},
    timing_allow_origin::tao_check,
};

/// What a fetch remembers from request to request.
#[derive(Debug, Clone)]
pub(super) struct MainFetch {
    now_ms: u64,
    pub(super) sent: Vec<(RequestKind, WireRequest)>,
    preflighted: bool,
    pub(super) redirect_count: usize,
    /// Whether a refusing grant was kept, by an agent that does so.
    keeps_grants: bool,
}

impl MainFetch {
    pub(super) fn new(now_ms: u64) -> Self {
        Self { now_ms, sent: Vec::new(), preflighted: false, redirect_count: 0, keeps_grants: false }
    }

    /// The switch of [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch).
    pub(super) fn run(&mut self, browser: &mut Browser, mut request: Request) -> State {
        self.redirect_count = usize::from(request.redirect_count);
        // 7. Should request be blocked due to a bad port?
        let url = request.current_url();
        if should_be_blocked_due_to_a_bad_port(url) {
            return self.end(browser, &request, None, Err(&spec::MAIN_FETCH_7));
        }
        let is_same_origin = request.origin.is_of(url);
        // 12. The first matching statement:
        if (is_same_origin && request.tainting == Tainting::Basic) || url.scheme() == "data" {
            return self.scheme_fetch(browser, request);
        }
        match request.mode {
            Mode::SameOrigin => {
                return self.end(browser, &request, None, Err(&spec::MAIN_FETCH_12));
            }
            Mode::NoCors if request.redirect != RedirectMode::Follow => {
                return self.end(browser, &request, None, Err(&spec::MAIN_FETCH_12));
            }
            Mode::NoCors => {
                request.tainting = Tainting::Opaque;
                return self.scheme_fetch(browser, request);
            }
            Mode::Cors => {}
        }
        if !has_http_scheme(request.current_url()) {
            return self.end(browser, &request, None, Err(&spec::MAIN_FETCH_12));
        }
        request.tainting = Tainting::Cors;
        self.http_fetch(browser, request)
    }

    /// [Scheme fetch](https://fetch.spec.whatwg.org/#concept-scheme-fetch).
    fn scheme_fetch(&mut self, browser: &mut Browser, request: Request) -> State {
        if has_http_scheme(request.current_url()) {
            return self.http_fetch(browser, request);
        }
        let response = local_response(request.current_url());
        let result = response.as_ref().map(|_| (filtered(&request), &spec::MAIN_FETCH_12));
        self.end(browser, &request, response.as_ref(), result.ok_or(&spec::MAIN_FETCH_12))
    }

    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch), steps 4.1 to 4.3; tainting "cors" makes the
    /// CORS preflight.
    fn http_fetch(&mut self, browser: &mut Browser, mut request: Request) -> State {
        match browser.local_network.as_ref().map_or(Ok(None), |network| network.check(&request)) {
            Ok(None) => {}
            Ok(space) => request.target_address_space = space,
            Err(step) => return self.end(browser, &request, None, Err(step)),
        }
        let is_private = request.target_address_space.is_some();
        if is_private || (request.tainting == Tainting::Cors && self.needs_cors_preflight(browser, &request)) {
            self.preflighted = true;
            let preflight = preflight_request(&request.preflighted());
            return self.send(request, RequestKind::Preflight, preflight);
        }
        self.send_actual(browser, request)
    }

    fn needs_cors_preflight(&mut self, browser: &mut Browser, request: &Request) -> bool {
        // An agent may preflight what a redirect has made harmless, if its first request was not.
        let agent = request.agent;
        let is_forced = (self.preflighted && agent.has(Deviation::PreflightsEveryRedirect))
            || (agent.has(Deviation::RemovedHeadersNeedPreflight) && request.had_unsafe_header_names());
        if !needs_preflight(request) && !is_forced {
            return false;
        }
        self.preflighted = true;
        // 4.1: the CORS-preflight cache may make the preflight needless.
        let asked = request.preflighted();
        let is_held = !is_forced || browser.preflight_cache.holds(&asked, self.now_ms);
        !(is_held && browser.preflight_cache.covers(&asked, self.now_ms))
    }

    /// [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch), step 8.25:
    /// what the HTTP cache holds spares the request, or makes it a question whether that still holds.
    fn send_actual(&mut self, browser: &mut Browser, request: Request) -> State {
        let sent = wire_request(&request);
        match browser.http_caches.of(&request).map(|cache| cache.lookup(&sent, self.now_ms)) {
            Some(Reuse::Fresh(response)) => self.receive_actual(browser, request, &response),
            Some(Reuse::Validate(conditional)) => self.send(request, RequestKind::Actual, conditional),
            Some(Reuse::Miss) | None => self.send(request, RequestKind::Actual, sent),
        }
    }

    fn send(&mut self, request: Request, kind: RequestKind, sent: WireRequest) -> State {
        self.sent.push((kind, sent.clone()));
        State::Awaiting(Box::new((request, kind, sent)))
    }

    /// Takes the answer to what was sent for a request.
    pub(super) fn receive(
        &mut self,
        browser: &mut Browser,
        request: Request,
        kind: RequestKind,
        response: &Response,
    ) -> State {
        if let Some(step) = refused_by_network(&request.agent, response) {
            return self.end(browser, &request, Some(response), Err(step));
        }
        match kind {
            RequestKind::Preflight => self.receive_preflight(browser, request, response),
            RequestKind::Actual => {
                let cache = browser.http_caches.of(&request);
                let response = cache.map_or(Cow::Borrowed(response), |cache| {
                    cache.receive(&wire_request(&request), response, self.now_ms)
                });
                self.receive_actual(browser, request, &response)
            }
        }
    }

    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch), step 4.1.
    fn receive_preflight(&mut self, browser: &mut Browser, request: Request, response: &Response) -> State {
        let asked = request.preflighted();
        let granted = extract_grant(&asked, response);
        let allowed = granted.as_ref().map_err(|step| *step).and_then(|grant| grant.allow(&asked));
        if let Ok(grant) = &granted
            && (allowed.is_ok() || request.agent.has(Deviation::KeepsRefusingGrants))
        {
            browser.preflight_cache.store(&asked, grant, self.now_ms);
            self.keeps_grants = allowed.is_err();
        }
        match allowed {
            Ok(()) => self.send_actual(browser, request.clone()),
            Err(step) => self.end(browser, &request, Some(response), Err(step)),
        }
    }

    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch), steps 4.4 to 7.
    fn receive_actual(&mut self, browser: &mut Browser, mut request: Request, response: &Response) -> State {
        let mut decided = &spec::MAIN_FETCH_12;
        // 4.4. If tainting is "cors" and a CORS check returns failure, then return a network error.
        if request.tainting == Tainting::Cors {
            match cors_check(&request, response) {
                Ok(step) => decided = step,
                Err(step) => return self.end(browser, &request, Some(response), Err(step)),
            }
        }
        // 4.5. If the TAO check returns failure, then set request's timing allow failed flag.
        request.timing_allow_failed |= tao_check(&request, response).is_err();
        // 5. If tainting is "opaque" and the cross-origin resource policy check returns blocked, then return a
        // network error.
        if request.tainting == Tainting::Opaque
            && let Err(step) = cross_origin_resource_policy_check(&request, response, browser.embedder_policy)
        {
            return self.end(browser, &request, Some(response), Err(step));
        }
        // 6. If status is a redirect status, then switch on request's redirect mode:
        if is_redirect(&request.agent, response) {
            match request.redirect {
                RedirectMode::Error if request.agent.has(Deviation::ErrorNeedsLocation) && !has_location(response) => {}
                RedirectMode::Error => {
                    return self.end(browser, &request, Some(response), Err(&spec::HTTP_FETCH_6_3));
                }
                RedirectMode::Manual => {
                    if let Some(step) = refused_unfollowed(&request, response) {
                        return self.end(browser, &request, Some(response), Err(step));
                    }
                    let redirect = (Verdict::OpaqueRedirect, &spec::HTTP_FETCH_6_3);
                    return self.end(browser, &request, Some(response), Ok(redirect));
                }
                RedirectMode::Follow => match http_redirect_fetch(&mut request, response) {
                    Ok(true) => return self.run(browser, request),
                    Ok(false) => {}
                    Err(step) => return self.end(browser, &request, Some(response), Err(step)),
                },
            }
        }
        let verdict = filtered(&request);
        self.end(browser, &request, Some(response), Ok((verdict, decided)))
    }

    /// The rest of [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch), from step 12 on.
    fn end(
        &mut self,
        browser: &mut Browser,
        request: &Request,
        response: Option<&Response>,
        result: Result<(Verdict, &'static Step), &'static Step>,
    ) -> State {
        let (Ok((_, step)) | Err(step)) = result;
        let explanation = explain(step, Some(request), response);
        // 19. If request's timing allow failed flag is unset, then the response's timing allow passed flag is set.
        let timing_allowed = !request.timing_allow_failed;
        State::Done(Box::new(match (result, response) {
            // 14. The filtered response.
            (Ok((verdict @ Verdict::Readable, _)), Some(response)) => Outcome {
                verdict,
                step,
                explanation,
                status: Some(response.status),
                timing_allowed,
                readable_headers: match request.tainting {
                    Tainting::Cors => cors_filtered_headers(response, request.credentials),
                    _ => basic_filtered_headers(response),
                },
            },
            (Ok((verdict, _)), _) => Outcome {
                verdict,
                step,
                explanation,
                status: Some(0),
                timing_allowed,
                readable_headers: HeaderList::EMPTY,
            },
            (Err(_), _) => {
                // 12. A network error after a CORS preflight clears the cache entries.
                let is_preflight = matches!(self.sent.last(), Some((RequestKind::Preflight, _)));
                let clears = is_preflight || !request.agent.has(Deviation::OnlyPreflightsClear);
                if self.preflighted && clears && !self.keeps_grants {
                    browser.preflight_cache.clear(&request.preflighted());
                }
                network_error(step, explanation)
            }
        }))
    }
}

/// The filtered response that the tainting asks for.
fn filtered(request: &Request) -> Verdict {
    match request.tainting {
        Tainting::Opaque => Verdict::Opaque,
        Tainting::Basic | Tainting::Cors => Verdict::Readable,
    }
}

pub(super) fn network_error(step: &'static Step, explanation: String) -> Outcome {
    Outcome {
        verdict: Verdict::NetworkError,
        step,
        explanation,
        status: None,
        timing_allowed: false,
        readable_headers: HeaderList::EMPTY,
    }
}

/// Why an agent fails on a redirect that it does not follow; by the standard, it never does.
fn refused_unfollowed(request: &Request, response: &Response) -> Option<&'static Step> {
    match location_url(request, response) {
        Err(LocationError) if request.agent.has(Deviation::ManualParsesLocation) => Some(&spec::REDIRECT_5),
        Ok(Some(url)) if url.scheme() == "ftp" && request.agent.has(Deviation::ManualRefusesFtp) => {
            Some(&spec::REDIRECT_6)
        }
        _ => None,
    }
}

/// Whether the answer fails before CORS looks at it: a value that is no
/// [header value](https://fetch.spec.whatwg.org/#header-value), or a status that is never final.
fn refused_by_network(agent: &Agent, response: &Response) -> Option<&'static Step> {
    let is_malformed = response.headers.iter().any(|(_, value)| !value.is_header_value());
    let mut locations = response.headers.named("Location").map(|(_, value)| value);
    let differ = locations.next().is_some_and(|first| locations.any(|other| other != first));
    let is_refused = is_malformed || response.status < 200 || (differ && agent.has(Deviation::DifferentLocationsFail));
    is_refused.then_some(&spec::HTTP_NETWORK_FETCH_8_5)
}
