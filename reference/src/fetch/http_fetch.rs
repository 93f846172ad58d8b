//! [HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch).

use std::borrow::Cow;

use super::{
    browser::Browser,
    http_network_or_cache_fetch::{
        NetworkOrCache, http_network_fetch, http_network_or_cache_fetch, receive_from_network,
    },
    outcome::RequestKind,
    params::{FetchParams, Progress, Success},
};
use crate::{
    preflight::preflight_request,
    redirect::http_redirect_fetch_by,
    request::{RedirectMode, Tainting},
    response::Response,
    spec::{self, Step},
    timing_allow_origin::tao_check,
    user_agent::UserAgent,
};

/// Runs [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) up to the request of step 4.1.1 or 4.3.
pub(super) fn http_fetch<U: UserAgent>(
    browser: &mut Browser<U>,
    params: &mut FetchParams<U::Memory>,
    make_cors_preflight: bool,
) -> Progress<'static> {
    // Private Network Access and Local Network Access: check the request's target.
    match browser.local_network.as_ref().map_or(Ok(None), |network| network.check(&params.request)) {
        Ok(None) => {}
        Ok(space) => params.request.target_address_space = space,
        Err(step) => return Progress::network_error(step, None),
    }
    let targets_private_network = params.request.target_address_space.is_some();
    // 1. Let request be fetchParams's request.
    // 2. Let response and internalResponse be null.
    // 3. Not modelled: service workers. They answer in place of the server that is tested.
    // 4. If response is null, then:
    // 4.1. If makeCORSPreflight is true and the CORS-preflight cache does not allow the method and every name, then:
    if targets_private_network || make_cors_preflight {
        let preflighted = browser.agent.preflighted(&params.memory, &params.request);
        let cache = &mut browser.preflight_cache;
        if targets_private_network || !browser.agent.is_cached(&params.memory, cache, &preflighted, params.now_ms) {
            // 4.1.1. Run CORS-preflight fetch, which `receive_preflight` continues.
            let names = browser.agent.cors_unsafe_request_header_names(&preflighted.headers);
            params.made_cors_preflight = true;
            return Progress::Send(RequestKind::Preflight, preflight_request(&preflighted, &names));
        }
    }
    after_preflight(browser, params)
}

/// Runs [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) from the response to its preflight.
pub(super) fn receive_preflight<'r, U: UserAgent>(
    browser: &mut Browser<U>,
    params: &mut FetchParams<U::Memory>,
    response: &'r Response,
) -> Progress<'r> {
    // 4.1.1. Let preflightResponse be the result of running CORS-preflight fetch.
    match cors_preflight_fetch(browser, params, response) {
        Ok(()) => after_preflight(browser, params),
        // 4.1.2. If preflightResponse is a network error, then return it.
        Err(step) => Progress::network_error(step, Some(Cow::Borrowed(response))),
    }
}

/// Runs [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) from the response that step 6
/// receives.
///
/// # Errors
///
/// Returns the step that returned a network error.
fn cors_preflight_fetch<U: UserAgent>(
    browser: &mut Browser<U>,
    params: &mut FetchParams<U::Memory>,
    response: &Response,
) -> Result<(), &'static Step> {
    let user_agent = &browser.agent;
    // 6. Let response be the result of running HTTP-network-or-cache fetch. It is not read from the HTTP cache.
    http_network_fetch(user_agent, response)?;
    let preflighted = user_agent.preflighted(&params.memory, &params.request);
    // 7–8. Check the response.
    match user_agent.check_preflight_response(&preflighted, response) {
        Ok(grant) => {
            user_agent.store_grant(&mut browser.preflight_cache, &preflighted, &grant, params.now_ms);
            Ok(())
        }
        Err(step) => {
            let (preflighted, cache) = (preflighted.into_owned(), &mut browser.preflight_cache);
            user_agent.refuse_preflight(&mut params.memory, cache, &preflighted, response, params.now_ms);
            Err(step)
        }
    }
}

/// Runs [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) from step 4.2 to the request of step 4.3.
fn after_preflight<'r, U: UserAgent>(browser: &mut Browser<U>, params: &mut FetchParams<U::Memory>) -> Progress<'r> {
    // 4.2. Not modelled: service workers.
    // 4.3. Set response and internalResponse to the result of running HTTP-network-or-cache fetch.
    match http_network_or_cache_fetch(browser, params) {
        NetworkOrCache::Network(request) => Progress::Send(RequestKind::Actual, request),
        NetworkOrCache::Cache(response) => after_response(browser, params, Cow::Owned(response)),
    }
}

/// Runs [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) from the response that step 4.3 receives.
pub(super) fn receive<'r, U: UserAgent>(
    browser: &mut Browser<U>,
    params: &mut FetchParams<U::Memory>,
    response: &'r Response,
) -> Progress<'r> {
    // 4.3. Set response and internalResponse to the result of running HTTP-network-or-cache fetch.
    match http_network_fetch(&browser.agent, response) {
        Ok(()) => {
            let response = receive_from_network(browser, params, response);
            after_response(browser, params, response)
        }
        Err(step) => Progress::network_error(step, Some(Cow::Borrowed(response))),
    }
}

/// Runs [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) from step 4.4.
fn after_response<'r, U: UserAgent>(
    browser: &Browser<U>,
    params: &mut FetchParams<U::Memory>,
    response: Cow<'r, Response>,
) -> Progress<'r> {
    let user_agent = &browser.agent;
    let mut decided = &spec::MAIN_FETCH_12;
    // 4.4. If tainting is "cors" and a CORS check returns failure, then return a network error.
    if params.request.tainting == Tainting::Cors {
        match user_agent.cors_check(&params.request, &response) {
            Ok(step) => decided = step,
            Err(step) => return Progress::network_error(step, Some(response)),
        }
    }
    // 4.5. If the TAO check returns failure, then set request's timing allow failed flag.
    params.request.timing_allow_failed |= tao_check(&params.request, &response).is_err();
    // 5. If tainting is "opaque" and the cross-origin resource policy check returns blocked, then return a network
    // error.
    if params.request.tainting == Tainting::Opaque {
        let policy = browser.embedder_policy;
        if let Err(step) = user_agent.cross_origin_resource_policy_check(&params.request, &response, policy) {
            return Progress::network_error(step, Some(response));
        }
    }
    // 6. If status is a redirect status:
    if user_agent.is_redirect(&params.request, &response) {
        // 6.1. A script's fetch is not a navigation.
        // 6.2. Not modelled: connections.
        // 6.3. Switch on the redirect mode:
        match params.request.redirect {
            // 6.3.1. Set response to a network error.
            RedirectMode::Error => return Progress::network_error(&spec::HTTP_FETCH_6_3, Some(response)),
            RedirectMode::Manual => {
                // 6.3.1. The mode is not "navigate".
                // 6.3.2. Set response to an opaque-redirect filtered response.
                return match user_agent.check_unfollowed_redirect(&params.request, &response) {
                    Ok(()) => Progress::success(Success::OpaqueRedirect(&spec::HTTP_FETCH_6_3), response),
                    Err(step) => Progress::network_error(step, Some(response)),
                };
            }
            // 6.3.1. Not modelled: WebDriver BiDi.
            // 6.3.2. Set response to the result of running HTTP-redirect fetch.
            RedirectMode::Follow => {
                match http_redirect_fetch_by(user_agent, &mut params.memory, &mut params.request, &response) {
                    Ok(true) => return Progress::MainFetch,
                    Ok(false) => {}
                    Err(step) => return Progress::network_error(step, Some(response)),
                }
            }
        }
    }
    // 7. Return response.
    Progress::success(Success::Response(decided), response)
}
