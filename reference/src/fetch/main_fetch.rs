//! [Main fetch](https://fetch.spec.whatwg.org/#main-fetch).

use super::{
    browser::Browser,
    http_fetch::http_fetch,
    outcome::{Outcome, RequestKind, Verdict},
    params::{FetchParams, Progress, Returned, Success},
    scheme_fetch::scheme_fetch,
};
use crate::{
    explain::explain,
    filtered_response::{basic_filtered_headers, cors_filtered_headers},
    header_list::HeaderList,
    port_blocking::should_be_blocked_due_to_a_bad_port,
    request::{Mode, RedirectMode, Tainting, has_http_scheme},
    spec,
    user_agent::UserAgent,
};

/// Runs [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) up to step 12.
pub(super) fn main_fetch<U: UserAgent>(
    browser: &mut Browser<U>,
    params: &mut FetchParams<U::Memory>,
) -> Progress<'static> {
    // 1. Let request be fetchParams's request.
    let request = &mut params.request;
    // 2. Let response be null.
    // 3. The local-URLs-only flag is unset.
    // 4. Not modelled: Content Security Policy. The page decides on it, not the server.
    // 5–6. Not modelled: upgrades to https. A caller passes the URL that is fetched.
    // 7. If the request should be blocked due to a bad port, then set response to a network error. Mixed content,
    // Content Security Policy and Integrity Policy are not modelled.
    if should_be_blocked_due_to_a_bad_port(request.current_url()) {
        return Progress::network_error(&spec::MAIN_FETCH_7, None);
    }
    // 8–9. Not modelled: the referrer. Every request has the default referrer policy.
    // 10. Not modelled: HSTS. A caller passes the URL that is fetched.
    // 11. The caller runs the remaining steps.
    // 12. Run the steps of the first matching statement. A preloaded response is not modelled.
    let url = request.current_url();
    let is_same_origin = request.origin.is_of(url) && request.tainting == Tainting::Basic;
    if is_same_origin || url.scheme() == "data" {
        // 12.1. The tainting is "basic", or a `data:` URL, whose response every page reads.
        // 12.2. Return the result of running scheme fetch.
        return run_scheme_fetch(browser, params);
    }
    if request.mode == Mode::SameOrigin {
        return Progress::network_error(&spec::MAIN_FETCH_12, None);
    }
    if request.mode == Mode::NoCors {
        // 12.1. If redirect mode is not "follow", then return a network error.
        if request.redirect != RedirectMode::Follow {
            return Progress::network_error(&spec::MAIN_FETCH_12, None);
        }
        // 12.2. Set tainting to "opaque".
        request.tainting = Tainting::Opaque;
        // 12.3. Return the result of running scheme fetch.
        return run_scheme_fetch(browser, params);
    }
    if !has_http_scheme(request.current_url()) {
        return Progress::network_error(&spec::MAIN_FETCH_12, None);
    }
    // 12.1. Set tainting to "cors".
    request.tainting = Tainting::Cors;
    let is_preflighted = browser.agent.makes_cors_preflight(&mut params.memory, request, params.made_cors_preflight);
    params.made_cors_preflight |= is_preflighted;
    // 12.2. Run HTTP fetch with makeCORSPreflight. `finish` runs steps 12.3 and 12.4.
    http_fetch(browser, params, is_preflighted)
}

/// Runs [scheme fetch](https://fetch.spec.whatwg.org/#concept-scheme-fetch).
fn run_scheme_fetch<U: UserAgent>(browser: &mut Browser<U>, params: &mut FetchParams<U::Memory>) -> Progress<'static> {
    let url = params.request.current_url();
    if has_http_scheme(url) { http_fetch(browser, params, false) } else { scheme_fetch(url) }
}

/// Runs [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) from the result of step 12.
/// `last_sent` is the kind of the request that was sent last.
pub(super) fn finish<U: UserAgent>(
    browser: &mut Browser<U>,
    params: &FetchParams<U::Memory>,
    Returned { result, response }: Returned<'_>,
    last_sent: Option<RequestKind>,
) -> Outcome {
    let request = &params.request;
    let response = response.as_deref();
    // 12.3. If a fetch with a CORS preflight is a network error, then clear cache entries.
    if result.is_err() && params.made_cors_preflight {
        let cleared = browser.agent.preflighted(&params.memory, request);
        let is_preflight = last_sent == Some(RequestKind::Preflight);
        browser.agent.clear_cache_entries(&params.memory, &mut browser.preflight_cache, &cleared, is_preflight);
    }
    // 12.4. Return the response.
    // 13. The recursive calls of main fetch return here.
    // 14. If response is not a network error and is not a filtered response, then:
    let (Ok(Success::Response(step) | Success::OpaqueRedirect(step)) | Err(step)) = result;
    let explanation = explain(step, Some(request), response);
    let (verdict, status, readable_headers) = match (result, response) {
        (Err(step), _) => return Outcome::network_error(step, explanation),
        // 14.1. If tainting is "cors", then `cors_filtered_headers` reads the CORS-exposed header-name list.
        // 14.2. Set response to the filtered response that the tainting requires.
        (Ok(Success::Response(_)), Some(response)) if request.tainting != Tainting::Opaque => {
            let headers = match request.tainting {
                Tainting::Cors => cors_filtered_headers(response, request.credentials),
                _ => basic_filtered_headers(response),
            };
            (Verdict::Readable, response.status, headers)
        }
        (Ok(Success::OpaqueRedirect(_)), _) => (Verdict::OpaqueRedirect, 0, HeaderList::EMPTY),
        (Ok(Success::Response(_)), _) => (Verdict::Opaque, 0, HeaderList::EMPTY),
    };
    // 15–18. Not modelled: the response's URL list, redirect taint and navigation timing.
    // 19. If request's timing allow failed flag is unset, then set response's timing allow passed flag.
    let timing_allowed = !request.timing_allow_failed;
    // 20. Not modelled: mixed content, Content Security Policy, and the MIME types of scripts and styles.
    // 21. Not modelled: the range-requested flag. Only a service worker can return such a response to another request.
    // 22. Not modelled: the body.
    // 23. Not modelled: `integrity`.
    // 24. Hand over the response.
    Outcome { verdict, step, explanation, status: Some(status), timing_allowed, readable_headers }
}
